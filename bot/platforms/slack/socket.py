"""Socket Mode: connections that Slack delivers on, each watched and built anew where it is stuck. Run by `platform`."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import structlog
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.app.async_app import AsyncApp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.backoff import Pace, Trouble
from bot.platforms import BusyError, RefusedError, UnreachableError
from bot.platforms.slack.faults import TOKEN_FAULTS, read_code, translate_errors
from core.errors import SettingError

_NOT_ACCEPTED = (
    "SLACK_APP_TOKEN: Slack does not accept this token. On the app's page, under Basic Information, App-Level Tokens, "
    "make one with the scope connections:write and copy it; it begins with xapp-."
)


class _StuckError(Exception):
    """A connection was away for too long."""


@dataclass(slots=True)
class Sockets:
    """Connections to one app, of which Slack takes any for each payload. Times are in seconds."""

    app: AsyncApp
    client: AsyncWebClient
    app_token: str
    missed: Callable[[], None]
    pace: Pace
    stuck_after: float
    ping_every: float
    # whether Slack has taken the token
    _is_known: bool = False

    async def run(self, count: int) -> None:
        """Hold so many connections for ever. A `SettingError` where the token is not accepted."""
        trouble = Trouble("slack socket")
        tasks = [asyncio.create_task(self._hold(number, trouble)) for number in range(count)]
        try:
            await asyncio.gather(*tasks)
        finally:
            for task in tasks:
                # cancelled twice, one would not close what it holds
                if not task.cancelling():
                    task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _hold(self, number: int, trouble: Trouble) -> None:
        tries = 0
        while True:
            begun = time.monotonic()
            try:
                await self._connect(number, trouble)
            except BusyError as error:
                structlog.get_logger().warning("asked to wait", what="slack socket", seconds=error.seconds)
                await self.pace.sleep(error.seconds)
                continue
            except _StuckError:
                structlog.get_logger().warning("socket stuck, built anew", platform="slack")
            except (UnreachableError, RefusedError) as error:
                trouble.meet(number, error)
            tries = 0 if time.monotonic() - begun > self.pace.longest else tries + 1
            await self.pace.back_off(tries)

    async def _connect(self, number: int, trouble: Trouble) -> None:
        """Hold one connection until it is stuck. The client finds its own way back from all that is less."""
        url = await self._open_url()
        handler = AsyncSocketModeHandler(
            self.app, self.app_token, web_client=self.client, ping_interval=self.ping_every
        )
        # asked for by us, so that a wrong token is told apart: the client would ask for ever
        handler.client.wss_uri = url

        async def greet(_client: object, message: dict[str, Any], _raw: object = None) -> None:
            # at the start too: what was said before, nobody delivers any more
            if message.get("type") == "hello":
                trouble.leave(number)
                self.missed()

        handler.client.message_listeners.append(greet)
        connecting = asyncio.create_task(handler.connect_async())  # type: ignore[no-untyped-call]
        try:
            await self._watch(handler)
        finally:
            connecting.cancel()
            await asyncio.gather(connecting, return_exceptions=True)
            await handler.close_async()  # type: ignore[no-untyped-call]

    async def _watch(self, handler: AsyncSocketModeHandler) -> None:
        seen = time.monotonic()
        while time.monotonic() - seen <= self.stuck_after:
            await asyncio.sleep(min(1.0, self.stuck_after / 4))
            if await handler.client.is_connected():
                seen = time.monotonic()
            else:
                # a ticket holds once: without this the client would try a refused one for ever
                handler.client.wss_uri = None
        raise _StuckError

    async def _open_url(self) -> str:
        with translate_errors():
            try:
                answer = await self.client.apps_connections_open(app_token=self.app_token)
            except SlackApiError as error:
                refused = read_code(error) in {*TOKEN_FAULTS, "missing_scope", "not_allowed_token_type"}
                if refused and not self._is_known:
                    raise SettingError(_NOT_ACCEPTED) from None
                raise
            self._is_known = True
            return str(answer["url"])
