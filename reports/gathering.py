"""Going through a meeting's messages in the order of their time: what is to be filed, and in which session.

Pure. The first half of placement; it knows tags and sessions (rules.md, sections 3, 4 and 6), but no template.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from core.cutting import bare_words
from core.meetings import SETTINGS, Record, StepKind
from core.messages import Author, Message, MessageKey
from core.notes import Note, NoteKind, Problem
from core.sessions import Session, SessionLog
from core.tags import vocabulary

# an untagged message this soon after its author's note may continue it (rules.md, section 3)
CONTINUES_WITHIN = timedelta(minutes=5)
_NUMBERS = re.compile(r"(\d+)")


@dataclass(frozen=True, slots=True)
class Filing:
    """A note that is to stand in the report, before it is known where."""

    message: Message
    place: int
    tags: tuple[str, ...]
    text: str
    attributes: Mapping[str, Any]
    session: Session | None
    nonattrib: bool
    edited: bool
    hint: str | None = None

    @property
    def id(self) -> tuple[MessageKey, int]:
        """What the note is known by in every draft."""
        return self.message.key, self.place


@dataclass(frozen=True, slots=True)
class Doubt:
    """A remark that a person must look at."""

    problem: Problem
    message: Message
    text: str
    suggestions: tuple[str, ...] = ()


@dataclass(slots=True)
class Gathered:
    """All that a meeting's messages come to. Lists are in the order of time."""

    filings: list[Filing] = field(default_factory=list)
    annexes: dict[str, list[Filing]] = field(default_factory=dict)
    fields: dict[str, str] = field(default_factory=dict)
    late: list[Filing] = field(default_factory=list)
    doubts: list[Doubt] = field(default_factory=list)
    sessions: SessionLog = field(default_factory=SessionLog)


@dataclass(slots=True)
class _Replies:
    """What replies ask of other messages: to withdraw them, or to file them under more tags."""

    withdrawn: set[MessageKey] = field(default_factory=set)
    asks: dict[MessageKey, list[Note]] = field(default_factory=dict)


def gather(record: Record) -> Gathered:
    """Go through the messages of a meeting in the order of their time, whatever their order in the record."""
    messages = sorted((m for m in record.messages if m.deleted_at is None), key=_order)
    known = {m.key: m for m in record.messages}
    gatherer = _Gatherer(record, Gathered(), _Replies())
    gatherer.read_replies(messages, known)
    for message in messages:
        gatherer.take(message)
    gathered = gatherer.gathered
    gathered.filings = [_with_hint(filing, gathered.sessions) for filing in gathered.filings]
    gathered.doubts.sort(key=lambda doubt: _order(doubt.message))
    gathered.fields = _fields(record, gatherer.given)
    return gathered


def _order(message: Message) -> tuple[datetime, str, str, list[tuple[int, str]]]:
    """Time as an instant, then the place in the chat: ids compare by the numbers in them."""
    parts = _NUMBERS.split(message.key.id)
    natural = [(int(part), "") if part.isdecimal() else (-1, part) for part in parts]
    return message.sent_at, message.key.platform, message.key.chat, natural


def _fields(record: Record, given: Iterable[tuple[datetime, str, str]]) -> dict[str, str]:
    """The metadata fields: the last one given wins, by a tag or by a command; what is pinned wins over all."""
    steps = [
        (step.at, key, value)
        for step in record.steps
        if step.kind in (StepKind.OPEN, StepKind.SET)
        for key, value in step.values.items()
        if key == "title" or key not in SETTINGS
    ]
    fields = {key: value for _, key, value in sorted([*steps, *given], key=lambda entry: entry[0])}
    return {**fields, **({"title": record.meeting.pinned["title"]} if "title" in record.meeting.pinned else {})}


def _with_hint(filing: Filing, sessions: SessionLog) -> Filing:
    """The filing in the session that a bare code (`#3B`) names, if the meeting has such a session."""
    session = sessions.find(filing.hint) if filing.hint else None
    if session is None:
        return filing
    code = re.compile(rf"\s*[#＃﹟]{re.escape(filing.hint or '')}(?![^\W_])\s*", re.IGNORECASE)
    text = filing.text
    for match in code.finditer(filing.text):
        if match.start() == 0 or match.end() == len(filing.text):
            text = (filing.text[: match.start()] + filing.text[match.end() :]).strip()
            break
    return replace(filing, session=session, text=text or filing.text)


