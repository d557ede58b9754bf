"""The tables, as SQLModel rows, and the same as Core tables for the queries of this package.

Rows never leave `storage`. A change here needs a migration; a test compares the two.
"""

import json
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import Any, ClassVar

from sqlalchemy import (
    JSON,
    CheckConstraint,
    DateTime,
    Dialect,
    Index,
    LargeBinary,
    MetaData,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
    text,
)
from sqlmodel import Field, SQLModel

from core.meetings import StepKind
from core.messages import Change
from core.notes import NoteKind, Problem
from core.replies import Reaction
from core.schedule import DueKind

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)


class Instant(TypeDecorator[datetime]):
    """An aware time, kept and given back in UTC; SQLite, which has no times, keeps it in ISO 8601.

    The processors are overridden, not the slower hooks around them: these run for every row on the hot path.
    """

    impl = DateTime(timezone=True)
    cache_ok = True

    def bind_processor(self, dialect: Dialect) -> Callable[[datetime | None], Any]:
        """What makes of an aware time what the driver takes."""
        return _write_iso if dialect.name == "sqlite" else _to_utc

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], datetime | None]:
        """What makes of what the driver gives a time in UTC."""
        return _read_iso if dialect.name == "sqlite" else _to_utc


class Json(TypeDecorator[Any]):
    """A list or mapping; an empty one is kept as NULL, since most are and NULL costs nothing to read."""

    impl = JSON(none_as_null=True)
    cache_ok = True

    def bind_processor(self, dialect: Dialect) -> Callable[[Any], str | None]:
        """What makes JSON of a value."""
        return _write_json

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], Any] | None:
        """What makes a value of JSON; psycopg has done so already."""
        return _read_json if dialect.name == "sqlite" else None


_decode_json = json.JSONDecoder().raw_decode


def _write_json(value: Any) -> str | None:
    return json.dumps(value) if value else None


def _read_json(kept: str | None) -> Any:
    return None if kept is None else _decode_json(kept)[0]


def _to_utc(at: datetime | None) -> datetime | None:
    return None if at is None else at.astimezone(UTC)


def _write_iso(at: datetime | None) -> str | None:
    # always with six digits, so that the texts sort as the times do
    return None if at is None else at.astimezone(UTC).isoformat(" ", "microseconds")


def _read_iso(kept: str | None) -> datetime | None:
    return None if kept is None else datetime.fromisoformat(kept)


def _json() -> Any:
    return Field(default=None, sa_type=Json)


def _one_of(column: str, words: Iterable[str]) -> CheckConstraint:
    listed = ", ".join(f"'{word}'" for word in words)
    return CheckConstraint(f"{column} IN ({listed})", name=column)


def _index_where(name: str, *columns: str, where: str) -> Index:
    return Index(name, *columns, sqlite_where=text(where), postgresql_where=text(where))


class Row(SQLModel):
    """What all rows share: the metadata with its naming convention."""

    metadata: ClassVar[MetaData] = metadata


class InboxRow(Row, table=True):
    """An update as it was delivered."""

    __tablename__ = "inbox"
    __table_args__ = (
        UniqueConstraint("source", "delivery_key"),
        _one_of("state", ("new", "done", "dead")),
        _index_where("ix_inbox_new", "id", where="state = 'new'"),
    )

    id: int | None = Field(default=None, primary_key=True)
    source: str
    delivery_key: str
    payload: str = Field(sa_type=Text)
    received_at: datetime = Field(sa_type=Instant)
    state: str
    reason: str | None = Field(default=None, sa_type=Text)
    done_at: datetime | None = Field(default=None, sa_type=Instant)
    # the meeting that it told something of, so that it goes with it
    meeting_id: int | None = Field(default=None, foreign_key="meetings.id")


class MeetingRow(Row, table=True):
    """A meeting as it was made; what commands changed since is in its steps."""

    __tablename__ = "meetings"

    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(unique=True)
    template: str
    zone: str
    language: str
    pinned: dict[str, str] | None = _json()
    created_at: datetime = Field(sa_type=Instant)


class ChatRow(Row, table=True):
    """A chat, the meeting that it feeds now, and how the bot stands in it, NULL where that is not known.

    `moved_from` is the name that it had before it moved.
    """

    __tablename__ = "chats"
    __table_args__ = (UniqueConstraint("platform", "workspace", "chat"),)

    id: int | None = Field(default=None, primary_key=True)
    platform: str
    workspace: str
    chat: str
    meeting_id: int | None = Field(default=None, foreign_key="meetings.id", index=True)
    can_read: bool | None
    admins: list[str] | None = _json()
    linked_at: datetime | None = Field(default=None, sa_type=Instant)
    moved_from: str | None


