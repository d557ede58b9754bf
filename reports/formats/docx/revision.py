"""The Word file in which an editor sees, as tracked changes, what became of an earlier draft.

Called by `handlers.making`. It shows the form as it is sent in: checklist, comments and lists for the desk are not of
it, and photographs stand in it by their names and captions.
"""

from dataclasses import replace
from datetime import datetime

from reports.formats.docx import write_body
from reports.formats.docx.package import pack
from reports.formats.docx.tracking import track_changes
from reports.report import Report


def render_revision(before: Report, after: Report, at: datetime) -> bytes:
    """The later draft, made at this time, as a .docx file with the changes since the earlier one."""
    # the contents come from the headings, and as a field they could not be marked
    earlier, later = (write_body(_show_as_sent(report), contents=False) for report in (before, after))
    xml, lists = track_changes(earlier.xml, later.xml, at)
    return pack(after.for_submission(), replace(later, blocks=(xml,), lists=lists))


def _show_as_sent(report: Report) -> Report:
    annexes = (
        replace(annex, pictures=tuple(replace(picture, content=None) for picture in annex.pictures))
        for annex in report.annexes
    )
    return replace(report.for_submission(), annexes=tuple(annexes))
