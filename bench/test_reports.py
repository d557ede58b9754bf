"""From rows to a report in every format: against the least possible ways, and how the time grows with the notes."""

import gc
import math
from collections.abc import Callable, Iterator
from dataclasses import replace
from statistics import median
from time import perf_counter
from typing import Any

import pytest

from bench.figures import Figures, Ratio, Target, compare, show_time
from bench.floors import (
    Content,
    dump_json,
    list_content,
    list_notes,
    read_all_rows,
    render_html,
    render_markdown,
    write_bare_pdf,
    write_direct_docx,
    write_docx_by_manual,
)
from bench.meetings import Bot
from reports.formats import load_format
from reports.placement import place
from reports.report import Report

SMALL, MIDDLE, LARGE = 100, 1000, 10_000
# how often a round makes each, so that the small one is not lost in the noise
TIMES = {SMALL: 10, MIDDLE: 2, LARGE: 1}
FORMATS = ("docx", "html", "md", "json", "pdf")
LONG_ROUNDS, GROWTH_ROUNDS = 5, 3

BotOf = Callable[[int], Bot]


def test_placement(benchmark: Any, figures: Figures, bot_of: BotOf) -> None:
    bot = bot_of(LARGE)
    record = bot.load()
    pairs = compare(benchmark, lambda: place(record, bot.template), bot.load, rounds=LONG_ROUNDS)
    measured, floor = show_time(median(pairs.ours)), f"{show_time(median(pairs.floor))} reading it (load_record)"
    figures.add(f"placement of {LARGE:,} notes", measured, floor, pairs.slower, Target("<=", 3))


def test_reading(benchmark: Any, figures: Figures, bot_of: BotOf) -> None:
    bot = bot_of(LARGE)
    assert len(read_all_rows(bot.path)) >= LARGE
    pairs = compare(benchmark, bot.load, lambda: read_all_rows(bot.path), rounds=LONG_ROUNDS)
    measured, floor = show_time(median(pairs.ours)), f"{show_time(median(pairs.floor))} bare driver, whole rows"
    figures.add(f"reading {LARGE:,} notes (load_record)", measured, floor, pairs.slower)


@pytest.mark.parametrize(
    ("name", "floor", "floor_name", "notes", "target"),
    [
        ("docx", write_direct_docx, "direct XML", LARGE, Target("<=", 3)),
        ("html", render_html, "bare Jinja2, escaping", LARGE, Target("<=", 1.5)),
        ("md", render_markdown, "bare Jinja2, escaping", LARGE, Target("<=", 1.5)),
        ("pdf", write_bare_pdf, "bare typst", MIDDLE, Target("<=", 3)),
    ],
)
def test_format(
    benchmark: Any,
    figures: Figures,
    bot_of: BotOf,
    name: str,
    floor: Callable[[Content], bytes],
    floor_name: str,
    notes: int,
    target: Target,
) -> None:
    report = _place(bot_of(notes))
    content, render = list_content(report), load_format(name).render
    pairs = compare(benchmark, lambda: render(report), lambda: floor(content), rounds=LONG_ROUNDS)
    measured, against = show_time(median(pairs.ours)), f"{show_time(median(pairs.floor))} {floor_name}"
    figures.add(f"{name} of {notes:,} notes", measured, against, pairs.slower, target)


def test_json(benchmark: Any, figures: Figures, bot_of: BotOf) -> None:
    report = _place(bot_of(LARGE))
    notes, render = list_notes(report), load_format("json").render
    pairs = compare(benchmark, lambda: render(report), lambda: dump_json(notes), rounds=LONG_ROUNDS)
    measured, floor = show_time(median(pairs.ours)), f"{show_time(median(pairs.floor))} json.dumps of its notes"
    figures.add(f"json of {LARGE:,} notes", measured, floor, pairs.slower, Target("<=", 1.5))


def test_docx_by_manual(benchmark: Any, figures: Figures, bot_of: BotOf) -> None:
    # without the pages that the floor has not
    report = replace(_place(bot_of(MIDDLE)), checks=(), provenance=(), annexes=())
    content, render = list_content(report), load_format("docx").render
    pairs = compare(benchmark, lambda: render(report), lambda: write_docx_by_manual(content), rounds=3)
    measured, floor = show_time(median(pairs.ours)), f"{show_time(median(pairs.floor))} python-docx by its manual"
    figures.add(f"docx of {MIDDLE:,} notes, their pages alone", measured, floor, pairs.faster, Target(">=", 20))


def test_growth(benchmark: Any, figures: Figures, bot_of: BotOf) -> None:
    bots = {notes: bot_of(notes) for notes in TIMES}
    rounds: list[dict[int, dict[str, float]]] = []
    benchmark.pedantic(
        lambda: rounds.append({notes: _time_steps(bot, TIMES[notes]) for notes, bot in bots.items()}),
        rounds=GROWTH_ROUNDS,
        warmup_rounds=1,
    )
    whole_ways = {f"rows to {name}": ("reading", "placement", name) for name in FORMATS}
    alone = {name: (name,) for name in ("reading", "placement", *FORMATS)}
    ways = {**alone, "rows to one list of all (hlpf)": ("reading", "hlpf"), **whole_ways}
    for name, steps in ways.items():
        taken = [{notes: sum(map(of.__getitem__, steps)) for notes, of in each.items()} for each in rounds[1:]]
        _add_growth(figures, name, taken, None if len(steps) == 1 else Target("<=", 1.1, ""))


def _place(bot: Bot) -> Report:
    return place(bot.load(), bot.template)


def _time_steps(bot: Bot, times: int) -> dict[str, float]:
    """Seconds of each step from rows to files, the mean of so many times."""
    taken: dict[str, float] = {}
    for _ in range(times):
        gc.collect()
        start = perf_counter()
        for name, end in _make_files(bot):
            taken[name] = taken.get(name, 0) + (end - start) / times
            start = perf_counter()
    return taken


def _make_files(bot: Bot) -> Iterator[tuple[str, float]]:
    """Makes a report in all formats; tells each step, and when it ended."""
    record = bot.load()
    yield "reading", perf_counter()
    report = place(record, bot.template)
    yield "placement", perf_counter()
    place(record, bot.templates.load("hlpf"))
    yield "hlpf", perf_counter()
    for name in FORMATS:
        load_format(name).render(report)
        yield name, perf_counter()


def _add_growth(figures: Figures, name: str, taken: list[dict[int, float]], target: Target | None) -> None:
    """The exponents of the growth to the largest, from the smallest and from the middle one; the worse one counts."""
    shown = ", ".join(show_time(median(seconds[notes] for seconds in taken)) for notes in TIMES)
    exponents = [
        Ratio([math.log(seconds[LARGE] / seconds[start]) / math.log(LARGE / start) for seconds in taken]).middle
        for start in (SMALL, MIDDLE)
    ]
    sizes = ", ".join(f"{notes:,}" for notes in TIMES)
    ratio = f"exponents {exponents[0]:.2f}, {exponents[1]:.2f}"
    figures.add(f"growth of {name}, {sizes} notes", shown, "", max(exponents), target, shown=ratio)
