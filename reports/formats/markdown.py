"""The report as Markdown (CommonMark with GitHub's tables), to be read as it is or shown.

Loaded by `formats.load_format`. Whatever a person wrote is escaped, so that it is shown character for
character. The checklist stands before the first rule, what else is for the desk after the last: both can be
cut off.
"""

from collections.abc import Iterable, Iterator

from reports.formats.commonmark import (
    add_details,
    emphasize,
    emphasize_cell,
    escape,
    escape_cell,
    escape_on_one_line,
    head,
    indent_item,
    list_blocks,
    list_lines,
    tabulate,
)
from reports.formats.wording import (
    describe_attachment,
    describe_in_time,
    describe_note,
    describe_source,
    head_action_columns,
    head_section,
    head_table_columns,
    head_trace_columns,
    is_table,
    split_paragraphs,
    tabulate_changes,
    word_action,
    word_aim,
    word_theme,
    word_trace,
)
from reports.report import Annex, Changes, CheckList, Grid, Group, Item, Part, Picture, Report, Section, Summary

NAME = "md"
SUFFIX = ".md"
MEDIA_TYPE = "text/markdown; charset=utf-8"

_RULE = "---"


def render(report: Report) -> bytes:
    """The whole report as UTF-8 text: blocks with a blank line between them."""
    return ("\n\n".join(_blocks(report)) + "\n").encode()


def _blocks(report: Report) -> Iterator[str]:
    if report.checks:
        yield from _checklist(report.checks, report)
        yield _RULE
    yield from _front(report)
    if report.summary:
        yield from _summary(report.summary, report)
    overview = report.overview
    for section in report.sections:
        # the table of sessions stands in the first section that has any
        yield from _section(section, overview if section.sessions else None, report)
        overview = None if section.sessions else overview
    if report.footnote:
        yield emphasize(report.footnote)
    yield from _annexes(report)
    if report.provenance:
        yield head(2, report.words["provenance"])
        yield emphasize(report.words["remove_note"])
        yield tabulate(head_trace_columns(report), (map(escape_cell, word_trace(trace)) for trace in report.provenance))
    desk = list(_desk(report))
    if desk:
        yield _RULE
        yield from desk


def _checklist(checks: Iterable[CheckList], report: Report) -> Iterator[str]:
    yield head(2, report.words["checklist_title"])
    yield emphasize(report.words["draft_note"])
    for check in checks:
        yield head(3, check.heading)
        yield list_lines(check.lines)


def _front(report: Report) -> Iterator[str]:
    """Title, preamble and the table of fields."""
    yield head(1, report.title)
    if report.subtitle:
        yield f"**{escape_on_one_line(report.subtitle)}**"
    yield from map(escape, split_paragraphs(report.preamble))
    if report.fields:
        rows = (
            (
                f"**{escape_on_one_line(field.label)}**",
                emphasize_cell(field.placeholder) if field.value is None else escape_cell(field.value),
            )
            for field in report.fields
        )
        yield tabulate(("", ""), rows)


def _summary(summary: Summary, report: Report) -> Iterator[str]:
    """The meeting on one page: counts, sessions, conclusions and recommendations."""
    yield head(2, summary.heading)
    if summary.counts:
        yield list_lines(summary.counts)
    if summary.sessions:
        yield head(3, report.words["sessions_title"])
        yield list_lines(summary.sessions)
    for part in summary.parts:
        yield from _part(part, 3, report)


def _section(section: Section, overview: Grid | None, report: Report) -> Iterator[str]:
    yield head(2, head_section(section))
    if section.help:
        yield emphasize(section.help)
    if overview:
        yield from _grid(overview)
    for part in section.parts:
        yield from _part(part, 3, report)
    if section.sessions is not None and not section.sessions:
        yield emphasize(section.empty)
    for block in section.sessions or ():
        yield head(3, block.heading)
        if block.theme:
            yield emphasize(word_theme(block, report))
        for part in block.parts:
            yield from _part(part, 4, report)


def _part(part: Part, level: int, report: Report) -> Iterator[str]:
    if part.heading:
        yield head(level, part.heading)
    style = "table" if is_table(part) else "bullets" if part.style == "table" else part.style
    first = 1
    for group in part.groups:
        if group.heading:
            yield head(level + bool(part.heading), group.heading)
        if group.items:
            yield _group(group, style, first, report)
        first += len(group.items)
    if not part.items:
        yield emphasize(part.empty)


