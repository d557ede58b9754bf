"""Drafts in an organisation's own Word file, one that LibreOffice made and small ones."""

import re
from dataclasses import replace
from functools import cache
from io import BytesIO
from pathlib import Path

import pytest
from docx import Document
from docx.table import Table
from hypothesis import given, settings

from reports.base_file import read_base
from reports.formats.docx import render
from reports.report import Annex, Field, Grid, Picture, Report
from tests.reports.formats.consultations import arabic, english
from tests.reports.formats.hostile_texts import HOSTILE, texts
from tests.reports.formats.letterheads import (
    LOGO,
    SOURCE,
    Change,
    change,
    png,
    read_parts,
    small,
    swap,
)
from tests.reports.formats.office import convert
from tests.reports.formats.sample import around, of_notes

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
BODY, STYLES, HEADER = "word/document.xml", "word/styles.xml", "word/header1.xml"
RELATIONS, NUMBERING = "word/_rels/document.xml.rels", "word/numbering.xml"


@cache
def keys() -> tuple[str, ...]:
    return tuple(field.key for field in english().fields)


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    """A folder with the letterhead as LibreOffice saved it, and a draft in it that LibreOffice opened and saved."""
    folder = tmp_path_factory.mktemp("letterhead")
    (folder / "report.fodt").write_text(SOURCE, "utf-8")
    convert(folder, "docx:MS Word 2007 XML", "report.fodt")
    (folder / "draft.docx").write_bytes(render(replace(english(), base=(folder / "report.docx").read_bytes())))
    convert(folder, "odt", "draft.docx")
    return folder


@pytest.fixture(scope="module")
def letterhead(folder) -> bytes:
    return (folder / "report.docx").read_bytes()


def read(report: Report, base: bytes):
    return Document(BytesIO(render(replace(report, base=base))))


def shown(document) -> list[tuple[str, str]]:
    """Style and text of each paragraph of the body, those of tables in order."""
    blocks = []
    for block in document.iter_inner_content():
        cells = [cell for row in block.rows for cell in row.cells] if isinstance(block, Table) else [None]
        paragraphs = [p for cell in cells for p in (cell.paragraphs if cell else [block])]
        blocks += [(paragraph.style.name, paragraph.text) for paragraph in paragraphs]
    return blocks


def texts_of(document) -> list[str]:
    return [text for _, text in shown(document)]


def filled(value: str, *paragraphs: str) -> list[str]:
    """What the paragraphs of a small file say when the title is this."""
    report = around(
        fields=(Field("title", "Title:", value, True, ""), Field("venue", "Venue:", None, True, "[missing]"))
    )
    return texts_of(read(report, small(*paragraphs)))[: len(paragraphs)]


# --- the letterhead of LibreOffice


def test_letterhead_of_libreoffice_is_taken(folder):
    problems: list[str] = []
    assert read_base(folder, keys(), problems) is not None
    assert problems == []


def test_letterhead_keeps_its_pages_header_footer_and_looks(letterhead):
    document = read(english(), letterhead)
    section = document.sections[0]
    assert (round(section.left_margin.cm, 1), round(section.right_margin.cm, 1)) == (3.0, 4.0)
    assert [paragraph.text.strip() for paragraph in section.header.paragraphs] == ["Green Office"]
    assert [p.blob for p in section.header.part.package.iter_parts() if p.partname.endswith(".png")] == [LOGO]
    assert section.header._element.xpath(".//a:blip/@r:embed") != []
    footer = "".join(paragraph.text for paragraph in section.footer.paragraphs)
    assert re.sub(r"\s+", " ", footer) == "Green Office, Example Street 1 – Draft – 1"
    looks = {style.name: style for style in document.styles if style.type == 1}
    assert [str(looks[f"Heading {level}"].font.color.rgb) for level in (1, 2, 3)] == ["00785A"] * 3
    assert [looks[f"Heading {level}"].font.size.pt for level in (1, 2, 3)] == [15, 12, 11]
    assert looks["Normal"].font.name == "DejaVu Serif"
    # of ours, those that it lacks
    assert {looks[name].base_style.name for name in ("Cited Note", "List Bullet", "Prompt", "Title")} == {"Normal"}
    names = [style.name for style in document.styles]
    assert len(names) == len(set(names))


