"""The service on a real database: updates in, replies out, whatever fails in between."""

import asyncio
import os
import signal
import sqlite3
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientSession, web
from structlog.testing import capture_logs

from bot.app import App
from bot.backoff import Pace
from bot.platforms import BusyError, UnreachableError
from bot.platforms.console import Console
from bot.service import run_service
from bot.settings import Settings
from core.errors import SettingError
from core.replies import Reply
from handlers import Guard
from storage.database import open_database
from storage.store import Store
from tests.bot.recorder import Clock, Recorder, list_waiting, order, to, wait_until
from tests.bot.transcripts import TEMPLATES
from tests.handlers.chat import START

QUICK = Pace(first=0.01, longest=0.05, look=0.05, now=lambda: START)


@pytest.fixture
def busy_timeout() -> float:
    return 5.0


@pytest.fixture
def app(tmp_path: Path, busy_timeout: float) -> Iterator[App]:
    store = Store(open_database(f"sqlite:///{tmp_path}/notes.db", busy_timeout=busy_timeout))
    yield App(Settings.model_validate({"web_port": 0, "draft_formats": "md"}), store, TEMPLATES)
    store.close()


def write(*texts: str) -> list[tuple[str, str]]:
    console = Console("Ana")
    return [console.write_update(text, START + timedelta(minutes=n)) for n, text in enumerate(texts)]


def serve(
    app: App, *platforms: Recorder, until: Callable[[], object], pace: Pace = QUICK, guard: Guard | None = None
) -> list[dict[str, Any]]:
    """Run the service until this is so; what it logged."""

    async def run() -> None:
        stop = asyncio.Event()
        task = asyncio.create_task(run_service(app, platforms, guard, stop=stop, pace=pace))
        waiting = asyncio.create_task(wait_until(until))
        await asyncio.wait([task, waiting], return_when=asyncio.FIRST_COMPLETED)
        stop.set()
        waiting.cancel()
        await task
        with suppress(asyncio.CancelledError):
            await waiting

    with capture_logs() as logs:
        asyncio.run(run())
    return [dict(line) for line in logs]


def is_settled(app: App, platform: Recorder) -> Callable[[], bool]:
    """Whether all that was to come has been taken and answered."""
    return lambda: not (platform.updates or app.store.waiting() or list_waiting(app.store))


def test_what_comes_in_is_filed_and_answered(app: App):
    platform = Recorder(updates=write("/open Consultation", "#need Staff", "#xyzzy what", "/draft"))
    logs = serve(app, platform, until=is_settled(app, platform))
    with app.store.read() as work:
        [meeting] = work.list_meetings()
        count = work.count_notes(meeting.id)
    said = [text.split("\n")[0] for _, text in platform.calls if not text.endswith(("filed", "not_understood"))]
    assert (meeting.title, count) == ("Consultation", 1)
    # the draft is made beside the words
    said.remove("(works)")
    assert said == [
        "Open: Consultation.",
        "I do not know this tag, so nothing is filed. Edit the message; /tags lists the tags.",
        "[consultation-draft-1.md] Draft 1 · Consultation",
    ]
    told = [line["event"] for line in logs]
    # a database that is busy for a moment is told of, and no fault
    assert [event for event in told if not event.startswith("trouble")] == ["connected", "leads", "stopped"]


def test_two_platforms_have_one_worker_and_a_sender_each(app: App):
    one, other = Recorder(updates=write("/open Consultation")), Recorder(name="other", workspace="w")
    order(app.store, Reply(to(1)._replace(platform="other", workspace="w"), "for the other"))
    serve(app, one, other, until=lambda: one.chats and other.chats)
    assert (list(other.chats["A"].values()), len(one.chats["console"])) == (["for the other"], 1)


def test_updates_that_an_earlier_run_left_are_taken(app: App):
    platform = Recorder()
    app.store.put_updates("console", write("/open Consultation"))
    serve(app, platform, until=lambda: platform.chats)
    assert app.store.waiting() == 0


def test_the_guard_is_kept(app: App):
    platform = Recorder(updates=write("/open Consultation"))
    serve(app, platform, until=lambda: platform.chats, guard=Guard(organizers=frozenset({"console:Ben"})))
    with app.store.read() as work:
        assert work.list_meetings() == []


def test_a_platform_that_is_unreachable_at_the_start_is_waited_for_and_told_once(app: App):
    clock = Clock()
    outage = [UnreachableError("no route") for _ in range(9)]
    platform = Recorder(connects=[*outage, BusyError(7)], updates=write("/open Consultation"))
    logs = serve(app, platform, until=lambda: platform.chats, pace=clock.pace())
    assert clock.waits == [1, 2, 4, 8, 16, 32, 60, 60, 60, 7]
    assert [line["event"] for line in logs if line["event"] != "leads"] == [
        "trouble starts, waits",
        "asked to wait",
        "trouble is over",
        "connected",
        "stopped",
    ]


def test_intake_that_fails_or_ends_is_started_again(app: App):
    platform = Recorder(receives=[KeyError("a secret"), None], updates=write("/open Consultation"))
    logs = serve(app, platform, until=lambda: platform.chats)
    failed = [(line["event"], line["error"]) for line in logs if "incident" in line]
    assert failed == [("platform failed", "KeyError"), ("platform failed", "EOFError")]
    assert "secret" not in str(logs)


