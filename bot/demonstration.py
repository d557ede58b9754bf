"""`rapporteur demo`: the pre-HLPF meeting of 9 July 2017 from its transcript to its draft, told step by step."""

from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

from bot.files import write_files
from bot.replay import replay_transcript
from core.text import shorten_text
from handlers.drafts import render_files
from reports.checks import named_parts
from reports.report import Item, Part, Report

NAME = "pre-hlpf-2017"
FORMATS = ("docx", "pdf", "html", "md", "json", "summary/docx")
_BRIEF = 76


def run_demo(out: Path, *, submission: bool = False) -> Iterator[str]:
    """Replay, write the report and its summary page, and say where each note went and what is still empty."""
    lines = files("bot.demo").joinpath(f"{NAME}.jsonl").read_text("utf-8").splitlines()
    report = replay_transcript(lines, name=NAME)
    yield f"{report.meeting['title']}: {len(lines)} lines of a chat (names are fictional)."
    yield from tell_report(report)
    yield ""
    for path in write_files(render_files(report, NAME, FORMATS, submission=submission), out):
        yield f"wrote {path}"


def tell_report(report: Report) -> Iterator[str]:
    """Where each note went, what is empty and what waits, a line each."""
    for name, part in named_parts(report.sections):
        yield from _tell_part(part, name)
    yield ""
    for check in report.checks:
        yield f"{check.heading}:"
        yield from (f"  - {line}" for line in check.lines)


def _tell_part(part: Part, name: str) -> Iterator[str]:
    if part.items:
        yield f"\n{name}"
    for item in part.items:
        yield f"  {item.at:%H:%M} {_brief(item)}  ({', '.join(item.authors)})"


def _brief(item: Item) -> str:
    return shorten_text(f"{item.number} {item.text}" if item.number else item.text, _BRIEF)
