"""Numbers of notes: R7 stays R7 in later drafts, a withdrawn number is not given again. Pure; placement calls it.

Decisions of the desk name notes by the numbers that drafts gave before, so both are gone through in the order of time.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from core.meetings import Record, StepKind, follow_steps, steps_taken
from core.messages import MessageKey
from reports.decisions import DECIDING, Decision
from reports.gathering import Filing, stand_at
from reports.ruling import Desk

# the notes of numbered parts after these decisions, in the order of the report, each with its part's key
Listing = Callable[[Record, Sequence[Decision]], Iterable[tuple[str, Filing]]]


def number_drafts(record: Record, desk: Desk, listing: Listing) -> dict[tuple[MessageKey, int, str], int]:
    """The numbers that drafts gave: those already sent, then those that each later one would have given.

    On the way `desk` rules on the decisions, each by the numbers that there were when it was made.

    A replay sends no draft, but its transcript says when one was asked for: the notes as they stood then are numbered
    first, so that a replay numbers like the live meeting did, in whatever order its lines arrive.
    """
    kept = dict(record.numbers)
    for step in steps_taken(record.steps):
        if step.kind in DECIDING:
            desk.rule(step, kept)
        elif step.kind in (StepKind.DRAFT, StepKind.CLOSE) and (
            record.numbered_to is None or step.at > record.numbered_to
        ):
            give_numbers(kept, listing(_as_of(record, step.at), desk.list_shown()))
    return kept


def give_numbers(kept: dict[tuple[MessageKey, int, str], int], notes: Iterable[tuple[str, Filing]]) -> None:
    """Number those of the notes that have no number yet."""
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
