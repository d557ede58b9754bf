"""Two services on one database: one works and sends, the other takes in, and takes over."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
from structlog.testing import capture_logs

from bot.app import App
from bot.backoff import Pace
from bot.platforms import Keep
from bot.platforms.console import Console
from bot.service import run_service
from bot.settings import Settings
from core.replies import Reply
from storage.database import open_database
from storage.store import Store
from tests.bot.recorder import Recorder, list_waiting, order, to, wait_until
from tests.bot.transcripts import TEMPLATES
from tests.handlers.chat import START
from tests.storage.test_leadership import cut_connections

QUICK = Pace(first=0.01, longest=0.05, look=0.05, now=lambda: START)


@dataclass(slots=True)
class Leaving(Recorder):
    """Tells when nobody receives from it any more."""

    left: asyncio.Event = field(default_factory=asyncio.Event)

    async def receive(self, keep: Keep, missed: Any) -> None:
        try:
            await Recorder.receive(self, keep, missed)
        finally:
            self.left.set()


def write(*texts: str) -> list[tuple[str, str]]:
    console = Console("Ana")
    return [console.write_update(text, START + timedelta(minutes=n)) for n, text in enumerate(texts)]


@asynccontextmanager
async def serving(url: str, platform: Recorder) -> AsyncIterator[Store]:
    """A service as of a process of its own, until the end of the block."""
    store = Store(open_database(url))
    app = App(Settings.model_validate({"draft_formats": "md"}), store, TEMPLATES)
    stop = asyncio.Event()
    task = asyncio.create_task(run_service(app, [platform], stop=stop, pace=QUICK))
    try:
        yield store
    finally:
        stop.set()
        await task
        store.close()


def tell_changes(logs: Sequence[Any]) -> list[str]:
    return [line["event"] for line in logs if line["event"] in ("leads", "stands by")]


def list_signs(platform: Recorder) -> list[str]:
    return [text.split()[-1] for _, text in platform.calls if text.endswith(" filed")]


def test_who_stands_by_takes_in_but_neither_works_nor_sends_and_takes_over(database_url: str):
    opening, first, second = write("/open M", "#need Staff", "#need Rooms")
    one, other = Recorder(updates=[opening]), Recorder(updates=[first])

    async def run() -> list[str]:
        with capture_logs() as logs:
            async with serving(database_url, one) as store:
                await wait_until(lambda: one.chats)
                async with serving(database_url, other):
                    # what the other takes in this one answers
                    await wait_until(lambda: list_signs(one) == ["filed"])
                    await wait_until(lambda: "stands by" in tell_changes(logs))
                    assert (other.calls, other.windows) == ([], [])
                    await wait_until(lambda: not list_waiting(store))
                    store.put_updates("console", [second])
                    await wait_until(lambda: list_signs(one) == ["filed", "filed"])
                    assert (other.calls, other.windows) == ([], [])
        return tell_changes(logs)

    assert asyncio.run(run()) == ["leads", "stands by"]


def test_who_stands_by_takes_over_when_the_other_ends(database_url: str):
    one, other = Recorder(updates=write("/open M")), Recorder()

    async def run() -> list[str]:
        with capture_logs() as logs:
            first = serving(database_url, one)
            await first.__aenter__()
            await wait_until(lambda: one.chats)
            async with serving(database_url, other) as store:
                await wait_until(lambda: tell_changes(logs) == ["leads", "stands by"])
                await first.__aexit__(None, None, None)
                order(store, Reply(to(1), "Said once"))
                await wait_until(lambda: other.chats and other.windows)
        return tell_changes(logs)

    assert asyncio.run(run()) == ["leads", "stands by", "leads"]
    assert (other.calls, [text for chat, text in one.calls if chat == "A"]) == ([("A", "Said once")], [])
    # the first's history was read when the second began to lead: what it missed nobody else would have found
    assert [window.place[2] for window in other.windows[0]] == ["console"]


def test_platform_that_only_one_may_receive_from_is_received_from_by_the_one_that_leads(database_url: str):
    opening, note = write("/open M", "#need Staff")
    one, other = Recorder(alone=True, updates=[opening]), Recorder(alone=True, receives=[None], updates=[note])

    async def run() -> None:
        with capture_logs() as logs:
            first = serving(database_url, one)
            await first.__aenter__()
            await wait_until(lambda: one.chats)
            async with serving(database_url, other):
                await wait_until(lambda: "stands by" in tell_changes(logs))
                await wait_until(lambda: [line["event"] for line in logs].count("connected") == 2)
                assert (other.receives, len(other.updates)) == ([None], 1)
                await first.__aexit__(None, None, None)
                await wait_until(lambda: other.calls)

    asyncio.run(run())
    assert (list_signs(one), list_signs(other), other.receives, other.updates) == ([], ["filed"], [], [])


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_term_whose_connection_is_cut_finishes_what_is_being_sent_and_another_begins(database_url: str):
    async def run() -> tuple[Leaving, list[str]]:
        platform = Leaving(alone=True)
        platform.holds["A"] = platform.left.wait
        with capture_logs() as logs:
            async with serving(database_url, platform) as store:
                order(store, Reply(to(1), "one"), Reply(to(2), "two"))
                await wait_until(lambda: platform.calls)
                await asyncio.to_thread(cut_connections, database_url)
                await wait_until(lambda: not list_waiting(store))
        return platform, tell_changes(logs)

    platform, changes = asyncio.run(run())
    assert changes == ["leads", "stands by", "leads"]
    # neither was in doubt, and looked for
    assert (platform.calls, platform.chats) == ([("A", "one"), ("A", "two")], {"A": {"A-1": "one", "A-2": "two"}})