@dataclass(slots=True)
class _Gatherer:
    record: Record
    gathered: Gathered
    replies: _Replies
    given: list[tuple[datetime, str, str]] = field(default_factory=list)
    # the list and the index in it of what each author said last in each chat, with its time
    last: dict[tuple[Author, str], tuple[list[Any], int, datetime]] = field(default_factory=dict)

    def read_replies(self, messages: Iterable[Message], known: Mapping[MessageKey, Message]) -> None:
        """Find what replies ask of other messages, before any message is taken."""
        for message in messages:
            for note in self.record.notes.get(message.key, ()):
                if note.kind is not NoteKind.REPLY or message.reply_to is None:
                    continue
                target = message.key._replace(id=message.reply_to)
                if target not in known or not known[target].seen:
                    self.gathered.doubts.append(Doubt(Problem.UNKNOWN_REPLY, message, message.text))
                elif note.tags == ("ignore",):
                    self.replies.withdrawn.add(target)
                else:
                    self.replies.asks.setdefault(target, []).append(note)

    def doubt(self, problem: Problem, message: Message, text: str, suggestions: tuple[str, ...] = ()) -> None:
        self.gathered.doubts.append(Doubt(problem, message, text, suggestions))
        self.remember(message, self.gathered.doubts)

    def remember(self, message: Message, where: list[Any]) -> None:
        self.last[message.author, message.key.chat] = (where, len(where) - 1, message.sent_at)

    def take(self, message: Message) -> None:
        """File one message's notes."""
        notes = self.record.notes.get(message.key, ())
        if message.key in self.replies.withdrawn or any(n.kind is NoteKind.OFFRECORD for n in notes):
            return
        if not message.seen:
            if notes:
                self.doubt(Problem.ORPHAN_EDIT, message, message.text)
            return
        asks = self.replies.asks.get(message.key, [])
        if asks:
            notes = _file_as_asked(message, notes, asks)
        closed_at = self.record.meeting.closed_at
        late = closed_at is not None and message.sent_at > closed_at
        for note in notes:
            if late and note.kind in _LATE_KINDS:
                self.file(self.gathered.late, message, _as_note(note), session=None)
            elif not late or note.kind in (NoteKind.REVIEW, NoteKind.TALK):
                self.take_note(message, note)

    def take_note(self, message: Message, note: Note) -> None:
        """One note by what it asks for."""
        log, chat, at = self.gathered.sessions, message.key.chat, message.sent_at
        match note.kind:
            case NoteKind.NOTE:
                named = log.name(note.session, message.author, at) if note.session else None
                self.file(self.gathered.filings, message, note, named or log.current(message.author, chat))
            case NoteKind.SESSION:
                log.open(note.session or "", note.text, message.author, chat, at)
            case NoteKind.THEME:
                session = log.current(message.author, chat)
                if session:
                    session.theme = note.text
                else:
                    self.doubt(Problem.NO_SESSION, message, message.text)
            case NoteKind.ENDSESSION:
                log.end(message.author, chat)
            case NoteKind.FIELD:
                self.given.append((at, vocabulary().tags[note.tags[0]].fills, note.text))
            case NoteKind.ANNEX:
                annex = vocabulary().tags[note.tags[0]].fills
                self.file(self.gathered.annexes.setdefault(annex, []), message, note, session=None)
            case NoteKind.TALK:
                self.continue_note(message, note)
            case NoteKind.REVIEW if note.problem:
                self.doubt(note.problem, message, note.text or _name_attachments(message), note.suggestions)

    def file(self, where: list[Filing], message: Message, note: Note, session: Session | None) -> None:
        where.append(
            Filing(
                message=message,
                place=note.place,
                tags=note.tags,
                text=note.text,
                attributes=note.attributes,
                session=session,
                nonattrib=note.nonattrib or self.record.meeting.rule == "chatham",
                edited=message.edited_at is not None,
                hint=note.hint,
            )
        )
        self.remember(message, where)

    def continue_note(self, message: Message, note: Note) -> None:
        """Put talk that starts with an ellipsis behind its author's note above, if that is fresh."""
        where, index, at = self.last.get((message.author, message.key.chat), ([], 0, message.sent_at))
        if where and message.sent_at - at <= CONTINUES_WITHIN:
            where[index] = replace(where[index], text=f"{where[index].text} {note.text}")
            self.last[message.author, message.key.chat] = (where, index, message.sent_at)


_LATE_KINDS = (NoteKind.NOTE, NoteKind.FIELD, NoteKind.ANNEX, NoteKind.SESSION, NoteKind.THEME)


def _as_note(note: Note) -> Note:
    """A late remark as it is listed: what a session's tag said is its label and title."""
    if note.kind is not NoteKind.SESSION:
        return note
    return replace(note, tags=("session",), text=f"{note.session}: {note.text}" if note.text else note.session or "")


def _name_attachments(message: Message) -> str:
    return ", ".join(f"{attachment.kind}: {attachment.name}" for attachment in message.attachments)


def _file_as_asked(message: Message, notes: tuple[Note, ...], asks: list[Note]) -> tuple[Note, ...]:
    """The notes of a message with the tags that replies to it give: its own notes get more, talk becomes a note.

    What waited for review with words in it is settled by such a reply.
    """
    tags = tuple(dict.fromkeys(tag for ask in asks for tag in ask.tags))
    extra: dict[str, Any] = {}
    for ask in asks:
        for name, values in ask.attributes.items():
            extra[name] = [*extra.get(name, []), *(v for v in values if v not in extra.get(name, []))]
    named = next((ask.session for ask in asks if ask.session), None)
    nonattrib = any(ask.nonattrib for ask in asks)

    def asked(note: Note, text: str) -> Note:
        return replace(
            note,
            kind=NoteKind.NOTE,
            tags=tuple(dict.fromkeys([*note.tags, *tags])),
            text=text,
            attributes={**note.attributes, **extra},
            session=note.session or named,
            nonattrib=note.nonattrib or nonattrib,
            problem=None,
        )

    unsettled = [n for n in notes if n.kind is NoteKind.REVIEW and tags and bare_words(n.text)]
    if any(note.kind is NoteKind.NOTE for note in notes) or unsettled:
        return tuple(
            asked(note, note.text)
            if note.kind is NoteKind.NOTE
            else asked(note, bare_words(note.text))
            if note in unsettled
            else note
            for note in notes
        )
    words = bare_words(message.text)
    if not tags or not words:
        return notes
    kept = tuple(note for note in notes if note.kind is not NoteKind.TALK)
    return (*kept, asked(Note(len(notes), NoteKind.NOTE), words))
