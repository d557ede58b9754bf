"""The least possible ways to do what Rapporteur does: what it is measured against. Nothing here is used by it."""

import json
import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from functools import cache
from io import BytesIO
from pathlib import Path
from xml.sax.saxutils import escape
from zipfile import ZIP_DEFLATED, ZipFile

from docx import Document
from jinja2 import Environment, Template

from bench.meetings import Update
from reports.formats.pdf.typesetting import typeset
from reports.formats.wording import word_trace
from reports.report import Item, Report

_LINES = """
CREATE TABLE lines (id INTEGER PRIMARY KEY, platform TEXT NOT NULL, chat TEXT NOT NULL, message_id TEXT NOT NULL,
  author TEXT NOT NULL, at TEXT NOT NULL, text TEXT NOT NULL, UNIQUE (platform, chat, message_id));
CREATE INDEX lines_chat ON lines (chat, at);
CREATE INDEX lines_author ON lines (author);
"""
_INSERT = "INSERT INTO lines (platform, chat, message_id, author, at, text) VALUES (?, ?, ?, ?, ?, ?)"
_INBOX = """
CREATE TABLE inbox (id INTEGER PRIMARY KEY, source TEXT NOT NULL, delivery_key TEXT NOT NULL, payload TEXT NOT NULL,
  received_at TEXT NOT NULL, state TEXT NOT NULL, UNIQUE (source, delivery_key));
CREATE INDEX inbox_new ON inbox (id) WHERE state = 'new';
"""

Row = tuple[str, ...]


def read_rows(updates: Sequence[Update]) -> list[Row]:
    """The rows of these messages, made before the time runs."""
    keys = ("platform", "chat", "author", "ts", "text")
    lines = [(key, json.loads(payload)) for key, payload in updates]
    return [(line[keys[0]], line[keys[1]], key, *(line[name] for name in keys[2:])) for key, line in lines]


def open_plain(path: Path, journal: str, synchronous: str, *, inbox: bool = False) -> sqlite3.Connection:
    """A new SQLite file with one table, by the bare driver."""
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute(f"PRAGMA journal_mode = {journal}")
    connection.execute(f"PRAGMA synchronous = {synchronous}")
    connection.executescript(_INBOX if inbox else _LINES)
    return connection


def insert_singly(connection: sqlite3.Connection, rows: Iterable[Row]) -> None:
    """A row a commit."""
    for row in rows:
        connection.execute(_INSERT, row)


def insert_batches(connection: sqlite3.Connection, batches: Iterable[Sequence[Update]]) -> None:
    """A commit for each batch, into a table like the inbox."""
    for batch in batches:
        connection.execute("BEGIN IMMEDIATE")
        rows = [("bench", key, payload, "2017-07-09 09:00:00.000000+00:00", "new") for key, payload in batch]
        connection.executemany(
            "INSERT INTO inbox (source, delivery_key, payload, received_at, state) VALUES (?, ?, ?, ?, ?)"
            " ON CONFLICT DO NOTHING",
            rows,
        )
        connection.execute("COMMIT")


def read_all_rows(path: Path) -> list[tuple[object, ...]]:
    """One pass that only reads: every message with its notes, whole rows, by the bare driver."""
    connection = sqlite3.connect(path)
    rows = connection.execute(
        "SELECT * FROM messages JOIN people ON people.id = messages.person_id"
        " LEFT JOIN notes ON notes.message = messages.id ORDER BY messages.sent_at"
    ).fetchall()
    connection.close()
    return rows


@dataclass(frozen=True, slots=True)
class Content:
    """What a report says, as plain as a writer can want it: all that the floors below write."""

    checks: Sequence[tuple[str, Sequence[str]]]
    parts: Sequence[tuple[str, Sequence[Item]]]
    traces: Sequence[tuple[str, ...]]


def list_content(report: Report) -> Content:
    """The content of a report, made before the time runs."""
    parts = [(part.heading or part.key, part.items) for part in report.parts()]
    parts += [(f"{block.heading} {part.key}", part.items) for block in report.session_blocks() for part in block.parts]
    parts += [(annex.heading, annex.items) for annex in report.annexes]
    checks = [(check.heading, check.lines) for check in report.checks]
    return Content(checks, parts, [word_trace(trace) for trace in report.provenance])


def write_direct_docx(content: Content) -> bytes:
    """A Word document by text alone: a paragraph a note or check, a table of the traces, in styles that Word has."""
    body = [_DOCUMENT_START]
    for heading, lines in content.checks:
        body += [_paragraph("Heading2", heading), *(_paragraph("ListBullet", line) for line in lines)]
    for heading, items in content.parts:
        body.append(_paragraph("Heading2", heading))
        for item in items:
            body.append(_paragraph("ListBullet", f"{item.number} {item.text}" if item.number else item.text))
            body += [_paragraph("BodyText", line) for line in _small_print(item)]
    body.append("<w:tbl><w:tblPr/><w:tblGrid/>")
    for trace in content.traces:
        cells = "".join(f"<w:tc>{_paragraph('BodyText', cell)}</w:tc>" for cell in trace)
        body.append(f"<w:tr>{cells}</w:tr>")
    body.append("</w:tbl></w:body></w:document>")
    packed = BytesIO()
    with ZipFile(packed, "w", ZIP_DEFLATED) as target:
        for name, text in _DOCX.items():
            target.writestr(name, text)
        target.writestr("word/document.xml", "".join(body))
    return packed.getvalue()


