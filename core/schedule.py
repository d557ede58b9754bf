"""When a meeting's days begin and end, when it closes, and what is due when. Pure; `handlers` asks, `storage` keeps.

Hours are wall-clock times in the meeting's zone. As in RFC 5545 (section 3.3.5), an hour that a clock change skips is
counted as if the clock had not been changed, and one that comes twice is the first of the two.
"""

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import NamedTuple
from zoneinfo import ZoneInfo

from core.meetings import OFF, Meeting

# a time before this one is of the night that follows: a day ends with its last session, not at midnight
DAWN = time(5)
# the end of a day that nobody has set
USUAL_END = "18:00"
# how long a meeting of which nothing else is known goes on in the evening
EVENING = timedelta(hours=4)
# so long before the close it is announced
WARNING = timedelta(minutes=15)
# so long after the last note a meeting that nobody has closed is forgotten
FORGOTTEN = timedelta(days=1)
# notes that follow each other within this go on with the same session
GOES_ON = timedelta(minutes=30)
# an open session without a note for so many minutes, where nobody has set another time
USUAL_SILENCE = 60


class DueKind(StrEnum):
    """What can be due, in the order in which things due at the same time are done."""

    WARNING = "warning"  # the close is near
    DIGEST = "digest"  # the day has ended
    CLOSE = "close"
    ASK = "ask"  # the last day has ended, and nobody has set a close
    SILENCE = "silence"  # has nothing been filed in an open session?
    CONCLUSION = "conclusion"  # has a session been closed without a conclusion?
    FORGOTTEN = "forgotten"  # has nobody closed the meeting?


class Due(NamedTuple):
    """What is due, and when. `mark` tells those of one kind apart; without one it is looked at again and again."""

    kind: DueKind
    mark: str
    at: datetime


class Day(NamedTuple):
    """A day of a meeting, by its number from 1: its date there, and the instants at which its hours begin and end."""

    number: int
    date: date
    begins: datetime
    ends: datetime


def find_day(at: datetime) -> date:
    """The date of the day that a local time belongs to: until dawn that of the evening before."""
    return (at - timedelta(hours=DAWN.hour)).date()


def find_instant(zone: str, day: date, clock: str) -> datetime:
    """The instant of a wall-clock time "HH:MM" of this day; the small hours are those of the night that follows."""
    at = time.fromisoformat(clock)
    local = datetime.combine(day + timedelta(days=at < DAWN), at, ZoneInfo(zone))
    return local.astimezone(UTC)


def list_days(meeting: Meeting) -> list[Day]:
    """The days of an opened meeting. It begins today, or tomorrow where today's hours were over when it was opened."""
    if meeting.opened_at is None:
        return []
    if meeting.starts:
        first = date.fromisoformat(meeting.starts)
    else:
        first = meeting.opened_at.astimezone(ZoneInfo(meeting.zone)).date()
        if _make_day(meeting, 1, first).ends <= meeting.opened_at:
            first += timedelta(days=1)
    return [_make_day(meeting, number, first + timedelta(days=number - 1)) for number in range(1, meeting.days + 1)]


def _make_day(meeting: Meeting, number: int, on: date) -> Day:
    if not meeting.hours:
        return Day(number, on, _find_dawn(meeting, on), _find_usual_end(meeting, on))
    spans = meeting.hours.split(", ")
    begins, _, ends = spans[min(number, len(spans)) - 1].partition("-")
    begun, ended = (find_instant(meeting.zone, on, clock) for clock in (begins, ends))
    # such as 22:00-07:00
    return Day(number, on, begun, ended if ended > begun else find_instant(meeting.zone, on + timedelta(days=1), ends))


def _find_usual_end(meeting: Meeting, on: date) -> datetime:
    """When a day ends that has no hours: with the hour of the close, else at the usual one, or later in the evening."""
    if meeting.close:
        return find_instant(meeting.zone, on, meeting.close[-5:])
    ends = find_instant(meeting.zone, on, USUAL_END)
    opened = meeting.opened_at
    if opened and not meeting.starts and opened.astimezone(ZoneInfo(meeting.zone)).date() == on:
        return max(ends, min(opened + EVENING, _find_dawn(meeting, on + timedelta(days=1))))
    return ends


