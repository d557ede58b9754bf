import re
from base64 import b64encode
from dataclasses import replace

import pytest
from hypothesis import given, settings
from lxml import html

from reports.formats.html import render
from reports.report import Annex, Change, Changes, CheckList, Grid, Picture, Report, ReviewItem, Section, Trace
from tests.reports.formats.consultations import ARABIC, CHINESE, arabic, chinese, english
from tests.reports.formats.hostile_texts import HOSTILE, texts
from tests.reports.formats.sample import JPEG, PNG, START, around, hostile, hostile_pages, hostile_summary, part, words
from tests.reports.formats.sample import note as note_of

# what holds words itself; and all else that a page may have
HOLDERS = {"h1", "h2", "h3", "h4", "h5", "p", "a", "strong", "span", "th", "caption"}
FRAME = {
    *("body", "main", "header", "nav", "aside", "section", "table", "thead", "tbody", "tr", "td", "ul", "ol", "li"),
    *("div", "figure", "figcaption", "img"),
}


def parse(content: bytes) -> html.HtmlElement:
    return html.document_fromstring(content, parser=html.HTMLParser(encoding="utf-8"))


def shown(content: bytes) -> list[tuple[str, str]]:
    """What a reader sees: element or class, and its text; a list item's mark is not part of it."""
    blocks = []
    for element in parse(content).body.iter():
        if element.tag == "bdi":
            continue
        if element.tag == "img":
            blocks.append(("img", element.get("alt")))
        if element.tag in HOLDERS or element.get("class") in ("text", "detail"):
            blocks.append((element.tag if element.tag in HOLDERS else element.get("class"), element.text_content()))
        else:
            assert element.tag in FRAME, element
            assert not (element.text or "").strip(), element.text
        assert not (element.tail or "").strip(), element.tail
    return blocks


def note(text: str, *details: str) -> list[tuple[str, str]]:
    return [("text", text), *(("detail", line) for line in details)]


def expected(text: str) -> list[tuple[str, str]]:
    """The blocks of `sample.hostile`."""
    plain = note("Plain neighbour.")
    return [
        *[("h2", words("en")["checklist_title"]), ("p", words("en")["draft_note"])],
        *[("h3", text), ("text", text), ("text", "Plain line.")],
        *[("h1", text), ("p", text), *(("p", piece) for piece in re.split(r"\n\s*\n", text))],
        *[("th", text), ("text", text), ("th", "Venue:"), ("span", text)],
        *[("h2", "Contents"), ("a", "A. Parts"), ("a", text), ("a", "Numbered"), ("a", "Paragraphs"), ("a", "Cited")],
        *[("a", "Actions"), ("a", "F. Sessions"), ("a", text), ("a", "Annexes"), ("a", text)],
        *[("h2", "A. Parts"), ("p", text)],
        *[("h3", text), *note(text), *plain],
        *[("h3", "Numbered"), *note(text), *plain],
        *[("h3", "Paragraphs"), *note(text), *plain],
        *[("h3", "Cited"), ("strong", "R1"), *note(text, f"To: {text} · By: {text}", f"Photo: {text}")],
        *[("strong", "R2"), *plain],
        *[("h3", "Actions"), ("th", "What"), ("th", "Who"), ("th", "By when"), ("th", "Session")],
        *[("strong", "R1"), *note(text, f"Photo: {text}"), ("text", text), ("text", text), ("text", "")],
        *[*plain, ("text", ""), ("text", ""), ("text", "")],
        *[("h2", "F. Sessions"), ("h3", text), ("p", f"Theme: {text}"), ("h4", text), *note(text), *plain],
        *[("p", text), ("h2", "Annexes"), ("h3", text), *note(text), *plain],
        *[
            ("h2", words("en")["late_title"]),
            ("p", words("en")["remove_note"]),
            *note(text, f"09:05, 2017-07-09 · {text} · #topic"),
        ],
        *note("Plain neighbour.", "09:06, 2017-07-09 · Jorge Fictional · #topic"),
        *[
            ("h2", words("en")["review_title"]),
            ("p", words("en")["remove_note"]),
            *note(text, text, f"09:05, 2017-07-09 · {text}"),
        ],
    ]


