"""The clock on fake chat services: closes and digests come once, also after outages and `kill -9`, and say if late."""

import subprocess
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random

import pytest
from sqlalchemy import text

from core.phrases import phrase
from handlers import Guard
from reports.placement import place
from reports.template_reader import load_templates
from storage.database import begin, open_database
from storage.store import Store
from tests.bot.clocked import Clocked
from tests.bot.live import LiveBot, wait_until
from tests.bot.program import Program, start
from tests.conftest import Server
from tests.telegram_server import Rate, TelegramServer
from tests.telegram_server.conversations import Group
from tests.telegram_server.people import Person

HOUR = 3600.0
OPENING = "/open Consultation\nzone: UTC\ndays: 2\nhours: 09:00-18:00\nclose: 17:00"
CLOSED = str(phrase("closed_by_clock", time="17:00"))
LATE = str(phrase("said_late", day=date(2018, 5, 8), time="17:00"))
FAST = Rate(10_000, 1.0)
MEETINGS, KILLS = 200, 2


class Room:
    """A group with an open meeting of two days, from nine in the morning."""

    def __init__(self, server: TelegramServer, group: Group, ana: Person) -> None:
        self.server, self.group, self.ana = server, group, ana

    def say(self, text: str) -> None:
        self.group.say(self.ana, text)

    def heads(self, group: Group | None = None) -> list[str]:
        """What the bot said in the group by itself, in order, by how it begins; a file by its name."""
        said = [m for m in (group or self.group).from_bot if not m.reply_to]
        return [m.document.name if m.document else (m.text or "").split("\n")[0] for m in said]

    def go_on(self, hours: float, bot: LiveBot, group: Group | None = None, said: int = 0) -> None:
        """Time goes on, and so much more is said."""
        before = len(self.heads(group))
        self.server.advance(hours * HOUR)
        wait_until(lambda: len(self.heads(group)) >= before + said, 30, lambda: str(self.heads(group)))
        bot.settle()


@contextmanager
def meeting(folder: Path) -> Iterator[tuple[Room, Callable[[], LiveBot]]]:
    with TelegramServer(privacy=False) as server:
        group, ana = server.add_group("Consultation"), server.person("Ana")
        group.add_bot(by=ana)

        def run() -> LiveBot:
            url = f"sqlite:///{folder}/notes.db"
            return LiveBot(server, url, organizers=[f"telegram:{ana.id}"], draft_formats="md")

        yield Room(server, group, ana), run


def test_two_days_have_their_digests_a_warning_and_a_close(tmp_path: Path):
    with meeting(tmp_path) as (room, run), run() as bot:
        room.say(OPENING)
        room.say("#need Staff")
        bot.settle()
        room.go_on(9, bot, said=1)
        room.go_on(15, bot)
        room.say("#need Rooms")
        bot.settle()
        room.go_on(7.75, bot, said=1)
        room.go_on(0.25, bot, said=3)
        room.say("#need Desks")
        bot.settle()
        heads = room.heads()
        with bot.store.read() as work:
            [met] = work.list_meetings()
            numbers = [draft.number for draft in work.load_drafts(met.id)]
    assert heads == [
        "Consultation – day 1 of 2, Monday, 7 May 2018",
        str(phrase("closes_soon", time="17:00", count=15)),
        "Consultation – day 2 of 2, Tuesday, 8 May 2018",
        CLOSED,
        "consultation-draft-1.md",
    ]
    assert (numbers, room.group.messages[-2].text, room.group.from_bot[-1].reply_to is not None) == (
        [1],
        "#need Desks",
        True,
    )


