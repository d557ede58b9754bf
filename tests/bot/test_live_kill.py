"""`kill -9` in the middle of a burst, again and again: nothing is lost, nothing is doubled, nothing is said twice."""

import socket
import sqlite3
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from random import Random

from tests.bot.live import LiveBot
from tests.bot.program import Program
from tests.telegram_server import Rate, TelegramServer
from tests.telegram_server.conversations import Group
from tests.telegram_server.people import Person

BURST, KILLS = 1000, 50
# what comes in goes the same way from the inbox on
WEBHOOK_KILLS = 20
# one in so many messages is a command, which is answered with words
COMMANDS = 40


def find_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


@contextmanager
def writing(group: Group, people: list[Person], over: threading.Event) -> Iterator[None]:
    """People write the whole burst meanwhile, as fast as the bot is killed."""

    def write() -> None:
        random = Random(3)
        for n in range(BURST):
            text = f"/help set {' ' * n}" if n % COMMANDS == 7 else f"#need Staff for unit {n}"
            group.say(people[n % len(people)], text)
            if n % 20 == 0:
                over.wait(random.random() / 4)

    thread = threading.Thread(target=write)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def keys_kept(path: Path) -> set[int]:
    """The ids of the updates that are in the database."""
    with closing(sqlite3.connect(path)) as connection:
        keys = connection.execute("SELECT delivery_key FROM inbox").fetchall()
    numbers = (key.partition(":")[0] for (key,) in keys)
    return {int(number) for number in numbers if number.isdigit()}


def check(program: Program, folder: Path, webhook: bool) -> None:
    path = folder / "notes.db"
    rate = Rate(10_000, 1.0)
    with TelegramServer(privacy=False, group_rate=rate, overall_rate=rate) as server:
        group = server.add_group("Consultation")
        ana, ben, wei = (server.person(name) for name in ("Ana", "Ben", "Wei"))
        group.add_bot(by=ana)
        settings = {
            "TELEGRAM_TOKEN": server.bot.token,
            "TELEGRAM_API_URL": server.url,
            "DATABASE_URL": f"sqlite:///{path}",
            "ORGANIZERS": f"telegram:{ana.id}",
        }
        hook: dict[str, object] = {}
        if webhook:
            port = find_port()
            hook = {
                "telegram_webhook_url": f"http://127.0.0.1:{port}/telegram",
                "telegram_webhook_secret": "s3cret",
                "web_port": port,
            }
            settings |= {name.upper(): str(value) for name, value in hook.items()}
        with LiveBot(server, settings["DATABASE_URL"], organizers=[settings["ORGANIZERS"]], **hook) as bot:
            group.say(ana, "/open Consultation\ntemplate: bapa40\nzone: UTC\nclose: 18:00\nstarts: 2099-01-01")
            bot.settle()
        random, over = Random(5), threading.Event()
        with writing(group, [ana, ben, wei], over):
            for _ in range(WEBHOOK_KILLS if webhook else KILLS):
                assert program.kill_after(random.uniform(0.1, 0.6), folder, "run", settings=settings)
                confirmed = {update["update_id"] for update in server.confirmed_updates}
                assert confirmed - keys_kept(path) == set()
        with LiveBot(server, settings["DATABASE_URL"], organizers=[settings["ORGANIZERS"]], **hook) as bot:
            bot.settle(120)
            with bot.store.read() as work:
                [meeting] = work.list_meetings()
                record = work.load_record(meeting.id)
        said = [message for message in group.messages if message.sender in (ana, ben, wei) and not message.service]
        answered = Counter(m.reply_to.message_id for m in group.from_bot if m.reply_to and not m.markup)
        commands = [message.message_id for message in said if (message.text or "").startswith("/help")]
    assert {int(message.key.id) for message in record.messages} == {message.message_id for message in said}
    notes = [note.text for kept in record.notes.values() for note in kept]
    assert sorted(notes) == sorted(f"Staff for unit {n}" for n in range(BURST) if n % COMMANDS != 7)
    assert {message_id: answered[message_id] for message_id in commands} == dict.fromkeys(commands, 1)


def test_killed_fifty_times_while_it_polls(program: Program, tmp_path: Path):
    check(program, tmp_path, webhook=False)


def test_killed_twenty_times_behind_its_webhook(program: Program, tmp_path: Path):
    check(program, tmp_path, webhook=True)
