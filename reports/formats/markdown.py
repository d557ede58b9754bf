"""The report as Markdown (CommonMark with GitHub's tables), to be read as it is or shown.

Loaded by `formats.load_format`. Whatever a person wrote is escaped, so that it is shown character for
character. The checklist stands before the first rule, the late notes and the review list after the last: both can
be cut off.
"""

import re
from collections.abc import Iterable, Iterator

from reports.formats.wording import (
    describe_note,
    describe_source,
    head_action_columns,
    head_section,
    head_trace_columns,
    split_paragraphs,
    word_action,
    word_theme,
    word_trace,
)
from reports.report import CheckList, Group, Item, Part, Report, Section

NAME = "md"
SUFFIX = ".md"
MEDIA_TYPE = "text/markdown; charset=utf-8"

# what means something wherever it stands (the backslash first, as it marks the others); and at the start of a line
# only: lists, rules, underlines, tables
_MARKUP = "\\`*_[]<>&|~#$"
_LINE_START = re.compile(r"(?:(?=[-+=:])|[0-9]+(?=[.)]))").match
# the most of cells: one line with nothing in it that means anything
_PLAIN = re.compile(r"(?:[^\W\d_]|\d+(?![\d.)]))[^\\`*_\[\]<>&|~#$\r\n]*(?<!\s)").fullmatch
_NEWLINE = re.compile(r"\r\n?|\n")
_RULE = "---"


def render(report: Report) -> bytes:
    """The whole report as UTF-8 text: blocks with a blank line between them."""
    return ("\n\n".join(_blocks(report)) + "\n").encode()


def _blocks(report: Report) -> Iterator[str]:
    if report.checks:
        yield from _checklist(report.checks, report)
        yield _RULE
    yield from _front(report)
    for section in report.sections:
        yield from _section(section, report)
    if report.footnote:
        yield _emphasize(report.footnote)
    yield from _annexes(report)
    if report.provenance:
        yield _heading(2, report.words["provenance"])
        yield _emphasize(report.words["remove_note"])
        yield _table(head_trace_columns(report), (map(_cell, word_trace(trace)) for trace in report.provenance))
    if report.late or report.review:
        yield _RULE
        yield from _desk(report)


def _checklist(checks: Iterable[CheckList], report: Report) -> Iterator[str]:
    yield _heading(2, report.words["checklist_title"])
    yield _emphasize(report.words["draft_note"])
    for check in checks:
        yield _heading(3, check.heading)
        yield "\n".join(_list_item("- ", escape(line)) for line in check.lines)


def _front(report: Report) -> Iterator[str]:
    """Title, preamble and the table of fields."""
    yield _heading(1, report.title)
    if report.subtitle:
        yield f"**{_on_one_line(report.subtitle)}**"
    yield from map(escape, split_paragraphs(report.preamble))
    if report.fields:
        rows = (
            (
                f"**{_on_one_line(field.label)}**",
                _emphasize_cell(field.placeholder) if field.value is None else _cell(field.value),
            )
            for field in report.fields
        )
        yield _table(("", ""), rows)


def _section(section: Section, report: Report) -> Iterator[str]:
    yield _heading(2, head_section(section))
    if section.help:
        yield _emphasize(section.help)
    for part in section.parts:
        yield from _part(part, 3, report)
    if section.sessions is not None and not section.sessions:
        yield _emphasize(section.empty)
    for block in section.sessions or ():
        yield _heading(3, block.heading)
        if block.theme:
            yield _emphasize(word_theme(block, report))
        for part in block.parts:
            yield from _part(part, 4, report)


def _part(part: Part, level: int, report: Report) -> Iterator[str]:
    if part.heading:
        yield _heading(level, part.heading)
    first = 1
    for group in part.groups:
        if group.heading:
            yield _heading(level + bool(part.heading), group.heading)
        if group.items:
            yield _group(group, part.style, first, report)
        first += len(group.items)
    if not part.items:
        yield _emphasize(part.empty)