def test_bot_that_was_down_closes_late_and_posts_the_newest_digest_alone(tmp_path: Path):
    with meeting(tmp_path) as (room, run):
        with run() as bot:
            room.say(OPENING)
            room.say("#need Staff")
            bot.settle()
        # over both digests and the close; people go on meanwhile
        room.server.advance(24 * HOUR)
        room.say("#need Rooms")
        room.server.advance(12 * HOUR)
        room.say("#need Desks")
        with run() as bot:
            wait_until(lambda: len(room.heads()) >= 4, 30, lambda: str(room.heads()))
            bot.settle()
            with bot.store.read() as work:
                [met] = work.list_meetings()
                numbers = [draft.number for draft in work.load_drafts(met.id)]
                report = place(work.load_record(met.id), load_templates().load("bapa40"))
    assert room.heads() == [
        "Consultation – day 2 of 2, Tuesday, 8 May 2018",
        CLOSED,
        "consultation-draft-1.md",
        str(phrase("said_late", day=date(2018, 5, 8), time="17:00")),
    ]
    assert met.closed_at == datetime(2018, 5, 8, 17, tzinfo=UTC)
    assert (numbers, [item.text for item in report.late]) == ([1], ["Desks"])


def test_close_that_is_put_off_while_the_bot_is_down_is_put_off(tmp_path: Path):
    with meeting(tmp_path) as (room, run):
        with run() as bot:
            room.say("/open Consultation\nzone: UTC\nclose: 17:00")
            room.say("#need Staff")
            bot.settle()
        room.server.advance(7 * HOUR)
        room.say("/close 19:00")
        room.server.advance(2 * HOUR)
        with run() as bot:
            wait_until(lambda: room.group.from_bot[-1].reply_to is not None, 20)
            bot.settle()
            room.go_on(0.8, bot, said=1)
            room.go_on(0.22, bot, said=3)
    assert room.heads()[0] == str(phrase("closes_soon", time="19:00", count=12))
    assert Counter(head[:6] for head in room.heads()) == Counter({"The me": 1, "Consul": 1, "Closed": 1, "consul": 1})


@pytest.mark.parametrize("trouble", [500, 429, "drop", "down"])
def test_post_that_fails_for_an_hour_comes_later_and_says_so(tmp_path: Path, trouble: int | str):
    with meeting(tmp_path) as (room, run), run() as bot:
        room.say("/open Consultation\nzone: UTC\nclose: 17:00\ndigest: off")
        room.say("#need Staff")
        bot.settle()
        if trouble == "down":
            room.server.stop()
        else:
            for method in ("sendMessage", "sendDocument"):
                room.server.fail(method, 1_000_000, trouble, retry_after=1)  # type: ignore[arg-type]
        room.server.advance(8 * HOUR + 60)

        def has_draft() -> bool:
            with bot.store.read() as work:
                return [len(work.load_drafts(met.id)) for met in work.list_meetings()] == [1]

        wait_until(has_draft, 30)
        room.server.advance(HOUR)
        if trouble == "down":
            room.server.start()
        room.server.heal()
        wait_until(lambda: len(room.heads()) >= 3, 30, lambda: str(room.heads()))
        bot.settle()
        assert has_draft()
    assert room.heads() == [
        CLOSED,
        "consultation-draft-1.md",
        str(phrase("said_late", day=date(2018, 5, 7), time="17:00")),
    ]


def test_close_that_comes_late_says_so_once_in_each_chat(tmp_path: Path):
    with meeting(tmp_path) as (room, run):
        second = room.server.add_group("Second room")
        second.add_bot(by=room.ana)
        with run() as bot:
            room.say("/open Consultation\nzone: UTC\nclose: 17:00\ndigest: off")
            room.say("#need Staff")
            room.say("/join")
            bot.settle()
            code = (room.group.from_bot[-1].text or "").split("“join ")[1].split("”")[0]
            second.say(room.ana, f"/join {code}")
            bot.settle()
        room.server.advance(20 * HOUR)
        with run() as bot:
            wait_until(lambda: min(len(room.heads()), len(room.heads(second))) >= 3, 30, lambda: str(room.heads()))
            bot.settle()
    late = str(phrase("said_late", day=date(2018, 5, 7), time="17:00"))
    said = [CLOSED, "consultation-draft-1.md", late]
    assert (room.heads(), room.heads(second)) == (said, said)