def test_letterhead_is_filled_around_the_report(letterhead):
    blocks = texts_of(read(english(), letterhead))
    assert blocks[:5] == [
        "Pre-HLPF preparatory meeting",
        "Held at Church Center\nNew York on 9 July 2017.",
        "",
        "the report",
        "Checklist for the desk – remove this page before submission",
    ]
    assert blocks[-1] == "With kind regards, the Green Office"
    # the title block is on the cover; no field is lost or said twice
    plain = texts_of(Document(BytesIO(render(english()))))
    of_cover = {"Church Center\nNew York", "9 July 2017", "[to be completed: name, email]"}
    block = {english().title, english().subtitle, *(field.label for field in english().fields), *of_cover}
    assert set(plain) - set(blocks) == block


def test_letterhead_box_is_filled_in_both_its_forms(letterhead):
    """Word keeps a text box twice, for itself and for older programs."""
    body = read(english(), letterhead).element.body
    boxes = ["".join(box.itertext(f"{W}t")) for box in body.iter(f"{W}txbxContent")]
    assert boxes == ["Prepared by [to be completed: name, email]"] * 2
    assert body.xpath("count(.//w:txbxContent//w:rStyle[@w:val='ToBeCompleted'])") == 2


def test_letterhead_keeps_its_own_list_beside_those_of_the_report(letterhead):
    document = read(english(), letterhead)
    numbering = document.part.numbering_part.element
    formats = {
        num.numId: numbering.xpath(
            f"w:abstractNum[@w:abstractNumId='{num.abstractNumId.val}']/w:lvl[1]/w:numFmt/@w:val"
        )
        for num in numbering.num_lst
    }
    lists = {
        paragraph.text: formats[paragraph._p.pPr.numPr.numId.val]
        for paragraph in document.paragraphs
        if paragraph._p.pPr is not None and paragraph._p.pPr.numPr is not None
    }
    assert lists["the report"] == ["lowerLetter"]
    assert lists["Webinars too."] == ["decimal"]
    assert formats[document.styles["List Bullet"].element.pPr.numPr.numId.val] == ["bullet"]
    assert len(formats) == len(numbering.num_lst)


def test_letterhead_with_german_ids_gives_the_same_draft(letterhead):
    """Word calls heading 1 "berschrift1" in its file where it speaks German; the name is the same."""
    ids = {
        "Normal": "Standard",
        **{f"Heading{level}": f"berschrift{level}" for level in (1, 2, 3)},
        "Header": "Kopfzeile",
    }
    # and a style that by chance has the id of one of ours
    chance = '<w:style w:type="paragraph" w:styleId="{}"><w:name w:val="Zitat"/></w:style></w:styles>'

    def translate(content: bytes) -> bytes:
        for name, german in ids.items():
            content = content.replace(f'"{name}"'.encode(), f'"{german}"'.encode())
        return content.replace(b'<w:name w:val="Standard"/>', b'<w:name w:val="Normal"/>').replace(
            b'<w:name w:val="Kopfzeile"/>', b'<w:name w:val="Header"/>'
        )

    parts = [name for name in read_parts(letterhead) if name.startswith("word/") and name.endswith(".xml")]
    german = change(letterhead, dict.fromkeys(parts, translate))
    german = change(german, {STYLES: swap(("</w:styles>", chance.format("CitedNote")))})
    plain = change(letterhead, {STYLES: swap(("</w:styles>", chance.format("CitedNote2")))})
    assert german != plain
    assert render(replace(english(), base=german)) == render(replace(english(), base=plain))


def test_letterhead_gives_the_same_bytes_each_time(letterhead):
    report = replace(english(), base=letterhead)
    assert render(report) == render(report)


def test_letterhead_survives_libreoffice(folder):
    """Opened and saved as its own kind of file, which shows what it understood."""
    parts = read_parts((folder / "draft.odt").read_bytes())
    styles = parts["styles.xml"].decode()
    assert "Green Office" in styles
    assert "Example Street 1 – Draft – " in re.sub(r"<[^>]*>", "", styles)
    assert LOGO in parts.values()
    content = parts["content.xml"].decode()
    headings = re.findall(r'<text:h [^>]*outline-level="(\d)"[^>]*>(.*?)</text:h>', content)
    told = [(level, re.sub(r"<[^>]*>", "", text)) for level, text in headings]
    assert told == [
        (style[-1] if style[-1].isdigit() else "1", text)
        for style, text in shown(Document(BytesIO((folder / "draft.docx").read_bytes())))
        if style in ("Heading 1", "Heading 2", "Heading 3", "Desk Heading")
    ]
    assert "Prepared by [to be completed: name, email]" in re.sub(r"<[^>]*>", "", content)


