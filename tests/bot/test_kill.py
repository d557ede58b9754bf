"""`kill -9` at any moment of a replay, then the same command again: the same report, nothing doubled."""

import time
from collections.abc import Callable
from pathlib import Path
from random import Random

from sqlalchemy import create_engine, func, select
from sqlmodel import SQLModel

from bot.replay import load_record, replay_lines
from handlers import Defaults
from reports.formats import load_format
from reports.placement import place
from storage.database import open_database
from storage.store import Store
from tests.bot.program import Program
from tests.bot.transcripts import TEMPLATES, line
from tests.conftest import Server

LINES = 450
NAME = "killed"
COMMAND = ("replay", f"{NAME}.jsonl", "--format", "json", "--out", "out", "--database")


def write_transcript(path: Path) -> list[str]:
    """Notes, edits, deletions, sessions and commands, in no order."""
    lines = [line("/open Consultation", 0, ts="2018-05-07T09:00:00Z", message_id="open")]
    for n in range(1, LINES):
        given = {"author": f"Author {n % 7}", "chat": f"chat {n % 3}", "minute": n % 600}
        if n % 11 == 0:
            target = {"chat": f"chat {(n - 3) % 3}", "minute": 600, "message_id": f"e{n}"}
            lines.append(line(f"#need Changed {n}", n, **{**given, **target}, edit_of=str(n - 3)))
        elif n % 97 == 0:
            lines.append(line(f"/set venue: Place {n}", n, **given))
        else:
            tag = ("recommendation", "challenge", "session I: Part", "xyzzy", "conclusion")[n % 5]
            lines.append(line(f"#{tag} Remark number {n}", n, **given))
    lines = Random(1).sample(lines, len(lines))
    path.write_text("\n".join(lines), "utf-8")
    return lines


def finish(url: str, lines: list[str]) -> bytes:
    """The JSON report when the replay is run to its end."""
    store = Store(open_database(url))
    replayed = replay_lines(lines, (store, TEMPLATES, Defaults()), NAME, {})
    record = load_record(store, replayed.meeting_id)
    store.close()
    return load_format("json").render(place(record, TEMPLATES.load("bapa40")))


def count_rows(url: str) -> dict[str, int]:
    """How many rows each table has."""
    engine = create_engine(url.replace("postgresql://", "postgresql+psycopg://"))
    with engine.connect() as connection:
        counts = {
            table.name: connection.scalar(select(func.count()).select_from(table)) or 0
            for table in SQLModel.metadata.sorted_tables
        }
    engine.dispose()
    return counts


def check(program: Program, folder: Path, moments: int, make_url: Callable[[int], str]) -> None:
    """Measure an undisturbed run, then kill others at moments spread over its time, and compare their ends."""
    lines = write_transcript(folder / f"{NAME}.jsonl")
    began = time.monotonic()
    code, _, errors = program.run(folder, *COMMAND, make_url(0))
    lasted = time.monotonic() - began
    assert (code, errors) == (0, "")
    expected, rows = (folder / "out" / f"{NAME}.json").read_bytes(), count_rows(make_url(0))
    assert finish(make_url(0), lines) == expected
    assert count_rows(make_url(0)) == rows
    random = Random(2)
    # each in its own stretch of that time
    shares = [(n + random.random()) / moments for n in range(moments)]
    killed = 0
    for n, share in enumerate(shares, start=1):
        killed += program.kill_after(lasted * share, folder, *COMMAND, make_url(n))
        assert (finish(make_url(n), lines), count_rows(make_url(n))) == (expected, rows)
    # how many of them were still at work depends on the machine
    assert killed > 0


def test_replay_killed_at_any_moment_and_run_again_gives_the_same(program: Program, tmp_path: Path):
    check(program, tmp_path, 12, lambda n: f"sqlite:///{tmp_path}/{n}.db")


def test_replay_killed_on_postgresql_and_run_again_gives_the_same(program: Program, tmp_path: Path, postgresql: Server):
    names = [postgresql.make_database() for _ in range(4)]
    check(program, tmp_path, 3, lambda n: postgresql.url_of(names[n]))
