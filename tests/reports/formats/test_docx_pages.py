"""What the pages of the Word document hold beside the plain form: contents, tables, annexes, comments, desk pages."""

from dataclasses import replace
from io import BytesIO
from itertools import pairwise
from zipfile import ZipFile

import pytest
from docx import Document
from docx.table import Table

from reports.formats.docx import render
from reports.report import Annex, Field, Grid, Picture, Section, Summary, Trace
from tests.reports.formats.consultations import arabic, chinese, english
from tests.reports.formats.desk_reports import desk_report, traced
from tests.reports.formats.hostile_texts import HOSTILE
from tests.reports.formats.sample import (
    PNG,
    around,
    hostile_pages,
    hostile_summary,
    note,
    of_notes,
    part,
    session,
    words,
)

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
ENGLISH = words("en")


def read(report):
    return Document(BytesIO(render(report)))


def outline(report) -> list[object]:
    """The blocks of a document in order: style and text of a paragraph, the rows of a table as texts."""
    blocks: list[object] = []
    for block in read(report).iter_inner_content():
        if isinstance(block, Table):
            blocks.append([[cell.text for cell in row.cells] for row in block.rows])
        elif block.style.name != "Table End":
            blocks.append((block.style.name, block.text))
    return blocks


def after(blocks, heading) -> list[object]:
    """The blocks from this heading on."""
    return blocks[next(n for n, block in enumerate(blocks) if block in [(f"Heading {k}", heading) for k in (1, 2)]) :]


def test_docx_contents_lead_to_all_headings_of_sections_and_parts():
    body = read(desk_report()).element.body
    marks = {
        bookmark.get(f"{W}name"): "".join(bookmark.getparent().xpath("w:r/w:t/text()"))
        for bookmark in body.iter(f"{W}bookmarkStart")
    }
    lines = [(link.get(f"{W}anchor"), "".join(link.xpath("w:r/w:t/text()"))) for link in body.iter(f"{W}hyperlink")]
    assert lines == list(marks.items())
    headings = body.xpath("w:p[w:pPr/w:pStyle[@w:val='Heading1' or @w:val='Heading2']]")
    assert [text for _, text in lines] == ["".join(heading.xpath("w:r/w:t/text()")) for heading in headings]
    assert len(lines) == 22


def test_docx_contents_are_a_field_that_word_need_not_ask_about():
    document = read(desk_report())
    body = document.element.body
    assert body.xpath(".//w:instrText/text()") == [' TOC \\o "1-2" \\h \\z ']
    assert body.xpath(".//w:fldChar/@w:fldCharType") == ["begin", "separate", "end"]
    lines = body.xpath("w:p[w:pPr/w:pStyle[starts-with(@w:val, 'TOC')]]")
    assert [len(line.xpath(".//w:fldChar")) for line in (lines[0], lines[-1])] == [2, 1]
    assert document.settings.element.xpath("w:updateFields") == body.xpath(".//@w:dirty") == []


def test_docx_of_one_section_has_no_contents():
    assert not read(of_notes("One.")).element.body.xpath(".//w:hyperlink | .//w:fldChar")


def test_docx_headings_leave_no_level_out():
    levels = [int(name[-1]) for name, *_ in outline(desk_report()) if str(name).startswith("Heading ")]
    assert levels[0] == 1
    assert all(later <= earlier + 1 for earlier, later in pairwise(levels))


def test_docx_summary_is_a_page_of_its_own():
    block = part("conclusions", "Session II: Means", [note("The method is not efficient.", 71)])
    aims = part("B.items", "Final recommendations", [note("Allocate resources.", 36, number="R7")], "table")
    summary = Summary("Summary", ("Sessions: 2 · Notes: 9",), ("Session I: Participation", "Session II"), (aims, block))
    assert outline(around(title="Consultation", summary=summary)) == [
        ("Title", "Consultation"),
        ("Heading 1", "Summary"),
        ("Summary Line", "Sessions: 2 · Notes: 9"),
        ("Heading 2", "Sessions"),
        ("Summary Line", "Session I: Participation"),
        ("Summary Line", "Session II"),
        ("Heading 2", "Final recommendations"),
        ("Cited Note", "R7\tAllocate resources."),
        ("Heading 2", "Session II: Means"),
        ("List Bullet", "The method is not efficient."),
    ]


