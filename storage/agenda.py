"""The agenda: what is due in each meeting, and what of it is done."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, and_, case, delete, select, tuple_, update

from core.schedule import Due, DueKind
from storage.batches import OnConflict, insert_rows
from storage.tables import due
from storage.transaction import Transaction

_RANK = {kind.value: rank for rank, kind in enumerate(DueKind)}


class Waiting(NamedTuple):
    """Something of a meeting that waits to be done. `planned_at` is when it was first due."""

    id: int
    meeting_id: int
    due: Due
    planned_at: datetime


class Agenda(Transaction):
    """Queries on what is due. What is done stays, so that it is not done again."""

    def plan_due(self, meeting_id: int, planned: Sequence[Due], since: datetime) -> None:
        """From now on this is all that a meeting's settings make due, but for what is watched.

        What waits already keeps the time that it was put off to. What is new and was due before `since` is not done.
        """
        marks = [(one.kind.value, one.mark) for one in planned]
        gone = and_(_waits(meeting_id), tuple_(due.c.kind, due.c.mark).not_in(marks)) if marks else _waits(meeting_id)
        self._connection.execute(delete(due).where(gone, due.c.kind != DueKind.CONCLUSION.value))
        known = {
            (row.kind, row.mark): (row.id, row.planned_at, row.done_at)
            for row in self._connection.execute(select(due).where(due.c.meeting_id == meeting_id))
        }
        for one in planned:
            found = known.get((one.kind.value, one.mark))
            if found is None:
                if one.at > since:
                    self.add_due(meeting_id, one)
            elif found[2] is None and one.mark and found[1] != one.at:
                times = {"planned_at": one.at, "due_at": one.at}
                self._connection.execute(update(due).where(due.c.id == found[0]), times)

    def add_due(self, meeting_id: int, new: Due, done_at: datetime | None = None) -> bool:
        """This is due, or was done; False, and nothing changed, where it is known already."""
        kind, mark, at = new
        times = {"planned_at": at, "due_at": at, "done_at": done_at}
        row = {"meeting_id": meeting_id, "kind": kind.value, "mark": mark, **times}
        return insert_rows(self._connection, due, [row], OnConflict.LEAVE) == 1

    def watch_due(self, meeting_id: int, new: Due) -> None:
        """This is looked at then, and not before."""
        times = {"planned_at": new.at, "due_at": new.at}
        if not self.add_due(meeting_id, new):
            same = and_(due.c.meeting_id == meeting_id, due.c.kind == new.kind.value, due.c.mark == new.mark)
            self._connection.execute(update(due).where(same), times)

    def take_due(self, now: datetime, meeting_id: int | None = None) -> Waiting | None:
        """What has been due for longest, in this meeting or in all; no other process takes it meanwhile."""
        rank = case(_RANK, value=due.c.kind)
        query = select(due).where(due.c.done_at.is_(None), due.c.due_at <= now).order_by(due.c.due_at, rank, due.c.id)
        if meeting_id is not None:
            query = query.where(due.c.meeting_id == meeting_id)
        row = self._connection.execute(query.limit(1).with_for_update(skip_locked=True)).one_or_none()
        if row is None:
            return None
        return Waiting(row.id, row.meeting_id, Due(DueKind(row.kind), row.mark, row.due_at), row.planned_at)

    def finish_due(self, id: int, at: datetime) -> None:  # noqa: A002
        """This is done."""
        self._connection.execute(update(due).where(due.c.id == id), {"done_at": at})

    def postpone_due(self, id: int, until: datetime) -> None:  # noqa: A002
        """This is looked at again then; it is not done."""
        self._connection.execute(update(due).where(due.c.id == id), {"due_at": until, "done_at": None})

    def drop_due(self, id: int) -> None:  # noqa: A002
        """This is watched no more, until it is added again."""
        self._connection.execute(delete(due).where(due.c.id == id))

    def hasten_due(self, meeting_id: int, kind: DueKind, at: datetime) -> None:
        """What was put off for longer is due at this time, or when it was planned if that is later."""
        late = and_(_waits(meeting_id), due.c.kind == kind.value, due.c.planned_at <= at, due.c.due_at > at)
        self._connection.execute(update(due).where(late), {"due_at": at})

    def list_due(self, meeting_id: int) -> list[Due]:
        """What waits in a meeting, in the order of time."""
        rows = self._connection.execute(select(due).where(_waits(meeting_id)).order_by(due.c.due_at, due.c.id))
        return [Due(DueKind(row.kind), row.mark, row.due_at) for row in rows]


def _waits(meeting_id: int) -> ColumnElement[bool]:
    return and_(due.c.meeting_id == meeting_id, due.c.done_at.is_(None))
