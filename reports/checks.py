"""The checklist for the desk: what is missing, waits or looks doubtful in a report. Called by placement."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from core.sessions import Session
from core.text import shorten_text
from reports.duplicates import find_similar, fold_text
from reports.history import list_kept
from reports.overview import concludes, list_items
from reports.report import CheckList, Item, Part, Report, Section
from reports.ruling import Desk
from reports.template import join_label

# a session must not end without a conclusion where its block has a part of this name; notes of the tags that follow
# need an addressee and a speaker
CONCLUSIONS = "conclusions"
RECOMMENDATION = "recommendation"
QUOTE = "quote"
_BRIEF = 90


@dataclass(frozen=True, slots=True)
class Found:
    """What the checklist tells beside what the report shows.

    `unread` says which lists could not be read, `overtaken` and `lapsed` which decisions hold though an author changed
    the note, and which hold no longer. `nameless` are the notes of which nobody may know who spoke.
    """

    unread: Sequence[str]
    overtaken: Sequence[str]
    lapsed: Sequence[str]
    nameless: Collection[str]


def list_checks(
    report: Report, sessions: Sequence[Session], desk: Desk, found: Found, *, named: bool
) -> tuple[CheckList, ...]:
    """The lists that have lines, in the order in which a desk works through them.

    Where the meeting names nobody, `named` is False.
    """
    words, blocks = report.words, report.session_blocks()
    parts = [*named_parts(report.sections)]
    kept = list_kept(desk)
    items = {(i.message_id, i.chat, i.text): i for _, part in parts for i in part.items}.values()
    concluded = {item.session for item in list_items(report.sections) if concludes(item)}
    lists: dict[str, Iterable[str]] = {
        "check_missing_fields": (
            field.label.rstrip(" :：\u00a0\u202f") for field in report.fields if field.required and not field.value
        ),
        "check_empty_parts": (name for name, part in named_parts(report.sections, blocks=False) if not part.items),
        "check_sessions_without_conclusions": (
            block.heading
            for block in blocks
            if block.label not in concluded and any(part.key == CONCLUSIONS for part in block.parts)
        ),
        "check_unopened_sessions": (session.label for session in sessions if not session.announced),
        "check_review": (_brief(entry.text, *[entry.author] * named) for entry in report.review),
        "check_unread": found.unread,
        "check_late": (_brief(item.text, *[item.author] * named) for item in report.late),
        "check_duplicates": (
            _brief(item.text, *item.authors * named) for item in items if len(item.authors) > 1 and not item.decisions
        ),
        "check_similar": (_propose(pair, words) for pair in _find_pairs(parts) if not _is_settled(pair, kept)),
        "check_reworded": found.overtaken,
        "check_lapsed": found.lapsed,
        "check_no_addressee": (
            _label(item.number or "", _brief(item.text), words)
            for item in items
            if item.tag == RECOMMENDATION and not item.attributes.get("to")
        ),
        "check_no_speaker": (
            _brief(item.text, *[item.author] * named)
            for item in items
            if item.tag == QUOTE and item.note not in found.nameless and not item.attributes.keys() & {"speaker", "org"}
        ),
        "check_over_limit": (_label(name, over, words) for name, part in parts for over in part.over),
    }
    made = (CheckList(words[key], tuple(lines)) for key, lines in lists.items())
    return tuple(check for check in made if check.lines)


def named_parts(sections: Sequence[Section], *, blocks: bool = True) -> Iterator[tuple[str, Part]]:
    """Every part with a name that tells it from the others."""
    for section in sections:
        for part in section.parts:
            name = part.heading or section.heading
            yield join_label(section.label, name), part
        for block in (section.sessions or ()) if blocks else ():
            for part in block.parts:
                yield f"{block.heading} – {part.heading or section.heading}", part


Pair = tuple[Item, Item]


def _find_pairs(parts: Sequence[tuple[str, Part]]) -> Iterable[Pair]:
    """Different notes that say the same in different parts, or nearly the same in one; equal ones in one stand once."""
    pairs: dict[tuple[str, str], Pair] = {}
    first: dict[str, Item] = {}
    for _, part in parts:
        for item in part.items:
            other = first.setdefault(fold_text(item.text), item)
            if other.note != item.note:
                pairs[other.note, item.note] = other, item
        for one, other_one in find_similar([item.text for item in part.items]):
            pair = part.items[one], part.items[other_one]
            pairs[pair[0].note, pair[1].note] = pair
    return pairs.values()


def _is_settled(pair: Pair, kept: Mapping[str, datetime]) -> bool:
    """Whether the desk decided to keep one of them when both stood as they do."""
    changed = max(at for item in pair for at in (item.at, *item.edits))
    return any(kept[item.note] >= changed for item in pair if item.note in kept)


def _propose(pair: Pair, words: Mapping[str, str]) -> str:
    """The beginnings of two notes, and the command to give; the machine merges nothing."""
    one, other = pair
    told = " – ".join(words["quoted"].format(text=_brief(item.text)) for item in pair)
    if one.number and other.number:
        proposal = words["propose_merge"].format(one=one.number, other=other.number)
        return _label(f"{one.number}, {other.number}", f"{told} – {proposal}", words)
    return f"{told} – {words['propose_drop']}"


def _label(label: str, text: str, words: Mapping[str, str]) -> str:
    """A number or a name before a text, as the language parts them: "R1 : …" in French."""
    return words["label_text"].format(label=label, text=text) if label else text


def _brief(text: str, *authors: str) -> str:
    """The beginning of a text, to find it by, and who posted it; the whole text stands in the report."""
    short = shorten_text(text, _BRIEF)
    return f"{short} ({', '.join(authors)})" if authors else short