def test_docx_puts_the_table_of_sessions_before_the_first_session():
    assert after(outline(desk_report()), "F. Session summaries *")[1:5] == [
        ("Prompt", "• Session I: (theme, title)\n• Topics"),
        ("Table Caption", "Sessions"),
        [
            ["Session", "Theme", "Time", "Notes", "Conclusions"],
            ["Session I: Participation", "Challenges and opportunities", "2017-07-09 10:15–10:20", "5", "1"],
            ["Session II: Means of implementation", "", "", "0", "0"],
        ],
        ("Heading 2", "Session I: Participation"),
    ]


def test_docx_sets_recommendations_as_a_table_where_one_has_addressee_or_date():
    channel = (
        "Establish an official channel for civil society in voluntary national reviews, with an institutional "
        "setting that lasts longer than the two weeks of the forum.\nSession II · SDG 17"
    )
    assert after(outline(desk_report()), "B. Final recommendations")[1] == [
        ["No.", "Recommendation", "Addressee", "Date due"],
        ["R1", channel, "Member States", "15 December 2018"],
        ["R7", "Allocate resources to skills at the local level.", "UNOSSC", ""],
        ["R3", "Better communication strategies: Twitter #HLPF, Facebook.", "", ""],
        ["R12", "إنشاء صندوق لبناء القدرات المحلية.\nSession I", "الدول الأعضاء", ""],
    ]


def test_docx_numbers_paragraphs_as_text():
    items = [note("First.", paragraph=7), note("Cited.", 1, number="R1"), note("مرحبا", 2, paragraph=8, session="I")]
    items[2] = replace(items[2], credit="Ana Souza")
    report = around(Section("A", "A", "Points", "", (part("A.items", None, items),)))
    assert outline(report)[2:] == [
        ("Numbered Paragraph", "7.\tFirst."),
        ("Cited Note", "R1\tCited."),
        ("Numbered Paragraph", "8.\tمرحبا"),
        ("Note Detail", "Ana Souza"),
    ]
    assert not read(report).element.body.xpath(".//w:numPr")


def test_docx_annexes_show_what_they_hold():
    blocks = after(outline(desk_report()), "Annexes")
    end = next(n for n, block in enumerate(blocks) if block[0] == "Desk Heading")
    assert blocks[:end] == [
        ("Heading 1", "Annexes"),
        ("Heading 2", "Attendance"),
        ("Table Caption", "Participants by age"),
        [["Age", "Count"], ["0–18", "4"], ["19–30", "20"]],
        ("List Bullet", "about 120 people from 46 countries"),
        ("Heading 2", "List of participants"),
        ("No Notes", "No notes recorded"),
        ("Heading 2", "Concept note and other documents"),
        ("List Bullet", "Concept note"),
        ("List Detail", "File: concept-note.pdf"),
        ("Heading 2", "Photographs"),
        ("Picture", ""),
        ("Caption", "Coordination leaves\ngroups out."),
        ("Picture", ""),
        ("Picture", ""),
        ("Caption", "The same chart again."),
        ("Caption", "No picture, whatever its name says."),
        ("Note Detail", "Photo: voice.png"),
        ("Caption", "Not fetched."),
        ("Note Detail", "Photo: lost.jpg"),
        ("Heading 2", "Abbreviations"),
        [["Abbreviation", "Meaning"], ["HLPF", ""], ["SSC", "South-South cooperation"]],
        ("Heading 2", "All notes"),
        ("List Bullet", "First."),
        ("List Detail", "09:06, 2017-07-09"),
        ("Cited Note", "R2\tSecond."),
        ("List Detail", "09:07, 2017-07-09 · Session II"),
        ("List Detail", "To: UNOSSC · By: 2018"),
    ]