@pytest.mark.parametrize("where", ["connects", "receives"])
def test_a_wrong_setting_ends_the_service(app: App, where: str):
    wrong, right = Recorder(**{where: [SettingError("TOKEN: it is not accepted")]}), Recorder(name="other")
    with pytest.raises(SettingError, match="TOKEN: it is not accepted"):
        serve(app, right, wrong, until=lambda: False)


@pytest.mark.parametrize("busy_timeout", [0.5])
def test_a_database_that_cannot_be_written_to_is_waited_for_and_told_once(app: App, tmp_path: Path):
    platform = Recorder(updates=write("/open Consultation"))
    app.store.put_updates("console", platform.updates)
    platform.updates.clear()
    other = sqlite3.connect(tmp_path / "notes.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    clock = Clock()

    waited = [0.0]

    async def wait(seconds: float) -> None:
        waited.append(time.monotonic())
        await clock.sleep(seconds)
        if len(clock.waits) >= 6 and other.in_transaction:
            other.execute("COMMIT")

    # several look at it, and all have tried in vain; after it they wait no more
    def is_over() -> bool:
        return bool(platform.chats) and time.monotonic() - waited[-1] > 0.5

    logs = serve(app, platform, until=is_over, pace=Pace(look=0.05, sleep=wait, now=lambda: START))
    other.close()
    assert [line["event"] for line in logs if line["event"] not in ("connected", "leads")] == [
        "trouble starts, waits",
        "trouble is over",
        "stopped",
    ]


def test_the_end_waits_for_what_is_being_sent_and_leaves_the_rest(app: App):
    platform = Recorder()
    order(app.store, Reply(to(1), "one"), Reply(to(2), "two"))
    platform.holds["A"] = lambda: asyncio.sleep(0.3)
    serve(app, platform, until=lambda: platform.calls)
    assert (platform.chats, [reply.text for reply in list_waiting(app.store)]) == ({"A": {"A-1": "one"}}, ["two"])
    assert platform.closed == 1


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_the_service(app: App, number: signal.Signals):
    async def run() -> None:
        platform = Recorder(updates=write("/open Consultation"))
        task = asyncio.create_task(run_service(app, [platform], pace=QUICK))
        await wait_until(lambda: platform.chats)
        os.kill(os.getpid(), number)
        async with asyncio.timeout(5):
            await task

    before = signal.getsignal(number)
    asyncio.run(run())
    assert signal.getsignal(number) == before


async def take(_: web.Request) -> web.Response:
    return web.Response(text="taken")


def test_the_web_server_is_there_only_for_a_platform_with_routes(app: App):
    got: list[tuple[int, str]] = []

    async def ask(port: int) -> None:
        async with ClientSession() as client:
            for path in ("/healthz", "/hook"):
                async with client.get(f"http://127.0.0.1:{port}{path}") as response:
                    got.append((response.status, await response.text()))

    async def run(*platforms: Recorder, then: Callable[[int], Awaitable[None]]) -> list[int]:
        stop = asyncio.Event()
        with capture_logs() as logs:
            task = asyncio.create_task(run_service(app, platforms, stop=stop, pace=QUICK))
            await wait_until(lambda: "connected" in [line["event"] for line in logs])
            ports = [line["port"] for line in logs if line["event"] == "web server listens"]
            for port in ports:
                await then(port)
            stop.set()
            await task
        return ports

    assert asyncio.run(run(Recorder(), then=ask)) == []
    assert len(asyncio.run(run(Recorder(answers=[web.get("/hook", take)]), then=ask))) == 1
    assert got == [(200, '{"status": "ok", "waiting": 0}'), (200, "taken")]


def list_texts(app: App) -> list[str]:
    with app.store.read() as work:
        [meeting] = work.list_meetings()
        return sorted(message.text for message in work.load_record(meeting.id).messages)


def test_history_is_read_at_the_start_when_something_was_missed_and_before_a_draft(app: App):
    opening, first, second, third, draft = write("/open M", "#need Staff", "#need Rooms", "#need Desks", "/draft md")
    platform = Recorder(updates=[opening], reconciles=[[first], UnreachableError("gone"), [second]])
    # before there is a meeting there is no history to read
    serve(app, platform, until=lambda: platform.chats)
    assert platform.windows == []
    serve(app, platform, until=lambda: "#need Staff" in list_texts(app))
    platform.receives = [None]

    def miss() -> bool:
        # the platform says so once, and is asked until it answers
        if len(platform.windows) == 1:
            platform.missed()
        return "#need Rooms" in list_texts(app)

    platform.windows.clear()
    platform.reconciles.insert(0, [])
    serve(app, platform, until=miss)
    # the draft's read may come before that of the start
    platform.reconciles = [[third], [third]]
    platform.windows.clear()
    platform.updates = [draft]
    serve(app, platform, until=lambda: platform.files)
    assert list_texts(app) == ["#need Desks", "#need Rooms", "#need Staff", "/draft md", "/open M"]
    # what the history brought before the draft is in it
    assert b"Desks" in platform.files[0].content
    opened = platform.windows[0][0]
    assert (opened.place, opened.since, len(opened.known)) == (("console", "", "console"), START, 4)


def test_history_that_cannot_be_read_stops_no_draft(app: App):
    opening, draft = write("/open M", "/draft md")
    platform = Recorder(updates=[opening, draft], reconciles=[UnreachableError("gone")] * 50)
    serve(app, platform, until=lambda: platform.files)
    assert [file.name for file in platform.files] == ["m-draft-1.md"]