# --- where the report goes


@pytest.mark.parametrize(
    ("paragraphs", "expected"),
    [
        (("Before", "{{ report }}", "After"), ["Before", "*", "After"]),
        (("Before",), ["Before", "*"]),
        (("Before", ""), ["Before", "*"]),
        ((), ["*"]),
        (("", "After"), ["", "After", "*"]),
    ],
)
def test_report_goes_to_its_place_or_to_the_end(paragraphs, expected):
    report = of_notes("Note.")
    body = texts_of(Document(BytesIO(render(report))))
    place = expected.index("*")
    assert texts_of(read(report, small(*paragraphs))) == [*expected[:place], *body, *expected[place + 1 :]]


def test_report_in_the_last_paragraph_of_a_section_leaves_its_page():
    section = '<w:sectPr><w:pgSz w:w="16838" w:h="11906"/></w:sectPr></w:pPr><w:r><w:t>{{ report }}'
    base = change(small("{{ report }}", "After"), {BODY: swap(("<w:r><w:t>{{ report }}", f"<w:pPr>{section}"))})
    document = read(of_notes("Note."), base)
    assert [section.page_width.cm > 25 for section in document.sections] == [True, False]
    assert texts_of(document)[-2:] == ["", "After"]


def test_pictures_are_no_wider_than_the_text(letterhead):
    annex = Annex("photographs", "Photographs", (), pictures=(Picture("p.png", "Wide", png(1600, 400), "image/png"),))
    wide = [shape.width for shape in read(around(annexes=(annex,)), letterhead).inline_shapes]
    section = Document(BytesIO(letterhead)).sections[0]
    assert wide == [section.page_width - section.left_margin - section.right_margin]


def narrow(width: int) -> Change:
    return lambda content: re.sub(rb'<w:pgSz w:w="\d+"', b'<w:pgSz w:w="%d"' % width, content)


def test_columns_have_room_for_words_in_fonts_and_pages_of_the_file():
    grid = Grid("", ("Session", "Notes", "Conclusions"), (("A long title of a session of this meeting", "1", "2"),))
    report = around(annexes=(Annex("glossary", "G", (), (grid,)),))
    base = small("{{ report }}")
    files = (None, change(base, {BODY: narrow(12240)}), change(base, {BODY: narrow(8000)}))
    tables = [read(report, file).tables[0] for file in files]
    # margins of 11.6 points and 11 letters of 6 at most, or of 7.2 in another font: their share of the text's width
    needed = [5000 * (11.6 + 11 * letter) / width for letter, width in ((6, 481.9), (7.2, 432), (7.2, 220))]
    shares = [[int(width) for width in table._tbl.xpath("w:tr[1]/w:tc/w:tcPr/w:tcW/@w:w")] for table in tables]
    assert [last >= need for (_, _, last), need in zip(shares, needed, strict=True)] == [True, True, True]
    assert shares == [[2846, 717, 1437], [2632, 790, 1578], [1727, 1121, 2152]]


def test_file_without_header_and_footer_gets_ours():
    document = read(english(), small("Letter"))
    assert document.sections[0].header.paragraphs[0].text == "Pre-HLPF preparatory meeting"
    assert "".join(document.sections[0].footer._element.itertext(f"{W}t")) == "Page 1 of 1"
    assert document.sections[0].page_width == Document(BytesIO(small())).sections[0].page_width


