"""Drafts that remember the ones before, from `/draft` in a chat to the words and files that go out."""

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest

from bot.platforms.console import CHAT, Console
from bot.worker import Worker
from core.replies import DraftFile
from handlers import Defaults
from handlers.drafts import name_file, name_revision
from storage.database import open_database
from storage.store import Store
from tests.bot.recorder import Recorder, deliver
from tests.bot.transcripts import TEMPLATES
from tests.handlers.chat import Chat


@pytest.fixture
def chat(tmp_path: Path) -> Iterator[Chat]:
    made = Chat(Store(open_database(f"sqlite:///{tmp_path}/notes.db")), TEMPLATES)
    yield made
    made.store.close()


def test_draft_says_what_changed_and_sends_it_as_tracked_changes(chat: Chat):
    console, platform = Console("Ana"), Recorder()
    texts = (
        *("/open Talks", "#recommendation Share data", "#recommendation Hire staff", "/draft md"),
        *("#recommendation Pay the interpreters", "edit 2: #recommendation Share all data", "delete 3"),
        *("/draft changes 1, md", "/draft changes"),
    )
    # the first draft goes out before the next message comes
    for n, text in enumerate(texts):
        update = console.write_update(text, chat.clock.replace(minute=n))
        chat.store.put_updates(console.source, [update])
        Worker(chat.store, TEMPLATES, Defaults(), console).take_all()
        if text in ("/draft md", texts[-1]):
            deliver(chat.store, platform)
    assert [
        [file.name for file in platform.files],
        [reply.text.split("\n")[:2] for reply in platform.replies if reply.text.startswith("Draft")],
    ] == [
        [
            *("talks-draft-1.md", "talks-draft-2.md", "talks-draft-2-changes-since-1.docx"),
            "talks-draft-3-changes-since-1.docx",
        ],
        [
            ["Draft 1 · Talks", "A 0 · B 2 · C 0 · D 0 · E 0 · G 0"],
            ["Draft 2 · Talks", "Since draft 1: 1 new, 1 changed, 1 withdrawn (R2)."],
            # asked for before draft 2 was made
            ["Draft 3 · Talks", "Since draft 1: 1 new, 1 changed, 1 withdrawn (R2)."],
        ],
    ]
    with ZipFile(BytesIO(platform.files[2].content)) as package:
        body = package.read("word/document.xml").decode()
    marked = [
        text in body for text in (">Hire staff</w:delText>", "> all</w:t></w:r></w:ins>", ">Pay the interpreters<")
    ]
    assert marked == [True, True, True]


def test_draft_asks_for_changes_since_drafts_that_there_are(chat: Chat):
    chat.say("/open Talks")
    assert chat.say("/draft changes") == [
        "  [2] 🤔 not understood",
        "  There is no earlier draft to compare with yet: make one first.",
    ]
    with chat.store.work() as work:
        meeting_id = work.meeting_of_chat("console", "", CHAT)
        assert meeting_id is not None
        for _ in range(2):
            work.keep_draft(meeting_id, chat.clock, {}, [], "{}")
    unknown = "  There is no draft 9 to compare with. Drafts that can be compared: 1, 2."
    assert [chat.say(f"/draft {typed}")[-1] for typed in ("changes 1", "CHANGES", "html changes 2", "changes 9")] == [
        *("  (draft: changes/1)", "  (draft: changes/2)", "  (draft: html, changes/2)"),
        unknown,
    ]
    assert chat.say("/draft changes 0")[0] == "  [7] 🤔 not understood"


@pytest.mark.parametrize(
    ("name", "named"),
    [
        ("talks.md", "talks-draft-3.md"),
        (name_revision("talks", 1), "talks-draft-3-changes-since-1.docx"),
        ("talks-changes-since-spring.md", "talks-changes-since-spring-draft-3.md"),
    ],
)
def test_files_are_named_by_their_draft(name: str, named: str):
    assert name_file(DraftFile(name, "", b""), 3).name == named
