"""Numbers of notes: R7 stays R7 in later drafts, a withdrawn number is not given again. Pure; placement calls it."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import datetime

from core.meetings import Record, StepKind, follow_steps, steps_taken
from core.messages import MessageKey
from reports.gathering import Filing, stand_at

# the notes of numbered parts in the order of the report, each with its part's key
Listing = Callable[[Record], Iterable[tuple[str, Filing]]]


# a note's number in each numbered part
Numbers = Mapping[tuple[MessageKey, int, str], int]


def number_notes(record: Record, listing: Listing, now: Iterable[tuple[str, Filing]]) -> Numbers:
    """Every note's number: those of drafts already sent, then those that each later draft would have given.

    `now` is the listing of the record as it stands, `listing` makes that of an earlier state.

    A replay sends no draft, but its transcript says when one was asked for: the notes as they stood then are numbered
    first, so that a replay numbers like the live meeting did, in whatever order its lines arrive.
    """
    kept = dict(record.numbers)
    drafts = [s.at for s in steps_taken(record.steps) if s.kind in (StepKind.DRAFT, StepKind.CLOSE)]
    for at in drafts:
        if record.numbered_to is None or at > record.numbered_to:
            _give_numbers(kept, listing(_as_of(record, at)))
    _give_numbers(kept, now)
    return kept


def _give_numbers(kept: dict[tuple[MessageKey, int, str], int], notes: Iterable[tuple[str, Filing]]) -> None:
    last: dict[str, int] = {}
    for (_, _, part), number in kept.items():
        last[part] = max(last.get(part, 0), number)
    for part, filing in notes:
        key = (*filing.id, part)
        if key not in kept:
            last[part] = kept[key] = last.get(part, 0) + 1


def _as_of(record: Record, at: datetime) -> Record:
    """The record as it stood at a time, by the times that the platforms gave."""
    stood = {m.key: stand_at(m, record.notes.get(m.key, ()), at) for m in record.messages if m.sent_at <= at}
    messages = tuple(message for message, _ in stood.values())
    notes = {key: notes for key, (_, notes) in stood.items()}
    steps = tuple(step for step in record.steps if step.at <= at)
    meeting = follow_steps(replace(record.meeting, opened_at=None, closed_at=None), steps)
    return replace(record, meeting=meeting, steps=steps, messages=messages, notes=notes)
