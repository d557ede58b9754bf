"""The direction and the language of texts, piece by piece, as Word wants to know them of each run.

Called by `reports.formats.docx.body`. A checker of spelling goes by the language of a run, a font by its script.
"""

import re
from collections.abc import Iterator
from functools import cache

from reports.formats.direction import HAS_RTL, RTL

# Word's full tags of the languages that are written in Latin letters; other reports hold names and notes in English
_LATIN_TAGS = {"en": "en-GB", "fr": "fr-FR", "es": "es-ES", "pt": "pt-PT"}
_OTHER_LATIN = "en-GB"
# for the scripts that are not the report's own, the most likely language
_CYRILLIC_TAG, _CHINESE_TAG, _ARABIC_TAG = "ru-RU", "zh-CN", "ar-SA"

_HEBREW = re.compile(r"[\u0590-\u05FF\uFB1D-\uFB4F]").match
# letters that are not written from the right
_LTR_LETTER = rf"[^\W\d_{RTL}]"
# inside a text of one direction, the pieces of the other: from its first letter to its last
_RTL_PIECE = re.compile(f"([{RTL}](?:[^{RTL}\\w]*[{RTL}])*)")
_LTR_PIECE = re.compile(f"({_LTR_LETTER}(?:[^{RTL}]*[^\\W_{RTL}])?)")

_CYRILLIC = r"\u0400-\u052F\u1C80-\u1C8F\u2DE0-\u2DFF\uA640-\uA69F"
# Chinese signs with their punctuation and full-width forms; kana; Hangul
_KANA, _HANGUL = r"\u3040-\u30FF\u31F0-\u31FF", r"\u1100-\u11FF\u3130-\u318F\uAC00-\uD7FF"
_EASTERN = (
    rf"\u2E80-\u303F{_KANA}{_HANGUL}\u3100-\u312F\u3190-\u31EF\u3200-\u9FFF\uF900-\uFAFF\uFF00-\uFFEF"
    r"\U00020000-\U0003FFFF"
)
_HAS_KANA, _HAS_HANGUL = re.compile(f"[{_KANA}]").search, re.compile(f"[{_HANGUL}]").search
# a piece of one script, with the signs and figures after it
_SCRIPT_PIECE = re.compile(rf"([{_EASTERN}](?:[{_EASTERN}\W\d_])*|[{_CYRILLIC}](?:[{_CYRILLIC}\W\d_])*)")
_IS_CYRILLIC = re.compile(f"[{_CYRILLIC}]").match

_IS_FOREIGN = re.compile(f"[{RTL}{_CYRILLIC}{_EASTERN}]").search


def is_latin(text: str) -> bool:
    """Whether a text is all in Latin letters, or in signs that every script has."""
    return text.isascii() or not _IS_FOREIGN(text)


def tag_latin(language: str) -> str:
    """Word's tag for what a report in this language has in Latin letters."""
    return _LATIN_TAGS.get(language, _OTHER_LATIN)


def tag_languages(language: str) -> str:
    """The attributes of `w:lang` for a whole document, by script."""
    first = _CYRILLIC_TAG if language == "ru" else tag_latin(language)
    return f'w:val="{first}" w:eastAsia="{_CHINESE_TAG}" w:bidi="{_ARABIC_TAG}"'


def split_languages(text: str, latin: str, *, rtl: bool) -> Iterator[tuple[str, str, str]]:
    """A text in pieces of one direction and script: the piece, font properties before others, and the last ones.

    `rtl` is the direction of its paragraph, `latin` the tag for Latin letters.
    """
    if not rtl and not HAS_RTL(text):
        yield from _split_scripts(text, latin)
        return
    pieces = (_LTR_PIECE if rtl else _RTL_PIECE).split(text)
    # re.split puts the pieces that it split at, those of the other direction, at the odd places
    for place, piece in enumerate(pieces):
        if piece and rtl != bool(place % 2):
            yield piece, "", mark_rtl(piece)
        elif piece:
            yield from _split_scripts(piece, latin)


def _split_scripts(text: str, latin: str) -> Iterator[tuple[str, str, str]]:
    if is_latin(text):
        yield text, "", mark_ltr(latin)
        return
    for place, piece in enumerate(_SCRIPT_PIECE.split(text)):
        if not piece:
            continue
        if place % 2 == 0:
            yield piece, "", mark_ltr(latin)
        elif _IS_CYRILLIC(piece):
            yield piece, "", mark_ltr(_CYRILLIC_TAG)
        else:
            tag = "ja-JP" if _HAS_KANA(piece) else "ko-KR" if _HAS_HANGUL(piece) else _CHINESE_TAG
            # the hint: quotation marks and dashes, which both scripts have, are then of the Chinese font
            yield piece, '<w:rFonts w:hint="eastAsia"/>', f'<w:lang w:eastAsia="{tag}"/>'


@cache
def mark_ltr(tag: str) -> str:
    """The language of a run in Latin or Cyrillic letters."""
    return f'<w:lang w:val="{tag}"/>'


def mark_rtl(piece: str) -> str:
    """The direction and language of a run written from the right."""
    return f'<w:rtl/><w:lang w:bidi="{"he-IL" if _HEBREW(piece) else _ARABIC_TAG}"/>'
