"""The sender on a real database: what arrives in chats, once and in order, whatever goes wrong on the way."""

import asyncio
import os
import signal
import sqlite3
from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from bot.backoff import Pace
from bot.platforms import BusyError, NoReactionsError, RefusedError, UnreachableError
from bot.platforms.console import Console
from bot.worker import Worker
from core.phrases import phrase
from core.replies import Button, Reaction, Reply
from handlers import Defaults
from storage.database import open_database
from storage.store import Store
from tests.bot.recorder import Clock, Lost, Recorder, deliver, find_children, list_waiting, order, to, wait_until
from tests.bot.transcripts import TEMPLATES
from tests.handlers.chat import START

FILED, CHANGED, CONFUSED = Reaction.FILED, Reaction.CHANGED, Reaction.NOT_UNDERSTOOD


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    made = Store(open_database(f"sqlite:///{tmp_path}/notes.db"))
    yield made
    made.close()


def list_failures(store: Store) -> list[tuple[str, str]]:
    with store.read() as work:
        return [(place[2], failure) for place, failure in work.list_failures()]


def file_notes(store: Store, count: int) -> None:
    """A meeting of the chat "console" with so many notes; what was answered is forgotten."""
    console = Console("Ana")
    texts = ["/open Consultation", *(f"#recommendation Hire {n}" for n in range(count))]
    store.put_updates(
        console.source, [console.write_update(text, START + timedelta(minutes=n)) for n, text in enumerate(texts)]
    )
    Worker(store, TEMPLATES, Defaults(), console).take_all()
    with store.work() as work:
        for row in work.take_replies("console", "", 1000):
            work.finish_reply(row.id)


def test_words_of_a_chat_arrive_in_order_and_with_all_that_belongs_to_them(store: Store):
    replies = [Reply(to(n), f"text {n}", buttons=((Button("Yes", "/yes"),),)) for n in range(30)]
    order(store, *replies)
    platform = Recorder()
    deliver(store, platform)
    assert platform.replies == replies
    with store.read() as work:
        assert work.list_sent(to(1).place) == set(platform.chats["A"])


def test_a_chat_that_hangs_holds_up_no_other(store: Store):
    order(store, Reply(to(1), "one"), Reply(to(1, "B"), "two"), Reply(to(2), "three"), Reply(to(2, "B"), "four"))
    platform = Recorder()
    platform.holds["A"] = lambda: wait_until(lambda: ("B", "four") in platform.calls)
    deliver(store, platform)
    assert platform.calls[-1] == ("A", "three")
    assert platform.chats == {"A": {"A-1": "one", "A-2": "three"}, "B": {"B-1": "two", "B-2": "four"}}


def test_a_draft_holds_up_neither_other_chats_nor_reactions(store: Store):
    file_notes(store, 1)
    order(
        store,
        Reply(to(1, "console"), draft=("json",)),
        Reply(to(2, "console"), reaction=FILED),
        Reply(to(3, "console"), "after the draft"),
        Reply(to(1, "B"), "beside"),
    )
    platform = Recorder()
    others = {("console", "2 filed"), ("B", "beside")}

    async def hold() -> None:
        # what is being made goes on only when the others have arrived
        if platform.calls[-1][1] == "(works)":
            await wait_until(lambda: others <= set(platform.calls))

    platform.holds["console"] = hold
    deliver(store, platform)
    assert [call for call in platform.calls if call not in others] == [
        ("console", "(works)"),
        ("console", "after the draft"),
        ("console", platform.calls[-1][1]),
    ]
    assert set(platform.calls) >= others
    assert platform.calls[-1][1].startswith("[consultation-draft-1.json] Draft 1 · Consultation\n")


def test_words_with_a_reaction_are_both_sent_and_done_once(store: Store):
    order(store, Reply(to(1), "What is #xyzzy?", CONFUSED))
    platform = Recorder()
    deliver(store, platform, until=lambda: len(platform.calls) == 2 and not list_waiting(store))
    assert sorted(platform.calls) == [("A", "1 not_understood"), ("A", "What is #xyzzy?")]


def test_only_the_newest_reaction_to_a_message_is_sent(store: Store):
    order(store, *(Reply(to(1), reaction=reaction) for reaction in (FILED, CONFUSED, CHANGED)))
    platform = Recorder()
    deliver(store, platform)
    assert platform.calls == [("A", "1 changed")]


