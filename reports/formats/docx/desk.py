"""What is for the desk alone, on pages that it takes out: the checklist first, changes and decisions last.

Called by `reports.formats.docx.write_body`. All of it is empty in a report that is sent in.
"""

from collections.abc import Iterable, Iterator

from reports.formats.direction import is_rtl
from reports.formats.docx.body import PAGE_BREAK, paragraph
from reports.formats.docx.writer import Writer
from reports.formats.wording import describe_note, describe_source, tabulate_changes
from reports.report import Changes, Item, ReviewItem


def write_checklist(writer: Writer) -> Iterator[str]:
    """The first page: all of it in styles of its own, so that a desk can mark and delete it."""
    report = writer.report
    if not report.checks:
        return
    yield writer.text("ChecklistTitle", report.words["checklist_title"])
    yield writer.text("Checklist", report.words["draft_note"])
    for check in report.checks:
        yield writer.text("ChecklistHeading", check.heading)
        yield from (writer.text("ChecklistItem", line) for line in check.lines[:-1])
        # the break stands in the last line: a paragraph of its own might fall on the next page, and leave it empty
        ending = PAGE_BREAK if check is report.checks[-1] else ""
        yield writer.text("ChecklistItem", check.lines[-1], ending=ending)


def write_desk(writer: Writer) -> Iterator[str]:
    """The last pages: what changed since an earlier draft, what a person must still decide on, what was decided."""
    report, words = writer.report, writer.report.words
    pieces: list[tuple[str, Iterator[str]]] = []
    if report.changes:
        pieces.append((report.changes.heading, _changes(writer, report.changes)))
    if report.late:
        pieces.append((words["late_title"], _notes(writer, report.late)))
    if report.review:
        pieces.append((words["review_title"], _review(writer, report.review)))
    if report.dropped:
        pieces.append((words["dropped_title"], _notes(writer, report.dropped)))
    if report.history:
        pieces.append((words["history_title"], writer.grid(report.history, "TraceText", words["history_title"])))
    for place, (heading, content) in enumerate(pieces):
        yield writer.text("DeskHeading", heading, page=not place)
        yield writer.text("Prompt", words["remove_note"])
        yield from content


def _changes(writer: Writer, changes: Changes) -> Iterator[str]:
    if changes.changes:
        yield from writer.grid(tabulate_changes(changes, writer.report), "TraceText", changes.heading)
    else:
        yield writer.text("NoNotes", writer.report.words["no_changes"])


def _notes(writer: Writer, items: Iterable[Item]) -> Iterator[str]:
    """Notes that are not in the report, with what was decided on them and where they come from."""
    for item in items:
        details = (*describe_note(item, writer.report), *item.decisions, describe_source(item))
        yield from writer.note(item, details=details, traced=False)


def _review(writer: Writer, entries: Iterable[ReviewItem]) -> Iterator[str]:
    for entry in entries:
        rtl = is_rtl(entry.text, writer.rtl)
        yield paragraph("ListBullet", writer.run(entry.text, rtl=rtl), rtl=rtl, keep=True)
        yield from writer.details((entry.advice, describe_source(entry)), "ListDetail", rtl=rtl)
