"""Two bodies of Word documents as one with tracked changes: accepting all gives the later, rejecting all the earlier.

Pure; called by `revision`. Blocks that did not change stand as in the later body; in a paragraph that did, words are
marked, in a table rows and what is in their cells.
"""

from collections.abc import Iterable, Iterator, Sequence
from copy import deepcopy
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count, groupby, pairwise
from typing import TypeVar

from lxml import etree

from reports.formats.docx.alignment import Pair, align, match
from reports.formats.docx.blocks import Atom, Block, Element, Paragraph, Reader, Row, Table, W, join_blocks
from reports.formats.docx.marking import DELETED, INSERTED, Marker, add_mark, copy_properties, find_properties

_NUMBER = f"{W}pPr/{W}numPr/{W}numId"

Unit = TypeVar("Unit")


def track_changes(before: str, after: str, at: datetime) -> tuple[str, tuple[int, ...]]:
    """The body with the changes of one to the other, and the ids of the numbered lists in it.

    Both end with a paragraph. `at` is the time that the changes are said to be made.
    """
    reader = Reader()
    old, new = reader.read_body(before), reader.read_body(after)
    pairs = _match_blocks(old, new)
    tracker = _Tracker(Marker(f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}", _map_lists(old, new, pairs)))
    blocks = tracker.track(old, new, pairs)
    lists = {int(number.get(f"{W}val")) for block in blocks for number in block.iter(f"{W}numId")}
    return join_blocks(blocks), tuple(sorted(lists))


def _match_blocks(old: Sequence[Block], new: Sequence[Block]) -> list[Pair]:
    # first the headings, so that a note that moved below another one does not take it along
    heads = [[place for place, block in enumerate(blocks) if _is_heading(block)] for blocks in (old, new)]
    same = align([old[place].key for place in heads[0]], [new[place].key for place in heads[1]])
    edges = [(-1, -1), *((heads[0][one], heads[1][other]) for one, other in same), (len(old), len(new))]
    pairs = edges[1:-1]
    for (low, begin), (high, end) in pairwise(edges):
        between = match(old[low + 1 : high], new[begin + 1 : end])
        pairs += ((low + 1 + one, begin + 1 + other) for one, other in between)
    pairs.sort()
    last = len(old) - 1, len(new) - 1
    if old and new and last not in pairs:
        # the mark of the last paragraph, of a body or of a cell, cannot be deleted: its words are replaced
        pairs = [*(pair for pair in pairs if pair[0] != last[0] and pair[1] != last[1]), last]
    return pairs


def _is_heading(block: Block) -> bool:
    return isinstance(block, Paragraph) and b'<w:pStyle w:val="Heading' in block.style


def _map_lists(old: Sequence[Block], new: Sequence[Block], pairs: Iterable[Pair]) -> dict[str, str]:
    """By the id of an earlier numbered list that of the same list in the later body, or one of its own."""
    mapped: dict[str, str] = {}
    for one, other in pairs:
        for was, now in zip(old[one].element.iterfind(_NUMBER), new[other].element.iterfind(_NUMBER), strict=False):
            mapped.setdefault(was.get(f"{W}val"), now.get(f"{W}val"))
    used = [int(number.get(f"{W}val")) for block in new for number in block.element.iter(f"{W}numId")]
    free = count(max(used, default=0) + 1)
    for block in old:
        for number in block.element.iter(f"{W}numId"):
            if number.get(f"{W}val") not in mapped:
                mapped[number.get(f"{W}val")] = str(next(free))
    return mapped


@dataclass(frozen=True, slots=True)
class _Tracker:
    """Puts earlier and later blocks together; what came or went is written by the marker."""

    marker: Marker

    def track(self, old: Sequence[Block], new: Sequence[Block], pairs: Iterable[Pair]) -> list[Element]:
        """The later blocks with the earlier among them."""
        made: list[Element] = []
        # the pair that was made last, if it is a paragraph that stays
        standing: tuple[Paragraph, Paragraph] | None = None
        for deleted, inserted, pair in _list_gaps(old, new, pairs):
            ends = bool(made) and _ends_inserted(made[-1])
            run = _find_run(deleted, inserted, pair and pair[1], inserted_before=ends) if standing else []
            if standing and run:
                made[-1:] = self.join_run(made[-1], standing, run, INSERTED if inserted else DELETED)
            gone = [self.marker.mark_block(block, DELETED) for block in deleted[len(run) :]]
            come = [self.marker.mark_block(block, INSERTED) for block in inserted[len(run) :]]
            # a paragraph that goes is joined with what follows it: no table should come or go there
            made += (*come, *gone) if _begins_with_table(inserted, deleted) else (*gone, *come)
            if pair:
                made += self.change_block(*pair)
                one, other = pair
                standing = (one, other) if isinstance(one, Paragraph) and isinstance(other, Paragraph) else None
        return made

    def join_run(
        self, element: Element, standing: tuple[Paragraph, Paragraph], run: Sequence[Paragraph], kind: str
    ) -> Iterator[Element]:
        """Paragraphs that came or went, as if they had been typed or deleted from the end of the one before them.

        Its mark comes or goes, and the last of theirs stays, with the properties that are right when they are not
        there. LibreOffice needs that before a table, with which no paragraph can be joined, and where the one before
        ends with words that came, which it else takes for the beginning of these.
        """
        was, now = standing
        before = deepcopy(element)
        add_mark(before, self.marker.mark(kind))
        yield before
        yield from (self.marker.mark_paragraph(paragraph, kind) for paragraph in run[:-1])
        last = self.marker.mark_paragraph(run[-1], kind, alone=False)
        own = find_properties(last)
        if kind == DELETED:
            properties, former, alike = copy_properties(now.element), own, run[-1].style == now.style
        else:
            properties, former = deepcopy(own), self.marker.copy_earlier_properties(was.element)
            alike = run[-1].style == was.style
        last.replace(own, properties)
        if not alike:
            self.marker.add_former(properties, former)
        yield last

    def change_block(self, old: Block, new: Block) -> Iterator[Element]:
        """The later block with what changed in it."""
        if old.key == new.key:
            yield new.element
        elif isinstance(old, Paragraph) and isinstance(new, Paragraph):
            yield self.change_paragraph(old, new)
        elif isinstance(old, Table) and isinstance(new, Table) and old.kind == new.kind:
            yield self.change_table(old, new)
        else:
            yield from (self.marker.mark_block(old, DELETED), self.marker.mark_block(new, INSERTED))

    def change_paragraph(self, old: Paragraph, new: Paragraph) -> Element:
        """The later paragraph, marked in it the words that came and those that went."""
        element = etree.Element(f"{W}p")
        properties = copy_properties(new.element)
        if old.style != new.style:
            self.marker.add_former(properties, self.marker.copy_earlier_properties(old.element))
        if len(properties):
            element.append(properties)
        element.extend(deepcopy(child) for child in new.element.iterchildren(f"{W}bookmarkStart"))
        for kind, spelled in groupby(_spell(old.atoms, new.atoms), key=lambda each: each[0]):
            element.extend(self.marker.write_runs([atom for _, atom in spelled], kind))
        element.extend(deepcopy(child) for child in new.element.iterchildren(f"{W}bookmarkEnd"))
        return element

    def change_table(self, old: Table, new: Table) -> Element:
        """The later table, marked in it the rows that came and went, and the changes in the others."""
        element = etree.Element(f"{W}tbl")
        element.extend(deepcopy(child) for child in new.element if child.tag != f"{W}tr")
        for deleted, inserted, pair in _list_gaps(old.rows, new.rows, match(old.rows, new.rows)):
            element.extend(self.marker.mark_row(row, DELETED) for row in deleted)
            element.extend(self.marker.mark_row(row, INSERTED) for row in inserted)
            if pair:
                element.append(self.change_row(*pair))
        return element

    def change_row(self, old: Row, new: Row) -> Element:
        """The later row with the changes in its cells; both have as many."""
        if old.key == new.key:
            return new.element
        row = etree.Element(f"{W}tr")
        row.extend(deepcopy(child) for child in new.element if child.tag != f"{W}tc")
        for was, now, column in zip(old.cells, new.cells, new.element.iterchildren(f"{W}tc"), strict=True):
            cell = etree.SubElement(row, f"{W}tc")
            cell.extend(deepcopy(child) for child in column.iterchildren(f"{W}tcPr"))
            cell.extend(self.track(was, now, _match_blocks(was, now)))
        return row


def _list_gaps(
    old: Sequence[Unit], new: Sequence[Unit], pairs: Iterable[Pair]
) -> Iterator[tuple[Sequence[Unit], Sequence[Unit], tuple[Unit, Unit] | None]]:
    """Before each pair, and after the last, what only the earlier has and what only the later."""
    low = begin = 0
    for one, other in pairs:
        yield old[low:one], new[begin:other], (old[one], new[other])
        low, begin = one + 1, other + 1
    yield old[low:], new[begin:], None


def _spell(old: Sequence[Atom], new: Sequence[Atom]) -> Iterator[tuple[str, Atom]]:
    """The pieces of two paragraphs, each with what became of it."""
    for deleted, inserted, pair in _list_gaps(old, new, align(old, new)):
        yield from ((DELETED, atom) for atom in deleted)
        yield from ((INSERTED, atom) for atom in inserted)
        if pair:
            yield "", pair[1]


def _ends_inserted(paragraph: Element) -> bool:
    """Whether the last words of a paragraph came."""
    marked = [child for child in paragraph if child.tag in (f"{W}r", f"{W}{INSERTED}", f"{W}{DELETED}")]
    return bool(marked) and marked[-1].tag == f"{W}{INSERTED}"


def _find_run(
    deleted: Sequence[Block], inserted: Sequence[Block], following: Block | None, *, inserted_before: bool
) -> list[Paragraph]:
    """The paragraphs at the beginning of a gap that `join_run` is for, where there are such."""
    if deleted and inserted:
        return []
    blocks: list[Block | None] = [*(deleted or inserted), following]
    run: list[Paragraph] = []
    for block in blocks[:-1]:
        if not isinstance(block, Paragraph):
            break
        run.append(block)
    before_table = isinstance(blocks[len(run)], Table)
    return run if before_table or (inserted and inserted_before) else []


def _begins_with_table(blocks: Sequence[Block], others: Sequence[Block]) -> bool:
    """Whether these begin with a table and the others do not."""
    return isinstance(next(iter(blocks), None), Table) and not isinstance(next(iter(others), None), Table)
