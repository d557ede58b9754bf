"""The service: platforms, worker, senders and web server in one event loop. Run by `cli`.

Nothing is kept here: what is under way stands in inbox and outbox, so a process that was killed goes on from there,
or another one that stood by.
"""

import asyncio
import signal
from collections.abc import AsyncIterator, Coroutine, Sequence
from contextlib import AsyncExitStack, asynccontextmanager

import structlog

from bot.app import App
from bot.backoff import Pace, Trouble, log_incident
from bot.intake import Intake
from bot.leading import Leader, Shared
from bot.platforms import Platform
from bot.together import run_together
from bot.web import build_web, serve_web
from handlers import Guard

USUAL = Pace()


async def run_service(
    app: App,
    platforms: Sequence[Platform],
    guard: Guard | None = None,
    *,
    stop: asyncio.Event | None = None,
    pace: Pace = USUAL,
) -> None:
    """Run until `stop` is set, or without one until SIGINT or SIGTERM comes; what is being sent then is finished.

    A `SettingError` ends it.
    """
    async with AsyncExitStack() as stack:
        if stop is None:
            stop = await stack.enter_async_context(_stop_by_signal())
        for platform in platforms:
            stack.push_async_callback(_close, platform)
        routes = [route for platform in platforms for route in platform.routes()]
        if routes:
            settings = app.settings
            web_app = build_web(routes, app.store.waiting)
            await stack.enter_async_context(serve_web(web_app, settings.web_host, settings.web_port))
        await _run_until(stop, _run_parts(app, platforms, guard, pace))
    structlog.get_logger().info("stopped")


@asynccontextmanager
async def _stop_by_signal() -> AsyncIterator[asyncio.Event]:
    stop, loop = asyncio.Event(), asyncio.get_running_loop()
    signals = (signal.SIGINT, signal.SIGTERM)
    for number in signals:
        loop.add_signal_handler(number, stop.set)
    try:
        yield stop
    finally:
        for number in signals:
            loop.remove_signal_handler(number)


async def _run_parts(app: App, platforms: Sequence[Platform], guard: Guard | None, pace: Pace) -> None:
    """What comes in is kept by every process; all else is done by the one that leads."""
    delivered = asyncio.Event()
    intakes = [Intake(app.store, platform, delivered.set, pace) for platform in platforms]
    leader = Leader(Shared(app, guard, intakes, delivered, Trouble("database"), pace))
    await run_together(leader.run(), *(intake.run() for intake in intakes))


async def _run_until(stop: asyncio.Event, work: Coroutine[None, None, None]) -> None:
    """Run this until told to stop, or until it ends with an error, which is raised."""
    running, told = asyncio.create_task(work), asyncio.create_task(stop.wait())
    try:
        await asyncio.wait([running, told], return_when=asyncio.FIRST_COMPLETED)
    finally:
        failed = running.exception() if running.done() else None
        for task in (running, told):
            task.cancel()
        await asyncio.gather(running, told, return_exceptions=True)
    if failed:
        raise failed


async def _close(platform: Platform) -> None:
    try:
        await platform.close()
    except Exception as error:
        log_incident("close failed", error, platform=platform.name)
