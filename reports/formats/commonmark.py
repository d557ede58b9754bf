"""Texts, lists and tables as CommonMark with GitHub's tables. Called by the format markdown.

Whatever a person wrote is escaped, so that it is shown character for character.
"""

import re
from collections.abc import Iterable

# what means something wherever it stands (the backslash first, as it marks the others); and at the start of a line
# only: lists, rules, underlines, tables
_MARKUP = "\\`*_[]<>&|~#$"
_LINE_START = re.compile(r"(?:(?=[-+=:])|[0-9]+(?=[.)]))").match
# the most of cells: one line with nothing in it that means anything
_PLAIN = re.compile(r"(?:[^\W\d_]|\d+(?![\d.)]))[^\\`*_\[\]<>&|~#$\r\n]*(?<!\s)").fullmatch
_NEWLINE = re.compile(r"\r\n?|\n")


def add_details(text: str, details: tuple[str, ...]) -> str:
    """Ready Markdown with lines of small print below it; empty ones are left out."""
    return "\\\n".join(filter(None, (text, *map(emphasize, details)))) if details else text


def head(level: int, text: str) -> str:
    """A heading, on one line whatever the text."""
    return f"{'#' * level} {escape_on_one_line(text)}"


def emphasize(text: str) -> str:
    """Text in italics, "" for none."""
    return f"*{escape(text)}*" if text else ""


def emphasize_cell(text: str) -> str:
    """The same in the cell of a table."""
    return f"*{escape_cell(text)}*" if text else ""


def list_lines(lines: Iterable[str]) -> str:
    """Plain texts as bullets."""
    return list_blocks(map(escape, lines))


def list_blocks(notes: Iterable[str]) -> str:
    """Ready Markdown as bullets."""
    return "\n".join(indent_item("- ", note) for note in notes)


def indent_item(marker: str, text: str) -> str:
    """Text under its marker; the lines that follow stand in as far as the marker is wide."""
    return marker + text.replace("\n", "\n" + " " * len(marker))


def tabulate(heads: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """A table of plain heads and ready cells."""
    cells = [escape_cell(head) for head in heads]
    lines = [_row(cells), _row("---" for _ in cells), *map(_row, rows)]
    return "\n".join(lines)


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


def escape_cell(text: str) -> str:
    """Text for the cell of a table, its line breaks kept."""
    return text if _PLAIN(text) else "<br>".join(map(_escape_line, _lines(text)))


def escape_on_one_line(text: str) -> str:
    """Text where no line break can stand."""
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
