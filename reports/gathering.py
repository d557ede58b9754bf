"""Going through a meeting's messages in the order of their time: what is to be filed, and in which session.

Pure. The first half of placement; it knows tags and sessions (rules.md, sections 3, 4 and 6), but no template.
"""

import re
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from core.cutting import cut_message
from core.meetings import REPLY_TO, SETTINGS, Record, StepKind, steps_taken
from core.messages import Author, Message, MessageKey, fold, in_time
from core.notes import Note, NoteKind, Problem
from core.segments import bare_words
from core.sessions import Session, SessionLog, number_of
from core.tags import find_tags, vocabulary
from reports.asking import file_as_asked, is_settled, lacks_words
from reports.attribution import omit_speakers
from reports.file_names import is_file_name, number_file

# an untagged message this soon after its author's note may continue it (rules.md, section 3)
CONTINUES_WITHIN = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Filing:
    """A note that is to stand in the report, before it is known where. `joined` are those that the desk put to it."""

    message: Message
    place: int
    tags: tuple[str, ...]
    text: str
    attributes: Mapping[str, Any]
    session: Session | None
    nonattrib: bool
    edited: bool
    hint: str | None = None
    joined: tuple["Filing", ...] = ()

    @property
    def id(self) -> tuple[MessageKey, int]:
        """What the note is known by in every draft."""
        return self.message.key, self.place


@dataclass(frozen=True, slots=True)
class Doubt:
    """A remark that a person must look at; `place` is its own in the message, None where it is no note."""

    problem: Problem
    message: Message
    text: str
    suggestions: tuple[str, ...] = ()
    place: int | None = None


@dataclass(frozen=True, slots=True)
class Given:
    """A value given to a metadata field by a tag."""

    message: Message
    tags: tuple[str, ...]
    text: str
    fills: str


@dataclass(slots=True)
class Gathered:
    """All that a meeting's messages come to. Lists are in the order of time.

    `off_record` are the messages that no draft and no export may show or speak of. `asks` are what replies ask of other
    messages, with the time of each; `dropped` is what the desk took out. `withdrawn` are messages that their authors
    took back. `unfiled` are remarks without a part, as far as the desk decided on their messages.
    """

    filings: list[Filing] = field(default_factory=list)
    annexes: dict[str, list[Filing]] = field(default_factory=dict)
    given: list[Given] = field(default_factory=list)
    fields: dict[str, str] = field(default_factory=dict)
    late: list[Filing] = field(default_factory=list)
    doubts: list[Doubt] = field(default_factory=list)
    sessions: SessionLog = field(default_factory=SessionLog)
    off_record: set[MessageKey] = field(default_factory=set)
    asks: Mapping[MessageKey, Sequence[tuple[datetime, Note]]] = field(default_factory=dict)
    dropped: list[Filing] = field(default_factory=list)
    withdrawn: set[MessageKey] = field(default_factory=set)
    unfiled: dict[tuple[MessageKey, int], Filing] = field(default_factory=dict)


@dataclass(slots=True)
class _Replies:
    """What replies ask of other messages: to withdraw them, or to file them under more tags.

    `lenders` are messages of files alone, by those replies that have words for the files; `spoken_for` has the times
    of such replies.
    """

    withdrawn: set[MessageKey] = field(default_factory=set)
    off_record: set[MessageKey] = field(default_factory=set)
    asks: dict[MessageKey, list[tuple[datetime, Note]]] = field(default_factory=dict)
    targets: dict[MessageKey, MessageKey] = field(default_factory=dict)
    lenders: dict[MessageKey, Message] = field(default_factory=dict)
    spoken_for: dict[MessageKey, list[datetime]] = field(default_factory=dict)


@dataclass(slots=True)
class _Last:
    """What an author said last in a chat: its place in a list; None where what continues it is off the record too."""

    where: list[Any] | None
    index: int
    at: datetime


def gather(record: Record) -> Gathered:
    """Go through the messages of a meeting in the order of their time, whatever their order in the record."""
    messages = sorted(record.messages, key=lambda m: in_time(m.sent_at, m.key))
    gatherer = _Gatherer(record, Gathered(), _Replies(), _list_decided_on(record))
    gatherer.read_replies(messages)
    gatherer.read_lenders(messages)
    for message in messages:
        gatherer.take(message)
    gathered = gatherer.gathered
    gathered.off_record |= gatherer.replies.off_record
    gathered.asks = gatherer.replies.asks
    gathered.withdrawn = gatherer.replies.withdrawn | {m.key for m in messages if m.deleted_at is not None}
    gathered.off_record |= {key for key, target in gatherer.replies.targets.items() if target in gathered.off_record}
    gathered.filings = [_with_hint(filing, gathered.sessions) for filing in gathered.filings]
    gathered.doubts.sort(key=lambda doubt: in_time(doubt.message.sent_at, doubt.message.key))
    gathered.fields = _fields(record, gathered.given)
    return gathered


