"""Placeholders in the paragraphs of a Word file, as a person types them: `{{ venue }}`.

`reports.base_file` checks them when a template is loaded, `reports.formats.docx.letterhead` fills them. Word spreads
a text over several runs as it likes, so a paragraph is read as a whole.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

# an element of lxml, which has no types
Element = Any

WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
# stands alone in a paragraph, where the report goes
PLACE = "report"
# what can be said beside the fields of the template
OF_REPORT = ("meeting", "form", "subtitle", "draft")

_PLACEHOLDER = re.compile(r"\{\{\s*(.*?)\s*(\}\}|$)", re.DOTALL)
_TEXT = f"{WORD}t"
# what stands between texts and is no part of a name
_BETWEEN = {f"{WORD}tab": "\t", f"{WORD}br": "\n", f"{WORD}cr": "\n"}


@dataclass(frozen=True, slots=True)
class Placeholder:
    """A placeholder in the text of its paragraph; `closed` is False where "}}" is missing."""

    name: str
    start: int
    end: int
    closed: bool


def find_placeholders(paragraph: Element) -> list[Placeholder]:
    """All of one paragraph, in order. Word likes to write the first letter large, so names are in small letters."""
    text = "".join(piece for piece, _ in read_pieces(paragraph))
    return [
        Placeholder(found[1].lower(), found.start(), found.end(), bool(found[2]))
        for found in _PLACEHOLDER.finditer(text)
    ]


def is_place(paragraph: Element) -> bool:
    """Whether the paragraph holds nothing but the placeholder of the report."""
    text = "".join(piece for piece, _ in read_pieces(paragraph)).strip()
    found = find_placeholders(paragraph)
    return [placeholder.name for placeholder in found] == [PLACE] and text.startswith("{{") and text.endswith("}}")


def read_pieces(paragraph: Element) -> Iterator[tuple[str, Element]]:
    """The paragraph's own texts with their elements, without those of text boxes that are anchored in it."""
    for element in paragraph.iter(_TEXT, *_BETWEEN):
        if element.getparent().tag == f"{WORD}r" and next(element.iterancestors(f"{WORD}p")) is paragraph:
            yield _BETWEEN.get(element.tag) or element.text or "", element
