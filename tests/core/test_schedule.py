"""Wall-clock days of a meeting as instants, over midnight and clock changes."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.meetings import Meeting
from core.schedule import (
    Day,
    find_close,
    find_date,
    find_instant,
    find_silence,
    find_span,
    list_days,
    plan_meeting,
)

ADDIS, NEW_YORK = "Africa/Addis_Ababa", "America/New_York"


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def local(zone: str, text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


def make_meeting(zone: str = ADDIS, opened: str = "2018-05-07 08:30", **settings: object) -> Meeting:
    meeting = Meeting(1, "m", "bapa40", zone, opened_at=local(zone, opened))
    return replace(meeting, **settings, given=frozenset(settings))  # type: ignore[arg-type]


# --- instants ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("zone", "day", "clock", "instant"),
    [
        (ADDIS, "2018-05-07", "18:00", "2018-05-07 15:00"),
        # the small hours are those of the night that follows
        (ADDIS, "2018-05-07", "00:30", "2018-05-07 21:30"),
        (ADDIS, "2018-05-07", "04:59", "2018-05-08 01:59"),
        (ADDIS, "2018-05-07", "05:00", "2018-05-07 02:00"),
        # zones that are not whole hours away
        ("Asia/Kolkata", "2018-05-07", "17:30", "2018-05-07 12:00"),
        ("Asia/Kathmandu", "2018-05-07", "17:30", "2018-05-07 11:45"),
        # 02:30 is skipped in the night after 10 March 2018: counted as if the clock had not been changed
        (NEW_YORK, "2018-03-10", "02:30", "2018-03-11 07:30"),
        (NEW_YORK, "2018-03-10", "03:30", "2018-03-11 07:30"),
        (NEW_YORK, "2018-03-10", "01:59", "2018-03-11 06:59"),
        # 01:30 comes twice in the night after 3 November 2018: the first of the two
        (NEW_YORK, "2018-11-03", "01:30", "2018-11-04 05:30"),
        (NEW_YORK, "2018-11-03", "02:00", "2018-11-04 07:00"),
        # a clock that changes by half an hour: 01:45 comes twice, 02:15 is skipped
        ("Australia/Lord_Howe", "2018-03-31", "01:45", "2018-03-31 14:45"),
        ("Australia/Lord_Howe", "2018-10-06", "02:15", "2018-10-06 15:45"),
        # a day that did not exist: Samoa went from 29 to 31 December 2011
        ("Pacific/Apia", "2011-12-30", "18:00", "2011-12-31 04:00"),
    ],
)
def test_time_of_day_is_an_instant_in_every_zone(zone: str, day: str, clock: str, instant: str):
    assert find_instant(zone, date.fromisoformat(day), clock) == utc(instant)


@given(
    zone=st.sampled_from(sorted(available_timezones())),
    day=st.dates(date(2000, 1, 1), date(2037, 12, 31)),
    clock=st.times(),
)
def test_time_of_day_that_there_is_once_is_told_back(zone: str, day: date, clock: object):
    typed = f"{clock:%H:%M}"
    instant = find_instant(zone, day, typed)
    told = instant.astimezone(ZoneInfo(zone))
    there = told.replace(fold=0).astimezone(UTC) == instant
    assert there
    if told.utcoffset() == (instant - timedelta(hours=3)).astimezone(ZoneInfo(zone)).utcoffset():
        # no change of the clock near
        assert (f"{told:%H:%M}", told.date()) == (typed, day + timedelta(days=typed < "05:00"))


# --- days ----------------------------------------------------------------------------------------------------------


def day(number: int, on: str, begins: str, ends: str) -> Day:
    return Day(number, date.fromisoformat(on), local(ADDIS, begins), local(ADDIS, ends))


@pytest.mark.parametrize(
    ("settings", "days"),
    [
        # from dawn to the usual end
        ({}, [day(1, "2018-05-07", "2018-05-07 05:00", "2018-05-07 18:00")]),
        # the close of the last day ends the others as well
        (
            {"days": 2, "close": "17:00"},
            [
                day(1, "2018-05-07", "2018-05-07 05:00", "2018-05-07 17:00"),
                day(2, "2018-05-08", "2018-05-08 05:00", "2018-05-08 17:00"),
            ],
        ),
        # the last hours given hold for all that follow
        (
            {"days": 3, "hours": "09:00-18:00, 10:00-01:00", "close": "13:00"},
            [
                day(1, "2018-05-07", "2018-05-07 09:00", "2018-05-07 18:00"),
                day(2, "2018-05-08", "2018-05-08 10:00", "2018-05-09 01:00"),
                day(3, "2018-05-09", "2018-05-09 10:00", "2018-05-10 01:00"),
            ],
        ),
        ({"starts": "2018-05-09"}, [day(1, "2018-05-09", "2018-05-09 05:00", "2018-05-09 18:00")]),
        ({"close": "2018-05-07 16:00"}, [day(1, "2018-05-07", "2018-05-07 05:00", "2018-05-07 16:00")]),
    ],
)
def test_days_have_hours_in_the_zone(settings: dict[str, object], days: list[Day]):
    assert list_days(make_meeting(**settings)) == days


@pytest.mark.parametrize(
    ("opened", "settings", "first", "ends"),
    [
        ("2018-05-06 20:00", {"close": "17:00"}, "2018-05-07", "2018-05-07 17:00"),
        ("2018-05-06 20:00", {"hours": "09:00-18:00"}, "2018-05-07", "2018-05-07 18:00"),
        ("2018-05-06 16:59", {"close": "17:00"}, "2018-05-06", "2018-05-06 17:00"),
        ("2018-05-07 00:10", {"close": "17:00"}, "2018-05-07", "2018-05-07 17:00"),
        # where nobody has said when it ends, a meeting of the evening is one of today
        ("2018-05-06 18:30", {}, "2018-05-06", "2018-05-06 22:30"),
        ("2018-05-06 23:30", {}, "2018-05-06", "2018-05-07 03:30"),
        ("2018-05-06 09:00", {}, "2018-05-06", "2018-05-06 18:00"),
    ],
)
def test_meeting_that_is_opened_after_hours_begins_on_the_next_day(
    opened: str, settings: dict[str, object], first: str, ends: str
):
    days = list_days(make_meeting(opened=opened, **settings))
    assert [(d.date.isoformat(), d.ends) for d in days] == [(first, local(ADDIS, ends))]


def test_hours_that_cross_the_dawn_make_one_day():
    meeting = make_meeting(days=2, hours="22:00-07:00")
    assert list_days(meeting) == [
        day(1, "2018-05-07", "2018-05-07 22:00", "2018-05-08 07:00"),
        day(2, "2018-05-08", "2018-05-08 22:00", "2018-05-09 07:00"),
    ]
    found = [find_date(meeting, local(ADDIS, f"2018-05-08 {clock}")).isoformat() for clock in ("06:30", "07:00")]
    assert found == ["2018-05-07", "2018-05-08"]


def test_meeting_that_is_not_open_has_no_days_and_nothing_due():
    meeting = Meeting(1, "m", "bapa40", ADDIS, close="17:00")
    assert (list_days(meeting), find_close(meeting), plan_meeting(meeting, utc("2018-05-07"))) == ([], None, [])


@pytest.mark.parametrize(
    ("settings", "close"),
    [
        ({"close": "17:30"}, "2018-05-07 17:30"),
        ({"close": "17:30", "days": 2}, "2018-05-08 17:30"),
        ({"close": "01:00", "days": 2}, "2018-05-09 01:00"),
        ({"close": "2018-05-10 09:00", "days": 2}, "2018-05-10 09:00"),
        ({"close": "2018-05-10 01:00"}, "2018-05-10 01:00"),
    ],
)
def test_close_is_on_the_last_day_unless_a_date_is_given(settings: dict[str, object], close: str):
    assert find_close(make_meeting(**settings)) == local(ADDIS, close)


@pytest.mark.parametrize(
    ("at", "noted", "on"),
    [
        ("2018-05-07 23:59", [], "2018-05-07"),
        ("2018-05-08 00:20", [], "2018-05-07"),
        ("2018-05-08 04:59", [], "2018-05-07"),
        ("2018-05-08 05:00", [], "2018-05-08"),
        # a session that works through the dawn
        ("2018-05-08 05:20", ["2018-05-08 04:50", "2018-05-08 05:20"], "2018-05-07"),
        ("2018-05-08 05:21", ["2018-05-08 04:50", "2018-05-08 05:20"], "2018-05-08"),
        ("2018-05-08 05:40", ["2018-05-08 04:50", "2018-05-08 05:40"], "2018-05-08"),
        # a first note at dawn is the new day's
        ("2018-05-08 05:10", ["2018-05-08 05:10"], "2018-05-08"),
    ],
)
def test_day_ends_with_its_last_session(at: str, noted: list[str], on: str):
    times = [local(ADDIS, text) for text in noted]
    assert find_date(make_meeting(days=2), local(ADDIS, at), times).isoformat() == on


def test_night_that_has_no_end_ends_with_the_hours_of_the_next_day():
    meeting = make_meeting(days=2, hours="09:00-18:00")
    times = [local(ADDIS, "2018-05-07 22:00") + timedelta(minutes=20 * n) for n in range(100)]
    assert find_span(meeting, date(2018, 5, 8), times)[0] == local(ADDIS, "2018-05-08 08:40") + timedelta(
        microseconds=1
    )


@given(
    st.lists(st.integers(0, 4 * 24 * 60), max_size=60),
    st.integers(-24 * 60, 5 * 24 * 60),
    st.sampled_from([ADDIS, NEW_YORK, "Asia/Kolkata", "Pacific/Apia"]),
)
def test_every_instant_is_of_one_day_and_days_follow_each_other(minutes: list[int], offset: int, zone: str):
    meeting = make_meeting(zone, "2018-03-09 08:30", days=4)
    begun = local(zone, "2018-03-09 08:30")
    noted = [begun + timedelta(minutes=m) for m in minutes]
    at = begun + timedelta(minutes=offset)
    on = find_date(meeting, at, noted)
    begins, ends = find_span(meeting, on, noted)
    assert begins <= at < ends
    assert find_span(meeting, on + timedelta(days=1), noted)[0] == ends


# --- what is due ---------------------------------------------------------------------------------------------------

OPENED = local(ADDIS, "2018-05-07 08:30")


def planned(meeting: Meeting) -> list[tuple[str, str, str]]:
    zone = ZoneInfo(meeting.zone)
    return [(d.kind.value, d.mark, f"{d.at.astimezone(zone):%d %H:%M}") for d in plan_meeting(meeting, OPENED)]


def test_two_days_with_a_close():
    mark = local(ADDIS, "2018-05-08 17:00").isoformat()
    assert planned(make_meeting(days=2, close="17:00", hours="09:00-18:00")) == [
        ("silence", "", "07 09:30"),
        ("digest", "2018-05-07", "07 18:00"),
        ("warning", mark, "08 16:45"),
        # the last day ends with the close
        ("digest", "2018-05-08", "08 17:00"),
        ("close", mark, "08 17:00"),
        ("forgotten", "", "09 18:00"),
    ]


def test_without_a_close_the_end_of_the_last_day_asks():
    assert planned(make_meeting(digest="19:00", remind="90")) == [
        ("silence", "", "07 10:00"),
        ("digest", "2018-05-07", "07 19:00"),
        ("ask", "2018-05-07", "07 19:00"),
        ("forgotten", "", "08 18:00"),
    ]


def test_digests_and_reminders_can_be_turned_off():
    assert planned(make_meeting(digest="off", remind="off")) == [
        ("ask", "2018-05-07", "07 18:00"),
        ("forgotten", "", "08 18:00"),
    ]
    assert [find_silence(make_meeting(remind=r)) for r in ("off", "", "5")] == [
        None,
        timedelta(hours=1),
        timedelta(minutes=5),
    ]


@pytest.mark.parametrize(
    ("closed", "digests"),
    [
        ("2018-05-07 12:00", ["07 12:00"]),
        ("2018-05-08 00:20", ["07 18:00"]),
        ("2018-05-08 10:00", ["07 18:00", "08 10:00"]),
    ],
)
def test_closed_meeting_has_the_digests_of_the_days_that_it_had(closed: str, digests: list[str]):
    meeting = make_meeting(days=2, hours="09:00-18:00", close="17:00", closed_at=local(ADDIS, closed))
    assert [(kind, at) for kind, _, at in planned(meeting)] == [("digest", at) for at in digests]
