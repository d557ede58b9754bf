"""What is done when it is due: the close, digests, reminders. Called by the clock, a transaction each.

Each of these functions gives the replies, and when it is to be looked at again, None where it is done.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from core.meetings import OFF, Meeting, Record, Step, StepKind
from core.messages import Author, Change, MessageKey, Version, fold
from core.notes import NoteKind
from core.phrases import Phrase, phrase, tell
from core.replies import Button, Reply
from core.schedule import FORGOTTEN, GOES_ON, Day, Due, DueKind, find_close, find_instant, find_silence, list_days
from core.sessions import Session
from handlers import Context
from handlers.addressing import address_chats, address_organizers, list_chats
from handlers.digest import count_items, describe_day, find_unconcluded, list_empty, list_times, name_session
from handlers.meetings import name_meeting, order_draft, replan, show_settings
from handlers.settings import tell_moment
from reports.gathering import Gathered, gather
from reports.placement import place
from reports.template import Template
from storage.agenda import Waiting

# a conclusion is often typed just after its session
TIME_TO_CONCLUDE = timedelta(minutes=10)
# what the bot does by itself stands under this name in the transcript
_BOT = Author("", "Rapporteur")
_MORE_TIME = timedelta(minutes=30)
_EVENING = timedelta(hours=2)
_MORNING = "09:00"

Done = tuple[list[Reply], datetime | None]


@dataclass(frozen=True, slots=True)
class _Job:
    """Something that is due, of a meeting as it now stands."""

    context: Context
    waiting: Waiting
    meeting: Meeting
    now: datetime

    @property
    def due(self) -> Due:
        return self.waiting.due

    @property
    def told_at(self) -> datetime:
        """When this was to be said: closes and digests at their hour, all else is about now."""
        return self.due.at if self.due.kind in (DueKind.CLOSE, DueKind.DIGEST) else self.now

    def load_record(self) -> Record:
        return self.context.work.load_record(self.meeting.id)

    def load_template(self) -> Template:
        return self.context.templates.load(self.meeting.template)

    def name_session(self, session: Session, language: str) -> str:
        return name_session(self.load_template(), session, language)

    def offer_close(self, later: str = "") -> Button:
        """A button that closes the meeting now, or later."""
        label = phrase("button_close_later", time=later) if later else phrase("button_close_now")
        return Button(label.into(self.meeting.language), f"/close {later or 'now'}")

    def say(self, *lines: str | Phrase, buttons: tuple[tuple[Button, ...], ...] = ()) -> list[Reply]:
        """Words in every chat of the meeting."""
        language = self.meeting.language
        text = "\n".join(tell(line, language) for line in lines)
        reply = Reply(_NOWHERE, text, buttons=buttons, language=language, due_at=self.told_at)
        return address_chats(self.context.work, self.meeting.id, reply)


_NOWHERE = MessageKey("", "", "", "")


def do_due(context: Context, waiting: Waiting, now: datetime) -> list[Reply]:
    """Do what is due, and note that it was done, or when it is looked at again; the replies."""
    job = _Job(context, waiting, context.meeting(waiting.meeting_id), now)
    # first, since a close plans anew what else is due
    context.work.finish_due(waiting.id, now)
    replies, again = _WAYS[waiting.due.kind](job)
    if again is not None:
        context.work.postpone_due(waiting.id, again)
    elif not waiting.due.mark:
        context.work.drop_due(waiting.id)
    return replies


def watch_sessions(context: Context, meeting_id: int, at: datetime) -> None:
    """A session was opened or closed: soon it is looked whether one ended without a conclusion, or the day did."""
    if context.meeting(meeting_id).remind != OFF:
        context.work.watch_due(meeting_id, Due(DueKind.CONCLUSION, "", at + TIME_TO_CONCLUDE))
    for kind in (DueKind.DIGEST, DueKind.ASK):
        context.work.hasten_due(meeting_id, kind, at)


# --- the close -----------------------------------------------------------------------------------------------------


def _warn(job: _Job) -> Done:
    close = find_close(job.meeting)
    if not job.meeting.is_open or close is None or job.now >= close:
        return [], None
    record = job.load_record()
    empty = list_empty(place(record, job.load_template()))
    later = f"{(close + _MORE_TIME).astimezone(ZoneInfo(job.meeting.zone)):%H:%M}"
    minutes = max(1, round((close - job.now).total_seconds() / 60))
    lines = [
        phrase("closes_soon", count=minutes, **tell_moment(job.meeting, close)),
        *([phrase("status_empty", parts=empty)] if empty else []),
        phrase("closes_later", later=later),
    ]
    return job.say(*lines, buttons=((job.offer_close(later), job.offer_close()),)), None


def _close(job: _Job) -> Done:
    """The meeting is closed as of the set time, so that it makes no difference when the bot gets to it."""
    if not job.meeting.is_open:
        return [], None
    _give_command(job, StepKind.CLOSE, "/close", job.due.at)
    replan(job.context, job.meeting.id, job.now)
    language, chats = job.meeting.language, list_chats(job.context.work, job.meeting.id)
    told = job.say(phrase("closed_by_clock", **tell_moment(job.meeting, job.due.at)))
    cards = [replace(show_settings(job.context, job.meeting.id, to, language), renews=True) for to in chats]
    return [*told, *cards, *_order_draft(job)], None


def _order_draft(job: _Job) -> list[Reply]:
    """One draft for all chats of the meeting."""
    chats = list_chats(job.context.work, job.meeting.id)
    order = order_draft(job.context, job.meeting.id, chats[0], job.meeting.language) if chats else None
    return [replace(order, everywhere=True, due_at=job.told_at)] if order else []


def _give_command(job: _Job, kind: StepKind, text: str, at: datetime) -> None:
    """What the bot does by itself is a command of its own: so it stands in the transcript, and in a replay of it."""
    work, meeting_id = job.context.work, job.meeting.id
    chats = list_chats(work, meeting_id)
    home = chats[0] if chats else MessageKey("clock", "", "", "")
    key = home._replace(id=f"clock:{kind}:{at.isoformat()}")
    if work.add_step(meeting_id, Step(kind, at, key)):
        job.context.keep_message(meeting_id, fold([Version(key, Change.SENT, at, _BOT, text)]), ())
    job.context.forget()


# --- the day's end -------------------------------------------------------------------------------------------------


def _digest(job: _Job) -> Done:
    """The newest one only, where several are late; none of a day without notes."""
    on, template, record = date.fromisoformat(job.due.mark), job.load_template(), job.load_record()
    waiting = [due for due in job.context.work.list_due(job.meeting.id) if due.kind is DueKind.DIGEST]
    newer = [date.fromisoformat(due.mark) for due in waiting if due.mark > job.due.mark and due.at <= job.now]
    if any(count_items(record, template, later) for later in newer):
        return [], None
    if again := _find_end(job, record):
        return [], again
    if not count_items(record, template, on):
        return [], None
    return job.say(*describe_day(record, template, on, job.meeting.language)), None


def _find_end(job: _Job, record: Record) -> datetime | None:
    """When to look again whether the day has ended: it goes on while a session does. None where it has."""
    if job.meeting.digest or not job.meeting.is_open or not _list_open(gather(record)):
        return None
    last = max((at for at in list_times(record) if at <= job.now), default=None)
    if last is None or job.now - last >= GOES_ON:
        return None
    close = find_close(job.meeting)
    if close and close <= job.now:
        return None
    return min(last + GOES_ON, close) if close else last + GOES_ON


def _list_open(gathered: Gathered) -> list[Session]:
    return [session for session in gathered.sessions.in_order() if session.open and session.announced]


def _ask(job: _Job) -> Done:
    """Nobody has said when the meeting closes, and its last day is over."""
    # who comes a day late has the draft of a forgotten meeting to post
    if not job.meeting.is_open or find_close(job.meeting) or job.now - job.due.at >= FORGOTTEN:
        return [], None
    record = job.load_record()
    if not list_times(record):
        return [], None
    if again := _find_end(job, record):
        return [], again
    evening = f"{(job.now + _EVENING).astimezone(ZoneInfo(job.meeting.zone)):%H:00}"
    asked = phrase("ask_close", meeting=name_meeting(job.meeting), later=evening)
    return job.say(asked, buttons=((job.offer_close(), job.offer_close(evening)),)), None


# --- reminders -----------------------------------------------------------------------------------------------------


def _remind_silence(job: _Job) -> Done:
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
    last = {session.label: session.opened_at for session in _list_open(gathered)}
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


def _remind_conclusion(job: _Job) -> Done:
    """Who opened a session that has ended without a conclusion is told, once."""
    if job.meeting.remind == OFF or not job.meeting.is_open:
        return [], None
    record, work = job.load_record(), job.context.work
    replies = []
    for session in find_unconcluded(gather(record)):
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


# --- forgotten meetings --------------------------------------------------------------------------------------------


def _remember(job: _Job) -> Done:
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
    _give_command(job, StepKind.DRAFT, "/draft", job.now)
    told = phrase("forgotten", meeting=name_meeting(job.meeting), **tell_moment(job.meeting, last))
    return [*job.say(told, buttons=((job.offer_close(),),)), *_order_draft(job)], again


_WAYS: dict[DueKind, Callable[[_Job], Done]] = {
    DueKind.WARNING: _warn,
    DueKind.DIGEST: _digest,
    DueKind.CLOSE: _close,
    DueKind.ASK: _ask,
    DueKind.SILENCE: _remind_silence,
    DueKind.CONCLUSION: _remind_conclusion,
    DueKind.FORGOTTEN: _remember,
}
