"""What the desk did and who, for its own pages and for the provenance of each note. Pure; placement calls it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from zoneinfo import ZoneInfo

from core.meetings import Step, StepKind
from core.messages import Message, MessageKey
from core.tags import find_tags
from core.text import shorten_text
from reports.asking import file_as_asked
from reports.attribution import omit_speakers
from reports.decisions import Decision
from reports.file_names import is_file_name
from reports.gathering import Filing, stand_at
from reports.lapsing import is_same_note
from reports.report import Former, Grid
from reports.ruling import Desk
from reports.targets import NoteId, changed_at, list_spots, map_filings, name_note, name_spot

_BRIEF = 40

Words = Mapping[str, str]
Labels = Mapping[NoteId, str]


def list_kept(desk: Desk) -> Mapping[str, datetime]:
    """When the desk last decided to keep a note, by the note's name."""
    return {name_note(d.note): d.step.at for d in desk.list_holding() if d.kind is StepKind.KEEP}


def tell_history(desk: Desk, labels: Labels, words: Words) -> Grid | None:
    """All decisions with time, who and the words that stood there before; None where there are none.

    Under the Chatham House Rule without who.
    """
    teller = _Teller(desk, labels, words)
    rows = []
    for entry in _list_entries(desk, teller):
        what = teller.tell(entry.decision)
        if entry.undone:
            what = words["history_undo"].format(what=what)
        who = [teller.name_author(entry.step)] * teller.is_named
        rows.append((teller.tell_time(entry.step.at), *who, what, entry.former))
    if not rows:
        return None
    heads = ("time", *["history_who"] * teller.is_named, "history_what", "history_words")
    return Grid("", tuple(words[head] for head in heads), tuple(rows))


def list_former(desk: Desk, labels: Labels) -> tuple[Former, ...]:
    """Words that stand in no part: of notes that were merged or reworded, or given by the desk in vain; each once."""
    teller = _Teller(desk, labels, {})
    held, lapsed = ({id(d) for d in decisions} for decisions in (desk.list_holding(), desk.list_lapsed()))
    former = []
    for entry in _list_entries(desk, teller):
        decision, name = entry.decision, name_note(entry.gone)
        if decision.words and id(decision) in held:
            former.append(Former("reworded", name, entry.gone[0].id, entry.former))
        elif decision.words and id(decision) in lapsed:
            former.append(Former("lapsed", name, entry.gone[0].id, teller.omit_names(entry.gone, decision.words.text)))
        elif decision.other and id(decision) in held:
            into = teller.name(decision.note, entry.step.at)
            former.append(Former("merged", name, entry.gone[0].id, entry.former, into))
    for decision in _list_overtaken(desk, teller):
        note = decision.notes[-1]
        former.append(Former("overtaken", name_note(note), note[0].id, teller.read_now(note)))
    return tuple(dict.fromkeys(one for one in former if one.text))


def tell_lapsed(desk: Desk, labels: Labels, words: Words) -> tuple[str, ...]:
    """The decisions that hold no longer: what was decided, on which words, and what its author made of these."""
    teller = _Teller(desk, labels, words)
    # of two notes the one that is another now
    return tuple(
        teller.tell_both(d, next((n for n in reversed(d.notes) if teller.is_changed(n, d.step.at)), d.note))
        for d in desk.list_lapsed()
    )


def tell_overtaken(desk: Desk, labels: Labels, words: Words) -> tuple[str, ...]:
    """The decisions that hold, though an author changed the words that they replaced: these stand nowhere else."""
    teller = _Teller(desk, labels, words)
    return tuple(teller.tell_both(decision, decision.notes[-1]) for decision in _list_overtaken(desk, teller))


def _list_overtaken(desk: Desk, teller: "_Teller") -> list[Decision]:
    last = {d.notes[-1]: d for d in desk.list_holding() if d.words or d.other}
    return [decision for note, decision in last.items() if teller.is_reworded(note, decision.step.at)]


@dataclass(frozen=True, slots=True)
class _Entry:
    """A decision, or that it was taken back by this step, with the words of the note `gone` that stood there before."""

    step: Step
    decision: Decision
    undone: bool
    gone: NoteId
    former: str


def _list_entries(desk: Desk, teller: "_Teller") -> Iterator[_Entry]:
    wordings: dict[NoteId, list[Decision]] = {}
    for ruling in desk.rulings:
        decision = ruling.decision or ruling.undone
        if decision is None or not desk.may_show(decision) or ruling.step.message in desk.gathered.off_record:
            continue
        edits = wordings.setdefault(decision.note, [])
        # of a merge it is the second note whose words stand here alone
        gone = decision.other or decision.note
        former = teller.read_words(gone, ruling.step.at, wordings.get(gone, ()))
        if decision.words and ruling.undone:
            former = teller.omit_names(gone, decision.words.text)
            edits.remove(decision)
        elif decision.words:
            edits.append(decision)
        yield _Entry(ruling.step, decision, ruling.undone is not None, gone, former)


