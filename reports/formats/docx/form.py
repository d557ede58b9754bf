"""The form as it is sent in: cover, contents, summary, sections and parts.

Called by `reports.formats.docx.write_body`.
"""

from collections.abc import Iterable, Iterator

from reports.formats.direction import is_rtl
from reports.formats.docx.body import WHOLE_WIDTH, paragraph, table
from reports.formats.docx.letterhead import leave_to_cover
from reports.formats.docx.writer import Writer
from reports.formats.wording import (
    describe_note,
    head_action_columns,
    head_section,
    head_table_columns,
    is_table,
    split_paragraphs,
    word_action,
    word_aim,
    word_theme,
)
from reports.report import Field, Group, Item, Part, Section, Summary

# columns of the tables, in shares of their width
_FIELD_COLUMNS = (1556, WHOLE_WIDTH - 1556)
_ACTION_COLUMNS = (2370, 1040, 830, 760)
_AIM_COLUMNS = (520, 2600, 1050, 830)


def write_cover(writer: Writer) -> Iterator[str]:
    """The form's title and the block of fields."""
    report = leave_to_cover(writer.report)
    yield from writer.lines("Title", report.title)
    yield from writer.lines("Subtitle", report.subtitle)
    yield from (writer.text("Normal", words) for words in split_paragraphs(report.preamble))
    if report.fields:
        rows = (
            writer.row(_FIELD_COLUMNS, ("", field.value or ""), _field(writer, field), head=not n)
            for n, field in enumerate(report.fields)
        )
        about = ", ".join(field.label for field in report.fields)
        yield table(_FIELD_COLUMNS, rows, rtl=writer.rtl, head=False, title=writer.report.title, about=about)


def _field(writer: Writer, field: Field) -> tuple[str, str]:
    value = (
        writer.text("CellText", field.placeholder, "ToBeCompleted")
        if field.value is None
        else writer.text("CellText", field.value)
    )
    return writer.text("CellText", field.label), value


def write_summary(writer: Writer, summary: Summary) -> Iterator[str]:
    """The meeting on one page: counts, sessions, and the parts that matter most."""
    yield writer.heading(1, summary.heading)
    yield from (writer.text("SummaryLine", count) for count in summary.counts)
    if summary.sessions:
        yield writer.heading(2, writer.report.words["sessions_title"])
        yield from (writer.text("SummaryLine", session) for session in summary.sessions)
    for part in summary.parts:
        yield from _part(writer, part, 2)


def write_sections(writer: Writer) -> Iterator[str]:
    """All sections; the table of sessions stands in the first that has any."""
    overview = writer.report.overview
    for section in writer.report.sections:
        yield writer.heading(1, head_section(section), direction_of=section.heading)
        yield from writer.lines("Prompt", section.help)
        if section.sessions and overview:
            yield from writer.grid(overview)
            overview = None
        yield from _content(writer, section)
    yield from writer.lines("FormNote", writer.report.footnote)


def _content(writer: Writer, section: Section) -> Iterator[str]:
    for part in section.parts:
        yield from _part(writer, part, 2)
    if section.sessions == ():
        yield writer.text("NoNotes", section.empty)
    for block in section.sessions or ():
        yield writer.heading(2, block.heading)
        yield from writer.lines("Theme", word_theme(block, writer.report))
        for part in block.parts:
            yield from _part(writer, part, 3)


def _part(writer: Writer, part: Part, level: int) -> Iterator[str]:
    if part.heading:
        yield writer.heading(level, part.heading)
        level += 1
    if not part.items:
        yield writer.text("NoNotes", part.empty)
        return
    if part.style == "numbered":
        writer.last_list += 1
    tabled = is_table(part)
    for group in part.groups:
        if group.heading:
            yield writer.heading(level, group.heading)
        if part.style == "actions":
            yield _actions(writer, part, group)
        elif tabled:
            yield _aims(writer, part, group)
        else:
            for item in group.items:
                yield from writer.note(item, part.style)


def _actions(writer: Writer, part: Part, group: Group) -> str:
    """What, who, by when, session."""
    heads = head_action_columns(writer.report)
    widths = writer.fit(_ACTION_COLUMNS, heads)
    rows = (writer.row(widths, (item.text, *word_action(item)), _action(writer, item)) for item in group.items)
    return writer.table(widths, heads, rows, group.heading or part.heading or heads[0])


def _action(writer: Writer, item: Item) -> Iterator[str]:
    number = writer.run(f"{item.number} ", "NoteNumber", rtl=False) if item.number else ""
    yield _cell(writer, item, number, describe_note(item, writer.report, action=True))
    yield from (writer.text("CellText", cell) for cell in word_action(item))


def _aims(writer: Writer, part: Part, group: Group) -> str:
    """Number, words, addressee, date due."""
    heads = head_table_columns(writer.report)
    widths = writer.fit(_AIM_COLUMNS, heads)
    rows = (writer.row(widths, ("", item.text, *word_aim(item)), _aim(writer, item)) for item in group.items)
    return writer.table(widths, heads, rows, group.heading or part.heading or heads[1])


def _aim(writer: Writer, item: Item) -> Iterator[str]:
    yield writer.text("CellText", item.number or "", "NoteNumber")
    yield _cell(writer, item, "", describe_note(item, writer.report, table=True))
    yield from (writer.text("CellText", cell) for cell in word_aim(item))


def _cell(writer: Writer, item: Item, number: str, details: Iterable[str]) -> str:
    """A note's words in a table, with its small print."""
    rtl = is_rtl(item.text, writer.rtl)
    words = writer.comment(item, number + writer.run(item.text, rtl=rtl))
    return paragraph("CellText", words, rtl=rtl) + "".join(writer.details(tuple(details), "NoteDetail", rtl=rtl))
