"""Equal notes, which stand once, and similar ones, which are shown side by side. Called by placement and the checks."""

import re
import unicodedata
from collections import Counter, defaultdict, deque
from collections.abc import Iterator, Sequence
from itertools import chain, pairwise

# how much of their words two notes must share to be shown as similar, and how many words each must have
SIMILAR = 0.7
FEWEST_WORDS = 4
# how many of their rarest words notes must share to be compared, and how many notes with such a word are remembered
_RARE, _REMEMBERED = 3, 30

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

    Texts that share most of their words share some of their rarest (prefix filtering; Xiao, Wang, Lin, Yu and Wang,
    Efficient similarity joins for near-duplicate detection, 2011): no others are compared. Of the texts with such a
    word the last ones are remembered, so the work grows with the texts, not with their pairs; a pair is missed only
    where even its rarest words stand in scores of texts between the two.
    """
    sets = [_words(text) for text in texts]
    frequency = Counter(word for words in sets for word in words)
    # the rarest first, the same in every run; a word of one text only is shared with none
    by_rarity = sorted((count, word) for word, count in frequency.items() if count > 1)
    rank = {word: n for n, (_, word) in enumerate(by_rarity)}
    holders: defaultdict[int, deque[int]] = defaultdict(lambda: deque(maxlen=_REMEMBERED))
    for index, words in enumerate(sets):
        if len(words) < FEWEST_WORDS:
            continue
        ranks = sorted([rank[word] for word in words if word in rank])
        rarest = ranks[: max(0, len(ranks) - int(SIMILAR * len(words)) + _RARE)]
        common = Counter(chain.from_iterable([holders[n] for n in rarest]))
        for other in sorted(other for other, count in common.items() if count >= _RARE):
            shared = len(words & sets[other])
            if shared >= SIMILAR * (len(words) + len(sets[other]) - shared):
                yield other, index
        for n in rarest:
            holders[n].append(index)


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
