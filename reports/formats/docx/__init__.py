"""The report as a Word document, the form as it will be submitted.

Loaded by `formats.load_format`. This module walks the report; `body` puts its pieces into
WordprocessingML, `styles` says how they look, `package` makes the file.
"""

from collections.abc import Iterable, Iterator, Sequence

from reports.formats.docx.body import PAGE_BREAK, TAB, is_rtl, paragraph, row, run, table
from reports.formats.docx.package import pack
from reports.formats.docx.styles import FIRST_NUMBERED
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
from reports.report import Field, Item, Part, Report, Section

NAME = "docx"
SUFFIX = ".docx"
MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"

# columns of the tables, in twentieths of a point: together the 17 cm between the margins
_FIELD_COLUMNS = (3000, 6638)
_ACTION_COLUMNS = (4838, 2000, 1600, 1200)
_TRACE_COLUMNS = (1500, 2100, 3938, 2100)


def render(report: Report) -> bytes:
    """The whole report as a .docx file; two renders of one report are equal."""
    writer = _Writer(report)
    body = "".join(writer.write())
    return pack(report, body, range(FIRST_NUMBERED, writer.last_list + 1))


class _Writer:
    """Walks one report and hands out the pieces of the body in order.

    `last_list` is the id of the numbered list begun last; the first is the one of the style itself.
    """

    def __init__(self, report: Report) -> None:
        self._report = report
        self._words = report.words
        self._rtl = report.direction == "rtl"
        self.last_list = FIRST_NUMBERED

    def write(self) -> Iterator[str]:
        """The paragraphs and tables of the whole body."""
        if self._report.checks:
            yield from self._checklist()
        yield from self._front()
        for section in self._report.sections:
            yield from self._section(section)
        yield from self._lines("FormNote", self._report.footnote)
        yield from self._annexes()
        if self._report.provenance:
            yield from self._provenance()
        if self._report.late or self._report.review:
            yield from self._desk()

    def _checklist(self) -> Iterator[str]:
        """The first page: all of it in styles of its own, so that a desk can mark and delete it."""
        yield self._text("ChecklistTitle", self._words["checklist_title"])
        yield self._text("Checklist", self._words["draft_note"])
        for check in self._report.checks:
            yield self._text("ChecklistHeading", check.heading)
            yield from (self._text("ChecklistItem", line) for line in check.lines[:-1])
            # the break stands in the last line: a paragraph of its own might fall on the next page, and leave it empty
            ending = PAGE_BREAK if check is self._report.checks[-1] else ""
            yield self._text("ChecklistItem", check.lines[-1], ending=ending)

    def _front(self) -> Iterator[str]:
        report = self._report
        yield self._text("Title", report.title)
        yield from self._lines("Subtitle", report.subtitle)
        yield from (self._text("Normal", words) for words in split_paragraphs(report.preamble))
        if report.fields:
            rows = (row(_FIELD_COLUMNS, self._field(field)) for field in report.fields)
            yield table(_FIELD_COLUMNS, rows, rtl=self._rtl, head=False)

    def _field(self, field: Field) -> tuple[str, str]:
        value = (
            self._text("CellText", field.placeholder, "ToBeCompleted")
            if field.value is None
            else self._text("CellText", field.value)
        )
        return self._text("CellText", field.label), value

    def _section(self, section: Section) -> Iterator[str]:
        # its label is a Latin letter in every language, so the words decide on the direction
        rtl = is_rtl(section.heading, self._rtl)
        yield paragraph("Heading1", run(head_section(section), rtl=rtl), rtl=rtl)
        yield from self._lines("Prompt", section.help)
        for part in section.parts:
            yield from self._part(part, 2)
        if section.sessions == ():
            yield self._text("NoNotes", section.empty)
        for block in section.sessions or ():
            yield self._text("Heading2", block.heading)
            yield from self._lines("Theme", word_theme(block, self._report))
            for part in block.parts:
                yield from self._part(part, 3)

    def _part(self, part: Part, level: int) -> Iterator[str]:
        if part.heading:
            yield self._text(f"Heading{level}", part.heading)
            level += 1
        if not part.items:
            yield self._text("NoNotes", part.empty)
            return
        if part.style == "numbered":
            self.last_list += 1
        for group in part.groups:
            if group.heading:
                yield self._text(f"Heading{level}", group.heading)
            if part.style == "actions":
                yield self._actions(group.items)
            else:
                for item in group.items:
                    yield from self._note(item, part.style)

    def _note(self, item: Item, style: str = "bullets", *more: str) -> Iterator[str]:
        """A note and its small print, kept on one page and in the note's direction."""
        details = (*describe_note(item, self._report), *more)
        keep = bool(details)
        rtl = is_rtl(item.text, self._rtl)
        words = run(item.text, rtl=rtl)
        if item.number:
            # its number is cited elsewhere, so it is text and not the count of Word
            words = run(item.number, "NoteNumber") + TAB + words
            yield paragraph("CitedNote", words, rtl=rtl, keep=keep)
        elif style == "numbered":
            yield paragraph("ListNumber", words, rtl=rtl, keep=keep, numbered=self.last_list)
        else:
            yield paragraph("Normal" if style == "paragraphs" else "ListBullet", words, rtl=rtl, keep=keep)
        yield from self._details(details, "NoteDetail" if style == "paragraphs" else "ListDetail", rtl=rtl)

    def _details(self, details: Sequence[str], style: str, *, rtl: bool) -> Iterator[str]:
        for line in details:
            yield paragraph(style, run(line, rtl=rtl), rtl=rtl, keep=line is not details[-1])

    def _actions(self, items: Iterable[Item]) -> str:
        heads = (self._text("CellText", head) for head in head_action_columns(self._report))
        head_row = row(_ACTION_COLUMNS, heads, head=True)
        rows = (row(_ACTION_COLUMNS, self._action(item)) for item in items)
        return table(_ACTION_COLUMNS, (head_row, *rows), rtl=self._rtl, head=True)

    def _action(self, item: Item) -> Iterator[str]:
        rtl = is_rtl(item.text, self._rtl)
        number = run(f"{item.number} ", "NoteNumber") if item.number else ""
        details = self._details(describe_note(item, self._report, action=True), "NoteDetail", rtl=rtl)
        yield paragraph("CellText", number + run(item.text, rtl=rtl), rtl=rtl) + "".join(details)
        yield from (self._text("CellText", cell) for cell in word_action(item))

    def _annexes(self) -> Iterator[str]:
        if self._report.annexes:
            yield self._text("Heading1", self._words["annexes"])
        for annex in self._report.annexes:
            yield self._text("Heading2", annex.heading)
            for item in annex.items:
                yield from self._note(item)
            if not annex.items:
                yield self._text("NoNotes", self._words["no_notes"])

    def _provenance(self) -> Iterator[str]:
        """Where each note comes from, on pages of its own after the annexes."""
        yield self._text("DeskHeading", self._words["provenance"])
        yield self._text("Prompt", self._words["remove_note"])
        rows = [head_trace_columns(self._report), *map(word_trace, self._report.provenance)]
        cells = ([self._text("TraceText", cell) for cell in texts] for texts in rows)
        lines = (row(_TRACE_COLUMNS, line, head=index == 0) for index, line in enumerate(cells))
        yield table(_TRACE_COLUMNS, lines, rtl=self._rtl, head=True)

    def _desk(self) -> Iterator[str]:
        """The last pages: what a person must still decide on."""
        if self._report.late:
            yield self._text("DeskHeading", self._words["late_title"])
            yield self._text("Prompt", self._words["remove_note"])
        for item in self._report.late:
            yield from self._note(item, "bullets", describe_source(item))
        if self._report.review:
            yield self._text("Heading1" if self._report.late else "DeskHeading", self._words["review_title"])
            yield self._text("Prompt", self._words["remove_note"])
        for entry in self._report.review:
            rtl = is_rtl(entry.text, self._rtl)
            yield paragraph("ListBullet", run(entry.text, rtl=rtl), rtl=rtl, keep=True)
            yield from self._details((entry.advice, describe_source(entry)), "ListDetail", rtl=rtl)

    def _lines(self, style: str, text: str) -> Iterator[str]:
        """A paragraph, if there is anything to say."""
        if text:
            yield self._text(style, text)

    def _text(self, style: str, text: str, characters: str = "", *, ending: str = "") -> str:
        """A paragraph of one text, in its own direction."""
        rtl = is_rtl(text, self._rtl)
        return paragraph(style, run(text, characters, rtl=rtl) + ending, rtl=rtl)
