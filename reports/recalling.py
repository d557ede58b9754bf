"""An earlier draft's report, as it may be shown beside the one of today.

Called by `handlers.drafts`. Whoever is not named any more is not named by way of what was before: under the Chatham
House Rule nobody, else only whom the meeting still credits.
"""

from collections.abc import Callable, Iterable
from dataclasses import replace

from core.messages import Attachment
from reports.attribution import credit, hide_people
from reports.file_names import is_file_name
from reports.keeping import read_report
from reports.report import Annex, Item, Part, Picture, Report, Section


def recall_report(kept: str, report: Report, attribution: str) -> Report | None:
    """The earlier report of this text with the names that the later one may give; None where it cannot be read."""
    earlier = read_report(kept)
    if earlier is None:
        return None
    now = {item.note: item for item in report.items()}

    def hide_file_name(item: Item) -> Item:
        later = now.get(item.note)
        return replace(item, text=later.text if later else "…") if is_file_name(item.text, item.attachments) else item

    if report.meeting["rule"] == "chatham":
        return hide_people(_map_items(_hide_captions(earlier), hide_file_name))

    def credit_again(item: Item) -> Item:
        later = now.get(item.note)
        # its author may have said since that nobody is to be named, or named somebody else
        credited = credit(item.attributes, attribution) if later is None else later.credit
        return replace(item, credit=credited)

    return _map_items(earlier, credit_again)


def _map_items(report: Report, change: Callable[[Item], Item]) -> Report:
    return replace(
        report,
        sections=tuple(_map_section(section, change) for section in report.sections),
        annexes=tuple(_map_annex(annex, change) for annex in report.annexes),
        late=tuple(map(change, report.late)),
        dropped=tuple(map(change, report.dropped)),
    )


def _hide_captions(report: Report) -> Report:
    """The report without the captions of photographs that are no more than the names of files."""
    names = [Attachment("photo", picture.name) for annex in report.annexes for picture in annex.pictures]

    def hide(picture: Picture) -> Picture:
        return replace(picture, caption="") if is_file_name(picture.caption, names) else picture

    annexes = (replace(annex, pictures=tuple(map(hide, annex.pictures))) for annex in report.annexes)
    return replace(report, annexes=tuple(annexes))


def _map_section(section: Section, change: Callable[[Item], Item]) -> Section:
    blocks = section.sessions
    if blocks is not None:
        blocks = tuple(replace(block, parts=_map_parts(block.parts, change)) for block in blocks)
    return replace(section, parts=_map_parts(section.parts, change), sessions=blocks)


def _map_parts(parts: Iterable[Part], change: Callable[[Item], Item]) -> tuple[Part, ...]:
    return tuple(
        replace(part, groups=tuple(replace(group, items=tuple(map(change, group.items))) for group in part.groups))
        for part in parts
    )


def _map_annex(annex: Annex, change: Callable[[Item], Item]) -> Annex:
    return replace(annex, items=tuple(map(change, annex.items)))
