"""Trouble on the way, on a fake Slack: after it, the report is the channel's truth, and nothing is said twice."""

import sqlite3
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from random import Random

import pytest

from tests.bot.live import LiveBot, wait_until
from tests.bot.program import Program
from tests.bot.test_live_slack import bot_on
from tests.slack_server import SlackServer
from tests.slack_server.channels import Channel
from tests.slack_server.messages import Message
from tests.slack_server.people import Person

OPENING = "/open Consultation\ntemplate: bapa40\nzone: UTC\nclose: 18:00\nstarts: 2099-01-01"
BURST, KILLS = 1000, 50
# what the bot calls in this test
METHODS = {
    "auth.test",
    "apps.connections.open",
    "users.info",
    "conversations.history",
    "conversations.replies",
    "reactions.get",
    "reactions.add",
    "chat.postMessage",
    "chat.update",
    "files.getUploadURLExternal",
    "files.completeUploadExternal",
    "views.publish",
}
HELP = [
    "/rapporteur set FIELD: VALUE – fill a field or change a setting",
    "/rapporteur set venue: Church Center, New York",
]


class Room:
    """A channel with an open meeting."""

    def __init__(self, slack: SlackServer, bot: LiveBot, channel: Channel, ana: Person) -> None:
        self.slack, self.bot, self.channel, self.ana = slack, bot, channel, ana

    def say(self, text: str, thread: Message | None = None) -> Message:
        return self.channel.say(self.ana, text, thread=thread)

    def texts(self) -> list[str]:
        """What is filed."""
        with self.bot.store.read() as work:
            [meeting] = work.list_meetings()
            record = work.load_record(meeting.id)
        standing = {message.key for message in record.messages if message.deleted_at is None}
        return sorted(note.text for key, notes in record.notes.items() for note in notes if key in standing)


def make_channel(slack: SlackServer) -> tuple[Channel, Person]:
    ana, channel = slack.person("Ana"), slack.add_channel("consultation")
    channel.join(ana)
    channel.invite_bot(ana)
    return channel, ana


@contextmanager
def meeting(folder: Path, *, http: bool = False, busy_timeout: float = 5.0) -> Iterator[Room]:
    with SlackServer() as slack:
        channel, ana = make_channel(slack)
        with bot_on(slack, f"sqlite:///{folder}/notes.db", ana.id, http=http, busy_timeout=busy_timeout) as bot:
            channel.say(ana, OPENING)
            bot.settle()
            yield Room(slack, bot, channel, ana)


def signs(message: Message) -> list[str]:
    return sorted(message.reactions)


def test_outage_of_an_hour_ends_with_the_truth_of_the_channel(tmp_path: Path):
    url = f"sqlite:///{tmp_path}/notes.db"
    with SlackServer() as slack:
        channel, ana = make_channel(slack)
        with bot_on(slack, url, ana.id) as bot:
            channel.say(ana, OPENING)
            kept, edited, gone, root, mother = (channel.say(ana, f"#need Staff {name}") for name in "abcde")
            channel.say(ana, "#need Staff in a thread", thread=root)
            late = channel.say(ana, "#need Staff in a thread, gone", thread=root)
            channel.say(ana, "#need Staff below", thread=mother)
            bot.settle()
        # nobody is there: what Slack tries to deliver is lost
        channel.edit(edited, "#need Rooms")
        channel.delete(gone)
        channel.delete(late)
        channel.delete(mother)
        channel.say(ana, "#need Desks")
        channel.say(ana, "#need Chairs", thread=root)
        slack.advance(3600)
        slack.wait_until(lambda: not slack.pending, timeout=60)
        with bot_on(slack, url, ana.id) as bot:
            room = Room(slack, bot, channel, ana)
            wait_until(lambda: "Desks" in room.texts() and "Staff c" not in room.texts(), 30)
            bot.settle()
            texts = room.texts()
    assert texts == [
        "Chairs",
        "Desks",
        "Rooms",
        "Staff a",
        "Staff below",
        "Staff d",
        "Staff in a thread",
    ]
    assert signs(kept) == ["writing_hand"]


