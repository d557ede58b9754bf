"""The report as one HTML file: styles and pictures inside, no script, nothing loaded from elsewhere.

Loaded by `formats.load_format`. `html.jinja` holds the page, `html.css` how it looks on a telephone and on
paper; both are data beside this module. The template is handed rows of plain text, which it escapes.
"""

import re
from base64 import b64encode
from collections.abc import Iterable, Iterator
from functools import cache
from importlib.resources import files
from typing import NamedTuple

from jinja2 import PackageLoader, StrictUndefined, Template
from jinja2.sandbox import SandboxedEnvironment
from markupsafe import Markup

from reports.formats.direction import has_label, is_rtl
from reports.formats.wording import (
    describe_attachment,
    describe_in_time,
    describe_note,
    describe_source,
    head_action_columns,
    head_table_columns,
    head_trace_columns,
    is_table,
    name_meeting,
    split_paragraphs,
    tabulate_changes,
    word_action,
    word_aim,
    word_theme,
    word_trace,
)
from reports.pictures import find_media_type
from reports.report import Annex, Grid, Item, Part, Picture, Report, Section

NAME = "html"
SUFFIX = ".html"
MEDIA_TYPE = "text/html; charset=utf-8"

# scripts that tell the language among those of the reports; by their first language where several write it
_SCRIPTS = {
    "ar": re.compile(r"[\u0600-\u06FF\u0750-\u077F\u08A0-\u08FF\uFB50-\uFDFF\uFE70-\uFEFC]"),
    "ru": re.compile(r"[\u0400-\u052F]"),
    "zh": re.compile(r"[\u3400-\u4DBF\u4E00-\u9FFF\uF900-\uFAFF\U00020000-\U0003FFFF]"),
}
_LATIN = re.compile(r"[A-Za-z\u00C0-\u024F]")
# most texts need not be counted
_NOT_LATIN = re.compile("|".join(script.pattern for script in _SCRIPTS.values())).search

# number, text, lines of small print, further cells of a table, language where it is not the page's; a tuple, because
# the sandbox looks into every attribute that is asked for
_Row = tuple[str | None, str, tuple[str, ...], tuple[str, ...], str]


class _PartBlock(NamedTuple):
    """A part of the form; `id` is where the contents lead to, "" where they do not list it."""

    heading: str | None
    level: int
    empty: str
    groups: list["_GroupBlock"]
    id: str = ""


class _GroupBlock(NamedTuple):
    """Notes together, `first` the number of the first.

    `kind` is bullets, cited, counted, numbered, paragraphs, actions or table.
    """

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
    overview: Grid | None


class _Figure(NamedTuple):
    """A photograph: `source` is the file itself as a link, "" where its bytes are none that a browser is to show."""

    source: str
    words: str
    caption: str
    name: str


class _AnnexBlock(NamedTuple):
    heading: str
    grids: tuple[Grid, ...]
    figures: list[_Figure]
    kind: str
    rows: list[_Row]