def test_file_with_the_many_styles_of_word_keeps_them():
    base = small("Letter", styles=())
    before, document = Document(BytesIO(base)).styles, read(english(), base)
    after = [style.name for style in document.styles]
    assert len(after) == len(set(after))
    assert {style.name for style in before} <= set(after)
    looks = [str(document.styles[f"Heading {level}"].font.color.rgb) for level in (1, 2, 3)]
    assert looks == ["365F91", "4F81BD", "4F81BD"]
    # its list stays its own, under another number than ours
    own = document.styles["List Bullet"].element.pPr.numPr.numId.val
    assert document.part.numbering_part.element.xpath(f"w:num[@w:numId={own}]") != []
    assert own < 1000
    used = {*document.element.body.xpath(".//w:pStyle/@w:val"), *document.element.body.xpath(".//w:tblStyle/@w:val")}
    assert used <= {style.style_id for style in document.styles}


def test_file_with_the_numbers_of_our_lists_gives_the_same_draft():
    """Some programs begin their lists at 1,000, as we do, and Word ends them with a mark of its own."""

    def raise_numbers(content: bytes) -> bytes:
        numbers = rb'(<w:(?:num|abstractNum|numId|abstractNumId|bookmarkStart|bookmarkEnd) [^>]*?="?)(?=\d+"(?: |/|>))'
        return re.sub(numbers, rb"\g<1>100", content)

    mark = '<w:bookmarkStart w:id="1" w:name="here"/><w:bookmarkEnd w:id="1"/><w:r><w:t>Letter'
    base = change(small("Letter", styles=()), {BODY: swap(("<w:r><w:t>Letter", mark))})
    raised = change(base, dict.fromkeys((BODY, STYLES, NUMBERING), raise_numbers))
    raised = change(raised, {NUMBERING: swap(("</w:numbering>", '<w:numIdMacAtCleanup w:val="9"/></w:numbering>'))})
    assert b'w:numId="1001"' in read_parts(raised)[NUMBERING]
    assert b'w:id="1001" w:name="here"' in read_parts(raised)[BODY]
    assert render(replace(english(), base=raised)) == render(replace(english(), base=base))


def test_list_style_of_the_file_without_a_list_takes_ours():
    bare = '<w:style w:type="paragraph" w:styleId="Points"><w:name w:val="List Bullet"/></w:style></w:styles>'
    document = read(english(), change(small("Letter"), {STYLES: swap(("</w:styles>", bare))}))
    own = document.styles["List Bullet"].element
    numbering = document.part.numbering_part.element
    kind = numbering.xpath(f"w:num[@w:numId={own.pPr.numPr.numId.val}]/w:abstractNumId/@w:val")[0]
    assert numbering.xpath(f"w:abstractNum[@w:abstractNumId={kind}]/w:lvl/w:numFmt/@w:val") == ["bullet"]


# --- placeholders


def test_placeholders_stand_for_the_fields_and_the_report():
    report = replace(english(), title="Form", subtitle="Sub")
    said = "{{ meeting }}|{{form}}|{{ Subtitle }}|{{ draft }}|{{ venue }}|{{ prepared_by }}|{{date}}{{date}}"
    line = (
        "Pre-HLPF preparatory meeting|Form|Sub|{}|Church Center\nNew York|[to be completed: name, email]|"
        + "9 July 2017" * 2
    )
    assert texts_of(read(report, small(said)))[0] == line.format("Draft")
    # what is sent in is no draft
    assert texts_of(read(report.for_submission(), small(said)))[0] == line.format("")


def test_title_block_stays_but_for_what_the_body_of_the_file_says():
    titled = [style for style, _ in shown(read(english(), small("{{ venue }}")))]
    assert "Title" in titled
    document = read(english(), small("{{ form }} {{ venue }}"))
    assert "Title" not in [style for style, _ in shown(document)]
    assert [row.cells[0].text for row in document.tables[0].rows] == [
        "Title of consultation:",
        "Date of consultation:",
        "Prepared by: (name, email)",
    ]


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_hostile_value_is_text_wherever_it_is_put(text):
    assert filled(text, "{{ title }}", "a {{ title }}, {{ venue }} b") == [text, f"a {text}, [missing] b"]


@given(texts)
@settings(deadline=None, max_examples=10)
def test_any_value_is_text(text):
    assert filled(text, "{{ title }}{{ title }}") == [text * 2]


def test_value_is_not_read_for_placeholders():
    assert filled("{{ venue }} {{ report }} {{ title }}", "{{ title }}") == ["{{ venue }} {{ report }} {{ title }}"]
    assert filled("<!--report body-->", "{{ title }}") == ["<!--report body-->"]


