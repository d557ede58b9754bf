import re
from io import BytesIO
from zipfile import ZipFile

import pytest
from docx import Document
from docx.table import Table
from hypothesis import given, settings

from reports.formats.docx import render
from reports.report import CheckList, Field, Section
from tests.reports.formats.consultations import ARABIC, CHINESE, arabic, chinese, english
from tests.reports.formats.hostile_texts import HOSTILE, texts
from tests.reports.formats.office import convert
from tests.reports.formats.sample import around, hostile, of_many, of_notes, part, words

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def read(report):
    return Document(BytesIO(render(report)))


def shown(document) -> list[tuple[str, str]]:
    """What a reader sees: style and text of each paragraph; those of a table's cells in order."""
    blocks = []
    for block in document.iter_inner_content():
        if isinstance(block, Table):
            paragraphs = [paragraph for row in block.rows for cell in row.cells for paragraph in cell.paragraphs]
        else:
            paragraphs = [block]
        blocks += [(paragraph.style.name, paragraph.text) for paragraph in paragraphs]
    return blocks


def is_heading(block: tuple[str, str]) -> bool:
    return block[0].startswith("Heading ")


def cells(*contents: str) -> list[tuple[str, str]]:
    return [("Cell Text", text) for text in contents]


def expected(text: str) -> list[tuple[str, str]]:
    """The blocks of `sample.hostile`."""
    plain = "Plain neighbour."
    return [
        *[("Checklist Title", words("en")["checklist_title"]), ("Checklist", words("en")["draft_note"])],
        *[("Checklist Heading", text), ("Checklist Item", text), ("Checklist Item", "Plain line.")],
        *[("Title", text), ("Subtitle", text), *(("Normal", piece) for piece in re.split(r"\n\s*\n", text))],
        *[*cells(text, text, "Venue:", text), ("Table End", "")],
        ("Contents Title", "Contents"),
        *[("toc 1", "A. Parts"), ("toc 2", text), ("toc 2", "Numbered"), ("toc 2", "Paragraphs"), ("toc 2", "Cited")],
        *[("toc 2", "Actions"), ("toc 1", "F. Sessions"), ("toc 2", text), ("toc 1", "Annexes"), ("toc 2", text)],
        *[("Heading 1", "A. Parts"), ("Prompt", text)],
        *[("Heading 2", text), ("List Bullet", text), ("List Bullet", plain)],
        *[("Heading 2", "Numbered"), ("List Number", text), ("List Number", plain)],
        *[("Heading 2", "Paragraphs"), ("Normal", text), ("Normal", plain)],
        *[("Heading 2", "Cited"), ("Cited Note", f"R1\t{text}"), ("List Detail", f"To: {text} · By: {text}")],
        *[("List Detail", f"Photo: {text}"), ("Cited Note", f"R2\t{plain}")],
        *[("Heading 2", "Actions"), *cells("What", "Who", "By when", "Session", f"R1 {text}")],
        *[("Note Detail", f"Photo: {text}"), *cells(text, text, "", plain, "", "", ""), ("Table End", "")],
        *[("Heading 1", "F. Sessions"), ("Heading 2", text), ("Theme", f"Theme: {text}"), ("Heading 3", text)],
        *[("List Bullet", text), ("List Bullet", plain), ("Form Note", text)],
        *[("Heading 1", "Annexes"), ("Heading 2", text), ("List Bullet", text), ("List Bullet", plain)],
        *[("Desk Heading", words("en")["late_title"]), ("Prompt", words("en")["remove_note"]), ("List Bullet", text)],
        *[("List Detail", f"09:05, 2017-07-09 · {text} · #topic"), ("List Bullet", plain)],
        ("List Detail", "09:06, 2017-07-09 · Jorge Fictional · #topic"),
        *[
            ("Desk Heading", words("en")["review_title"]),
            ("Prompt", words("en")["remove_note"]),
            ("List Bullet", text),
            ("List Detail", text),
        ],
        ("List Detail", f"09:05, 2017-07-09 · {text}"),
    ]


@given(texts)
@settings(deadline=None, max_examples=12)
def test_docx_shows_any_text_as_typed_wherever_it_stands(text):
    assert shown(read(hostile(text))) == expected(text)


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_docx_shows_a_hostile_text_as_typed(text):
    assert shown(read(hostile(text))) == expected(text)


