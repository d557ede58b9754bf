"""The report's own pieces as Word paragraphs: texts, headings, notes, grids, with what the file must hold beside them.

Called by the modules that walk the report: `form`, `annexes`, `desk`.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from reports.formats.direction import is_rtl
from reports.formats.docx.body import TAB, WHOLE_WIDTH, paragraph, row, run, table
from reports.formats.docx.comments import comment_on, write_comment
from reports.formats.docx.contents import Heading, mark_heading
from reports.formats.docx.languages import tag_latin
from reports.formats.docx.letterhead import measure_text
from reports.formats.docx.pictures import Embedded
from reports.formats.docx.styles import FIRST_NUMBERED
from reports.formats.wording import describe_note
from reports.report import Grid, Item, Report

# what a letter and the margins of a cell take at most, in twentieths of a point, so that no word is broken; the letters
# of an organisation's own font may be wider, those of small print are narrower
_LETTER, _MARGINS = 120, 232
_OTHER_FONT, _SMALL_PRINT = 1.2, 0.8
# how many letters of a word and of a text count when columns are measured
_LONGEST_WORD, _LONGEST_TEXT = 16, 40
# a row of so many lines stays on one page
_SHORT_ROW = 15
# of writing whose lines can be broken anywhere, a character is no word
_WORD = re.compile(r"[^\s\u2e80-\u9fff\uac00-\ud7ff\uf900-\ufaff\uff00-\uffef]+")
# a table of more columns stands in several tables, as Word opens none with more than 63; one of many in small letters
_MOST_COLUMNS, _MANY_COLUMNS = 12, 6


@dataclass(slots=True)
class Writer:
    """Hands out pieces of a report's body in order, and keeps count of what the file must hold for them.

    `last_list` is the id of the numbered list begun last; the first is the one of the style itself. `rtl` tells whether
    the report is written from the right, `latin` is the language of what it has in Latin letters.
    """

    report: Report
    last_list: int = FIRST_NUMBERED
    headings: list[Heading] = field(default_factory=list)
    comments: list[str] = field(default_factory=list)
    pictures: dict[bytes, Embedded] = field(default_factory=dict)
    drawings: int = 0
    rtl: bool = field(init=False)
    latin: str = field(init=False)
    # shares of a table's width that a letter and the margins of a cell take
    letter: float = field(init=False)
    margins: float = field(init=False)

    def __post_init__(self) -> None:
        self.rtl = self.report.direction == "rtl"
        self.latin = tag_latin(self.report.language)
        share = WHOLE_WIDTH / measure_text(self.report)
        self.letter = share * _LETTER * (1 if self.report.base is None else _OTHER_FONT)
        self.margins = share * _MARGINS

    def run(self, text: str, style: str = "", *, rtl: bool) -> str:
        """A text as runs, in the report's language where it is in Latin letters."""
        return run(text, style, rtl=rtl, latin=self.latin)

    def text(
        self, style: str, text: str, characters: str = "", *, ending: str = "", keep: bool = False, page: bool = False
    ) -> str:
        """A paragraph of one text, in its own direction."""
        rtl = is_rtl(text, self.rtl)
        return paragraph(style, self.run(text, characters, rtl=rtl) + ending, rtl=rtl, keep=keep, page=page)

    def lines(self, style: str, text: str) -> Iterator[str]:
        """A paragraph, if there is anything to say."""
        if text:
            yield self.text(style, text)

    def heading(self, level: int, text: str, direction_of: str = "") -> str:
        """A heading, which the contents list; its direction is that of its words, or of others where given."""
        rtl = is_rtl(direction_of or text, self.rtl)
        runs = self.run(text, rtl=rtl)
        if level <= 2:
            heading = Heading(level, text, len(self.headings) + 1, rtl)
            self.headings.append(heading)
            runs = mark_heading(heading, runs)
        return paragraph(f"Heading{level}", runs, rtl=rtl)

    def note(
        self, item: Item, style: str = "bullets", *, details: Sequence[str] | None = None, traced: bool = True
    ) -> Iterator[str]:
        """A note and its small print, kept on one page and in the note's direction.

        `details` are other lines than the usual ones; `traced` adds its comment.
        """
        details = describe_note(item, self.report) if details is None else details
        keep = bool(details)
        rtl = is_rtl(item.text, self.rtl)
        words = self.run(item.text, rtl=rtl)
        if item.number or item.paragraph:
            # its number is cited elsewhere, so it is text and not the count of Word
            number = run(item.number, "NoteNumber") if item.number else run(f"{item.paragraph}.")
            words = number + TAB + words
        words = self.comment(item, words) if traced else words
        if item.number:
            yield paragraph("CitedNote", words, rtl=rtl, keep=keep)
        elif item.paragraph:
            yield paragraph("NumberedParagraph", words, rtl=rtl, keep=keep)
        elif style == "numbered":
            yield paragraph("ListNumber", words, rtl=rtl, keep=keep, numbered=self.last_list)
        else:
            yield paragraph("Normal" if style == "paragraphs" else "ListBullet", words, rtl=rtl, keep=keep)
        flush = style == "paragraphs" or (item.paragraph and not item.number)
        yield from self.details(details, "NoteDetail" if flush else "ListDetail", rtl=rtl)

    def details(self, details: Sequence[str], style: str, *, rtl: bool) -> Iterator[str]:
        """Small print, a paragraph a line."""
        for line in details:
            yield paragraph(style, self.run(line, rtl=rtl), rtl=rtl, keep=line is not details[-1])

    def comment(self, item: Item, runs: str) -> str:
        """A note's runs with its comment, while the report tells where notes come from."""
        if not self.report.provenance:
            return runs
        number = len(self.comments)
        self.comments.append(write_comment(item, self.report, number))
        return comment_on(runs, number)

    def grid(self, grid: Grid, style: str = "CellText", title: str = "") -> Iterator[str]:
        """A table of plain text under its caption; `title` names it to those who cannot see it, where it has none."""
        if grid.caption:
            yield self.text("TableCaption", grid.caption)
        style = "TraceText" if len(grid.heads) > _MANY_COLUMNS else style
        for start in range(0, len(grid.heads), _MOST_COLUMNS):
            several = slice(start, start + _MOST_COLUMNS)
            heads, rows = grid.heads[several], [texts[several] for texts in grid.rows]
            yield self.plain_table(heads, rows, style, grid.caption or title)

    def plain_table(self, heads: Sequence[str], rows: Sequence[Sequence[str]], style: str, title: str) -> str:
        """A table of texts with a head row, its columns as wide as their texts ask for."""
        columns = list(zip(heads, *rows, strict=True))
        if sum(self.need(columns, style)) > WHOLE_WIDTH:
            style = "TraceText"
        widths = share_width(self.need(columns, style), columns)
        lines = (self.row(widths, texts, (self.text(style, text) for text in texts)) for texts in rows)
        return self.table(widths, heads, lines, title, style)

    def row(self, widths: Sequence[int], texts: Sequence[str], cells: Iterable[str], *, head: bool = False) -> str:
        """A row of ready cells, which hold these texts: kept on one page unless it is long."""
        return row(widths, cells, head=head, whole=all(map(self._is_short, widths, texts)))

    def _is_short(self, width: int, text: str) -> bool:
        room = max((width - self.margins) / self.letter, 1)
        return text.count("\n") + len(text) / room < _SHORT_ROW

    def need(self, columns: Iterable[Sequence[str]], style: str) -> list[float]:
        """Shares of the table's width that columns of these texts take at least: the longest word of each."""
        letter = self.letter * (_SMALL_PRINT if style == "TraceText" else 1)
        words = ([len(word) for text in column for word in _WORD.findall(text)] for column in columns)
        return [self.margins + letter * min(max(lengths, default=1), _LONGEST_WORD) for lengths in words]

    def fit(self, widths: Sequence[int], heads: Sequence[str]) -> tuple[int, ...]:
        """The widths of columns with room for the words of their heads, which the widest makes."""
        needed = self.need([[head] for head in heads], "")
        fitted = [max(width, round(need)) for width, need in zip(widths, needed, strict=True)]
        fitted[fitted.index(max(fitted))] -= sum(fitted) - sum(widths)
        return tuple(fitted)

    def table(
        self, widths: Sequence[int], heads: Sequence[str], rows: Iterable[str], title: str, style: str = "CellText"
    ) -> str:
        """A table of ready rows under a head row; `title` is for those who cannot see it."""
        head = row(widths, (self.text(style, text, keep=True) for text in heads), head=True)
        return table(widths, (head, *rows), rtl=self.rtl, head=True, title=title, about=", ".join(heads))


def share_width(needed: Sequence[float], columns: Sequence[Sequence[str]]) -> tuple[int, ...]:
    """Shares of the table's width for its columns: what they need, and of the rest more for longer texts.

    They make `WHOLE_WIDTH` together; where there is no room for all, each has less than it needs.
    """
    wanted = [max(min(max(map(len, column)), _LONGEST_TEXT), 1) for column in columns]
    free = WHOLE_WIDTH - sum(needed)
    if free < 0:
        widths = [int(WHOLE_WIDTH * need / sum(needed)) for need in needed]
    else:
        widths = [int(need + free * want / sum(wanted)) for need, want in zip(needed, wanted, strict=True)]
    # what rounding left goes to the last
    return *widths[:-1], widths[-1] + WHOLE_WIDTH - sum(widths)
