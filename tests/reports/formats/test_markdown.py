import re

import pytest
from hypothesis import example, given, settings
from markdown_it import MarkdownIt
from markdown_it.token import Token

from reports.formats.markdown import render
from tests.reports.formats.consultations import ARABIC, CHINESE, english
from tests.reports.formats.hostile_texts import HOSTILE, texts
from tests.reports.formats.sample import hostile, hostile_pages, hostile_summary, of_notes, words

READER = MarkdownIt("commonmark").enable(["table", "strikethrough"])
# blocks that hold text themselves; a paragraph of a tight list is its item
HOLDERS = ("heading_open", "paragraph_open", "th_open", "td_open")


def shown(content: bytes) -> list[tuple[str, str]]:
    """What a reader sees: kind of block, and its text."""
    blocks: list[tuple[str, str]] = []
    lists: list[Token] = []
    kind = ""
    for token in READER.parse(content.decode()):
        if token.type in ("bullet_list_open", "ordered_list_open", "list_item_open"):
            lists.append(token)
        elif token.type in ("bullet_list_close", "ordered_list_close", "list_item_close"):
            lists.pop()
        elif token.type == "hr":
            blocks.append(("rule", ""))
        elif token.type in HOLDERS:
            numbered = bool(lists) and lists[-2].tag == "ol"
            kind = (f"{lists[-1].info}." if numbered else "*") if lists else token.tag
        elif token.type == "inline":
            blocks.append((kind, "".join(map(words_of, token.children or ()))))
        else:
            assert token.nesting == -1 or token.tag in ("table", "thead", "tbody", "tr"), token
    return blocks


def words_of(token: Token) -> str:
    if token.type == "text":
        return token.content
    if token.type == "hardbreak" or (token.type == "html_inline" and token.content == "<br>"):
        return "\n"
    assert token.type in ("em_open", "em_close", "strong_open", "strong_close"), token
    return ""


def on_one_line(text: str) -> str:
    return " ".join(line.strip() for line in text.split("\n"))


def expected(text: str) -> list[tuple[str, str]]:
    """The blocks of `sample.hostile`."""
    line, plain, table = (
        on_one_line(text),
        "Plain neighbour.",
        [("th", head) for head in ("What", "Who", "By when", "Session")],
    )
    paragraphs = [("p", piece.strip()) for piece in re.split(r"\n\s*\n", text)]
    return [
        ("h2", words("en")["checklist_title"]),
        ("p", words("en")["draft_note"]),
        ("h3", line),
        ("*", text),
        ("*", "Plain line."),
        ("rule", ""),
        ("h1", line),
        ("p", line),
        *paragraphs,
        *[("th", ""), ("th", ""), ("td", line), ("td", text), ("td", "Venue:"), ("td", text)],
        ("h2", "A. Parts"),
        ("p", text),
        *[("h3", line), ("*", text), ("*", plain)],
        *[("h3", "Numbered"), ("1.", text), ("2.", plain)],
        *[("h3", "Paragraphs"), ("p", text), ("p", plain)],
        *[("h3", "Cited"), ("*", f"R1 {text}\nTo: {text} · By: {text}\nPhoto: {text}"), ("*", f"R2 {plain}")],
        *[("h3", "Actions"), *table, ("td", f"R1 {text}\nPhoto: {text}"), ("td", text), ("td", text), ("td", "")],
        *[("td", plain), ("td", ""), ("td", ""), ("td", "")],
        ("h2", "F. Sessions"),
        *[("h3", line), ("p", f"Theme: {text}"), ("h4", line), ("*", text), ("*", plain)],
        ("p", text),
        *[("h2", "Annexes"), ("h3", line), ("*", text), ("*", plain)],
        ("rule", ""),
        ("h2", words("en")["late_title"]),
        ("p", words("en")["remove_note"]),
        ("*", f"{text}\n09:05, 2017-07-09 · {text} · #topic"),
        ("*", f"{plain}\n09:06, 2017-07-09 · Jorge Fictional · #topic"),
        ("h2", words("en")["review_title"]),
        ("p", words("en")["remove_note"]),
        ("*", f"{text}\n{text}\n09:05, 2017-07-09 · {text}"),
    ]


