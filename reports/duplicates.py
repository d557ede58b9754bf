"""Equal notes, which stand once, and similar ones, which are shown side by side. Called by placement and the checks."""

import re
import struct
import unicodedata
from collections.abc import Iterator, Sequence
from functools import lru_cache
from hashlib import shake_128
from itertools import pairwise

# how much of their words two notes must share to be shown as similar, and how many words each must have
SIMILAR = 0.7
FEWEST_WORDS = 4
# the signature by which candidates are found
_BANDS, _ROWS = 8, 3

_WORD = re.compile(r"[^\W_]+")
_WIDE = re.compile("[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]")
# punctuation that changes what is said stays: "5%" is not "5", "-5" is not "5"
_TELLING = frozenset("%‰#&@*/\\")
_MINUS = re.compile(r"[-−–](?<!\w.)(?=\d)")


class _Folding(dict[int, str | None]):
    """A translation table that learns: punctuation and spaces out, all else as it is."""

    def __missing__(self, code: int) -> str | None:
        char = chr(code)
        kept = char in _TELLING or not (unicodedata.category(char)[0] in "PZ" or char.isspace())
        self[code] = char if kept else None
        return self[code]


_FOLDING = _Folding()


def fold_text(text: str) -> str:
    """What texts share that are the same but for case, space and punctuation; the text itself where nothing is left."""
    return _MINUS.sub("\u2212", text.casefold()).translate(_FOLDING) or text


def find_similar(texts: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Index pairs of texts that share most of their words, in order; equal ones are not among them.

    Only texts whose MinHash signatures agree in a band are compared (locality-sensitive hashing; Leskovec, Rajaraman
    and Ullman, Mining of Massive Datasets, chapter 3), so the work grows with the texts, not with their pairs. With
    these bands 19 of 20 pairs at the threshold are found, and nearly all above.
    """
    seen: dict[tuple[int, ...], list[int]] = {}
    sets = [_words(text) for text in texts]
    for index, words in enumerate(sets):
        if len(words) < FEWEST_WORDS:
            continue
        signature = [min(column) for column in zip(*map(_hash_word, words), strict=True)]
        bands = [(band, *signature[band : band + _ROWS]) for band in range(0, _BANDS * _ROWS, _ROWS)]
        candidates = {other for band in bands for other in seen.get(band, ())}
        for other in sorted(candidates):
            if SIMILAR * len(words | sets[other]) <= len(words & sets[other]):
                yield other, index
        for band in bands:
            seen.setdefault(band, []).append(index)


@lru_cache(maxsize=65536)
def _hash_word(word: str) -> tuple[int, ...]:
    """One number of a word for each place of a signature; the same in every run."""
    rows = struct.Struct(f"<{_BANDS * _ROWS}H")
    return rows.unpack(shake_128(word.encode("utf-8", "surrogatepass")).digest(rows.size))


def _words(text: str) -> frozenset[str]:
    """The words of a text; where it is written without spaces, its pairs of neighbouring characters."""
    words = _WORD.findall(text.casefold())
    if not _WIDE.search(text):
        return frozenset(words)
    return frozenset(
        part
        for word in words
        for part in (("".join(pair) for pair in pairwise(word)) if _WIDE.search(word) and len(word) > 1 else (word,))
    )