class OrganizerRow(Row, table=True):
    """A person who may run a meeting, or every one of the bot's where no meeting is named."""

    __tablename__ = "organizers"
    __table_args__ = (UniqueConstraint("platform", "workspace", "person", "meeting_id"),)

    id: int | None = Field(default=None, primary_key=True)
    platform: str
    workspace: str
    person: str
    meeting_id: int | None = Field(default=None, foreign_key="meetings.id")


class ClaimRow(Row, table=True):
    """A code that claims the bot, or joins a chat to a meeting, once; kept as its hash."""

    __tablename__ = "claims"

    id: int | None = Field(default=None, primary_key=True)
    code_hash: str
    meeting_id: int | None = Field(default=None, foreign_key="meetings.id")
    made_at: datetime = Field(sa_type=Instant)


class SpeakerRow(Row, table=True):
    """The language in which a person wants to be answered."""

    __tablename__ = "speakers"
    __table_args__ = (UniqueConstraint("platform", "workspace", "person"),)

    id: int | None = Field(default=None, primary_key=True)
    platform: str
    workspace: str
    person: str
    language: str


class PrivateChatRow(Row, table=True):
    """The chat in which a person writes to the bot alone."""

    __tablename__ = "private_chats"
    __table_args__ = (UniqueConstraint("platform", "workspace", "person"),)

    id: int | None = Field(default=None, primary_key=True)
    platform: str
    workspace: str
    person: str
    chat: str


class DueRow(Row, table=True):
    """What is to be done at a time, and whether it was. `planned_at` is when it was first due."""

    __tablename__ = "due"
    __table_args__ = (
        UniqueConstraint("meeting_id", "kind", "mark"),
        _one_of("kind", DueKind),
        _index_where("ix_due_waiting", "due_at", where="done_at IS NULL"),
    )

    id: int | None = Field(default=None, primary_key=True)
    meeting_id: int = Field(foreign_key="meetings.id")
    kind: str
    mark: str
    planned_at: datetime = Field(sa_type=Instant)
    due_at: datetime = Field(sa_type=Instant)
    done_at: datetime | None = Field(default=None, sa_type=Instant)


class CardRow(Row, table=True):
    """The message of the bot's in a chat that is edited, not sent anew."""

    __tablename__ = "cards"
    __table_args__ = (UniqueConstraint("platform", "workspace", "chat", "card"),)

    id: int | None = Field(default=None, primary_key=True)
    platform: str
    workspace: str
    chat: str
    card: str
    message_id: str


class PersonRow(Row, table=True):
    """A person under one name.

    Who changes their name has a row for each, so that a message's author stays exact whatever arrives when.
    """

    __tablename__ = "people"
    __table_args__ = (UniqueConstraint("platform", "workspace", "person", "name"),)

    id: int | None = Field(default=None, primary_key=True)
    platform: str
    workspace: str
    person: str
    name: str


class MessageRow(Row, table=True):
    """A message as it stands now.

    `first_text` is NULL where it is `text`. Without `many_versions` the state is the one version, whose
    change is `first_change`, and `versions` has no row of it.
    """

    __tablename__ = "messages"
    __table_args__ = (UniqueConstraint("chat_id", "message_id"), _one_of("first_change", Change))

    id: int | None = Field(default=None, primary_key=True)
    chat_id: int = Field(foreign_key="chats.id")
    message_id: str
    meeting_id: int = Field(foreign_key="meetings.id", index=True)
    person_id: int = Field(foreign_key="people.id")
    sent_at: datetime = Field(sa_type=Instant)
    text: str = Field(sa_type=Text)
    first_text: str | None = Field(default=None, sa_type=Text)
    reply_to: str | None
    attachments: list[list[str]] | None = _json()
    seen: bool
    edited_at: datetime | None = Field(default=None, sa_type=Instant)
    deleted_at: datetime | None = Field(default=None, sa_type=Instant)
    many_versions: bool
    first_change: str
    link: str


class VersionRow(Row, table=True):
    """One version of a message that has several, or that comes in parts, oldest first by `id`."""

    __tablename__ = "versions"
    __table_args__ = (_one_of("change", Change),)

    id: int | None = Field(default=None, primary_key=True)
    message: int = Field(foreign_key="messages.id", ondelete="CASCADE", index=True)
    change: str
    at: datetime = Field(sa_type=Instant)
    person_id: int = Field(foreign_key="people.id")
    text: str = Field(sa_type=Text)
    reply_to: str | None
    attachments: list[list[str]] | None = _json()
    sent_at: datetime | None = Field(default=None, sa_type=Instant)
    part: str
    link: str


class NoteRow(Row, table=True):
    """A note, as `core.notes.Note`."""

    __tablename__ = "notes"
    __table_args__ = (
        UniqueConstraint("message", "place"),
        _one_of("kind", NoteKind),
        _one_of("problem", Problem),
    )

    id: int | None = Field(default=None, primary_key=True)
    message: int = Field(foreign_key="messages.id", ondelete="CASCADE")
    place: int
    kind: str
    tags: list[str] | None = _json()
    text: str = Field(sa_type=Text)
    attributes: dict[str, Any] | None = _json()
    session: str | None
    hint: str | None
    nonattrib: bool
    problem: str | None
    understood: list[list[str]] | None = _json()
    suggestions: list[str] | None = _json()


