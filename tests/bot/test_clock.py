"""What comes by the clock, at which instant, once: days of real meetings under a clock that the test sets."""

from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from bot.replay import load_record, replay_lines
from core.phrases import phrase
from handlers import Defaults
from reports.formats import load_format
from reports.placement import place
from reports.report import Report
from reports.template_reader import TemplateCatalog
from storage.database import open_database
from storage.store import Store
from tests.bot.clocked import Clocked
from tests.bot.program import Program

ADDIS, NEW_YORK = "Africa/Addis_Ababa", "America/New_York"
DRAFT = "(draft: md for all)"

Hold = Callable[..., Clocked]


def closed(time: str) -> str:
    return str(phrase("closed_by_clock", time=time))


def soon(time: str, count: int = 15) -> str:
    return str(phrase("closes_soon", time=time, count=count))


@pytest.fixture
def hold(tmp_path: Path) -> Iterator[Hold]:
    """Holds a meeting: each message is a wall-clock time, "> ", and what Ana writes then."""
    chats: list[Clocked] = []

    def hold_meeting(zone: str, *messages: str, until: str) -> Clocked:
        chat = Clocked(f"sqlite:///{tmp_path}/notes.db", zone)
        chats.append(chat)
        for message in messages:
            when, _, text = message.partition("> ")
            chat.say(when, text)
        chat.wait(until)
        return chat

    yield hold_meeting
    for chat in chats:
        chat.store.close()


# --- digests and closes at the right instant -----------------------------------------------------------------------


def test_two_days_in_addis_ababa_with_a_session_past_midnight(hold: Hold):
    night = [f"2018-05-07 {hour}:{minute}> #need Night work" for hour in range(18, 24) for minute in (10, 35, 58)]
    chat = hold(
        ADDIS,
        "2018-05-07 08:30> /open South\nzone: Addis Ababa\ndays: 2\nhours: 09:00-18:00\nclose: 17:00\nremind: off",
        "2018-05-07 09:10> #session I: Opening",
        "2018-05-07 17:50> #need Staff",
        *night,
        "2018-05-08 00:20> #conclusion A text is agreed",
        "2018-05-08 00:40> #endsession",
        "2018-05-08 09:30> #opportunity Triangular work",
        until="2018-05-20 12:00",
    )
    assert chat.by_itself == [
        "Tue 00:40 South – day 1 of 2, Monday, 7 May 2018",
        f"Tue 16:45 {soon('17:00')}",
        "Tue 17:00 South – day 2 of 2, Tuesday, 8 May 2018",
        f"Tue 17:00 {closed('17:00')}",
        f"Tue 17:00 {DRAFT}",
    ]


def test_session_past_midnight_that_nobody_ends_ends_half_an_hour_after_its_last_note(hold: Hold):
    chat = hold(
        ADDIS,
        "2018-05-07 08:30> /open South\nzone: Addis Ababa\ndays: 2\nremind: off",
        "2018-05-07 17:40> #session I: Opening",
        *(f"2018-05-07 {time}> #need Staff" for time in ("17:59", "18:20", "18:45", "23:55")),
        until="2018-05-08 12:00",
    )
    # the note at 23:55 came when the day had ended
    assert chat.by_itself == ["Mon 19:15 South – day 1 of 2, Monday, 7 May 2018"]


def test_note_after_midnight_is_in_the_digest_of_the_day_before(hold: Hold):
    chat = hold(
        ADDIS,
        "2018-05-07 08:30> /open South\nzone: Addis Ababa\ndays: 2\nhours: 09:00-01:00\nremind: off",
        "2018-05-08 00:20> #conclusion A text is agreed",
        until="2018-05-08 00:59",
    )
    assert chat.wait("2018-05-08 01:00")[:3] == [
        "Tue 01:00 South – day 1 of 2, Monday, 7 May 2018",
        "Tue 01:00 1 note filed",
        "Tue 01:00 A.\u00a0Major conclusions reached\u00a0(1)",
    ]
    # the next day has none of it
    assert chat.say("2018-05-08 09:00", "/digest")[:2] == [
        "Tue 09:00 South – day 2 of 2, Tuesday, 8 May 2018",
        "Tue 09:00 No notes filed today.",
    ]