def test_docx_embeds_pictures_once_with_words_for_who_cannot_see_them():
    report = desk_report()
    with ZipFile(BytesIO(render(report))) as package:
        media = {name: package.read(name) for name in package.namelist() if "media" in name}
    first, second = (picture.content for picture in report.annexes[3].pictures[:2])
    assert media == {
        "word/media/rIdReportPicture1.png": first,
        "word/media/rIdReportPicture2.jpeg": second,
    }
    document = read(report)
    shown = document.element.body.xpath(".//a:blip/@r:embed")
    assert [document.part.related_parts[relation].blob for relation in shown] == [first, second, first]
    assert document.element.body.xpath(".//wp:docPr/@descr") == [
        "Coordination leaves groups out.",
        "Photo: hall.jpg",
        "The same chart again.",
    ]


@pytest.mark.parametrize(
    ("pixels", "millimetres"),
    [((96, 48), (25.4, 12.7)), ((4000, 1000), (160, 40)), ((1000, 4000), (27.5, 110)), ((1, 60_000), (0, 110))],
)
def test_docx_scales_pictures_to_the_page(pixels, millimetres):
    sized = PNG[:16] + b"".join(side.to_bytes(4) for side in pixels) + PNG[24:]
    annex = Annex("photographs", "Photographs", (), (), (Picture("a.png", "A", sized),))
    (shape,) = read(around(annexes=(annex,))).inline_shapes
    assert (round(shape.width.mm, 1), round(shape.height.mm, 1)) == millimetres
    assert shape.width > 0


@pytest.mark.parametrize(
    "content",
    [
        b"",
        PNG[:20],
        PNG[:16] + bytes(8) + PNG[24:],
        b"\xff\xd8\xff\xda\x00\x00",
        b"\xff\xd8\xff\xe0\x00\x10",
        b"\xff\xd8\xff\xc0\x00\x0b\x08",
        b"GIF89a\x01\x00\x01\x00\x00\x00\x00;",
        b'<svg xmlns="http://www.w3.org/2000/svg"/>',
    ],
)
def test_docx_shows_the_name_of_what_is_no_picture(content):
    annex = Annex("photographs", "Photographs", (), (), (Picture("a.png", "", content),))
    assert outline(around(annexes=(annex,)))[2:] == [("Heading 2", "Photographs"), ("Note Detail", "Photo: a.png")]


def test_docx_puts_each_table_under_heads_and_tells_what_it_is():
    document = read(desk_report())
    told = [
        (
            [row._tr.xpath("w:trPr/w:tblHeader") != [] for row in table.rows].index(True),
            table._tbl.tblPr.xpath("string(w:tblCaption/@w:val)"),
            table._tbl.tblPr.xpath("string(w:tblDescription/@w:val)"),
        )
        for table in document.tables
    ]
    form = "Regional/Thematic Consultations: High-level United Nations Conference on South-South Cooperation"
    fields = "Title of consultation:, Date of consultation:, Venue, city, country:, Prepared by: (name, email)"
    assert told == [
        (0, form, fields),
        (0, "Recommendation", "No., Recommendation, Addressee, Date due"),
        (0, "Sessions", "Session, Theme, Time, Notes, Conclusions"),
        (0, "Action points proposed/agreed", "What, Who, By when, Session"),
        (0, "Participants by age", "Age, Count"),
        (0, "Abbreviations", "Abbreviation, Meaning"),
        (0, "Provenance of the notes", "Time, Posted by, Note, Message"),
        (0, "Changes since draft 1", "Change, No., Part, Before, Now"),
        (0, "Decisions of the desk", "Time, Who, What"),
    ]


def test_docx_keeps_a_row_on_one_page_unless_it_is_long():
    long = "Fund it. " * 200
    aims = [note(text, 1, number="R1", attributes={"to": "UNOSSC"}) for text in ("Short.", long)]
    grid = Grid("", ("A", "B"), (("1", "2"), ("1", long), ("1\n" * 40, "2")))
    parts = (part("A.a", None, aims, "table"), part("A.b", None, aims, "actions"))
    report = around(
        Section("A", "A", "A", "", parts),
        fields=(Field("a", "A", "B", True, ""), Field("b", "B", "C", True, ""), Field("c", "C", long, True, "")),
        annexes=(Annex("glossary", "G", (), (grid,)),),
    )
    assert [[row._tr.xpath("w:trPr/w:cantSplit") != [] for row in table.rows] for table in read(report).tables] == [
        [True, True, False],
        [True, True, False],
        [True, True, False],
        [True, True, False, False],
    ]


