"""Trouble on the way, on a fake Telegram: the bot goes on by itself, nothing is lost, and the log tells of it."""

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from core.errors import SettingError
from tests.bot.live import LiveBot, wait_until
from tests.telegram_server import TelegramServer
from tests.telegram_server.conversations import Group
from tests.telegram_server.people import Person

if TYPE_CHECKING:
    from tests.telegram_server.messages import Message

OPENING = "/open Consultation\ntemplate: bapa40\nzone: UTC\nclose: 18:00"

POISON = (
    {"message_id": "no number", "text": "#need x"},
    {"message_id": 1, "chat": [], "text": "#need x"},
    "no object",
)


class Room:
    """A group with an open meeting."""

    def __init__(self, server: TelegramServer, bot: LiveBot, group: Group, ana: Person) -> None:
        self.server, self.bot, self.group, self.ana = server, bot, group, ana
        self.said: list[Message] = []

    def say(self, text: str) -> None:
        self.said.append(self.group.say(self.ana, text))

    def texts(self) -> list[str]:
        """What was filed."""
        with self.bot.store.read() as work:
            [meeting] = work.list_meetings()
            notes = work.load_record(meeting.id).notes.values()
        return sorted(note.text for kept in notes for note in kept)

    def signs(self) -> list[list[str]]:
        return [message.reactions for message in self.said]


@contextmanager
def meeting(folder: Path, busy_timeout: float = 5.0) -> Iterator[Room]:
    with TelegramServer(privacy=False) as server:
        group, ana = server.add_group("Consultation"), server.person("Ana")
        group.add_bot(by=ana)
        given = {"organizers": [f"telegram:{ana.id}"], "busy_timeout": busy_timeout}
        with LiveBot(server, f"sqlite:///{folder}/notes.db", **given) as bot:  # type: ignore[arg-type]
            group.say(ana, OPENING)
            bot.settle()
            yield Room(server, bot, group, ana)


def events(capsys: pytest.CaptureFixture[str]) -> list[str]:
    """What the log tells, in order: the events, without times and values."""
    found = re.findall(r"\[(?:info|warning|error) *\] (.*?) {2,}", capsys.readouterr().out)
    return [event for event in found if event not in ("connected", "stopped")]


@pytest.mark.parametrize(
    ("status", "retry_after"), [(500, None), (502, None), (429, 1), ("drop", None)], ids=["500", "502", "429", "drop"]
)
def test_calls_that_fail_are_made_again(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], status: int | str, retry_after: int | None
):
    with meeting(tmp_path) as room:
        for method in ("getUpdates", "setMessageReaction", "sendMessage"):
            room.server.fail(method, 3 if method == "getUpdates" else 1, status, retry_after)
        for n in range(5):
            room.say(f"#need Staff {n}")
        room.group.say(room.ana, "/help set")
        room.bot.settle(60)
        assert (room.texts(), room.signs()) == ([f"Staff {n}" for n in range(5)], [["✍"]] * 5)
        answers = [message for message in room.group.from_bot if (message.text or "").startswith("/set")]
        assert len(answers) == 1
    # a line for each kind of trouble when it starts and when it ends, not one for each try
    told = events(capsys)
    assert 0 < len(told) <= 8, told


def test_answer_that_is_lost_does_not_say_things_twice(tmp_path: Path):
    with meeting(tmp_path) as room:
        # Telegram has sent the words, and the connection broke before it could say so
        room.server.fail("sendMessage", 1, "drop", after=True)
        room.group.say(room.ana, "/help set")
        room.bot.settle(60)
        answers = [message.text for message in room.group.from_bot if (message.text or "").startswith("/set")]
    assert answers == ["/set FIELD: VALUE – fill a field or change a setting\n/set venue: Church Center, New York"]


def test_network_that_is_gone_for_a_while_loses_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    with meeting(tmp_path) as room:
        room.say("#need Staff before")
        room.bot.settle()
        capsys.readouterr()
        room.server.stop()
        for n in range(20):
            room.say(f"#need Staff {n:02}")
        room.server.advance(600)
        wait_until(lambda: "trouble" in (told := capsys.readouterr().out) or bool(told), 20)
        room.server.start()
        room.bot.settle(60)
        assert room.texts() == [*(f"Staff {n:02}" for n in range(20)), "Staff before"]


def test_network_that_is_not_there_at_the_start_is_waited_for(tmp_path: Path):
    with TelegramServer(privacy=False) as server:
        group, ana = server.add_group("Consultation"), server.person("Ana")
        group.add_bot(by=ana)
        server.stop()
        with LiveBot(server, f"sqlite:///{tmp_path}/notes.db", organizers=[f"telegram:{ana.id}"]) as bot:
            group.say(ana, OPENING)
            group.say(ana, "#need Staff")
            server.start()
            bot.settle(60)
            assert Room(server, bot, group, ana).texts() == ["Staff"]


def test_poison_updates_become_dead_letters_and_block_nothing(tmp_path: Path):
    with meeting(tmp_path) as room:
        for payload in POISON:
            room.server.inject("message", payload, room.group.id)
        room.server.inject("something_new", {"text": "#need x"}, room.group.id)
        room.say("#need Staff")
        room.bot.settle()
        reasons = [letter.reason for letter in room.bot.store.dead_letters()]
        assert (room.texts(), room.signs(), len(reasons)) == (["Staff"], [["✍"]], 3)


def test_database_that_refuses_writes_for_a_while_loses_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    with meeting(tmp_path, busy_timeout=0.5) as room:
        capsys.readouterr()
        with closing(sqlite3.connect(tmp_path / "notes.db", isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            for n in range(5):
                room.say(f"#need Staff {n}")
            told: list[str] = []
            wait_until(lambda: bool(told.extend(events(capsys)) or told), 20)
            # what is not kept is not confirmed
            assert len(room.server.pending) == 5
            other.execute("ROLLBACK")
        room.bot.settle(60)
        assert (room.texts(), room.signs()) == ([f"Staff {n}" for n in range(5)], [["✍"]] * 5)


def test_token_that_telegram_does_not_accept_ends_the_program(tmp_path: Path):
    with TelegramServer() as server:
        bot = LiveBot(server, f"sqlite:///{tmp_path}/notes.db", telegram_token=f"{server.bot.id}:WRONG")
        with pytest.raises(SettingError) as raised, bot:
            wait_until(lambda: not bot.is_running, 20)
    assert str(raised.value).startswith("TELEGRAM_TOKEN: Telegram does not accept this token.")


def test_redelivery_and_ids_that_start_anew_change_nothing(tmp_path: Path):
    with meeting(tmp_path) as room:
        room.say("#need Staff")
        room.bot.settle()
        room.server.redeliver(2)
        room.bot.settle()
        room.server.restart_ids()
        room.say("#need Rooms")
        room.bot.settle()
        assert (room.texts(), room.signs()) == (["Rooms", "Staff"], [["✍"]] * 2)
        assert len(room.group.from_bot) == 1
