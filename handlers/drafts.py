"""Asking for a draft, making it, and telling how a meeting stands."""

from collections.abc import Sequence
from datetime import datetime

from core.meetings import Step, StepKind
from core.replies import Draft, DraftFile, Reply
from handlers import Context, Request
from handlers.meetings import name_meeting
from reports.checks import named_parts
from reports.formats import load_format
from reports.placement import place, place_numbered
from reports.report import Report
from reports.template_reader import TemplateCatalog
from storage.store import Store


def order_draft(context: Context, request: Request) -> list[Reply]:
    """`/draft`, with formats if others are wanted; the draft itself is made when it is sent."""
    meeting_id = request.need_meeting()
    names = request.argument.replace(",", " ").split()
    formats = tuple(dict.fromkeys(load_format(name).NAME for name in names)) or context.defaults.formats
    context.work.add_step(meeting_id, Step(StepKind.DRAFT, request.at, request.message.key))
    return [Reply(request.message.key, draft=formats)]


def make_draft(
    store: Store,
    templates: TemplateCatalog,
    meeting_id: int,
    formats: Sequence[str],
    at: datetime,
    *,
    submission: bool = False,
) -> Draft:
    """Compile, render and keep a draft of the meeting as it stands; its numbers hold in every later draft."""
    with store.read() as work:
        record = work.load_record(meeting_id)
    report, numbers = place_numbered(record, templates.load(record.meeting.template))
    files = render_files(report, record.meeting.name, formats, submission=submission)
    with store.work() as work:
        return work.keep_draft(meeting_id, at, numbers, files)


def name_files(draft: Draft) -> list[DraftFile]:
    """The files of a draft under names with its number, so that none is written over an earlier one."""
    return [
        file._replace(name=f"{stem}-draft-{draft.number}{dot}{suffix}")
        for file in draft.files
        for stem, dot, suffix in [file.name.rpartition(".")]
    ]


def render_files(report: Report, name: str, formats: Sequence[str], *, submission: bool = False) -> list[DraftFile]:
    """The report as one file a format; for submission, those that people read are without what is for the desk."""
    files = []
    for loaded in map(load_format, formats):
        shown = report.for_submission() if submission and loaded.NAME != "json" else report
        files.append(DraftFile(f"{name}{loaded.SUFFIX}", loaded.MEDIA_TYPE, loaded.render(shown)))
    return files


def tell_status(context: Context, request: Request) -> list[Reply]:
    """`/status`: what is in each part, what is empty, what waits."""
    meeting_id = request.need_meeting()
    record = context.work.load_record(meeting_id)
    report = place(record, context.templates.load(record.meeting.template))
    state = "closed" if record.meeting.closed_at else "open"
    lines = [f"{name_meeting(record.meeting)} ({state}, template {record.meeting.template})", *count_notes(report)]
    return [Reply(request.message.key, "\n".join(lines))]


def count_notes(report: Report) -> list[str]:
    """The counts by section and session, what is empty, and what a person must look at: few lines, for a phone."""
    counts = [
        f"{section.label or section.heading} {sum(len(part.items) for part in section.parts)}"
        for section in report.sections
        if section.sessions is None
    ]
    sessions = [f"{b.heading} – {sum(len(part.items) for part in b.parts)}" for b in report.session_blocks()]
    missing = [
        field.label.split("(")[0].rstrip(" :：\u00a0\u202f")
        for field in report.fields
        if field.required and not field.value
    ]
    waits = {
        "Empty": "; ".join(name for name, part in named_parts(report.sections, blocks=False) if not part.items),
        "To be completed": "; ".join(missing),
        "For review": str(len(report.review) or ""),
        "Late": str(len(report.late) or ""),
    }
    return [" · ".join(counts), *sessions, *(f"{name}: {value}" for name, value in waits.items() if value)]