# a heading and a list for each part, a table of the traces: in typst's own look
_TYPST = b"""
#set document(title: "Report")
#let content = json("content")
#for (heading, notes) in content.parts {
  strong(heading)
  list(..notes)
}
#table(columns: 4, ..content.traces.flatten())
"""


def write_bare_pdf(content: Content) -> bytes:
    """A PDF of the same texts by typst, with the fonts that ours has."""
    texts = {
        "parts": [[heading, [item.text for item in items]] for heading, items in content.parts if items],
        "traces": content.traces,
    }
    return typeset({"main": _TYPST, "content": json.dumps(texts).encode()}, {}, datetime(2018, 1, 1, tzinfo=UTC))


def _paragraph(style: str, text: str) -> str:
    words = f'<w:r><w:t xml:space="preserve">{escape(text)}</w:t></w:r>'
    return f'<w:p><w:pPr><w:pStyle w:val="{style}"/></w:pPr>{words}</w:p>'


_OOXML = "http://schemas.openxmlformats.org"
_DOCUMENT_START = f'<?xml version="1.0"?><w:document xmlns:w="{_OOXML}/wordprocessingml/2006/main"><w:body>'
_DOCX = {
    "[Content_Types].xml": f'<?xml version="1.0"?><Types xmlns="{_OOXML}/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.'
    'wordprocessingml.document.main+xml"/></Types>',
    "_rels/.rels": f'<?xml version="1.0"?><Relationships xmlns="{_OOXML}/package/2006/relationships">'
    f'<Relationship Id="rId1" Type="{_OOXML}/officeDocument/2006/relationships/officeDocument" '
    'Target="word/document.xml"/></Relationships>',
}


def write_docx_by_manual(content: Content) -> bytes:
    """The notes alone, without checks and traces, as python-docx's manual shows it."""
    document = Document()
    for heading, items in content.parts:
        document.add_heading(heading, level=2)
        for item in items:
            document.add_paragraph(f"{item.number} {item.text}" if item.number else item.text, style="List Bullet")
    packed = BytesIO()
    document.save(packed)
    return packed.getvalue()


_MARKDOWN = """\
{% for heading, lines in content.checks %}## {{ heading }}

{% for line in lines %}- {{ line }}
{% endfor %}{% endfor %}
{% for heading, items in content.parts %}## {{ heading }}

{% for item in items %}
- {% if item.number %}**{{ item.number }}** {% endif %}{{ item.text }}
{% for line in small_print(item) %}  *{{ line }}*
{% endfor %}{% endfor %}{% endfor %}
{% for trace in content.traces %}|{% for cell in trace %}{{ cell }}|{% endfor %}
{% endfor %}"""
_HTML = """\
<!DOCTYPE html><html><body>
{% for heading, lines in content.checks %}<h2>{{ heading }}</h2>
<ul>{% for line in lines %}<li dir="auto">{{ line }}</li>
{% endfor %}</ul>{% endfor %}
{% for heading, items in content.parts %}<h2>{{ heading }}</h2>
<ul>{% for item in items %}
<li dir="auto">{% if item.number %}<strong>{{ item.number }}</strong>{% endif %}{{ item.text }}
{% for line in small_print(item) %}<div>{{ line }}</div>{% endfor %}</li>{% endfor %}
</ul>{% endfor %}
<table>{% for trace in content.traces %}<tr>{% for cell in trace %}<td dir="auto">{{ cell }}</td>{% endfor %}</tr>
{% endfor %}</table>
</body></html>"""


def _escape_markdown(text: str) -> str:
    for sign in "\\`*_[]<>&|~#$":
        if sign in text:
            text = text.replace(sign, f"\\{sign}")
    return text


@cache
def _jinja(source: str, *, escaping: bool) -> Template:
    return Environment(autoescape=escaping, finalize=None if escaping else _escape_markdown).from_string(source)


def render_markdown(content: Content) -> bytes:
    """Markdown by a bare Jinja2 template, each text escaped as ours are, whatever the place of its signs."""
    return _jinja(_MARKDOWN, escaping=False).render(content=content, small_print=_small_print).encode()


def render_html(content: Content) -> bytes:
    """HTML by a bare Jinja2 template that escapes."""
    return _jinja(_HTML, escaping=True).render(content=content, small_print=_small_print).encode()


def _small_print(item: Item) -> list[str]:
    """What stands under a note in these formats."""
    said = [f"{name}: {item.attributes[name]}" for name in ("to", "by") if name in item.attributes]
    said += [item.session] if item.number and item.session else []
    return [" · ".join(said)] if said else []


# what is said of a note beside what JSON has
_NOT_IN_JSON = frozenset({"edits", "note", "paragraph", "credit", "decisions", "tags", "divergent", "link", "tag"})


def list_notes(report: Report) -> list[dict[str, object]]:
    """All notes as what JSON says of them, made before the time runs."""
    parts = [*report.parts(), *(part for block in report.session_blocks() for part in block.parts)]
    notes = [asdict(item) | {"at": item.at.isoformat()} for part in parts for item in part.items]
    return [{key: value for key, value in note.items() if key not in _NOT_IN_JSON} for note in notes]


def dump_json(notes: list[dict[str, object]]) -> bytes:
    """The notes by `json.dumps`, indented like the report."""
    return json.dumps(notes, ensure_ascii=False, indent=1).encode()
