"""Several processes on one database: one leads, and when it is killed nothing is lost, and nothing said twice."""

import threading
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
from sqlalchemy import text

from storage.database import begin, open_database
from storage.store import Store
from tests.bot.live import LiveBot, wait_until
from tests.bot.program import start
from tests.bot.test_live_slack import bot_on
from tests.bot.test_live_slack_trouble import HELP, OPENING, Room, make_channel
from tests.slack_server import SlackServer
from tests.slack_server.channels import Channel
from tests.slack_server.people import Person
from tests.telegram_server import TelegramServer

# messages at a time; one in so many is a command, which is answered with words
BURST, COMMANDS = 60, 15
KILLS = 2
# that a process holds
SOCKETS = 2


class Process:
    """`rapporteur run`, and what it says of leading."""

    def __init__(self, folder: Path, settings: dict[str, str]) -> None:
        self.changes: list[str] = []
        self._process = start(folder, "run", settings=settings)
        self._listening = threading.Thread(target=self._listen)
        self._listening.start()

    def _listen(self) -> None:
        assert self._process.stderr
        for line in self._process.stderr:
            self.changes += [event for event in ("leads", "stands by") if f'"event": "{event}"' in line]

    @property
    def leads(self) -> bool:
        return self._process.poll() is None and self.changes[-1:] == ["leads"]

    def kill(self) -> None:
        """`kill -9`."""
        self._process.kill()
        self._process.wait()
        self._listening.join()
        for stream in (self._process.stdin, self._process.stdout, self._process.stderr):
            assert stream
            stream.close()


class Database:
    """What the processes have written."""

    def __init__(self, url: str) -> None:
        self._engine = open_database(url)
        self._store = Store(self._engine)

    def close(self) -> None:
        self._store.close()

    def is_idle(self) -> bool:
        """Whether all is taken and all commands are answered; signs may take a minute longer."""
        asked = "SELECT count(*) FROM outbox WHERE done_at IS NULL AND text <> ''"
        with begin(self._engine, reading=True) as connection:
            return not (connection.scalar(text(asked)) or self._store.waiting())

    def list_notes(self) -> list[str]:
        with self._store.read() as work:
            meetings = work.list_meetings()
            record = work.load_record(meetings[0].id) if meetings else None
        return [note.text for notes in record.notes.values() for note in notes] if record else []


class Burst:
    """Notes and commands, as many as are said."""

    def __init__(self, channel: Channel, people: Sequence[Person]) -> None:
        self._channel, self._people = channel, people
        self.notes: list[str] = []
        self.commands: list[object] = []

    def say(self) -> None:
        for n in range(BURST):
            who = self._people[n % len(self._people)]
            if n % COMMANDS == COMMANDS // 2:
                self.commands.append(self._channel.say(who, "/help set"))
            else:
                self.notes.append(f"Staff for unit {len(self.notes)}")
                self._channel.say(who, f"#need {self.notes[-1]}")


def kill_leader(processes: Sequence[Process], database: Database, burst: Burst) -> None:
    """In the midst of a burst, which then goes on, until another one leads."""
    [leader] = [process for process in processes if process.leads]
    before = len(database.list_notes())
    burst.say()
    wait_until(lambda: len(database.list_notes()) > before, 30)
    leader.kill()
    burst.say()
    wait_until(lambda: any(process.leads for process in processes), 30)


@contextmanager
def database_of(url: str) -> Iterator[Database]:
    database = Database(url)
    yield database
    database.close()


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_leader_killed_in_a_burst_twice_loses_nothing_and_says_nothing_twice(database_url: str, tmp_path: Path):
    with SlackServer() as slack, database_of(database_url) as database:
        channel, ana = make_channel(slack)
        settings = {
            "SLACK_BOT_TOKEN": slack.bot_token,
            "SLACK_APP_TOKEN": slack.app_token,
            "SLACK_API_URL": slack.api_url.rstrip("/"),
            "DATABASE_URL": database_url,
            "ORGANIZERS": f"slack:{ana.id}",
        }
        burst = Burst(channel, [ana, slack.person("Ben"), slack.person("Wei")])
        processes = [Process(tmp_path, settings) for _ in range(KILLS + 1)]
        try:
            slack.wait_until(lambda: slack.connections == SOCKETS * len(processes), timeout=30)
            wait_until(lambda: all(process.changes for process in processes), 30)
            opening = channel.say(ana, OPENING)
            wait_until(lambda: bool(channel.from_bot) and database.is_idle(), 30)
            for _ in range(KILLS):
                kill_leader(processes, database, burst)
            wait_until(lambda: not slack.pending and len(database.list_notes()) >= len(burst.notes), 60)
            wait_until(database.is_idle, 60)
            changes = sorted(process.changes for process in processes)
        finally:
            for process in processes:
                process.kill()
        notes = database.list_notes()
        answers = [(m.thread, m.plain) for m in channel.from_bot if m.thread and m.thread is not opening]
    assert Counter(notes) == Counter(burst.notes)
    assert Counter(answers) == Counter((command, "\n".join(HELP)) for command in burst.commands)
    assert changes == [["leads"], *[["stands by", "leads"]] * KILLS]


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_who_stands_by_takes_what_slack_posts_to_it(database_url: str):
    with SlackServer() as slack:
        channel, ana = make_channel(slack)
        with (
            bot_on(slack, database_url, ana.id, http=True) as first,
            bot_on(slack, database_url, ana.id, http=True),
        ):
            # from now on Slack has the address of the second
            channel.say(ana, OPENING)
            first.settle()
            note, asked = channel.say(ana, "#need Staff"), channel.say(ana, "/help set")
            first.settle()
            texts = Room(slack, first, channel, ana).texts()
        told = [message.plain for message in channel.from_bot if message.thread is asked]
    assert (texts, sorted(note.reactions), told) == (["Staff"], ["writing_hand"], ["\n".join(HELP)])


def test_telegram_is_polled_by_the_one_that_leads(tmp_path: Path):
    url = f"sqlite:///{tmp_path}/notes.db"
    with TelegramServer(privacy=False) as server:
        ana, group = server.person("Ana"), server.add_group("Consultation")
        group.add_bot(by=ana)
        with ExitStack() as ending:
            first = ending.enter_context(LiveBot(server, url, organizers=[f"telegram:{ana.id}"]))
            group.say(ana, OPENING)
            first.settle()
            menus = len(server.calls_of("getMyCommands"))
            with LiveBot(server, url, organizers=[f"telegram:{ana.id}"]) as second:
                # it has made its menus, and would begin to poll
                server.wait_until(lambda: len(server.calls_of("getMyCommands")) == 2 * menus, timeout=20)
                group.say(ana, "#need Staff")
                first.settle()
                statuses = {call.status for call in server.calls_of("getUpdates")}
                beginnings = len(server.calls_of("deleteWebhook"))
                ending.close()
                group.say(ana, "#need Rooms")
                second.settle()
                with second.store.read() as work:
                    [meeting] = work.list_meetings()
                    record = work.load_record(meeting.id)
    assert sorted(note.text for notes in record.notes.values() for note in notes) == ["Rooms", "Staff"]
    # none was refused; the last may wait for its answer
    assert (beginnings, statuses <= {200, None}) == (1, True)
