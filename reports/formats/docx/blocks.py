"""The paragraphs and tables of a body, read so that they can be compared. Called by `tracking`.

What is equal for a reader has the same key: bookmarks, the ids of lists and the widths of columns do not count.
"""

import re
from collections import Counter
from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from lxml import etree

from reports.formats.docx.styles import NAMESPACE

W = f"{{{NAMESPACE}}}"
# an element of lxml, which has no types
Element = Any
# of namespaces that bodies use, by the prefix that they use
_SPACES = {
    "w": NAMESPACE,
    "r": "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
    "wp": "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing",
    "a": "http://schemas.openxmlformats.org/drawingml/2006/main",
    "pic": "http://schemas.openxmlformats.org/drawingml/2006/picture",
}
# words with the spaces before them; Chinese and Japanese have none, so each sign is a word
_SIGNS = "\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff"
_WORDS = re.compile(rf"\s*(?:[{_SIGNS}]|[^\W{_SIGNS}]+|[^\w\s])|\s+")
# ids and measures that differ where nothing did: of a list, a column, a cell
_UNLIKE = re.compile(rb'(<w:(?:numId w:val|gridCol w:w|tcW w:w)=")[0-9]+')
_FIGURES = re.compile(r"[0-9]+")
# wrappers whose runs count as the paragraph's own
_WRAPPERS = {f"{W}{name}" for name in ("hyperlink", "fldSimple", "smartTag")}


@dataclass(frozen=True, slots=True)
class Atom:
    """The smallest piece of a paragraph: a word, or an element such as a tab; `look` and `element` are XML."""

    look: bytes
    text: str
    element: bytes = b""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph; `style` are its properties as XML, without the id of its list."""

    element: Element
    style: bytes
    atoms: tuple[Atom, ...]
    key: Hashable
    loose: Hashable
    words: Counter[str]
    kind: Hashable = "paragraph"


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table, as the blocks of its cells."""

    element: Element
    cells: tuple[tuple["Block", ...], ...]
    key: Hashable
    loose: Hashable
    words: Counter[str]
    kind: Hashable


@dataclass(frozen=True, slots=True)
class Table:
    """A table; only those of the same properties and columns are versions of each other."""

    element: Element
    rows: tuple[Row, ...]
    key: Hashable
    loose: Hashable
    words: Counter[str]
    kind: Hashable


Block = Paragraph | Table


@dataclass(slots=True)
class Reader:
    """Reads bodies. The two that are compared have one reader: it gives equal keys the same small number."""

    _keys: dict[Hashable, int] = field(default_factory=dict)

    def read_body(self, xml: str) -> tuple[Block, ...]:
        """The blocks of a body, in order."""
        return self._read_blocks(parse_body(xml))

    def _read_blocks(self, parent: Element) -> tuple[Block, ...]:
        return tuple(
            self._read_paragraph(child) if child.tag == f"{W}p" else self._read_table(child)
            for child in parent.iterchildren(f"{W}p", f"{W}tbl")
        )

    def _read_paragraph(self, element: Element) -> Paragraph:
        style = _write(element.find(f"{W}pPr"))
        atoms = tuple(_read_atoms(element))
        text = "".join(atom.text for atom in atoms)
        return Paragraph(
            element,
            style,
            atoms,
            self._number(("p", style, atoms)),
            # a paragraph that was given another number is the same paragraph
            self._number(_FIGURES.sub("", text)) if text else None,
            Counter(atom.text.strip() for atom in atoms),
        )

    def _read_table(self, element: Element) -> Table:
        rows = tuple(self._read_row(row) for row in element.iterchildren(f"{W}tr"))
        shape = b"".join(_write(child) for child in element if child.tag != f"{W}tr")
        return Table(
            element,
            rows,
            self._number(("t", shape, tuple(row.key for row in rows))),
            rows[0].key if rows else None,
            _add(row.words for row in rows),
            self._number(shape),
        )

    def _read_row(self, element: Element) -> Row:
        columns = [*element.iterchildren(f"{W}tc")]
        cells = tuple(self._read_blocks(cell) for cell in columns)
        shape = b"".join(_write(cell.find(f"{W}tcPr")) for cell in columns) + _write(element.find(f"{W}trPr"))
        blocks = [block for cell in cells for block in cell]
        return Row(
            element,
            cells,
            self._number(("r", shape, tuple(tuple(block.key for block in cell) for cell in cells))),
            self._number(("r", tuple(tuple(block.loose for block in cell) for cell in cells))),
            _add(block.words for block in blocks),
            self._number(("r", shape)),
        )

    def _number(self, key: Hashable) -> int:
        return self._keys.setdefault(key, len(self._keys))


def parse_body(xml: str) -> Element:
    """The blocks of a body below an element that nobody sees."""
    spaces = " ".join(f'xmlns:{prefix}="{space}"' for prefix, space in _SPACES.items())
    parser = etree.XMLParser(huge_tree=True, resolve_entities=False)
    return etree.fromstring(f"<w:body {spaces}>{xml}</w:body>", parser)


def join_blocks(blocks: Sequence[Element]) -> str:
    """The XML of these blocks, as it stands in the body of a document."""
    root = etree.Element(f"{W}body", nsmap=_SPACES)
    root.extend(blocks)
    # what wraps them stands around them in the document
    return str(etree.tostring(root, encoding="unicode")).partition(">")[2].rpartition("</")[0]


def _read_atoms(parent: Element) -> Iterator[Atom]:
    for child in parent:
        if child.tag == f"{W}r":
            look = _write(child.find(f"{W}rPr"))
            for piece in child:
                if piece.tag == f"{W}t":
                    yield from (Atom(look, word) for word in _WORDS.findall(piece.text or ""))
                elif piece.tag != f"{W}rPr":
                    yield Atom(look, "\n", _write(piece))
        elif child.tag in _WRAPPERS:
            yield from _read_atoms(child)


def _write(element: Element) -> bytes:
    written = b"" if element is None else bytes(etree.tostring(element, with_tail=False))
    return _UNLIKE.sub(rb"\1", written)


def _add(counts: Iterator[Counter[str]]) -> Counter[str]:
    total: Counter[str] = Counter()
    for count in counts:
        total.update(count)
    return total