def render(report: Report) -> bytes:
    """The whole page in UTF-8."""
    summary = report.summary
    page = _page().render(
        report=report,
        words=report.words,
        title=name_meeting(report),
        preamble=split_paragraphs(report.preamble),
        summarized=[_part(part, 3, report) for part in summary.parts] if summary else [],
        sections=list(_sections(report)),
        columns={"actions": head_action_columns(report), "table": head_table_columns(report)},
        traces=[word_trace(trace) for trace in report.provenance],
        trace_columns=head_trace_columns(report),
        annexes=[_annex(annex, report) for annex in report.annexes],
        changed=tabulate_changes(report.changes, report) if report.changes else None,
        late=_waiting(report.late, report),
        review=[
            (None, entry.text, (entry.advice, describe_source(entry)), (), find_language(entry.text, report))
            for entry in report.review
        ],
        dropped=_waiting(report.dropped, report),
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
    environment.filters["turn"] = _turn
    # the style sheet is ours, so it may stand unescaped
    environment.globals["style"] = Markup(files("reports.formats").joinpath("html.css").read_text("utf-8"))  # noqa: S704
    return environment.get_template("html.jinja")


def _turn(text: str, direction: str) -> str:
    """The direction of a text in a page of this one: by its letters, for which a browser takes those of a label too."""
    return "rtl" if direction == "rtl" and has_label(text) and is_rtl(text, otherwise=True) else "auto"


def _sections(report: Report) -> Iterator[_SectionBlock]:
    """The sections in order; the table of sessions stands in the first that has sessions."""
    overview = report.overview
    for number, section in enumerate(report.sections, 1):
        yield _section(section, number, overview if section.sessions else None, report)
        overview = None if section.sessions else overview


def _section(section: Section, number: int, overview: Grid | None, report: Report) -> _SectionBlock:
    parts = [_part(part, 3, report) for part in section.parts]
    return _SectionBlock(
        label=section.label,
        heading=section.heading,
        help=section.help,
        empty=section.empty if section.sessions == () else "",
        parts=[part._replace(id=f"s{number}.p{n}" if part.heading else "") for n, part in enumerate(parts, 1)],
        sessions=[
            _SessionPart(block.heading, word_theme(block, report), [_part(part, 4, report) for part in block.parts])
            for block in section.sessions or ()
        ],
        overview=overview,
    )


def _part(part: Part, level: int, report: Report) -> _PartBlock:
    below = level + bool(part.heading)
    empty = "" if part.items else part.empty
    return _PartBlock(part.heading, level, empty, list(_groups(part, below, report)))


def _groups(part: Part, level: int, report: Report) -> Iterator[_GroupBlock]:
    style = "table" if is_table(part) else "bullets" if part.style == "table" else part.style
    first = 1
    for group in part.groups:
        kind = _find_kind(group.items, style)
        rows = [_row(item, report, kind) for item in group.items]
        yield _GroupBlock(group.heading, level, kind, first, rows)
        first += len(rows)


def _find_kind(items: Iterable[Item], style: str) -> str:
    """How notes are set: those with numbers of their own, which are text, as a list that counts nothing."""
    if style in ("actions", "table"):
        return style
    if any(item.paragraph for item in items):
        return "counted"
    return "cited" if any(item.number for item in items) else style


def _row(item: Item, report: Report, kind: str = "bullets") -> _Row:
    cells = word_action(item) if kind == "actions" else word_aim(item) if kind == "table" else ()
    number = item.number or (f"{item.paragraph}." if item.paragraph else None)
    details = describe_note(item, report, action=kind == "actions", table=kind == "table")
    return number, item.text, details, cells, find_language(item.text, report)


def _waiting(items: Iterable[Item], report: Report) -> list[_Row]:
    """Notes for the desk, each with what was decided on it and where it comes from."""
    return [
        (
            item.number,
            item.text,
            (*describe_note(item, report), *item.decisions, describe_source(item)),
            (),
            find_language(item.text, report),
        )
        for item in items
    ]


def _annex(annex: Annex, report: Report) -> _AnnexBlock:
    if annex.key == "notes":
        rows: list[_Row] = [
            (item.number, item.text, describe_in_time(item, report), (), find_language(item.text, report))
            for item in annex.items
        ]
    else:
        rows = [_row(item, report) for item in annex.printed_items]
    figures = [_figure(picture, report) for picture in annex.pictures]
    return _AnnexBlock(annex.heading, annex.grids, figures, _find_kind(annex.items, "bullets"), rows)


def _figure(picture: Picture, report: Report) -> _Figure:
    name = describe_attachment("photo", picture.name, report) if picture.name else ""
    content = picture.content or b""
    media_type = find_media_type(content)
    source = f"data:{media_type};base64,{b64encode(content).decode()}" if media_type else ""
    return _Figure(source, picture.caption or name, picture.caption, name)


def find_language(text: str, report: Report) -> str:
    """The language of most of a text's letters, by their script; "" for that of the report and for one unknown.

    A text in Latin letters is in the report's language where that is written with them, else in English.
    """
    language = report.language
    if text.isascii() or not _NOT_LATIN(text):
        return "en" if language in _SCRIPTS and _LATIN.search(text) else ""
    counts = {code: len(script.findall(text)) for code, script in _SCRIPTS.items()}
    likely = max(counts, key=lambda code: counts[code])
    if counts[likely] > len(_LATIN.findall(text)):
        return "" if likely == language else likely
    return "en" if language in _SCRIPTS and _LATIN.search(text) else ""