def _group(group: Group, style: str, first: int, report: Report) -> str:
    if style == "actions":
        return tabulate(head_action_columns(report), (_action(item, report) for item in group.items))
    if style == "table":
        return tabulate(head_table_columns(report), (_aimed(item, report) for item in group.items))
    notes = [_note(item, report) for item in group.items]
    if style == "paragraphs" or any(item.paragraph for item in group.items):
        return "\n\n".join(notes)
    numbered = style == "numbered" and not any(item.number for item in group.items)
    markers = [f"{first + n}. " if numbered else "- " for n in range(len(notes))]
    return "\n".join(map(indent_item, markers, notes))


def _note(item: Item, report: Report) -> str:
    """A note with its number before it and its small print below."""
    return add_details(_number(item) + escape(item.text), describe_note(item, report))


def _number(item: Item) -> str:
    if item.number:
        return f"**{escape(item.number)}** "
    return escape(f"{item.paragraph}.") + " " if item.paragraph else ""


def _action(item: Item, report: Report) -> Iterator[str]:
    number = f"**{escape_cell(item.number)}** " if item.number else ""
    details = "".join(f"<br>{emphasize_cell(line)}" for line in describe_note(item, report, action=True))
    yield number + escape_cell(item.text) + details
    yield from map(escape_cell, word_action(item))


def _aimed(item: Item, report: Report) -> Iterator[str]:
    """The row of a table: number, words, addressee, date due."""
    yield f"**{escape_cell(item.number)}**" if item.number else ""
    yield escape_cell(item.text) + "".join(
        f"<br>{emphasize_cell(line)}" for line in describe_note(item, report, table=True)
    )
    yield from map(escape_cell, word_aim(item))


def _annexes(report: Report) -> Iterator[str]:
    if report.annexes:
        yield head(2, report.words["annexes"])
    for annex in report.annexes:
        yield head(3, annex.heading)
        yield from _annex(annex, report)


def _annex(annex: Annex, report: Report) -> Iterator[str]:
    """Its tables, its photographs by caption and name, its notes; those in the order of time each with its moment."""
    if annex.is_empty:
        yield emphasize(report.words["no_notes"])
    for grid in annex.grids:
        yield from _grid(grid)
    if annex.pictures:
        yield list_blocks(_picture(picture, report) for picture in annex.pictures)
    if annex.items and annex.key == "notes":
        yield list_blocks(
            add_details(_number(item) + escape(item.text), describe_in_time(item, report)) for item in annex.items
        )
    elif annex.printed_items:
        yield list_blocks(_note(item, report) for item in annex.printed_items)


def _picture(picture: Picture, report: Report) -> str:
    name = describe_attachment("photo", picture.name, report) if picture.name else ""
    return add_details(escape(picture.caption), (name,))


def _grid(grid: Grid) -> Iterator[str]:
    if grid.caption:
        yield f"**{escape_on_one_line(grid.caption)}**"
    yield tabulate(grid.heads, (map(escape_cell, row) for row in grid.rows))


def _desk(report: Report) -> Iterator[str]:
    """What is for the desk alone: what changed, what a person must decide on, and what was decided."""
    words = report.words
    if report.changes:
        yield from _changes(report.changes, report)
    if report.late:
        yield from _head_desk(words["late_title"], report)
        yield list_blocks(_waiting(item, report) for item in report.late)
    if report.review:
        yield from _head_desk(words["review_title"], report)
        yield list_blocks(
            add_details(escape(entry.text), (entry.advice, describe_source(entry))) for entry in report.review
        )
    if report.dropped:
        yield from _head_desk(words["dropped_title"], report)
        yield list_blocks(_waiting(item, report) for item in report.dropped)
    if report.history:
        yield from _head_desk(words["history_title"], report)
        yield from _grid(report.history)


def _changes(changes: Changes, report: Report) -> Iterator[str]:
    yield from _head_desk(changes.heading, report)
    grid = tabulate_changes(changes, report)
    yield from _grid(grid) if grid.rows else (emphasize(report.words["no_changes"]),)


def _head_desk(title: str, report: Report) -> Iterator[str]:
    yield head(2, title)
    yield emphasize(report.words["remove_note"])


def _waiting(item: Item, report: Report) -> str:
    """A note with what was decided on it and where it comes from."""
    return add_details(_note(item, report), (*item.decisions, describe_source(item)))