def test_reactions_keep_within_the_minute_and_those_not_understood_go_first(store: Store):
    order(store, *(Reply(to(n), reaction=CONFUSED) for n in range(12)), Reply(to(99), reaction=FILED))
    clock = Clock()
    platform = Recorder(acks_a_minute=5)
    times: list[float] = []

    async def note_time() -> None:
        times.append(clock.now)

    platform.holds["A"] = note_time
    deliver(store, platform, clock.pace())
    # the chat feeds no meeting, so the one that is filed gives way without a word
    assert platform.calls == [("A", f"{n} not_understood") for n in range(12)]
    assert times == [0] * 5 + [60] * 5 + [120] * 2


def test_words_do_not_wait_for_reactions(store: Store):
    order(store, *(Reply(to(n), reaction=CONFUSED) for n in range(12)), Reply(to(99), "words"))
    clock = Clock()
    platform = Recorder(acks_a_minute=5)
    deliver(store, platform, clock.pace())
    assert ("A", "words") in platform.calls[:7]


def test_too_many_reactions_become_one_message_that_is_edited(store: Store):
    file_notes(store, 3)
    clock = Clock()
    platform = Recorder(acks_a_minute=2)
    order(store, *(Reply(to(n, "console"), reaction=FILED) for n in range(3)))
    deliver(store, platform, clock.pace())
    with store.read() as work:
        card = work.find_card(to(1, "console").place, "acks")
    assert (platform.calls, platform.chats) == (
        [("console", "Notes filed so far: 3.")],
        {"console": {card: "Notes filed so far: 3."}},
    )


def test_where_reactions_are_off_the_count_stands_in_one_message(store: Store):
    file_notes(store, 1)
    clock = Clock()
    platform = Recorder(faults={"console": [NoReactionsError("reactions are off")]})
    order(store, Reply(to(1, "console"), reaction=FILED))
    more = Console("Ben")

    def file_another() -> None:
        store.put_updates(more.source, [more.write_update("#need Rooms", START + timedelta(hours=1))])
        Worker(store, TEMPLATES, Defaults(), more).take_all()

    coming = iter([file_another, lambda: order(store, Reply(to(3, "console"), "What?", CONFUSED))])

    def go_on() -> bool:
        if list_waiting(store):
            return False
        come = next(coming, None)
        if come:
            come()
        return come is None

    deliver(store, platform, clock.pace(), until=go_on)
    assert platform.calls[:3] == [
        ("console", "1 filed"),
        ("console", "Notes filed so far: 1."),
        ("console", "Notes filed so far: 2."),
    ]
    assert platform.calls[3:] == [("console", "What?")]
    assert list(platform.chats["console"].values()) == ["Notes filed so far: 2.", "What?"]
    # not sooner than ten seconds after
    assert clock.now >= 10


def test_a_busy_platform_is_left_alone_for_as_long_as_it_wants(store: Store):
    order(store, Reply(to(1), "one"), Reply(to(2), "two"))
    clock = Clock()
    platform = Recorder(faults={"A": [BusyError(7), BusyError(31)]})
    deliver(store, platform, clock.pace())
    assert (platform.calls, clock.waits) == ([("A", "one")] * 3 + [("A", "two")], [7, 31])


def test_an_outage_loses_nothing_repeats_nothing_and_is_told_twice(store: Store):
    order(store, Reply(to(1), "one"), Reply(to(1), reaction=FILED), Reply(to(1, "B"), "two"), Reply(to(2), "three"))
    outage = [UnreachableError("no route")] * 8
    clock = Clock()
    platform = Recorder(faults={"A": [Lost(UnreachableError("no answer")), *outage], "B": list(outage)})
    with capture_logs() as logs:
        deliver(store, platform, clock.pace(), until=lambda: len(logs) > 1 and not list_waiting(store))
    assert platform.chats == {"A": {"A-1": "one", "A-2": "three"}, "B": {"B-1": "two"}}
    assert [(line["event"], line["what"]) for line in logs] == [
        ("trouble starts, waits", "console"),
        ("trouble is over", "console"),
    ]
    assert sorted(set(clock.waits)) == [1, 2, 4, 8, 16, 32, 60]


