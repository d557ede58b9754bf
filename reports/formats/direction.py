"""The direction that a text is written in, by its letters. Called by the formats that set one: Word, PDF, HTML."""

import re
from unicodedata import bidirectional

# letters written from right to left
RTL = r"\u0590-\u08FF\uFB1D-\uFDFF\uFE70-\uFEFC\U00010800-\U00010FFF\U0001E800-\U0001EFFF"
HAS_RTL = re.compile(f"[{RTL}]").search

# what names a line without being of its words: "R1: ", "R1, R2: ", "R1 ", "E. ", "IV"
_LABEL = re.compile(r"\W*(?:[A-Z][0-9]+\b(?:[\W_]+[A-Z][0-9]+\b)*|(?:[A-Z]|[IVX]+)(?=[.:)]|\s*\Z))").match


def is_rtl(text: str, otherwise: bool) -> bool:
    """Whether a text begins, by its first strong character, from the right; `otherwise`, as its report, without any.

    In a report written from the right, a label in Latin letters before the words does not count.
    """
    # most texts, so that no letter of them need be looked at
    if not otherwise and (text.isascii() or not HAS_RTL(text)):
        return False
    begins = _begin(text)
    if otherwise and begins is False and (label := _LABEL(text)):
        begins = _begin(text[label.end() :])
    return otherwise if begins is None else begins


def has_label(text: str) -> bool:
    """Whether a text begins with a label in Latin letters."""
    return _LABEL(text) is not None


def _begin(text: str) -> bool | None:
    """Whether the first strong character is one from the right; None where there is none."""
    for char in text:
        kind = bidirectional(char)
        if kind == "L":
            return False
        if kind in ("R", "AL"):
            return True
    return None
