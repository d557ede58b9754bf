"""Spreadsheets: the rows of a .csv or .xlsx file that somebody posted. Pure; used by `reports.participants`.

A file may be anything: no formula is worked out, nothing outside it is read, and what is too large is not read at all.
"""

import csv
import warnings
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, time
from io import BytesIO, StringIO
from typing import Any
from zipfile import BadZipFile, ZipFile

from core.errors import RapporteurError
from core.text import clean_text

MOST_ROWS, MOST_COLUMNS = 5_000, 20
# rows that are looked at: a sheet may say that it goes on for a million empty ones
_FURTHEST = 20_000
_LARGEST_TEXT, _LARGEST_SHEETS = 5_000_000, 30_000_000
_DELIMITERS = ",;\t|"
_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"

# a row's number in its file, from 1, and its cells
Row = tuple[int, tuple[str, ...]]


class UnreadableError(RapporteurError):
    """A file cannot be read as a list; the text is the key of the words that say why."""


def read_spreadsheet(content: bytes) -> list[Row]:
    """The rows that hold something, without columns that hold nothing; an `UnreadableError` where there are none."""
    if content.startswith(_ZIP):
        found = _read_workbook(content)
    elif content.startswith(_OLE):
        raise UnreadableError("unread_xls")
    else:
        found = _read_text(content)
    rows: list[Row] = []
    for number, cells in found:
        if any(cells):
            rows.append((number, cells))
        if len(rows) > MOST_ROWS:
            raise UnreadableError("unread_large")
    return _trim(rows)


def _trim(rows: Sequence[Row]) -> list[Row]:
    """All rows with the same columns: those in which some row has something."""
    width = max((len(cells) for _, cells in rows), default=0)
    filled = [n for n in range(width) if any(len(cells) > n and cells[n] for _, cells in rows)]
    if not filled:
        raise UnreadableError("unread_empty")
    if len(filled) > MOST_COLUMNS:
        raise UnreadableError("unread_large")
    return [(number, tuple(cells[n] if n < len(cells) else "" for n in filled)) for number, cells in rows]


def _read_text(content: bytes) -> Iterator[Row]:
    """The rows of delimited text."""
    if len(content) > _LARGEST_TEXT:
        raise UnreadableError("unread_large")
    text = _decode(content)
    reader = csv.reader(StringIO(text, newline=""), delimiter=_find_delimiter(text))
    try:
        for cells in reader:
            yield reader.line_num, _tidy(cells)
    except csv.Error:
        raise UnreadableError("unread_damaged") from None


def _decode(content: bytes) -> str:
    """The text of a file in UTF-8, UTF-16 or the code page of a Western Windows; with or without a byte order mark."""
    try:
        if content.startswith((b"\xff\xfe", b"\xfe\xff")):
            return content.decode("utf-16")
        # every other byte of Latin letters in UTF-16 is 0, and text has none else
        if content[1:2] == b"\0" or content[:1] == b"\0":
            return content.decode("utf-16-le" if content[1:2] == b"\0" else "utf-16-be")
        if b"\0" in content:
            raise UnreadableError("unread_format")
        try:
            return content.decode("utf-8-sig")
        except UnicodeDecodeError:
            return content.decode("cp1252")
    except UnicodeDecodeError:
        raise UnreadableError("unread_format") from None


def _find_delimiter(text: str) -> str:
    """What parts the cells of the first lines, quoted ones aside; the sign that is there most evenly."""
    lines = [line for line in text[:20_000].splitlines() if line.strip()][:20]

    def judge(sign: str) -> tuple[int, int]:
        counts = [len(line.split(sign)) - 1 for part in lines for line in ["".join(part.split('"')[::2])]]
        return sum(1 for count in counts if count), -len({count for count in counts if count})

    return max(_DELIMITERS, key=judge)


def _read_workbook(content: bytes) -> Iterator[Row]:
    """The rows of the first visible sheet that has any; formulas by the value that was kept with them."""
    # takes a while to load, and few reports need it
    from openpyxl import load_workbook  # type: ignore[import-untyped]  # noqa: PLC0415

    try:
        with ZipFile(BytesIO(content)) as parts:
            if sum(part.file_size for part in parts.infolist()) > _LARGEST_SHEETS:
                raise UnreadableError("unread_large")
            if "xl/workbook.xml" not in parts.namelist():
                raise UnreadableError("unread_format")
    except (BadZipFile, ValueError, NotImplementedError):
        raise UnreadableError("unread_damaged") from None
    try:
        # it warns of what it leaves out: drop-down lists, styles
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            book = load_workbook(BytesIO(content), read_only=True, data_only=True, keep_links=False)
            rows = next(filter(None, map(_list_rows, book.worksheets)), [])
            book.close()
    except UnreadableError:
        raise
    except Exception:
        # a damaged file may fail anywhere in it
        raise UnreadableError("unread_damaged") from None
    yield from rows


def _list_rows(sheet: Any) -> list[Row]:
    """The rows of a sheet that hold something; none of a hidden one."""
    if sheet.sheet_state != "visible":
        return []
    sheet.reset_dimensions()
    found: list[Row] = []
    for number, cells in enumerate(sheet.iter_rows(max_row=_FURTHEST, max_col=16_384, values_only=True), 1):
        told = _tidy(map(_tell_cell, cells))
        if any(told):
            found.append((number, told))
    return found


def _tell_cell(value: object) -> str:
    """What a cell shows, as far as its value alone tells."""
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime):
        return value.isoformat(" ", "minutes") if value.time() != time() else value.date().isoformat()
    return value.isoformat() if isinstance(value, date) else str(value)


def _tidy(cells: Iterable[str]) -> tuple[str, ...]:
    """The cells, each on one line, without the empty ones at the end."""
    told = [" ".join(clean_text(cell).split()) for cell in cells]
    while told and not told[-1]:
        told.pop()
    return tuple(told)
