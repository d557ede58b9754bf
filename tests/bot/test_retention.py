"""What the settings say of how long things are kept; and what is known of a meeting after it was purged."""

import json
from collections.abc import Iterator
from contextlib import closing
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from bot.platforms.transcript import Transcript
from bot.replay import replay_lines
from bot.retention import apply_retention
from bot.worker import Worker
from core.messages import Change
from handlers import Defaults
from storage.database import begin, open_database
from storage.store import Store
from storage.tables import inbox
from tests.bot.test_worker import Faulty
from tests.bot.transcripts import TEMPLATES, line
from tests.handlers.chat import Chat
from tests.handlers.group import Group

NOW = datetime.now(UTC)


@pytest.fixture
def chat(tmp_path: Path) -> Iterator[Chat]:
    made = Chat.on(tmp_path)
    yield made
    made.store.close()


@pytest.fixture
def group(tmp_path: Path) -> Iterator[Group]:
    made = Group.on(tmp_path)
    yield made
    made.store.close()


def list_names(store: Store) -> list[str]:
    with store.read() as work:
        return [meeting.name for meeting in work.list_meetings()]


def list_updates(url: str) -> list[tuple[str, str, int | None]]:
    """State, payload and meeting of what is in the inbox."""
    engine = open_database(url)
    with begin(engine) as connection:
        rows = connection.execute(select(inbox.c.state, inbox.c.payload, inbox.c.meeting_id).order_by(inbox.c.id))
        found = [(row.state, row.payload, row.meeting_id) for row in rows]
    engine.dispose()
    return found


def purge(store: Store, name: str) -> None:
    with store.work() as work:
        meeting_id = work.find_meeting(name)
        assert meeting_id is not None
        work.purge_meeting(meeting_id)


def test_worker_notes_the_meeting_that_an_update_told_of(group: Group, tmp_path: Path):
    group.guard = None
    group.see(can_read=True, admins=("ana",))
    group.say("#need too early")
    for chat, title in (("-100", "First"), ("-200", "Second")):
        group.say(f"/open {title}", chat=chat)
        group.say("talk", chat=chat)
    with group.store.read() as work:
        first, second = (work.find_meeting(name) for name in ("first", "second"))
    states = [(state, meeting_id) for state, _, meeting_id in list_updates(f"sqlite:///{tmp_path}/group.db")]
    assert states == [("done", None)] * 2 + [("done", first)] * 2 + [("done", second)] * 2


def test_dead_letters_of_a_meeting_go_with_it(store: Store, database_url: str):
    parts = (store, TEMPLATES, Defaults())
    meeting_id = replay_lines([line("/open Talks", 1), "a secret"], parts, "t", {}).meeting_id
    store.put_updates("transcript:replay-t", [("poison", line("#need poison", 2)), ("end", line("/close", 3))])
    Worker(*parts, Faulty(Transcript("replay-t"), "poison"), meeting_id).take_all()
    assert [entry[::2] for entry in list_updates(database_url)] == [
        (state, meeting_id) for state in ("done", "dead", "dead", "done")
    ]
    purge(store, "replay-t")
    assert (list_updates(database_url), store.dead_letters()) == ([("done", "", None)] * 4, [])


def test_update_that_failed_goes_with_the_meeting_of_its_chat(chat: Chat, tmp_path: Path):
    chat.say("/open Talks")
    key, payload = chat.console.write_update("#need Staff", chat.clock)
    told = json.loads(payload)
    # it can be read, and not kept: what it replies to is no name
    chat.deliver(key, json.dumps({**told, "change": Change.SENT, "text": "#need Staff", "reply_to": ["no id"]}))
    states = [(state, meeting_id) for state, _, meeting_id in list_updates(f"sqlite:///{tmp_path}/chat.db")]
    assert states == [("done", 1), ("dead", 1)]


