"""What a report says of itself: the table of sessions and the summary page. Pure.

Called by placement and `reports.outputs`. Whatever stands here are the notes' own words and counts of them; no sentence
that nobody wrote.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import groupby

from core.phrases import tell_date
from core.schedule import find_day
from reports.attendance import name_day
from reports.report import Annex, Grid, Group, Item, Part, Report, Section, SessionBlock, Summary

# the part, of a section or of a session's block, that the summary shows whole but for divergent views, as it does those
# with citable numbers
CONCLUSIONS = "conclusions"
RECOMMENDATION = "recommendation"
DIVERGENCE = "divergence"
_CONCLUDING = frozenset({"keyconclusion", "conclusion"})
# of other parts it shows notes with these tags only
_SHOWN = _CONCLUDING | {RECOMMENDATION}
_BETWEEN = " · "


def tabulate_sessions(words: Mapping[str, str], sections: Sequence[Section], language: str) -> Grid | None:
    """The sessions with theme, time and numbers of all notes made in them and of conclusions; None where none is."""
    blocks = [block for section in sections for block in section.sessions or ()]
    if not blocks:
        return None
    items = list_items(sections)
    rows = []
    for block in blocks:
        made = [item for item in items if item.session == block.label]
        when = _tell_span(sorted(item.at for item in made), words, language)
        rows.append((block.heading, block.theme, when, str(len(made)), str(sum(map(concludes, made)))))
    heads = ("session_column", "theme_column", "time", "notes_column", "conclusions_column")
    return Grid(words["sessions_title"], tuple(words[head] for head in heads), tuple(rows))


def list_items(sections: Iterable[Section]) -> list[Item]:
    """The notes of these sections, each once, wherever it stands."""
    parts = [p for s in sections for p in (*s.parts, *(p for block in s.sessions or () for p in block.parts))]
    return list({item.note or id(item): item for part in parts for item in part.items}.values())


def concludes(item: Item) -> bool:
    """Whether a note says what was concluded, not what some think otherwise."""
    return not _CONCLUDING.isdisjoint((item.tag, *item.tags)) and not diverges(item)


def diverges(item: Item) -> bool:
    """Whether a note says that some think otherwise."""
    return DIVERGENCE in (item.tag, *item.tags)


def _tell_span(times: Sequence[datetime], words: Mapping[str, str], language: str) -> str:
    """From when to when, a line a day."""
    days = ((tell_date(day, language), list(of_day)) for day, of_day in groupby(times, find_day))
    return "\n".join(words["day_times"].format(date=day, times=_tell_hours(of_day)) for day, of_day in days)


def _tell_hours(times: Sequence[datetime]) -> str:
    first, last = (f"{at:%H:%M}" for at in (times[0], times[-1]))
    return first if first == last else f"{first}–{last}"


def summarize(report: Report) -> Summary:
    """One page: counts, sessions, and the conclusions and recommendations as they stand in the report."""
    shown = [_show(section, part) for section in report.sections for part in section.parts]
    shown += [_show_of_session(block, part) for block in report.session_blocks() for part in block.parts]
    return Summary(
        heading=report.words["summary_title"],
        counts=tuple(_count(report)),
        sessions=tuple(block.heading for block in report.session_blocks()),
        parts=tuple(part for part in shown if part.items),
    )


def _count(report: Report) -> Iterator[str]:
    """When and where, who was there as somebody counted them, and how many sessions, notes and recommendations."""
    words = report.words
    for annex in report.annexes:
        if annex.key == "attendance":
            yield from _tell_attendance(annex, report)
    blocks = report.session_blocks()
    items = list_items(report.sections)
    # whatever is numbered stands among them, an action that the form files there too
    recommendations = [item for item in items if item.number or item.tag == RECOMMENDATION]
    themes = Counter(code for item in recommendations for code in item.attributes.get("theme", ()))
    counted = [
        *([words["count_sessions"].format(count=len(blocks))] if blocks else []),
        words["count_notes"].format(count=len(items)),
        words["count_recommendations"].format(count=len(recommendations)),
        *(f"({code.replace('.', ') (')}): {count}" for code, count in sorted(themes.items())),
    ]
    yield _BETWEEN.join(counted)


def _tell_attendance(annex: Annex, report: Report) -> Iterator[str]:
    """Each note of who was there, with its date where they are of several days and it names none."""
    several = len({find_day(item.at) for item in annex.items}) > 1
    for item in annex.items:
        text = " ".join(item.text.split())
        if several and not name_day(item.text):
            text = report.words["label_text"].format(label=tell_date(find_day(item.at), report.language), text=text)
        yield report.words["label_text"].format(label=annex.heading, text=text)


def _show(section: Section, part: Part) -> Part:
    heading = part.heading or section.heading
    if part.key.endswith(f".{CONCLUSIONS}") or any(item.number for item in part.items):
        return _without_files(replace(_keep(part, lambda item: not diverges(item)), heading=heading, over=()))
    # some of a numbered list would have other numbers here
    shown = replace(_keep(part, lambda item: item.tag in _SHOWN), heading=heading, style="bullets", over=())
    return _without_files(shown)


def _show_of_session(block: SessionBlock, part: Part) -> Part:
    """A session's conclusions, and recommendations where its form puts these there; nothing else of it."""
    shown = part.key == CONCLUSIONS
    kept = _keep(part, lambda item: shown and (concludes(item) or item.tag == RECOMMENDATION))
    return _without_files(replace(kept, heading=block.heading, over=()))


def _keep(part: Part, wanted: Callable[[Item], bool]) -> Part:
    groups = (Group(group.heading, tuple(filter(wanted, group.items))) for group in part.groups)
    return replace(part, groups=tuple(group for group in groups if group.items))


def _without_files(part: Part) -> Part:
    """The part without what was posted with its notes, which is not in a summary."""
    groups = (Group(g.heading, tuple(replace(item, attachments=()) for item in g.items)) for g in part.groups)
    return replace(part, groups=tuple(groups))