@pytest.mark.parametrize("method", ["reactions.add", "chat.postMessage", "conversations.history", "users.info"])
@pytest.mark.parametrize(("status", "retry_after"), [(500, None), (429, 1), ("drop", None)], ids=["500", "429", "drop"])
def test_calls_that_fail_are_made_again(tmp_path: Path, method: str, status: int | str, retry_after: int | None):
    with meeting(tmp_path) as room:
        room.slack.fail(method, 2, status, retry_after=retry_after)  # type: ignore[arg-type]
        note = room.say("#need Staff")
        help_ = room.say("/help set")
        room.bot.settle(60)
        told = [message.plain for message in room.channel.from_bot if message.thread is help_]
    assert signs(note) == ["writing_hand"]
    assert [line for text in told for line in text.split("\n")] == HELP


def test_every_method_may_say_that_it_is_asked_too_often(tmp_path: Path):
    url = f"sqlite:///{tmp_path}/notes.db"
    with SlackServer() as slack:
        channel, ana = make_channel(slack)
        for method in METHODS:
            slack.fail(method, 1, 429, retry_after=1)
        with bot_on(slack, url, ana.id) as bot:
            channel.say(ana, OPENING)
            bot.settle(60)
            note = channel.say(ana, "#need Staff")
            root = channel.say(ana, "#session I: Talks")
            channel.say(ana, "#need Rooms", thread=root)
            for _ in range(2):
                channel.say(ana, "/status")
                bot.settle(60)
            slack.command("/draft", "md", ana, channel)
            slack.open_home(ana)
            bot.settle(60)
            texts = Room(slack, bot, channel, ana).texts()
        hit = {call.method for call in slack.calls if call.status == 429}
        files = [file.name for message in channel.from_bot for file in message.files]
        cards = [message for message in channel.from_bot if message.plain.startswith("Consultation (open")]
    assert (texts, signs(note)) == (["Rooms", "Staff", "Talks"], ["writing_hand"])
    assert (files, len(cards), ana.home is not None) == (["consultation-draft-1.md"], 1, True)
    assert hit == METHODS


def test_redelivered_and_shuffled_events_change_nothing(tmp_path: Path):
    with meeting(tmp_path) as room:
        room.slack.shuffle = True
        notes = [room.say(f"#need Staff {n}") for n in range(10)]
        for note in notes[:5]:
            room.channel.edit(note, "#need Rooms")
        room.bot.settle()
        room.slack.redeliver(15)
        room.bot.settle()
        expected = sorted(["Rooms"] * 5 + [f"Staff {n}" for n in range(5, 10)])
        assert room.texts() == expected
        assert len(room.channel.from_bot) == 1


def test_refresh_in_the_middle_and_refused_sockets_lose_nothing(tmp_path: Path):
    with meeting(tmp_path) as room:
        for n in range(30):
            room.say(f"#need Staff {n:02}")
            if n == 10:
                room.slack.refresh()
            if n == 20:
                room.slack.refuse_sockets(2)
                room.slack.cut_sockets()
        expected = [f"Staff {n:02}" for n in range(30)]
        wait_until(lambda: room.texts() == expected, 60)
        room.bot.settle(60)
        assert room.texts() == expected


