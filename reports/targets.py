"""Which parts of a template a note goes to, and what notes and parts are called.

Pure; placement and the desk use it.
"""

from collections.abc import Mapping
from datetime import datetime

from core.messages import MessageKey
from reports.duplicates import fold_text
from reports.gathering import Filing, Gathered
from reports.template import Template, join_label, say

# what a note is known by in every draft: its message, and its place in it
NoteId = tuple[MessageKey, int]
# a note's number in each numbered part
Numbers = Mapping[tuple[MessageKey, int, str], int]
# a part's key, and the label of the session in whose block it stands
Spot = tuple[str, str | None]


def list_spots(filing: Filing, template: Template) -> tuple[Spot, ...]:
    """Where a filing's tags put it, each place once; nowhere where the template has no part for them."""
    routes = (template.routing.get(tag) for tag in filing.tags)
    keys = dict.fromkeys(route[0 if filing.session else 1] for route in routes if route)
    repeating = {part.key for section in template.sections if section.repeat for part in section.parts}
    return tuple((key, filing.session.label if filing.session and key in repeating else None) for key in keys)


def map_filings(gathered: Gathered) -> dict[NoteId, Filing]:
    """All notes that were gathered, by what they are known by; the words at the close win over later ones."""
    annexed = (filing for filings in gathered.annexes.values() for filing in filings)
    filings = {filing.id: filing for filing in (*gathered.late, *annexed, *gathered.filings)}
    return {**gathered.unfiled, **filings} if gathered.unfiled else filings


def group_equals(gathered: Gathered, template: Template) -> dict[tuple[Spot, str], list[Filing]]:
    """The notes that say the same in the same place, in the order of time."""
    groups: dict[tuple[Spot, str], list[Filing]] = {}
    for filing in gathered.filings:
        for spot in list_spots(filing, template):
            groups.setdefault((spot, fold_text(filing.text)), []).append(filing)
    return groups


def changed_at(filing: Filing) -> datetime:
    """Since when a note has the words that it has."""
    return filing.message.edited_at or filing.message.sent_at


def list_prefixes(template: Template) -> Mapping[str, str]:
    """The letters before the numbers of each numbered part, by its key."""
    return {part.key: part.prefix for section in template.sections for part in section.parts if part.prefix}


def name_note(note: NoteId) -> str:
    """A note's name in every draft of the meeting, as items bear it."""
    key, place = note
    return "/".join(key) + f"#{place}"


def name_spot(spot: Spot, template: Template, language: str) -> str:
    """A part as people know it: "C. Challenges", with the session's label where it stands in the block of one."""
    key, label = spot
    for section in template.sections:
        for part in section.parts:
            if part.key == key:
                name = join_label(section.label, say(part.heading, language) or say(section.heading, language))
                return f"{name} ({label})" if label else name
    return key