def test_new_york_over_the_night_in_which_the_clock_goes_forward(hold: Hold):
    """02:30 is skipped: the close is as long after midnight as if the clock had not been changed."""
    chat = hold(
        NEW_YORK,
        "2018-03-10 09:00> /open Night\nzone: New York\nhours: 20:00-02:30\nclose: 02:30\nremind: off",
        "2018-03-11 01:50> #need Staff",
        until="2018-03-11 12:00",
    )
    assert chat.by_itself == [
        # an instant fifteen minutes before
        f"Sun 03:15 {soon('03:30')}",
        "Sun 03:30 Night – Saturday, 10 March 2018",
        f"Sun 03:30 {closed('03:30')}",
        f"Sun 03:30 {DRAFT}",
    ]


def test_new_york_over_the_night_in_which_the_clock_goes_back(hold: Hold):
    """01:30 comes twice: the first counts. A day later the hours are those of the wall again."""
    chat = hold(
        NEW_YORK,
        "2018-11-03 09:00> /open Night\nzone: New York\ndays: 2\nhours: 09:00-01:30\nclose: 18:00\nremind: off",
        "2018-11-04 00:50> #need Staff",
        "2018-11-04 15:00> #need Rooms",
        until="2018-11-04 23:00",
    )
    assert chat.by_itself == [
        "Sun 01:30 Night – day 1 of 2, Saturday, 3 November 2018",
        f"Sun 17:45 {soon('18:00')}",
        "Sun 18:00 Night – day 2 of 2, Sunday, 4 November 2018",
        f"Sun 18:00 {closed('18:00')}",
        f"Sun 18:00 {DRAFT}",
    ]
    with chat.store.read() as work:
        [met] = work.list_meetings()
        at = next(m.sent_at for m in work.load_record(met.id).messages if m.first_text == "/close")
    assert (at, met.closed_at) == (datetime(2018, 11, 4, 23, tzinfo=UTC), datetime(2018, 11, 4, 23, tzinfo=UTC))
    with chat.store.read() as work:
        assert work.list_due(met.id) == []


@pytest.mark.parametrize(
    ("zone", "close"), [("Asia/Kolkata", "12:00"), ("Asia/Kathmandu", "11:45"), ("Australia/Adelaide", "08:00")]
)
def test_zones_that_are_not_whole_hours_away(hold: Hold, zone: str, close: str):
    chat = hold(
        zone,
        f"2018-05-07 09:00> /open South\nzone: {zone}\nclose: 17:30\nremind: off",
        "2018-05-07 10:00> #need Staff",
        until="2018-05-08 12:00",
    )
    assert chat.by_itself == [
        f"Mon 17:15 {soon('17:30')}",
        "Mon 17:30 South – Monday, 7 May 2018",
        f"Mon 17:30 {closed('17:30')}",
        f"Mon 17:30 {DRAFT}",
    ]
    with chat.store.read() as work:
        [met] = work.list_meetings()
    assert met.closed_at == datetime.fromisoformat(f"2018-05-07T{close}+00:00")


def test_digest_at_a_set_hour_waits_for_nobody_and_can_be_turned_off(hold: Hold):
    chat = hold(
        ADDIS,
        "2018-05-07 08:30> /open South\nzone: Addis Ababa\ndays: 3\ndigest: 19:00\nremind: off",
        "2018-05-07 18:50> #session I: Opening",
        "2018-05-07 18:55> #need Staff",
        "2018-05-08 09:00> #need Rooms",
        "2018-05-08 10:00> /set digest: off",
        until="2018-05-09 17:00",
    )
    assert chat.by_itself == ["Mon 19:00 South – day 1 of 3, Monday, 7 May 2018"]


