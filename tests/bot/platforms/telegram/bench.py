"""A connected platform and an inbox in memory, for the tests of this folder."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Any, TypeVar

from bot.platforms.telegram.platform import TelegramPlatform
from core.errors import StoreError
from core.messages import MessageKey
from handlers import Command
from tests.telegram_server import TelegramServer

T = TypeVar("T")

COMMANDS = (
    Command("draft", lambda *_: []),
    Command("open", lambda *_: [], for_organizers=True),
)


@asynccontextmanager
async def connected(
    server: TelegramServer, commands: Sequence[Command] = (), **options: Any
) -> AsyncIterator[TelegramPlatform]:
    """A platform that has connected; its waits are short."""
    platform = TelegramPlatform(server.bot.token, api_url=server.url, commands=commands, **options)
    platform.first_wait, platform.longest_wait, platform.poll_seconds = 0.02, 0.1, 1
    try:
        await platform.connect()
        yield platform
    finally:
        await platform.close()


class Inbox:
    """Takes updates as the real one does: each delivery key once. Fails as often as it is told to."""

    def __init__(self, failures: int = 0) -> None:
        self.failures = failures
        self.kept: dict[str, str] = {}
        self.batches: list[list[str]] = []
        self._bell = asyncio.Event()

    async def keep(self, updates: Sequence[tuple[str, str]]) -> None:
        if self.failures:
            self.failures -= 1
            raise StoreError("full")
        self.batches.append([key for key, _ in updates])
        self.kept = {**self.kept, **{key: payload for key, payload in updates if key not in self.kept}}
        self._bell.set()

    @property
    def updates(self) -> list[Any]:
        return [json.loads(payload) for payload in self.kept.values()]

    @property
    def told(self) -> list[Any]:
        """The texts that were kept, and what the bot found out of chats; of other updates their kind."""
        return [
            update.get("rapporteur")
            or update.get("message", {}).get("text")
            or next(key for key in update if key != "update_id")
            for update in self.updates
        ]

    @property
    def texts(self) -> list[str]:
        """The texts that were kept."""
        return [text for text in self.told if isinstance(text, str)]

    async def until(self, is_so: Callable[["Inbox"], bool]) -> None:
        async with asyncio.timeout(8):
            while not is_so(self):
                self._bell.clear()
                await self._bell.wait()


@asynccontextmanager
async def receiving(platform: TelegramPlatform, inbox: Inbox) -> AsyncIterator[None]:
    """The platform receives meanwhile."""
    task = asyncio.create_task(platform.receive(inbox.keep, lambda: None))
    try:
        yield
    finally:
        task.cancel()
        results = await asyncio.gather(task, return_exceptions=True)
        assert isinstance(results[0], asyncio.CancelledError), results


async def until(server: TelegramServer, is_so: Callable[[], T]) -> T:
    """Wait for the world outside to be so."""
    return await asyncio.to_thread(server.wait_until, is_so, 8)


def key_of(chat: int | str, message: int | str = "") -> MessageKey:
    return MessageKey("telegram", "", str(chat), str(message))
