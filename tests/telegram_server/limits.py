"""What goes wrong on purpose (Faults) and the platform's rates (Rates). Called by server.py before a method runs."""

import math
from collections import defaultdict, deque
from dataclasses import dataclass

from tests.telegram_server.errors import ApiError


@dataclass(frozen=True)
class Rate:
    """So many messages in so many seconds."""

    messages: int
    seconds: float


PER_GROUP = Rate(20, 60)
OVERALL = Rate(30, 1)


class Rates:
    """Counts what was sent, in all and in each group or channel."""

    def __init__(self, per_group: Rate, overall: Rate) -> None:
        self.per_group = per_group
        self.overall = overall
        self._sent: defaultdict[int | None, deque[float]] = defaultdict(deque)

    def count(self, now: float, group: int | None) -> None:
        """Counts one message; refuses it with the seconds to wait where a rate is used up."""
        rates = [(None, self.overall)] + ([(group, self.per_group)] if group is not None else [])
        for key, rate in rates:
            sent = self._sent[key]
            while sent and sent[0] <= now - rate.seconds:
                sent.popleft()
            if len(sent) >= rate.messages:
                raise too_many(max(1, math.ceil(sent[0] + rate.seconds - now)))
        for key, _ in rates:
            self._sent[key].append(now)


@dataclass(eq=False)
class Fault:
    """A method that fails `left` times more. `after`: it does its work first, only the answer is lost."""

    method: str
    left: float
    status: int | str
    retry_after: int | None
    after: bool

    def error(self) -> ApiError:
        """The refusal, where the fault is one that answers."""
        if self.status == 429:
            return too_many(self.retry_after or 1)
        words = {401: "Unauthorized", 409: "Conflict", 413: "Request Entity Too Large"}
        words |= {500: "Internal Server Error", 502: "Bad Gateway", 503: "Service Unavailable", 504: "Gateway Timeout"}
        return ApiError(int(self.status), words.get(int(self.status), "Internal Server Error"))


class Faults:
    """Faults in the order in which they were asked for."""

    def __init__(self) -> None:
        self._faults: list[Fault] = []

    def add(self, fault: Fault) -> None:
        self._faults.append(fault)

    def take(self, method: str) -> Fault | None:
        """The fault that this call meets, if any."""
        for fault in self._faults:
            if fault.left > 0 and fault.method.lower() in (method.lower(), "*"):
                fault.left -= 1
                return fault
        return None

    def clear(self) -> None:
        self._faults.clear()


def too_many(seconds: int) -> ApiError:
    return ApiError(429, f"Too Many Requests: retry after {seconds}", retry_after=seconds)