class StepRow(Row, table=True):
    """A command that took effect on a meeting; one at most for each message."""

    __tablename__ = "steps"
    __table_args__ = (
        UniqueConstraint("platform", "workspace", "chat", "message_id"),
        _one_of("kind", StepKind),
    )

    id: int | None = Field(default=None, primary_key=True)
    meeting_id: int = Field(foreign_key="meetings.id", index=True)
    kind: str
    at: datetime = Field(sa_type=Instant)
    platform: str
    workspace: str
    chat: str
    message_id: str
    settings: dict[str, str] | None = _json()


class DraftRow(Row, table=True):
    """A draft that was kept."""

    __tablename__ = "drafts"
    __table_args__ = (UniqueConstraint("meeting_id", "number"),)

    id: int | None = Field(default=None, primary_key=True)
    meeting_id: int = Field(foreign_key="meetings.id")
    number: int
    at: datetime = Field(sa_type=Instant)
    # the report as it stood, NULL in drafts of earlier versions
    report: str | None = Field(default=None, sa_type=Text)


class DraftFileRow(Row, table=True):
    """A file of a draft, in the order given by `id`."""

    __tablename__ = "draft_files"
    __table_args__ = (UniqueConstraint("draft_id", "name"),)

    id: int | None = Field(default=None, primary_key=True)
    draft_id: int = Field(foreign_key="drafts.id")
    name: str
    media_type: str
    content: bytes = Field(sa_type=LargeBinary)


class FileRow(Row, table=True):
    """An attachment that was fetched from its platform for a report, or why it cannot be had."""

    __tablename__ = "files"
    __table_args__ = (UniqueConstraint("meeting_id", "platform", "ref"),)

    id: int | None = Field(default=None, primary_key=True)
    meeting_id: int = Field(foreign_key="meetings.id")
    platform: str
    ref: str
    content: bytes | None = Field(default=None, sa_type=LargeBinary)
    problem: str | None = Field(default=None, sa_type=Text)
    fetched_at: datetime = Field(sa_type=Instant)


class NumberRow(Row, table=True):
    """The number that a note in a part was first given, and the draft that gave it."""

    __tablename__ = "numbers"
    __table_args__ = (
        UniqueConstraint(
            "meeting_id",
            "platform",
            "workspace",
            "chat",
            "message_id",
            "place",
            "part",
            name="uq_numbers_note",
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    meeting_id: int = Field(foreign_key="meetings.id")
    platform: str
    workspace: str
    chat: str
    message_id: str
    place: int
    part: str
    number: int
    draft_id: int = Field(foreign_key="drafts.id")


class OutboxRow(Row, table=True):
    """A reply on its way to its platform."""

    __tablename__ = "outbox"
    __table_args__ = (
        _one_of("reaction", Reaction),
        _index_where("ix_outbox_waiting", "platform", "workspace", "id", where="done_at IS NULL"),
    )

    id: int | None = Field(default=None, primary_key=True)
    platform: str
    workspace: str
    chat: str
    message_id: str
    text: str = Field(sa_type=Text)
    reaction: str | None
    draft: list[str] | None = _json()
    file: list[Any] | None = _json()
    card: str
    renews: bool
    buttons: list[list[list[str]]] | None = _json()
    language: str
    thread: str
    meeting_id: int | None = Field(default=None, foreign_key="meetings.id")
    everywhere: bool
    due_at: datetime | None = Field(default=None, sa_type=Instant)
    created_at: datetime = Field(sa_type=Instant)
    done_at: datetime | None = Field(default=None, sa_type=Instant)
    # how the chat stood when it was tried, the id under which it arrived, why it was given up
    intent: str | None
    sent_id: str | None
    failure: str | None = Field(default=None, sa_type=Text)


def _table(row: type[Row]) -> Table:
    return metadata.tables[str(row.__tablename__)]


inbox = _table(InboxRow)
meetings = _table(MeetingRow)
chats = _table(ChatRow)
people = _table(PersonRow)
messages = _table(MessageRow)
versions = _table(VersionRow)
notes = _table(NoteRow)
steps = _table(StepRow)
drafts = _table(DraftRow)
draft_files = _table(DraftFileRow)
files = _table(FileRow)
numbers = _table(NumberRow)
outbox = _table(OutboxRow)
organizers = _table(OrganizerRow)
claims = _table(ClaimRow)
speakers = _table(SpeakerRow)
cards = _table(CardRow)
private_chats = _table(PrivateChatRow)
due = _table(DueRow)
