"""Making a draft: compiled, rendered, compared with earlier ones, and kept under the meeting's next number.

`render_draft` is called by `bot.rendering`, in a process of its own, `make_draft` by the command line and the console.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from core.errors import UserError
from core.meetings import Record
from core.phrases import Phrase, phrase
from core.replies import Draft, DraftFile
from handlers.drafts import CHANGES, find_earlier, name_revision, render_files
from reports.changes import compare
from reports.formats import load_format
from reports.keeping import write_report
from reports.placement import place_numbered
from reports.recalling import recall_report
from reports.report import Report
from reports.template import Template
from reports.template_reader import TemplateCatalog
from storage.drafts import Numbers
from storage.store import Store, Work


@dataclass(frozen=True, slots=True)
class Made:
    """The report, its files, the numbers that notes have in them, and the text that the draft keeps of the report.

    `remarks` are to be said with it: what of a package is missing.
    """

    report: Report
    files: tuple[DraftFile, ...]
    numbers: Numbers
    kept: str
    remarks: tuple[Phrase, ...] = ()


def load_earlier(work: Work, meeting_id: int, wanted: Sequence[str]) -> dict[int, str]:
    """What a new draft is compared with, by number: the last draft, and those since which changes are wanted."""
    kept = work.list_reports(meeting_id)
    numbers = {*kept[-1:], *(find_earlier(work, meeting_id, since) for since in _list_since(wanted))}
    reports = {number: work.load_report(meeting_id, number) for number in sorted(numbers)}
    return {number: report for number, report in reports.items() if report is not None}


def render_draft(
    record: Record,
    template: Template,
    wanted: Sequence[str],
    earlier: Mapping[int, str],
    at: datetime,
    *,
    submission: bool = False,
) -> Made:
    """Compile a record as it stands at this time, and render what is wanted: formats, and "changes/2"."""
    report, numbers = place_numbered(record, template)
    recalled = {
        number: recalled
        for number, kept in earlier.items()
        if (recalled := recall_report(kept, report, record.meeting.attribution)) is not None
    }
    asked = _list_since(wanted)
    for since in asked:
        if since not in recalled:
            drafts = ", ".join(map(str, recalled))
            raise UserError(phrase("changes_unknown", number=since, drafts=drafts or "–"))
    if recalled:
        # the chat and the page tell of the same draft as the tracked changes
        since = asked[0] if asked else max(recalled)
        report = replace(report, changes=compare(recalled[since], report, since))
    formats = [name for name in wanted if not name.startswith(f"{CHANGES}/")]
    files = render_files(report, record.meeting.name, formats, submission=submission)
    files += (_revise(record.meeting.name, since, recalled[since], report, at) for since in asked)
    return Made(report, tuple(files), numbers, write_report(report))


def _revise(name: str, since: int, before: Report, after: Report, at: datetime) -> DraftFile:
    # like the formats it is loaded where it is wanted
    from reports.formats.docx.revision import render_revision  # noqa: PLC0415

    return DraftFile(name_revision(name, since), load_format("docx").MEDIA_TYPE, render_revision(before, after, at))


def make_draft(
    store: Store,
    templates: TemplateCatalog,
    meeting_id: int,
    wanted: Sequence[str],
    at: datetime,
    *,
    submission: bool = False,
) -> tuple[Draft, Report]:
    """Compile, render and keep a draft of the meeting as it stands; its numbers hold in every later draft."""
    with store.read() as work:
        record = work.load_record(meeting_id, files=True)
        earlier = load_earlier(work, meeting_id, wanted)
    template = templates.load(record.meeting.template)
    made = render_draft(record, template, wanted, earlier, at, submission=submission)
    with store.work() as work:
        draft = work.keep_draft(meeting_id, at, made.numbers, made.files, made.kept)
    return draft, made.report


def _list_since(wanted: Sequence[str]) -> list[int]:
    """The drafts since which changes are wanted."""
    return [int(name.partition("/")[2]) for name in wanted if name.startswith(f"{CHANGES}/")]
