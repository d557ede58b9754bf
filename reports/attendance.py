"""Attendance: the numbers in `#attendance` notes, as tables of the template's counts. Called by placement, overview.

What people count is read as they write it: "54 women", "Women: 54", "女性54人", "84 participants from 27 countries".
Nothing is added up, days are not mixed, and what is not surely a number with its words stays in the note alone.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from core.phrases import tell_date
from core.schedule import find_day
from reports.counting import fold_label, read_pieces, split_day, split_heading
from reports.report import Grid, Item
from reports.template import CountSpec, Template, say

_BULLET = re.compile(r"^[-–—*•·]\s+")
# label folded → label as typed, number as typed
Rows = dict[str, tuple[str, str]]


@dataclass(slots=True)
class _Counted:
    """The numbers of a day, by the template's counts and their categories; those of no category by their heading."""

    caption: str
    counts: Sequence[CountSpec]
    known: dict[tuple[str, str], str] = field(default_factory=dict)
    others: dict[str, Rows] = field(default_factory=dict)

    def put(self, label: str, number: str, heading: str, preferred: str | None) -> None:
        """Note a number; a later one of the same label takes its place."""
        found = [(spec.key, key) for spec in self.counts for key, words in spec.categories.items() if _is(label, words)]
        found += [
            (spec.key, key) for spec in self.counts for key in spec.categories if fold_label(key) == fold_label(label)
        ]
        if found:
            self.known[next((at for at in found if at[0] == preferred), found[0])] = number
        else:
            self.others.setdefault(heading, {})[fold_label(label)] = (label, number)

    def list_counted(self) -> set[str]:
        """The keys of the template's counts of which there is a number."""
        return {key for key, _ in self.known}


@dataclass(frozen=True, slots=True)
class _Read:
    """A number with its words. `day` is the note's own label of a day, `heading` that of the line, each "" if none."""

    day: str
    heading: str
    preferred: str | None
    label: str
    number: str


def count_attendance(items: Sequence[Item], template: Template, language: str) -> tuple[Grid, ...]:
    """For each day a table for each of the template's counts, a row a category, after those of all other numbers.

    A category that nobody counted has an empty cell; where there is no note there is no table. The days have their
    captions where there are several: what the notes call them, else the date.
    """
    days = _gather_days(items, template.counts, language)
    heads = tuple(say(template.words[key], language) for key in ("count_column", "number_column"))
    total = say(template.words["count_present"], language)
    grids: list[Grid] = []
    for day in days:
        for heading, listed in day.others.items():
            rows = tuple((label or total, number) for label, number in listed.values())
            grids.append(Grid(_join(day.caption, heading), heads, rows))
        counted = [spec for spec in template.counts if len(days) == 1 or spec.key in day.list_counted()]
        grids += [_tabulate(spec, day, heads, language) for spec in counted]
    shown = {spec.key for spec in template.counts if len(days) == 1 or any(spec.key in d.list_counted() for d in days)}
    # of several days, what was counted on none of them stands once
    nobody = _Counted("", template.counts)
    uncounted = [spec for spec in template.counts if items and spec.key not in shown]
    return (*grids, *(_tabulate(spec, nobody, heads, language) for spec in uncounted))


def _tabulate(spec: CountSpec, day: _Counted, heads: tuple[str, ...], language: str) -> Grid:
    rows = tuple((say(words, language), day.known.get((spec.key, key), "")) for key, words in spec.categories.items())
    return Grid(_join(day.caption, say(spec.heading, language)), heads, rows)


def _gather_days(items: Sequence[Item], counts: Sequence[CountSpec], language: str) -> list[_Counted]:
    """What was counted, by day: that which a note names itself, else the one on which it was posted."""
    read = [(find_day(item.at), entry) for item in items for entry in _read_note(item.text, counts)]
    days: dict[object, _Counted] = {}
    several = len({fold_label(entry.day) or on for on, entry in read}) > 1
    for on, entry in read:
        caption = entry.day or (tell_date(on, language) if several else "")
        day = days.setdefault(fold_label(entry.day) or on, _Counted(caption, counts))
        day.put(entry.label, entry.number, entry.heading, entry.preferred)
    return list(days.values())


def _join(*words: str) -> str:
    return " – ".join(filter(None, words))


def name_day(text: str) -> str:
    """The day that a note names at its beginning: "Day 1" of "Day 1: 84 participants"; "" where it names none."""
    return split_day(_BULLET.sub("", text.split("\n", 1)[0].strip()))[0]


def _read_note(text: str, counts: Sequence[CountSpec]) -> Iterator[_Read]:
    """The numbers of a note, each under what its line or the lines above say of it ("Day 1: …", "Age: …")."""
    named = above = ""
    preferred: str | None = None
    for line in text.split("\n"):
        day, rest = split_day(_BULLET.sub("", line.strip()))
        named = day or named
        if not rest or day:
            above, preferred = "", None
        heading, rest = split_heading(rest)
        spec = _find_count(heading, counts)
        if spec:
            heading, preferred = "", spec.key
        elif heading and not rest:
            above, heading = heading, ""
        for label, number in read_pieces(rest):
            yield _Read(named, heading or above, preferred, label, number)


def _find_count(words: str, counts: Sequence[CountSpec]) -> CountSpec | None:
    return next((spec for spec in counts if words and _is(words, {**spec.heading, "": spec.key})), None)


def _is(label: str, words: Mapping[str, str]) -> bool:
    """Whether a label is one of these words, in any language."""
    return fold_label(label) in map(fold_label, words.values())
