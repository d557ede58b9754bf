"""The Store's transactions."""

import subprocess
import sys
from datetime import UTC, datetime

import pytest

from core.meetings import Step, StepKind
from core.messages import Author, Change, MessageKey, Version, fold
from core.notes import Note, NoteKind
from core.replies import DraftFile, Reply
from storage.store import Store, Work

START = datetime(2017, 7, 9, 9, 0, tzinfo=UTC)
KEY = MessageKey("slack", "T1", "C1", "1")


def do_everything(work: Work) -> None:
    meeting = work.create_meeting("hlpf", template="hlpf", zone="UTC", language="en", pinned={})
    work.link_chat("slack", "T1", "C1", meeting)
    work.add_step(meeting, Step(StepKind.OPEN, START, KEY))
    work.put_updates("console", [("1", "{}")])
    message = fold([Version(KEY, Change.SENT, START, Author("U1", "Ann"), "words")])
    work.save_message(meeting, message, [Note(0, NoteKind.NOTE)])
    work.add_replies([Reply(KEY, "words")])
    work.keep_draft(meeting, START, {(KEY, 0, "R"): 1}, [DraftFile("a", "b", b"c")], "{}")


def count_all(store: Store) -> list[int]:
    with store.work() as work:
        return [
            len(work.list_meetings()),
            int(work.meeting_of_chat("slack", "T1", "C1") is not None),
            len(work.take_updates(None, 9)),
            len(work.load_messages([KEY])),
            len(work.take_replies("slack", "T1", 9)),
        ]


def test_work_is_kept_at_its_end(store: Store) -> None:
    with store.work() as work:
        do_everything(work)
    assert count_all(store) == [1, 1, 1, 1, 1]


def test_work_that_fails_leaves_nothing(store: Store) -> None:
    def fail() -> None:
        with store.work() as work:
            do_everything(work)
            work.flush()
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert count_all(store) == [0, 0, 0, 0, 0]
    with store.work() as work:
        do_everything(work)
    assert count_all(store) == [1, 1, 1, 1, 1]


def test_killed_process_leaves_what_was_committed_and_no_more(database_url: str, store: Store) -> None:
    program = f"""
import os
from storage.database import open_database
from storage.store import Store
store = Store(open_database({database_url!r}))
store.put_updates("console", [("1", "{{}}")])
with store.work() as work:
    work.put_updates("console", [("2", "{{}}")])
    work.finish_updates({{update.id: () for update in work.take_updates(None, 9)}})
    work.flush()
    os.kill(os.getpid(), 9)
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    with store.work() as work:
        left = [(update.key, update.payload) for update in work.take_updates(None, 9)]
    assert (done.returncode, done.stderr, left) == (-9, "", [("1", "{}")])