def expected_pages(text: str) -> list[tuple[str, str]]:
    """The blocks of `sample.hostile_pages`."""
    said, plain, remove = words("en"), note("Plain neighbour."), ("p", words("en")["remove_note"])
    grid = [
        *[("caption", text), ("th", text), ("th", "Count")],
        *[("text", text), ("text", "1"), ("text", "Plain"), ("text", text)],
    ]
    return [
        *[("h1", "Pages"), ("h2", "Contents"), ("a", "A. Parts"), ("a", "Table"), ("a", "List"), ("a", "Counted")],
        *[("a", "F. Sessions"), ("a", "Session I")],
        *[("a", "Annexes"), ("a", "Participants"), ("a", "Photographs"), ("a", "All notes")],
        *[("h2", "A. Parts"), ("h3", "Table")],
        *[("th", "No."), ("th", "Recommendation"), ("th", "Addressee"), ("th", "Date due")],
        *[("strong", "R1"), *note(text, text), ("text", text), ("text", text)],
        *[("strong", "R2"), *plain, ("text", ""), ("text", "")],
        *[("h3", "List"), ("strong", "R3"), *note(text)],
        *[("h3", "Counted"), ("strong", "1."), *note(text), ("strong", "2."), *plain],
        *[("h2", "F. Sessions"), *grid, ("h3", "Session I"), ("h4", "Conclusions"), *plain],
        *[("h2", "Annexes"), ("h3", "Participants"), *grid],
        *[("h3", "Photographs"), ("img", text), *note(text, f"Photo: {text}"), *note(text, f"Photo: {text}")],
        *[("h3", "All notes"), ("strong", ""), *note(text, f"09:05, 2017-07-09 · Breakout {text}")],
        *[("strong", "R2"), *note("Plain neighbour.", "09:06, 2017-07-09", f"To: {text}")],
        *[("h2", said["provenance"]), remove, *[("th", said[head]) for head in ("time", "author", "note", "message")]],
        *[("text", text)] * 4,
        *[("h2", text), remove, *[("th", head) for head in ("Change", "No.", "Part", "Before", "Now")]],
        *[("text", "changed"), *[("text", text)] * 4],
        *[("text", "new"), ("text", ""), ("text", text), ("text", ""), ("text", text)],
        *[("h2", said["dropped_title"]), remove, *note(text, text, f"09:05, 2017-07-09 · {text} · #topic")],
        *note("Plain neighbour.", "09:06, 2017-07-09 · Jorge Fictional · #topic"),
        *[("h2", said["history_title"]), remove, *grid],
    ]


def expected_summary(text: str) -> list[tuple[str, str]]:
    """The blocks of `sample.hostile_summary`."""
    return [
        *[("h1", text), ("h2", text), ("text", text), ("text", "Notes: 1")],
        *[("h3", "Sessions"), ("text", text), ("text", "Session II")],
        *[("h3", text), ("strong", "R1"), *note(text, f"To: {text}")],
    ]


@given(texts)
@settings(deadline=None, max_examples=50)
def test_html_shows_any_text_as_typed_wherever_it_stands(text):
    assert shown(render(hostile(text))) == expected(text)
    assert shown(render(hostile_pages(text))) == expected_pages(text)
    assert shown(render(hostile_summary(text))) == expected_summary(text)


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_html_shows_a_hostile_text_as_typed(text):
    content = render(hostile(text))
    assert shown(content) == expected(text)
    assert parse(content).findtext("head/title") == " ".join(text.split())
    assert shown(render(hostile_pages(text))) == expected_pages(text)
    assert shown(render(hostile_summary(text))) == expected_summary(text)


@pytest.mark.parametrize("report", [english(), hostile(HOSTILE["html"])], ids=["english", "hostile"])
def test_html_loads_and_runs_nothing(report: Report):
    page = parse(render(report))
    assert [meta.get("content") for meta in page.iterfind("head/meta[@http-equiv]")] == [
        "default-src 'none'; style-src 'unsafe-inline'; img-src data:"
    ]
    named = {name for element in page.iter() for name in element.attrib}
    assert named == {"charset", "class", "content", "dir", "href", "http-equiv", "id", "lang", "name", "scope", "start"}
    assert not re.search(r"url\(|@import|@font-face", page.findtext("head/style"))


@pytest.mark.parametrize(
    ("report", "told"),
    [(english(), ("en", "ltr")), (arabic(), ("ar", "rtl")), (chinese(), ("zh", "ltr"))],
    ids=["en", "ar", "zh"],
)
def test_html_says_language_and_direction(report, told):
    page = parse(render(report))
    assert (page.get("lang"), page.get("dir")) == told
    assert {element.get("dir") for element in page.body.iter() if element.get("class") == "note"} == {"auto"}


