"""From a platform's updates to notes that are committed: in messages a second, and one at a time.

Floors are the bare sqlite3 driver on the same disk. Ours is SQLite as `rapporteur` opens it: WAL and synchronous=FULL.
"""

import asyncio
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from datetime import UTC, datetime
from functools import partial
from itertools import count
from pathlib import Path
from statistics import median, quantiles
from threading import Event, Thread
from time import perf_counter
from typing import Any

import pytest

from bench.figures import Figures, Target, compare, show_rate, show_time
from bench.floors import Row, insert_batches, insert_singly, open_plain, read_rows
from bench.meetings import HANDED_OVER, Bot, Update, make_updates
from bot.rendering import Kept, Order, Renderer

WAITING = 1000
SINGLY, AGAIN = 300, 60
# notes of the draft that is made while messages come in
DRAFT = 2000
# journal and synchronous of the bare driver. The best peer, maubot-meetings, stores a line a commit through aiosqlite;
# its library sets the second of these, older ones of it the third (SQLite's default)
SAFE, PEER, DEFAULT = ("WAL", "FULL"), ("WAL", "NORMAL"), ("DELETE", "FULL")

NewBot = Callable[[], tuple[Bot]]


@pytest.fixture(scope="session")
def updates() -> list[Update]:
    return make_updates(WAITING)[:WAITING]


@pytest.fixture
def new_file(tmp_path: Path) -> Callable[..., tuple[sqlite3.Connection]]:
    """Makes an empty file of the bare driver, as the arguments of one round."""
    numbers = count()
    return lambda *how, **what: (open_plain(tmp_path / f"plain{next(numbers)}.db", *how, **what),)


@pytest.mark.parametrize(
    ("how", "floor_name", "target"),
    [
        (SAFE, "bare, a row a commit, WAL FULL", Target(">=", 0.5)),
        (PEER, "bare, the same, WAL NORMAL", None),
        (DEFAULT, "bare, the same, SQLite's default", None),
    ],
)
def test_waiting_messages(
    benchmark: Any,
    figures: Figures,
    new_bot: NewBot,
    new_file: Any,
    updates: list[Update],
    how: tuple[str, str],
    floor_name: str,
    target: Target | None,
) -> None:
    rows = read_rows(updates)
    last: list[Bot] = []

    def capture(bot: Bot) -> None:
        bot.capture(updates)
        last[:] = [bot]

    pairs = compare(
        benchmark,
        capture,
        lambda plain: insert_singly(plain, rows),
        prepare=new_bot,
        prepare_floor=partial(new_file, *how),
        rounds=5 if target else 3,
    )
    assert last[0].store.waiting() == 0
    assert len(last[0].load().messages) > 0.95 * WAITING
    figures.add(
        f"{WAITING:,} waiting messages, inbox to notes",
        show_rate(WAITING, median(pairs.ours), "messages"),
        f"{show_rate(WAITING, median(pairs.floor), '')} {floor_name}",
        pairs.faster,
        target,
    )


def test_inbox_of_waiting(
    benchmark: Any, figures: Figures, new_bot: NewBot, new_file: Any, updates: list[Update]
) -> None:
    batches = [updates[start : start + HANDED_OVER] for start in range(0, WAITING, HANDED_OVER)]
    pairs = compare(
        benchmark,
        lambda bot: bot.put(updates),
        lambda plain: insert_batches(plain, batches),
        prepare=new_bot,
        prepare_floor=partial(new_file, *SAFE, inbox=True),
    )
    figures.add(
        f"inbox alone, {HANDED_OVER} a commit",
        show_rate(WAITING, median(pairs.ours), "messages"),
        f"{show_rate(WAITING, median(pairs.floor), '')} bare executemany",
        pairs.faster,
        Target(">=", 0.5),
    )


def test_repeated_delivery(benchmark: Any, figures: Figures, new_bot: NewBot, updates: list[Update]) -> None:
    (bot,) = new_bot()
    some = updates[:AGAIN]
    bot.capture(some)
    log = bot.path.with_name(f"{bot.path.name}-wal")
    before = log.stat()

    def take_singly(one: Bot) -> None:
        for update in some:
            one.capture([update])

    pairs = compare(benchmark, lambda: take_singly(bot), take_singly, prepare_floor=new_bot)
    # nothing was written, so nothing was flushed
    assert (log.stat().st_size, log.stat().st_mtime_ns) == (before.st_size, before.st_mtime_ns)
    figures.add(
        "a message delivered again, one at a time",
        show_time(median(pairs.ours) / AGAIN),
        f"{show_time(median(pairs.floor) / AGAIN)} a new one",
        pairs.faster,
        Target(">=", 5),
    )


@pytest.mark.parametrize("drawing", [False, True], ids=["alone", "while a draft renders"])
def test_one_message(
    benchmark: Any,
    figures: Figures,
    new_bot: NewBot,
    new_file: Any,
    bot_of: Callable[[int], Bot],
    updates: list[Update],
    drawing: bool,
) -> None:
    (bot,), (plain,) = new_bot(), new_file(*SAFE)
    bot.capture(updates[SINGLY:])
    waiting = iter(zip(updates, read_rows(updates), strict=True))
    times: list[float] = []
    floor_times: list[float] = []

    def take_one(update: Update, row: Row) -> None:
        start = perf_counter()
        bot.capture([update])
        taken = perf_counter()
        insert_singly(plain, [row])
        times.append(taken - start)
        floor_times.append(perf_counter() - taken)

    with draw_drafts(bot_of(DRAFT)) if drawing else nullcontext():
        benchmark.pedantic(take_one, setup=lambda: (next(waiting), {}), rounds=SINGLY)
    last = quantiles(times, n=100)[-1]
    figures.add(
        f"one message, arrival to committed{f', drafts of {DRAFT:,} notes meanwhile' if drawing else ''}",
        f"p50 {show_time(median(times))}, p99 {show_time(last)}",
        f"p50 {show_time(median(floor_times))}, p99 {show_time(quantiles(floor_times, n=100)[-1])} bare driver",
        last * 1e3,
        Target("<=", 50 if drawing else 10, "ms"),
        shown=f"p99 {last * 1e3:.3g} ms, p50 {median(times) / median(floor_times):.3g} ×",
    )


@contextmanager
def draw_drafts(bot: Bot) -> Iterator[None]:
    """Has the Word draft of a meeting made again and again meanwhile, in the bot's own process for it."""
    begun, ended = Event(), Event()
    order = Order(Kept(bot.store.url, bot.meeting_id), bot.templates.folders, ("docx",), "en", datetime.now(UTC))

    async def draw() -> None:
        renderer = Renderer()
        while not ended.is_set():
            await renderer.render(order)
            begun.set()
        await renderer.close()

    thread = Thread(target=asyncio.run, args=[draw()])
    thread.start()
    begun.wait()
    yield
    ended.set()
    thread.join()
