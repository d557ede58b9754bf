"""Carrying out what the desk decided: notes moved, joined, taken out, taken in, reworded. Pure; placement calls it.

No note is lost: each is among the filings, put to another one, or among those that were dropped.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from core.meetings import StepKind
from core.messages import in_time
from core.tags import TagKind, vocabulary
from reports.decisions import Decision, is_dropped, is_kept, list_alone
from reports.gathering import Filing, Gathered
from reports.lapsing import list_still_held, map_standing
from reports.targets import NoteId, changed_at, group_equals, map_filings
from reports.template import Template


def carry_out(gathered: Gathered, decisions: Sequence[Decision], template: Template) -> Gathered:
    """What was gathered, after those of these decisions that hold, in the order of their time."""
    decisions = list_still_held(decisions, map_standing(gathered, decisions)) if decisions else ()
    if not decisions:
        return gathered
    about: dict[NoteId, list[Decision]] = {}
    for decision in decisions:
        about.setdefault(decision.note, []).append(decision)
    gathered = _take_in_late(gathered, {note for note, of_it in about.items() if is_kept(of_it)})
    gathered = _take_in_unfiled(gathered, about)
    filed = map_filings(gathered)
    joins = _join_equals(gathered, decisions, template)
    revised = {note: _revise(filed[note], of_it, gathered) for note, of_it in about.items() if note in filed}
    _join_merged(joins, [(d.note, d.other) for d in decisions if d.other in filed and d.note in filed])
    gone = {note for joined in joins.values() for note in joined}

    def finish(note: NoteId) -> Filing:
        filing = revised.get(note, filed[note])
        joined = tuple(one for f in map(finish, joins.get(note, ())) for one in (f, *f.joined))
        # who is not to be named in one of them is not named by the other
        return replace(filing, joined=joined, nonattrib=filing.nonattrib or any(f.nonattrib for f in joined))

    dropped = [note for note, of_it in about.items() if is_dropped(of_it) and note in filed and note not in gone]
    out = gone.union(dropped)
    touched = {*revised, *joins}

    def finish_all(filings: Iterable[Filing]) -> list[Filing]:
        # what became of a note after the close stands beside it under the same name, and nothing was decided on that
        return [
            finish(f.id) if f.id in touched and f is filed[f.id] else f
            for f in filings
            if f.id not in out or f is not filed[f.id]
        ]

    return replace(
        gathered,
        filings=finish_all(gathered.filings),
        annexes={key: finish_all(filings) for key, filings in gathered.annexes.items()},
        late=finish_all(gathered.late),
        dropped=_sort(finish(note) for note in dropped),
    )


def _take_in_late(gathered: Gathered, kept: set[NoteId]) -> Gathered:
    """Late notes that are to be kept stand with the others; one whose words changed after the close, with those."""
    taken = [f for f in gathered.late if f.id in kept and _kind_of(f) in (TagKind.NOTE, TagKind.ANNEX)]
    if not taken:
        return gathered
    ids = {filing.id for filing in taken}
    annexes = {key: [f for f in filings if f.id not in ids] for key, filings in gathered.annexes.items()}
    filings = [f for f in gathered.filings if f.id not in ids]
    for filing in taken:
        if _kind_of(filing) is TagKind.ANNEX:
            annexes.setdefault(vocabulary().tags[filing.tags[0]].fills, []).append(filing)
            continue
        session = filing.session
        if session:
            session = gathered.sessions.name(session.label, filing.message.author, filing.message.sent_at)
        filings.append(replace(filing, session=session))
    late = [f for f in gathered.late if f.id not in ids]
    annexes = {key: _sort(of_it) for key, of_it in annexes.items()}
    return replace(gathered, filings=_sort(filings), annexes=annexes, late=late)


def _take_in_unfiled(gathered: Gathered, about: Mapping[NoteId, Sequence[Decision]]) -> Gathered:
    """What no part was found for stands with the notes once it is moved; then it waits no more, nor if dropped."""
    filed = map_filings(replace(gathered, unfiled={}))
    settled = {
        note: [d.kind for d in about[note]] for note in about.keys() & gathered.unfiled.keys() if note not in filed
    }
    moved = [gathered.unfiled[note] for note, kinds in settled.items() if StepKind.MOVE in kinds]
    done = {f.id for f in moved} | {note for note in settled if is_dropped(about[note])}
    doubts = [doubt for doubt in gathered.doubts if (doubt.message.key, doubt.place) not in done]
    return replace(gathered, filings=_sort([*gathered.filings, *moved]) if moved else gathered.filings, doubts=doubts)


def _kind_of(filing: Filing) -> TagKind:
    return vocabulary().tags[filing.tags[0]].kind


def _sort(filings: Iterable[Filing]) -> list[Filing]:
    return sorted(filings, key=lambda f: (in_time(f.message.sent_at, f.message.key), f.place))


def _join_equals(gathered: Gathered, decisions: Sequence[Decision], template: Template) -> dict[NoteId, list[NoteId]]:
    """For each note that something was decided on, those that said the same then and stood once with it."""
    last: dict[NoteId, Decision] = {}
    for decision in decisions:
        last |= dict.fromkeys(decision.notes, decision)
    joins: dict[NoteId, dict[NoteId, None]] = {}
    alone = list_alone(decisions)
    for every in group_equals(gathered, template).values():
        equals = [filing for filing in every if filing.id not in alone]
        if not equals:
            continue
        lead = equals[0]
        if lead.id in last and changed_at(lead) <= (at := last[lead.id].step.at):
            others = (f.id for f in equals[1:] if changed_at(f) <= at and f.id not in last)
            joins.setdefault(lead.id, {}).update(dict.fromkeys(others))
    return {lead: list(others) for lead, others in joins.items() if others}


def _join_merged(joins: dict[NoteId, list[NoteId]], merges: Iterable[tuple[NoteId, NoteId | None]]) -> None:
    """Put each second note to the first, unless it stands with another already or the first with it."""
    into: dict[NoteId, NoteId] = {}
    for note, other in merges:
        end = note
        while end in into:
            end = into[end]
        if other is not None and other not in into and end != other:
            into[other] = note
            joins.setdefault(note, []).append(other)


def _revise(filing: Filing, decisions: Iterable[Decision], gathered: Gathered) -> Filing:
    """The note under the tag and with the words that it was given last; what new words do not say of it stays."""
    for decision in decisions:
        if decision.kind is StepKind.MOVE:
            session = gathered.sessions.find(decision.session) if decision.session else None
            filing = replace(filing, tags=(decision.tag,), session=session or filing.session)
        elif decision.words:
            wording = decision.words
            session = gathered.sessions.find(wording.session) if wording.session else None
            filing = replace(
                filing,
                text=wording.text,
                attributes=_renew(filing.attributes, wording.attributes),
                session=session or filing.session,
                nonattrib=filing.nonattrib or wording.nonattrib,
            )
    return filing


def _renew(former: Mapping[str, object], given: Mapping[str, object]) -> dict[str, object]:
    return {**former, **{key: value for key, value in given.items() if value}}
