"""Asking for a draft, making it, and telling how a meeting stands."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from core.meetings import Step, StepKind
from core.phrases import phrase, tell
from core.replies import Draft, DraftFile, Reaction, Reply
from core.text import shorten_text
from handlers import Context, Request
from handlers.meetings import name_meeting
from handlers.settings import describe_setting
from reports.checks import named_parts
from reports.formats import load_format
from reports.placement import place, place_numbered
from reports.report import Report
from reports.template_reader import TemplateCatalog
from storage.store import Store

# for a line on a phone
_BRIEF = 40


def ask_draft(context: Context, request: Request) -> list[Reply]:
    """`/draft`, with formats if others are wanted; the draft itself is made when it is sent."""
    meeting_id = request.need_meeting()
    names = request.argument.replace(",", " ").split()
    formats = tuple(dict.fromkeys(load_format(name).NAME for name in names)) or context.defaults.formats
    context.work.add_step(meeting_id, Step(StepKind.DRAFT, request.at, request.message.key))
    return [Reply(request.message.key, draft=formats, language=request.language, meeting_id=meeting_id)]


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
    return [name_file(file, draft.number) for file in draft.files]


def name_file(file: DraftFile, number: int) -> DraftFile:
    """A file of the draft of this number under a name with it."""
    stem, dot, suffix = file.name.rpartition(".")
    return file._replace(name=f"{stem}-draft-{number}{dot}{suffix}")


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
    state = "status_closed" if record.meeting.closed_at else "status_open"
    head = phrase(state, meeting=name_meeting(record.meeting), template=record.meeting.template)
    card = f"status:{meeting_id}"
    close = [] if record.meeting.closed_at else [describe_setting("close", record.meeting)]
    answer = request.answer(head, *count_notes(report, request.language), *close, card=card)
    # the message that is changed may stand far above
    stands = context.work.find_card(request.message.key.place, card) is not None
    return [replace(answer, reaction=Reaction.CHANGED) if stands else answer]


def describe_draft(report: Report, number: int, language: str) -> str:
    """What is said with a draft: its number, the meeting's title if it has one, and the counts."""
    title = str(report.meeting["title"])
    head = phrase("draft_number", number=number).into(language)
    return "\n".join([f"{head} · {title}" if title else head, *count_notes(report, language)])


def count_notes(report: Report, language: str) -> list[str]:
    """The counts by section and session, what is empty, and what a person must look at: few lines, for a phone.

    Labels and headings stay in the report's own language.
    """
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
    empty = [shorten_text(name, _BRIEF) for name, part in named_parts(report.sections, blocks=False) if not part.items]
    waits = (
        phrase("status_empty", parts="; ".join(empty)) if empty else None,
        phrase("status_missing", fields="; ".join(missing)) if missing else None,
        phrase("status_review", count=len(report.review)) if report.review else None,
        phrase("status_late", count=len(report.late)) if report.late else None,
    )
    return [" · ".join(counts), *sessions, *(tell(line, language) for line in waits if line)]
