"""The Bot API over HTTP on loopback: requests in, answers and files out, long polls, faults. In a thread of its own."""

import asyncio
import threading
from collections.abc import Coroutine
from typing import Any, Self

from aiohttp import web

from tests.telegram_server.errors import ApiError, conflict
from tests.telegram_server.limits import Fault
from tests.telegram_server.methods import METHODS, set_allowed
from tests.telegram_server.parameters import UPLOAD_LIMIT, as_int, read_parameters
from tests.telegram_server.updates import AT_MOST, Update
from tests.telegram_server.webhook import Deliverer
from tests.telegram_server.world import Call, World

LONGEST_POLL = 50
METHOD_OF = {name.lower(): name for name in [*METHODS, "getUpdates"]}


class TelegramServer(World):
    """A Bot API server with one bot. As a context manager it runs from entry to exit; `stop` and `start` in between
    are the network going down and coming back, on the same port and with the same world."""

    def __init__(self, *, webhook_delay: float = 0.05, longest_webhook_delay: float = 0.4, **world: Any) -> None:
        super().__init__(**world)
        self.port = 0
        self.bell = asyncio.Event()  # rung at each change; a new one then takes its place
        self._release = asyncio.Event()  # set: hanging calls are dropped
        self._deliverer = Deliverer(self, webhook_delay, longest_webhook_delay)
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="telegram-server", daemon=True)
        self._runner: web.AppRunner | None = None
        self._delivery: asyncio.Task[None] | None = None
        self._poll: asyncio.Future[ApiError] | None = None  # the long poll that waits: its end by force

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def base_url(self) -> str:
        """What python-telegram-bot calls base_url; `base_file_url` likewise."""
        return f"{self.url}/bot"

    @property
    def base_file_url(self) -> str:
        return f"{self.url}/file/bot"

    def __enter__(self) -> Self:
        self._thread.start()
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def start(self) -> None:
        """The network is there (again)."""
        self._run(self._start())

    def stop(self) -> None:
        """The network is gone: open requests are cut, new ones refused, no webhook is called."""
        self._run(self._stop())

    def woken(self) -> None:
        if self._runner:
            self._loop.call_soon_threadsafe(self.ring)

    def ring(self) -> None:
        """Lets all who wait on the loop look again."""
        self.bell.set()
        self.bell = asyncio.Event()

    def heal(self) -> None:
        super().heal()
        self._loop.call_soon_threadsafe(self._drop_hanging)

    def _drop_hanging(self) -> None:
        self._release.set()
        self._release = asyncio.Event()

    def _run(self, work: Coroutine[Any, Any, None]) -> None:
        asyncio.run_coroutine_threadsafe(work, self._loop).result(timeout=10)

    async def _start(self) -> None:
        if self._runner:
            return
        app = web.Application(client_max_size=2 * UPLOAD_LIMIT)
        app.router.add_route("*", "/bot{token}/{method}", self._handle)
        app.router.add_get("/file/bot{token}/{path:.+}", self._download)
        # 0 would mean to wait for open requests for ever
        self._runner = web.AppRunner(app, access_log=None, handler_cancellation=True, shutdown_timeout=0.01)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", self.port, reuse_address=True)
        await site.start()
        self.port = self._runner.addresses[0][1]
        self._delivery = asyncio.create_task(self._deliverer.run())

    async def _stop(self) -> None:
        runner, self._runner = self._runner, None
        if runner and self._delivery:
            self._delivery.cancel()
            await asyncio.gather(self._delivery, return_exceptions=True)
            await runner.cleanup()

    async def _handle(self, request: web.Request) -> web.Response:
        token, name = request.match_info["token"], request.match_info["method"]
        method = METHOD_OF.get(name.lower())
        if token != self.bot.token:
            known = token.partition(":")[0].isdigit() and ":" in token
            return respond(ApiError(401, "Unauthorized") if known else ApiError(404, "Not Found"))
        try:
            parameters, files = await read_parameters(request)
        except ApiError as error:
            return respond(error)
        with self.changing():
            call = Call(method or name, parameters, self.now(), files)
            self.calls.append(call)
            fault = self.faults.take(call.method)
        if method is None:
            return self._close(call, respond(ApiError(404, "Not Found")))
        if fault and not fault.after:
            return await self._suffer(fault, call, request)
        response = await self._answer(call)
        return await self._suffer(fault, call, request) if fault else self._close(call, response)

    def _close(self, call: Call, response: web.Response) -> web.Response:
        with self.changing():
            call.status = response.status
        return response

    async def _answer(self, call: Call) -> web.Response:
        try:
            if call.method == "getUpdates":
                return respond(await self._get_updates(call))
            with self.changing():
                result = METHODS[call.method](self, call)
                if call.method in ("setWebhook", "deleteWebhook"):
                    self._end_poll(f"terminated by {call.method} request")
            return respond(result)
        except ApiError as error:
            return respond(error)

    async def _suffer(self, fault: Fault, call: Call, request: web.Request) -> web.Response:
        """Answers as the fault says; "drop" and "hang" never do."""
        if isinstance(fault.status, int):
            return self._close(call, respond(fault.error()))
        with self.changing():
            call.status = fault.status
        if fault.status == "hang":
            await self._release.wait()
        if request.transport:
            request.transport.abort()
        return web.Response()

    async def _get_updates(self, call: Call) -> list[Update]:
        """Waits until there is an update, another poller comes, or the time is over."""
        if self.webhook:
            raise conflict(
                "can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"
            )
        self._end_poll("terminated by other getUpdates request; make sure that only one bot instance is running")
        offset = as_int(call.parameters, "offset")
        limit = as_int(call.parameters, "limit", AT_MOST)
        until = self._loop.time() + min(as_int(call.parameters, "timeout"), LONGEST_POLL)
        ended = self._poll = self._loop.create_future()
        set_allowed(self, call)
        try:
            while True:
                bell = self.bell
                with self.changing() if self._confirms(offset) else self.lock:
                    updates = self.updates.take(offset, limit if 0 < limit <= AT_MOST else AT_MOST)
                left = until - self._loop.time()
                if updates or left <= 0:
                    return updates
                offset = 0  # it confirms once
                ringing = asyncio.create_task(bell.wait())
                try:
                    await asyncio.wait([ringing, ended], timeout=left, return_when=asyncio.FIRST_COMPLETED)
                finally:
                    ringing.cancel()
                if ended.done():
                    raise ended.result()
        finally:
            if self._poll is ended:
                self._poll = None

    def _confirms(self, offset: int) -> bool:
        return offset != 0 and bool(self.updates.waiting)

    def _end_poll(self, reason: str) -> None:
        if self._poll and not self._poll.done():
            self._poll.set_result(conflict(reason))

    async def _download(self, request: web.Request) -> web.Response:
        file = self.files.get(request.match_info["path"].removeprefix("documents/"))
        if request.match_info["token"] != self.bot.token or file is None:
            return respond(ApiError(404, "Not Found"))
        return web.Response(body=file.content, content_type="application/octet-stream")


def respond(result: Any) -> web.Response:
    """The API's envelope around a result or a refusal."""
    if isinstance(result, ApiError):
        return web.json_response(result.json(), status=result.code)
    return web.json_response({"ok": True, "result": result})
