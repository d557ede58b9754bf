"""What the desk decides on notes in chat, and how it is written: the words that read alike in every report. Pure.

`ruling` finds which notes are meant, `deciding` carries out what holds, `history` tells of it; `handlers.desk` answers.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from core.cutting import cut_text
from core.meetings import Step, StepKind
from core.notes import Note, NoteKind
from core.sessions import read_label, read_session
from core.tags import TagKind, read_tag
from reports.targets import NoteId

DECIDING = frozenset({StepKind.MOVE, StepKind.MERGE, StepKind.DROP, StepKind.KEEP, StepKind.EDIT, StepKind.UNDO})
# the value of a decision's step that holds what stood behind the command
WORDS = "words"

NUMBER = re.compile(r"#?([^\W\d_]+)-?(\d{1,6})[,;:.]?")
SIGNS = "#＃﹟"
# a new wording is read as that of a note under this tag
_AS_NOTE = "additional"


class Refusal(StrEnum):
    """Why a decision cannot be."""

    HOW = "how"  # it names no note, or not what to do
    NUMBER = "number"  # no draft gave this number
    UNNUMBERED = "unnumbered"  # it names one note of two by a reply, and the other by no number
    NO_NOTE = "no_note"  # the message replied to has none
    SEVERAL = "several"  # it has several
    TAG = "tag"  # there is no such tag, or the template has no part for it
    SESSION = "session"  # there is no such session
    WORDS = "words"  # the new words are not those of one note
    MERGED = "merged"  # the note is part of another one
    DROPPED = "dropped"  # the note was taken out
    SAME = "same"  # a note with itself
    NOTHING = "nothing"  # there is nothing to take back


@dataclass(frozen=True, slots=True)
class Decision:
    """A decision on a note. `other` is the one that is merged into it; `words` are the new ones, read as a note's.

    `alone` is set where it is about the copy in one message only, not about all notes that say the same.
    """

    step: Step
    note: NoteId
    other: NoteId | None = None
    tag: str = ""
    session: str = ""
    words: Note | None = None
    alone: bool = False

    @property
    def notes(self) -> tuple[NoteId, ...]:
        """The notes that it is about."""
        return (self.note,) if self.other is None else (self.note, self.other)

    @property
    def kind(self) -> StepKind:
        """What was decided."""
        return self.step.kind


@dataclass(frozen=True, slots=True)
class Ruling:
    """What came of a step: a decision, one that is taken back, or why it has no effect.

    `typed` is the word that a refusal is about, `notes` are the notes that it is about.
    """

    step: Step
    decision: Decision | None = None
    undone: Decision | None = None
    refusal: Refusal | None = None
    typed: str = ""
    notes: tuple[NoteId, ...] = ()


class RefusedError(Exception):
    """Ends the reading of a step; `ruling` makes a ruling of it."""

    def __init__(self, refusal: Refusal, typed: str = "", notes: tuple[NoteId, ...] = ()) -> None:
        super().__init__(refusal)
        self.refusal, self.typed, self.notes = refusal, typed, notes


def read_wording(words: str) -> Note | None:
    """The one note that new words make, with what they say of it (`to:`, `#SDG17`); None where they make no such."""
    notes = cut_text(f"#{_AS_NOTE} {words}")
    if len(notes) == 1 and notes[0].kind is NoteKind.NOTE and notes[0].tags == (_AS_NOTE,):
        return notes[0]
    return None


def is_dropped(decisions: Iterable[Decision]) -> bool:
    """Whether a note is out of the report after these decisions on it."""
    return _find_last_choice(decisions) is StepKind.DROP


def is_kept(decisions: Iterable[Decision]) -> bool:
    """Whether a note is to stand in the report after these decisions on it, though it came late."""
    return _find_last_choice(decisions) is StepKind.KEEP


def _find_last_choice(decisions: Iterable[Decision]) -> StepKind | None:
    kinds = [d.kind for d in decisions if d.kind in (StepKind.DROP, StepKind.KEEP)]
    return kinds[-1] if kinds else None


def list_alone(decisions: Iterable[Decision]) -> set[NoteId]:
    """The notes that were taken out without those that say the same."""
    last = {d.note: d for d in decisions if d.kind in (StepKind.DROP, StepKind.KEEP)}
    return {note for note, decision in last.items() if decision.alone}


def read_label_of(words: str) -> str:
    """The label that words such as "II", "session 2" or "#s2" mean."""
    first, _, rest = words.partition(" ")
    meaning = read_tag(first.lstrip(SIGNS))
    if meaning.kind is TagKind.ATTRIBUTE and meaning.key in ("session", "hint"):
        return meaning.value
    if meaning.kind is TagKind.SESSION:
        words = meaning.number or rest or words
        if meaning.key == "breakout":
            return read_session(words, breakout=True)[0]
    label, behind = read_label(words)
    return str(label) if label and not behind else words
