"""What is done when it is due, by its kind. Called by the clock, a transaction each."""

from collections.abc import Callable
from datetime import datetime, timedelta

from core.meetings import OFF
from core.replies import Reply
from core.schedule import Due, DueKind
from handlers import Context
from handlers.closing import ask_for_close, close_by_clock, post_digest, warn_of_close
from handlers.jobs import Done, Job
from handlers.reminders import remember_meeting, remind_of_conclusion, remind_of_silence
from storage.agenda import Waiting

# a conclusion is often typed just after its session
TIME_TO_CONCLUDE = timedelta(minutes=10)

_WAYS: dict[DueKind, Callable[[Job], Done]] = {
    DueKind.WARNING: warn_of_close,
    DueKind.DIGEST: post_digest,
    DueKind.CLOSE: close_by_clock,
    DueKind.ASK: ask_for_close,
    DueKind.SILENCE: remind_of_silence,
    DueKind.CONCLUSION: remind_of_conclusion,
    DueKind.FORGOTTEN: remember_meeting,
}


def do_due(context: Context, waiting: Waiting, now: datetime) -> list[Reply]:
    """Do what is due, and note that it was done, or when it is looked at again; the replies."""
    job = Job(context, waiting, context.meeting(waiting.meeting_id), now)
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