@pytest.mark.parametrize(
    "runs",
    [
        "<w:r><w:t>a {</w:t></w:r><w:r><w:t>{ ti</w:t></w:r><w:proofErr/><w:r><w:t>tle }} b</w:t></w:r>",
        "<w:r><w:t>a {{</w:t><w:t>title</w:t></w:r><w:hyperlink><w:r><w:t>}</w:t></w:r></w:hyperlink>"
        "<w:r><w:t>} b</w:t></w:r>",
        "<w:r><w:t xml:space='preserve'>a </w:t><w:t>{{ title }}</w:t><w:t xml:space='preserve'> b</w:t></w:r>",
        "<w:r><w:t>a {{</w:t><w:br/><w:t>title }} b</w:t></w:r>",
        "<w:sdt><w:sdtContent><w:r><w:t>a {{ title }} b</w:t></w:r></w:sdtContent></w:sdt>",
    ],
)
def test_placeholder_in_pieces_is_filled(runs):
    base = change(small("here"), {BODY: swap(("<w:r><w:t>here</w:t></w:r>", runs))})
    paragraph = read(around(fields=(Field("title", "T", "Meeting", True, ""),)), base).element.body.find(f"{W}p")
    assert "".join(paragraph.itertext(f"{W}t")) == "a Meeting b"


def test_value_takes_the_look_of_its_placeholder():
    look = '<w:rPr><w:rFonts w:ascii="Arial"/><w:b/><w:color w:val="00785A"/><w:lang w:val="de-DE"/></w:rPr>'
    base = change(small("here"), {BODY: swap(("<w:r><w:t>here", f"<w:r>{look}<w:t>{{{{ title }}}} {{{{ venue }}}}"))})
    fields = (Field("title", "T", "Meeting", True, ""), Field("venue", "V", None, True, "[missing]"))
    runs = read(around(fields=fields), base).paragraphs[0].runs
    told = {run.text: [child.tag.removeprefix(W) for child in run._r.rPr] for run in runs if run.text.strip()}
    assert told == {
        "Meeting": ["rFonts", "b", "bCs", "color", "lang"],
        # what is missing is red whatever the file says
        "[missing]": ["rStyle", "rFonts", "b", "bCs", "lang"],
    }
    assert [run._r.rPr.find(f"{W}lang").get(f"{W}val") for run in runs if run.text == "Meeting"] == ["en-GB"]


def test_arabic_value_alone_is_written_from_the_right():
    document = read(arabic(), small("{{ title }}", "Title: {{ title }}"))
    assert [paragraph._p.xpath("w:pPr/w:bidi") != [] for paragraph in document.paragraphs[:2]] == [True, False]
    assert {run.text: run._r.xpath("w:rPr/w:rtl") != [] for run in document.paragraphs[0].runs if run.text} == {
        "اجتماع تحضيري للمنتدى السياسي (": True,
        "HLPF 2017": False,
        ")": True,
    }


# --- what stays behind


def test_draft_carries_nothing_along_of_the_file_and_its_makers():
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    outside = 'Target="file:///C:/SECRET.dotm" TargetMode="External"'
    template = f'<Relationship Id="rIdT" Type="{kind}/attachedTemplate" {outside}/>'
    remark = '<w:commentRangeStart w:id="0"/><w:commentRangeEnd w:id="0"/><w:r><w:commentReference w:id="0"/></w:r>'
    base = change(
        small("Letter"),
        {
            RELATIONS: swap(("</Relationships>", f"{template}</Relationships>")),
            BODY: swap(("<w:r><w:t>Letter", f"<!-- SECRET -->{remark}<w:r><w:t>Letter")),
            "docProps/core.xml": swap(("python-docx", "SECRET")),
            "docProps/app.xml": swap(("<Application>", "<Company>SECRET</Company><Application>")),
        },
    )
    parts = read_parts(render(replace(english().for_submission(), base=base)))
    assert [name for name, content in parts.items() if b"SECRET" in content] == []
    assert b"comment" not in parts[BODY]
    assert [name for name in parts if "comments" in name or "thumbnail" in name or "app.xml" in name] == []
    assert b"TargetMode" not in parts[RELATIONS]
