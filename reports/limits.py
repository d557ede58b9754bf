"""Limits of a template: how far a part or a note is over them, in words. Shown, never applied by cutting.

Called by placement. Counting holds for all seven languages of the forms and is linear in the text.
"""

import re
from collections.abc import Iterator, Mapping, Sequence

from core.text import shorten_text
from reports.report import Item
from reports.template import PartSpec

# for a note without a number, by its first words
_BRIEF = 40

_WORD = re.compile(r"[^\W_]+")
# each stands for a word, as an editor's own count has it: characters of Chinese, Japanese and Korean
_EAST_ASIAN = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff]")
_BLANK_LINES = re.compile(r"\n\s*\n")
# between two words: an end that needs no space behind it, one that does, and a stop
_FULL_STOP = re.compile(r"[。！？｡؟۔]")
_END = re.compile(r"[!?…‽][^\s!?…‽]*\s")
_STOP = re.compile(r"\.[^\s.]*\s")
# words in front of a stop that ends no sentence: always, and before a number only
_ABBREVIATION = re.compile(
    r"mrs?|messrs|ms|dr|prof|st|vs|cf|viz|eg|ie|approx|gen|sgt|hon|rev|mme|mlle|mm|sra?|srta|dra|ee|uu|e[xj]|lic|ing|"
    r"им|ул|др|гг|тов|напр|см|ред"
).fullmatch
_BEFORE_NUMBER = re.compile(
    r"nos?|nr|núm|num|arts?|paras?|par|figs?|vols?|pp?|ch|chap|sect?|p[áa]gs?|cap|пп?|стр?|гл|рис|разд"
).fullmatch


def tell_excess(spec: PartSpec, items: Sequence[Item], words: Mapping[str, str]) -> tuple[str, ...]:
    """Which limits of a part its notes exceed, a line each: those over the part, then those of single notes."""
    texts = [item.text for item in items]
    told = [*_tell(spec.limits, texts, words)]
    for item in items if spec.each else ():
        name = item.number or (str(item.paragraph) if item.paragraph else f"“{shorten_text(item.text, _BRIEF)}”")
        over_each = _tell(spec.each, [item.text], words)
        told += [words["over_limit_note"].format(note=name, over=over) for over in over_each]
    return tuple(told)


def _tell(limits: Mapping[str, int], texts: Sequence[str], words: Mapping[str, str]) -> Iterator[str]:
    count = {
        "characters": len,
        "words": count_words,
        "sentences": count_sentences,
        "paragraphs": count_paragraphs,
        "items": lambda _: 1,
    }
    for unit, limit in limits.items():
        counted = sum(map(count[unit], texts))
        if counted > limit:
            yield words[f"over_limit.{unit}"].format(count=counted, limit=limit)


def count_words(text: str) -> int:
    """Words as an editor counts them: what stands between spaces; in Chinese, each character."""
    apart, characters = _EAST_ASIAN.subn(" ", text)
    return characters + sum(_WORD.search(piece) is not None for piece in apart.split())


def count_paragraphs(text: str) -> int:
    """Paragraphs: blank lines part them."""
    return sum(_WORD.search(piece) is not None for piece in _BLANK_LINES.split(text))


def count_sentences(text: str) -> int:
    """Sentences, in doubt one fewer: an abbreviation, an initial or a number's point ends none.

    A line ends one too, unless the next goes on in small letters.
    """
    before = "\n"
    word = None
    ends = 0
    for following in _WORD.finditer(text):
        if word is not None:
            gap = text[word.end() : following.start()]
            ends += _ends_sentence(before, word[0], gap, following[0])
            before = gap
        word = following
    return ends + 1 if word else 0


def _ends_sentence(before: str, word: str, gap: str, following: str) -> bool:
    """Whether a sentence ends in the gap between two words; `before` is the gap in front of the first."""
    if _FULL_STOP.search(gap):
        return True
    if following[0].islower():
        return False
    if "\n" in gap or _END.search(gap):
        return True
    if not _STOP.search(gap):
        return False
    if not gap.startswith("."):
        return True
    return not (_is_numbering(before, word) or _is_abbreviation(word, following))


def _is_numbering(before: str, word: str) -> bool:
    """Whether the word is the "1" or "a" of "1. First point"."""
    return "\n" in before and (len(word) == 1 or (word.isdecimal() and len(word) <= 3))


def _is_abbreviation(word: str, following: str) -> bool:
    short = word.casefold()
    # initials and the last letter of "U.N." or "e.g."; a character of Chinese is a word
    initial = len(word) == 1 and (word.isupper() or word.islower())
    return initial or bool(_ABBREVIATION(short) or (_BEFORE_NUMBER(short) and following[0].isdigit()))