def test_database_that_refuses_writes_for_a_while_loses_nothing(tmp_path: Path):
    with meeting(tmp_path, busy_timeout=0.5) as room:
        with closing(sqlite3.connect(tmp_path / "notes.db", isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            notes = [room.say(f"#need Staff {n}") for n in range(5)]
            # nothing is acknowledged that is not kept
            room.slack.wait_until(lambda: all(delivery.tries for delivery in room.slack.pending), timeout=20)
            assert len(room.slack.pending) == 5
            other.execute("ROLLBACK")
        # what Slack gave up meanwhile the history tells before the draft
        room.say("/draft md")
        wait_until(lambda: any(message.files for message in room.channel.from_bot), 60)
        room.bot.settle(60)
        assert room.texts() == [f"Staff {n}" for n in range(5)]
        assert {tuple(signs(note)) for note in notes} == {("writing_hand",)}


def test_people_of_another_workspace_file_and_command_nothing(tmp_path: Path):
    with meeting(tmp_path) as room:
        gus = room.slack.person("Gus", guest_of="T99999")
        note = room.channel.say(gus, "#need Staff")
        for name, rest in (("/draft", ""), ("/rapporteur", "close"), ("/rapporteur", "status")):
            room.slack.command(name, rest, gus, room.channel)
        room.channel.say(gus, "@rapporteur close")
        room.bot.settle()
        with room.bot.store.read() as work:
            [met] = work.list_meetings()
        told = {message.plain for message in room.channel.from_bot[1:]}
        assert (room.texts(), signs(note), met.closed_at) == (["Staff"], ["writing_hand"], None)
        assert told <= {"Guests of this chat can file notes; commands are for its own members."}
        assert not any(message.files for message in room.channel.from_bot)


def test_posts_whose_answer_is_lost_are_not_made_twice(tmp_path: Path):
    with meeting(tmp_path) as room:
        room.slack.fail("chat.postMessage", 1, "drop", after=True)
        asked = room.say("/help set")
        room.bot.settle(60)
        assert len([message for message in room.channel.from_bot if message.thread is asked]) == 1


@contextmanager
def writing(channel: Channel, people: list[Person], over: threading.Event) -> Iterator[None]:
    """People write the whole burst meanwhile."""

    def write() -> None:
        random = Random(3)
        for n in range(BURST):
            channel.say(people[n % len(people)], f"#need Staff for unit {n}")
            if n % 20 == 0:
                over.wait(random.random() / 4)

    thread = threading.Thread(target=write)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def test_killed_fifty_times_in_a_burst(program: Program, tmp_path: Path):
    url = f"sqlite:///{tmp_path}/notes.db"
    with SlackServer() as slack:
        channel, ana = make_channel(slack)
        ben, wei = slack.person("Ben"), slack.person("Wei")
        settings = {
            "SLACK_BOT_TOKEN": slack.bot_token,
            "SLACK_APP_TOKEN": slack.app_token,
            "SLACK_API_URL": slack.api_url.rstrip("/"),
            "DATABASE_URL": url,
            "ORGANIZERS": f"slack:{ana.id}",
        }
        with bot_on(slack, url, ana.id) as bot:
            channel.say(ana, OPENING)
            bot.settle()
        random, over = Random(5), threading.Event()
        with writing(channel, [ana, ben, wei], over):
            for _ in range(KILLS):
                assert program.kill_after(random.uniform(0.1, 0.7), tmp_path, "run", settings=settings)
        expected = sorted(f"Staff for unit {n}" for n in range(BURST))
        with bot_on(slack, url, ana.id) as bot:
            room = Room(slack, bot, channel, ana)
            wait_until(lambda: len(room.texts()) >= BURST, 120)
            bot.settle(120)
            texts = room.texts()
    assert Counter(texts) == Counter(expected)


def test_command_in_a_channel_without_the_bot_is_told_and_does_nothing(tmp_path: Path):
    with meeting(tmp_path) as room:
        elsewhere = room.slack.add_channel("elsewhere")
        elsewhere.join(room.ana)
        given = room.slack.command("/rapporteur", "open Something", room.ana, elsewhere)
        room.slack.wait_until(lambda: given.done, timeout=20)
        room.bot.settle()
        with room.bot.store.read() as work:
            titles = [met.title for met in work.list_meetings()]
    assert titles == ["Consultation"]
    assert given.answer == {
        "text": "I am not in this channel, so nothing was done. Invite me with /invite @rapporteur, then send it again."
    }


def test_status_by_slash_command_comes_down_to_who_asks(tmp_path: Path):
    with meeting(tmp_path) as room:
        for _ in range(2):
            room.slack.command("/rapporteur", "status", room.ana, room.channel)
            room.bot.settle()
        cards = [message for message in room.channel.messages if message.plain.startswith("Consultation (open")]
        assert (len(cards), cards[0] is room.channel.messages[-1]) == (1, True)
