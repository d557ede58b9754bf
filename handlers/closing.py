"""The end of a day and of a meeting: `/close`, `/reopen`, and by the clock warning, digest, close and a question.

The latter functions give the replies, and when it is to be looked at again, None where it is done. Called by `dispatch`
and `due`.
"""

from dataclasses import replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from core.errors import UserError
from core.meetings import Record, StepKind
from core.phrases import Phrase, phrase
from core.replies import Reply
from core.schedule import FORGOTTEN, GOES_ON, DueKind, find_close
from handlers import Context, Request
from handlers.addressing import address_chats, list_chats
from handlers.digest import count_items, describe_day, list_empty, list_times
from handlers.jobs import Done, Job, give_command, list_open, order_draft_for_all
from handlers.meetings import add_step, name_meeting, order_draft, renew_settings, replan, show_settings
from handlers.settings import choose_close, read_close, tell_moment
from reports.gathering import gather
from reports.placement import place

_MORE_TIME = timedelta(minutes=30)
_EVENING = timedelta(hours=2)


def close_meeting(context: Context, request: Request) -> list[Reply]:
    """`/close`, `/close now`: the draft is compiled, later notes are kept and listed as late. `/close 17:30`: then."""
    meeting_id = _find_own(context, request)
    if context.meeting(meeting_id).closed_at and context.replay_of is None:
        raise UserError(phrase("closed_already"))
    if request.argument.lower() not in ("", "now"):
        return _plan_close(context, request, meeting_id)
    add_step(context, request, meeting_id, StepKind.CLOSE, {})
    draft = replace(order_draft(context, meeting_id, request.message.key, request.language), everywhere=True)
    told = [request.answer(phrase("closed")), *_tell_others(context, request, meeting_id, phrase("closed"))]
    digests = _post_digests(context, meeting_id, request.at) if context.replay_of is None else []
    return [*told, *digests, renew_settings(context, request, meeting_id), draft]


def _post_digests(context: Context, meeting_id: int, at: datetime) -> list[Reply]:
    """The digest of the day that a close ends."""
    replies: list[Reply] = []
    while waiting := context.work.take_due(at, meeting_id):
        context.work.finish_due(waiting.id, at)
        if waiting.due.kind is DueKind.DIGEST:
            replies += post_digest(Job(context, waiting, context.meeting(meeting_id), at))[0]
    return replies


def _find_own(context: Context, request: Request) -> int:
    """The meeting that was opened here, though another has taken over its topic or thread since it closed."""
    own = context.work.meeting_of_chat(*request.message.key.place)
    return request.need_meeting() if own is None else own


def _tell_others(context: Context, request: Request, meeting_id: int, told: Phrase) -> list[Reply]:
    """The same in the meeting's other chats, in its language; here too where a press told it to one person alone."""
    language = context.meeting(meeting_id).language
    here = None if request.standing.pressed else request.message.key.place
    told_as = Reply(request.message.key, told.into(language), language=language)
    return [reply for reply in address_chats(context.work, meeting_id, told_as) if reply.to.place != here]


def _plan_close(context: Context, request: Request, meeting_id: int) -> list[Reply]:
    close = choose_close(context.meeting(meeting_id), read_close(request.argument), request.at)
    add_step(context, request, meeting_id, StepKind.SET, {"close": close})
    meeting = context.meeting(meeting_id)
    planned = find_close(meeting)
    told = phrase("close_by_hand")
    if planned:
        told = phrase("closes_at", zone=meeting.zone, **tell_moment(meeting, planned))
    others = _tell_others(context, request, meeting_id, told)
    return [request.answer(told), *others, renew_settings(context, request, meeting_id)]


def reopen_meeting(context: Context, request: Request) -> list[Reply]:
    """`/reopen`: the meeting goes on, its late notes are taken in."""
    meeting_id = _find_own(context, request)
    if not context.meeting(meeting_id).closed_at and context.replay_of is None:
        raise UserError(phrase("not_closed"))
    add_step(context, request, meeting_id, StepKind.REOPEN, {})
    return [request.answer(phrase("reopened")), *_tell_others(context, request, meeting_id, phrase("reopened"))]


def warn_of_close(job: Job) -> Done:
    """The close is near, and this is still empty."""
    close = find_close(job.meeting)
    if not job.meeting.is_open or close is None or job.now >= close:
        return [], None
    record = job.load_record()
    empty = list_empty(place(record, job.load_template()))
    later = str(tell_moment(job.meeting, close + _MORE_TIME)["time"])
    minutes = max(1, round((close - job.now).total_seconds() / 60))
    lines = [
        phrase("closes_soon", count=minutes, **tell_moment(job.meeting, close)),
        *([phrase("status_empty", parts=empty)] if empty else []),
        phrase("closes_later", later=later),
    ]
    return job.say(*lines, buttons=((job.offer_close(later), job.offer_close()),)), None


def close_by_clock(job: Job) -> Done:
    """The meeting is closed as of the set time, so that it makes no difference when the bot gets to it."""
    if not job.meeting.is_open:
        return [], None
    give_command(job, StepKind.CLOSE, "/close", job.due.at)
    replan(job.context, job.meeting.id, job.now)
    language, chats = job.meeting.language, list_chats(job.context.work, job.meeting.id)
    told = job.say(phrase("closed_by_clock", **tell_moment(job.meeting, job.due.at)))
    cards = [replace(show_settings(job.context, job.meeting.id, to, language), renews=True) for to in chats]
    return [*told, *cards, *order_draft_for_all(job)], None


def post_digest(job: Job) -> Done:
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


def _find_end(job: Job, record: Record) -> datetime | None:
    """When to look again whether the day has ended: it goes on while a session does. None where it has."""
    if job.meeting.digest or not job.meeting.is_open or not list_open(gather(record)):
        return None
    last = max((at for at in list_times(record) if at <= job.now), default=None)
    if last is None or job.now - last >= GOES_ON:
        return None
    close = find_close(job.meeting)
    if close and close <= job.now:
        return None
    return min(last + GOES_ON, close) if close else last + GOES_ON


def ask_for_close(job: Job) -> Done:
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
