"""Asking for a draft, making it, and telling how a meeting stands."""

from collections.abc import Sequence
from datetime import datetime

from core.meetings import Step, StepKind
from core.replies import Draft, DraftFile, Reply
from handlers import Context, Request
from handlers.meetings import name_meeting
from reports.formats import load_format
from reports.placement import place, place_numbered
from reports.report import Report
from reports.template_reader import TemplateCatalog
from storage.store import Store


def order_draft(context: Context, request: Request, meeting_id: int) -> list[Reply]:
    """`/draft`, with formats if others are wanted; the draft itself is made when it is sent."""
    names = request.argument.replace(",", " ").split()
    formats = tuple(dict.fromkeys(load_format(name).NAME for name in names)) or context.defaults.formats
    context.work.add_step(meeting_id, Step(StepKind.DRAFT, request.at, request.message.key))
    return [Reply(request.message.key, draft=formats)]


def make_draft(
    store: Store, templates: TemplateCatalog, meeting_id: int, formats: Sequence[str], at: datetime
) -> tuple[Draft, Report]:
    """Compile, render and keep a draft of the meeting as it stands; its numbers hold in every later draft."""
    with store.read() as work:
        record = work.load_record(meeting_id)
    report, numbers = place_numbered(record, templates.load(record.meeting.template))
    files = render_files(report, record.meeting.name, formats)
    with store.work() as work:
        return work.keep_draft(meeting_id, at, numbers, files), report


def render_files(report: Report, name: str, formats: Sequence[str]) -> list[DraftFile]:
    """The report as one file a format."""
    loaded = [load_format(format_name) for format_name in formats]
    return [DraftFile(f"{name}{f.SUFFIX}", f.MEDIA_TYPE, f.render(report)) for f in loaded]


def tell_status(context: Context, request: Request, meeting_id: int) -> list[Reply]:
    """`/status`: what is in each part, what is empty, what waits."""
    record = context.work.load_record(meeting_id)
    report = place(record, context.templates.load(record.meeting.template))
    state = "closed" if record.meeting.closed_at else "open"
    lines = [f"{name_meeting(record.meeting)} ({state}, template {record.meeting.template})", *count_notes(report)]
    return [Reply(request.message.key, "\n".join(lines))]


def count_notes(report: Report) -> list[str]:
    """The counts by section and session, what is empty, and what a person must look at, a line each."""
    lines = []
    for section in report.sections:
        if section.sessions is None:
            count = sum(len(part.items) for part in section.parts)
            lines.append(f"{f'{section.label}. ' if section.label else ''}{section.heading}: {count}")
        lines += [f"{b.heading}: {sum(len(part.items) for part in b.parts)}" for b in section.sessions or ()]
    missing = [field.label.rstrip(" :：") for field in report.fields if field.required and not field.value]
    waits = {
        "Empty": ", ".join(report.empty_parts()),
        "To be completed": "; ".join(missing),
        "For review": str(len(report.review) or ""),
        "Late": str(len(report.late) or ""),
    }
    return lines + [f"{name}: {value}" for name, value in waits.items() if value]
