import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from random import Random

import pytest

from bot.platforms.console import Console
from bot.platforms.transcript import Transcript
from bot.replay import replay_lines
from bot.worker import BATCH, Worker
from core.errors import StoreError
from core.messages import Version
from core.replies import DeadLetter
from handlers import Defaults
from reports.placement import place
from storage.store import Store
from tests.bot.transcripts import TEMPLATES, line
from tests.handlers.chat import Chat
from tests.reports.conversation import filed


@dataclass(frozen=True, slots=True)
class Faulty:
    """A reader with a fault: one payload makes it fail in a way that nobody foresaw."""

    reader: Transcript
    poison: str
    error: type[Exception] = KeyError

    @property
    def source(self) -> str:
        return self.reader.source

    def read(self, payload: str, received_at: datetime) -> Sequence[Version]:
        if self.poison in payload:
            raise self.error("a secret of the payload")
        return self.reader.read(payload, received_at)


@dataclass(frozen=True, slots=True)
class Broken:
    """A reader whose versions have no text."""

    reader: Console

    @property
    def source(self) -> str:
        return self.reader.source

    def read(self, payload: str, received_at: datetime) -> Sequence[Version]:
        return [replace(version, text=None) for version in self.reader.read(payload, received_at)]  # type: ignore[arg-type]


@pytest.fixture
def chat(tmp_path: Path) -> Iterator[Chat]:
    made = Chat.on(tmp_path)
    yield made
    made.store.close()


def texts_of(store: Store, meeting_id: int) -> list[str]:
    with store.read() as work:
        record = work.load_record(meeting_id)
    return sorted(message.text for message in record.messages)


def make_meeting(store: Store) -> int:
    with store.work() as work:
        return work.create_meeting("replay-t", template="bapa40", zone="UTC", language="en", pinned={})


def put(store: Store, lines: Sequence[str]) -> None:
    store.put_updates("transcript:t", [(f"key {n}", text) for n, text in enumerate(lines)])


def test_poison_becomes_one_dead_letter_and_blocks_nothing(store: Store, capsys: pytest.CaptureFixture[str]):
    meeting_id = make_meeting(store)
    lines = [line(f"#need Staff {n}", n) for n in range(1, 6)]
    put(store, lines)
    Worker(store, TEMPLATES, Defaults(), Faulty(Transcript("t"), "Staff 3"), meeting_id).take_all()
    assert texts_of(store, meeting_id) == [f"#need Staff {n}" for n in (1, 2, 4, 5)]
    [letter] = store.dead_letters()
    reason = letter.reason
    assert letter == DeadLetter("transcript:t", "key 2", lines[2], reason, letter.at)
    assert reason.startswith("incident ")
    assert reason.endswith(": KeyError")
    assert store.waiting() == 0
    logged = capsys.readouterr()
    # the log names the incident, and nothing of what was written
    assert reason.split()[1].rstrip(":") in logged.out + logged.err
    assert "Staff" not in logged.out + logged.err
    assert "secret" not in logged.out + logged.err


def test_author_of_what_failed_is_told_the_incident_of_the_log(chat: Chat, capsys: pytest.CaptureFixture[str]):
    chat.say("/open Consultation")
    chat.store.put_updates(chat.console.source, [chat.console.write_update("#need Staff", chat.clock)])
    # it can be read, and no handler can take it
    Worker(chat.store, chat.templates, Defaults(), Broken(chat.console)).take_all()
    [incident] = {word for letter in chat.store.dead_letters() for word in re.findall("[0-9a-f]{8}", letter.reason)}
    assert chat.say("#need Rooms") == [
        "  [2] 🤔 not understood",
        f"  Something went wrong, so nothing is filed. Tell who runs the bot: incident {incident}.",
        "  [3] ✍ filed",
    ]
    logged = capsys.readouterr()
    assert incident in logged.out + logged.err


def test_lines_behind_poison_are_taken_when_they_come(store: Store):
    meeting_id = make_meeting(store)
    worker = Worker(store, TEMPLATES, Defaults(), Faulty(Transcript("t"), "poison"), meeting_id)
    put(store, [line("#need poison", 1)])
    worker.take_all()
    store.put_updates("transcript:t", [("later", line("#need Rooms", 2))])
    worker.take_all()
    assert (texts_of(store, meeting_id), store.waiting(), len(store.dead_letters())) == (["#need Rooms"], 0, 1)


