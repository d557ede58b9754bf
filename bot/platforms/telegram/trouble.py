"""Waiting out trouble: longer and longer, with one line in the log when it starts and one when it ends.

Used by `polling` and `webhook`.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable

import structlog
from telegram.error import RetryAfter, TelegramError

from bot.platforms.telegram.faults import name_fault, read_wait

# what the library lets out besides its own errors, where an answer is not what the API's should be
UNEXPECTED = (LookupError, TypeError, ValueError, RecursionError)


class Trouble:
    """The trouble that one task is in. Waits double from the first to the longest, in seconds."""

    def __init__(self, task: str, first_wait: float, longest_wait: float) -> None:
        self._log = structlog.get_logger().bind(platform="telegram", task=task)
        self._first, self._longest = first_wait, longest_wait
        self._next_wait = first_wait
        self._reason = ""
        self._since = 0.0

    def begin(self, reason: str) -> None:
        """There is trouble; told once, and again only when it is another one."""
        if not self._reason:
            self._since = time.monotonic()
        if reason != self._reason:
            self._log.warning("in trouble", reason=reason)
        self._reason = reason

    def end(self) -> None:
        """All is well, again or still."""
        if self._reason:
            self._log.warning("well again", after_seconds=round(time.monotonic() - self._since, 1))
        self._reason, self._next_wait = "", self._first

    async def wait(self, reason: str, at_least: float = 0.0) -> None:
        """There is trouble: wait before the next try."""
        self.begin(reason)
        await asyncio.sleep(max(self._next_wait, at_least))
        self._next_wait = min(2 * self._next_wait, self._longest)

    async def wait_after(self, error: Exception) -> None:
        """Wait after a call has failed, as long as Telegram wants where it says so."""
        await self.wait(name_fault(error), read_wait(error) if isinstance(error, RetryAfter) else 0.0)

    async def outlast(self, call: Callable[[], Awaitable[object]]) -> None:
        """Call until it succeeds."""
        while True:
            try:
                await call()
            except (TelegramError, *UNEXPECTED) as error:
                await self.wait_after(error)
            else:
                return self.end()
