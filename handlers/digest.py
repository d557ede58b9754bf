"""The day in ten lines that can be read on a bus: `/digest`, and what is posted at its end. Called by `closing`."""

import re
from collections.abc import Sequence
from datetime import date, datetime

from core.meetings import Meeting, Record
from core.phrases import Phrase, phrase, tell
from core.replies import Reply
from core.schedule import find_date, find_span, list_days
from core.sessions import Session
from core.text import list_names, shorten_line
from handlers import Context, Request
from handlers.meetings import name_meeting
from reports.checks import named_parts
from reports.gathering import Gathered
from reports.placement import head_session, place, settle
from reports.report import Item, Report
from reports.template import Template

# the tags of what was concluded and agreed
CONCLUSIONS = ("keyconclusion", "conclusion", "commitment")
_LINES = 10
# for a line or two on a phone
_LINE = 100
_LISTED = 160
_NAME = 40


def tell_digest(context: Context, request: Request) -> list[Reply]:
    """`/digest`: the meeting's day so far."""
    record = context.work.load_record(request.need_meeting())
    template = context.templates.load(record.meeting.template)
    on = find_date(record.meeting, request.at, list_times(record))
    return [request.answer(*describe_day(record, template, on, request.language))]


def list_times(record: Record) -> list[datetime]:
    """When there was something to file."""
    return [message.sent_at for message in record.messages if record.notes.get(message.key)]


def describe_day(record: Record, template: Template, on: date, language: str) -> list[str]:
    """Ten lines or fewer of a day of the meeting. Texts, labels and headings stay in their own language."""
    settled = settle(record, template)
    meeting, report, gathered = record.meeting, settled.report, settled.gathered
    begins, ends = find_span(meeting, on, list_times(record))
    items = [item for item in list_items(report) if begins <= item.at < ends]
    is_last = meeting.closed_at is not None or not any(day.date > on for day in list_days(meeting))
    empty = list_empty(report)
    head: list[str | Phrase] = [
        _name_day(meeting, on, str(report.meeting["title"])),
        phrase("digest_counts", count=len(items)) if items else phrase("digest_nothing"),
        _count_parts(report, items),
    ]
    rest = [
        phrase("digest_empty" if is_last else "digest_empty_tomorrow", parts=empty) if empty else None,
        phrase("digest_review", count=len(report.review)) if report.review else None,
        _tell_unconcluded(record, template, gathered, (begins, ends)),
    ]
    room = _LINES - sum(map(bool, (*head, *rest)))
    return [tell(line, language) for line in (*head, *_tell_conclusions(items, gathered, room), *rest) if line]


def count_items(record: Record, template: Template, on: date) -> int:
    """How many notes a day has."""
    begins, ends = find_span(record.meeting, on, list_times(record))
    return sum(begins <= item.at < ends for item in list_items(place(record, template)))


def list_items(report: Report) -> list[Item]:
    """Every note of the report once, in the order of time."""
    parts = [*report.parts(), *(part for block in report.session_blocks() for part in block.parts)]
    items = {_identify(item): item for part in parts for item in part.items}.values()
    return sorted(items, key=lambda item: item.at)


def _identify(item: Item) -> tuple[str, str, str, str]:
    return item.platform, item.chat, item.message_id, item.text


def _name_day(meeting: Meeting, on: date, title: str) -> Phrase:
    name = shorten_line(title or name_meeting(meeting), _LINE)
    number = next((day.number for day in list_days(meeting) if day.date == on), None)
    if meeting.days == 1 or number is None:
        return phrase("digest_title", meeting=name, day=on)
    return phrase("digest_title_day", meeting=name, number=number, days=meeting.days, day=on)


def _count_parts(report: Report, items: Sequence[Item]) -> str:
    """How many notes of the day stand in each part and session; those without any are left out."""
    today = {_identify(item) for item in items}
    parts = [(_name_part(name), (part,)) for name, part in named_parts(report.sections, blocks=False)]
    sessions = [(shorten_line(block.heading, _NAME), block.parts) for block in report.session_blocks()]
    counts = [
        (name, sum(_identify(item) in today for part in held for item in part.items))
        for name, held in (*parts, *sessions)
    ]
    # isolated in Arabic, where a Latin name would take its number along to its own side
    mark, isolated = ("\u200f", "\u2068{}\u2069") if report.direction == "rtl" else ("", "{}")
    told = (f"{isolated.format(name)}\u00a0({n})" for name, n in counts if n)
    listed = list_names(told, "\u00a0· ", 2 * _LISTED)
    return f"{mark}{listed}" if listed else ""


def _tell_conclusions(items: Sequence[Item], gathered: Gathered, room: int) -> list[str | Phrase]:
    """A line each, in so many lines at most."""
    # by all the tags of a note: an item has only the first
    concluding = {
        (f.message.key.platform, f.message.key.chat, f.message.key.id, f.text)
        for f in gathered.filings
        if set(f.tags) & set(CONCLUSIONS)
    }
    concluded = [item for item in items if _identify(item) in concluding]
    lines: list[str | Phrase] = [f"✓ {shorten_line(item.text, _LINE)}" for item in concluded]
    if len(lines) <= room:
        return lines
    return [*lines[: room - 1], phrase("digest_more", count=len(lines) - room + 1)]


def list_empty(report: Report) -> str:
    """The parts outside sessions that have no note, as many as fit on two lines."""
    empty = [_name_part(name) for name, part in named_parts(report.sections, blocks=False) if not part.items]
    return list_names(empty, "; ", _LISTED)


def _name_part(name: str) -> str:
    """A part's name without what its heading has in brackets, short enough for a phone; its letter stays beside it."""
    return shorten_line(re.split(r"\s*[(（]", name, maxsplit=1)[0], _NAME).replace(". ", ".\u00a0", 1)


def find_unconcluded(gathered: Gathered) -> list[Session]:
    """The sessions that were opened and have notes, but no conclusion."""
    concluded = {f.session.label for f in gathered.filings if f.session and set(f.tags) & set(CONCLUSIONS)}
    noted = {filing.session.label for filing in gathered.filings if filing.session}
    return [s for s in gathered.sessions.in_order() if s.announced and s.label in noted - concluded]


def name_session(template: Template, session: Session, language: str) -> str:
    """A session as people know it, short enough for a line with others."""
    return shorten_line(head_session(template, session, language), _NAME)


def _tell_unconcluded(
    record: Record, template: Template, gathered: Gathered, span: tuple[datetime, datetime]
) -> Phrase | None:
    begins, ends = span
    sessions = [s for s in find_unconcluded(gathered) if begins <= s.opened_at < ends]
    # under the Chatham House Rule nobody is named
    named = record.meeting.rule != "chatham"
    heads = [(name_session(template, s, record.meeting.language), s.opened_by.name) for s in sessions]
    told = list_names((f"{head} ({name})" if named else head for head, name in heads), "; ", _LISTED)
    return phrase("digest_unconcluded", sessions=told) if told else None