def test_chat_that_removed_the_bot_stops_nothing_else(tmp_path: Path, program: Program):
    with meeting(tmp_path) as (room, run), run() as bot:
        server, ben = room.server, room.server.person("Ben")
        private = server.add_private(room.ana)
        second = server.add_group("Second room")
        second.add_bot(by=room.ana)
        room.say("/open Consultation\nzone: UTC\nclose: 17:00\ndigest: off")
        room.say("#need Staff")
        # so the bot knows where to reach her
        private.say("/help")
        bot.settle()
        room.say("/join")
        bot.settle()
        code = (room.group.from_bot[-1].text or "").split("“join ")[1].split("”")[0]
        second.say(ben, f"/join {code}")
        bot.settle()
        room.group.remove_bot()
        room.go_on(8.01, bot, second, said=2)
        bot.settle()
        told = [message.text for message in private.messages if message.sender is server.bot][1:]
        settings = {"DATABASE_URL": f"sqlite:///{tmp_path}/notes.db"}
        _, output, _ = program.run(tmp_path, "doctor", settings=settings)
    assert [head[:9] for head in room.heads(second)] == ["Closed at", "consultat"]
    assert told == [
        str(phrase("chat_gone", meeting="Consultation", platform="Telegram")),
    ]
    assert [line for line in output.splitlines() if line.startswith("BAD") and str(room.group.id) in line] != []


def test_raw_updates_go_after_the_days_that_are_set_and_the_notes_stay(tmp_path: Path):
    with meeting(tmp_path) as (room, run):
        with run() as bot:
            room.say("/open Consultation\nzone: UTC\ndigest: off\nremind: off\ndays: 31")
            room.say("#need Staff")
            bot.settle()
        room.server.advance(31 * 24 * HOUR)
        with run() as bot:
            wait_until(lambda: count_updates(bot) == 0, 20)
            with bot.store.read() as work:
                texts = [note.text for notes in work.load_record(1).notes.values() for note in notes]
    assert texts == ["Staff"]


def count_updates(bot: LiveBot) -> int:
    with begin(bot.engine, reading=True) as connection:
        return connection.scalar(text("SELECT count(*) FROM inbox WHERE payload LIKE '%Staff%'")) or 0


# --- kill -9 -------------------------------------------------------------------------------------------------------


def make_overdue(url: str, group_ids: Iterable[int], person: Person) -> None:
    """Meetings whose close was an hour ago, opened by the real handlers while nobody sent anything."""
    past = Clocked(url, "UTC", guard=Guard(frozenset({f"telegram:{person.id}"})))
    with closing(past.store):
        now = datetime.now(UTC)
        settings = f"zone: UTC\ndigest: off\nclose: {now - timedelta(hours=1):%Y-%m-%d %H:%M}"
        for group_id in group_ids:
            opening = f"/open Consultation of {group_id}\n{settings}"
            for minutes, text in ((180, opening), (170, "#need Staff")):
                sent_at = now - timedelta(minutes=minutes)
                past.say(f"{sent_at:%Y-%m-%d %H:%M}", text, str(person.id), chat=str(group_id), late=True)


def settings_of(server: TelegramServer, url: str, ana: Person) -> dict[str, str]:
    return {
        "TELEGRAM_TOKEN": server.bot.token,
        "TELEGRAM_API_URL": server.url,
        "DATABASE_URL": url,
        "ORGANIZERS": f"telegram:{ana.id}",
        "DRAFT_FORMATS": "md",
    }


@contextmanager
def running(folder: Path, settings: dict[str, str], count: int = 1) -> Iterator[list[subprocess.Popen[str]]]:
    """So many processes; what is left of them is killed."""
    processes = [start(folder, "run", settings=settings) for _ in range(count)]
    try:
        yield processes
    finally:
        for process in processes:
            process.kill()
            process.communicate()


