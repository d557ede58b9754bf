"""Transcripts: a meeting's messages as JSON lines (rules.md, section 8), read by `replay` and written by `export`."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any

from bot.mrkdwn import read_mrkdwn, write_mrkdwn
from core.cutting import cut_text
from core.errors import UpdateError
from core.meetings import Record, StepKind
from core.messages import Attachment, Author, Change, Message, MessageKey, Version, in_time
from core.notes import NoteKind
from core.text import clean_text
from handlers.dispatch import read_command
from handlers.packaging import PACKAGE
from reports.gathering import gather

# bytes; PostgreSQL's index entries, of up to four names, have room for 2,700
_LONGEST_NAME = 600
_SHOWN = 100
_TEXTS = ("platform", "chat", "author", "message_id", "text", "reply_to", "edit_of", "delete_of", "part", "link")


@dataclass(frozen=True, slots=True)
class Transcript:
    """A transcript as a platform: each is a workspace of its own."""

    name: str

    @property
    def source(self) -> str:
        """Its name in the inbox."""
        return f"transcript:{self.name}"

    def read(self, payload: str, _received_at: datetime) -> Sequence[Version]:
        """The version that a line tells of; an `UpdateError` says what is wrong with the line, never its text."""
        line = _parse(payload)
        at = _read_time(line, "ts")
        change, target = _read_change(line)
        platform, text = line["platform"], line.get("text", "")
        text = clean_text(read_mrkdwn(text) if platform == "slack" else text)
        author = _read_name(line.get("author", ""))
        key = MessageKey(*(_read_name(part) for part in (platform, self.name, line["chat"], target)))
        reply_to = line.get("reply_to")
        return [
            Version(
                key=key,
                change=change,
                at=at,
                author=Author(author, author),
                text="" if change is Change.DELETED else text,
                reply_to=_read_name(reply_to) if reply_to else None,
                attachments=_read_attachments(line),
                sent_at=_read_time(line, "sent_at") if "sent_at" in line else None,
                part=_read_name(line.get("part", "")),
                link=_read_name(line.get("link", "")),
            )
        ]


def _read_name(name: str) -> str:
    """A name or id as it is kept: one that no index could hold by its beginning and its hash, so that none is lost."""
    name = clean_text(name)
    if len(name.encode()) <= _LONGEST_NAME:
        return name
    return f"{name[:_SHOWN]}…{sha256(name.encode()).hexdigest()[:16]}"


def _parse(payload: str) -> dict[str, Any]:
    try:
        line = json.loads(payload)
    except (ValueError, RecursionError):
        raise UpdateError("it is not valid JSON") from None
    if not isinstance(line, dict):
        raise UpdateError("it is no JSON object")
    for key in ("reply_to", "edit_of", "delete_of", "sent_at", "part", "link"):
        if line.get(key) in (None, ""):
            line.pop(key, None)
    for key in ("message_id", "reply_to", "edit_of", "delete_of", "part"):
        if type(line.get(key)) is int:
            line[key] = str(line[key])
    for key in _TEXTS:
        if key in line and not isinstance(line[key], str):
            raise UpdateError(f"{key} is not text")
    changes = "edit_of" in line or "delete_of" in line
    needed = ("ts", "platform", "chat", *(() if changes else ("author", "message_id")))
    needed = needed if "delete_of" in line else (*needed, "text")
    missing = [key for key in needed if key not in line or (line[key] == "" and key != "text")]
    if missing:
        raise UpdateError(f"{', '.join(missing)} is missing")
    return line


def _read_time(line: dict[str, Any], key: str) -> datetime:
    try:
        at = datetime.fromisoformat(line[key])
    except (TypeError, ValueError):
        raise UpdateError(f"{key} is no ISO 8601 time") from None
    if at.tzinfo is None:
        raise UpdateError(f"{key} has no offset, such as +00:00")
    try:
        # a day's room on either side, so that every zone can show it
        (at.astimezone(UTC) - timedelta(days=1), at.astimezone(UTC) + timedelta(days=1))
        return at.astimezone(UTC)
    except OverflowError:
        raise UpdateError(f"{key} is out of range") from None


def _read_change(line: dict[str, Any]) -> tuple[Change, str]:
    if "edit_of" in line and "delete_of" in line:
        raise UpdateError("it has both edit_of and delete_of")
    if "edit_of" in line:
        return Change.EDITED, line["edit_of"]
    if "delete_of" in line:
        return Change.DELETED, line["delete_of"]
    return Change.SENT, line["message_id"]


def _read_attachments(line: dict[str, Any]) -> tuple[Attachment, ...]:
    attachments = line.get("attachments") or []
    if not isinstance(attachments, list) or not all(isinstance(entry, dict) for entry in attachments):
        raise UpdateError("attachments is no list of objects")
    return tuple(
        Attachment(clean_text(str(entry.get("kind") or "file")), clean_text(str(entry.get("name") or "")))
        for entry in attachments
    )


def write_transcript(record: Record) -> Iterator[str]:
    """The lines of a transcript that gives a meeting's report again, in the order of their time.

    What is off the record is not in it, nor is a command that was refused: a replay would take it.
    """
    hidden = gather(record).off_record
    taken = {step.message for step in record.steps}
    lines = [
        (in_time(version.at, message.key), index, _write_version(message, version, index))
        for message in record.messages
        if message.key not in hidden and (message.key in taken or not _takes_a_step(message))
        for index, version in enumerate(message.versions)
    ]
    for _, _, line in sorted(lines, key=lambda entry: entry[:2]):
        yield json.dumps(line, ensure_ascii=False)


def _takes_a_step(message: Message) -> bool:
    command = read_command(message.first_text)
    return command is not None and command[0] in {PACKAGE, *(kind.value for kind in StepKind)}


def _write_version(message: Message, version: Version, index: int) -> dict[str, Any]:
    key = message.key
    # a wording that was off the record stays so, also where the message is on the record now
    text = "" if any(note.kind is NoteKind.OFFRECORD for note in cut_text(version.text)) else version.text
    line: dict[str, Any] = {
        "ts": version.at.isoformat(),
        "platform": key.platform,
        "chat": key.chat,
        "author": version.author.name,
        "message_id": key.id if version.change is Change.SENT else f"{key.id}.{index}",
        "text": write_mrkdwn(text) if key.platform == "slack" else text,
    }
    if version.reply_to:
        line["reply_to"] = version.reply_to
    if version.change is not Change.SENT:
        line["edit_of" if version.change is Change.EDITED else "delete_of"] = key.id
    if version.attachments:
        line["attachments"] = [{"kind": attachment.kind, "name": attachment.name} for attachment in version.attachments]
    if version.sent_at:
        line["sent_at"] = version.sent_at.isoformat()
    if version.part:
        line["part"] = version.part
    if version.link:
        line["link"] = version.link
    return line
