"""The desk at work in chat: notes moved, merged, dropped, kept, reworded, and the last of it taken back.

By reply to a note's message, or by the number that a draft gave it. Called through the command table.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from core.errors import UserError
from core.meetings import REPLY_TO, Step, StepKind
from core.notes import Note
from core.phrases import Phrase, phrase, quote_typed
from core.replies import Reply
from core.tags import find_tags
from core.text import shorten_text
from handlers import Context, Request
from reports.checks import named_parts
from reports.decisions import WORDS, Decision, Refusal, Ruling
from reports.placement import Settled, settle
from reports.report import Item
from reports.targets import NoteId, map_filings, name_note

_BRIEF = 40


def move_note(context: Context, request: Request) -> list[Reply]:
    """`/move R7 challenge`, with a session behind it if wanted: the note is filed under this tag instead."""
    return _decide(context, request, StepKind.MOVE)


def merge_notes(context: Context, request: Request) -> list[Reply]:
    """`/merge R7 R9`: the words of the first stand, the second joins it."""
    return _decide(context, request, StepKind.MERGE)


def drop_note(context: Context, request: Request) -> list[Reply]:
    """`/drop R7`: out of the report, on a list for the desk."""
    return _decide(context, request, StepKind.DROP)


def keep_note(context: Context, request: Request) -> list[Reply]:
    """`/keep R7`: in the report again, or though it came late or resembles another."""
    return _decide(context, request, StepKind.KEEP)


def edit_note(context: Context, request: Request) -> list[Reply]:
    """`/edit R7 words`: these words instead of the note's."""
    return _decide(context, request, StepKind.EDIT)


def undo_decision(context: Context, request: Request) -> list[Reply]:
    """`/undo`: the meeting's last decision is taken back; `/undo R7`: the last one on R7."""
    return _decide(context, request, StepKind.UNDO)


def _decide(context: Context, request: Request, kind: StepKind) -> list[Reply]:
    """Take a decision of the desk; a `UserError` says why it cannot be, and what to do."""
    meeting_id = request.need_meeting()
    if any(tag.meaning.key == "offrecord" for tag in find_tags(request.argument)):
        raise UserError(phrase("desk_off_record"))
    message = request.message
    values = {WORDS: request.argument, **({REPLY_TO: message.reply_to} if message.reply_to else {})}
    step = Step(kind, request.at, message.key, values)
    if context.replay_of is not None:
        # what it is about may stand on a later line
        context.work.add_step(meeting_id, step)
        return []
    record = context.work.load_record(meeting_id)
    template = context.templates.load(record.meeting.template)
    desk = _Desk(settle(replace(record, steps=(*record.steps, step)), template), f"/{kind}")
    told = desk.tell(step)
    context.work.add_step(meeting_id, step)
    return [request.answer(*told)]


@dataclass(frozen=True, slots=True)
class _Desk:
    """The report as it is with a decision, to tell of it. `command` is how that was given."""

    settled: Settled
    command: str

    def tell(self, step: Step) -> list[Phrase | str]:
        """What holds now; a `UserError` where the decision cannot be."""
        ruling = next((ruling for ruling in self.settled.rulings if ruling.step is step), None)
        if ruling and ruling.refusal:
            raise UserError(self._refuse(ruling.refusal, ruling))
        if ruling and ruling.undone:
            return self._tell_undone(ruling.undone)
        if ruling and ruling.decision:
            return self._tell_done(ruling.decision)
        raise UserError(phrase("desk_off_record"))

    def _tell_done(self, decision: Decision) -> list[Phrase | str]:
        if not map_filings(self.settled.posted).keys() >= {n for n in (decision.note, decision.other) if n}:
            # its message was withdrawn since, or is off the record
            raise UserError(phrase("desk_not_no_note"))
        report, note = self.settled.report, self._name(decision.note)
        place = ", ".join(self._find_lists(decision.note)) or report.words["review_title"]
        match decision.kind:
            case StepKind.MERGE if decision.other:
                return [phrase("desk_merged", note=note, other=self._name(decision.other))]
            case StepKind.DROP:
                return [phrase("desk_dropped", note=note)]
            case StepKind.KEEP:
                return [phrase("desk_kept", note=note, place=place)]
            case StepKind.EDIT if decision.words:
                return [
                    phrase("desk_reworded", note=note, words=quote_typed(decision.words.text)),
                    *_tell_attributes(decision.words),
                ]
        return [phrase("desk_moved", note=note, place=place)]

    def _tell_undone(self, decision: Decision) -> list[Phrase | str]:
        command = f"/{decision.kind} {quote_typed(decision.step.values[WORDS])}".strip()
        note = decision.other or decision.note
        name, lists = self._name(note), self._find_lists(note)
        lines: list[Phrase | str] = [phrase("desk_undone", command=command)]
        if decision.words and lists:
            lines.append(phrase("desk_reads", note=name, words=quote_typed(next(iter(lists.values())).text)))
        elif lists:
            lines.append(phrase("desk_stands", note=name, place=", ".join(lists)))
        return lines

    def _refuse(self, refusal: Refusal, ruling: Ruling) -> Phrase:
        """Why a decision cannot be, and what to do."""
        several = (f"{self.settled.labels.get(n, n[1] + 1)} “{self._shorten(n)}”" for n in ruling.notes)
        names = [*map(self._name, ruling.notes), "", ""]
        sessions = self.settled.gathered.sessions.in_order()
        return phrase(
            f"desk_not_{refusal}",
            command=self.command,
            typed=quote_typed(ruling.typed),
            notes=", ".join(several),
            note=names[0],
            other=names[1],
            sessions=", ".join(session.label for session in sessions) or "–",
        )

    def _name(self, note: NoteId) -> str:
        """A note's number, or the beginning of its words."""
        return self.settled.labels.get(note) or f"“{self._shorten(note)}”"

    def _shorten(self, note: NoteId) -> str:
        filing = map_filings(self.settled.posted).get(note)
        return shorten_text(filing.text, _BRIEF) if filing else ""

    def _find_lists(self, note: NoteId) -> Mapping[str, Item]:
        """The headings under which a note stands, in the report's language, with what it says there."""
        report, name = self.settled.report, name_note(note)
        lists = [
            *((heading, part.items) for heading, part in named_parts(report.sections)),
            *((annex.heading, annex.items) for annex in report.annexes if annex.key != "notes"),
            (report.words["late_title"], report.late),
            (report.words["dropped_title"], report.dropped),
        ]
        return {heading: item for heading, items in lists for item in items if item.note == name}


def _tell_attributes(wording: Note) -> list[str]:
    """What new words say of the note beside the text, as it was understood: one line, or none."""
    told = (
        f"{name}: {', '.join(value) if isinstance(value, list) else value}"
        for name, value in wording.attributes.items()
        if value
    )
    return list(filter(None, [quote_typed(" · ".join(told))]))
