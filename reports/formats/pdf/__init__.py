"""The report as a PDF: tagged for people who are read to (PDF/UA-1), with all its fonts in it.

Loaded by `formats.load_format`. `blocks` walks the report, `lettering` makes each text ready, `report.typ` beside this
module says how all of it looks, `typesetting` makes the file. Notes go to typst as data, never as source.
"""

import json
from datetime import UTC, datetime
from importlib.resources import files
from itertools import chain
from unicodedata import bidirectional

from reports.formats.pdf.blocks import Blocks
from reports.formats.pdf.fonts import list_families
from reports.formats.pdf.lettering import letter, make_printable
from reports.formats.pdf.pictures import Pictures
from reports.formats.pdf.typesetting import typeset
from reports.formats.wording import name_meeting
from reports.report import Report

NAME = "pdf"
SUFFIX = ".pdf"
MEDIA_TYPE = "application/pdf"

# what keeps the running header to a line or two
_LONGEST_HEADER = 110
_NO_TIME = datetime(1980, 1, 1, tzinfo=UTC)


def render(report: Report) -> bytes:
    """The whole report as a .pdf file; two renders of one report are equal."""
    pictures = Pictures()
    title = name_meeting(report)
    data = {
        "title": make_printable(title),
        "subject": make_printable(report.title),
        "language": report.language,
        "rtl": report.direction == "rtl",
        "fonts": list_families(),
        "header": letter(title if len(title) <= _LONGEST_HEADER else title[:_LONGEST_HEADER] + "…", report),
        "page-of": report.words["page_of"],
        "isolate": _has_mixed_headings(report),
        "blocks": list(Blocks(report, pictures).write()),
    }
    source = files("reports.formats.pdf").joinpath("report.typ").read_bytes()
    content = json.dumps(data, ensure_ascii=False).encode()
    latest = report.last_at() or _NO_TIME
    return typeset({"main": source, "report.json": content}, pictures.files, latest)


def _has_mixed_headings(report: Report) -> bool:
    """Whether a heading in the contents has letters of the other direction than the report's."""
    parts = [(part.heading, *(group.heading for group in part.groups)) for part in report.parts()]
    lines = [
        *chain(*parts),
        *(block.heading for block in report.session_blocks()),
        *(a.heading for a in report.annexes),
    ]
    others = ("L",) if report.direction == "rtl" else ("R", "AL", "RLO", "RLE", "RLI")
    return any(bidirectional(char) in others for line in lines if line for char in line)