def _group(group: Group, style: str, first: int, report: Report) -> str:
    if style == "actions":
        return _table(head_action_columns(report), (_action(item, report) for item in group.items))
    notes = [_note(item, report) for item in group.items]
    if style == "paragraphs":
        return "\n\n".join(notes)
    numbered = style == "numbered" and not any(item.number for item in group.items)
    markers = [f"{first + n}. " if numbered else "- " for n in range(len(notes))]
    return "\n".join(map(_list_item, markers, notes))


def _note(item: Item, report: Report) -> str:
    """A note with its number before it and its small print below."""
    number = f"**{escape(item.number)}** " if item.number else ""
    return _with_details(number + escape(item.text), describe_note(item, report))


def _action(item: Item, report: Report) -> Iterator[str]:
    number = f"**{_cell(item.number)}** " if item.number else ""
    details = "".join(f"<br>{_emphasize_cell(line)}" for line in describe_note(item, report, action=True))
    yield number + _cell(item.text) + details
    yield from map(_cell, word_action(item))


def _annexes(report: Report) -> Iterator[str]:
    if report.annexes:
        yield _heading(2, report.words["annexes"])
    for annex in report.annexes:
        yield _heading(3, annex.heading)
        notes = [_note(item, report) for item in annex.items]
        yield "\n".join(_list_item("- ", note) for note in notes) or _emphasize(report.words["no_notes"])


def _desk(report: Report) -> Iterator[str]:
    """What a person must still decide on."""
    if report.late:
        yield _heading(2, report.words["late_title"])
        yield _emphasize(report.words["remove_note"])
        late = (_with_details(_note(item, report), (describe_source(item),)) for item in report.late)
        yield "\n".join(_list_item("- ", note) for note in late)
    if report.review:
        yield _heading(2, report.words["review_title"])
        yield _emphasize(report.words["remove_note"])
        review = (_with_details(escape(entry.text), (entry.advice, describe_source(entry))) for entry in report.review)
        yield "\n".join(_list_item("- ", note) for note in review)


def _with_details(text: str, details: tuple[str, ...]) -> str:
    return "\\\n".join(filter(None, (text, *map(_emphasize, details)))) if details else text


def _heading(level: int, text: str) -> str:
    return f"{'#' * level} {_on_one_line(text)}"


def _emphasize(text: str) -> str:
    return f"*{escape(text)}*" if text else ""


def _emphasize_cell(text: str) -> str:
    return f"*{_cell(text)}*" if text else ""


def _list_item(marker: str, text: str) -> str:
    """Text under its marker; the lines that follow stand in as far as the marker is wide."""
    return marker + text.replace("\n", "\n" + " " * len(marker))


def _table(heads: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    cells = [_cell(head) for head in heads]
    lines = [_row(cells), _row("---" for _ in cells), *map(_row, rows)]
    return "\n".join(lines)


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _cell(text: str) -> str:
    return text if _PLAIN(text) else "<br>".join(map(_escape_line, _lines(text)))


def _on_one_line(text: str) -> str:
    return _escape_line(" ".join(line.strip() for line in _lines(text)))


def escape(text: str) -> str:
    """Text as Markdown that shows exactly these characters; its line breaks are hard ones."""
    return "\\\n".join(map(_escape_line, _lines(text)))


def _lines(text: str) -> list[str]:
    text = text.strip()
    return _NEWLINE.split(text) if "\n" in text or "\r" in text else [text]


def _escape_line(line: str) -> str:
    """One line. Outer white space would be taken away, so it is written in figures."""
    words = line.strip()
    if words != line:
        before, after = line[: len(line) - len(line.lstrip())], line[len(line.rstrip()) :]
        return _figures(before) + _escape_line(words) + _figures(after) if words else _figures(line)
    for sign in _MARKUP:
        if sign in line:  # far faster than a pattern, since most notes have none
            line = line.replace(sign, "\\" + sign)
    start = _LINE_START(line)
    return f"{start[0]}\\{line[start.end() :]}" if start else line


def _figures(space: str) -> str:
    return "".join(f"&#{ord(char)};" for char in space)
