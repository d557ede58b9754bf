"""The queue of updates that wait for the bot: what goes in, what is handed out, what an offset confirms.

Called by chats.py (add), methods.py (getUpdates) and webhook.py, always under the world's lock.
"""

from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from typing import Any

DAY = 86_400
AT_MOST = 100
OFF_BY_DEFAULT = {"message_reaction", "message_reaction_count", "chat_member"}

Update = dict[str, Any]


@dataclass(eq=False)
class Waiting:
    """An update not yet confirmed. `again`: confirmed before, and to be handed out once more whatever the offset."""

    update: Update
    chat: int
    expires: float
    again: bool = False

    @property
    def id(self) -> int:
        return int(self.update["update_id"])


class UpdateQueue:
    """Updates in order; kept until confirmed, for 24 hours at most."""

    def __init__(self, now: Callable[[], float], first_id: int = 500_000_001) -> None:
        self._now = now
        self._random = Random(first_id)
        self.next_id = first_id
        self.allowed: frozenset[str] = frozenset()  # none named: all but those off by default
        self.waiting: list[Waiting] = []
        self.confirmed: list[Waiting] = []

    def add(self, kind: str, payload: dict[str, Any], chat: int, date: float) -> bool:
        """Queues an update, unless its kind is not asked for or it is older than a day already."""
        wanted = kind in self.allowed if self.allowed else kind not in OFF_BY_DEFAULT
        if not wanted or date + DAY <= self._now():
            return False
        self.put(kind, payload, chat, date)
        return True

    def put(self, kind: str, payload: Any, chat: int, date: float) -> Update:
        """Queues an update, whatever it is."""
        self.waiting.append(Waiting({"update_id": self.next_id, kind: payload}, chat, date + DAY))
        self.next_id += 1
        return self.waiting[-1].update

    def take(self, offset: int, limit: int) -> list[Update]:
        """Confirms what is below the offset and hands out the next updates."""
        self.expire()
        if offset < 0:
            gone = self.waiting[:offset]
        elif offset > self.next_id + 10:
            gone = []  # out of range: ignored
        else:
            gone = [w for w in self.waiting if w.id < offset and not w.again]
        self.confirm(gone)
        handed = self.waiting[:limit]
        for waiting in handed:
            waiting.again = False
        return [waiting.update for waiting in handed]

    def confirm(self, gone: list[Waiting]) -> None:
        """Forgets these: the bot has them."""
        self.waiting = [w for w in self.waiting if w not in gone]
        self.confirmed += gone

    def expire(self) -> None:
        self.waiting = [w for w in self.waiting if w.expires > self._now()]

    def redeliver(self, count: int) -> list[Update]:
        """Puts the last confirmed updates back, under their own ids."""
        again = self.confirmed[-count:]
        for waiting in again:
            waiting.again = True
        self.waiting = again + [w for w in self.waiting if w not in again]
        return [waiting.update for waiting in again]

    def restart_ids(self) -> int:
        """The next update gets a random id, as after a week without any."""
        if self.waiting:
            raise ValueError(f"{len(self.waiting)} updates wait: ids restart only where none does")
        self.next_id = self._random.randrange(1, 2**31 - 1_000_000)
        return self.next_id
