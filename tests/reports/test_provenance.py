"""The provenance annex: what it says, where it stands in each format, and that a submission is without it."""

from dataclasses import replace
from io import BytesIO

import docx
import lxml.html
from markdown_it import MarkdownIt

from bot.demonstration import NAME
from bot.replay import replay_transcript
from handlers.drafts import render_files
from reports.formats import load_format
from reports.report import Report, Trace

LINES = (
    '{"ts":"2017-07-09T09:01:00-04:00","platform":"telegram","chat":"g","author":"Amina","message_id":"1",'
    '"text":"#need Speaker: Dr Banda, Ministry – Skills"}',
    '{"ts":"2017-07-09T09:03:00-04:00","platform":"telegram","chat":"g","author":"Jorge","message_id":"2",'
    '"text":"#rec Train people"}',
    '{"ts":"2017-07-09T09:04:00-04:00","platform":"telegram","chat":"g","author":"Jorge","message_id":"3",'
    '"edit_of":"2","text":"#rec #action Train | more people"}',
    '{"ts":"2017-07-09T09:05:00-04:00","platform":"telegram","chat":"g","author":"Wei","message_id":"4",'
    '"text":"#need SKILLS!"}',
    '{"ts":"2017-07-09T09:05:30-04:00","platform":"telegram","chat":"-1001","author":"Wei","message_id":"9",'
    '"text":"#need Rooms","link":"https://t.me/c/1/9"}',
    '{"ts":"2017-07-09T09:06:00-04:00","platform":"telegram","chat":"g","author":"Wei","message_id":"5","text":"#x y"}',
)
TRACES = (
    Trace("2017-07-09 09:01", "Amina, Wei", "Skills · Speaker: Dr Banda, Ministry", "telegram · g · 1"),
    Trace("2017-07-09 09:03 (edited)", "Jorge", "R1 Train | more people", "telegram · g · 2"),
    Trace("2017-07-09 09:05", "Wei", "Rooms", "https://t.me/c/1/9"),
)
TABLE = [["Time", "Posted by", "Note", "Message"], *([t.time, t.author, t.note, t.message] for t in TRACES)]


def make_report() -> Report:
    return replay_transcript(LINES, template="bapa40", zone="America/New_York")


def render(name: str, report: Report) -> bytes:
    return load_format(name).render(report)


def test_trace_notes_gives_a_line_a_note():
    assert make_report().provenance == TRACES


def test_chatham_house_rule_has_no_provenance():
    opening = (
        '{"ts":"2017-07-09T09:00:00-04:00","platform":"telegram","chat":"g","author":"D","message_id":"0",'
        '"text":"/open X\\nrule: chatham"}'
    )
    assert replay_transcript([opening, *LINES], template="bapa40").provenance == ()


def test_docx_has_the_table():
    tables = docx.Document(BytesIO(render("docx", make_report()))).tables
    assert [[cell.text for cell in row.cells] for row in tables[-1].rows] == TABLE


def test_html_has_the_table():
    page = lxml.html.fromstring(render("html", make_report()))
    rows = page.xpath('//section[@class="provenance"]//tr')
    assert [[cell.text_content() for cell in row] for row in rows] == TABLE


def test_markdown_has_the_table():
    tokens = MarkdownIt("commonmark").enable("table").parse(render("md", make_report()).decode())
    last = max(index for index, token in enumerate(tokens) if token.type == "table_open")
    cells = [t.children[0].content if t.children else "" for t in tokens[last:] if t.type == "inline"]
    assert cells[: len(TABLE) * 4] == [cell for row in TABLE for cell in row]


def test_submission_leaves_out_what_is_for_the_desk():
    report = make_report()
    sent = {file.name: file.content for file in render_files(report, NAME, ("docx", "html", "md"), submission=True)}
    bare = replace(report, checks=(), late=(), review=(), provenance=(), is_draft=False)
    assert sent == {file.name: file.content for file in render_files(bare, NAME, ("docx", "html", "md"))}


def test_submission_leaves_json_whole():
    report = make_report()
    assert render_files(report, NAME, ("json",), submission=True) == render_files(report, NAME, ("json",))
