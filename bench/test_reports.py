"""From rows to a report in every format: against the least possible ways to do so, and how the time grows with the notes."""

from collections.abc import Callable
from typing import Any

import pytest

from bench.figures import Figures, Target, compare, show_time
from bench.floors import (
    dump_json,
    list_content,
    list_notes,
    read_all_rows,
    render_html,
    render_markdown,
    write_direct_docx,
    write_docx_by_manual,
)
from bench.meetings import Bot
from reports.formats import load_format
from reports.placement import place
from reports.report import Report

SMALL, MIDDLE, LARGE = 100, 1000, 10_000
FORMATS = ("docx", "html", "md", "json")
# rounds of a growth: each makes the largest report in every format
GROWTH_ROUNDS = 5
GROWTH = Target("<=", 1.1, "")

BotOf = Callable[[int], Bot]


@pytest.fixture(scope="session")
def report_of(bot_of: BotOf) -> Callable[[int], Report]:
    return lambda notes: place(bot_of(notes).load(), bot_of(notes).template)


def test_reading_and_placing(benchmark: Any, figures: Figures, bot_of: BotOf) -> None:
    bot = bot_of(LARGE)
    record = bot.load()
    pairs = compare(benchmark, lambda: place(record, bot.template), bot.load)
    what = f"placement of {LARGE:,} notes"
    figures.add(
        what,
        show_time(min(pairs.ours)),
        f"{show_time(min(pairs.floor))} reading its rows",
        pairs.slower,
        Target("<=", 3),
    )


def test_reading(benchmark: Any, figures: Figures, bot_of: BotOf) -> None:
    bot = bot_of(LARGE)
    assert len(read_all_rows(bot.path)) >= LARGE
    pairs = compare(benchmark, bot.load, lambda: read_all_rows(bot.path))
    what = f"reading {LARGE:,} notes (load_record)"
    figures.add(what, show_time(min(pairs.ours)), f"{show_time(min(pairs.floor))} bare driver, rows", pairs.slower)


@pytest.mark.parametrize(
    ("name", "floor", "floor_name", "notes", "target"),
    [
        ("docx", write_direct_docx, "direct XML", LARGE, Target("<=", 3)),
        ("docx", write_docx_by_manual, "python-docx by its manual", MIDDLE, Target("<=", 1 / 20)),
        ("html", render_html, "bare Jinja2", LARGE, Target("<=", 1.5)),
        ("md", render_markdown, "bare Jinja2", LARGE, Target("<=", 1.5)),
        ("json", dump_json, "json.dumps", LARGE, Target("<=", 1.5)),
    ],
)
def test_format(
    benchmark: Any,
    figures: Figures,
    report_of: Callable[[int], Report],
    name: str,
    floor: Callable[[Any], bytes],
    floor_name: str,
    notes: int,
    target: Target,
) -> None:
    report = report_of(notes)
    content: Any = list_content(report)
    if floor is dump_json:
        content = list_notes(content)
    render = load_format(name).render
    pairs = compare(benchmark, lambda: render(report), lambda: floor(content))
    measured, against = show_time(min(pairs.ours)), f"{show_time(min(pairs.floor))} {floor_name}"
    figures.add(f"{name} of {notes:,} notes", measured, against, pairs.slower, target)
