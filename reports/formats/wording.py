"""The small print around notes, worded alike in every format that people read.

Called by the formats markdown, html and docx. Phrases come from the report; nothing here knows a file type.
"""

import re
from datetime import datetime

from reports.report import Item, Report, ReviewItem, Section, SessionBlock, Trace

# between the pieces of one line of small print; means the same in every language
_BETWEEN = " · "
# "II", "3B"
_NUMBERED = re.compile(r"[IVXLCDM]+|[0-9]+[A-Z]?").fullmatch
_BLANK_LINES = re.compile(r"\n\s*\n")


def name_meeting(report: Report) -> str:
    """The meeting's title on one line, from the field of that name; while there is none, that of the form."""
    titles = (field.value for field in report.fields if field.key == "title" and field.value)
    return " ".join(next(titles, report.title).split())


def head_section(section: Section) -> str:
    """A section's heading with its label: "A. Objectives"."""
    return f"{section.label}. {section.heading}" if section.label else section.heading


def split_paragraphs(text: str) -> list[str]:
    """The paragraphs of a long text, which blank lines part; none for an empty one."""
    return _BLANK_LINES.split(text) if text else []


def word_theme(block: SessionBlock, report: Report) -> str:
    """The theme line of a session block, "" where it has no theme."""
    return report.words["theme"].format(theme=block.theme) if block.theme else ""


def describe_note(item: Item, report: Report, *, action: bool = False) -> tuple[str, ...]:
    """The lines of small print under a note: addressee, date and session; then a line for each attachment.

    In a table of actions the first of them have columns of their own.
    """
    lines = [describe_attachment(a.kind, a.name, report) for a in item.attachments if a.name]
    pieces = [*filter(None, [item.credit]), *([] if action else _aim(item, report)), *_codes(item)]
    return (_BETWEEN.join(pieces), *lines) if pieces else tuple(lines)


def _aim(item: Item, report: Report) -> list[str]:
    """To whom and by when; for a numbered note also the session it was made in."""
    words, pieces = report.words, []
    if item.attributes.get("to"):
        pieces.append(words["recommendation_to"].format(to=item.attributes["to"]))
    if item.attributes.get("by"):
        pieces.append(words["by"].format(by=item.attributes["by"]))
    if item.number and item.session:
        pieces.append(name_session(item.session, report))
    return pieces


def _codes(item: Item) -> list[str]:
    """The codes that a note was given by tags: goals and targets, themes, countries."""
    goals = [f"SDG {code}" for code in item.attributes.get("sdg", ())]
    themes = [
        f"({code.replace('.', ') ', 1)}" if "." in code else f"({code})" for code in item.attributes.get("theme", ())
    ]
    return [*goals, *themes, *item.attributes.get("country", ())]


def name_session(label: str, report: Report) -> str:
    """ "Session II"; a label that is no number ("Breakout 2", "Opening") is a name by itself."""
    return report.words["session"].format(label=label) if _NUMBERED(label) else label


def head_trace_columns(report: Report) -> tuple[str, ...]:
    """The heads of the provenance table's columns."""
    return tuple(report.words[key] for key in ("time", "author", "note", "message"))


def word_trace(trace: Trace) -> tuple[str, ...]:
    """A note's provenance in the order of the columns."""
    return trace.time, trace.author, trace.note, trace.message


def describe_attachment(kind: str, name: str, report: Report) -> str:
    """ "Photo: flipchart.jpg"; a kind without a word of its own is a file."""
    return report.words[kind if kind in ("photo", "voice") else "file"].format(name=name)


def describe_source(entry: Item | ReviewItem) -> str:
    """When, in the meeting's zone, and who; for a note also its tag.

    The time comes first: after a name in Arabic its figures would be shown in another order.
    """
    pieces = [describe_time(entry.at), *filter(None, [entry.author])]
    if isinstance(entry, Item):
        pieces.append(f"#{entry.tag}")
    return _BETWEEN.join(pieces)


def describe_time(at: datetime) -> str:
    """Local time and date, in figures: "16:48, 2017-07-09"."""
    return f"{at:%H:%M, %Y-%m-%d}"


def word_action(item: Item) -> tuple[str, str, str]:
    """The columns of an action beside its words: who, by when, session."""
    attributes = item.attributes
    return str(attributes.get("to") or ""), str(attributes.get("by") or ""), item.session or ""


def head_action_columns(report: Report) -> tuple[str, str, str, str]:
    """The column headings of a table of actions."""
    words = report.words
    return words["what"], words["who"], words["by_when"], words["session_column"]
