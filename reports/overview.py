"""What a report says of itself: the table of sessions, the summary page, abbreviations. Pure.

Called by placement. Whatever stands here are the notes' own words and counts of them; no sentence that nobody wrote.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from reports.report import Field, Grid, Item, Part, Section, Summary

# a session block's parts that the summary shows; of the other parts, those whose notes have numbers or are conclusions
CONCLUSIONS = "conclusions"
RECOMMENDATION = "recommendation"

_ABBREVIATION = re.compile(r"(?<![\w#@/.-])(?:[A-Z][A-Z0-9]*[A-Z]s?|[A-Z]+[0-9]*[+][0-9]+)(?![\w@/])")
# "South-South cooperation (SSC)": as many capitals before the bracket as the abbreviation has letters
_EXPLAINED = re.compile(r"((?:[^\W_][\w'’-]*[ \u00a0])+)\((\w[\w+]*)\)")
_ROMAN = re.compile(r"[IVXLCDM]+").fullmatch
# words of an explained term that have no letter in its abbreviation
_SMALL = frozenset(
    {"of", "the", "and", "for", "on", "in", "to", "a", "an", "de", "la", "des", "du", "et", "y", "e", "do", "da"}
)


def tabulate_sessions(words: Mapping[str, str], sections: Sequence[Section]) -> Grid | None:
    """The sessions with theme, time and numbers of notes and conclusions; None where there is none."""
    blocks = [block for section in sections for block in section.sessions or ()]
    if not blocks:
        return None
    rows = []
    for block in blocks:
        items = [item for part in block.parts for item in part.items]
        times = sorted(item.at for item in items)
        when = f"{times[0]:%Y-%m-%d %H:%M}–{times[-1]:%H:%M}" if times else ""
        concluded = sum(len(part.items) for part in block.parts if part.key == CONCLUSIONS)
        rows.append((block.heading, block.theme, when, str(len(items)), str(concluded)))
    heads = ("session_column", "theme_column", "time", "notes_column", "conclusions_column")
    return Grid(words["sessions_title"], tuple(words[head] for head in heads), tuple(rows))


def summarize(words: Mapping[str, str], fields: Sequence[Field], sections: Sequence[Section]) -> Summary:
    """One page: counts, sessions, and the conclusions and recommendations as they stand in the report."""
    parts = [part for section in sections for part in section.parts]
    blocks = [block for section in sections for block in section.sessions or ()]
    everything = [*parts, *(part for block in blocks for part in block.parts)]
    items = {item.note: item for part in everything for item in part.items}.values()
    shown = [
        replace(part, heading=part.heading or section.heading)
        for section in sections
        for part in section.parts
        if part.items and (part.key.endswith(f".{CONCLUSIONS}") or _recommends(part))
    ]
    shown += [
        replace(part, heading=f"{block.heading} – {part.heading or ''}".removesuffix(" – "))
        for block in blocks
        for part in block.parts
        if part.items and part.key == CONCLUSIONS
    ]
    recommendations = sum(item.tag == RECOMMENDATION for item in items)
    counts = [
        *(f"{field.label} {field.value}" for field in fields if field.value and field.key != "title"),
        words["count_sessions"].format(count=len(blocks)),
        words["count_notes"].format(count=len(items)),
        words["count_recommendations"].format(count=recommendations),
    ]
    return Summary(words["summary_title"], tuple(counts), tuple(block.heading for block in blocks), tuple(shown))


def _recommends(part: Part) -> bool:
    return any(item.tag == RECOMMENDATION for item in part.items)


def list_abbreviations(words: Mapping[str, str], items: Iterable[Item]) -> Grid | None:
    """The abbreviations in the notes, with what a note itself says that they mean; None where there is none."""
    found: dict[str, str] = {}
    texts = [item.text for item in items]
    for text in texts:
        for match in _ABBREVIATION.finditer(text):
            if not _ROMAN(match[0]):
                found.setdefault(match[0].removesuffix("s"), "")
    for text in texts:
        for match in _EXPLAINED.finditer(text):
            short = match[2].removesuffix("s")
            if found.get(short) == "":
                found[short] = _find_long_form(match[1].split(), short)
    if not found:
        return None
    return Grid("", (words["abbreviation"], words["meaning"]), tuple(sorted(found.items())))


def _find_long_form(before: Sequence[str], short: str) -> str:
    """The words before a bracket whose first letters make the abbreviation in it; "" where they do not."""
    letters = [char for char in short.lower() if char.isalpha()]
    for start in range(len(before) - 1, -1, -1):
        initials = [
            piece[0].lower() for word in before[start:] for piece in word.split("-") if piece and word not in _SMALL
        ]
        if initials == letters:
            return " ".join(before[start:])
    return ""