def count_said(group: Group) -> Counter[str]:
    """What the bot said in the group by itself, by how it begins; a file by the end of its name."""
    said = [m for m in group.from_bot if not m.reply_to]
    return Counter(m.document.name.rpartition(".")[2] if m.document else (m.text or "")[:9] for m in said)


ONCE = Counter({CLOSED[:9]: 1, "md": 1, LATE[:9]: 1})


def test_killed_before_during_and_after_the_close_posts_one_draft(tmp_path: Path):
    url = f"sqlite:///{tmp_path}/notes.db"
    with TelegramServer(privacy=False, began=None) as server, closing(Store(open_database(url))) as store:
        group, ana = server.add_group("Consultation"), server.person("Ana")
        group.add_bot(by=ana)
        group.say(ana, "Good morning")
        make_overdue(url, [group.id], ana)
        settings = settings_of(server, url, ana)

        def is_closed() -> bool:
            with store.read() as work:
                return [meeting.is_open for meeting in work.list_meetings()] == [False]

        def drafts() -> int:
            with store.read() as work:
                return sum(len(work.load_drafts(meeting.id)) for meeting in work.list_meetings())

        # what is waited for before the kill, and what then stands in the chat
        moments: list[tuple[str, Callable[[], bool]]] = [
            ("before", lambda: len(server.calls_of("getUpdates")) > 0),
            ("closed", is_closed),
            ("made", lambda: drafts() > 0),
            ("words in doubt", lambda: len(server.calls_of("sendMessage")) > 0),
            ("file in doubt", lambda: len(server.calls_of("sendDocument")) > 0),
            ("after", lambda: count_said(group) == ONCE),
        ]
        for name, has_come in moments:
            if name == "words in doubt":
                server.fail("sendMessage", 1, "hang", after=True)
            if name == "file in doubt":
                server.fail("sendDocument", 1, "hang", after=True)
            with running(tmp_path, settings):
                wait_until(has_come, 30, lambda name=name: f"{name}: {count_said(group)}")  # type: ignore[misc]
            server.heal()
        # once more, until the bot has nothing to do
        with LiveBot(server, url, organizers=[settings["ORGANIZERS"]]) as bot:
            group.say(ana, "/help")
            bot.settle()
            wait_until(lambda: any(m.reply_to for m in group.from_bot), 20)
        assert (drafts(), count_said(group)) == (1, ONCE)


def test_two_processes_that_are_killed_close_two_hundred_meetings_once_each(tmp_path: Path, postgresql: Server):
    url = postgresql.url_of(postgresql.make_database())
    random = Random(7)
    with TelegramServer(privacy=False, began=None, group_rate=FAST, overall_rate=FAST) as server:
        ana = server.person("Ana")
        groups = [server.add_group(f"Consultation {n}") for n in range(MEETINGS)]
        for group in groups:
            group.add_bot(by=ana)
            group.say(ana, "Good morning")
        make_overdue(url, [group.id for group in groups], ana)
        settings = settings_of(server, url, ana)

        def is_over() -> bool:
            return all(count_said(group) == ONCE for group in groups)

        def tell() -> str:
            return str(Counter(tuple(sorted(count_said(group).items())) for group in groups))

        with running(tmp_path, settings, 2) as processes:
            for _ in range(KILLS):
                said = sum(len(group.from_bot) for group in groups)
                more = random.randint(20, 120)
                wait_until(lambda s=said, m=more: sum(len(group.from_bot) for group in groups) >= s + m, 60, tell)  # type: ignore[misc]
                killed = processes.pop(random.randrange(2))
                killed.kill()
                killed.communicate()
                processes.append(start(tmp_path, "run", settings=settings))
            wait_until(is_over, 120, tell)
        with closing(Store(open_database(url))) as store, store.read() as work:
            numbers = [[draft.number for draft in work.load_drafts(met.id)] for met in work.list_meetings()]
    assert numbers == [[1]] * MEETINGS
