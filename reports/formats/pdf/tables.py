"""The tables of a report as blocks for `report.typ`. Called by `reports.formats.pdf.blocks`."""

from collections.abc import Iterable, Iterator, Sequence
from math import sqrt

from reports.formats.pdf.lettering import COLUMN, Text, letter, letter_note, make_printable
from reports.formats.wording import (
    describe_note,
    head_action_columns,
    head_table_columns,
    head_trace_columns,
    word_action,
    word_aim,
    word_trace,
)
from reports.report import Grid, Item, Report

# what JSON can hold; its "kind" names the shape in `report.typ`
Block = dict[str, object]

# columns as shares of the width
_ACTION_COLUMNS = (10, 4, 3.4, 2.6)
_AIMED_COLUMNS = (1.6, 10, 4, 3.4)
_TRACE_COLUMNS = (3, 4.3, 8, 4.3)
# heads that take a good part of the page are not set again on each, which would leave no room for the rows
_LONGEST_HEAD = 100


def set_actions(items: Iterable[Item], report: Report) -> Block:
    """Actions: what, who, by when, session."""

    def cells(item: Item) -> Iterator[object]:
        yield _words(item, describe_note(item, report, action=True), report, item.number or "")
        yield from _narrow(word_action(item), report)

    return _table(_ACTION_COLUMNS, head_action_columns(report), map(cells, items), report)


def set_aimed(items: Iterable[Item], report: Report) -> Block:
    """Notes with addressee and date due: number, words, and those."""

    def cells(item: Item) -> Iterator[object]:
        yield from _narrow([item.number or ""], report)
        yield _words(item, describe_note(item, report, table=True), report)
        yield from _narrow(word_aim(item), report)

    return _table(_AIMED_COLUMNS, head_table_columns(report), map(cells, items), report)


def set_traces(report: Report) -> Block:
    """Where each note comes from."""
    rows = (_narrow(word_trace(trace), report) for trace in report.provenance)
    return _table(_TRACE_COLUMNS, head_trace_columns(report), rows, report, small=True)


def set_grid(grid: Grid, report: Report) -> Block:
    """A grid, without its caption."""
    widths = [_weigh(column) for column in zip(grid.heads, *grid.rows, strict=True)]
    return _table(widths, grid.heads, (_narrow(row, report) for row in grid.rows), report)


def _table(
    widths: Sequence[float],
    heads: Sequence[str],
    rows: Iterable[Iterable[object]],
    report: Report,
    *,
    small: bool = False,
) -> Block:
    return {
        "kind": "table",
        "widths": widths,
        "heads": list(_narrow(heads, report)),
        "repeat": all(len(head) <= _LONGEST_HEAD for head in heads),
        "rows": [[*row] for row in rows],
        "small": small,
    }


def _words(item: Item, details: Iterable[str], report: Report, number: str = "") -> Block:
    """The cell of a note's words, with its small print."""
    words, lines = letter_note(item.text, details, report)
    return {"words": words, "details": lines, "number": make_printable(number)}


def _narrow(cells: Iterable[str], report: Report) -> Iterator[Text]:
    return (letter(cell, report, most=COLUMN) for cell in cells)


def _weigh(column: Sequence[str]) -> float:
    """How wide a column should be beside others: by its longest word, and its longest text as far as it can wrap."""
    longest = max(len(text) for text in column)
    word = max((len(word) for text in column for word in text.split()), default=1)
    return max(min(word, COLUMN), 2 * sqrt(min(longest, 100)))
