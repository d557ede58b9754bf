"""A text made ready to be printed: what typst is told of it besides its words.

Called by `reports.formats.pdf.blocks` and `tables` for each text.
"""

import re
from collections.abc import Iterable
from unicodedata import category

from reports.formats.direction import is_rtl
from reports.formats.pdf.fonts import read_characters
from reports.report import Report

# words; or words, their language, whether they run from right to left
Text = str | tuple[str, str, bool]

# around a word that no line holds, and between its pieces; no text has them, and `report.typ` knows them
_LONG_WORD, _PIECE = "\x01", "\x02"
# the most characters of one word that a line of text, and that a narrow column can hold
LINE, COLUMN = 40, 12
# writing whose lines can be broken between characters, or which typst divides into words: Thai, Khmer, Chinese, emoji
_DIVIDED = (
    r"\u0e00-\u0eff\u1000-\u109f\u1100-\u11ff\u1780-\u17ff\u2e80-\ua4cf\uac00-\ud7af\uf900-\ufaff\ufe30-\ufe4f\uff00-\uffef"
    r"\U0001f000-\U0001faff\U00020000-\U0003ffff"
)
_LONG = {
    LINE: re.compile(rf"[^\s{_DIVIDED}]{{{LINE + 1},}}"),
    # not of letters that are joined, as Arabic ones: those words are narrow, and pieces of them would not be joined
    COLUMN: re.compile(rf"(?:(?!\s)[!-\u052f]){{{COLUMN + 1},}}|[^\s{_DIVIDED}]{{{LINE + 1},}}"),
}

_NEW_LINE = re.compile("\r\n|[\r\v\f\x85\u2028\u2029]")
# writing of one language, or almost: its letters
_SCRIPTS = {
    "ar": re.compile(r"[\u0600-\u06ff\u0750-\u077f\u08a0-\u08ff\ufb50-\ufdff\ufe70-\ufefc]"),
    "he": re.compile(r"[\u0590-\u05ff]"),
    "ru": re.compile(r"[\u0400-\u04ff]"),
    "ko": re.compile(r"[\u1100-\u11ff\uac00-\ud7a3]"),
    "ja": re.compile(r"[\u3040-\u30ff]"),
    "zh": re.compile(r"[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]"),
}
_LATIN = re.compile(r"[A-Za-z\u00c0-\u024f]")
# a Chinese character says as much as some letters: a text with a few names in Latin letters is still Chinese
_LETTERS_OF_A_WORD = {"zh": 4, "ja": 4, "ko": 2}
# "Hangul fillers, marks that choose a variant": invisible, as are most of category Cf
_INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\u3164"
    "\ufe00-\ufe0f\uffa0\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0001-\U000e01ef]"
)


def letter(text: str, report: Report, *, most: int = LINE, rtl: bool | None = None) -> Text:
    """The text as it is to be set. `most` is what a line holds, `rtl` the direction where it is not the text's own."""
    otherwise = report.direction == "rtl"
    turned = is_rtl(text, otherwise) if rtl is None else rtl
    language = find_language(text, report.language)
    words = make_printable(text)
    if len(words) > most and any(len(word) > most for word in words.split()):
        words = _LONG[most].sub(lambda found: _break(found[0], most), words)
    return words if turned == otherwise and language == report.language else (words, language, turned)


def letter_note(words: str, details: Iterable[str], report: Report) -> tuple[Text, list[Text]]:
    """A note and its small print, which runs in the note's direction."""
    rtl = is_rtl(words, report.direction == "rtl")
    return letter(words, report), [letter(line, report, rtl=rtl) for line in details]


def find_language(text: str, language: str) -> str:
    """The language of most of a text's letters, by their script; `language`, the report's, where it may be that one.

    Latin letters are taken for the report's language where it is written with them, else for English.
    """
    if not text.isascii():
        counts = {code: len(script.findall(text)) for code, script in _SCRIPTS.items()}
        # Japanese has as many Chinese characters as its own
        if counts["ja"]:
            counts["ja"] += counts.pop("zh")
        likely = max(counts, key=lambda code: counts[code])
        if counts[likely] * _LETTERS_OF_A_WORD.get(likely, 1) > len(_LATIN.findall(text)):
            return likely
    return "en" if language in _SCRIPTS and _LATIN.search(text) else language


def make_printable(text: str) -> str:
    """The text without what no font shows: a character that none has stands as its number, "[U+1D11E]".

    A tab, which has no width in a PDF, stands as spaces; other line ends as new lines; U+FEFF, invisible and forbidden
    in a PDF, is left out.
    """
    if text.isascii() and text.isprintable():
        return text
    text = _NEW_LINE.sub("\n", text).replace("\t", "    ").replace("\ufeff", "")
    unknown = {ord(char) for char in text} - read_characters() - {10}
    shown = {char: _show(chr(char)) for char in unknown}
    return text.translate(shown) if shown else text


def _show(char: str) -> str:
    if _INVISIBLE.match(char):
        return char
    return " " if category(char) == "Zs" else f"[U+{ord(char):04X}]"


def _break(word: str, most: int) -> str:
    """The word in pieces of about so many characters, without hyphens, which nobody wrote."""
    pieces, start = [], 0
    for end in range(most, len(word)):
        # a mark stays with its letter, and what is joined together
        if end - start >= most and not _joined(word[end - 1 : end + 1]):
            pieces.append(word[start:end])
            start = end
    return _LONG_WORD + _PIECE.join([*pieces, word[start:]]) + _LONG_WORD


def _joined(pair: str) -> bool:
    return "\u200d" in pair or category(pair[1])[0] == "M"
