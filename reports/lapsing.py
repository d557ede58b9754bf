"""Decisions that lapse: their author has since made another note of what the desk decided on. Pure.

A note is known by its place in its message. Where an edit puts something else there, the decision holds no longer: it
was not about that. Carrying out, ruling and the history ask here.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from core.cutting import cut_message
from core.messages import Message, MessageKey
from core.notes import Note
from reports.decisions import Decision, is_kept
from reports.duplicates import fold_text
from reports.gathering import Filing, Gathered, stand_at
from reports.targets import NoteId, map_filings


def map_standing(gathered: Gathered, decisions: Iterable[Decision]) -> dict[NoteId, Filing]:
    """All notes that were gathered, by what they are known by; with what came late where the desk keeps that."""
    about: dict[NoteId, list[Decision]] = {}
    for decision in decisions:
        about.setdefault(decision.note, []).append(decision)
    kept = {note for note, of_it in about.items() if is_kept(of_it)}
    return {**map_filings(gathered), **{filing.id: filing for filing in gathered.late if filing.id in kept}}


def list_still_held(decisions: Iterable[Decision], standing: Mapping[NoteId, Filing]) -> list[Decision]:
    """Those of the decisions whose notes, as far as they stand, are still the ones that were decided on."""
    return [
        decision
        for decision in decisions
        if all(is_same_note(standing[n].message, n[1], decision.step.at) for n in decision.notes if n in standing)
    ]


def list_lapsed(
    decisions: Sequence[Decision], gathered: Gathered, messages: Mapping[MessageKey, Message]
) -> list[Decision]:
    """Those of the decisions that hold no longer for an edit; not those on what was withdrawn altogether."""
    standing = map_standing(gathered, decisions)
    held = {id(decision) for decision in list_still_held(decisions, standing)}

    def is_edited_out(note: NoteId, since: datetime) -> bool:
        message = messages.get(note[0])
        return note not in standing and message is not None and not is_same_note(message, note[1], since)

    return [
        decision
        for decision in decisions
        if gathered.withdrawn.isdisjoint(note[0] for note in decision.notes)
        and (id(decision) not in held or any(is_edited_out(note, decision.step.at) for note in decision.notes))
    ]


def is_same_note(message: Message, place: int, since: datetime) -> bool:
    """Whether the note at this place of a message is still the one that stood there at a time.

    It is while it has the same tags, and the same words or others that stand for them: no note was put in, taken out or
    set at another place.
    """
    if all(version.at <= since for version in message.versions):
        return True
    then, _ = stand_at(message, (), since)
    if then is message:
        # only later edits are known
        return True
    before, after = _read_notes(then), _read_notes(message)
    was, now = before.pop(place, None), after.pop(place, None)
    if was is None or now is None:
        # what a reply made a note of is none by itself
        return was is now
    if (was.kind, was.tags) != (now.kind, now.tags):
        return False
    if fold_text(was.text) == fold_text(now.text):
        return True
    elsewhere = fold_text(was.text) in _fold(after), fold_text(now.text) in _fold(before)
    return before.keys() == after.keys() and not any(elsewhere)


def _read_notes(message: Message) -> dict[int, Note]:
    return {note.place: note for note in cut_message(message)}


def _fold(notes: Mapping[int, Note]) -> set[str]:
    return {fold_text(note.text) for note in notes.values()}
