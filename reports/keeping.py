"""A report as the text that its draft keeps, and back: so that a later draft can be compared with it.

Called by `handlers.drafts`, which keeps the text, and by `reports.recalling`.
"""

from dataclasses import replace
from functools import cache

from pydantic import TypeAdapter, ValidationError

from reports.report import Annex, Report


def write_report(report: Report) -> str:
    """The report as JSON, without the Word file that it is made in, the photographs, and what an earlier one became."""
    kept = replace(report, base=None, changes=None, annexes=tuple(map(_leave_out_pictures, report.annexes)))
    return _adapter().dump_json(kept).decode()


def read_report(text: str) -> Report | None:
    """The report of such a text; None where a version of the program wrote it whose reports were others.

    Times have the offset that the meeting's zone had, no zone.
    """
    try:
        return _adapter().validate_json(text)
    except ValidationError:
        return None


def _leave_out_pictures(annex: Annex) -> Annex:
    return replace(annex, pictures=tuple(replace(picture, content=None) for picture in annex.pictures))


@cache
def _adapter() -> TypeAdapter[Report]:
    # building it takes a while, and most that imports this keeps no draft
    return TypeAdapter(Report)