def expected_pages(text: str) -> list[tuple[str, str]]:
    """The blocks of `sample.hostile_pages`."""
    said, line, plain, remove = words("en"), on_one_line(text), "Plain neighbour.", ("p", words("en")["remove_note"])
    grid = [
        *[("p", line), ("th", text), ("th", "Count")],
        *[("td", text), ("td", "1"), ("td", "Plain"), ("td", text)],
    ]
    return [
        *[("h1", "Pages"), ("h2", "A. Parts"), ("h3", "Table")],
        *[("th", "No."), ("th", "Recommendation"), ("th", "Addressee"), ("th", "Date due")],
        *[("td", "R1"), ("td", f"{text}\n{text}"), ("td", text), ("td", text)],
        *[("td", "R2"), ("td", plain), ("td", ""), ("td", "")],
        *[("h3", "List"), ("*", f"R3 {text}")],
        *[("h3", "Counted"), ("p", f"1. {text}"), ("p", f"2. {plain}")],
        *[("h2", "F. Sessions"), *grid, ("h3", "Session I"), ("h4", "Conclusions"), ("*", plain)],
        *[("h2", "Annexes"), ("h3", "Participants"), *grid],
        *[("h3", "Photographs"), ("*", f"{text}\nPhoto: {text}"), ("*", f"{text}\nPhoto: {text}")],
        *[("h3", "All notes"), ("*", f"{text}\n09:05, 2017-07-09 · Breakout {text}")],
        ("*", f"R2 {plain}\n09:06, 2017-07-09\nTo: {text}"),
        *[("h2", said["provenance"]), remove, *[("th", said[head]) for head in ("time", "author", "note", "message")]],
        *[("td", text)] * 4,
        ("rule", ""),
        *[("h2", line), remove, *[("th", head) for head in ("Change", "No.", "Part", "Before", "Now")]],
        *[("td", "changed"), *[("td", text)] * 4],
        *[("td", "new"), ("td", ""), ("td", text), ("td", ""), ("td", text)],
        *[("h2", said["dropped_title"]), remove],
        ("*", f"{text}\n{text}\n09:05, 2017-07-09 · {text} · #topic"),
        ("*", f"{plain}\n09:06, 2017-07-09 · Jorge Fictional · #topic"),
        *[("h2", said["history_title"]), remove, *grid],
    ]


def expected_summary(text: str) -> list[tuple[str, str]]:
    """The blocks of `sample.hostile_summary`."""
    line = on_one_line(text)
    return [
        *[("h1", line), ("h2", line), ("*", text), ("*", "Notes: 1")],
        *[("h3", "Sessions"), ("*", text), ("*", "Session II")],
        *[("h3", line), ("*", f"R1 {text}\nTo: {text}")],
    ]


@given(texts)
@settings(deadline=None, max_examples=100)
@example("a | b\n:-")
@example("a\n---")
@example("a\n\n\n    b")
@example("1234567890. a")
@example("&amp; &#32; \\")
@example("*")
def test_markdown_shows_any_text_as_typed_wherever_it_stands(text):
    assert shown(render(hostile(text))) == expected(text)
    assert shown(render(hostile_pages(text))) == expected_pages(text)
    assert shown(render(hostile_summary(text))) == expected_summary(text)


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_markdown_shows_a_hostile_text_as_typed(text):
    assert shown(render(hostile(text))) == expected(text)
    assert shown(render(hostile_pages(text))) == expected_pages(text)
    assert shown(render(hostile_summary(text))) == expected_summary(text)


@given(texts, texts)
@settings(deadline=None)
def test_markdown_keeps_notes_apart(first, second):
    assert shown(render(of_notes(first, second)))[1:] == [("h2", "A. Points"), ("*", first), ("*", second)]


