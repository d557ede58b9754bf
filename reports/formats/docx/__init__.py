"""The report as a Word document, the form as it will be submitted.

Loaded by `formats.load_format`. `form`, `annexes` and `desk` walk the report and `writer` puts its pieces into
WordprocessingML; `styles` says how they look, `package` makes the file. Comparisons of drafts put bodies together
of their own (`write_body`, `pack`).
"""

from collections.abc import Iterator

from reports.formats.docx.annexes import write_annexes, write_provenance
from reports.formats.docx.body import Body
from reports.formats.docx.contents import write_contents
from reports.formats.docx.desk import write_checklist, write_desk
from reports.formats.docx.form import write_cover, write_sections, write_summary
from reports.formats.docx.languages import tag_latin
from reports.formats.docx.package import pack
from reports.formats.docx.styles import FIRST_NUMBERED
from reports.formats.docx.writer import Writer
from reports.report import Report

NAME = "docx"
SUFFIX = ".docx"
MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def render(report: Report) -> bytes:
    """The whole report as a .docx file; two renders of one report are equal."""
    return pack(report, write_body(report))


def write_body(report: Report, *, contents: bool = True) -> Body:
    """What the report puts into its document; with `contents`, a table of them where there are several sections."""
    writer = Writer(report)
    front = [*write_checklist(writer), *write_cover(writer)]
    rest = list(_write_rest(writer))
    listed = _write_contents(writer) if contents and len(report.sections) > 1 else []
    return Body(
        blocks=(*front, *listed, *rest),
        lists=tuple(range(FIRST_NUMBERED, writer.last_list + 1)),
        comments=tuple(writer.comments),
        pictures=tuple(writer.pictures.values()),
    )


def _write_rest(writer: Writer) -> Iterator[str]:
    """All after the cover, which has to be there before its contents can be listed."""
    if writer.report.summary:
        yield from write_summary(writer, writer.report.summary)
    yield from write_sections(writer)
    yield from write_annexes(writer)
    yield from write_provenance(writer)
    yield from write_desk(writer)


def _write_contents(writer: Writer) -> list[str]:
    title = writer.text("ContentsTitle", writer.report.words["contents"])
    return [title, write_contents(writer.headings, tag_latin(writer.report.language))]
