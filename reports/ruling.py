"""Ruling on the desk's decisions: which note a command means, and whether it can be done. Pure.

`numbering` has every decision ruled on in the order of time, by the numbers that drafts had given by then.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property

from core.meetings import REPLY_TO, Record, Step, StepKind
from core.messages import Message, MessageKey
from core.notes import Note, NoteKind
from core.segments import bare_words
from core.tags import TagKind, read_tag
from reports.asking import file_as_asked
from reports.decisions import (
    NUMBER,
    SIGNS,
    WORDS,
    Decision,
    Refusal,
    RefusedError,
    Ruling,
    is_dropped,
    list_alone,
    read_label_of,
    read_wording,
)
from reports.duplicates import fold_text
from reports.gathering import Filing, Gathered, stand_at
from reports.lapsing import is_same_note, list_lapsed, list_still_held, map_standing
from reports.targets import NoteId, Numbers, Spot, changed_at, group_equals, list_prefixes, list_spots, map_filings
from reports.template import Template


@dataclass
class Desk:
    """The decisions of a record while they are ruled on, one after the other in the order of their time."""

    record: Record
    gathered: Gathered
    template: Template
    rulings: list[Ruling] = field(default_factory=list)
    active: list[Decision] = field(default_factory=list)
    _about: dict[NoteId, list[Decision]] = field(default_factory=dict)
    _numbered: dict[tuple[str, int], NoteId] = field(default_factory=dict)

    def rule(self, step: Step, numbers: Numbers) -> None:
        """Rule on a step of the desk; `numbers` are those that drafts had given by then."""
        try:
            ruling = self._undo(step, numbers) if step.kind is StepKind.UNDO else self._decide(step, numbers)
        except RefusedError as refused:
            ruling = Ruling(step, refusal=refused.refusal, typed=refused.typed, notes=refused.notes)
        self.rulings.append(ruling)
        for decision in filter(None, (ruling.decision, ruling.undone)):
            lists = [self.active, *(self._about.setdefault(n, []) for n in decision.notes)]
            for decisions in lists:
                if ruling.undone:
                    decisions.remove(decision)
                else:
                    decisions.append(decision)

    def list_shown(self) -> list[Decision]:
        """The decisions that were not taken back, in the order of their time, lapsed or not."""
        return list(filter(self.may_show, self.active))

    def list_holding(self) -> list[Decision]:
        """The decisions that hold, in the order of their time."""
        shown = self.list_shown()
        return list_still_held(shown, map_standing(self.gathered, shown))

    def list_lapsed(self) -> list[Decision]:
        """The decisions that hold no longer, for what they are about is another note now, or none."""
        return list_lapsed(self.list_shown(), self.gathered, self._messages)

    def _was_same(self, note: NoteId, since: datetime, at: datetime) -> bool:
        """Whether a note was at a time still the one that it had been before."""
        message = self._messages.get(note[0])
        return message is None or is_same_note(stand_at(message, (), at)[0], note[1], since)

    def may_show(self, decision: Decision) -> bool:
        """Whether neither the command nor a note that it is about went off the record since; it counts no longer then.

        It is still one that may be taken back, so that those before it are not in its stead.
        """
        keys = {decision.step.message, *(note[0] for note in decision.notes)}
        return keys.isdisjoint(self.gathered.off_record)

    def _decide(self, step: Step, numbers: Numbers) -> Ruling:
        words = step.values.get(WORDS, "")
        if step.kind is StepKind.MERGE:
            return Ruling(step, self._merge(step, words, numbers))
        note, rest = self._take_note(step, words, numbers)
        self._check(step, note)
        match step.kind:
            case StepKind.MOVE:
                tag, session = self._read_place(rest)
                return Ruling(step, Decision(step, note, tag=tag, session=session))
            case StepKind.EDIT:
                if not rest:
                    raise RefusedError(Refusal.HOW)
                wording = read_wording(rest)
                if wording is None:
                    raise RefusedError(Refusal.WORDS)
                return Ruling(step, Decision(step, note, words=wording))
        if rest:
            raise RefusedError(Refusal.HOW)
        # by a reply it is the copy in that message, by its number the note with all that say the same
        by_number = self._find_numbered(words.strip(), numbers) is not None
        alone = step.kind is StepKind.DROP and not by_number
        return Ruling(step, Decision(step, note, alone=alone))

    def _merge(self, step: Step, words: str, numbers: Numbers) -> Decision:
        """The words of the first note stand, the second joins it; in a reply the first may be left out."""
        head, _, last = words.strip().rpartition(" ")
        other = self._find_numbered(last, numbers)
        if other is None:
            raise RefusedError(Refusal.UNNUMBERED if REPLY_TO in step.values else Refusal.HOW)
        note, rest = self._take_note(step, head, numbers)
        if rest:
            raise RefusedError(Refusal.HOW)
        other = self._find_lead(other, step.at)
        for one in (note, other):
            self._check(step, one)
        if note == other:
            raise RefusedError(Refusal.SAME)
        return Decision(step, note, other)

    def _undo(self, step: Step, numbers: Numbers) -> Ruling:
        words, reply_to = step.values.get(WORDS, ""), step.values.get(REPLY_TO, "")
        decisions = self.active
        if words or reply_to:
            # who replies to the command means what it decided
            decisions = [d for d in decisions if not words and d.step.message == step.message._replace(id=reply_to)]
            if not decisions:
                note, rest = self._take_note(step, words, numbers)
                if rest:
                    raise RefusedError(Refusal.HOW)
                decisions = self._about.get(note, [])
        if not decisions:
            raise RefusedError(Refusal.NOTHING)
        return Ruling(step, undone=decisions[-1])

    def _take_note(self, step: Step, words: str, numbers: Numbers) -> tuple[NoteId, str]:
        """The note that a command is about, and the words behind it: by its number, or by a reply to its message."""
        first, _, rest = words.strip().partition(" ")
        if "\n" in first:
            first, _, rest = words.strip().partition("\n")
        if numbered := self._find_numbered(first, numbers):
            return self._find_lead(numbered, step.at), rest.strip()
        if REPLY_TO not in step.values:
            raise RefusedError(Refusal.HOW)
        found = self._find_replied(step)
        if not found:
            raise RefusedError(Refusal.NO_NOTE)
        if len(found) == 1:
            return self._find_copy(found[0], step), words.strip()
        chosen = [note for note in found if first == str(note[1] + 1)]
        if not chosen:
            raise RefusedError(Refusal.SEVERAL, notes=found)
        return self._find_copy(chosen[0], step), rest.strip()

    def _find_copy(self, note: NoteId, step: Step) -> NoteId:
        """The note that a reply to its message means: of equal ones the first, but to take one out just this copy."""
        lead = self._find_lead(note, step.at)
        if step.kind is not StepKind.DROP or lead == note:
            return lead
        self._check(step, lead)
        return note

    def _find_numbered(self, word: str, numbers: Numbers) -> NoteId | None:
        """The note of a number such as R7; None where the word is no number of this template's."""
        read = NUMBER.fullmatch(word.lstrip(SIGNS))
        prefix = read[1].casefold() if read else ""
        if not read or prefix not in self._prefixes.values():
            return None
        if len(self._numbered) != len(numbers):
            self._numbered = {
                (self._prefixes[part], number): (key, place)
                for (key, place, part), number in numbers.items()
                if part in self._prefixes
            }
        note = self._numbered.get((prefix, int(read[2])))
        if note is None:
            raise RefusedError(Refusal.NUMBER, typed=f"{read[1].upper()}{int(read[2])}")
        return note

    def _find_replied(self, step: Step) -> tuple[NoteId, ...]:
        """The notes that the message replied to had at the time."""
        key = step.message._replace(id=step.values[REPLY_TO])
        message = self._messages.get(key)
        if message is None or not message.seen or message.sent_at > step.at:
            return ()
        then, notes = stand_at(message, self.record.notes.get(key, ()), step.at)
        if then.deleted_at is not None:
            return ()
        asks = [note for at, note in self.gathered.asks.get(key, ()) if at <= step.at]
        filed = file_as_asked(then, notes, asks)
        found = {(key, note.place) for note in filed if note.kind in (NoteKind.NOTE, NoteKind.ANNEX)}
        return tuple(sorted(found | self._find_unfiled(step, then, filed)))

    def _find_unfiled(self, step: Step, message: Message, notes: Sequence[Note]) -> set[NoteId]:
        """What waits for review, or has no tag at all: it can be moved to a part; what waits can be taken out."""
        waiting = [note for note in notes if note.kind is NoteKind.REVIEW and note.problem]
        worded = [note for note in waiting if bare_words(note.text)]
        if not notes and bare_words(message.text) and not message.first_text.startswith("/"):
            worded = [Note(0, NoteKind.TALK)]
        wanted = {StepKind.MOVE: worded, StepKind.DROP: waiting}.get(step.kind, ())
        found = {(message.key, note.place) for note in wanted}
        return found | {note for n in (*waiting, *worded) if self._about.get(note := (message.key, n.place))}

    def _check(self, step: Step, note: NoteId) -> None:
        """That the note stands by itself, and that nothing is decided on one that was taken out but to keep it."""
        about = [
            d
            for d in self._about.get(note, ())
            if self.may_show(d) and all(self._was_same(n, d.step.at, step.at) for n in d.notes)
        ]
        into = [d.note for d in about if d.other == note and d.note in self._filed]
        if into:
            raise RefusedError(Refusal.MERGED, notes=(note, into[-1]))
        if step.kind is not StepKind.KEEP and is_dropped(d for d in about if d.note == note):
            raise RefusedError(Refusal.DROPPED, notes=(note,))

    def _read_place(self, words: str) -> tuple[str, str]:
        """Canonical tag and session's label ("" for the note's own) of what stands behind a move."""
        typed, _, rest = words.partition(" ")
        meaning = read_tag(typed.lstrip(SIGNS))
        if not typed:
            raise RefusedError(Refusal.HOW)
        if meaning.kind is not TagKind.NOTE or meaning.key not in self.template.routing:
            raise RefusedError(Refusal.TAG, typed=typed)
        if not rest.strip():
            return meaning.key, ""
        session = self.gathered.sessions.find(read_label_of(rest.strip()))
        if session is None:
            raise RefusedError(Refusal.SESSION, typed=rest.strip())
        return meaning.key, session.label

    def _find_lead(self, note: NoteId, at: datetime) -> NoteId:
        """The note under which this one stood at the time: equal ones of a part stand once, under the first of them.

        One that was decided on by itself goes on by itself.
        """
        filing = self._filed.get(note)
        if filing is None or self._about.get(note) or changed_at(filing) > at:
            return note
        keys = [(spot, fold_text(filing.text)) for spot in list_spots(filing, self.template)]
        equal = [
            other
            for key in keys
            for other in self._equals.get(key, ())
            if changed_at(other) <= at and not list_alone(filter(self.may_show, self._about.get(other.id, ())))
        ]
        return min(equal, key=lambda other: self._order[other.id]).id if equal else note

    @cached_property
    def _prefixes(self) -> Mapping[str, str]:
        return {part: prefix.casefold() for part, prefix in list_prefixes(self.template).items()}

    @cached_property
    def _messages(self) -> Mapping[MessageKey, Message]:
        return {message.key: message for message in self.record.messages}

    @cached_property
    def _filed(self) -> Mapping[NoteId, Filing]:
        return map_filings(self.gathered)

    @cached_property
    def _order(self) -> Mapping[NoteId, int]:
        return {filing.id: index for index, filing in enumerate(self.gathered.filings)}

    @cached_property
    def _equals(self) -> Mapping[tuple[Spot, str], list[Filing]]:
        return group_equals(self.gathered, self.template)
