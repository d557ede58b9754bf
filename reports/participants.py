"""The list of participants, from the lists and spreadsheets posted with `#participants`. Called by placement.

A list in a message has a line a person: name, organisation and country, between commas, semicolons, tabs or dashes.
"""

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from importlib.resources import files as find_data

from core.messages import Attachment
from core.text import match_key
from reports.report import Grid, Item
from reports.spreadsheets import MOST_COLUMNS, MOST_ROWS, Row, UnreadableError, read_spreadsheet

# an attachment's platform and ref → what it holds
Files = Mapping[tuple[str, str], bytes]

# the kinds of columns, in the order in which people write them where there is no heading
_COLUMNS = ("name", "organisation", "country")
# the strongest sign of a line parts it; a dash only between spaces
_SIGNS = (re.compile(r"\t"), re.compile(r"[;；؛|]"), re.compile(r"\s[–—-]\s|—"), re.compile(r"[,，،、]"))
_BULLET = re.compile(r"^(?:[-–—*•·]|\d{1,4}[.)、])\s+")
# rows above the heading, such as the list's title
_HEADING_WITHIN = 10
# numbers of rows that are told
_TOLD = 10


def list_participants(
    items: Sequence[Item], files: Files, words: Mapping[str, str]
) -> tuple[tuple[Grid, ...], tuple[str, ...]]:
    """The tables that were read, and what could not be read, in words for the checklist.

    Lists with the same columns are one table, in which the same row stands once.
    """
    tables: dict[tuple[str, ...], dict[tuple[str, ...], None]] = {}
    unread: list[str] = []
    for item in items:
        lists = [_read_file(item, attachment, files, words, unread) for attachment in item.attachments]
        # words beside a file are its caption
        for rows in lists if item.attachments else [_read_lines(item.text)]:
            heads, listed = _find_heads(rows, words)
            if listed:
                tables.setdefault(heads, {}).update(dict.fromkeys(cells for _, cells in listed))
    return tuple(Grid("", heads, tuple(rows)) for heads, rows in tables.items()), tuple(unread)


def find_tabled(items: Sequence[Item], words: Mapping[str, str]) -> tuple[str, ...]:
    """The names of the notes without a file that are lists of which every line is a row, or says what follows."""
    names = []
    for item in items:
        rows = _read_lines(item.text)
        _, listed = _find_heads(rows, words)
        at = _find_heading(rows) or 0
        if listed and not item.attachments and at == 0:
            names.append(item.note)
    return tuple(names)


def _read_file(
    item: Item, attachment: Attachment, files: Files, words: Mapping[str, str], unread: list[str]
) -> list[Row]:
    """The rows of a file; none of a photograph of a list, of one that nobody fetched, and of one that is no list."""
    content = files.get((item.platform, attachment.ref))
    if attachment.kind != "file" or not attachment.ref:
        return []
    if content is None:
        unread.append(words["unread_missing"].format(name=attachment.name))
        return []
    try:
        rows = read_spreadsheet(content)
    except UnreadableError as error:
        unread.append(words[str(error)].format(name=attachment.name, rows=MOST_ROWS, columns=MOST_COLUMNS))
        return []
    nameless = _find_nameless(rows)
    if nameless:
        listed = ", ".join(map(str, nameless[:_TOLD])) + " …" * (len(nameless) > _TOLD)
        unread.append(words["unread_no_name"].format(name=attachment.name, row=listed))
    return rows


def _read_lines(text: str) -> list[Row]:
    """The lines of a message that name somebody, in as many columns as there are kinds."""
    rows = []
    for number, line in enumerate(text.split("\n"), 1):
        words = _BULLET.sub("", line.strip())
        cells = next((cells for sign in _SIGNS if len(cells := _split(sign, words)) > 1), [words])
        # what stands between name and country is all of where somebody comes from
        if len(cells) > len(_COLUMNS):
            cells = [cells[0], ", ".join(cells[1:-1]), cells[-1]]
        # a line that ends with a colon says what follows
        if cells[0] and not words.endswith((":", "：")):
            rows.append((number, (*cells, *[""] * (len(_COLUMNS) - len(cells)))))
    return rows


def _split(sign: re.Pattern[str], line: str) -> list[str]:
    return [cell for piece in sign.split(line) if (cell := piece.strip())]


def _find_heads(rows: Sequence[Row], words: Mapping[str, str]) -> tuple[tuple[str, ...], Sequence[Row]]:
    """The heads of a list's columns, and the rows below them; a list without a heading has the usual ones."""
    at, width = _find_heading(rows), len(rows[0][1]) if rows else 0
    below = rows if at is None else rows[at + 1 :]
    if at is not None and (width == 1 or sum(map(bool, rows[at][1])) > 1):
        return rows[at][1], below
    usual = ["", *(words[f"{column}_column"] for column in _COLUMNS)][0 if _is_numbered(below) else 1 :]
    heads = (*usual, *[""] * max(width - len(usual), 0))
    return heads, [(number, (*cells, *[""] * (len(heads) - width))) for number, cells in below]


def _find_heading(rows: Sequence[Row]) -> int | None:
    """The first row in which a cell is a word for name, and every other one a word that heads a column or empty."""
    for at, (_, cells) in enumerate(rows[:_HEADING_WITHIN]):
        kinds = [_find_kind(cell) for cell in cells if cell]
        if "name" in kinds and (len(kinds) == 1 or sum(kind is not None for kind in kinds) > 1):
            return at
    return None


def _find_nameless(rows: Sequence[Row]) -> list[int]:
    """The numbers of the rows below the heading that have nothing in a column of names."""
    at = _find_heading(rows)
    below = rows if at is None else rows[at + 1 :]
    columns = [n for n, cell in enumerate(rows[at][1]) if _find_kind(cell) == "name"] if at is not None else []
    return [number for number, cells in below if not any(cells[n] for n in columns or [int(_is_numbered(below))])]


def _is_numbered(rows: Sequence[Row]) -> bool:
    """Whether the first of several columns numbers the rows."""
    return any(any(cells[1:]) for _, cells in rows) and all(cells[0].rstrip(".)").isdecimal() for _, cells in rows)


def _find_kind(cell: str) -> str | None:
    return _load_headings().get(_fold(cell))


@cache
def _load_headings() -> Mapping[str, str]:
    """The words that head a column, folded, each with its kind."""
    data = tomllib.loads(find_data("reports").joinpath("participants.toml").read_text("utf-8"))
    return dict(_list_headings(data))


def _list_headings(data: Mapping[str, Sequence[str]]) -> Iterator[tuple[str, str]]:
    for kind, spellings in data.items():
        for spelling in spellings:
            yield _fold(spelling), kind


def _fold(words: str) -> str:
    return " ".join(match_key(word) for word in words.strip(" :：*").split())