def test_meeting_of_several_chats_is_told_in_each_and_has_one_draft(hold: Hold):
    chat = hold(
        ADDIS, "2018-05-07 09:00> /open South\nzone: Addis Ababa\nclose: 17:00\ndigest: off", until="2018-05-07 09:01"
    )
    code = chat.say("2018-05-07 09:02", "/join")[0].split("“join ")[1].split("”")[0]
    chat.say("2018-05-07 09:03", f"/join {code}", "ben", chat="-200")
    chat.wait("2018-05-08 12:00")
    assert chat.by_itself == [
        f"Mon 16:45 {soon('17:00')}",
        f"Mon 16:45 -200: {soon('17:00')}",
        f"Mon 17:00 {closed('17:00')}",
        f"Mon 17:00 -200: {closed('17:00')}",
        f"Mon 17:00 {DRAFT}",
    ]


# --- the close by hand ---------------------------------------------------------------------------------------------


def test_close_is_put_off_brought_forward_and_done_at_once(hold: Hold):
    chat = hold(
        ADDIS, "2018-05-07 09:00> /open South\nzone: Addis Ababa\nclose: 17:00\ndigest: off", until="2018-05-07 16:50"
    )
    put_off = "The meeting closes on {} at {} (Africa/Addis_Ababa)."
    assert chat.say("2018-05-07 16:51", "/close 18:00") == [
        "Mon 16:51 " + put_off.format("Monday, 7 May 2018", "18:00")
    ]
    assert chat.say("2018-05-07 16:52", "/close 16:00") == [
        "Mon 16:52 🤔 not understood",
        f"Mon 16:52 {phrase('close_passed', time='16:00')}",
    ]
    assert chat.say("2018-05-07 16:53", "/close 00:30") == [
        "Mon 16:53 " + put_off.format("Tuesday, 8 May 2018", "00:30")
    ]
    chat.wait("2018-05-08 00:10")
    assert chat.say("2018-05-08 00:11", "/close 00:40") == [
        "Tue 00:11 " + put_off.format("Tuesday, 8 May 2018", "00:40")
    ]
    chat.wait("2018-05-08 00:26")
    assert chat.say("2018-05-08 00:27", "/close now") == [f"Tue 00:27 {phrase('closed')}", f"Tue 00:27 {DRAFT}"]
    chat.wait("2018-05-10 12:00")
    # each new close has a warning of its own
    assert chat.by_itself == [f"Mon 16:45 {soon('17:00')}", f"Tue 00:25 {soon('00:40')}"]


def test_reopened_meeting_is_not_closed_by_the_same_hour_again(hold: Hold):
    chat = hold(
        ADDIS,
        "2018-05-07 09:00> /open South\nzone: Addis Ababa\nclose: 17:00\ndigest: off\nremind: off",
        "2018-05-07 17:10> /reopen",
        "2018-05-07 17:20> #need Staff",
        until="2018-05-07 23:00",
    )
    assert chat.say("2018-05-07 23:01", "/close 23:30")[0].endswith("at 23:30 (Africa/Addis_Ababa).")
    chat.wait("2018-05-09 12:00")
    assert chat.by_itself == [
        f"Mon 16:45 {soon('17:00')}",
        f"Mon 17:00 {closed('17:00')}",
        f"Mon 17:00 {DRAFT}",
        f"Mon 23:15 {soon('23:30')}",
        f"Mon 23:30 {closed('23:30')}",
        f"Mon 23:30 {DRAFT}",
    ]