def tell_decisions(desk: Desk, labels: Labels, words: Words) -> Mapping[NoteId, tuple[str, ...]]:
    """For each note the decisions on it that hold, a line each."""
    teller = _Teller(desk, labels, words)
    lines: dict[NoteId, tuple[str, ...]] = {}
    for decision in desk.list_holding():
        step = decision.step
        by = ", ".join(filter(None, (teller.name_author(step), teller.tell_time(step.at))))
        line = f"{teller.tell(decision)} ({by})"
        lines[decision.note] = (*lines.get(decision.note, ()), line)
    return lines


@dataclass
class _Teller:
    """Says in the report's language what was decided. Notes that were withdrawn since are told without their words."""

    desk: Desk
    labels: Labels
    words: Words

    def tell(self, decision: Decision) -> str:
        """What was decided."""
        note = self.name(decision.note, decision.step.at)
        match decision.kind:
            case StepKind.MOVE:
                return self.words["history_move"].format(note=note, part=self._name_target(decision))
            case StepKind.MERGE if decision.other:
                other, filing = self.name(decision.other, decision.step.at), self._filed.get(decision.other)
                if filing and self.is_named:
                    message = filing.message
                    other = f"{other} ({message.author.name}, {self.tell_time(message.sent_at)})"
                return self.words["history_merge"].format(other=other, note=note)
            case kind:
                return self.words[f"history_{kind}"].format(note=note)

    def tell_time(self, at: datetime) -> str:
        """A time as the meeting has it."""
        return f"{at.astimezone(ZoneInfo(self.desk.record.meeting.zone)):%Y-%m-%d %H:%M}"

    def name_author(self, step: Step) -> str:
        """Who gave a command."""
        message = self._messages.get(step.message)
        return message.author.name if message else ""

    @property
    def is_named(self) -> bool:
        """Whether people may be named."""
        return self.desk.record.meeting.rule != "chatham"

    def name(self, note: NoteId, at: datetime) -> str:
        """A note's number, or the beginning of its words at a time."""
        return self.labels.get(note) or f"“{shorten_text(self.read_words(note, at), _BRIEF)}”"

    def read_words(self, note: NoteId, at: datetime, edits: Sequence[Decision] = ()) -> str:
        """A note's words at a time, after these edits of the desk; "" where it was withdrawn since."""
        wording = edits[-1].words if edits else None
        if wording:
            return self.omit_names(note, wording.text)
        filing, message = self._filed.get(note), self._messages.get(note[0])
        if filing and changed_at(filing) <= at:
            return self.omit_names(note, filing.text)
        if message is None or note[0] in self.desk.gathered.withdrawn:
            return ""
        then, notes = stand_at(message, self.desk.record.notes.get(note[0], ()), at)
        asks = [ask for asked_at, ask in self.desk.gathered.asks.get(note[0], ()) if asked_at <= at]
        was = next((n for n in file_as_asked(then, notes, asks) if n.place == note[1]), None)
        return self.omit_names(note, was.text if was else then.text, nonattrib=was is not None and was.nonattrib)

    def read_now(self, note: NoteId) -> str:
        """What its author's words are now, filed or not."""
        filing, message = self._filed.get(note), self._messages.get(note[0])
        return self.omit_names(note, filing.text if filing else message.text if message else "")

    def tell_both(self, decision: Decision, note: NoteId) -> str:
        """A decision, with the words that it gave this note, or was made on, and those of its author now."""
        said = decision.words.text if decision.words else self.read_words(note, decision.step.at)
        told = filter(None, (self.omit_names(note, said), self.read_now(note)))
        return " – ".join((self.tell(decision), *(self.words["quoted"].format(text=text) for text in told)))

    def is_reworded(self, note: NoteId, since: datetime) -> bool:
        """Whether its author gave it other words."""
        filing = self._filed.get(note)
        return filing is not None and changed_at(filing) > since and self.read_words(note, since) != self.read_now(note)

    def is_changed(self, note: NoteId, since: datetime) -> bool:
        """Whether its author made another note of it."""
        message = self._messages.get(note[0])
        return message is not None and not is_same_note(message, note[1], since)

    def omit_names(self, note: NoteId, text: str, *, nonattrib: bool = False) -> str:
        """Words of a note, without speakers and names of files where these may not be told."""
        filing, message = self._filed.get(note), self._messages.get(note[0])
        if not self.is_named and message and is_file_name(text, message.attachments):
            return "…"
        nonattrib |= not self.is_named or (filing is not None and filing.nonattrib)
        nonattrib |= any(tag.meaning.key == "nonattrib" for tag in find_tags(text))
        return omit_speakers(text) if nonattrib else text

    def _name_target(self, decision: Decision) -> str:
        """The parts that a note was moved to; the tag, where the template has none for it any more."""
        desk, filing = self.desk, self._filed.get(decision.note)
        if filing:
            session = desk.gathered.sessions.find(decision.session) if decision.session else filing.session
            filing = replace(filing, tags=(decision.tag,), session=session)
        spots = list_spots(filing, desk.template) if filing else ()
        language = desk.record.meeting.language
        return ", ".join(name_spot(spot, desk.template, language) for spot in spots) or f"#{decision.tag}"

    @cached_property
    def _filed(self) -> Mapping[NoteId, Filing]:
        return map_filings(self.desk.gathered)

    @cached_property
    def _messages(self) -> Mapping[MessageKey, Message]:
        return {message.key: message for message in self.desk.record.messages}