def test_markdown_lays_out_the_whole_form():
    recommendation = english().parts()[2].items[0].text
    assert shown(render(english())) == [
        ("h2", "Checklist for the desk – remove this page before submission"),
        ("p", words("en")["draft_note"]),
        ("h3", "Fields to be completed"),
        ("*", "Prepared by: (name, email, telephone no.)"),
        ("h3", "Parts with no notes"),
        ("*", "C. Trends"),
        ("*", "F. Session II: Conclusions reached"),
        ("rule", ""),
        ("h1", "Regional/Thematic Consultations: High-level United Nations Conference on South-South Cooperation"),
        ("p", "Reporting Template"),
        ("p", "A template is provided below for reporting."),
        ("p", "Please submit the concept note."),
        *[("th", ""), ("th", "")],
        *[("td", "Title of consultation:"), ("td", "Pre-HLPF preparatory meeting")],
        *[("td", "Date of consultation:"), ("td", "9 July 2017")],
        *[("td", "Venue, city, country:"), ("td", "Church Center\nNew York")],
        *[("td", "Prepared by: (name, email)"), ("td", "[to be completed: name, email]")],
        ("h2", "A. Objectives and major conclusions"),
        ("h3", "Objectives of the consultation"),
        ("*", "Promote understanding of the 2030 Agenda and of the procedures."),
        ("*", "Peer-to-peer learning among major groups:\n- what worked\n- what did not"),
        ("h3", "Major conclusions reached"),
        ("*", "Participation must last the whole year."),
        ("h2", "B. Final recommendations"),
        ("*", f"R1 {recommendation}\nTo: Member States · By: 15 December 2018 · Session II · SDG 17"),
        ("*", "R7 Allocate resources to skills at the local level.\nTo: UNOSSC"),
        ("*", "R3 Better communication strategies: Twitter #HLPF, Facebook."),
        ("*", "R12 إنشاء صندوق لبناء القدرات المحلية.\nTo: الدول الأعضاء · Session I"),
        ("h2", "C. Trends, challenges and opportunities"),
        *[("h3", "Trends"), ("p", "No notes recorded")],
        ("h3", "Challenges"),
        ("*", "Coordination leaves groups out [in most countries].\nPhoto: flipchart-3B.jpg\nFile: mapping.xlsx"),
        ("*", ARABIC),
        ("*", CHINESE),
        *[("h3", "Opportunities"), ("1.", "Online platforms carry learning."), ("2.", "Webinars too.")],
        ("h2", "F. Session summaries *"),
        ("p", "• Session I: (theme, title)\n• Topics"),
        *[("h3", "Session I: Participation"), ("p", "Theme: Challenges and opportunities")],
        *[("h4", "Main topics discussed"), ("*", "Civil society space (paragraph 89).")],
        *[("h4", "Conclusions reached"), ("*", "The method is not efficient.")],
        ("h4", "Action points proposed/agreed"),
        *[("th", "What"), ("th", "Who"), ("th", "By when"), ("th", "Session")],
        ("td", "Draft terms of reference for a parallel report,\nbuilding on the Geneva model."),
        *[("td", "Working group 3B"), ("td", "15 September 2017"), ("td", "I")],
        *[("td", "Keep the mailing list open after the forum."), ("td", ""), ("td", ""), ("td", "I")],
        *[("td", "إعداد قائمة بالمنظمات"), ("td", "UN DESA"), ("td", "قبل تموز"), ("td", "I")],
        *[("h4", "Any additional information"), ("p", "No notes recorded")],
        ("h3", "Session II: Means of implementation"),
        *[("h4", "Conclusions reached"), ("p", "No notes recorded")],
        ("h2", "G. Additional information"),
        *[("h3", "Session I"), ("1.", "Side events: 140 are registered."), ("2.", "Two facilitators lead.")],
        *[("h3", "Session II"), ("3.", "The second progress report is out.")],
        *[("h2", "Breakouts"), ("p", "No sessions recorded")],
        ("p", "*Note: Please provide a separate session summary for each session."),
        ("h2", "Annexes"),
        *[("h3", "Attendance"), ("*", "about 120 people from 46 countries")],
        *[("h3", "List of participants"), ("p", "No notes recorded")],
        *[("h3", "Concept note and other documents"), ("*", "Concept note\nFile: concept-note.pdf")],
        ("rule", ""),
        ("h2", "Late notes, for decision"),
        ("p", "For the desk: remove before submission."),
        ("*", "Publish the list of side events by country.\n16:48, 2017-07-09 · سلمى الخيالية · #recommendation"),
        ("h2", "Notes that a person must look at"),
        ("p", "For the desk: remove before submission."),
        (
            "*",
            "#recomendatoin? ask about paragraph 89\nThe tag is not known. Perhaps meant: #recommendation\n"
            "10:33, 2017-07-09 · Jorge Fictional",
        ),
    ]


def test_markdown_sets_numbers_of_recommendations_in_bold():
    assert (
        "\n- **R7** Allocate resources to skills at the local level.\\\n  *To: UNOSSC*\n" in render(english()).decode()
    )
