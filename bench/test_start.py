"""Starting the program: its help against a bare Python, and a bot that waits for the first message."""

import json
import os
import pty
import subprocess
import sys
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

import pytest

from bench.figures import Figures, Pairs, Target, compare, show_time

BARE = [sys.executable, "-c", "pass"]
# beside the Python that runs the benchmarks
PROGRAM = str(Path(sys.executable).with_name("rapporteur"))
LAUNCH = Path(__file__).with_name("launch.py")
ROUNDS, BOT_ROUNDS = 7, 3
PROMPT = b"> "


def _launch(command: list[str]) -> tuple[float, float]:
    """Seconds and peak memory in MB of a program that ends by itself."""
    done = subprocess.run([sys.executable, "-S", str(LAUNCH), *command], check=True, capture_output=True)
    seconds, peak = json.loads(done.stdout)
    return seconds, peak


def test_help(benchmark: Any, figures: Figures) -> None:
    ours: list[tuple[float, float]] = []
    floor: list[tuple[float, float]] = []
    compare(
        benchmark,
        lambda: ours.append(_launch([PROGRAM, "--help"])),
        lambda: floor.append(_launch(BARE)),
        rounds=ROUNDS,
    )
    times = Pairs([seconds for seconds, _ in ours[1:]], [seconds for seconds, _ in floor[1:]])
    peaks = Pairs([peak for _, peak in ours[1:]], [peak for _, peak in floor[1:]])
    bare_time, bare_peak = show_time(median(times.floor)), median(peaks.floor)
    figures.add(
        "rapporteur --help", show_time(median(times.ours)), f"{bare_time} bare Python", times.slower, Target("<=", 14)
    )
    figures.add("... peak memory", f"{median(peaks.ours):.0f} MB", f"{bare_peak:.0f} MB the same", peaks.slower)


@pytest.mark.parametrize("known", [False, True], ids=["new database", "its database again"])
def test_idle_bot(benchmark: Any, figures: Figures, tmp_path: Path, known: bool) -> None:
    ours: list[tuple[float, float]] = []
    floor: list[tuple[float, float]] = []

    def make_folder() -> tuple[Path]:
        folder = tmp_path / ("bot" if known else f"bot{len(ours)}")
        folder.mkdir(exist_ok=True)
        return (folder,)

    compare(
        benchmark,
        lambda folder: ours.append(_wait_for_prompt(folder)),
        lambda: floor.append(_launch(BARE)),
        prepare=make_folder,
        rounds=BOT_ROUNDS,
    )
    times = Pairs([seconds for seconds, _ in ours[1:]], [seconds for seconds, _ in floor[1:]])
    which = "its database again" if known else "a new database"
    bare = f"{show_time(median(times.floor))} bare Python"
    figures.add(f"rapporteur run to its first prompt, {which}", show_time(median(times.ours)), bare, times.slower)
    memory = median(resident for _, resident in ours[1:])
    figures.add(
        "... resident memory, idle", f"{memory:.0f} MB", "", memory, Target("<=", 120, "MB"), shown=f"{memory:.0f} MB"
    )


def _wait_for_prompt(folder: Path) -> tuple[float, float]:
    """Seconds until a bot on a terminal shows its first prompt, and its resident memory in MB then."""
    ours, theirs = pty.openpty()
    start = perf_counter()
    bot = subprocess.Popen([PROGRAM, "run"], stdin=theirs, stdout=theirs, stderr=theirs, cwd=folder)
    os.close(theirs)
    said = b""
    while not said.endswith(PROMPT):
        said += os.read(ours, 1024)
    seconds = perf_counter() - start
    shown = subprocess.run(["ps", "-o", "rss=", "-p", str(bot.pid)], check=True, capture_output=True, text=True)
    os.write(ours, b"\x04")
    bot.wait(timeout=30)
    os.close(ours)
    return seconds, int(shown.stdout) / 1024
