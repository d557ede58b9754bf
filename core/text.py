"""Text at the door, and the key by which words are matched. Called by platforms, the tag parser and handlers."""

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from itertools import accumulate

# what XML 1.0 forbids, lone surrogates and the two non-characters included (rules.md, section 1)
_FORBIDDEN = re.compile("[\x00-\x08\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
# Word's soft line break and the page break arrive as controls; they were line breaks to their author
_BREAKS = re.compile("\r\n|[\r\x0b\x0c\u2028\u2029]")
BIDI = "\u200e\u200f\u061c\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff"
# anything that cleaning may change but for the normal form: most texts have none
_SUSPECT = re.compile("[\x00-\x08\x0b-\x1f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]")
_BIDI_PAIRED = re.compile("[\u202a-\u202e\u2066-\u2069]")
# the keyboard's variants of one Arabic letter: alef wasla, alef maqsura, Farsi yeh, ta marbuta, keheh
_ARABIC = str.maketrans({"\u0671": "ا", "\u0649": "ي", "\u06cc": "ي", "\u0629": "ه", "\u06a9": "ك"})
_UNSEEN = frozenset(BIDI + "_-\u0640\u200b\u200c\u200d\u2060\u00ad")
# whole texts come by as well, as the names of sessions; only words are worth remembering
_LONGEST_WORD = 64


def clean_text(text: str) -> str:
    """The text as it is kept: NFC, no character that a document cannot hold, bidi controls harmless.

    Nothing is shortened, and joiners inside emoji stay.
    """
    if not _SUSPECT.search(text) and unicodedata.is_normalized("NFC", text):
        return text
    text = _FORBIDDEN.sub("", _BREAKS.sub("\n", text))
    # composed last: a control that goes may have stood between a letter and its mark
    return unicodedata.normalize("NFC", balance_bidi(text))


def balance_bidi(text: str) -> str:
    """The text with every embedding, override and isolate closed on its line, so that none reaches what is around."""
    if not _BIDI_PAIRED.search(text):
        return text
    return "\n".join(_balance_line(line) for line in text.split("\n"))


def _balance_line(line: str) -> str:
    stack: list[str] = []
    kept: list[str] = []
    for char in line:
        if char in "\u202a\u202b\u202d\u202e":
            stack.append("\u202c")
        elif char in "\u2066\u2067\u2068":
            stack.append("\u2069")
        elif char in "\u202c\u2069":
            if not stack or stack[-1] != char:
                continue
            stack.pop()
        kept.append(char)
    return "".join(kept) + "".join(reversed(stack))


def match_key(word: str) -> str:
    """The key under which spellings of a word meet: capitals, accents, Arabic marks, "_" and "-" aside.

    й stays apart from и; ё and е are one.
    """
    return _word_key(word) if len(word) <= _LONGEST_WORD else _fold_word(word)


def _fold_word(word: str) -> str:
    if word.isascii():
        return word.lower().replace("_", "").replace("-", "")
    kept: list[str] = []
    for char in unicodedata.normalize("NFD", unicodedata.normalize("NFKC", word).casefold()):
        if char in _UNSEEN or (unicodedata.combining(char) and kept and _is_dropped(char, kept[-1])):
            continue
        kept.append(char)
    return unicodedata.normalize("NFC", "".join(kept)).translate(_ARABIC)


_word_key = lru_cache(maxsize=4096)(_fold_word)


def _is_dropped(mark: str, base: str) -> bool:
    """Whether a combining mark makes no other word on this letter: Latin, Cyrillic (but й) and Arabic."""
    if base == "и" and mark == "\u0306":
        return False
    return base < "\u0250" or "\u0400" <= base < "\u0530" or "\u0600" <= base < "\u0780"


def shorten_text(text: str, length: int) -> str:
    """The beginning of a text on one line, to find it by; never what a report says."""
    line = " ".join(text.split())
    return line if len(line) <= length else f"{line[:length].rstrip()}…"


def shorten_line(text: str, length: int) -> str:
    """The beginning of a text on one line, cut between words; where none is near, as in Chinese, between letters.

    `length` is in letters.
    """
    # a no-break space, as before a French colon, stays one
    line = re.sub(r"[^\S\u00a0\u202f]+", " ", text).strip()
    # a Chinese sign takes the place of two letters, and says as much
    fits = sum(
        wide <= length for wide in accumulate(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in line)
    )
    if fits == len(line):
        return line
    words = line[: fits + 1].rpartition(" ")[0]
    return f"{(words if len(words) > fits // 2 else line[:fits]).rstrip(' ,;:.–-،؛，；：')}…"


def list_names(names: Iterable[str], between: str, length: int) -> str:
    """As many names as fit, each whole."""
    listed = ""
    for name in names:
        longer = f"{listed}{between}{name}" if listed else name
        if listed and len(longer) > length:
            return f"{listed}{between}…"
        listed = longer
    return listed
