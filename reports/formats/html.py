"""The report as one HTML file: styles inside, no script, nothing loaded from elsewhere.

Loaded by `formats.load_format`. `html.jinja` holds the page, `html.css` how it looks on a telephone and on
paper; both are data beside this module. The template is handed rows of plain text, which it escapes.
"""

from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from typing import NamedTuple

from jinja2 import PackageLoader, StrictUndefined, Template
from jinja2.sandbox import SandboxedEnvironment
from markupsafe import Markup

from reports.formats.wording import (
    describe_note,
    describe_source,
    head_action_columns,
    head_trace_columns,
    name_meeting,
    split_paragraphs,
    word_action,
    word_theme,
    word_trace,
)
from reports.report import Item, Part, Report, Section

NAME = "html"
SUFFIX = ".html"
MEDIA_TYPE = "text/html; charset=utf-8"

# number, text, lines of small print, further cells of a table; a tuple, because the sandbox looks into every
# attribute that is asked for
_Row = tuple[str | None, str, tuple[str, ...], tuple[str, ...]]


class _PartBlock(NamedTuple):
    heading: str | None
    level: int
    empty: str
    groups: list["_GroupBlock"]


class _GroupBlock(NamedTuple):
    """Notes together; `kind` is bullets, cited, numbered, paragraphs or actions, `first` the first's number."""

    heading: str | None
    level: int
    kind: str
    first: int
    rows: list[_Row]


class _SessionPart(NamedTuple):
    heading: str
    theme: str
    parts: list[_PartBlock]


class _SectionBlock(NamedTuple):
    label: str
    heading: str
    help: str
    empty: str
    parts: list[_PartBlock]
    sessions: list[_SessionPart]


def render(report: Report) -> bytes:
    """The whole page in UTF-8."""
    page = _page().render(
        report=report,
        words=report.words,
        title=name_meeting(report),
        preamble=split_paragraphs(report.preamble),
        sections=[_section(section, report) for section in report.sections],
        columns=head_action_columns(report),
        traces=[word_trace(trace) for trace in report.provenance],
        trace_columns=head_trace_columns(report),
        annexes=[(annex.heading, [_row(item, report) for item in annex.items]) for annex in report.annexes],
        late=[
            (item.number, item.text, (*describe_note(item, report), describe_source(item)), ()) for item in report.late
        ],
        review=[(None, entry.text, (entry.advice, describe_source(entry)), ()) for entry in report.review],
    )
    return page.encode()


@cache
def _page() -> Template:
    """The page's template, compiled once; its style sheet is put in as it stands."""
    environment = SandboxedEnvironment(
        autoescape=True,
        loader=PackageLoader("reports", "formats"),
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
    )
    # the style sheet is ours, so it may stand unescaped
    environment.globals["style"] = Markup(files("reports.formats").joinpath("html.css").read_text("utf-8"))  # noqa: S704
    return environment.get_template("html.jinja")


def _section(section: Section, report: Report) -> _SectionBlock:
    return _SectionBlock(
        label=section.label,
        heading=section.heading,
        help=section.help,
        empty=section.empty if section.sessions == () else "",
        parts=[_part(part, 3, report) for part in section.parts],
        sessions=[
            _SessionPart(block.heading, word_theme(block, report), [_part(part, 4, report) for part in block.parts])
            for block in section.sessions or ()
        ],
    )


def _part(part: Part, level: int, report: Report) -> _PartBlock:
    below = level + bool(part.heading)
    empty = "" if part.items else part.empty
    return _PartBlock(part.heading, level, empty, list(_groups(part, below, report)))


def _groups(part: Part, level: int, report: Report) -> Iterator[_GroupBlock]:
    first = 1
    for group in part.groups:
        cited = any(item.number for item in group.items)
        kind = "cited" if cited and part.style in ("bullets", "numbered") else part.style
        rows = [_row(item, report, action=kind == "actions") for item in group.items]
        yield _GroupBlock(group.heading, level, kind, first, rows)
        first += len(rows)


def _row(item: Item, report: Report, *, action: bool = False) -> _Row:
    cells = word_action(item) if action else ()
    return item.number, item.text, describe_note(item, report, action=action), cells
