"""The small print around notes, worded alike in every format that people read.

Called by the formats that people read. Phrases come from the report; nothing here knows a file type.
"""

import re
from dataclasses import replace
from datetime import datetime

from reports.report import Changes, Grid, Item, Part, Report, ReviewItem, Section, SessionBlock, Trace

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


def describe_note(item: Item, report: Report, *, action: bool = False, table: bool = False) -> tuple[str, ...]:
    """The lines of small print under a note: addressee, date and session; then a line for each attachment.

    In a table of actions the first of them have columns of their own; in other tables the first two.
    """
    lines = [describe_attachment(a.kind, a.name, report) for a in item.attachments if a.name]
    aim = [] if action else [*([] if table else _aim(item, report)), *_place(item, report)]
    apart = report.words["divergent_view"] if item.divergent else ""
    pieces = [*filter(None, [apart, item.credit]), *aim, *_codes(item)]
    return (_BETWEEN.join(pieces), *lines) if pieces else tuple(lines)


def _aim(item: Item, report: Report) -> list[str]:
    """To whom and by when."""
    words, pieces = report.words, []
    if item.attributes.get("to"):
        pieces.append(words["recommendation_to"].format(to=item.attributes["to"]))
    if item.attributes.get("by"):
        pieces.append(words["by"].format(by=item.attributes["by"]))
    return pieces


def _place(item: Item, report: Report) -> list[str]:
    """For a numbered note the session it was made in: it is cited away from there."""
    return [name_session(item.session, report)] if item.number and item.session else []


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
    if isinstance(entry, Item) and entry.tag:
        pieces.append(f"#{entry.tag}")
    return _BETWEEN.join(pieces)


def word_provenance(item: Item, report: Report) -> tuple[str, ...]:
    """Where a note comes from, line by line: time and author, who spoke, the same words of others, edits, decisions.

    The last line is the link to the message, or its name where there is none.
    """
    words, attributes = report.words, item.attributes
    first, *others = item.authors or (item.author,)
    spoke = ", ".join(str(attributes[key]) for key in ("speaker", "org") if attributes.get(key))
    lines = [
        _BETWEEN.join(filter(None, [describe_time(item.at), first])),
        words["speaker"].format(speaker=spoke) if spoke else "",
        words["also_posted"].format(authors=", ".join(others)) if others else "",
        words["edited_at"].format(times="; ".join(map(describe_time, item.edits))) if item.edits else "",
        *item.decisions,
        item.link or _BETWEEN.join((item.platform, item.chat, item.message_id)),
    ]
    return tuple(filter(None, lines))


def describe_time(at: datetime) -> str:
    """Local time and date, in figures: "16:48, 2017-07-09"."""
    # by hand: strftime asks the zone again for each of many thousand notes
    return f"{at.hour:02}:{at.minute:02}, {at.year:04}-{at.month:02}-{at.day:02}"


def describe_moment(item: Item, report: Report) -> str:
    """When a note was made, and in which session: "09:40, 2017-07-09 · Session II"."""
    return _BETWEEN.join([describe_time(item.at), *([name_session(item.session, report)] if item.session else [])])


def describe_in_time(item: Item, report: Report) -> tuple[str, ...]:
    """The small print of a note among all in the order of time: when and in which session, then what stands else."""
    return describe_moment(item, report), *describe_note(replace(item, session=None), report)


def word_action(item: Item) -> tuple[str, str, str]:
    """The columns of an action beside its words: who, by when, session."""
    return *word_aim(item), item.session or ""


def word_aim(item: Item) -> tuple[str, str]:
    """The last columns of a table: addressee, date due."""
    return str(item.attributes.get("to") or ""), str(item.attributes.get("by") or "")


def head_action_columns(report: Report) -> tuple[str, str, str, str]:
    """The column headings of a table of actions."""
    words = report.words
    return words["what"], words["who"], words["by_when"], words["session_column"]


def is_table(part: Part) -> bool:
    """Whether a part of style "table" is one: a list while no note has an addressee or a date due."""
    return part.style == "table" and any(any(word_aim(item)) for item in part.items)


def head_table_columns(report: Report) -> tuple[str, str, str, str]:
    """The column headings of such a table."""
    words = report.words
    return (
        words["note_number_column"],
        words["recommendation_column"],
        words["addressee_column"],
        words["date_due_column"],
    )


def tabulate_changes(changes: Changes, report: Report) -> Grid:
    """The changes since an earlier draft as a table: kind, number, part, words before and now."""
    words = report.words
    heads = ("change_column", "note_number_column", "part_column", "before_column", "after_column")
    rows = (
        (words[f"change.{change.kind}"], change.number or "", change.where, change.before, change.after)
        for change in changes.changes
    )
    return Grid("", tuple(words[head] for head in heads), tuple(rows))
