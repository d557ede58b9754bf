"""Fetching what a report shows: which files, how often, and that a draft never waits for them for long."""

import asyncio
from collections.abc import Iterator, Sequence
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.backoff import Pace, Trouble
from bot.fetching import LARGEST_OF_ALL, Plan, fetch_at_once, fetch_files, plan_fetching, refresh_files
from bot.platforms import BusyError, Platform, RefusedError, UnreachableError
from bot.posting import Post
from core.cutting import cut_message
from core.messages import Attachment, Author, Change, Message, MessageKey, Version, fold
from storage.database import open_database
from storage.files import Fetched
from storage.store import Store
from tests.bot.recorder import PLATFORM, Recorder

START = datetime(2018, 5, 7, 10, 0, tzinfo=UTC)
SAID = (
    ("#challenge Costs", [Attachment("photo", "a.jpg", "photo"), Attachment("voice", "a.ogg", "voice")]),
    ("#need Staff", [Attachment("file", "b.PNG", "drawing"), Attachment("file", "b.docx", "paper")]),
    ("#document Concept note", [Attachment("file", "note.pdf", "note")]),
    ("#participants Who came", [Attachment("file", "list.csv", "list")]),
    ("#offrecord Not this", [Attachment("photo", "c.jpg", "secret")]),
    ("just talk", [Attachment("photo", "d.jpg", "talk")]),
    ("#challenge From a transcript", [Attachment("photo", "e.jpg")]),
    ("#challenge From elsewhere", []),
)
SHOWN = ("photo", "drawing", "note", "list")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with closing(Store(open_database(f"sqlite:///{tmp_path / 'talks.db'}"))) as opened:
        yield opened


def sent(number: int, text: str, attachments: Sequence[Attachment], *later: Change) -> Message:
    key = MessageKey(PLATFORM, "", "hall", str(number))
    at = START + timedelta(minutes=number)
    first = Version(key, Change.SENT, at, Author("1", "Ana"), text, attachments=tuple(attachments))
    changes = [Version(key, change, at + timedelta(hours=1), Author("1", "Ana")) for change in later]
    return fold([first, *changes])


def hold(store: Store, said: Sequence[tuple[str, Sequence[Attachment]]] = SAID, **settings: str) -> int:
    with store.work() as work:
        meeting = work.create_meeting("talks", template="bapa40", zone="UTC", language="en", pinned=settings)
        for number, (text, attachments) in enumerate(said):
            message = sent(number, text, attachments)
            work.save_message(meeting, message, cut_message(message))
    return meeting


def refresh(store: Store, meeting: int, *platforms: Platform) -> None:
    post = Post(store, Recorder(), Trouble("database"), Pace(now=lambda: START))
    asyncio.run(refresh_files(post, platforms, meeting))


def kept(store: Store, meeting: int) -> dict[str, bytes]:
    with store.read() as work:
        files = work.load_record(meeting, files=True).files
    return {ref: content for (platform, ref), content in files.items() if platform == PLATFORM}


def test_what_the_report_shows_is_fetched_once(store: Store):
    meeting, platform = hold(store), Recorder()
    refresh(store, meeting, platform)
    refresh(store, meeting, platform)
    assert kept(store, meeting) == {ref: ref.encode() for ref in SHOWN}
    assert sorted(platform.calls) == sorted((ref, "(file)") for ref in SHOWN)


def test_nobody_fetches_who_was_there_under_the_chatham_house_rule(store: Store):
    meeting = hold(store, rule="chatham")
    refresh(store, meeting, Recorder())
    assert sorted(kept(store, meeting)) == ["drawing", "note", "photo"]


def test_what_goes_off_the_record_or_is_deleted_is_kept_no_more(store: Store):
    meeting, platform = hold(store), Recorder()
    refresh(store, meeting, platform)
    with store.work() as work:
        for message in (sent(0, *SAID[0], Change.DELETED), sent(1, "#offrecord Not this either", SAID[1][1])):
            work.save_message(meeting, message, cut_message(message))
    refresh(store, meeting, platform)
    assert kept(store, meeting) == {"note": b"note", "list": b"list"}
    assert len(platform.calls) == len(SHOWN)


def test_what_may_pass_is_tried_again_and_what_is_refused_is_not(store: Store):
    meeting, platform = hold(store), Recorder()
    platform.faults = {"photo": [RefusedError("it is gone")], "list": [ValueError("a fault of ours")]}
    refresh(store, meeting, platform)
    assert sorted(kept(store, meeting)) == ["drawing", "note"]
    platform.faults = {}
    refresh(store, meeting, platform)
    assert sorted(kept(store, meeting)) == ["drawing", "list", "note"]
    assert [ref for ref, _ in platform.calls].count("photo") == 1
    with store.read() as work:
        assert work.list_file_problems(meeting) == {(PLATFORM, "photo"): "it is gone"}


@pytest.mark.parametrize("error", [UnreachableError("no network"), BusyError(60.0)])
def test_platform_in_trouble_is_left_alone_until_the_next_draft(error: Exception):
    platform = Recorder(faults={"b": [error]})
    plan = Plan(tuple((PLATFORM, ref) for ref in "abcdefgh"))
    assert asyncio.run(fetch_files(plan, [platform])) == [Fetched((PLATFORM, "a"), b"a")]
    assert [ref for ref, _ in platform.calls] == ["a", "b"]


def test_draft_does_not_wait_for_what_hangs():
    platform = Recorder(holds={"slow": asyncio.Event().wait})
    plan = Plan(((PLATFORM, "slow"), (PLATFORM, "fast"), ("slack", "elsewhere")))
    assert asyncio.run(fetch_files(plan, [platform], longest=0.05)) == [Fetched((PLATFORM, "fast"), b"fast")]


def test_files_are_kept_up_to_a_limit(store: Store):
    wanted = tuple((PLATFORM, ref) for ref in ("a" * 60, "b" * 60, "c" * 30))
    fetched = asyncio.run(fetch_files(Plan(wanted, room=100), [Recorder()]))
    assert [file.key for file in fetched] == [wanted[0], wanted[2]]
    meeting = hold(store)
    with store.work() as work:
        work.keep_files(meeting, [Fetched((PLATFORM, "note"), b"12345"), Fetched((PLATFORM, "old"), b"123")], START)
        plan = plan_fetching(work, meeting)
    shown = tuple((PLATFORM, ref) for ref in ("photo", "drawing", "list"))
    assert plan == Plan(shown, ((PLATFORM, "old"),), LARGEST_OF_ALL - 5)


def test_meeting_without_attachments_asks_for_nothing(store: Store):
    meeting = hold(store, [("#need Staff", [])])
    with store.read() as work:
        assert plan_fetching(work, meeting) == Plan()


def test_command_line_fetches_lets_go_and_tells(store: Store):
    meeting, platform = hold(store), Recorder(faults={"note": [RefusedError("it is gone")]})
    assert asyncio.run(fetch_at_once(store, [platform], meeting, START)) == ["it is gone"]
    assert sorted(kept(store, meeting)) == ["drawing", "list", "photo"]
    assert platform.closed == 1
    assert asyncio.run(fetch_at_once(store, [], meeting, START)) == ["it is gone"]