def test_docx_lays_out_the_form_after_its_checklist():
    blocks = shown(read(english()))
    assert blocks[:10] == [
        ("Checklist Title", "Checklist for the desk – remove this page before submission"),
        ("Checklist", words("en")["draft_note"]),
        ("Checklist Heading", "Fields to be completed"),
        ("Checklist Item", "Prepared by: (name, email, telephone no.)"),
        ("Checklist Heading", "Parts with no notes"),
        ("Checklist Item", "C. Trends"),
        ("Checklist Item", "F. Session II: Conclusions reached"),
        ("Title", "Regional/Thematic Consultations: High-level United Nations Conference on South-South Cooperation"),
        ("Subtitle", "Reporting Template"),
        ("Normal", "A template is provided below for reporting."),
    ]
    assert [block for block in blocks if block[0].endswith(("Heading", "No Notes", "Theme")) or is_heading(block)] == [
        ("Checklist Heading", "Fields to be completed"),
        ("Checklist Heading", "Parts with no notes"),
        ("Heading 1", "A. Objectives and major conclusions"),
        ("Heading 2", "Objectives of the consultation"),
        ("Heading 2", "Major conclusions reached"),
        ("Heading 1", "B. Final recommendations"),
        ("Heading 1", "C. Trends, challenges and opportunities"),
        ("Heading 2", "Trends"),
        ("No Notes", "No notes recorded"),
        ("Heading 2", "Challenges"),
        ("Heading 2", "Opportunities"),
        ("Heading 1", "F. Session summaries *"),
        ("Heading 2", "Session I: Participation"),
        ("Theme", "Theme: Challenges and opportunities"),
        ("Heading 3", "Main topics discussed"),
        ("Heading 3", "Conclusions reached"),
        ("Heading 3", "Action points proposed/agreed"),
        ("Heading 3", "Any additional information"),
        ("No Notes", "No notes recorded"),
        ("Heading 2", "Session II: Means of implementation"),
        ("Heading 3", "Conclusions reached"),
        ("No Notes", "No notes recorded"),
        ("Heading 1", "G. Additional information"),
        ("Heading 2", "Session I"),
        ("Heading 2", "Session II"),
        ("Heading 1", "Breakouts"),
        ("No Notes", "No sessions recorded"),
        ("Heading 1", "Annexes"),
        ("Heading 2", "Attendance"),
        ("Heading 2", "List of participants"),
        ("No Notes", "No notes recorded"),
        ("Heading 2", "Concept note and other documents"),
        ("Desk Heading", "Late notes, for decision"),
        ("Desk Heading", "Notes that a person must look at"),
    ]


def test_docx_ends_the_checklist_with_the_only_page_break():
    body = read(english()).element.body
    breaks = body.xpath(".//w:br[@w:type='page']/ancestor::w:p")
    assert [paragraph.text for paragraph in breaks] == ["F. Session II: Conclusions reached"]
    assert breaks[0].getnext().style == "Title"
    assert not read(of_notes("No checks.")).element.body.xpath(".//w:br")


def test_docx_begins_each_numbered_list_at_one():
    document = read(english())
    numbers = [
        (paragraph.text, paragraph._p.pPr.numPr.numId.val)
        for paragraph in document.paragraphs
        if paragraph.style.name == "List Number"
    ]
    assert numbers == [
        ("Online platforms carry learning.", 1004),
        ("Webinars too.", 1004),
        ("Side events: 140 are registered.", 1005),
        ("Two facilitators lead.", 1005),
        ("The second progress report is out.", 1005),
    ]
    numbering = document.part.numbering_part.element
    starts = {num.numId: num.xpath("w:lvlOverride/w:startOverride/@w:val") for num in numbering.num_lst}
    assert starts == {1001: [], 1002: ["1"], 1003: ["1"], 1004: ["1"], 1005: ["1"]}
    levels = numbering.xpath("w:abstractNum/w:lvl")
    assert [
        (level.find(f"{W}numFmt").get(f"{W}val"), level.find(f"{W}lvlText").get(f"{W}val")) for level in levels
    ] == [
        ("bullet", "•"),
        ("decimal", "%1."),
    ]


def test_docx_prints_the_numbers_of_recommendations_as_text():
    cited = [paragraph for paragraph in read(english()).paragraphs if paragraph.style.name == "Cited Note"]
    assert [(paragraph.runs[0].style.name, paragraph.runs[0].text) for paragraph in cited] == [
        ("Note Number", "R1"),
        ("Note Number", "R7"),
        ("Note Number", "R3"),
        ("Note Number", "R12"),
    ]


def test_docx_sets_fields_and_actions_as_tables():
    document = read(english())
    fields, actions = document.tables
    assert [table.style.name for table in (fields, actions)] == ["Report Table", "Report Table"]
    assert [[cell.text for cell in row.cells] for row in fields.rows] == [
        ["Title of consultation:", "Pre-HLPF preparatory meeting"],
        ["Date of consultation:", "9 July 2017"],
        ["Venue, city, country:", "Church Center\nNew York"],
        ["Prepared by: (name, email)", "[to be completed: name, email]"],
    ]
    assert [[cell.text for cell in row.cells] for row in actions.rows] == [
        ["What", "Who", "By when", "Session"],
        [
            "Draft terms of reference for a parallel report,\nbuilding on the Geneva model.",
            "Working group 3B",
            "15 September 2017",
            "I",
        ],
        ["Keep the mailing list open after the forum.", "", "", "I"],
        ["إعداد قائمة بالمنظمات", "UN DESA", "قبل تموز", "I"],
    ]
    heads = [[row._tr.xpath("w:trPr/w:tblHeader") != [] for row in table.rows] for table in (fields, actions)]
    assert heads == [[True, False, False, False], [True, False, False, False]]
    marked = [run.text for run in _runs(document) if run.style.name == "To Be Completed"]
    assert marked == ["[to be completed: name, email]"]