def test_close_by_the_clock_is_in_the_transcript_and_a_replay_gives_the_same_report(
    hold: Hold, tmp_path: Path, program: Program
):
    chat = hold(
        ADDIS,
        "2018-05-07 09:00> /open South\nzone: Addis Ababa\nclose: 17:00",
        "2018-05-07 10:00> #recommendation Train more people",
        "2018-05-07 17:30> #recommendation Came late",
        until="2018-05-08 12:00",
    )
    code, lines, _ = program.run(tmp_path, "export", "south", "--database", chat.database_url)
    assert code == 0
    with chat.store.read() as work:
        [met] = work.list_meetings()
    template = chat.app.templates.load("bapa40")
    live = place(load_record(chat.store, met.id), template)
    again = replay_again(lines.splitlines(), chat)
    assert load_format("json").render(again) == load_format("json").render(live)
    assert [item.text for item in live.late] == ["Came late"]


def replay_again(lines: list[str], chat: Clocked) -> Report:
    with closing(Store(open_database("sqlite://"))) as store:
        replayed = replay_lines(lines, (store, chat.app.templates, Defaults()), "south", {})
        record = load_record(store, replayed.meeting_id)
        return place(record, chat.app.templates.load(record.meeting.template))


def test_button_of_an_earlier_meeting_does_nothing_to_the_next(hold: Hold):
    chat = hold(
        ADDIS,
        "2018-05-07 09:00> /open Morning\nzone: Addis Ababa\nclose: 12:00\ndigest: off",
        "2018-05-07 12:10> /open Afternoon\nzone: Addis Ababa\nclose: 17:00\ndigest: off",
        until="2018-05-07 12:11",
    )
    for command in ("/close now", "/close 12:30"):
        assert chat.press("2018-05-07 12:15", command, "The meeting closes")[-1].endswith(str(phrase("closed_already")))
    chat.wait("2018-05-07 16:50")
    # the room hears of it, not only who pressed
    moved = "The meeting closes on Monday, 7 May 2018 at 17:30 (Africa/Addis_Ababa)."
    assert chat.press("2018-05-07 16:51", "/close 17:30", "The meeting closes") == [f"Mon 16:51 {moved}"] * 2
    with chat.store.read() as work:
        assert [(met.title, met.is_open) for met in work.list_meetings()] == [("Morning", False), ("Afternoon", True)]


def test_topic_whose_meeting_is_closed_closes_and_reopens_no_other(hold: Hold):
    chat = hold(ADDIS, "2018-05-07 09:00> /open General\nzone: Addis Ababa", until="2018-05-07 09:01")
    chat.say("2018-05-07 09:02", "/close", chat="-100")
    chat.say("2018-05-07 09:03", "/open Climate\nzone: Addis Ababa", chat="-100/7")
    chat.say("2018-05-07 09:04", "/open General\nzone: Addis Ababa", chat="-100")
    chat.say("2018-05-07 09:05", "/close", chat="-100/7")
    assert chat.say("2018-05-07 09:06", "/close now", chat="-100/7")[-1].endswith(str(phrase("closed_already")))
    assert chat.say("2018-05-07 09:07", "/reopen", chat="-100/7")[-1].endswith(str(phrase("reopened")))
    with chat.store.read() as work:
        assert [met.title for met in work.list_meetings() if met.is_open] == ["Climate", "General"]


@pytest.mark.parametrize("line", ["close: 2018-05-06 17:00", "close: 17:00\nstarts: 2018-05-01"])
def test_meeting_that_would_be_over_is_not_opened(hold: Hold, line: str):
    chat = hold(ADDIS, f"2018-05-07 09:00> /open South\nzone: Addis Ababa\n{line}", until="2018-05-07 09:01")
    assert "has passed" in chat.lines[-1]
    with chat.store.read() as work:
        assert work.list_meetings() == []