def test_purged_meeting_does_not_come_back_by_what_is_delivered_again(chat: Chat):
    for text in ("/open Talks", "#need Staff", "/close"):
        chat.say(text)
    purge(chat.store, "talks")
    assert [chat.deliver(*payload) for payload in chat.payloads] == [[], [], []]
    assert (list_names(chat.store), chat.store.waiting()) == ([], 0)
    assert chat.say("/status") == [
        "  [4] 🤔 not understood",
        "  No meeting is open here. Open one with /open TITLE.",
    ]
    chat.say("/open Talks")
    assert (list_names(chat.store), [message.text for message in chat.record().messages]) == (
        ["talks"],
        ["/open Talks"],
    )


def test_message_of_an_open_meeting_stays_when_an_earlier_one_of_the_chat_goes(group: Group):
    group.guard = None
    group.say("/open First")
    group.say("#need Staff")
    group.say("/close")
    group.say("/open Second")
    group.say("#recommendation", by="ben", reply_to=2)
    group.say("#need Rooms")
    purge(group.store, "first")
    assert group.texts() == ["/open Second", "#recommendation", "#need Rooms"]
    assert group.say("/status")[0] == "Second (open, template bapa40)"


@pytest.fixture
def held(store: Store) -> Store:
    """Three meetings: one closed, one open, and one that is closed and was reopened."""
    parts = (store, TEMPLATES, Defaults())
    told = [line("/open Secret talks", 1), line("#need Staff", 2, author="Ben"), line("/close", 3)]
    replay_lines(told, parts, "closed", {})
    replay_lines(told[:2], parts, "open", {})
    replay_lines([*told, line("/reopen", 4)], parts, "reopened", {})
    return store


def read_log(capsys: pytest.CaptureFixture[str]) -> str:
    logged = capsys.readouterr()
    return logged.out + logged.err


def test_closed_meetings_and_old_updates_go_and_are_counted_in_the_log(
    held: Store, database_url: str, capsys: pytest.CaptureFixture[str]
):
    with held.work() as work:
        meeting_id = work.find_meeting("replay-closed")
        assert meeting_id is not None
        counted = work.count_meeting(meeting_id)
    held.put_updates("console", [("waits", "{}")])
    apply_retention(held, 30, 365, NOW + timedelta(days=366))
    logged = read_log(capsys)
    assert list_names(held) == ["replay-open", "replay-reopened"]
    assert list_updates(database_url) == [("new", "{}", None)]
    first, second = [entry for entry in logged.splitlines() if entry]
    assert ("updates forgotten" in first, "updates=9" in first, "replies=0" in first) == (True, True, True)
    # its updates had gone before
    shown = {**asdict(counted), "updates": 0}
    assert [f"{key}={count}" for key, count in shown.items() if f"{key}={count}" not in second] == []
    assert [word for word in ("ecret", "Ben", "talks", "replay-") if word in logged] == []


def test_nothing_is_deleted_before_its_time_or_where_it_is_kept_for_ever(
    held: Store, database_url: str, capsys: pytest.CaptureFixture[str]
):
    before = list_updates(database_url)
    apply_retention(held, 30, 365, NOW + timedelta(days=29))
    apply_retention(held, 0, 0, NOW + timedelta(days=10_000))
    # a meeting that was held long ago and replayed today is kept as if it were of today
    apply_retention(held, 0, 365, NOW)
    assert (list_updates(database_url), len(list_names(held)), read_log(capsys)) == (before, 3, "")


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_traces_that_cannot_be_erased_are_told_in_the_log(
    held: Store, database_url: str, capsys: pytest.CaptureFixture[str]
):
    with closing(Store(open_database(database_url, busy_timeout=0.1))) as own, held.read() as work:
        work.list_meetings()
        apply_retention(own, 0, 365, NOW + timedelta(days=366))
    assert list_names(held) == ["replay-open", "replay-reopened"]
    assert "traces of purged meetings may stay in the file" in read_log(capsys)
