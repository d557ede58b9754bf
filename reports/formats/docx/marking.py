"""Paragraphs, rows and tables written as what came or went in a Word document, with who says so and when.

Called by `tracking`, which knows what did.
"""

from collections.abc import Iterable, Iterator, Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from itertools import count, groupby

from lxml import etree

from reports.formats.docx.blocks import Atom, Block, Element, Paragraph, Row, W

AUTHOR = "Rapporteur"
INSERTED, DELETED = "ins", "del"
# an element's attribute that keeps spaces
_SPACE = "{http://www.w3.org/XML/1998/namespace}space"


@dataclass(slots=True)
class Marker:
    """Writes blocks that came or went at this time; `lists` maps the ids of earlier lists."""

    at: str
    lists: dict[str, str]
    _ids: Iterator[int] = field(default_factory=lambda: count(1))

    def mark_block(self, block: Block, kind: str) -> Element:
        """The whole block as one that came or went."""
        if isinstance(block, Paragraph):
            return self.mark_paragraph(block, kind)
        table = etree.Element(f"{W}tbl")
        table.extend(deepcopy(child) for child in block.element if child.tag != f"{W}tr")
        table.extend(self.mark_row(row, kind) for row in block.rows)
        return table

    def mark_paragraph(self, paragraph: Paragraph, kind: str, *, alone: bool = True) -> Element:
        """A paragraph that came or went; one that is not `alone` has a mark that can only go with its cell."""
        element = etree.Element(f"{W}p")
        deleted = kind == DELETED
        properties = self.copy_earlier_properties(paragraph.element) if deleted else copy_properties(paragraph.element)
        if len(properties):
            element.append(properties)
        if alone:
            add_mark(element, self.mark(kind))
        # the contents' bookmarks are those of the later body
        marks = () if deleted else paragraph.element.iterchildren(f"{W}bookmarkStart", f"{W}bookmarkEnd")
        starts, ends = _split_bookmarks(marks)
        element.extend(starts)
        element.extend(self.write_runs(paragraph.atoms, kind))
        element.extend(ends)
        return element

    def mark_row(self, row: Row, kind: str) -> Element:
        """A row that came or went, with all that is in it."""
        element = etree.Element(f"{W}tr")
        properties = etree.SubElement(element, f"{W}trPr")
        for former in row.element.iterchildren(f"{W}trPr"):
            properties.extend(deepcopy(child) for child in former)
        properties.append(self.mark(kind))
        for column, blocks in zip(row.element.iterchildren(f"{W}tc"), row.cells, strict=True):
            cell = etree.SubElement(element, f"{W}tc")
            cell.extend(deepcopy(child) for child in column.iterchildren(f"{W}tcPr"))
            for block in blocks:
                if isinstance(block, Paragraph):
                    cell.append(self.mark_paragraph(block, kind, alone=block is not blocks[-1]))
                else:
                    cell.append(self.mark_block(block, kind))
        return element

    def mark(self, kind: str) -> Element:
        """An element that says that this came, went or was changed, when and by whom."""
        said = {"id": str(next(self._ids)), "author": AUTHOR, "date": self.at}
        return etree.Element(f"{W}{kind}", {f"{W}{key}": value for key, value in said.items()})

    def write_runs(self, atoms: Sequence[Atom], kind: str) -> Iterator[Element]:
        """Pieces of a paragraph as runs, marked as what came or went; with no kind as they are."""
        runs = [_write_run(look, list(alike), kind) for look, alike in groupby(atoms, key=lambda atom: atom.look)]
        if not kind or not runs:
            yield from runs
            return
        marked = self.mark(kind)
        marked.extend(runs)
        yield marked

    def add_former(self, properties: Element, former: Element) -> None:
        """Say what the properties of a paragraph were before."""
        change = self.mark("pPrChange")
        change.append(former)
        properties.append(change)

    def copy_earlier_properties(self, paragraph: Element) -> Element:
        """The properties that an earlier paragraph had, with the ids that its list has now."""
        properties = copy_properties(paragraph)
        for number in properties.iter(f"{W}numId"):
            number.set(f"{W}val", self.lists[number.get(f"{W}val")])
        # what a mark's own look was is not kept for a former paragraph
        for looks in properties.findall(f"{W}rPr"):
            properties.remove(looks)
        return properties


def _write_run(look: bytes, atoms: Sequence[Atom], kind: str) -> Element:
    """A run of pieces that look alike."""
    run = etree.Element(f"{W}r")
    if look:
        run.append(etree.fromstring(look))
    for element, alike in groupby(atoms, key=lambda atom: atom.element):
        if element:
            run.extend(etree.fromstring(element) for _ in alike)
        else:
            text = etree.SubElement(run, f"{W}delText" if kind == DELETED else f"{W}t", {_SPACE: "preserve"})
            text.text = "".join(atom.text for atom in alike)
    return run


def copy_properties(paragraph: Element) -> Element:
    """A copy of the properties of a paragraph, which may be empty."""
    properties = paragraph.find(f"{W}pPr")
    return etree.Element(f"{W}pPr") if properties is None else deepcopy(properties)


def _split_bookmarks(marks: Iterable[Element]) -> tuple[list[Element], list[Element]]:
    copied = [deepcopy(mark) for mark in marks]
    starts = [mark for mark in copied if mark.tag == f"{W}bookmarkStart"]
    return starts, [mark for mark in copied if mark not in starts]


def add_mark(paragraph: Element, mark: Element) -> None:
    """Say of a paragraph's end that it came or went."""
    properties = find_properties(paragraph)
    looks = properties.find(f"{W}rPr")
    if looks is None:
        looks = etree.Element(f"{W}rPr")
        # what the properties were before stands last
        former = properties.find(f"{W}pPrChange")
        properties.insert(len(properties) if former is None else properties.index(former), looks)
    looks.insert(0, mark)


def find_properties(paragraph: Element) -> Element:
    """The properties of a paragraph, which it gets if it has none."""
    properties = paragraph.find(f"{W}pPr")
    if properties is None:
        properties = etree.Element(f"{W}pPr")
        paragraph.insert(0, properties)
    return properties