def test_setting_that_makes_the_close_pass_says_so(hold: Hold):
    chat = hold(
        ADDIS,
        "2018-05-07 09:00> /open South\nzone: Addis Ababa\ndays: 3\nclose: 17:00\ndigest: off\nremind: off",
        until="2018-05-08 18:00",
    )
    assert chat.say("2018-05-08 18:01", "/set days: 1") == [
        "Tue 18:01 days: 1",
        "Tue 18:01 close: Monday, 7 May 2018, 17:00",
        f"Tue 18:01 {phrase('close_passed', time='17:00')}",
    ]
    assert chat.say("2018-05-08 18:02", "/set days: 2")[:2] == [
        "Tue 18:02 days: 2",
        "Tue 18:02 close: Tuesday, 8 May 2018, 17:00",
    ]
    assert chat.say("2018-05-08 18:03", "/close 19:00")[0].endswith("8 May 2018 at 19:00 (Africa/Addis_Ababa).")


def test_day_that_is_closed_early_has_its_digest_then(hold: Hold):
    chat = hold(
        ADDIS,
        "2018-05-07 09:00> /open South\nzone: Addis Ababa\ndays: 3\nclose: 17:00\nremind: off",
        "2018-05-07 10:00> #need Staff",
        "2018-05-08 10:00> #need Rooms",
        "2018-05-08 12:00> /close now",
        until="2018-05-12 12:00",
    )
    assert chat.by_itself == [
        "Mon 17:00 South – day 1 of 3, Monday, 7 May 2018",
        "Tue 12:00 South – day 2 of 3, Tuesday, 8 May 2018",
    ]
    assert chat.lines_with("for tomorrow") == [line for line in chat.lines_with("for tomorrow") if line[:3] == "Mon"]


def test_newest_digest_is_that_of_the_newest_day_with_notes(hold: Hold):
    chat = hold(
        ADDIS,
        "2018-05-07 09:00> /open South\nzone: Addis Ababa\ndays: 3\nclose: 17:00\nremind: off",
        "2018-05-07 10:00> #need Staff",
        until="2018-05-07 10:01",
    )
    chat.wake_up("2018-05-11 09:00")
    assert chat.by_itself == [
        "Fri 09:00 South – day 1 of 3, Monday, 7 May 2018",
        f"Fri 09:00 {closed('17:00')}",
        f"Fri 09:00 {DRAFT}",
    ]


# --- reminders and forgotten meetings ------------------------------------------------------------------------------


def test_session_that_ended_without_a_conclusion_reminds_who_opened_it_once(hold: Hold):
    chat = hold(
        ADDIS,
        "2018-05-07 09:00> /open South\nzone: Addis Ababa\ndigest: off",
        "2018-05-07 09:10> #session I: Opening",
        "2018-05-07 09:20> #need Staff",
        "2018-05-07 09:30> #session II: Data",
        "2018-05-07 09:31> #need Rooms",
        "2018-05-07 09:35> #conclusion Rooms are found",
        "2018-05-07 09:45> #session III: Closing",
        until="2018-05-07 10:00",
    )
    told = phrase("no_conclusion", session="Session I: Opening")
    assert chat.lines_with("without a conclusion") == [f"Mon 09:40 {told}"]


def test_silence_in_an_open_session_is_told_to_the_organizers_once(hold: Hold):
    chat = hold(
        ADDIS,
        "2018-05-07 09:00> /open South\nzone: Addis Ababa\ndigest: off\nremind: 30\nhours: 09:00-18:00\ndays: 2",
        until="2018-05-07 09:05",
    )
    # from here on the bot knows where Ana writes to it alone
    chat.say("2018-05-07 09:06", "/help", chat="ana")
    chat.say("2018-05-07 10:00", "#session I: Opening")
    chat.say("2018-05-07 10:20", "#need Staff")
    chat.say("2018-05-07 12:00", "#need Rooms")
    chat.say("2018-05-07 17:45", "#session II: Data")
    chat.wait("2018-05-09 12:00")
    silence = [
        phrase("silence", meeting="South", sessions=s, count=30) for s in ("Session I: Opening", "Session II: Data")
    ]
    # nobody is reminded at night: of the second session on the next morning
    assert chat.lines_with("no notes for") == [f"Mon 10:50 ana: {silence[0]}", f"Tue 09:30 ana: {silence[1]}"]


