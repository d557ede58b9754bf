"""Messages, versions and notes as rows, and rows as them. Pure; used by `messages`."""

from collections.abc import Sequence
from typing import Any

from core.messages import Attachment, Author, Change, Message, MessageKey, Version
from core.notes import Note, NoteKind, Problem
from storage.tables import messages, notes, versions

Row = dict[str, Any]

# what the readers below take apart, in this order
MESSAGE = (
    messages.c.id,
    messages.c.meeting_id,
    messages.c.chat_id,
    messages.c.person_id,
    messages.c.many_versions,
    messages.c.message_id,
    messages.c.sent_at,
    messages.c.text,
    messages.c.first_text,
    messages.c.reply_to,
    messages.c.attachments,
    messages.c.seen,
    messages.c.edited_at,
    messages.c.deleted_at,
    messages.c.first_change,
    messages.c.link,
)
VERSION = (
    versions.c.message,
    versions.c.change,
    versions.c.at,
    versions.c.person_id,
    versions.c.text,
    versions.c.reply_to,
    versions.c.attachments,
    versions.c.sent_at,
    versions.c.part,
    versions.c.link,
)
NOTE = (
    notes.c.message,
    notes.c.place,
    notes.c.kind,
    notes.c.tags,
    notes.c.text,
    notes.c.attributes,
    notes.c.session,
    notes.c.hint,
    notes.c.nonattrib,
    notes.c.problem,
    notes.c.understood,
    notes.c.suggestions,
)

# looked up, not called: an enum's call costs as much as the rest of a row
_CHANGES = {change.value: change for change in Change}
_KINDS = {kind.value: kind for kind in NoteKind}
_PROBLEMS: dict[str | None, Problem | None] = {None: None, **{problem.value: problem for problem in Problem}}


def is_one_version(message: Message) -> bool:
    """Whether the message's one version can be made again from its state, so that no history need be kept."""
    if len(message.versions) > 1:
        return False
    only = message.versions[0]
    if only.sent_at or only.part:
        return False
    state = (
        message.key,
        message.sent_at,
        message.author,
        message.text,
        message.reply_to,
        message.attachments,
        message.link,
    )
    return state == (only.key, only.at, only.author, only.text, only.reply_to, only.attachments, only.link)


def write_message(message: Message, *, row_id: int, chat_id: int, person_id: int, meeting_id: int) -> Row:
    """The message's row."""
    return {
        "id": row_id,
        "chat_id": chat_id,
        "message_id": message.key.id,
        "meeting_id": meeting_id,
        "person_id": person_id,
        "sent_at": message.sent_at,
        "text": message.text,
        "first_text": None if message.first_text == message.text else message.first_text,
        "reply_to": message.reply_to,
        "attachments": message.attachments,
        "seen": message.seen,
        "edited_at": message.edited_at,
        "deleted_at": message.deleted_at,
        "many_versions": not is_one_version(message),
        "first_change": message.versions[0].change.value,
        "link": message.link,
    }


def write_version(version: Version, *, row_id: int, person_id: int) -> Row:
    """The row of a version of the message with this row id."""
    return {
        "message": row_id,
        "change": version.change.value,
        "at": version.at,
        "person_id": person_id,
        "text": version.text,
        "reply_to": version.reply_to,
        "attachments": version.attachments,
        "sent_at": version.sent_at,
        "part": version.part,
        "link": version.link,
    }


def write_note(note: Note, *, row_id: int) -> Row:
    """The row of a note of the message with this row id."""
    return {
        "message": row_id,
        "place": note.place,
        "kind": note.kind.value,
        "tags": note.tags,
        "text": note.text,
        "attributes": dict(note.attributes),
        "session": note.session,
        "hint": note.hint,
        "nonattrib": note.nonattrib,
        "problem": note.problem.value if note.problem else None,
        "understood": note.understood,
        "suggestions": note.suggestions,
    }


def read_message(
    row: Sequence[Any], place: tuple[str, str, str], author: Author, history: tuple[Version, ...]
) -> Message:
    """The message of a MESSAGE row, its chat, its author and its history, () where none is kept."""
    message_id, sent_at, text, first_text, reply_to, files, seen, edited_at, deleted_at, first, link = row[5:]
    key = MessageKey(*place, message_id)
    attachments = _read_attachments(files)
    return Message(
        key,
        author,
        sent_at,
        text,
        text if first_text is None else first_text,
        reply_to,
        attachments,
        seen,
        edited_at,
        deleted_at,
        history or (Version(key, _CHANGES[first], sent_at, author, text, reply_to, attachments, link=link),),
        link,
    )


def read_version(row: Sequence[Any], key: MessageKey, author: Author) -> Version:
    """The version of a VERSION row of this message."""
    _, change, at, _, text, reply_to, attachments, sent_at, part, link = row
    return Version(
        key, _CHANGES[change], at, author, text, reply_to, _read_attachments(attachments), sent_at, part, link
    )


def read_note(row: Sequence[Any]) -> Note:
    """The note of a NOTE row."""
    (_, place, kind, tags, text, attributes, session, hint, nonattrib, problem, understood, suggestions) = row
    return Note(
        place,
        _KINDS[kind],
        tuple(tags) if tags else (),
        text,
        attributes or {},
        session,
        hint,
        nonattrib,
        _PROBLEMS[problem],
        tuple((typed, canonical) for typed, canonical in understood) if understood else (),
        tuple(suggestions) if suggestions else (),
    )


def _read_attachments(files: list[list[str]] | None) -> tuple[Attachment, ...]:
    return tuple(Attachment(*file) for file in files) if files else ()