def widths_of(table) -> list[int]:
    return [int(width) for width in table._tbl.xpath("w:tr[1]/w:tc/w:tcPr/w:tcW/@w:w")]


def test_docx_columns_have_room_for_the_words_of_their_heads():
    heads = {"recommendation_column": "Recommandation", "addressee_column": "Destinatairexxxx"}
    report = desk_report()
    table = read(replace(report, words={**report.words, **heads})).tables[1]
    assert [cell.text for cell in table.rows[0].cells] == ["No.", "Recommandation", "Destinatairexxxx", "Date due"]
    # 16 letters of 6 points and the margins, of 17 cm
    assert widths_of(table) == [520, 2534, 1116, 830]


def test_docx_sets_a_table_small_whose_words_have_no_room():
    heads = tuple(f"Documentation{n}" for n in range(6))
    for most, style in ((4, "Cell Text"), (6, "Trace Text")):
        grid = Grid("", heads[:most], (heads[:most],))
        table = read(around(annexes=(Annex("glossary", "G", (), (grid,)),))).tables[0]
        assert {p.style.name for row in table.rows for cell in row.cells for p in cell.paragraphs} == {style}
    chinese = Grid("", ("会议",) * 6, (("可持续发展目标的后续落实和评估工作" * 3,) * 6,))
    table = read(around(annexes=(Annex("glossary", "G", (), (chinese,)),))).tables[0]
    assert table.cell(1, 0).paragraphs[0].style.name == "Cell Text"


def test_docx_prompt_does_not_hold_on_to_a_table():
    document = read(english())
    assert document.styles["Prompt"].paragraph_format.keep_with_next is None
    kept = [p.paragraph_format.keep_with_next for table in document.tables for p in table.cell(1, 0).paragraphs]
    assert not any(kept)


def test_docx_splits_a_table_of_too_many_columns():
    heads = tuple(f"Column {n}" for n in range(30))
    grid = Grid("List", heads, (tuple(f"cell {n}" for n in range(30)),))
    document = read(around(annexes=(Annex("participants", "Participants", (), (grid,)),)))
    rows = [[[cell.text for cell in row.cells] for row in table.rows] for table in document.tables]
    assert [len(row) for table in rows for row in table] == [12, 12, 12, 12, 6, 6]
    assert [cell for table in rows for cell in table[0]] == list(heads)
    widths = [table._tbl.xpath("sum(w:tr[1]/w:tc/w:tcPr/w:tcW/@w:w)") for table in document.tables]
    assert widths == [5000] * 3


def test_docx_comment_tells_where_a_note_comes_from():
    report = around(
        Section("B", "B", "Recommendations", "", (part("B.items", None, [traced(), note("Plain.", 1)]),)),
        provenance=(Trace("", "", "", ""),),
    )
    told = [
        (comment.author, comment.initials, f"{comment.timestamp:%Y-%m-%d %H:%M}", comment.text.split("\n"))
        for comment in read(report).comments
    ]
    assert told == [
        (
            "Rapporteur",
            "R",
            "2017-07-09 09:40",
            [
                "09:40, 2017-07-09 · Amina Fictional",
                "Speaker: Ana Souza, Ministry of Health",
                "Also posted by: 李虚构",
                "Edited: 10:35, 2017-07-09; 10:36, 2017-07-09",
                "Words changed by Jorge Fictional, 18:01, 2017-07-09",
                "https://example.org/archives/C1/p35",
            ],
        ),
        ("Rapporteur", "R", "2017-07-09 09:06", ["09:06, 2017-07-09 · Jorge Fictional", "console · main · 101"]),
    ]


