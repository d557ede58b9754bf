"""Drafts and the numbers that they give to notes."""

from datetime import UTC, datetime, timedelta

from core.messages import MessageKey
from core.replies import Draft, DraftFile
from storage.store import Store, Work

START = datetime(2017, 7, 9, 17, 0, tzinfo=UTC)
KEY = MessageKey("slack", "T1", "C1", "1")
WORD = DraftFile("draft.docx", "application/vnd.openxmlformats", b"PK\x00\xff" * 1000)
TEXT = DraftFile("draft.md", "text/markdown", "# Réunion".encode())


def make(work: Work, name: str) -> int:
    return work.create_meeting(name, template="hlpf", zone="UTC", language="en", pinned={})


def test_drafts_are_numbered_by_meeting_and_keep_their_files(store: Store) -> None:
    with store.work() as work:
        first, second = make(work, "first"), make(work, "second")
        kept = [
            work.keep_draft(first, START, {}, [WORD, TEXT]),
            work.keep_draft(second, START, {}, []),
            work.keep_draft(first, START + timedelta(hours=1), {}, [TEXT]),
        ]
    with store.read() as work:
        loaded = [work.load_drafts(first), work.load_drafts(second)]
    assert kept == [
        Draft(1, START, (WORD, TEXT)),
        Draft(1, START, ()),
        Draft(2, START + timedelta(hours=1), (TEXT,)),
    ]
    assert loaded == [[kept[0], kept[2]], [kept[1]]]


def test_number_once_given_is_never_changed(store: Store) -> None:
    with store.work() as work:
        meeting, other = make(work, "first"), make(work, "second")
        none = work.load_record(meeting)
        work.keep_draft(meeting, START, {(KEY, 0, "R"): 1, (KEY, 1, "R"): 2}, [])
        work.keep_draft(other, START, {(KEY, 0, "R"): 9}, [])
    later = START + timedelta(hours=1)
    with store.work() as work:
        work.keep_draft(meeting, later, {(KEY, 0, "R"): 5, (KEY, 0, "E"): 1, (KEY, 2, "R"): 3}, [])
    with store.read() as work:
        records = [work.load_record(meeting), work.load_record(other)]
    assert (none.numbers, none.numbered_to) == ({}, None)
    assert [(record.numbers, record.numbered_to) for record in records] == [
        ({(KEY, 0, "R"): 1, (KEY, 1, "R"): 2, (KEY, 0, "E"): 1, (KEY, 2, "R"): 3}, later),
        ({(KEY, 0, "R"): 9}, START),
    ]
