"""The bot's one web server: what platforms deliver by webhook, and `/healthz`. Started by `service` if need be."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager

import structlog
from aiohttp import web

from core.errors import SettingError, StoreError

# no update is as long; a body that is gets 413
LONGEST_BODY = 1 << 20
# for so long answers that are being given are waited for at the end, in seconds
GRACE = 5.0


def build_web(routes: Sequence[web.RouteDef], count_waiting: Callable[[], int]) -> web.Application:
    """The web server's answers. `count_waiting` asks the database how many updates wait, if it can be read."""

    async def tell_health(_: web.Request) -> web.Response:
        try:
            waiting = await asyncio.to_thread(count_waiting)
        except StoreError:
            return web.json_response({"status": "the database cannot be read"}, status=503)
        return web.json_response({"status": "ok", "waiting": waiting})

    app = web.Application(client_max_size=LONGEST_BODY)
    app.add_routes([*routes, web.get("/healthz", tell_health)])
    return app


@asynccontextmanager
async def serve_web(app: web.Application, host: str, port: int) -> AsyncIterator[int]:
    """Listen until the end of the block; gives the port, which for 0 is any that is free."""
    # no access log: an address may hold a secret
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=GRACE)
    await runner.setup()
    try:
        try:
            await web.TCPSite(runner, host, port).start()
        except OSError as error:
            raise SettingError(
                f"WEB_HOST, WEB_PORT: the bot's web server cannot listen there: {error.strerror}. Choose others."
            ) from None
        bound: int = runner.addresses[0][1]
        structlog.get_logger().info("web server listens", host=host, port=bound)
        yield bound
    finally:
        await runner.cleanup()
