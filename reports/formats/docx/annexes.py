"""The annexes of the form, each by what it holds: notes, tables, photographs; and the provenance after them.

Called by `reports.formats.docx.write_body`.
"""

from collections.abc import Iterator

from core.text import shorten_text
from reports.formats.docx.body import paragraph, row
from reports.formats.docx.pictures import Embedded, Shape, draw, read_shape
from reports.formats.docx.writer import Writer
from reports.formats.wording import describe_attachment, describe_in_time, head_trace_columns, word_trace
from reports.report import Annex, Picture

_TRACE_COLUMNS = (778, 1089, 2044, 1089)
# the notes of the whole report once more; their comments stand on them above
_ALL_NOTES = "notes"
# of a caption, the letters that are read out in place of a picture
_ALTERNATIVE = 250


def write_annexes(writer: Writer) -> Iterator[str]:
    """All annexes of the form, under their headings."""
    if writer.report.annexes:
        yield writer.heading(1, writer.report.words["annexes"])
    for annex in writer.report.annexes:
        yield writer.heading(2, annex.heading)
        yield from _annex(writer, annex)


def _annex(writer: Writer, annex: Annex) -> Iterator[str]:
    if annex.is_empty:
        yield writer.text("NoNotes", writer.report.words["no_notes"])
    for grid in annex.grids:
        yield from writer.grid(grid, title=annex.heading)
    for picture in annex.pictures:
        yield from _picture(writer, picture)
    for item in annex.printed_items:
        if annex.key == _ALL_NOTES:
            yield from writer.note(item, details=describe_in_time(item, writer.report), traced=False)
        else:
            yield from writer.note(item)


def _picture(writer: Writer, picture: Picture) -> Iterator[str]:
    """A photograph above its caption; without the file, the caption and the name alone."""
    words = writer.report.words
    name = describe_attachment("photo", picture.name, writer.report) if picture.name else ""
    shape = read_shape(picture.content) if picture.content else None
    if picture.content and shape:
        writer.drawings += 1
        alternative = shorten_text(picture.caption or name or words["annex.photographs"], _ALTERNATIVE)
        drawn = draw(_embed(writer, picture.content, shape), shape, writer.drawings, alternative)
        yield paragraph("Picture", drawn, rtl=writer.rtl, keep=bool(picture.caption or name))
    yield from writer.lines("Caption", picture.caption)
    if name and not shape:
        yield writer.text("NoteDetail", name)


def _embed(writer: Writer, content: bytes, shape: Shape) -> Embedded:
    """The picture in the file, once for all places that show it."""
    number = len(writer.pictures) + 1
    return writer.pictures.setdefault(content, Embedded(f"rIdReportPicture{number}", shape.suffix, content))


def write_provenance(writer: Writer) -> Iterator[str]:
    """Where each note comes from, on pages of its own."""
    report = writer.report
    if report.provenance:
        yield writer.text("DeskHeading", report.words["provenance"], page=True)
        yield writer.text("Prompt", report.words["remove_note"])
        rows = (
            row(_TRACE_COLUMNS, [writer.text("TraceText", cell) for cell in word_trace(trace)], whole=True)
            for trace in report.provenance
        )
        yield writer.table(_TRACE_COLUMNS, head_trace_columns(report), rows, report.words["provenance"], "TraceText")
