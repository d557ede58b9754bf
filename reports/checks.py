"""The checklist for the desk: what is missing, waits or looks doubtful in a report. Called by placement."""

from collections.abc import Iterable, Iterator, Sequence

from core.sessions import Session
from core.text import shorten_text
from reports.duplicates import find_similar
from reports.report import CheckList, Part, Report, Section
from reports.template import join_label

# a session block's part of this name is what a session must not end without; notes of this tag need an addressee
CONCLUSIONS = "conclusions"
RECOMMENDATION = "recommendation"
_BRIEF = 90


def list_checks(
    report: Report, sessions: Sequence[Session], unread: Sequence[str], *, named: bool
) -> tuple[CheckList, ...]:
    """The lists that have lines, in the order in which a desk works through them.

    `unread` says which lists could not be read; where the meeting names nobody, `named` is False.
    """
    words, blocks = report.words, report.session_blocks()
    parts = [*named_parts(report.sections)]
    items = {(i.message_id, i.chat, i.text): i for _, part in parts for i in part.items}.values()
    lists: dict[str, Iterable[str]] = {
        "check_missing_fields": (
            field.label.rstrip(" :：\u00a0\u202f") for field in report.fields if field.required and not field.value
        ),
        "check_empty_parts": (name for name, part in named_parts(report.sections, blocks=False) if not part.items),
        "check_sessions_without_conclusions": (
            block.heading for block in blocks if any(p.key == CONCLUSIONS and not p.items for p in block.parts)
        ),
        "check_unopened_sessions": (session.label for session in sessions if not session.announced),
        "check_review": (_brief(entry.text, *[entry.author] * named) for entry in report.review),
        "check_unread": unread,
        "check_late": (_brief(item.text, *[item.author] * named) for item in report.late),
        "check_duplicates": (_brief(item.text, *item.authors * named) for item in items if len(item.authors) > 1),
        "check_similar": (line for _, part in parts for line in _similar_lines(part)),
        "check_no_addressee": (
            f"{item.number}: {_brief(item.text)}" if item.number else _brief(item.text)
            for item in items
            if item.tag == RECOMMENDATION and not item.attributes.get("to")
        ),
        "check_over_limit": (f"{name}: {over}" for name, part in parts for over in part.over),
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


def _similar_lines(part: Part) -> Iterator[str]:
    texts = [item.text for item in part.items]
    for one, other in find_similar(texts):
        yield f"“{_brief(texts[one])}” – “{_brief(texts[other])}”"


def _brief(text: str, *authors: str) -> str:
    """The beginning of a text, to find it by, and who posted it; the whole text stands in the report."""
    short = shorten_text(text, _BRIEF)
    return f"{short} ({', '.join(authors)})" if authors else short