def _find_dawn(meeting: Meeting, on: date) -> datetime:
    return datetime.combine(on, DAWN, ZoneInfo(meeting.zone)).astimezone(UTC)


def find_close(meeting: Meeting) -> datetime | None:
    """When the meeting closes; None where nobody has said. With a date it is that time of that very date."""
    if not (meeting.close and meeting.opened_at):
        return None
    if " " in meeting.close:
        return datetime.fromisoformat(meeting.close).replace(tzinfo=ZoneInfo(meeting.zone)).astimezone(UTC)
    return find_instant(meeting.zone, list_days(meeting)[-1].date, meeting.close)


def find_date(meeting: Meeting, at: datetime, noted: Sequence[datetime] = ()) -> date:
    """The day of the meeting that this instant belongs to, as `find_span` tells days apart."""
    on = at.astimezone(ZoneInfo(meeting.zone)).date()
    return on if at >= find_span(meeting, on, noted)[0] else on - timedelta(days=1)


def find_span(meeting: Meeting, on: date, noted: Sequence[datetime] = ()) -> tuple[datetime, datetime]:
    """Where a day of the meeting begins, and where the next one does: from dawn to dawn.

    A session that works through the dawn belongs to the day before: `noted` are the times of the notes.
    """
    return _find_start(meeting, on, noted), _find_start(meeting, on + timedelta(days=1), noted)


def _find_start(meeting: Meeting, on: date, noted: Sequence[datetime]) -> datetime:
    """Dawn, or the end of the night's work where that goes on without a break, until the day's own hours at most."""
    days = {day.date: day for day in list_days(meeting)} if meeting.hours else {}
    start, latest = _find_dawn(meeting, on), days[on].begins if on in days else None
    if before := days.get(on - timedelta(days=1)):
        start = max(start, before.ends)
    last = max((at for at in noted if at < start), default=None)
    for at in sorted(at for at in noted if at >= start):
        if last is None or at - last > GOES_ON or (latest and at >= latest):
            break
        last, start = at, at + timedelta(microseconds=1)
    return start


def plan_meeting(meeting: Meeting, since: datetime) -> list[Due]:
    """All that a meeting's settings make due, also what is past; what is looked at again and again first `since` then.

    A closed meeting still has the digest of its last day.
    """
    return sorted(_list_due(meeting, since), key=lambda due: due.at)


def _list_due(meeting: Meeting, since: datetime) -> Iterator[Due]:
    if meeting.opened_at is None:
        return
    days, close = list_days(meeting), find_close(meeting)
    ended = meeting.closed_at or close
    for day in days if meeting.digest != OFF else ():
        if ended is None or day.begins <= ended or day is days[0]:
            # the day that the meeting ends on ends with it
            told = find_digest(meeting, day)
            yield Due(DueKind.DIGEST, day.date.isoformat(), min(told, ended) if ended else told)
    if meeting.closed_at:
        return
    if close:
        mark = close.isoformat()
        yield Due(DueKind.WARNING, mark, close - WARNING)
        yield Due(DueKind.CLOSE, mark, close)
    else:
        # not before the digest
        asked = days[-1].ends if meeting.digest == OFF else max(days[-1].ends, find_digest(meeting, days[-1]))
        yield Due(DueKind.ASK, days[-1].date.isoformat(), asked)
    yield Due(DueKind.FORGOTTEN, "", max(days[-1].ends, close or since, since) + FORGOTTEN)
    if silence := find_silence(meeting):
        yield Due(DueKind.SILENCE, "", since + silence)


def find_digest(meeting: Meeting, day: Day) -> datetime:
    """When a day's digest is due: at the hour that was set, else at the day's end."""
    return find_instant(meeting.zone, day.date, meeting.digest) if meeting.digest else day.ends


def find_silence(meeting: Meeting) -> timedelta | None:
    """After how long without a note an open session is asked about; None where reminders are off."""
    return None if meeting.remind == OFF else timedelta(minutes=int(meeting.remind or USUAL_SILENCE))
