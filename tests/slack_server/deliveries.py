"""What the bot is told: each event, command and interaction goes out until it is acknowledged or given up.

Run by server.py on its event loop; how it goes out is the business of sockets.py and posting.py.
"""

from __future__ import annotations

import asyncio
import random
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

if TYPE_CHECKING:
    from tests.slack_server.server import SlackServer

EVENTS, COMMANDS, INTERACTIVE = "events_api", "slash_commands", "interactive"


@dataclass(eq=False)
class Delivery:
    """One payload for the bot. `state`: waiting, acked, lost, or refused where the bot said not to try again.

    `answer` is what came with the acknowledgement, `reason` why the last try failed, `tries` how many there were.
    """

    kind: str
    payload: dict[str, Any]
    state: str = "waiting"
    tries: int = 0
    reason: str = ""
    answer: dict[str, Any] = field(default_factory=dict)

    @property
    def id(self) -> str:
        """The event's id; empty for what is none."""
        return str(self.payload.get("event_id", ""))

    @property
    def done(self) -> bool:
        return self.state != "waiting"


class Outcome(NamedTuple):
    """How a try went: acknowledged, or why not; `final` where another try is not wanted."""

    acked: bool
    reason: str = ""
    answer: dict[str, Any] | None = None
    final: bool = False


class Transport(Protocol):
    """How payloads reach the bot."""

    async def deliver(self, delivery: Delivery) -> Outcome: ...


class Deliverer:
    """Gives each payload that waits a task of its own."""

    def __init__(self, server: SlackServer) -> None:
        self._server = server
        self._random = random.Random(0)

    async def run(self) -> None:
        """Until it is cancelled."""
        tasks: set[asyncio.Task[None]] = set()
        try:
            while True:
                bell = self._server.bell
                if self._server.shuffle and self._server.outgoing:
                    # so that there are several to mix up
                    await asyncio.sleep(self._server.shuffle_for)
                with self._server.lock:
                    batch, self._server.outgoing = self._server.outgoing, []
                if self._server.shuffle:
                    self._random.shuffle(batch)
                for delivery in batch:
                    task = asyncio.create_task(self._deliver(delivery))
                    tasks.add(task)
                    task.add_done_callback(tasks.discard)
                if not batch:
                    await bell.wait()
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _deliver(self, delivery: Delivery) -> None:
        """Tries at once; events again after each of the delays."""
        delays = self._server.retry_delays if delivery.kind == EVENTS else ()
        for delay in (None, *delays):
            if delay is not None:
                await asyncio.sleep(delay)
            outcome = await self._server.transport.deliver(delivery)
            if outcome.acked and self._server.lose_acks:
                self._server.lose_acks -= 1
                outcome = Outcome(acked=False, reason="timeout")
            delivery.tries += 1
            delivery.reason = outcome.reason
            if outcome.acked:
                return self._server.settle(delivery, "acked", outcome.answer or {})
            if outcome.final:
                return self._server.settle(delivery, "refused", {})
        return self._server.settle(delivery, "lost", {})
