"""Changing every note of a report, wherever it stands. Pure; used by `attribution` and `recalling`."""

from collections.abc import Callable, Iterable
from dataclasses import replace

from reports.report import Item, Part, Report, Section

Change = Callable[[Item], Item]


def map_items(report: Report, change: Change) -> Report:
    """The report with each note as this makes it: in the form, the annexes, the summary, and the lists for the desk."""
    return replace(
        report,
        sections=tuple(_map_section(section, change) for section in report.sections),
        annexes=tuple(replace(annex, items=tuple(map(change, annex.items))) for annex in report.annexes),
        late=tuple(map(change, report.late)),
        dropped=tuple(map(change, report.dropped)),
        summary=report.summary and replace(report.summary, parts=_map_parts(report.summary.parts, change)),
    )


def _map_section(section: Section, change: Change) -> Section:
    blocks = section.sessions
    if blocks is not None:
        blocks = tuple(replace(block, parts=_map_parts(block.parts, change)) for block in blocks)
    return replace(section, parts=_map_parts(section.parts, change), sessions=blocks)


def _map_parts(parts: Iterable[Part], change: Change) -> tuple[Part, ...]:
    return tuple(
        replace(part, groups=tuple(replace(group, items=tuple(map(change, group.items))) for group in part.groups))
        for part in parts
    )