def commented(report) -> list[str]:
    """The text under each comment, in their order."""
    body = read(report).element.body
    texts = []
    for start in body.iter(f"{W}commentRangeStart"):
        number, text, follower = start.get(f"{W}id"), "", start.getnext()
        while follower.tag != f"{W}commentRangeEnd":
            text += "".join(follower.xpath("w:t/text()"))
            follower = follower.getnext()
        assert follower.get(f"{W}id") == number == str(len(texts))
        assert follower.getnext().xpath("w:commentReference/@w:id") == [number]
        texts.append(text)
    return texts


def test_docx_comments_stand_on_each_note_of_the_form():
    report = desk_report()
    aims, *others = [part for part in report.parts() if part.style == "table"]
    assert others == []
    parts = [*report.parts(), *(part for block in report.session_blocks() for part in block.parts)]
    # in the table a number has its own cell
    notes = [f"{'' if part is aims else item.number or ''}{item.text}" for part in parts for item in part.items]
    notes += [item.text for annex in report.annexes[:3] for item in annex.items]
    assert sorted(commented(report)) == sorted(text.replace("\n", "") for text in notes)
    assert len(list(read(report).comments)) == len(notes)


def test_docx_ends_with_what_is_for_the_desk():
    blocks = outline(desk_report())
    remove = ("Prompt", ENGLISH["remove_note"])
    start = next(n for n, block in enumerate(blocks) if block[0] == "Desk Heading")
    assert blocks[start:] == [
        ("Desk Heading", "Provenance of the notes"),
        remove,
        [
            ["Time", "Posted by", "Note", "Message"],
            ["2017-07-09 09:40", "Amina Fictional", "R1 Establish", "console · main · 135"],
        ],
        ("Desk Heading", "Changes since draft 1"),
        remove,
        [["Change", "No.", "Part", "Before", "Now"], ["new", "R12", "B. Final recommendations", "", "A fund."]],
        ("Desk Heading", ENGLISH["late_title"]),
        remove,
        ("List Bullet", "Publish the list of side events by country."),
        ("List Detail", "16:48, 2017-07-09 · سلمى الخيالية · #recommendation"),
        ("Desk Heading", ENGLISH["review_title"]),
        remove,
        ("List Bullet", "#recomendatoin? ask about paragraph 89"),
        ("List Detail", "The tag is not known. Perhaps meant: #recommendation"),
        ("List Detail", "10:33, 2017-07-09 · Jorge Fictional"),
        ("Desk Heading", ENGLISH["dropped_title"]),
        remove,
        ("Cited Note", "R4\tOff the point."),
        ("List Detail", "Taken out by Amina Fictional, 18:02, 2017-07-09"),
        ("List Detail", "10:25, 2017-07-09 · Amina Fictional · #topic"),
        ("Desk Heading", ENGLISH["history_title"]),
        remove,
        [["Time", "Who", "What"], ["18:02", "Amina Fictional", "R4 taken out"]],
    ]


def test_docx_says_that_nothing_changed():
    report = of_notes("One.")
    changes = replace(desk_report().changes, changes=())
    assert outline(replace(report, changes=changes))[3:] == [
        ("Desk Heading", "Changes since draft 1"),
        ("Prompt", ENGLISH["remove_note"]),
        ("No Notes", ENGLISH["no_changes"]),
    ]


def test_docx_to_be_sent_in_has_neither_comments_nor_desk_pages():
    report = desk_report().for_submission()
    styles = {block[0] for block in outline(report) if isinstance(block, tuple)}
    assert not {style for style in styles if style.startswith(("Checklist", "Desk"))}
    with ZipFile(BytesIO(render(report))) as package:
        assert [name for name in package.namelist() if "comment" in name] == []
        document = package.read("word/document.xml").decode()
    assert [word for word in ("comment", "Fictional") if word in document] == []


