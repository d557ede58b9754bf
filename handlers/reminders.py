"""What the clock reminds of: silent sessions, sessions without a conclusion, forgotten meetings; of each once.

Each of these functions gives the replies, and when it is to be looked at again, None where it is done. Called by `due`.
"""

from datetime import datetime

from core.meetings import OFF, Meeting, Record, StepKind
from core.messages import MessageKey
from core.notes import NoteKind
from core.phrases import phrase
from core.replies import Reply
from core.schedule import FORGOTTEN, Day, Due, DueKind, find_close, find_instant, find_silence, list_days
from core.sessions import Session
from handlers.addressing import address_organizers
from handlers.digest import find_unconcluded, list_times
from handlers.jobs import Done, Job, give_command, list_open, order_draft_for_all
from handlers.meetings import name_meeting
from handlers.settings import tell_moment
from reports.gathering import gather
from reports.placement import settle

_MORNING = "09:00"


def remind_of_silence(job: Job) -> Done:
    """The organizers are told of open sessions in which nothing is filed, of each once, in the hours of a day."""
    silence, work = find_silence(job.meeting), job.context.work
    if silence is None or not job.meeting.is_open:
        return [], None
    days = [(_find_morning(job.meeting, day), day.ends) for day in list_days(job.meeting)]
    if not any(begins <= job.now <= ends for begins, ends in days):
        coming = [begins + silence for begins, _ in days if begins > job.now]
        return [], min(coming, default=None)
    gathered = gather(job.load_record())
    heads = {s.label: job.name_session(s, job.meeting.language) for s in gathered.sessions.in_order()}
    last = {session.label: session.opened_at for session in list_open(gathered)}
    for filing in gathered.filings:
        if filing.session and filing.session.label in last:
            last[filing.session.label] = max(last[filing.session.label], filing.message.sent_at)
    silent = [label for label, at in last.items() if job.now - at >= silence]
    new = [label for label in silent if work.add_due(job.meeting.id, Due(DueKind.SILENCE, label, job.now), job.now)]
    waits = [at + silence for label, at in last.items() if label not in silent]
    again = min(waits, default=job.now + silence)
    if not new:
        return [], again
    minutes = int(silence.total_seconds() // 60)
    told = phrase(
        "silence", count=minutes, meeting=name_meeting(job.meeting), sessions="; ".join(heads[label] for label in new)
    )
    return address_organizers(work, job.meeting.id, told), again


def _find_morning(meeting: Meeting, day: Day) -> datetime:
    """From when on somebody is reminded on a day: nobody at dawn."""
    return day.begins if meeting.hours else find_instant(meeting.zone, day.date, _MORNING)


def remind_of_conclusion(job: Job) -> Done:
    """Who opened a session that has ended without a conclusion is told, once."""
    if job.meeting.remind == OFF or not job.meeting.is_open:
        return [], None
    record, work = job.load_record(), job.context.work
    replies = []
    for session in find_unconcluded(settle(record, job.load_template()).gathered):
        key = _find_opening(record, session)
        if session.open or key is None:
            continue
        if not work.add_due(job.meeting.id, Due(DueKind.CONCLUSION, session.label, job.now), job.now):
            continue
        language = work.language_of(key.platform, key.workspace, session.opened_by.id) or job.meeting.language
        told = phrase("no_conclusion", session=job.name_session(session, language))
        replies.append(Reply(key, told.into(language), language=language, meeting_id=job.meeting.id))
    return replies, None


def _find_opening(record: Record, session: Session) -> MessageKey | None:
    """The message that opened a session."""
    opened = (session.opened_at, session.opened_by)
    return next(
        (
            message.key
            for message in record.messages
            if (message.sent_at, message.author) == opened
            and any(note.kind is NoteKind.SESSION for note in record.notes.get(message.key, ()))
        ),
        None,
    )


def remember_meeting(job: Job) -> Done:
    """A day after the last note of a meeting that nobody has closed its draft is made; nothing is closed or deleted."""
    close = find_close(job.meeting)
    if not job.meeting.is_open:
        return [], None
    if close and close > job.now:
        return [], close + FORGOTTEN
    last = max(list_times(job.load_record()), default=None)
    if last is None:
        return [], job.now + FORGOTTEN
    if last + FORGOTTEN > job.now:
        return [], last + FORGOTTEN
    again = job.now + FORGOTTEN
    if not job.context.work.add_due(job.meeting.id, Due(DueKind.FORGOTTEN, last.isoformat(), job.now), job.now):
        return [], again
    give_command(job, StepKind.DRAFT, "/draft", job.now)
    told = phrase("forgotten", meeting=name_meeting(job.meeting), **tell_moment(job.meeting, last))
    return [*job.say(told, buttons=((job.offer_close(),),)), *order_draft_for_all(job)], again