def _runs(document):
    in_tables = [cell for table in document.tables for row in table.rows for cell in row.cells]
    return [run for holder in (document, *in_tables) for paragraph in holder.paragraphs for run in paragraph.runs]


def test_docx_runs_title_and_page_numbers_along():
    section = read(english()).sections[0]
    assert [paragraph.text for paragraph in section.header.paragraphs] == ["Pre-HLPF preparatory meeting"]
    footer = section.footer.paragraphs[0]._p
    assert footer.xpath("w:fldSimple/@w:instr") == ["PAGE", "NUMPAGES"]
    assert "".join(footer.xpath(".//w:t/text()")) == "Page 1 of 1"
    assert (round(section.page_width.mm), round(section.page_height.mm)) == (210, 297)


def test_docx_header_shortens_a_title_that_would_fill_the_page():
    fields = (Field("title", "Title", "x" * 40_000, True, ""),)
    document = read(around(fields=fields))
    assert document.sections[0].header.paragraphs[0].text == "x" * 110 + "…"
    assert document.core_properties.title == "x" * 255
    assert document.tables[0].cell(0, 1).text == "x" * 40_000


def test_docx_properties_come_from_the_report():
    told = read(english()).core_properties
    assert {
        "title": told.title,
        "subject": told.subject,
        "author": told.author,
        "last_modified_by": told.last_modified_by,
        "language": told.language,
        "content_status": told.content_status,
        "comments": told.comments,
        "created": f"{told.created:%Y-%m-%d %H:%M}",
        "modified": f"{told.modified:%Y-%m-%d %H:%M}",
    } == {
        "title": "Pre-HLPF preparatory meeting",
        "subject": "Regional/Thematic Consultations: High-level United Nations Conference on South-South Cooperation",
        "author": "Rapporteur",
        "last_modified_by": "Rapporteur",
        "language": "en",
        "content_status": "Draft",
        "comments": "",
        "created": "2017-07-09 20:48",
        "modified": "2017-07-09 20:48",
    }


def test_docx_to_be_sent_in_is_called_no_draft():
    # one that has nothing for the desk to look at is a draft all the same
    clean = of_notes("One.")
    assert [read(report).core_properties.content_status for report in (clean, clean.for_submission())] == ["Draft", ""]


def test_docx_without_any_note_has_a_time_all_the_same():
    told = read(around(Section("A", "A", "Points", "", (part("A.items", None, []),)))).core_properties
    assert f"{told.created:%Y-%m-%d %H:%M}" == "1980-01-01 00:00"


def directions(paragraph) -> tuple[bool, list[tuple[str, bool]]]:
    """Whether a paragraph is written from the right, and each of its runs."""
    runs = [(run.text, run._r.xpath("w:rPr/w:rtl") != []) for run in paragraph.runs]
    return paragraph._p.xpath("w:pPr/w:bidi") != [], runs


def test_docx_writes_each_paragraph_and_run_in_its_direction():
    both = "English, then עברית ועוד, again."
    document = read(of_notes("Plain English.", ARABIC, CHINESE, both, "1, 2, 3", "مرحبا"))
    assert [directions(paragraph) for paragraph in document.paragraphs[2:]] == [
        (False, [("Plain English.", False)]),
        (
            True,
            [
                ("نحتاج إلى آلية تنسيق أفضل على المستوى الوطني، وخاصة مع ", True),
                ("UN DESA", False),
                (" قبل عام 2018.", True),
            ],
        ),
        (False, [(CHINESE, False)]),
        (False, [("English, then ", False), ("עברית ועוד", True), (", again.", False)]),
        (False, [("1, 2, 3", False)]),
        (True, [("مرحبا", True)]),
    ]


def test_docx_writes_a_label_before_arabic_words_from_the_right():
    lines = ("R1: إنشاء مركز", "R1, R2: “إنشاء”", "R3: Set up a centre", "E. الاحتياجات", "UNDP: برنامج")
    for language, told in (("ar", True), ("en", False)):
        document = read(around(language=language, checks=(CheckList("Check", lines),)))
        items = [p for p in document.paragraphs if p.style.name == "Checklist Item"]
        assert [directions(item)[0] for item in items] == [told, told, False, told, False]


