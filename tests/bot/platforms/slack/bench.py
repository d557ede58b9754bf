"""A connected platform and an inbox in memory, for the tests of this folder."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Any, TypeVar

import pytest
from aiohttp import web

from bot.platforms import BusyError, RefusedError, UnreachableError
from bot.platforms.slack.http import PATH
from bot.platforms.slack.platform import SlackPlatform
from core.errors import StoreError
from core.messages import MessageKey
from core.replies import DraftFile, Reply
from tests.slack_server import SlackServer
from tests.slack_server.channels import Channel
from tests.slack_server.deliveries import Delivery

T = TypeVar("T")


def make_platform(slack: SlackServer, *, http: bool = False, **options: Any) -> SlackPlatform:
    """A platform whose waits are short."""
    platform = SlackPlatform(
        options.get("bot_token", slack.bot_token),
        app_token=None if http else options.get("app_token", slack.app_token),
        signing_secret=slack.signing_secret if http else None,
        api_url=slack.api_url,
        command="draft",
        templates=options.get("templates", ("bapa40", "hlpf")),
    )
    platform.first_wait, platform.longest_wait = 0.02, 0.1
    platform.ping_every, platform.look_again = 0.2, 0.05
    return platform


@asynccontextmanager
async def connected(slack: SlackServer, **options: Any) -> AsyncIterator[SlackPlatform]:
    """A platform that has connected."""
    platform = make_platform(slack, **options)
    try:
        await platform.connect()
        yield platform
    finally:
        await platform.close()


class Inbox:
    """Takes updates as the real one does: each delivery key once. Fails as often as it is told to."""

    def __init__(self, failures: int = 0) -> None:
        self.failures = failures
        self.refused = 0
        self.missed = 0
        self.kept: dict[str, str] = {}
        self.order: list[str] = []
        self._bell = asyncio.Event()

    async def keep(self, updates: Sequence[tuple[str, str]]) -> None:
        await asyncio.sleep(0)
        if self.failures:
            self.failures -= 1
            self.refused += 1
            self._bell.set()
            raise StoreError("full")
        self.order += [key for key, _ in updates]
        self.kept = {**self.kept, **{key: payload for key, payload in updates if key not in self.kept}}
        self._bell.set()

    def miss(self) -> None:
        self.missed += 1
        self._bell.set()

    @property
    def updates(self) -> list[Any]:
        return [json.loads(payload) for payload in self.kept.values()]

    @property
    def bodies(self) -> list[Any]:
        return [update["body"] for update in self.updates]

    @property
    def texts(self) -> list[str]:
        """The texts of the messages and commands that were kept."""
        told = [body.get("event", body).get("text") for body in self.bodies]
        return [text for text in told if text is not None]

    async def until(self, is_so: Callable[["Inbox"], bool]) -> None:
        async with asyncio.timeout(8):
            while not is_so(self):
                self._bell.clear()
                await self._bell.wait()


@asynccontextmanager
async def receiving(slack: SlackServer, platform: SlackPlatform, inbox: Inbox) -> AsyncIterator[None]:
    """The platform receives meanwhile: on its sockets once they stand, or at the address to which Slack then posts."""
    task = asyncio.create_task(platform.receive(inbox.keep, inbox.miss))
    web_app = web.Application()
    web_app.add_routes(platform.routes())
    runner = web.AppRunner(web_app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    try:
        if platform.routes():
            await web.TCPSite(runner, "127.0.0.1", 0).start()
            url = f"http://127.0.0.1:{runner.addresses[0][1]}{PATH}"
            assert await asyncio.to_thread(slack.deliver_to, url) == ""
        else:
            await until(slack, lambda: slack.connections == platform.sockets)
        yield
    finally:
        task.cancel()
        results = await asyncio.gather(task, return_exceptions=True)
        await runner.cleanup()
        assert isinstance(results[0], asyncio.CancelledError), results


async def until(slack: SlackServer, is_so: Callable[[], T]) -> T:
    """Wait for the world outside to be so."""
    return await asyncio.to_thread(slack.wait_until, is_so, 8)


async def settled(slack: SlackServer, *deliveries: Delivery) -> list[str]:
    """How these deliveries ended."""
    await until(slack, lambda: all(delivery.done for delivery in deliveries))
    return [delivery.state for delivery in deliveries]


def run(slack: SlackServer, *steps: Callable[[SlackPlatform], Awaitable[T]]) -> list[T]:
    """What these give, one after another, on one connected platform."""

    async def scene() -> list[T]:
        async with connected(slack) as platform:
            return [await step(platform) for step in steps]

    return asyncio.run(scene())


def send(slack: SlackServer, reply: Reply, file: DraftFile | None = None, card: str | None = None) -> str:
    return run(slack, lambda platform: platform.send(reply, file, card))[0]


def refusal(slack: SlackServer, reply: Reply, file: DraftFile | None = None) -> tuple[type[Exception], str]:
    with pytest.raises((BusyError, RefusedError, UnreachableError)) as raised:
        send(slack, reply, file)
    return type(raised.value), str(raised.value)


def key_of(channel: Channel | str, message: Any = "") -> MessageKey:
    """The key of a message, or of the channel itself."""
    chat = channel if isinstance(channel, str) else channel.id
    return MessageKey("slack", "T00001", chat, getattr(message, "ts", message))
