"""The fonts of the PDF and the characters that they have.

Called by `reports.formats.pdf`. All fonts come with packages of ours, none from the system, so that a report looks
alike everywhere. Typst refuses a document with a character that no font has; what they have is read here beforehand.
"""

import re
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files
from pathlib import Path
from struct import Struct, iter_unpack, unpack
from typing import BinaryIO

from typst import Fonts

# package of fonts → the folder in it
_PACKAGES = {"fontpkg_amiri": "files", "manimgx_fonts": "", "manimgx_fonts_cjk": ""}

_LATIN, _ARABIC, _CHINESE = "Libertinus Serif", "Amiri", "Noto Sans CJK SC"
# where a text is of this language, these come first
_FIRST: Mapping[str, tuple[object, ...]] = {
    "": (_LATIN, _ARABIC, _CHINESE),
    "ar": (_ARABIC, _LATIN, _CHINESE),
    "zh": ({"name": _LATIN, "covers": "latin-in-cjk"}, _CHINESE, _ARABIC),
    "ja": ({"name": _LATIN, "covers": "latin-in-cjk"}, "Noto Sans CJK JP", _ARABIC),
    "ko": ({"name": _LATIN, "covers": "latin-in-cjk"}, "Noto Sans CJK KR", _ARABIC),
}
# Arabic set in this variable font cannot be copied out of a PDF; Amiri has all that it has
_UNUSED = "Noto Sans Arabic"

# "NotoSans-Italic[wght].ttf"
_FAMILY = re.compile(r"[-\[]")
_TABLE = Struct(">4s4xII")
_GROUP = ">III"


@cache
def load_fonts() -> Fonts:
    """Those of our packages, and those that typst has in itself; opened once in a process."""
    return Fonts(include_system_fonts=False, include_embedded_fonts=True, font_paths=list(_folders()))


@cache
def list_families() -> Mapping[str, list[object]]:
    """The families to look into for a character, in order, by language; "" is for all others."""
    others = [name for name in load_fonts().families() if name.startswith("Noto ") and name != _UNUSED]
    return {language: [*first, *(name for name in others if name not in first)] for language, first in _FIRST.items()}


@cache
def read_characters() -> frozenset[int]:
    """The code points that can be printed, bold and slanted too, from the files of the fonts."""
    families: dict[str, set[int]] = {}
    for path in (path for folder in _folders() for path in folder.iterdir() if path.suffix in (".ttf", ".ttc")):
        family = _FAMILY.split(path.name)[0]
        chars = set(_read_map(path))
        families[family] = families.get(family, chars) & chars
    del families[_UNUSED.replace(" ", "")]
    return frozenset().union(*families.values())


def _folders() -> Iterator[Path]:
    for package, folder in _PACKAGES.items():
        yield Path(str(files(package))) / folder


def _read_map(path: Path) -> Iterator[int]:
    """The code points of a font, from its table `cmap` (OpenType 1.9); of a collection, those of its first font."""
    with path.open("rb") as file:
        font = 0
        if file.read(4) == b"ttcf":
            file.seek(12)
            (font,) = unpack(">I", file.read(4))
        file.seek(font + 4)
        (count,) = unpack(">H6x", file.read(8))
        tables = {name: (start, size) for name, start, size in _TABLE.iter_unpack(file.read(16 * count))}
        yield from _read_table(file, *tables[b"cmap"])


def _read_table(file: BinaryIO, start: int, size: int) -> Iterator[int]:
    file.seek(start)
    table = file.read(size)
    (count,) = unpack(">H", table[2:4])
    for _, _, offset in iter_unpack(">HHI", table[4 : 4 + 8 * count]):
        kind, length = unpack(">HH", table[offset : offset + 4])
        if kind == 12:
            (length,) = unpack(">I", table[offset + 4 : offset + 8])
            for first, last, _ in iter_unpack(_GROUP, table[offset + 16 : offset + length]):
                yield from range(first, last + 1)
        elif kind == 4:
            yield from _read_segments(table[offset : offset + length])


def _read_segments(table: bytes) -> Iterator[int]:
    """Of a table of format 4: four columns of 16 bits, and the glyphs of the segments that are no plain runs."""
    words = unpack(f">{len(table) // 2}H", table[: len(table) // 2 * 2])
    count = words[3] // 2
    for n in range(count):
        last, first = words[7 + n], words[8 + count + n]
        delta, at = words[8 + 2 * count + n], 8 + 3 * count + n
        for char in range(first, last + 1):
            glyph = words[at + words[at] // 2 + char - first] if words[at] else char
            if glyph and (glyph + delta) % 65536:
                yield char
