"""What of one sequence stands in another: the pairs that a comparison is made of. Pure; called by `tracking`.

`align` finds what is equal: first what stands once in both, so that thousands of blocks with a few changes take no
longer than their number, as in the patience diff of Bram Cohen; difflib works out only the small gaps between. `match`
then pairs what is alike.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Hashable, Sequence
from difflib import SequenceMatcher
from itertools import pairwise
from typing import Protocol

# a place in the one sequence and one in the other
Pair = tuple[int, int]

# the most comparisons in one gap; what is larger counts as replaced
_MOST = 250_000
_MOST_ALIKE = 2_500
# the share of words that two have in common when they are versions of one
_ALIKE = 0.5


class Unit(Protocol):
    """What is compared. Units of one `kind` may be versions of each other, `loose` is equal for versions that hardly
    differ; `words` are all that it says.
    """

    @property
    def key(self) -> Hashable:
        """Equal where nothing was changed."""
        ...

    @property
    def kind(self) -> Hashable:
        """What only such as have the same can be versions of each other."""
        ...

    @property
    def loose(self) -> Hashable:
        """Equal for versions that hardly differ."""
        ...

    @property
    def words(self) -> Counter[str]:
        """How often it says what."""
        ...


def align(before: Sequence[Hashable], after: Sequence[Hashable]) -> list[Pair]:
    """The places of what is equal and stands in the same order in both."""
    pairs: list[Pair] = []
    gaps = [(0, len(before), 0, len(after))]
    while gaps:
        low, high, begin, end = gaps.pop()
        while low < high and begin < end and before[low] == after[begin]:
            pairs.append((low, begin))
            low, begin = low + 1, begin + 1
        while low < high and begin < end and before[high - 1] == after[end - 1]:
            high, end = high - 1, end - 1
            pairs.append((high, end))
        if low == high or begin == end:
            continue
        anchors = _find_anchors(before, after, (low, high, begin, end))
        if anchors:
            pairs += anchors
            edges = [(low - 1, begin - 1), *anchors, (high, end)]
            gaps += [(left[0] + 1, right[0], left[1] + 1, right[1]) for left, right in pairwise(edges)]
        elif (high - low) * (end - begin) <= _MOST:
            small = SequenceMatcher(None, before[low:high], after[begin:end], autojunk=False)
            for block in small.get_matching_blocks():
                pairs += ((low + block.a + n, begin + block.b + n) for n in range(block.size))
    return sorted(pairs)


def _find_anchors(before: Sequence[Hashable], after: Sequence[Hashable], gap: tuple[int, int, int, int]) -> list[Pair]:
    """What stands once in both sides of a gap: the longest run of it that is in the same order."""
    low, high, begin, end = gap
    once = _find_unique(after, begin, end)
    found = [(place, once[key]) for key, place in _find_unique(before, low, high).items() if key in once]
    # the longest increasing run of places: `tails` are the smallest last places of runs by length
    tails: list[int] = []
    last: list[int] = []
    back: list[int | None] = []
    for index, (_, place) in enumerate(found):
        length = bisect_left(tails, place)
        tails[length : length + 1] = [place]
        last[length : length + 1] = [index]
        back.append(last[length - 1] if length else None)
    run: list[Pair] = []
    at = last[-1] if last else None
    while at is not None:
        run.append(found[at])
        at = back[at]
    return run[::-1]


def _find_unique(keys: Sequence[Hashable], low: int, high: int) -> dict[Hashable, int]:
    """Where each key stands that stands once only, in order."""
    count = Counter(keys[low:high])
    return {keys[place]: place for place in range(low, high) if count[keys[place]] == 1}


def match(before: Sequence[Unit], after: Sequence[Unit]) -> list[Pair]:
    """The places of units that are equal or versions of each other, in the same order in both."""
    pairs = align([unit.key for unit in before], [unit.key for unit in after])
    for pair in (_align_loosely, _align_alike):
        edges = [(-1, -1), *pairs, (len(before), len(after))]
        for (low, begin), (high, end) in pairwise(edges):
            if high - low > 1 and end - begin > 1:
                found = pair(before[low + 1 : high], after[begin + 1 : end])
                pairs += ((low + 1 + one, begin + 1 + other) for one, other in found)
        pairs.sort()
    return pairs


def _align_loosely(before: Sequence[Unit], after: Sequence[Unit]) -> list[Pair]:
    return align([(unit.kind, unit.loose) for unit in before], [(unit.kind, unit.loose) for unit in after])


def _align_alike(before: Sequence[Unit], after: Sequence[Unit]) -> list[Pair]:
    """The pairs in the same order that are together the most alike."""
    if len(before) * len(after) > _MOST_ALIKE:
        return []
    # best[i][j]: how alike the units are from i and j on
    best = [[0.0] * (len(after) + 1) for _ in range(len(before) + 1)]
    alike = [[_measure(one, other) for other in after] for one in before]
    for i in range(len(before) - 1, -1, -1):
        for j in range(len(after) - 1, -1, -1):
            paired = alike[i][j] and alike[i][j] + best[i + 1][j + 1]
            best[i][j] = max(paired, best[i + 1][j], best[i][j + 1])
    pairs: list[Pair] = []
    i = j = 0
    while i < len(before) and j < len(after):
        if best[i][j] == best[i + 1][j]:
            i += 1
        elif best[i][j] == best[i][j + 1]:
            j += 1
        else:
            pairs.append((i, j))
            i, j = i + 1, j + 1
    return pairs


def _measure(one: Unit, other: Unit) -> float:
    """How alike two units are; 0 where they are no versions of each other."""
    total = one.words.total() + other.words.total()
    if one.kind != other.kind or not total:
        return 0.0
    share = 2 * (one.words & other.words).total() / total
    return share if share >= _ALIKE else 0.0
