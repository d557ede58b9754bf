"""Drafts and the numbers that they give to notes."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import update

from core.messages import MessageKey
from core.replies import Draft, DraftFile, FileOfDraft
from storage.store import Store, Work
from storage.tables import drafts

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
            work.keep_draft(first, START, {}, [WORD, TEXT], "one"),
            work.keep_draft(second, START, {}, [], "of another"),
            work.keep_draft(first, START + timedelta(hours=1), {}, [TEXT], "two"),
        ]
    with store.read() as work:
        loaded = [work.load_drafts(first), work.load_drafts(second)]
    assert kept == [
        Draft(1, START, (WORD, TEXT)),
        Draft(1, START, ()),
        Draft(2, START + timedelta(hours=1), (TEXT,)),
    ]
    assert loaded == [[kept[0], kept[2]], [kept[1]]]


def test_drafts_keep_their_reports_and_those_of_older_versions_have_none(store: Store) -> None:
    with store.work() as work:
        first, second = make(work, "first"), make(work, "second")
        for number, report in enumerate(("one", "two", "three"), 1):
            work.keep_draft(first, START + timedelta(hours=number), {}, [], report)
        work._connection.execute(update(drafts).where(drafts.c.number == 2), {"report": None})
    with store.read() as work:
        kept = [work.list_reports(first), work.list_reports(second)]
        loaded = [work.load_report(first, number) for number in range(5)]
    assert (kept, loaded) == ([[1, 3], []], [None, "one", None, "three", None])


def test_a_kept_draft_stays_as_it_was_byte_for_byte(store: Store) -> None:
    with store.work() as work:
        meeting = make(work, "first")
        first = work.keep_draft(meeting, START, {(KEY, 0, "R"): 1}, [WORD, TEXT], "one")
    changed = [WORD._replace(content=b"other"), TEXT._replace(content=b"")]
    with store.work() as work:
        second = work.keep_draft(meeting, START, {(KEY, 0, "R"): 2}, changed, "two")
    with store.read() as work:
        loaded = work.load_drafts(meeting)
        files = [work.load_file(FileOfDraft(meeting, 1, file.name)) for file in (WORD, TEXT)]
        assert work.load_report(meeting, 1) == "one"
    assert (second.number, loaded, files) == (2, [first, second], [WORD, TEXT])


def test_number_once_given_is_never_changed(store: Store) -> None:
    with store.work() as work:
        meeting, other = make(work, "first"), make(work, "second")
        none = work.load_record(meeting)
        work.keep_draft(meeting, START, {(KEY, 0, "R"): 1, (KEY, 1, "R"): 2}, [], "")
        work.keep_draft(other, START, {(KEY, 0, "R"): 9}, [], "")
    later = START + timedelta(hours=1)
    with store.work() as work:
        work.keep_draft(meeting, later, {(KEY, 0, "R"): 5, (KEY, 0, "E"): 1, (KEY, 2, "R"): 3}, [], "")
    with store.read() as work:
        records = [work.load_record(meeting), work.load_record(other)]
    assert (none.numbers, none.numbered_to) == ({}, None)
    assert [(record.numbers, record.numbered_to) for record in records] == [
        ({(KEY, 0, "R"): 1, (KEY, 1, "R"): 2, (KEY, 0, "E"): 1, (KEY, 2, "R"): 3}, later),
        ({(KEY, 0, "R"): 9}, START),
    ]
