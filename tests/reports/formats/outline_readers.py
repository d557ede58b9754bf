"""The outline of a rendered report, read back from its bytes by readers that know nothing of how it was made.

An outline has a line a heading, table, or run of notes. Used by `test_outlines`.
"""

import json
import re
import subprocess
from collections.abc import Callable, Iterable, Iterator
from html import unescape
from html.parser import HTMLParser
from io import BytesIO
from itertools import groupby
from tempfile import NamedTemporaryFile
from typing import Any, NamedTuple

from docx import Document
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.styles.style import BaseStyle, ParagraphStyle

BULLET = "•"
_NUMBER = re.compile(r"(?:[A-Z]+\d+|\d+\.)(?=\s|$)").match


class Piece(NamedTuple):
    """A heading with its level, a table by its heads (`rows` of them, with numbers), or the mark of a note."""

    kind: str
    text: str
    level: int = 0
    rows: int = 0


def tell_outline(pieces: Iterable[Piece]) -> str:
    """The outline as lines: notes that follow each other are told together."""
    lines = []
    for kind, together in groupby(pieces, key=lambda piece: piece.kind):
        if kind == "note":
            marks = [piece.text for piece in together]
            bullets = marks.count(BULLET)
            numbers = [mark for mark in marks if mark != BULLET]
            lines.append(f"    {' '.join([*numbers, *([f'{BULLET} × {bullets}'] if bullets else [])])}")
        elif kind == "heading":
            lines += [f"{piece.level} {piece.text}" for piece in together]
        else:
            lines += [f"    [{piece.text}] × {piece.rows}" for piece in together]
    return "".join(f"{line}\n" for line in lines)


def _on_one_line(text: str) -> str:
    return " ".join(text.split())


def read_docx(content: bytes) -> Iterator[Piece]:
    """By python-docx: headings by the outline level of their styles, notes by the names of theirs."""
    document = Document(BytesIO(content))
    styles = {style.style_id: style for style in document.styles}
    levels = {key: _find_level(style) for key, style in styles.items() if isinstance(style, ParagraphStyle)}
    for block in document.element.body:
        if block.tag == qn("w:tbl"):
            yield from _read_table(block)
        elif block.tag == qn("w:p") and block.style:
            name, text = styles[block.style].name, _read_words(block)
            if levels[block.style] is not None:
                yield Piece("heading", text, levels[block.style])
            elif name in ("List Bullet", "List Number"):
                yield Piece("note", BULLET if name == "List Bullet" else "#")
            elif name in ("Cited Note", "Numbered Paragraph"):
                yield Piece("note", text.split(" ")[0])


def _find_level(style: ParagraphStyle) -> int | None:
    """0 for the title, 1 to 9 for a heading, None for any other paragraph."""
    if style.name == "Title":
        return 0
    of: BaseStyle | None = style
    while of is not None:
        found = of.element.find(f"{qn('w:pPr')}/{qn('w:outlineLvl')}")
        if found is not None:
            return int(found.get(qn("w:val"))) + 1
        of = of.base_style
    return None


def _read_words(element: BaseOxmlElement) -> str:
    breaks = (qn("w:tab"), qn("w:br"))
    pieces = (" " if child.tag in breaks else child.text or "" for child in element.iter(qn("w:t"), *breaks))
    return _on_one_line("".join(pieces))


def _read_table(table: BaseOxmlElement) -> Iterator[Piece]:
    heads, *rows = table.iterfind(qn("w:tr"))
    is_head = heads.find(f"{qn('w:trPr')}/{qn('w:tblHeader')}") is not None
    texts = [_read_words(cell) for cell in heads.iterfind(qn("w:tc"))]
    yield Piece("table", " | ".join(texts) if is_head else "no head", rows=len(rows))
    numbers = (_NUMBER(_read_words(row.find(qn("w:tc")))) for row in rows)
    yield from (Piece("note", number[0]) for number in numbers if number)