def test_docx_in_arabic_is_laid_out_from_the_right():
    document = read(arabic())
    assert document.sections[0]._sectPr.xpath("w:bidi") != []
    assert [table._tbl.tblPr.xpath("w:bidiVisual") != [] for table in document.tables] == [True, True]
    assert directions(document.sections[0].footer.paragraphs[0])[0] is True
    headings = [directions(paragraph) for paragraph in document.paragraphs if paragraph.style.name == "Heading 1"]
    assert headings[2] == (True, [("F", False), (". موجزات الجلسات *", True)])
    left = [paragraph.text for paragraph in document.paragraphs if paragraph.text and not directions(paragraph)[0]]
    assert left == [
        "R2\tKeep the platform open all year (رابط المنصة).",
        "Publish the list (قائمة).",
        "16:48, 2017-07-09 · سلمى الخيالية · #topic",
        "#recomendatoin? ask about paragraph 89",
        "The tag is not known. Perhaps meant: #recommendation",
        "10:33, 2017-07-09 · Jorge Fictional",
    ]


@pytest.mark.parametrize(("report", "latin"), [(english(), "en-GB"), (chinese(), "en-GB")], ids=["en", "zh"])
def test_docx_sets_languages_and_fonts(report, latin):
    defaults = read(report).styles.element.xpath("w:docDefaults/w:rPrDefault/w:rPr")[0]
    told = {key.removeprefix(W): value for tag in ("rFonts", "lang") for key, value in defaults.find(W + tag).items()}
    assert told == {
        "ascii": "Times New Roman",
        "hAnsi": "Times New Roman",
        "cs": "Times New Roman",
        "eastAsia": "zh-CN",
        "val": latin,
        "bidi": "ar-SA",
    }


def test_docx_uses_only_styles_that_it_defines():
    document = read(english())
    defined = {style.style_id for style in document.styles}
    body = document.element.body
    assert {
        *body.xpath(".//w:pStyle/@w:val"),
        *body.xpath(".//w:rStyle/@w:val"),
        *body.xpath(".//w:tblStyle/@w:val"),
    } <= defined
    based = document.styles.element.xpath("w:style/w:basedOn/@w:val | w:style/w:next/@w:val")
    assert set(based) <= defined


def test_docx_carries_nothing_that_it_does_not_need():
    with ZipFile(BytesIO(render(english()))) as package:
        assert sorted(package.namelist()) == [
            "[Content_Types].xml",
            "_rels/.rels",
            "docProps/core.xml",
            "word/_rels/document.xml.rels",
            "word/document.xml",
            "word/fontTable.xml",
            "word/footer1.xml",
            "word/header1.xml",
            "word/numbering.xml",
            "word/settings.xml",
            "word/styles.xml",
            "word/theme/theme1.xml",
            "word/webSettings.xml",
        ]


@pytest.fixture(scope="module")
def converted(tmp_path_factory):
    """What LibreOffice reads in the documents: their text by name. All in one run, which takes some seconds."""
    folder = tmp_path_factory.mktemp("libreoffice")
    reports = {f"hostile_{name}": of_notes("Before.", text, "After.") for name, text in HOSTILE.items()}
    reports |= {"english": english(), "arabic": arabic(), "chinese": chinese(), "long": of_many(300)}
    for name, report in reports.items():
        (folder / f"{name}.docx").write_bytes(render(report))
    convert(folder, "txt:Text (encoded):UTF8", *(f"{name}.docx" for name in reports))
    return {name: (folder / f"{name}.txt").read_text("utf-8-sig") for name in reports}


@pytest.mark.parametrize("name", HOSTILE)
def test_docx_with_a_hostile_text_opens_in_libreoffice(converted, name):
    lines = [
        "Regional/Thematic Consultations",
        "A. Points",
        "    • Before.",
        f"    • {HOSTILE[name]}",
        "    • After.",
        "",
    ]
    assert converted[f"hostile_{name}"] == "\n".join(lines)


@pytest.mark.parametrize(("name", "make"), [("english", english), ("arabic", arabic), ("chinese", chinese)])
def test_docx_opens_in_libreoffice_with_its_lists(converted, name, make):
    counts = {"english": iter([1, 2, 1, 2, 3]), "arabic": iter([1, 2]), "chinese": iter([])}[name]
    marks = {
        "List Bullet": lambda: "    • ",
        "Checklist Item": lambda: "    • ",
        "List Number": lambda: f"    {next(counts)}. ",
    }
    lines = [marks.get(style, str)() + text for style, text in shown(read(make()))]
    assert converted[name] == "\n".join([*lines, ""])


def test_docx_of_many_notes_opens_in_libreoffice(converted):
    assert converted["long"].count("South-South cooperation, with the means it takes (299)") == 4
