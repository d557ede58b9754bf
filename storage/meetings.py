"""Meetings, the steps in their life, and the chats that feed them."""

from collections.abc import Mapping
from datetime import UTC, datetime
from itertools import count
from typing import Any

from sqlalchemy import delete, exists, select, tuple_, update

from core.errors import UserError
from core.meetings import Meeting, Step, StepKind, follow_steps
from core.messages import MessageKey, Place
from storage.batches import OnConflict, insert_into, insert_rows
from storage.tables import chats, meetings, steps
from storage.transaction import Transaction

_MEETING = (
    meetings.c.id,
    meetings.c.name,
    meetings.c.template,
    meetings.c.zone,
    meetings.c.language,
    meetings.c.pinned,
)
_STEP = (
    steps.c.meeting_id,
    steps.c.kind,
    steps.c.at,
    steps.c.platform,
    steps.c.workspace,
    steps.c.chat,
    steps.c.message_id,
    steps.c.settings,
)


class Meetings(Transaction):
    """Queries on meetings, steps and chats."""

    def create_meeting(self, name: str, *, template: str, zone: str, language: str, pinned: Mapping[str, str]) -> int:
        """Makes a meeting; where the name is taken it is called name-2, name-3 and so on. Its id."""
        row = {"template": template, "zone": zone, "language": language, "created_at": datetime.now(UTC)}
        statement = insert_into(self._connection.dialect, meetings).on_conflict_do_nothing().returning(meetings.c.id)
        for number in count(1):
            free = name if number == 1 else f"{name}-{number}"
            id_ = self._connection.scalar(statement, row | {"name": free, "pinned": dict(pinned)})
            if id_ is not None:
                return int(id_)
        raise AssertionError  # count() has no end

    def find_meeting(self, name: str) -> int | None:
        """The id of the meeting of this name."""
        return self._connection.scalar(select(meetings.c.id).where(meetings.c.name == name))

    def pin_meeting(self, id: int, pinned: Mapping[str, str]) -> None:  # noqa: A002
        """From now on these settings hold whatever the messages say, and no others."""
        self._connection.execute(update(meetings).where(meetings.c.id == id), {"pinned": dict(pinned)})

    def load_meeting(self, id: int) -> Meeting:  # noqa: A002
        """The meeting as it stands after its steps."""
        return follow_steps(self._load_base(id), self._load_steps(id))

    def list_meetings(self) -> list[Meeting]:
        """All meetings as they stand, oldest first."""
        taken: dict[int, list[Step]] = {}
        for row in self._connection.execute(select(*_STEP).order_by(steps.c.id)):
            taken.setdefault(row.meeting_id, []).append(_read_step(row))
        rows = self._connection.execute(select(*_MEETING).order_by(meetings.c.id))
        return [follow_steps(_read_meeting(row), taken.get(row.id, ())) for row in rows]

    def add_step(self, meeting_id: int, step: Step) -> bool:
        """Keeps the step; False, and nothing changed, where its message has taken one already."""
        platform, workspace, chat, message_id = step.message
        row = {
            "meeting_id": meeting_id,
            "kind": step.kind.value,
            "at": step.at,
            "platform": platform,
            "workspace": workspace,
            "chat": chat,
            "message_id": message_id,
            "settings": dict(step.values),
        }
        return insert_rows(self._connection, steps, [row], OnConflict.LEAVE) == 1

    def drop_step(self, message: MessageKey) -> None:
        """Takes back the step that this message has taken, if it has."""
        self._connection.execute(delete(steps).where(tuple_(*_STEP[3:7]) == tuple_(*message)))

    def link_chat(
        self, platform: str, workspace: str, chat: str, meeting_id: int | None, since: datetime | None = None
    ) -> None:
        """From now on this chat feeds this meeting, or none; `since` when, where that is not as long as the meeting."""
        linked = {"meeting_id": meeting_id, "linked_at": since}
        row = {"platform": platform, "workspace": workspace, "chat": chat, **linked}
        statement = insert_into(self._connection.dialect, chats).on_conflict_do_update(
            index_elements=["platform", "workspace", "chat"], set_=linked
        )
        self._connection.execute(statement, row)

    def linked_at(self, place: Place) -> datetime | None:
        """Since when this chat feeds its meeting, where that is not as long as there is the meeting."""
        platform, workspace, chat = place
        at: datetime | None = self._connection.scalar(
            select(chats.c.linked_at).where(
                chats.c.platform == platform, chats.c.workspace == workspace, chats.c.chat == chat
            )
        )
        return at

    def meeting_of_chat(self, platform: str, workspace: str, chat: str) -> int | None:
        """The id of the meeting that this chat feeds now."""
        return self._connection.scalar(
            select(chats.c.meeting_id).where(
                chats.c.platform == platform, chats.c.workspace == workspace, chats.c.chat == chat
            )
        )

    def chats_of(self, meeting_id: int) -> list[tuple[str, str, str]]:
        """The chats that feed this meeting now: platform, workspace, chat; not under the names that they had before."""
        newer = chats.alias()
        moved = exists().where(
            newer.c.platform == chats.c.platform,
            newer.c.workspace == chats.c.workspace,
            newer.c.moved_from == chats.c.chat,
        )
        query = select(chats.c.platform, chats.c.workspace, chats.c.chat).where(
            chats.c.meeting_id == meeting_id, ~moved
        )
        return [(row.platform, row.workspace, row.chat) for row in self._connection.execute(query.order_by(chats.c.id))]

    def _load_base(self, id_: int) -> Meeting:
        row = self._connection.execute(select(*_MEETING).where(meetings.c.id == id_)).one_or_none()
        if row is None:
            raise UserError(f"There is no meeting {id_} in the database.")
        return _read_meeting(row)

    def _load_steps(self, meeting_id: int) -> tuple[Step, ...]:
        query = select(*_STEP).where(steps.c.meeting_id == meeting_id).order_by(steps.c.id)
        return tuple(_read_step(row) for row in self._connection.execute(query))


def _read_meeting(row: Any) -> Meeting:
    id_, name, template, zone, language, pinned = row
    return Meeting(id=id_, name=name, template=template, zone=zone, language=language, pinned=pinned or {})


def _read_step(row: Any) -> Step:
    _, kind, at, platform, workspace, chat, message_id, settings = row
    return Step(StepKind(kind), at, MessageKey(platform, workspace, chat, message_id), settings or {})
