"""How the tests of the server talk to it: slack_sdk without await, and an app of slack_bolt in a thread of its own."""

from __future__ import annotations

import asyncio
import re
import threading
from typing import TYPE_CHECKING, Any, Self

import pytest
from aiohttp import web
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.app.async_app import AsyncApp
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from slack_bolt.response import BoltResponse

    from tests.slack_server import SlackServer


class Client:
    """slack_sdk's web client, called without await; it retries nothing."""

    def __init__(self, slack: SlackServer, token: str | None = None) -> None:
        self._runner = asyncio.Runner()
        self.sdk = AsyncWebClient(token or slack.bot_token, base_url=slack.api_url, timeout=2, retry_handlers=[])

    def __getattr__(self, method: str) -> Callable[..., Any]:
        return lambda **named: self._runner.run(getattr(self.sdk, method)(**named)).data

    def refused(self, method: str, **named: Any) -> str:
        """The error that a method is refused with."""
        with pytest.raises(SlackApiError) as caught:
            getattr(self, method)(**named)
        return str(caught.value.response["error"])

    def failed(self, method: str, **named: Any) -> SlackApiError:
        with pytest.raises(SlackApiError) as caught:
            getattr(self, method)(**named)
        return caught.value

    def close(self) -> None:
        self._runner.close()


class App:
    """A Bolt app over Socket Mode, or over HTTP. `got` is what came, in order; `answer` acknowledges or raises."""

    def __init__(self, slack: SlackServer, *, sockets: int = 1, http: bool = False, ping: float = 0.2) -> None:
        self.slack, self.http, self.sockets, self.ping = slack, http, sockets, ping
        self.got: list[dict[str, Any]] = []
        self.headers: list[dict[str, Any]] = []
        self.answer: Callable[[dict[str, Any]], dict[str, Any] | str | None] = lambda body: None
        self.refusing = False  # to commit what comes, so that nothing is acknowledged
        self.slow = 0.0  # seconds before anything is committed
        self.url = ""
        self._runner = asyncio.Runner()
        self._loop = self._runner.get_loop()
        self._ready, self._stop = threading.Event(), asyncio.Event()
        self._thread = threading.Thread(target=lambda: self._runner.run(self._run()), name="bolt")

    def __enter__(self) -> Self:
        self._thread.start()
        assert self._ready.wait(10)
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join()
        self._runner.close()

    def texts(self) -> list[str]:
        """The texts of the messages that came."""
        return [body["event"]["text"] for body in self.got if "text" in body.get("event", {})]

    def _make_app(self) -> AsyncApp:
        client = AsyncWebClient(self.slack.bot_token, base_url=self.slack.api_url)
        app = AsyncApp(client=client, signing_secret=self.slack.signing_secret, before_authorize=self._note)

        async def take(ack: Callable[..., Awaitable[Any]], body: dict[str, Any]) -> None:
            answer = self.answer(body)
            await (ack(**answer) if isinstance(answer, dict) else ack(answer or ""))

        for listen in (app.event, app.command, app.action, app.shortcut, app.view, app.view_closed):
            listen(re.compile(".*"))(take)
        return app

    async def _note(
        self,
        body: dict[str, Any],
        req: AsyncBoltRequest,
        next: Callable[[], Awaitable[BoltResponse]],  # noqa: A002
    ) -> BoltResponse:
        # Bolt answers the challenge behind this, and forged requests do not come this far
        if body.get("type") == "url_verification":
            return await next()
        with self.slack.changing():
            self.got.append(body)
            self.headers.append(dict(req.headers))
        await asyncio.sleep(self.slow)
        if self.refusing:
            raise RuntimeError("not committed")
        return await next()

    async def _run(self) -> None:
        app = self._make_app()
        if self.http:
            await self._serve(app)
            return
        handlers = [
            AsyncSocketModeHandler(app, self.slack.app_token, ping_interval=self.ping) for _ in range(self.sockets)
        ]
        for handler in handlers:
            await handler.connect_async()
        self._ready.set()
        await self._stop.wait()
        for handler in handlers:
            await handler.close_async()

    async def _serve(self, app: AsyncApp) -> None:
        async def handle(request: web.Request) -> web.Response:
            body = await request.text()
            answer = await app.async_dispatch(AsyncBoltRequest(body=body, headers=dict(request.headers)))
            headers = answer.first_headers_without_set_cookie()
            return web.Response(status=answer.status, text=answer.body, headers=headers)

        web_app = web.Application()
        web_app.router.add_post("/slack/events", handle)
        runner = web.AppRunner(web_app, access_log=None, shutdown_timeout=0.01)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        self.url = f"http://127.0.0.1:{runner.addresses[0][1]}/slack/events"
        self._ready.set()
        await self._stop.wait()
        await runner.cleanup()