def test_update_that_cannot_be_read_is_kept_with_its_reason(store: Store):
    meeting_id = make_meeting(store)
    put(store, ["no line", line("#need Staff")])
    Worker(store, TEMPLATES, Defaults(), Transcript("t"), meeting_id).take_all()
    assert texts_of(store, meeting_id) == ["#need Staff"]
    assert [(letter.payload, letter.reason) for letter in store.dead_letters()] == [("no line", "it is not valid JSON")]


def test_fault_of_the_database_leaves_the_batch_waiting(store: Store):
    meeting_id = make_meeting(store)
    put(store, [line("#need Staff", 1), line("#need Rooms", 2)])
    with pytest.raises(StoreError):
        Worker(store, TEMPLATES, Defaults(), Faulty(Transcript("t"), "Rooms", StoreError), meeting_id).take_all()
    assert (texts_of(store, meeting_id), store.waiting(), store.dead_letters()) == ([], 2, [])
    Worker(store, TEMPLATES, Defaults(), Transcript("t"), meeting_id).take_all()
    assert (texts_of(store, meeting_id), store.waiting()) == (["#need Rooms", "#need Staff"], 0)


def test_updates_that_were_committed_before_a_crash_are_taken_at_the_next_run(store: Store):
    lines = [line("#need Staff", 1), line("#need Rooms", 2)]
    # as `replay` leaves them when it is killed between the inbox and the batch: the keys are those of the lines
    parts = (store, TEMPLATES, Defaults())
    meeting_id = replay_lines([], parts, "t", {}).meeting_id
    store.put_updates("transcript:replay-t", [("before the crash", lines[0])])
    replayed = replay_lines(lines[1:], parts, "t", {})
    assert (replayed.meeting_id, texts_of(store, meeting_id)) == (meeting_id, ["#need Rooms", "#need Staff"])
    assert store.waiting() == 0


def test_more_than_a_batch_is_taken_whole(store: Store):
    meeting_id = make_meeting(store)
    put(store, [line(f"#need Staff {n}", n, minute=0) for n in range(2 * BATCH + 1)])
    Worker(store, TEMPLATES, Defaults(), Transcript("t"), meeting_id).take_all()
    assert (len(texts_of(store, meeting_id)), store.waiting()) == (2 * BATCH + 1, 0)


def test_names_of_any_length_and_kind_are_taken(store: Store):
    meeting_id = make_meeting(store)
    # random, so that no database makes it short
    long = Random(1).randbytes(20_000).hex()
    given = {"platform": long, "chat": "../../x", "author": "</w:t>\u202e" + long}
    put(store, [line("#need Staff", 1, **given), line("#need Rooms", 2)])
    Worker(store, TEMPLATES, Defaults(), Transcript("t"), meeting_id).take_all()
    assert (texts_of(store, meeting_id), store.dead_letters()) == (["#need Rooms", "#need Staff"], [])


def test_long_names_that_begin_alike_stay_apart_and_replies_find_theirs(store: Store):
    meeting_id = make_meeting(store)
    one, other = ("x" * 5000 + end for end in "ab")
    lines = [line(f"Costs {key[-1]}", n, message_id=key) for n, key in enumerate((one, other))]
    put(store, [*lines, line("#need", 3, reply_to=other), line("#need Staff", 4, edit_of=one)])
    Worker(store, TEMPLATES, Defaults(), Transcript("t"), meeting_id).take_all()
    with store.read() as work:
        report = place(work.load_record(meeting_id), TEMPLATES.load("bapa40"))
    assert filed(report) == {"E.needs": ["Staff", "Costs b"]}


def test_payload_of_a_dead_letter_is_kept_as_it_came(store: Store):
    meeting_id = make_meeting(store)
    raw = json.dumps({"text": "Café\ud800"}, ensure_ascii=True) + "x"
    put(store, [raw])
    Worker(store, TEMPLATES, Defaults(), Transcript("t"), meeting_id).take_all()
    assert [letter.payload for letter in store.dead_letters()] == [raw]
