"""The report as a flat list of blocks, which `report.typ` sets one after the other.

Called by `reports.formats.pdf`. A block is what JSON can hold; its `kind` names the shape in `report.typ`.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import NamedTuple, cast

from reports.formats.direction import is_rtl
from reports.formats.pdf.lettering import Text, letter, letter_note, make_printable
from reports.formats.pdf.pictures import Pictures
from reports.formats.pdf.tables import Block, set_actions, set_aimed, set_grid, set_traces
from reports.formats.wording import (
    describe_attachment,
    describe_in_time,
    describe_note,
    describe_source,
    head_section,
    is_table,
    split_paragraphs,
    tabulate_changes,
    word_theme,
)
from reports.report import Annex, Grid, Item, Part, Picture, Report, Section, Summary

# contents of so many lines surely stand on one page; a line of them surely holds so many letters
_SHORT_CONTENTS, _CONTENTS_LINE = 46, 42


class _Entry(NamedTuple):
    """What stands in a list: words, lines of small print, and "R7", "12." or "" before it."""

    words: str
    details: Sequence[str] = ()
    label: str = ""


class Blocks:
    """Walks one report and hands out its blocks in order; `pictures` gathers what they show."""

    def __init__(self, report: Report, pictures: Pictures) -> None:
        self._report = report
        self._words = report.words
        self._pictures = pictures

    def write(self) -> Iterator[Block]:
        """The blocks of the whole report."""
        report = self._report
        if report.checks:
            yield from self._checklist()
        yield from self._front()
        if report.summary:
            yield from self._summary(report.summary)
        listed = [*self._form()]
        if report.sections:
            yield self._text("contents", self._words["contents"], short=_measure_contents(listed) <= _SHORT_CONTENTS)
        yield from listed
        if report.provenance:
            yield from self._head_desk(self._words["provenance"])
            yield set_traces(report)
        yield from self._desk()

    def _form(self) -> Iterator[Block]:
        """What the contents list."""
        report = self._report
        for section in report.sections:
            yield from self._section(section)
        if report.footnote:
            yield self._text("footnote", report.footnote)
        if report.annexes:
            yield self._head(1, self._words["annexes"])
        for annex in report.annexes:
            yield from self._annex(annex)

    def _checklist(self) -> Iterator[Block]:
        yield self._text("checklist", self._words["checklist_title"], level=1)
        yield self._text("text", self._words["draft_note"])
        for check in self._report.checks:
            yield self._text("checklist", check.heading, level=2)
            yield from self._list(_Entry(line) for line in check.lines)
        yield {"kind": "page"}

    def _front(self) -> Iterator[Block]:
        report = self._report
        yield self._text("title", report.title)
        if report.subtitle:
            yield self._text("subtitle", report.subtitle)
        yield from (self._text("text", words) for words in split_paragraphs(report.preamble))
        if report.fields:
            values = (field.placeholder if field.value is None else field.value for field in report.fields)
            yield {
                "kind": "fields",
                "rows": [
                    (self._letter(field.label), self._letter(value), field.value is None)
                    for field, value in zip(report.fields, values, strict=True)
                ],
            }

    def _summary(self, summary: Summary) -> Iterator[Block]:
        yield self._head(1, summary.heading)
        yield from self._list(_Entry(line) for line in (*summary.counts, *summary.sessions))
        for part in summary.parts:
            yield from self._part(part, 2)

    def _section(self, section: Section) -> Iterator[Block]:
        # its label is a Latin letter in every language, so the words decide on the direction
        rtl = is_rtl(section.heading, self._report.direction == "rtl")
        yield self._head(1, head_section(section), rtl=rtl)
        if section.help:
            yield self._text("prompt", section.help)
        for part in section.parts:
            yield from self._part(part, 2)
        if section.sessions == ():
            yield self._text("empty", section.empty)
        if section.sessions and self._report.overview:
            yield from self._grid(self._report.overview)
        for block in section.sessions or ():
            yield self._head(2, block.heading)
            if block.theme:
                yield self._text("theme", word_theme(block, self._report))
            for part in block.parts:
                yield from self._part(part, 3)

    def _part(self, part: Part, level: int) -> Iterator[Block]:
        if part.heading:
            yield self._head(level, part.heading)
            level += 1
        if not part.items:
            yield self._text("empty", part.empty)
        counted = 0
        for group in part.groups:
            if group.heading:
                yield self._head(level, group.heading)
            if part.style == "actions":
                yield set_actions(group.items, self._report)
            elif is_table(part):
                yield set_aimed(group.items, self._report)
            else:
                yield from self._notes(group.items, part.style, counted)
                counted += sum(not item.number for item in group.items)

    def _notes(self, items: Sequence[Item], style: str, counted: int) -> Iterator[Block]:
        """Notes as a list; `counted` is the number of the one before, where the list numbers them."""
        entries = []
        for item in items:
            label = item.number or (f"{item.paragraph}." if item.paragraph else "")
            if not label and style == "numbered":
                counted += 1
                label = f"{counted}."
            entries.append(_Entry(item.text, describe_note(item, self._report), label))
        yield from self._list(entries, plain=style == "paragraphs")

    def _list(self, entries: Iterable[_Entry], *, plain: bool = False) -> Iterator[Block]:
        """Lists, one for each run of entries of one direction, with labels or with bullets; `plain` ones without."""
        otherwise = self._report.direction == "rtl"
        for (rtl, labelled), run in groupby(entries, lambda entry: (is_rtl(entry.words, otherwise), bool(entry.label))):
            members = list(run)
            notes = [letter_note(entry.words, entry.details, self._report) for entry in members]
            if plain and not labelled:
                yield {"kind": "notes", "notes": notes}
            else:
                labels = [make_printable(entry.label) for entry in members] if labelled else None
                yield {"kind": "list", "rtl": rtl, "labels": labels, "notes": notes}

    def _grid(self, grid: Grid) -> Iterator[Block]:
        if grid.caption:
            yield self._text("caption", grid.caption)
        yield set_grid(grid, self._report)

    def _annex(self, annex: Annex) -> Iterator[Block]:
        yield self._head(2, annex.heading)
        if annex.is_empty:
            yield self._text("empty", self._words["no_notes"])
        for grid in annex.grids:
            yield from self._grid(grid)
        for picture in annex.pictures:
            yield from self._picture(picture)
        if annex.key == "notes":
            yield from self._list(
                _Entry(item.text, describe_in_time(item, self._report), item.number or "") for item in annex.items
            )
        else:
            yield from self._notes(annex.printed_items, "bullets", 0)

    def _picture(self, picture: Picture) -> Iterator[Block]:
        """The photograph, where it can be shown, its caption and the name of its file."""
        name = describe_attachment("photo", picture.name, self._report) if picture.name else ""
        shown = self._pictures.add(picture)
        if shown:
            file, kind = shown
            alt = make_printable(picture.caption or name or self._words["photo"].format(name="").strip(" :："))
            yield {"kind": "picture", "file": file, "format": kind, "alt": alt}
        yield {"kind": "notes", "notes": [letter_note(picture.caption, [name] if name else [], self._report)]}

    def _desk(self) -> Iterator[Block]:
        """The last pages: what changed, what a person must still decide on, and what was decided."""
        report, words = self._report, self._words
        if report.changes:
            yield from self._head_desk(report.changes.heading)
            grid = tabulate_changes(report.changes, report)
            yield from self._grid(grid) if grid.rows else (self._text("empty", words["no_changes"]),)
        if report.late:
            yield from self._head_desk(words["late_title"])
            yield from self._waiting(report.late)
        if report.review:
            yield from self._head_desk(words["review_title"])
            yield from self._list(_Entry(entry.text, (entry.advice, describe_source(entry))) for entry in report.review)
        if report.dropped:
            yield from self._head_desk(words["dropped_title"])
            yield from self._waiting(report.dropped)
        if report.history:
            yield from self._head_desk(words["history_title"])
            yield from self._grid(report.history)

    def _waiting(self, items: Iterable[Item]) -> Iterator[Block]:
        """Notes with what was decided on them and where they come from."""
        return self._list(
            _Entry(
                item.text,
                (*describe_note(item, self._report), *item.decisions, describe_source(item)),
                item.number or "",
            )
            for item in items
        )

    def _head_desk(self, heading: str) -> Iterator[Block]:
        """Above the pages that are for the desk alone: each begins a new one."""
        yield self._head(1, heading, desk=True)
        yield self._text("prompt", self._words["remove_note"])

    def _head(self, level: int, words: str, *, rtl: bool | None = None, desk: bool = False) -> Block:
        turned = is_rtl(words, self._report.direction == "rtl") if rtl is None else rtl
        return {"kind": "heading", "level": level, "text": self._letter(words, rtl=turned), "rtl": turned, "desk": desk}

    def _text(self, kind: str, words: str, **other: object) -> Block:
        return {"kind": kind, "text": self._letter(words), **other}

    def _letter(self, words: str, *, rtl: bool | None = None) -> Text:
        return letter(words, self._report, rtl=rtl)


def _measure_contents(blocks: Iterable[Block]) -> int:
    """The most lines that the contents can take."""
    heads = (cast("Text", block["text"]) for block in blocks if block["kind"] == "heading" and block["level"] in (1, 2))
    lines = (line for head in heads for line in (head if isinstance(head, str) else head[0]).split("\n"))
    return sum(1 + len(line) // _CONTENTS_LINE for line in lines)
