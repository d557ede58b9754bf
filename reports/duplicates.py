"""Equal notes, which stand once, and similar ones, which are shown side by side. Called by placement and the checks."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise

# how much of their words two notes must share to be shown as similar, and how many words each must have
SIMILAR = 0.7
FEWEST_WORDS = 4

_WORD = re.compile(r"[^\W_]+")
_WIDE = re.compile("[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]")
# punctuation that changes what is said stays: "5%" is not "5", "-5" is not "5"
_TELLING = frozenset("%‰#&@*/\\")
_MINUS = re.compile(r"(?<!\w)[-−–](?=\d)")


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

    Each text is looked up only by its rarest words (prefix filtering: two sets that overlap enough must share one of
    these), so the work grows with the texts, not with their pairs.
    """
    sets = [_words(text) for text in texts]
    frequency = Counter(word for words in sets for word in words)
    holders: dict[str, list[int]] = {}
    for index, words in enumerate(sets):
        if len(words) < FEWEST_WORDS:
            continue
        rare = sorted(words, key=lambda word: (frequency[word], word))[: len(words) - int(SIMILAR * len(words)) + 1]
        candidates = {other for word in rare for other in holders.get(word, ())}
        for other in sorted(candidates):
            shared = len(words & sets[other])
            if shared >= SIMILAR * len(words | sets[other]):
                yield other, index
        for word in rare:
            holders.setdefault(word, []).append(index)


def _words(text: str) -> frozenset[str]:
    """The words of a text; where it is written without spaces, its pairs of neighbouring characters."""
    words = _WORD.findall(text.casefold())
    return frozenset(
        part
        for word in words
        for part in (("".join(pair) for pair in pairwise(word)) if _WIDE.search(word) and len(word) > 1 else (word,))
    )
