"""Attendance: the numbers in `#attendance` notes, as tables of the template's counts. Called by placement.

What people count is read as they write it: "54 women", "Women: 54", "女性54人". Nothing is added up, and what is no
number with its words stays in the note alone.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from core.text import match_key
from reports.report import Grid, Item
from reports.template import CountSpec, Template, say

# between the pieces of a line: commas, but for one that parts thousands, and a bracket before a number
_COMMAS = re.compile(r"[;；؛、]|[,，،](?!\d{3}(?!\d))|[(（](?=\d)")
_NUMBER = r"\d{1,3}(?:[ \u00a0\u202f.,،٬]\d{3})+(?!\d)|\d+"
_NUMBER_FIRST = re.compile(rf"({_NUMBER})\s*[名位个]?(?=[^\W\d_])(.+)")
# "Women 54", "0-18 3"
_NUMBER_LAST = re.compile(rf"(.*[^\d\s.,–—-]|\d+\s*[–—-]\s*\d+(?=\s))\s*({_NUMBER})\s*[人名位个]?")
_AFTER_COLON = re.compile(rf"(.+?)\s*[:：]\s*({_NUMBER})\s*[人名位个]?")
_ALONE = re.compile(rf"({_NUMBER})\s*[人名位个]?")
_HEADING = re.compile(r"([^:：]+)[:：]")
_BULLET = re.compile(r"^[-–—*•·]\s+")
# longer ones are sentences
_LONGEST = 80

# label folded → label as typed, number as typed
Rows = dict[str, tuple[str, str]]


@dataclass(slots=True)
class _Counted:
    """The numbers that were read, by the template's counts and their categories, and those of no category."""

    counts: Sequence[CountSpec]
    known: dict[tuple[str, str], str] = field(default_factory=dict)
    others: Rows = field(default_factory=dict)

    def put(self, label: str, number: str, preferred: str | None) -> None:
        """Note a number; a later one of the same label takes its place."""
        found = [(spec.key, key) for spec in self.counts for key, words in spec.categories.items() if _is(label, words)]
        found += [(spec.key, key) for spec in self.counts for key in spec.categories if _fold(key) == _fold(label)]
        if found:
            self.known[next((at for at in found if at[0] == preferred), found[0])] = number
        else:
            self.others[_fold(label)] = (label, number)


def count_attendance(items: Sequence[Item], template: Template, language: str) -> tuple[Grid, ...]:
    """A table for each of the template's counts, a row a category, after the one of all other numbers.

    A category that nobody counted has an empty cell; where there is no note there is no table.
    """
    counted = _Counted(template.counts)
    for item in items:
        _read_note(item.text, counted)
    heads = tuple(say(template.words[key], language) for key in ("count_column", "number_column"))
    total = say(template.words["count_present"], language)
    others = tuple((label or total, number) for label, number in counted.others.values())
    grids = [Grid("", heads, others)] if others else []
    for spec in template.counts if items else ():
        rows = [
            (say(words, language), counted.known.get((spec.key, key), "")) for key, words in spec.categories.items()
        ]
        grids.append(Grid(say(spec.heading, language), heads, tuple(rows)))
    return tuple(grids)


def _read_note(text: str, counted: _Counted) -> None:
    """Put what a note counts; a line that begins with "Age:" says of which count it and the following are."""
    preferred: str | None = None
    for line in text.split("\n"):
        rest = _BULLET.sub("", line.strip())
        heading = _HEADING.match(rest)
        spec = _find_count(heading[1], counted.counts) if heading else None
        if heading and spec:
            preferred, rest = spec.key, rest[heading.end() :]
        for label, number in _read_pieces(rest):
            counted.put(label, number, preferred)


def _find_count(words: str, counts: Sequence[CountSpec]) -> CountSpec | None:
    return next((spec for spec in counts if _is(words, {**spec.heading, "": spec.key})), None)


def _read_pieces(line: str) -> Iterator[tuple[str, str]]:
    """Label and number of each piece between commas that has one number; the label is "" for a number alone."""
    for words in _COMMAS.split(line):
        piece = words.strip().rstrip(" .。") if "(" in words or "（" in words else words.strip().rstrip(" .。)）")
        if len(piece) > _LONGEST:
            continue
        if match := _ALONE.fullmatch(piece):
            yield "", match[1]
        elif match := _AFTER_COLON.fullmatch(piece) or _NUMBER_LAST.fullmatch(piece):
            yield match[1].rstrip(), match[2]
        elif match := _NUMBER_FIRST.fullmatch(piece):
            yield match[2], match[1]


def _is(label: str, words: Mapping[str, str]) -> bool:
    """Whether a label is one of these words, in any language."""
    return _fold(label) in map(_fold, words.values())


def _fold(label: str) -> str:
    """The label without capitals, accents and dashes; "0–18" and "0-18" are one."""
    return " ".join(match_key(word) for word in re.sub(r"[–—−]", "-", label).split())