@pytest.mark.parametrize("arrived", [True, False])
def test_a_reply_that_a_crash_left_in_doubt_is_sent_once(store: Store, arrived: bool):
    platform = Recorder(chats={"A": {"A-1": "earlier"}})
    order(store, Reply(to(1), "one"), Reply(to(2), "two"))
    with store.work() as work:
        [row, _] = work.take_replies("console", "", 2)
        work.begin_reply(row.id, platform.mark(row.reply.to))
    if arrived:
        platform.chats["A"]["A-2"] = "one"
    deliver(store, platform)
    assert platform.chats == {"A": {"A-1": "earlier", "A-2": "one", "A-3": "two"}}
    assert platform.calls == [("A", "(looks)"), *([] if arrived else [("A", "one")]), ("A", "two")]


def test_the_count_that_a_crash_left_in_doubt_is_sent_once(store: Store):
    file_notes(store, 1)
    platform = Recorder(chats={"console": {"console-1": "Notes filed so far: 1."}})
    order(store, Reply(to(1, "console"), reaction=FILED))
    with store.work() as work:
        [row] = work.take_replies("console", "", 1)
        work.begin_reply(row.id, "0")
    deliver(store, platform)
    with store.read() as work:
        assert work.find_card(to(1, "console").place, "acks") == "console-1"
    assert platform.calls == [("console", "(looks)")]


def test_what_was_sent_is_not_sent_again_while_the_database_cannot_be_written_to(tmp_path: Path):
    store = Store(open_database(f"sqlite:///{tmp_path}/notes.db", busy_timeout=0.3))
    order(store, Reply(to(1), "one"), Reply(to(2), "two"))
    platform = Recorder()
    other = sqlite3.connect(tmp_path / "notes.db", isolation_level=None)
    tries: list[float] = []

    async def lock() -> None:
        platform.holds.clear()
        other.execute("BEGIN IMMEDIATE")

    async def unlock(seconds: float) -> None:
        tries.append(seconds)
        if len(tries) == 3:
            other.execute("COMMIT")

    def all_is_well() -> bool:
        return not other.in_transaction and len(logs) > 1 and not list_waiting(store)

    platform.holds["A"] = lock
    with capture_logs() as logs:
        deliver(store, platform, Pace(look=0.02, sleep=unlock), until=all_is_well)
    other.close()
    store.close()
    assert platform.calls == [("A", "one"), ("A", "two")]
    assert [line["event"] for line in logs] == ["trouble starts, waits", "trouble is over"]


def test_a_draft_is_made_once_though_its_files_do_not_go_out(store: Store):
    file_notes(store, 2)
    order(store, Reply(to(9, "console"), draft=("json", "md"), language="fr"))
    platform = Recorder()
    faults: list[Exception] = [UnreachableError("no route"), Lost(UnreachableError("no answer")), BusyError(1)]

    async def fail() -> None:
        if platform.calls[-1][1].startswith("[") and faults:
            raise faults.pop(0)

    platform.holds["console"] = fail
    with capture_logs():
        deliver(store, platform)
    with store.read() as work:
        [meeting] = work.list_meetings()
        [draft] = work.load_drafts(meeting.id)
        numbers = sorted(work.load_record(meeting.id).numbers.values())
    assert [(file.name, file.content) for file in platform.files] == [
        (f"consultation-draft-1.{suffix}", file.content)
        for suffix, file in zip(("json", "md"), draft.files, strict=True)
    ]
    assert [(reply.to, reply.language) for reply in platform.replies] == [(to(9, "console"), "fr")] * 2
    assert platform.replies[0].text.startswith(phrase("draft_number", number=1).into("fr") + " · Consultation\n")
    assert (platform.replies[1].text, faults, numbers) == ("", [], [1, 2])


def test_a_draft_that_cannot_be_made_is_owned_up_to(store: Store):
    order(store, Reply(to(1), draft=("docx",)), Reply(to(2), "next"))
    platform = Recorder()
    with capture_logs() as logs:
        deliver(store, platform)
    [line] = logs
    assert (line["event"], line["error"]) == ("draft failed", "UserError")
    told = "The draft could not be made. Nothing is lost: try again, and tell who runs the bot: "
    assert platform.calls == [("A", "(works)"), ("A", "next"), ("A", f"{told}incident {line['incident']}.")]
    assert list_failures(store) == [("A", f"incident {line['incident']}: the draft could not be made")]