def test_html_takes_the_direction_of_a_heading_from_its_words_not_its_label():
    headings = parse(render(arabic())).xpath("//main//section/h2[bdi]")
    assert [(heading.get("dir"), heading[0].text, heading[0].tail) for heading in headings] == [
        ("auto", "B", ". التوصيات النهائية"),
        ("auto", "C", ". الاتجاهات والتحديات والفرص"),
        ("auto", "F", ". موجزات الجلسات *"),
    ]


def test_html_writes_a_label_before_arabic_words_from_the_right():
    lines = ("R1: إنشاء مركز", "R1, R2: “إنشاء” – R1", "R2: Set up a centre", "UNDP: برنامج", "إنشاء")
    grid = Grid("", ("", ""), (("IV", "R1 إنشاء"), ("WFP", "B. التوصيات")))
    for language, told in (("ar", "rtl"), ("en", "auto")):
        annex = Annex("glossary", "G", (), (grid,))
        report = around(language=language, checks=(CheckList("Check", lines),), annexes=(annex,), provenance=())
        page = parse(render(report))
        assert [line.get("dir") for line in page.xpath("//aside//li/div")] == [told, told, "auto", "auto", "auto"]
        assert [cell.get("dir") for cell in page.xpath("//table[@class='grid']//td/div")] == [told, told, "auto", told]


def test_html_lays_out_headings_in_order():
    headings = [block for block in shown(render(english())) if block[0] in ("h1", "h2", "h3", "h4")]
    assert headings == [
        ("h2", "Checklist for the desk – remove this page before submission"),
        ("h3", "Fields to be completed"),
        ("h3", "Parts with no notes"),
        ("h1", "Regional/Thematic Consultations: High-level United Nations Conference on South-South Cooperation"),
        ("h2", "Contents"),
        ("h2", "A. Objectives and major conclusions"),
        ("h3", "Objectives of the consultation"),
        ("h3", "Major conclusions reached"),
        ("h2", "B. Final recommendations"),
        ("h2", "C. Trends, challenges and opportunities"),
        ("h3", "Trends"),
        ("h3", "Challenges"),
        ("h3", "Opportunities"),
        ("h2", "F. Session summaries *"),
        ("h3", "Session I: Participation"),
        ("h4", "Main topics discussed"),
        ("h4", "Conclusions reached"),
        ("h4", "Action points proposed/agreed"),
        ("h4", "Any additional information"),
        ("h3", "Session II: Means of implementation"),
        ("h4", "Conclusions reached"),
        ("h2", "G. Additional information"),
        ("h3", "Session I"),
        ("h3", "Session II"),
        ("h2", "Breakouts"),
        ("h2", "Annexes"),
        ("h3", "Attendance"),
        ("h3", "List of participants"),
        ("h3", "Concept note and other documents"),
        ("h2", "Late notes, for decision"),
        ("h2", "Notes that a person must look at"),
    ]


def test_html_sets_notes_as_lists_with_their_numbers():
    page = parse(render(english()))
    lists = page.xpath("//main//section//ol | //main//section//ul")
    told = [(found.tag, found.get("class") or found.get("start"), len(found)) for found in lists]
    assert told == [
        ("ul", "bullets", 2),
        ("ul", "bullets", 1),
        ("ul", "cited", 4),
        ("ul", "bullets", 3),
        ("ol", "1", 2),
        ("ul", "bullets", 1),
        ("ul", "bullets", 1),
        ("ol", "1", 2),
        ("ol", "3", 1),
        ("ul", "bullets", 1),
        ("ul", "bullets", 1),
    ]
    assert [element.text for element in page.xpath("//ul[@class='cited']/li/strong")] == ["R1", "R7", "R3", "R12"]
    challenges = lists[3].xpath(".//div[@class='text']/text()")
    assert challenges == ["Coordination leaves groups out [in most countries].", ARABIC, CHINESE]


