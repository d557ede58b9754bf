"""The lane of a chat's reactions: which comes next, and when they are told in one message instead. Used by `sender`."""

from collections import deque
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from core.replies import Outgoing, Reaction

MINUTE = 60.0
# the chat's one message in place of reactions is not changed more often, in seconds
BETWEEN_CARDS = 10.0


class React(NamedTuple):
    """Send this reaction now."""

    row: Outgoing


class Collapse(NamedTuple):
    """Tell in one message how much is filed, in place of these."""

    rows: Sequence[Outgoing]


class Drop(NamedTuple):
    """These need not be sent."""

    rows: Sequence[Outgoing]


class Wait(NamedTuple):
    """Nothing can be sent for so many seconds, as far as is known now."""

    seconds: float


Step = React | Collapse | Drop | Wait


class AckLane:
    """The reactions that wait in one chat, in order, the newest of each message only. Sends nothing itself.

    Those that say no more than that a message was taken give way to one message where they are more than the minute
    allows; those that are "not understood" or come with words wait. `told` is what that one message says.
    """

    def __init__(self, a_minute: int) -> None:
        self.told = ""
        self._a_minute = a_minute
        self._waiting: dict[str, Outgoing] = {}
        self._overtaken: list[Outgoing] = []
        self._sent: deque[float] = deque()
        self._next_card = float("-inf")

    def add(self, row: Outgoing) -> None:
        """This reaction is to be sent, and no older one to the same message."""
        older = self._waiting.pop(row.reply.to.id, None)
        if older is not None:
            # a reaction that was on its way as a message stays one
            row = row._replace(intent=row.intent or older.intent)
            self._overtaken.append(older)
        self._waiting[row.reply.to.id] = row

    def put_back(self, row: Outgoing) -> None:
        """This reaction could not be sent as one, nor will others here: reactions are off in this chat."""
        self._a_minute = 0
        if row.reply.to.id in self._waiting:
            self._overtaken.append(row)
        else:
            self._waiting[row.reply.to.id] = row

    def choose(self, now: float) -> Step | None:
        """What to do at this second of the clock; None when nothing waits. What is handed out waits no more."""
        while self._sent and self._sent[0] <= now - MINUTE:
            self._sent.popleft()
        if self._overtaken:
            dropped, self._overtaken = self._overtaken, []
            return Drop(dropped)
        quiet = [row for row in self._waiting.values() if is_quiet(row)]
        others = [row for row in self._waiting.values() if not is_quiet(row)]
        if others and self._a_minute <= 0:
            # whom they concern gets words anyway
            return Drop(self._take(others))
        room = self._a_minute - len(self._sent)
        if others and room > 0:
            return self._react(others[0], now)
        if quiet and len(quiet) <= room and not any(row.intent for row in quiet):
            return self._react(quiet[0], now)
        if quiet and now >= self._next_card:
            self._next_card = now + BETWEEN_CARDS
            return Collapse(self._take(quiet))
        return Wait(min(self._list_waits(now, bool(quiet)))) if self._waiting else None

    def _react(self, row: Outgoing, now: float) -> React:
        self._sent.append(now)
        return React(*self._take([row]))

    def _take(self, rows: Sequence[Outgoing]) -> Sequence[Outgoing]:
        for row in rows:
            del self._waiting[row.reply.to.id]
        return rows

    def _list_waits(self, now: float, quiet: bool) -> Iterator[float]:
        if self._sent:
            yield self._sent[0] + MINUTE - now
        if quiet:
            yield self._next_card - now


def is_quiet(row: Outgoing) -> bool:
    """Whether this says only that a message was taken."""
    return is_reaction(row) and row.reply.reaction is not Reaction.NOT_UNDERSTOOD


def is_reaction(row: Outgoing) -> bool:
    """Whether this is a reaction and nothing else."""
    reply = row.reply
    return bool(reply.reaction) and not (reply.text or reply.draft or reply.file)