def test_a_draft_whose_process_is_killed_is_owned_up_to(store: Store):
    file_notes(store, 1)
    order(store, Reply(to(1, "console"), draft=("docx",)))
    platform = Recorder()

    def kill() -> bool:
        for child in find_children() if not platform.chats else ():
            with suppress(ProcessLookupError):
                os.kill(child, signal.SIGKILL)
        return not list_waiting(store)

    with capture_logs() as logs:
        deliver(store, platform, until=kill)
    [line] = logs
    assert (line["event"], line["reason"]) == ("draft failed", "its process ended with -9")
    assert list(platform.chats["console"].values()) == [
        phrase("draft_failed", incident=line["incident"]).into("en"),
    ]


def test_an_end_while_a_draft_is_made_leaves_it_to_the_next_start(store: Store):
    file_notes(store, 1)
    asked = Reply(to(1, "console"), draft=("json",))
    order(store, asked)
    platform = Recorder()
    deliver(store, platform, until=find_children)
    with store.read() as work:
        drafts = work.load_drafts(work.list_meetings()[0].id)
    assert (drafts, list_waiting(store), find_children()) == ([], [asked], [])
    deliver(store, platform)
    assert [file.name for file in platform.files] == ["consultation-draft-1.json"]


def test_a_draft_is_asked_for_in_a_topic_of_the_chat(store: Store):
    file_notes(store, 1)
    order(store, Reply(to(1, "console/7"), draft=("json",)))
    platform = Recorder()
    deliver(store, platform)
    assert [(chat, text.split("\n")[0]) for chat, text in platform.calls] == [
        ("console/7", "(works)"),
        ("console/7", "[consultation-draft-1.json] Draft 1 · Consultation"),
    ]


def test_a_refused_reply_is_given_up_and_stops_nothing_else(store: Store):
    order(store, Reply(to(1), "one"), Reply(to(2), "two"), Reply(to(1), reaction=FILED), Reply(to(1, "B"), "three"))
    platform = Recorder()
    platform.faults["A"] = [RefusedError("the bot was removed"), RefusedError("the message is gone")]
    with capture_logs() as logs:
        deliver(store, platform)
    assert platform.chats == {"A": {"A-1": "two"}, "B": {"B-1": "three"}}
    assert sorted((line["event"], line["reason"]) for line in logs) == [
        ("reply refused", "the bot was removed"),
        ("reply refused", "the message is gone"),
    ]
    assert list_failures(store) == [("A", "the bot was removed"), ("A", "the message is gone")]


def test_a_fault_that_nobody_foresaw_is_logged_without_its_text_and_stops_nothing_else(store: Store):
    order(store, Reply(to(1), "a secret"), Reply(to(2), "two"))
    platform = Recorder(faults={"A": [KeyError("a secret")]})
    with capture_logs() as logs:
        deliver(store, platform)
    [line] = logs
    assert (line["event"], line["error"]) == ("reply failed", "KeyError")
    assert "secret" not in str(logs)
    assert list_failures(store) == [("A", f"incident {line['incident']}: KeyError")]
    assert platform.chats == {"A": {"A-1": "two"}}


def test_a_card_takes_the_place_of_the_last_one_and_renews_only_where_there_is_one(store: Store):
    order(
        store,
        Reply(to(1), "too early", card="status", renews=True),
        Reply(to(1), "status one", card="status"),
        Reply(to(2), "status two", card="status"),
        Reply(to(3), "status three", card="status", renews=True),
        Reply(to(3), "other", card="other"),
    )
    platform = Recorder()
    deliver(store, platform)
    assert platform.chats == {"A": {"A-1": "status three", "A-2": "other"}}
    assert platform.calls == [("A", text) for text in ("status one", "status two", "status three", "other")]


def test_an_end_lets_what_is_being_sent_be_finished_and_sends_no_more(store: Store):
    order(store, Reply(to(1), "one"), Reply(to(2), "two"))
    platform = Recorder()
    platform.holds["A"] = lambda: asyncio.sleep(0.2)
    deliver(store, platform, until=lambda: platform.calls)
    assert (platform.chats, [reply.text for reply in list_waiting(store)]) == ({"A": {"A-1": "one"}}, ["two"])


def test_more_than_is_taken_at_a_time_arrives_though_the_first_chat_is_held_up(store: Store):
    order(store, *(Reply(to(n), f"text {n}") for n in range(600)), Reply(to(1, "B"), "beside"))
    platform = Recorder()
    platform.holds["A"] = lambda: wait_until(lambda: ("B", "beside") in platform.calls)
    deliver(store, platform, until=lambda: ("B", "beside") in platform.calls)
    assert sorted(platform.calls[:2]) == [("A", "text 0"), ("B", "beside")]