def test_docx_marks_the_language_of_each_run():
    report = of_notes("Viet Nam, Россия и 中国的“建议”。 End.", "مرحبا UN שלום", "日本の会議", "한국", "1, 2")
    runs = [
        [(run.text, {key.removeprefix(W): value for key, value in run._r.rPr.find(f"{W}lang").items()}) for run in runs]
        for runs in (paragraph.runs for paragraph in read(report).paragraphs[2:])
    ]
    english, arabic_tag = {"val": "en-GB"}, {"bidi": "ar-SA"}
    assert runs == [
        [
            ("Viet Nam, ", english),
            ("Россия и ", {"val": "ru-RU"}),
            ("中国的“建议”。 ", {"eastAsia": "zh-CN"}),
            ("End.", english),
        ],
        [("مرحبا ", arabic_tag), ("UN", english), (" שלום", arabic_tag)],
        [("日本の会議", {"eastAsia": "ja-JP"})],
        [("한국", {"eastAsia": "ko-KR"})],
        [("1, 2", english)],
    ]


@pytest.mark.parametrize(
    ("language", "tag"), [("en", "en-GB"), ("fr", "fr-FR"), ("es", "es-ES"), ("pt", "pt-PT"), ("ru", "en-GB")]
)
def test_docx_takes_latin_letters_for_the_language_of_the_report(language, tag):
    report = replace(of_notes("Coordination."), language=language, words=words(language))
    assert set(read(report).element.body.xpath(".//w:lang/@w:val")) == {tag}


@pytest.mark.parametrize("make", [english, arabic, chinese, desk_report])
def test_docx_marks_a_language_on_every_run_of_text(make):
    body = read(make()).element.body
    assert len(body.xpath(".//w:r[w:t]")) > 30
    assert body.xpath(".//w:r[w:t][not(w:rPr/w:lang)]") == []


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_docx_pages_show_a_hostile_text_as_typed(text):
    report = hostile_pages(text)
    blocks = outline(report)
    # python-docx gives a cell's line breaks and paragraphs as \n, tabs as \t: as they were typed
    grid = [[text, "Count"], [text, "1"], ["Plain", text]]
    assert blocks.count(grid) == 3
    assert after(blocks, "Table")[1] == [
        [
            ENGLISH[key]
            for key in ("note_number_column", "recommendation_column", "addressee_column", "date_due_column")
        ],
        ["R1", f"{text}\n{text}", text, text],
        ["R2", "Plain neighbour.", "", ""],
    ]
    assert [("Cited Note", f"R3\t{text}"), ("Numbered Paragraph", f"1.\t{text}")] == [
        block for block in blocks if block[0] in ("Cited Note", "Numbered Paragraph") and text in block[1]
    ]
    assert blocks.count(("Caption", text)) == 2


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_docx_comment_shows_a_hostile_text_as_typed(text):
    item = note("Plain.", authors=(text, text), attributes={"speaker": text}, decisions=(text,), link=text)
    report = replace(of_notes(), provenance=(Trace("", "", "", ""),))
    section = Section("A", "A", "Points", "", (part("A.items", None, [item]),))
    (comment,) = read(replace(report, sections=(section,))).comments
    assert [paragraph.text for paragraph in comment.paragraphs] == [
        f"09:05, 2017-07-09 · {text}",
        f"Speaker: {text}",
        f"Also posted by: {text}",
        text,
        text,
    ]


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_docx_summary_shows_a_hostile_text_as_typed(text):
    blocks = outline(hostile_summary(text))
    assert blocks == [
        ("Title", text),
        ("Heading 1", text),
        ("Summary Line", text),
        ("Summary Line", "Notes: 1"),
        ("Heading 2", "Sessions"),
        ("Summary Line", text),
        ("Summary Line", "Session II"),
        ("Heading 2", text),
        ("Cited Note", f"R1\t{text}"),
        ("List Detail", f"To: {text}"),
    ]


def test_docx_of_the_same_report_has_the_same_bytes():
    assert render(desk_report()) == render(desk_report())


def test_docx_groups_sessions_of_a_part_below_its_heading():
    block = session("I", "One", "", [part("conclusions", None, [])])
    assert outline(around(Section("F", "F", "Sessions", "", (), (block,))))[1:] == [
        ("Heading 1", "F. Sessions"),
        ("Heading 2", "Session I: One"),
        ("No Notes", "No notes recorded"),
    ]
