"""The service: platforms, worker, senders and web server in one event loop. Run by `cli`.

Nothing is kept here: what is under way stands in inbox and outbox, so a process that was killed goes on from there.
"""

import asyncio
import signal
from collections.abc import AsyncIterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, field
from functools import partial

import structlog

from bot.app import App
from bot.backoff import Pace, Trouble, insist, log_incident
from bot.drafting import DraftMaker
from bot.keeping import Keeper
from bot.platforms import BusyError, Keep, Platform, Reader, UnreachableError
from bot.reconciling import Reconciler
from bot.sender import Sender
from bot.web import build_web, serve_web
from bot.worker import BATCH, Worker
from core.errors import SettingError, StoreError
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
        await _Service(app, guard, pace).run(platforms, stop)
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


@dataclass(slots=True)
class _Service:
    """What runs beside each other: for each platform intake and sender, and one worker thread for all."""

    app: App
    guard: Guard | None
    pace: Pace
    workers: list[Worker] = field(default_factory=list)
    senders: list[Sender] = field(default_factory=list)
    reconcilers: list[Reconciler] = field(default_factory=list)
    delivered: asyncio.Event = field(default_factory=asyncio.Event)
    database: Trouble = field(default_factory=lambda: Trouble("database"))

    async def run(self, platforms: Sequence[Platform], stop: asyncio.Event) -> None:
        """Run all until told to stop, or until one of them ends with an error, which is raised."""
        maker = DraftMaker(self.app.templates.folders, self._refresh)
        tasks = [asyncio.create_task(self._work())]
        for platform in platforms:
            connected = asyncio.Event()
            sender = Sender(self.app.store, platform, maker, self.database, self.pace)
            self.senders.append(sender)
            reconciler = Reconciler(self.app.store, platform, self.pace)
            self.reconcilers.append(reconciler)
            tasks.append(asyncio.create_task(self._take_in(reconciler, connected)))
            tasks.append(asyncio.create_task(reconciler.run()))
            tasks.append(asyncio.create_task(_send_out(sender, connected)))
        told = asyncio.create_task(stop.wait())
        try:
            await asyncio.wait([told, *tasks], return_when=asyncio.FIRST_COMPLETED)
        finally:
            # what has ended has ended with an error
            failed = [error for task in tasks if task.done() and (error := task.exception())]
            for task in (told, *tasks):
                task.cancel()
            await asyncio.gather(told, *tasks, return_exceptions=True)
        if failed:
            raise failed[0]

    async def _refresh(self, meeting_id: int) -> None:
        """Have the platforms' histories of a meeting read, since a draft is to be made of it."""
        await asyncio.gather(*(reconciler.refresh(meeting_id) for reconciler in self.reconcilers))

    async def _take_in(self, reconciler: Reconciler, connected: asyncio.Event) -> None:
        """Connect one platform, and let it hand in its updates for ever; it is started again however it ends."""
        platform = reconciler.platform
        trouble = Trouble(platform.name)
        reader = await self._connect(platform, trouble)
        structlog.get_logger().info("connected", platform=platform.name)
        app = self.app
        self.workers.append(Worker(app.store, app.templates, app.settings.defaults(), reader, guard=self.guard))
        # an earlier run may have left some in the inbox
        self.delivered.set()
        connected.set()
        reconciler.keep = keep = self._make_keep(platform, reader, trouble)
        # nobody was there to take what came before
        reconciler.want()
        tries = 0
        while True:
            begun = self.pace.clock()
            failed: Exception
            try:
                await platform.receive(keep, reconciler.want)
            except SettingError:
                raise
            except Exception as error:
                failed = error
            else:
                failed = EOFError()
            if self.pace.clock() - begun > self.pace.longest:
                tries = 0
            await self._wait(platform, failed, trouble, tries)
            tries += 1

    async def _connect(self, platform: Platform, trouble: Trouble) -> Reader:
        tries = 0
        while True:
            try:
                reader = await platform.connect()
            except SettingError:
                raise
            except Exception as error:
                await self._wait(platform, error, trouble, tries)
                tries += 1
            else:
                trouble.leave(platform.name)
                return reader

    async def _wait(self, platform: Platform, error: Exception, trouble: Trouble, tries: int) -> None:
        """Before the platform is tried again, for as long as this error asks; what nobody foresaw is an incident."""
        if isinstance(error, BusyError):
            structlog.get_logger().warning("asked to wait", what=platform.name, seconds=error.seconds)
            await self.pace.sleep(error.seconds)
            return
        if isinstance(error, (UnreachableError, StoreError)):
            trouble.meet(platform.name, error)
        else:
            log_incident("platform failed", error, platform=platform.name)
        await self.pace.back_off(tries)

    def _make_keep(self, platform: Platform, reader: Reader, trouble: Trouble) -> Keep:
        def kept() -> None:
            trouble.leave(platform.name)
            self.delivered.set()

        return Keeper(partial(self.app.store.put_updates, reader.source), kept).keep

    async def _work(self) -> None:
        """The worker's one thread: all that waits in the inbox, when something came in, and every few seconds."""
        thread = ThreadPoolExecutor(1, "worker")
        try:
            while True:
                self.delivered.clear()
                taken = [await self._take_batch(worker, thread) for worker in tuple(self.workers)]
                if any(taken):
                    for sender in self.senders:
                        sender.wake()
                if BATCH not in taken:
                    with suppress(TimeoutError):
                        async with asyncio.timeout(self.pace.look):
                            await self.delivered.wait()
        finally:
            # what it is at is finished, and the loop goes on meanwhile
            await asyncio.to_thread(thread.shutdown)

    async def _take_batch(self, worker: Worker, thread: ThreadPoolExecutor) -> int:
        take = partial(asyncio.get_running_loop().run_in_executor, thread, worker.take_batch)
        try:
            return await insist(take, self.database, self.pace)
        except Exception as error:
            log_incident("worker failed", error, source=worker.reader.source)
            return 0


async def _close(platform: Platform) -> None:
    try:
        await platform.close()
    except Exception as error:
        log_incident("close failed", error, platform=platform.name)


async def _send_out(sender: Sender, connected: asyncio.Event) -> None:
    await connected.wait()
    await sender.run()
