"""Attachments that were fetched: kept by meeting, once, and found again."""

from datetime import UTC, datetime

from core.messages import Attachment, Author, Change, MessageKey, Version, fold
from storage.files import Fetched
from storage.store import Store, Work

START = datetime(2017, 7, 9, 9, 0, tzinfo=UTC)
CHART, MAP, GONE = ("telegram", "chart"), ("telegram", "map"), ("slack", "chart")
PHOTO = b"\xff\xd8\x00\xff" * 50_000


def make(work: Work, name: str) -> int:
    return work.create_meeting(name, template="hlpf", zone="UTC", language="en", pinned={})


def test_files_are_kept_by_meeting_with_what_they_hold_or_why_not(store: Store) -> None:
    with store.work() as work:
        first, second = make(work, "first"), make(work, "second")
        work.keep_files(first, [Fetched(CHART, PHOTO), Fetched(GONE, problem="it is gone"), Fetched(MAP, b"")], START)
        work.keep_files(second, [Fetched(CHART, b"other")], START)
    with store.read() as work:
        assert [work.list_files(first), work.list_files(second)] == [
            {CHART: len(PHOTO), GONE: 0, MAP: 0},
            {CHART: 5},
        ]
        assert work.list_file_problems(first) == {GONE: "it is gone"}
        assert work.load_record(first, files=True).files == {CHART: PHOTO, MAP: b""}
        assert work.load_record(first).files == {}


def test_file_that_is_kept_again_takes_the_place_of_what_there_was(store: Store) -> None:
    with store.work() as work:
        first, second = make(work, "first"), make(work, "second")
        for meeting in (first, second):
            work.keep_files(meeting, [Fetched(CHART, problem="it is gone"), Fetched(MAP, b"map")], START)
        work.keep_files(first, [Fetched(CHART, PHOTO)], START)
        work.forget_files(first, [MAP, GONE])
    with store.read() as work:
        assert work.load_record(first, files=True).files == {CHART: PHOTO}
        assert work.list_file_problems(first) == {}
        assert work.list_files(second) == {CHART: 0, MAP: 3}


def test_meeting_has_attachments_where_one_was_posted_or_is_kept(store: Store) -> None:
    with store.work() as work:
        plain, posted, kept = make(work, "plain"), make(work, "posted"), make(work, "kept")
        for meeting, attachments in [(plain, ()), (posted, (Attachment("photo", "chart.jpg", "chart"),))]:
            key = MessageKey("telegram", "", f"chat of {meeting}", "1")
            sent = Version(key, Change.SENT, START, Author("1", "Ann"), "#need Staff", attachments=attachments)
            work.save_message(meeting, fold([sent]), ())
        work.keep_files(kept, [Fetched(CHART, PHOTO)], START)
        assert [work.has_attachments(meeting) for meeting in (plain, posted, kept)] == [False, True, True]
