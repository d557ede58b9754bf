"""What the desk did and who, for its own pages and for the provenance of each note. Pure; placement calls it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from zoneinfo import ZoneInfo

from core.meetings import Step, StepKind
from core.messages import MessageKey
from core.text import shorten_text
from reports.decisions import Decision
from reports.gathering import Filing
from reports.report import Grid
from reports.ruling import Desk
from reports.targets import NoteId, changed_at, list_spots, map_filings, name_note, name_spot

_BRIEF = 40

Words = Mapping[str, str]
Labels = Mapping[NoteId, str]


def list_kept(desk: Desk) -> Mapping[str, datetime]:
    """When the desk last decided to keep a note, by the note's name."""
    return {name_note(d.note): d.step.at for d in desk.list_holding() if d.kind is StepKind.KEEP}


def list_overtaken(desk: Desk) -> frozenset[str]:
    """Names of the notes whose authors changed them after the desk did: the desk's words stand, and it is to know."""
    reworded = {d.note: d.step.at for d in desk.list_holding() if d.words}
    filed = map_filings(desk.gathered) if reworded else {}
    return frozenset(name_note(n) for n, at in reworded.items() if n in filed and changed_at(filed[n]) > at)


def tell_history(desk: Desk, labels: Labels, words: Words) -> Grid | None:
    """All decisions with time, who and the words that stood there before; None where there are none."""
    teller = _Teller(desk, labels, words)
    wordings: dict[NoteId, list[Decision]] = {}
    rows = []
    for ruling in desk.rulings:
        decision = ruling.decision or ruling.undone
        if decision is None or not desk.may_show(decision) or ruling.step.message in desk.gathered.off_record:
            continue
        what = teller.tell(decision)
        edits = wordings.setdefault(decision.note, [])
        # of a merge it is the second note whose words stand here alone
        gone = decision.other or decision.note
        former = teller.read_words(gone, wordings.get(gone, ()))
        if ruling.undone:
            what = words["history_undo"].format(what=what)
        if decision.words and ruling.undone:
            former = decision.words.text
            edits.remove(decision)
        elif decision.words:
            edits.append(decision)
        rows.append((teller.tell_time(ruling.step.at), teller.name_author(ruling.step), what, former))
    if not rows:
        return None
    heads = ("time", "history_who", "history_what", "history_words")
    return Grid("", tuple(words[head] for head in heads), tuple(rows))


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
        note = self.name(decision.note)
        match decision.kind:
            case StepKind.MOVE:
                return self.words["history_move"].format(note=note, part=self._name_target(decision))
            case StepKind.MERGE if decision.other:
                other, filing = self.name(decision.other), self._filed.get(decision.other)
                if filing:
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
        return self._authors.get(step.message, "")

    def name(self, note: NoteId) -> str:
        """A note's number, or the beginning of its words."""
        return self.labels.get(note) or f"“{shorten_text(self.read_words(note), _BRIEF)}”"

    def read_words(self, note: NoteId, edits: Sequence[Decision] = ()) -> str:
        """A note's words after these edits."""
        wording = edits[-1].words if edits else None
        filing = self._filed.get(note)
        return wording.text if wording else filing.text if filing else ""

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
    def _authors(self) -> Mapping[MessageKey, str]:
        return {message.key: message.author.name for message in self.desk.record.messages}
