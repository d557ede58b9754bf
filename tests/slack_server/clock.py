"""What the world stands on: its lock, its clock, and the names that it gives out."""

from __future__ import annotations

import threading
import time
from contextlib import contextmanager
from datetime import UTC, datetime
from itertools import count
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

T = TypeVar("T")


# when a world begins, so that a test does not depend on the hour at which it is run
MORNING = datetime(2018, 5, 7, 9, tzinfo=UTC)


class Clock:
    """The clock goes on from when it `began`, or is the real one.

    `lock` guards all there is; whoever waits in `wait_until` looks again after each change."""

    def __init__(self, began: datetime | None) -> None:
        self.lock = threading.Condition(threading.RLock())
        self._ahead = began.timestamp() - time.time() if began else 0.0
        self._last_ts = 0
        self._names: dict[str, count[int]] = {}

    def now(self) -> float:
        return time.time() + self._ahead

    def advance(self, seconds: float) -> None:
        """Sets the server's clock forward."""
        with self.changing():
            self._ahead += seconds

    def next_ts(self) -> str:
        """A ts later than all before."""
        self._last_ts = max(int(self.now() * 1_000_000), self._last_ts + 100)
        return f"{self._last_ts // 1_000_000}.{self._last_ts % 1_000_000:06d}"

    @contextmanager
    def changing(self) -> Iterator[None]:
        """Holds the lock, then tells all who wait."""
        with self.lock:
            yield
            self.lock.notify_all()
            self.woken()

    def woken(self) -> None:
        """Something changed; the server wakes its deliverer."""

    def wait_until(self, predicate: Callable[[], T], timeout: float = 5) -> T:
        """Waits until the predicate holds, and gives what it gave. It is asked again at each change of the world."""
        with self.lock:
            found: T = self.lock.wait_for(predicate, timeout)
            if not found:
                raise TimeoutError(f"not so after {timeout} s; {self.tell()}")
            return found

    def tell(self) -> str:
        """How it stands, for who waited in vain."""
        return ""

    def name(self, kind: str) -> str:
        """The next id of a kind, such as U00001."""
        return f"{kind}{next(self._names.setdefault(kind, count(1))):05d}"