def test_reminders_end_with_one_command(hold: Hold):
    chat = hold(
        ADDIS,
        "2018-05-07 09:00> /open South\nzone: Addis Ababa\ndigest: off",
        "2018-05-07 09:10> #session I: Opening",
        "2018-05-07 09:20> #need Staff",
        "2018-05-07 09:22> /set remind: off",
        "2018-05-07 09:30> #session II: Data",
        until="2018-05-07 17:59",
    )
    assert chat.by_itself == []


def test_forgotten_meeting_is_asked_about_then_drafted_and_stays_open(hold: Hold):
    chat = hold(
        ADDIS,
        "2018-05-07 09:00> /open South\nzone: Addis Ababa\nremind: off",
        "2018-05-07 10:00> #need Staff",
        "2018-05-07 17:00> #need Rooms",
        until="2018-05-10 12:00",
    )
    asked = phrase("ask_close", meeting="South", later="20:00")
    drafted = phrase("forgotten", meeting="South", day=date(2018, 5, 7), time="17:00")
    first = [
        "Mon 18:00 South – Monday, 7 May 2018",
        f"Mon 18:00 {asked}",
        f"Tue 18:00 {drafted}",
        f"Tue 18:00 {DRAFT}",
    ]
    assert chat.by_itself == first
    # a note that comes now is drafted a day later in turn
    chat.say("2018-05-11 09:00", "#need Desks")
    chat.wait("2018-05-20 12:00")
    drafted = phrase("forgotten", meeting="South", day=date(2018, 5, 11), time="09:00")
    assert chat.by_itself == [*first, f"Sat 09:00 {drafted}", f"Sat 09:00 {DRAFT}"]
    with chat.store.read() as work:
        assert [met.is_open for met in work.list_meetings()] == [True]


def test_day_without_notes_has_no_digest(hold: Hold):
    chat = hold(
        ADDIS, "2018-05-07 09:00> /open South\nzone: Addis Ababa\ndays: 2\nclose: 17:00", until="2018-05-08 16:44"
    )
    assert chat.by_itself == []


# --- trouble -------------------------------------------------------------------------------------------------------


def test_what_fails_is_tried_again_and_holds_up_nothing_else(hold: Hold, tmp_path: Path):
    chat = hold(
        ADDIS,
        "2018-05-07 09:00> /open South\nzone: Addis Ababa\nclose: 17:00\nremind: off",
        "2018-05-07 10:00> #need Staff",
        until="2018-05-07 16:50",
    )
    whole = chat.app
    # a template that cannot be read for a while
    chat.clock.app = replace(whole, templates=TemplateCatalog({"bapa40": tmp_path}))
    chat.wait("2018-05-07 17:02")
    chat.clock.app = whole
    chat.wait("2018-05-07 17:20")
    assert chat.by_itself == [
        f"Mon 16:45 {soon('17:00')}",
        f"Mon 17:00 {closed('17:00')}",
        f"Mon 17:00 {DRAFT}",
        "Mon 17:05 South – Monday, 7 May 2018",
    ]


def test_meetings_of_an_earlier_version_are_planned_when_the_bot_starts(hold: Hold):
    chat = hold(
        ADDIS, "2018-05-07 09:00> /open South\nzone: Addis Ababa\nclose: 17:00\nremind: off", until="2018-05-07 09:01"
    )
    with chat.store.work() as work:
        work.plan_due(1, [], chat.now)
        assert work.list_due(1) == []
    chat.wake_up("2018-05-07 12:00")
    chat.wait("2018-05-07 17:00")
    assert chat.by_itself == [f"Mon 16:45 {soon('17:00')}", f"Mon 17:00 {closed('17:00')}", f"Mon 17:00 {DRAFT}"]
