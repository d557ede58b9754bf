"""An earlier draft's report, as it may be shown beside the one of today.

Called by `handlers.drafts`. Whoever is not named any more is not named by way of what was before: under the Chatham
House Rule nobody, else only whom the meeting still credits.
"""

from dataclasses import replace

from core.messages import Attachment
from reports.attribution import credit, hide_people
from reports.file_names import is_file_name
from reports.keeping import read_report
from reports.mapping import map_items
from reports.report import Item, Picture, Report


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
        return hide_people(map_items(_hide_captions(earlier), hide_file_name))

    def credit_again(item: Item) -> Item:
        later = now.get(item.note)
        # its author may have said since that nobody is to be named, or named somebody else
        credited = credit(item.attributes, attribution) if later is None else later.credit
        return replace(item, credit=credited)

    return map_items(earlier, credit_again)


def _hide_captions(report: Report) -> Report:
    """The report without the captions of photographs that are no more than the names of files."""
    names = [Attachment("photo", picture.name) for annex in report.annexes for picture in annex.pictures]

    def hide(picture: Picture) -> Picture:
        return replace(picture, caption="") if is_file_name(picture.caption, names) else picture

    annexes = (replace(annex, pictures=tuple(map(hide, annex.pictures))) for annex in report.annexes)
    return replace(report, annexes=tuple(annexes))
