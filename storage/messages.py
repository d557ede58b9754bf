"""Messages with their history and their notes. Saved in one go: this is the hot path of every update.

New rows get their ids before they are inserted, so that a batch is a handful of statements whatever its size.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, and_, delete, func, select

from core.messages import Message, MessageKey, Place, Version
from core.notes import Note, NoteKind
from storage.batches import OnConflict, insert_rows
from storage.names import Names, name_person
from storage.rows import (
    MESSAGE,
    NOTE,
    VERSION,
    read_message,
    read_note,
    read_version,
    write_message,
    write_note,
    write_version,
)
from storage.tables import chats, messages, notes, versions
from storage.transaction import in_chunks

# the kinds that stand somewhere in a report
_FILED = (NoteKind.NOTE.value, NoteKind.FIELD.value, NoteKind.ANNEX.value)


class _Saved(NamedTuple):
    meeting_id: int
    message: Message
    notes: Sequence[Note]


class Messages(Names):
    """Queries on messages, versions and notes. What is saved is written before it is next looked for."""

    def __init__(self, connection: Connection) -> None:
        super().__init__(connection)
        self._pending: dict[MessageKey, _Saved] = {}
        self._row_ids: dict[MessageKey, int] = {}
        self._looked_up: set[MessageKey] = set()

    def load_messages(self, keys: Collection[MessageKey]) -> dict[MessageKey, tuple[int, Message]]:
        """Those of the messages that there are: meeting id and message.

        Their chats are held until the end of the work, so that no other process changes what was read here.
        """
        found = {key: (saved.meeting_id, saved.message) for key in keys if (saved := self._pending.get(key))}
        asked = [key for key in keys if key not in found]
        for _, where in self._find(asked):
            for row_id, meeting_id, message in self._read(where):
                found[message.key] = (meeting_id, message)
                self._row_ids[message.key] = row_id
        self._looked_up.update(asked)
        return found

    def save_message(self, meeting_id: int, message: Message, notes: Sequence[Note]) -> None:
        """Keeps the message as it stands, its versions, and these notes in place of those it had."""
        self._pending[message.key] = _Saved(meeting_id, message, notes)

    def list_ids(self, place: Place) -> frozenset[str]:
        """The ids of the chat's messages, deleted ones apart."""
        self._flush_messages()
        platform, workspace, chat = place
        query = (
            select(messages.c.message_id)
            .join(chats, chats.c.id == messages.c.chat_id)
            .where(chats.c.platform == platform, chats.c.workspace == workspace, chats.c.chat == chat)
            .where(messages.c.deleted_at.is_(None))
        )
        return frozenset(self._connection.scalars(query))

    def last_sent(self, place: Place) -> datetime | None:
        """When the newest of the chat's messages was sent."""
        self._flush_messages()
        platform, workspace, chat = place
        last: datetime | None = self._connection.scalar(
            select(func.max(messages.c.sent_at))
            .join(chats, chats.c.id == messages.c.chat_id)
            .where(chats.c.platform == platform, chats.c.workspace == workspace, chats.c.chat == chat)
        )
        return last

    def count_notes(self, meeting_id: int) -> int:
        """How many notes, fields and annexes the meeting's messages give, deleted ones apart."""
        self._flush_messages()
        query = (
            select(func.count())
            .select_from(notes.join(messages, messages.c.id == notes.c.message))
            .where(messages.c.meeting_id == meeting_id, messages.c.deleted_at.is_(None))
            .where(notes.c.kind.in_(_FILED))
        )
        return self._connection.scalar(query) or 0

    def _load_all(self, meeting_id: int) -> tuple[tuple[Message, ...], dict[MessageKey, tuple[Note, ...]]]:
        """All messages of a meeting, and the notes of each, () for a message without any."""
        self._flush_messages()
        found = {row_id: message for row_id, _, message in self._read(messages.c.meeting_id == meeting_id)}
        taken: dict[int, list[Note]] = {row_id: [] for row_id in found}
        query = (
            select(*NOTE)
            .join(messages, messages.c.id == notes.c.message)
            .where(messages.c.meeting_id == meeting_id)
            .order_by(notes.c.message, notes.c.place)
        )
        for row in self._connection.execute(query):
            taken[row[0]].append(read_note(row))
        return tuple(found.values()), {found[row_id].key: tuple(of_it) for row_id, of_it in taken.items()}

    def _read(self, where: ColumnElement[bool]) -> list[tuple[int, int, Message]]:
        """Row id, meeting id and message of every row that this holds for."""
        rows = self._connection.execute(select(*MESSAGE).where(where).order_by(messages.c.id)).all()
        old = self._read_versions([row.id for row in rows if row.many_versions])
        writers = {row.person_id for row in rows} | {version.person_id for of_it in old.values() for version in of_it}
        authors = self._read_authors(sorted(writers))
        places = self._read_places(sorted({row.chat_id for row in rows}))
        found = []
        for row in rows:
            row_id, meeting_id, chat_id, person_id, many_versions, message_id = row[:6]
            place = places[chat_id]
            history: tuple[Version, ...] = ()
            if many_versions:
                key = MessageKey(*place, message_id)
                history = tuple(read_version(old_row, key, authors[old_row.person_id]) for old_row in old[row_id])
            found.append((row_id, meeting_id, read_message(row, place, authors[person_id], history)))
        return found

    def _read_versions(self, row_ids: Sequence[int]) -> dict[int, list[Any]]:
        """The rows of the versions of these messages, oldest first."""
        found: dict[int, list[Any]] = defaultdict(list)
        for chunk in in_chunks(row_ids):
            query = select(*VERSION).where(versions.c.message.in_(chunk)).order_by(versions.c.id)
            for row in self._connection.execute(query):
                found[row.message].append(row)
        return found

    def _flush_messages(self) -> None:
        pending, self._pending = self._pending, {}
        if not pending:
            return
        self._look_up([key for key in pending if key not in self._looked_up])
        changed = [self._row_ids[key] for key in pending if key in self._row_ids]
        new = [key for key in pending if key not in self._row_ids]
        self._row_ids.update(zip(new, self._next_ids(messages, len(new)), strict=True))
        self._looked_up.update(pending)
        self._learn_people(
            {
                name_person(key, author)
                for key, saved in pending.items()
                for author in (saved.message.author, *(version.author for version in saved.message.versions))
            }
        )
        for chunk in in_chunks(changed):
            self._connection.execute(delete(versions).where(versions.c.message.in_(chunk)))
            self._connection.execute(delete(notes).where(notes.c.message.in_(chunk)))
        self._write(pending)

    def _write(self, pending: Mapping[MessageKey, _Saved]) -> None:
        message_rows, version_rows, note_rows = [], [], []
        for key, saved in pending.items():
            row_id = self._row_ids[key]
            row = write_message(
                saved.message,
                row_id=row_id,
                chat_id=self._chat_ids[key.place],
                person_id=self._person_ids[name_person(key, saved.message.author)],
                meeting_id=saved.meeting_id,
            )
            message_rows.append(row)
            if row["many_versions"]:
                for version in saved.message.versions:
                    person_id = self._person_ids[name_person(key, version.author)]
                    version_rows.append(write_version(version, row_id=row_id, person_id=person_id))
            note_rows += [write_note(note, row_id=row_id) for note in saved.notes]
        insert_rows(self._connection, messages, message_rows, OnConflict.CHANGE)
        insert_rows(self._connection, versions, version_rows)
        insert_rows(self._connection, notes, note_rows)

    def _find(self, keys: Iterable[MessageKey]) -> Iterator[tuple[Place, ColumnElement[bool]]]:
        """What to ask `messages` for these keys: a question for each chat and chunk, with its chat."""
        ids: dict[Place, list[str]] = defaultdict(list)
        for key in keys:
            ids[key.place].append(key.id)
        self._hold_chats(ids)
        for place, asked in ids.items():
            for chunk in in_chunks(asked):
                yield (
                    place,
                    and_(messages.c.chat_id == self._chat_ids[place], messages.c.message_id.in_(chunk)),
                )

    def _look_up(self, keys: Iterable[MessageKey]) -> None:
        """Learns the row ids of those of these messages that there are."""
        for place, where in self._find(keys):
            for row_id, id_ in self._connection.execute(select(messages.c.id, messages.c.message_id).where(where)):
                self._row_ids[MessageKey(*place, id_)] = row_id