def test_html_sets_fields_and_actions_as_tables_with_heads():
    fields, actions = parse(render(english())).xpath("//table")
    assert [(row[0].tag, row[0].get("scope"), row[0].text, row[1].text_content()) for row in fields.iter("tr")] == [
        ("th", "row", "Title of consultation:", "Pre-HLPF preparatory meeting"),
        ("th", "row", "Date of consultation:", "9 July 2017"),
        ("th", "row", "Venue, city, country:", "Church Center\nNew York"),
        ("th", "row", "Prepared by: (name, email)", "[to be completed: name, email]"),
    ]
    assert [element.text for element in fields.xpath(".//span[@class='missing']")] == ["[to be completed: name, email]"]
    assert [(head.get("scope"), head.text) for head in actions.xpath("thead/tr/th")] == [
        ("col", "What"),
        ("col", "Who"),
        ("col", "By when"),
        ("col", "Session"),
    ]
    assert [[cell.text_content().strip() for cell in row] for row in actions.xpath("tbody/tr")] == [
        [
            "Draft terms of reference for a parallel report,\nbuilding on the Geneva model.",
            "Working group 3B",
            "15 September 2017",
            "I",
        ],
        ["Keep the mailing list open after the forum.", "", "", "I"],
        ["إعداد قائمة بالمنظمات", "UN DESA", "قبل تموز", "I"],
    ]


def test_html_links_its_contents_to_what_they_name():
    page = parse(render(english()))
    told = {link.get("href"): link.text_content() for link in page.iterfind(".//nav//a")}
    assert told == {
        "#s1": "A. Objectives and major conclusions",
        "#s1.p1": "Objectives of the consultation",
        "#s1.p2": "Major conclusions reached",
        "#s2": "B. Final recommendations",
        "#s3": "C. Trends, challenges and opportunities",
        "#s3.p1": "Trends",
        "#s3.p2": "Challenges",
        "#s3.p3": "Opportunities",
        "#s4": "F. Session summaries *",
        "#s4.1": "Session I: Participation",
        "#s4.2": "Session II: Means of implementation",
        "#s5": "G. Additional information",
        "#s6": "Breakouts",
        "#annexes": "Annexes",
        "#a1": "Attendance",
        "#a2": "List of participants",
        "#a3": "Concept note and other documents",
    }
    named = [section for section in page.iterfind(".//main//section") if section.get("id")]
    heads = {f"#{section.get('id')}": section[0].text_content() for section in named}
    heads |= {f"#{head.get('id')}": head.text_content() for head in page.xpath("//main//h3[@id]")}
    assert heads == told


def test_html_shows_only_pictures_that_browsers_are_safe_with():
    contents = [PNG, JPEG, PNG[:-9], b"<svg onload='alert(1)'/>", b"GIF89a", b"%PDF-1.7", b"", None]
    pictures = tuple(Picture(f"{n}.png", f"Chart {n}", content, "image/png") for n, content in enumerate(contents))
    page = parse(render(around(annexes=(Annex("photographs", "Photographs", (), (), pictures),))))
    figures = page.xpath("//figure")
    assert [figure.xpath("string(figcaption/div[@class='text'])") for figure in figures] == [
        f"Chart {n}" for n in range(len(contents))
    ]
    shown_ones = [(figure[0].get("src"), figure[0].get("alt")) for figure in figures if figure[0].tag == "img"]
    assert shown_ones == [
        (f"data:image/png;base64,{b64encode(PNG).decode()}", "Chart 0"),
        (f"data:image/jpeg;base64,{b64encode(JPEG).decode()}", "Chart 1"),
    ]


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("en", ["", "", "", "ru", "ar", "zh", ""]),
        ("ru", ["en", "en", "en", "", "ar", "zh", ""]),
        ("zh", ["en", "en", "en", "ru", "ar", "", ""]),
    ],
)
def test_html_marks_the_language_of_notes_in_another_script(language, told):
    texts = ["Fund it.", "Café à Genève", "Fund it (фонд).", "Создать фонд ПРООН (UNDP).", ARABIC, CHINESE, "एक"]
    notes = part("A.items", None, [note_of(text) for text in texts], language=language)
    report = around(Section("A", "A", "A", "", (notes,)), language=language)
    assert [note.get("lang", "") for note in parse(render(report)).xpath("//div[@class='note']")] == told


def test_html_for_submission_has_nothing_of_the_desk():
    text = "Zzdesk"
    whole = hostile_pages("Plain")
    report = replace(
        whole,
        provenance=(Trace(text, text, text, text),),
        dropped=(note_of(text),),
        history=Grid(text, (text,), ((text,),)),
        changes=Changes(1, text, (Change("new", text, text, text, text),)),
        late=(note_of(text),),
        review=(ReviewItem("unknown_tag", "1", text, text, START, text),),
        checks=(CheckList(text, (text,)),),
    )
    assert render(report).count(text.encode()) == 19
    assert render(report.for_submission()) == render(
        replace(whole, provenance=(), dropped=(), history=None, changes=None)
    )
