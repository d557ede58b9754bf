"""What goes to and fro between Slack and the bot: its calls with their faults, and what is delivered to it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from tests.slack_server.clock import Clock
from tests.slack_server.deliveries import EVENTS, Delivery
from tests.slack_server.faults import Fault, Faults

if TYPE_CHECKING:
    from datetime import datetime


@dataclass(eq=False)
class Call:
    """One request of the bot, `at` in seconds of the server's clock; how it was answered, once it is."""

    method: str
    parameters: dict[str, Any]
    at: float
    status: int | str | None = None
    error: str | None = None


class Traffic(Clock):
    """All calls and deliveries."""

    def __init__(self, began: datetime | None) -> None:
        super().__init__(began)
        self.calls: list[Call] = []
        self.deliveries: list[Delivery] = []  # of all time
        self.outgoing: list[Delivery] = []  # that are not on their way yet
        self.pending: list[Delivery] = []  # that are not settled
        self.faults = Faults()

    def queue(self, kind: str, payload: dict[str, Any]) -> Delivery:
        delivery = Delivery(kind, payload)
        self.deliveries.append(delivery)
        self.pending.append(delivery)
        self.outgoing.append(delivery)
        return delivery

    def settle(self, delivery: Delivery, state: str, answer: dict[str, Any]) -> None:
        with self.changing():
            delivery.state, delivery.answer = state, answer
            self.pending.remove(delivery)

    def redeliver(self, number: int) -> list[Delivery]:
        """The last acknowledged events come once more, as the same events."""
        with self.changing():
            acked = [d for d in self.deliveries if d.kind == EVENTS and d.state == "acked"]
            again = [self.queue(EVENTS, delivery.payload) for delivery in acked[-number:]]
            for delivery in again:
                delivery.tries, delivery.reason = 1, "timeout"
            return again

    def fail(
        self,
        method: str,
        times: float = 1,
        status: int | Literal["drop", "hang"] = 200,
        error: str | None = None,
        retry_after: int | None = None,
        *,
        after: bool = False,
    ) -> Fault:
        """Makes the next calls of a method ("*": of any) fail, by an HTTP status or by an error in a good answer.

        429 comes with Retry-After. `after`: the work is done, only its answer is lost. Beside the methods there are
        `upload` and `download`, of a file's bytes.
        """
        if status == 200 and error is None:
            raise ValueError("a fault needs a status or an error")
        fault = Fault(method, times, status, error, retry_after, after)
        with self.changing():
            self.faults.add(fault)
        return fault

    def heal(self) -> None:
        """No more faults; hanging calls are dropped."""
        with self.changing():
            self.faults.clear()

    def calls_of(self, method: str) -> list[Call]:
        with self.lock:
            return [call for call in self.calls if call.method == method]

    def tell(self) -> str:
        last = "".join(f"\n  {call}" for call in self.calls[-10:])
        waiting = "".join(f"\n  {delivery}" for delivery in self.pending[:5])
        return f"the last calls were:{last or ' none'}\npending:{waiting or ' none'}"