class _PageReader(HTMLParser):
    """Reads a page's headings, tables and lists; not its list of contents."""

    def __init__(self) -> None:
        super().__init__()
        self.pieces: list[Piece] = []
        self.open: list[str] = []
        self.text = ""
        self.heads: list[str] = []
        self.rows = 0
        self.counters: list[int] = []
        self.marked = True

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag in ("meta", "img", "br"):
            return
        self.open.append(tag)
        if re.fullmatch(r"h\d|th|strong", tag):
            self.text = ""
        elif tag == "table":
            self.heads, self.rows = [], 0
        elif tag == "tbody":
            # its numbers come before its end: the table is told first, its rows are counted afterwards
            self.pieces.append(Piece("table", " | ".join(self.heads) or "no head"))
            self.table = len(self.pieces) - 1
        elif tag in ("ul", "ol"):
            self.counters.append(int(given.get("start") or 0) if tag == "ol" else 0)
        elif tag == "li":
            self.marked = False

    def handle_data(self, data: str) -> None:
        self.text += data

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag
        if "nav" in self.open:
            return
        text = _on_one_line(self.text)
        if re.fullmatch(r"h\d", tag):
            self.pieces.append(Piece("heading", text, int(tag[1])))
        elif tag == "th" and "thead" in self.open:
            self.heads.append(text)
        elif tag == "tr" and "tbody" in self.open:
            self.rows += 1
        elif tag == "tbody":
            self.pieces[self.table] = self.pieces[self.table]._replace(rows=self.rows)
        elif tag == "strong" and text:
            self.pieces.append(Piece("note", text))
            self.marked = True
        elif tag == "li":
            self._end_item()
        elif tag in ("ul", "ol"):
            self.counters.pop()

    def _end_item(self) -> None:
        if not self.marked:
            self.pieces.append(Piece("note", f"{self.counters[-1]}." if self.counters[-1] else BULLET))
        if self.counters[-1]:
            self.counters[-1] += 1
        self.marked = True


def read_html(content: bytes) -> Iterator[Piece]:
    """By html.parser."""
    reader = _PageReader()
    reader.feed(content.decode())
    assert reader.open == []
    return iter(reader.pieces)


def read_markdown(content: bytes) -> Iterator[Piece]:
    """By the beginnings of lines."""
    lines = content.decode().split("\n")
    for number, line in enumerate(lines):
        heading = re.match(r"(#+) (.*)", line)
        note = re.match(r"(-|\d+\.) (?:\*\*(\w+)\*\*)?|(\d+)\\\. ", line)
        if heading:
            yield Piece("heading", re.sub(r"\\(.)", r"\1", heading[2]), len(heading[1]))
        elif re.fullmatch(r"\|(?: --- \|)+", line):
            rows = [*_rows_below(lines[number + 1 :])]
            heads = [re.sub(r"\\(.)", r"\1", head.strip()) for head in lines[number - 1].strip("|").split("|")]
            yield Piece("table", " | ".join(filter(None, heads)) or "no head", rows=len(rows))
            yield from (Piece("note", found[1]) for row in rows if (found := re.match(r"\| \*\*(\w+)\*\* ", row)))
        elif note:
            mark = note[2] or (f"{note[3]}." if note[3] else note[1])
            yield Piece("note", BULLET if mark == "-" else mark)


def _rows_below(lines: Iterable[str]) -> Iterator[str]:
    for line in lines:
        if not line.startswith("|"):
            return
        yield line


def read_json(content: bytes) -> Iterator[Piece]:
    """By its keys."""
    return _read_value(json.loads(content), 1)


def _read_value(values: dict[str, Any], level: int) -> Iterator[Piece]:
    for key, value in values.items():
        yield Piece("heading", key, level)
        if isinstance(value, dict):
            yield from _read_value(value, level + 1)
        for entry in value if isinstance(value, list) else ():
            if isinstance(entry, dict) and "parts" in entry:
                yield from _read_value(entry, level + 1)
            else:
                yield Piece("note", (isinstance(entry, dict) and entry.get("id")) or BULLET)


def read_pdf(content: bytes) -> Iterator[Piece]:
    """By poppler: the bookmarks, then the tables by their tags, then each number that stands at the start of a line."""
    with NamedTemporaryFile(suffix=".pdf") as file:
        file.write(content)
        file.flush()
        bookmarks = _run("pdftohtml", "-xml", "-i", "-l", "1", "-stdout", file.name)
        tags = _run("pdfinfo", "-struct", file.name)
        text = _run("pdftotext", file.name, "-")
    level = 0
    for line in bookmarks.split("\n"):
        level += (line == "<outline>") - (line == "</outline>")
        item = re.fullmatch(r"<item page=\"\d+\">(.*)</item>", line)
        if item:
            yield Piece("heading", unescape(item[1]), level)
    for table in re.split(r"^ *Table \(block\)", tags, flags=re.MULTILINE)[1:]:
        heads, *rows = re.split(r"^ *TR$", table, flags=re.MULTILINE)[1:]
        columns = len(re.findall(r"^ *TH\b", heads, re.MULTILINE))
        yield Piece("table", f"{columns} heads" if columns else "no head", rows=len(rows) + (not columns))
    numbers = re.findall(r"^([A-Z]+\d+|\d+\.)(?=\s)", text, re.MULTILINE)
    yield from (Piece("note", number) for number in dict.fromkeys(numbers))


def _run(*command: str) -> str:
    # poppler grumbles about attributes that are newer than it is
    return subprocess.run(command, capture_output=True, check=True).stdout.decode(errors="replace")


READERS: dict[str, Callable[[bytes], Iterator[Piece]]] = {
    "docx": read_docx,
    "html": read_html,
    "markdown": read_markdown,
    "json": read_json,
    "pdf": read_pdf,
}