def _list_decided_on(record: Record) -> set[MessageKey]:
    """The messages that commands of the desk reply to."""
    return {s.message._replace(id=s.values[REPLY_TO]) for s in record.steps if REPLY_TO in s.values}


def stand_at(message: Message, notes: tuple[Note, ...], at: datetime) -> tuple[Message, tuple[Note, ...]]:
    """A message and its notes as they stood at a time not before it was sent, by the times that platforms gave."""
    if all(version.at <= at for version in message.versions):
        return message, notes
    arrived = [version for version in message.versions if version.at <= at]
    if not arrived:
        # only a later edit of it is known, not what it said then
        return message, ()
    then = fold(arrived)
    # a command stays one, whatever its message was edited to
    is_command = not notes and message.first_text.startswith("/")
    return then, notes if is_command else cut_message(then)


def _fields(record: Record, given: Iterable[Given]) -> dict[str, str]:
    """The metadata fields: the last one given wins, by a tag or by a command; what is pinned wins over all."""
    values = [
        (in_time(step.at, step.message), key, value)
        for step in steps_taken(record.steps)
        if step.kind in (StepKind.OPEN, StepKind.SET)
        for key, value in step.values.items()
        if key == "title" or key not in SETTINGS
    ]
    values += [(in_time(g.message.sent_at, g.message.key), g.fills, g.text) for g in given]
    fields = {key: value for _, key, value in sorted(values, key=lambda entry: entry[0])}
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
    decided_on: Set[MessageKey]
    threads: dict[MessageKey, Session] = field(default_factory=dict)
    last: dict[tuple[tuple[str, ...], Author], _Last] = field(default_factory=dict)
    unnamed: dict[tuple[MessageKey, str], int] = field(default_factory=dict)

    def read_replies(self, messages: Sequence[Message]) -> None:
        """Find what replies ask of other messages, before any message is taken."""
        replies = [
            (message, note, message.key._replace(id=message.reply_to))
            for message in messages
            if message.deleted_at is None and message.reply_to is not None
            for note in self.record.notes.get(message.key, ())
            if note.kind in (NoteKind.REPLY, NoteKind.OFFRECORD)
        ]
        self.replies.targets = {message.key: target for message, _, target in replies}
        # from the last on: a reply that was itself withdrawn asks for nothing
        for message, note, target in reversed(replies):
            if note.tags == ("ignore",) and message.key not in self.replies.withdrawn:
                self.replies.withdrawn.add(target)
        replies = [entry for entry in replies if entry[0].key not in self.replies.withdrawn]
        # words beside #offrecord are what it is about; alone it is about the message replied to
        self.replies.off_record = {m.key for m in messages if self.is_off_record(m)} | {
            target for message, note, target in replies if self.is_off_record(message) and not bare_words(message.text)
        }
        known = {m.key for m in messages if m.seen} | self.replies.off_record
        for message, note, target in replies:
            if note.kind is NoteKind.OFFRECORD:
                continue
            if target not in known:
                self.gathered.doubts.append(Doubt(Problem.UNKNOWN_REPLY, message, message.text))
            elif note.tags != ("ignore",):
                self.replies.asks.setdefault(target, []).append((message.sent_at, note))

    def read_lenders(self, messages: Sequence[Message]) -> None:
        """Find the files without words that replies with a note speak for, once it is known what was withdrawn."""
        gone = self.replies.off_record | self.replies.withdrawn
        standing = {m.key: m for m in messages if m.seen and m.deleted_at is None and m.key not in gone}
        for message in standing.values():
            lender = standing.get(message.key._replace(id=message.reply_to)) if message.reply_to else None
            notes = self.record.notes.get(message.key, ())
            if lender and any(note.kind in _LENT_TO for note in notes) and self.may_lend(lender):
                self.replies.lenders[message.key] = lender
                self.replies.spoken_for.setdefault(lender.key, []).append(message.sent_at)

    def may_lend(self, message: Message) -> bool:
        """Whether a message is files without words that are filed nowhere, at the close or now."""
        notes, closed_at = self.record.notes.get(message.key, ()), self.record.meeting.closed_at
        if closed_at and message.sent_at <= closed_at:
            message, notes = stand_at(message, notes, closed_at)
        return lacks_words(message) and not any(note.kind in _LENT_TO for note in notes)

    def is_off_record(self, message: Message) -> bool:
        return any(note.kind is NoteKind.OFFRECORD for note in self.record.notes.get(message.key, ()))

    def take(self, message: Message) -> None:
        """File one message's notes."""
        notes = self.record.notes.get(message.key, ())
        if message.key in self.replies.off_record:
            self.hide(message)
        elif message.deleted_at is not None or message.key in self.replies.withdrawn:
            # what continued it goes with it, and not to the note above it
            if any(note.kind is not NoteKind.TALK for note in notes):
                self.forget(message)
        elif message.seen:
            self.take_notes(message, notes)
        elif any(note.kind is not NoteKind.TALK for note in notes):
            self.doubt(Problem.ORPHAN_EDIT, message, message.text)

    def take_notes(self, message: Message, notes: tuple[Note, ...]) -> None:
        """File notes as of the close; what came later is listed as late. A note that was withdrawn is gone in both."""
        asks = self.replies.asks.get(message.key, [])
        closed_at = self.record.meeting.closed_at
        if not notes and bare_words(message.text) and not message.first_text.startswith("/"):
            self.set_aside(message, Note(0, NoteKind.TALK, text=bare_words(message.text)))
        spoken_for = any(closed_at is None or at <= closed_at for at in self.replies.spoken_for.get(message.key, ()))
        notes = tuple(note for note in notes if not (spoken_for and is_settled(note)))
        wanted = file_as_asked(message, notes, [note for _, note in asks]) if asks else notes
        if closed_at is None:
            for note in wanted:
                self.take_note(message, note)
            return
        settled: tuple[Note, ...] = ()
        if wanted and message.sent_at <= closed_at:
            then, old = stand_at(message, notes, closed_at)
            old = tuple(note for note in old if not (spoken_for and is_settled(note)))
            settled = file_as_asked(then, old, [note for at, note in asks if at <= closed_at])
            for note in settled:
                self.take_note(then, note)
        known = [replace(note, place=0) for note in settled]
        for note in wanted:
            if replace(note, place=0) not in known:
                self.take_late(message, note)

    def take_late(self, message: Message, note: Note) -> None:
        """A note that came after the close."""
        if note.kind in _LATE_KINDS:
            self.file(self.gathered.late, message, _as_note(note), self.late_session(message, note))
        elif note.kind in (NoteKind.REVIEW, NoteKind.TALK):
            self.take_note(message, note)

    def late_session(self, message: Message, note: Note) -> Session | None:
        """Where a late note would belong; one that names an unknown session does not make a block for it."""
        log = self.gathered.sessions
        if note.kind is not NoteKind.NOTE:
            return None
        if not note.session:
            return log.current(message.author, message.key[:3])
        named = Session(note.session, number_of(note.session), message.sent_at, message.author, open=False)
        return log.find(note.session) or named

    def take_note(self, message: Message, note: Note) -> None:
        """One note by what it asks for."""
        log, chat, at = self.gathered.sessions, message.key[:3], message.sent_at
        match note.kind:
            case NoteKind.NOTE:
                named = log.name(note.session, message.author, at) if note.session else None
                # a reply to the message that opened a session stands in its thread
                thread = self.threads.get(message.key._replace(id=message.reply_to)) if message.reply_to else None
                self.file(self.gathered.filings, message, note, named or thread or log.current(message.author, chat))
            case NoteKind.SESSION:
                self.threads[message.key] = log.open(note.session or "", note.text, message.author, chat, at)
                self.forget(message)
            case NoteKind.THEME:
                session = log.current(message.author, chat)
                if session:
                    session.theme = note.text
                    self.forget(message)
                else:
                    self.doubt(Problem.NO_SESSION, message, message.text)
            case NoteKind.ENDSESSION:
                log.end(message.author, chat)
                self.forget(message)
            case NoteKind.FIELD:
                self.gathered.given.append(Given(message, note.tags, note.text, vocabulary().tags[note.tags[0]].fills))
                self.remember(message, self.gathered.given)
            case NoteKind.ANNEX:
                annex = vocabulary().tags[note.tags[0]].fills
                self.file(self.gathered.annexes.setdefault(annex, []), message, note, session=None)
            case NoteKind.TALK:
                self.continue_note(message, note)
            case NoteKind.REVIEW if note.problem:
                text = note.text or self.name_attachments(message)
                self.doubt(note.problem, message, text, note.suggestions, note.place)
                self.set_aside(message, replace(note, text=bare_words(note.text) or text))

    def file(self, where: list[Filing], message: Message, note: Note, session: Session | None) -> None:
        chatham = self.record.meeting.rule == "chatham"
        if chatham and "participants" in note.tags:
            return
        where.append(self.make_filing(message, note, session))
        self.remember(message, where)

    def make_filing(self, message: Message, note: Note, session: Session | None) -> Filing:
        """The note with what it needs to be placed; it names nobody under the Chatham House Rule."""
        chatham = self.record.meeting.rule == "chatham"
        lender = self.replies.lenders.get(message.key)
        if lender:
            message = replace(message, attachments=message.attachments + lender.attachments)
        return Filing(
            message=message,
            place=note.place,
            tags=note.tags,
            text=self.hide_file_name(message, note) if chatham else note.text,
            attributes=note.attributes,
            session=session,
            nonattrib=note.nonattrib or chatham,
            edited=message.edited_at is not None,
            hint=note.hint,
        )

    def hide_file_name(self, message: Message, note: Note) -> str:
        """The words of a note; what stands for them where they are names of files alone."""
        if not is_file_name(note.text, message.attachments):
            return note.text
        number = self.unnamed.setdefault((message.key, note.text), len(self.unnamed) + 1)
        return number_file(message.attachments, number, self.record.meeting.language)

    def set_aside(self, message: Message, note: Note) -> None:
        """Have at hand what has no part, for the desk to give it one or to take it out."""
        if message.key in self.decided_on:
            session = self.gathered.sessions.current(message.author, message.key[:3])
            self.gathered.unfiled[message.key, note.place] = self.make_filing(message, note, session)

    def doubt(
        self,
        problem: Problem,
        message: Message,
        text: str,
        suggestions: tuple[str, ...] = (),
        place: int | None = None,
    ) -> None:
        chatham = self.record.meeting.rule == "chatham"
        if chatham or any(tag.meaning.key == "nonattrib" for tag in find_tags(text)):
            text = omit_speakers(text)
        self.gathered.doubts.append(Doubt(problem, message, text, suggestions, place))
        self.remember(message, self.gathered.doubts)

    def name_attachments(self, message: Message) -> str:
        """What came without words; under the Chatham House Rule without names, which may be those of people."""
        named = self.record.meeting.rule != "chatham"
        return ", ".join(f"{a.kind}: {a.name}" if named else a.kind for a in message.attachments)

    def remember(self, message: Message, where: list[Any]) -> None:
        self.last[message.key[:3], message.author] = _Last(where, len(where) - 1, message.sent_at)

    def forget(self, message: Message) -> None:
        self.last.pop((message.key[:3], message.author), None)

    def hide(self, message: Message) -> None:
        self.gathered.off_record.add(message.key)
        self.last[message.key[:3], message.author] = _Last(None, 0, message.sent_at)

    def continue_note(self, message: Message, note: Note) -> None:
        """Put talk that starts with an ellipsis behind its author's note above, if that is fresh."""
        last = self.last.get((message.key[:3], message.author))
        if last is None or message.sent_at - last.at > CONTINUES_WITHIN:
            return
        closed_at = self.record.meeting.closed_at
        if last.where is None:
            self.hide(message)
        elif closed_at and message.sent_at > closed_at and last.where is not self.gathered.late:
            tags = getattr(last.where[last.index], "tags", ())
            if tags:
                self.file(self.gathered.late, message, replace(note, tags=tags), session=None)
        else:
            last.where[last.index] = replace(last.where[last.index], text=f"{last.where[last.index].text} {note.text}")
            last.at = message.sent_at


_LENT_TO = (NoteKind.NOTE, NoteKind.ANNEX)
_LATE_KINDS = (NoteKind.NOTE, NoteKind.FIELD, NoteKind.ANNEX, NoteKind.SESSION, NoteKind.THEME)


def _as_note(note: Note) -> Note:
    """A late remark as it is listed: what a session's tag said is its label and title."""
    if note.kind is NoteKind.THEME:
        return replace(note, tags=("theme",))
    if note.kind is not NoteKind.SESSION:
        return note
    return replace(note, tags=("session",), text=f"{note.session}: {note.text}" if note.text else note.session or "")
