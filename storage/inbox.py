"""The inbox: updates as they were delivered, until they are done with or given up."""

import re
from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, datetime

from sqlalchemy import Connection, delete, func, select, text, update

from core.replies import DeadLetter, Update
from storage.batches import OnConflict, insert_rows
from storage.tables import inbox
from storage.transaction import Transaction, in_chunks

# written out, not a parameter: only so do both databases use the index of what waits
_NEW = text("state = 'new'")
_UPDATE = (inbox.c.id, inbox.c.source, inbox.c.delivery_key, inbox.c.payload, inbox.c.received_at)
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


class Inbox(Transaction):
    """Queries on the inbox. What is finished is written at the end of the work, in one go."""

    def __init__(self, connection: Connection) -> None:
        super().__init__(connection)
        self._finished: dict[int, Collection[int]] = {}

    def put_updates(self, source: str, updates: Sequence[tuple[str, str]], at: datetime | None = None) -> int:
        """Keeps (delivery key, payload) pairs that came in now, or `at`; how many were not there yet."""
        now = at or datetime.now(UTC)
        rows = [
            {
                "source": source,
                "delivery_key": escape_unstorable(key),
                "payload": escape_unstorable(payload),
                "received_at": now,
                "state": "new",
            }
            for key, payload in updates
        ]
        return insert_rows(self._connection, inbox, rows, OnConflict.LEAVE)

    def take_updates(self, sources: Collection[str] | None, limit: int) -> list[Update]:
        """The oldest updates that wait, of these sources or of all; no other process takes them meanwhile."""
        self._flush_inbox()
        query = select(*_UPDATE).where(_NEW).order_by(inbox.c.id).limit(limit).with_for_update(skip_locked=True)
        if sources is not None:
            query = query.where(inbox.c.source.in_(list(sources)))
        return [Update(*row) for row in self._connection.execute(query)]

    def finish_updates(self, told_of: Mapping[int, Collection[int]]) -> None:
        """These updates are done with; of each, the meetings that it told something of."""
        self._finished |= told_of

    def bury_update(self, id: int, reason: str, meeting_id: int | None = None) -> None:  # noqa: A002
        """This update, of this meeting if that is known, cannot be read: it becomes a dead letter."""
        values = {"state": "dead", "reason": escape_unstorable(reason), "meeting_id": meeting_id}
        self._connection.execute(update(inbox).where(inbox.c.id == id), values | {"done_at": datetime.now(UTC)})

    def drop_source(self, source: str) -> None:
        """Nothing that came from there is known any more."""
        self._flush_inbox()
        self._connection.execute(delete(inbox).where(inbox.c.source == source))

    def count_waiting(self) -> int:
        """How many updates wait."""
        self._flush_inbox()
        return self._connection.scalar(select(func.count()).select_from(inbox).where(_NEW)) or 0

    def last_update(self) -> int:
        """The number of the newest update, 0 where there is none."""
        return self._connection.scalar(select(func.max(inbox.c.id))) or 0

    def list_dead_letters(self) -> list[DeadLetter]:
        """The updates that were given up, oldest first, with the time they came in."""
        query = (
            select(inbox.c.source, inbox.c.delivery_key, inbox.c.payload, inbox.c.reason, inbox.c.received_at)
            .where(inbox.c.state == "dead")
            .order_by(inbox.c.id)
        )
        return [DeadLetter(*row) for row in self._connection.execute(query)]

    def _flush_inbox(self) -> None:
        finished, self._finished = self._finished, {}
        alike: dict[tuple[int, ...], list[int]] = {}
        for id_, told_of in finished.items():
            alike.setdefault(tuple(told_of), []).append(id_)
        done = {"state": "done", "done_at": datetime.now(UTC)}
        for told_of, all_ids in alike.items():
            # what tells of several meetings could go with none of them, and was taken into all
            of_it = {"payload": ""} if len(told_of) > 1 else {"meeting_id": next(iter(told_of), None)}
            for ids in in_chunks(all_ids):
                self._connection.execute(update(inbox).where(inbox.c.id.in_(ids)), done | of_it)


def escape_unstorable(raw: str) -> str:
    """The text with NUL and lone surrogates, which no database keeps, written as JSON escapes (`\\u0000`).

    JSON has none of them raw, so a payload that can be read at all is left as it is.
    """
    if raw.isascii() and "\x00" not in raw:
        return raw
    return _UNSTORABLE.sub(lambda found: f"\\u{ord(found[0]):04x}", raw)
