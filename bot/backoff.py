"""Waiting for what is in trouble, and telling of it in the log once, not at every try.

Used by `service`, `sender` and what serves it.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Hashable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TypeVar
from uuid import uuid4

import structlog

from core.errors import StoreError

T = TypeVar("T")

# 2 ** 16 times the first wait is longer than any
_MOST_DOUBLINGS = 16


def tell_time() -> datetime:
    """The time, in UTC."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Pace:
    """How long is waited, in seconds.

    Between tries `first`, doubling up to `longest`; between looks at the database, where nobody calls, `look`. `clock`
    tells the seconds that have passed, `now` the time.
    """

    first: float = 1.0
    longest: float = 60.0
    look: float = 3.0
    clock: Callable[[], float] = time.monotonic
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    now: Callable[[], datetime] = tell_time

    async def back_off(self, tries: int) -> None:
        """Wait after so many tries before this one."""
        await self.sleep(min(self.first * 2 ** min(tries, _MOST_DOUBLINGS), self.longest))


class Trouble:
    """Trouble with one thing outside: a line in the log when it starts and one when it is over.

    Whoever meets it does so under a name of their own; it is over when all who met it have left it.
    """

    def __init__(self, what: str) -> None:
        self._what = what
        self._met: set[Hashable] = set()

    def meet(self, who: Hashable, error: Exception) -> None:
        """It did not work for this one; they wait."""
        if not self._met:
            structlog.get_logger().warning("trouble starts, waits", what=self._what, reason=str(error))
        self._met.add(who)

    def leave(self, who: Hashable) -> None:
        """It works for this one, again or as before."""
        if who in self._met:
            self._met.remove(who)
            if not self._met:
                structlog.get_logger().warning("trouble is over", what=self._what)


async def insist(attempt: Callable[[], Awaitable[T]], database: Trouble, pace: Pace) -> T:
    """What comes of it in the end: tried again for as long as the database cannot be used."""
    who, tries = object(), 0
    while True:
        try:
            result = await attempt()
        except StoreError as error:
            database.meet(who, error)
            await pace.back_off(tries)
            tries += 1
        except Exception:
            database.leave(who)
            raise
        else:
            database.leave(who)
            return result


def log_incident(event: str, error: Exception, **what: object) -> str:
    """Log what nobody foresaw, without its text, which may quote a note; the incident's name for a person to tell."""
    incident = uuid4().hex[:8]
    structlog.get_logger().error(event, incident=incident, error=type(error).__name__, **what)
    return incident
