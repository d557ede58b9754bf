import os
import re
import shutil
import struct
import subprocess
import zlib
from collections import Counter
from dataclasses import replace
from datetime import timedelta
from unicodedata import category

import pytest
from hypothesis import given, settings

from reports.formats.pdf import render
from reports.formats.pdf.fonts import read_characters
from reports.report import Annex, Picture, Section
from tests.reports.formats.consultations import arabic, chinese, english
from tests.reports.formats.hostile_texts import HOSTILE, texts
from tests.reports.formats.sample import around, hostile, hostile_pages, hostile_summary, note, of_many, of_notes, part

# what typst would do if it were source
TYPST = '#read("/etc/passwd") $x^2$ *b* @ref #import "@preview/a:1.0.0" \\ // [c]'
# the page without its header and footer, in points
BODY = ("-x", "0", "-y", "60", "-W", "595", "-H", "722")


def run(program: str, content: bytes, folder, *options: str) -> str:
    """What one of poppler's programs says of a PDF."""
    if shutil.which(program) is None:
        reason = f"poppler is not installed: no {program} in PATH"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    path = folder / "report.pdf"
    path.write_bytes(content)
    output = ["-"] if program == "pdftotext" else []
    done = subprocess.run([program, *options, str(path), *output], check=True, capture_output=True)
    return done.stdout.decode("utf-8", "replace")


def bare(text: str) -> str:
    """Without spaces, which a PDF has only as distances, and without marks that nobody sees."""
    return "".join(char for char in text if not char.isspace() and category(char) != "Cf")


def body(report, folder) -> str:
    return bare(run("pdftotext", render(report), folder, "-nopgbrk", *BODY))


@pytest.fixture(scope="module")
def hostile_body(tmp_path_factory):
    notes = [note(text, n) for n, text in enumerate([*HOSTILE.values(), TYPST])]
    report = around(Section("A", "A", "Points", "", (part("A.items", None, notes),)))
    return body(report, tmp_path_factory.mktemp("pdf"))


@pytest.mark.parametrize("name", [name for name in HOSTILE if name != "bidi"])
def test_pdf_shows_a_hostile_text_as_typed(hostile_body, name):
    assert f"•{bare(HOSTILE[name])}•" in hostile_body


def test_pdf_shows_typst_source_as_typed(hostile_body):
    assert hostile_body.endswith(f"•{bare(TYPST)}")


def test_pdf_shows_all_letters_of_a_text_that_turns_its_direction(tmp_path):
    shown = body(of_notes("@@@", HOSTILE["bidi"], "@@@"), tmp_path).split("@@@")[1]
    assert Counter(shown) == Counter(bare(HOSTILE["bidi"]) + "••")


def test_pdf_shows_a_text_wherever_it_stands(tmp_path):
    # 33 places, three of them headings that stand in the contents too
    assert body(hostile(TYPST), tmp_path).count(bare(TYPST)) == 36
    assert body(hostile_summary(TYPST), tmp_path).count(bare(TYPST)) == 7
    # a short one, because cells of more than one line are read line by line with those beside them
    assert body(hostile_pages("QQQQQ"), tmp_path).count("QQQQQ") == 39


@given(texts)
@settings(deadline=None, max_examples=10, database=None)
def test_pdf_refuses_no_text(text):
    for report in (hostile(text), hostile_pages(text), hostile_summary(text)):
        assert render(report).startswith(b"%PDF-1.7")


def test_pdf_has_a_glyph_for_every_character_that_the_fonts_claim():
    chars = [chr(char) for char in sorted(read_characters())[::23] if char > 32]
    lines = ["".join(chars[n : n + 100]) for n in range(0, len(chars), 100)]
    # as a heading, for the bold fonts, and as a prompt, for the slanted ones
    sections = [Section(str(n), "", line, line, (part("A", None, [note(line)]),)) for n, line in enumerate(lines)]
    assert len(chars) > 2000
    assert render(around(*sections)).startswith(b"%PDF-1.7")


def test_pdf_shows_a_character_that_no_font_has_by_its_number(tmp_path):
    report = of_notes("G clef \U0001d11e, Tibetan \u0f40, private \ue0ff, a tab\there, \ufeffnothing")
    assert body(report, tmp_path).endswith(
        "•Gclef[U+1D11E],Tibetan[U+0F40],private[U+E0FF],atabhere,nothing",
    )


def test_pdf_lays_out_the_form_after_its_checklist(tmp_path):
    lines = run("pdftotext", render(english()), tmp_path, "-layout", "-nopgbrk", *BODY).splitlines()
    lines = [re.sub(r"( \.){3,} *", " … ", re.sub(r"  +", " ", line)).strip() for line in lines if line.strip()]
    assert lines[:20] == [
        "Checklist for the desk – remove this page before submission",
        "Compiled from the tagged notes of the meeting, in their authors’ words. This page is not part of the report.",
        "Fields to be completed",
        "• Prepared by: (name, email, telephone no.)",
        "Parts with no notes",
        "• C. Trends",
        "• F. Session II: Conclusions reached",
        "Regional/Thematic Consultations: High-level United",
        "Nations Conference on South-South Cooperation",
        "Reporting Template",
        "A template is provided below for reporting.",
        "Please submit the concept note.",
        "Title of consultation: Pre-HLPF preparatory meeting",
        "Date of consultation: 9 July 2017",
        "Venue, city, country: Church Center",
        "New York",
        "Prepared by: (name, email) [to be completed: name, email]",
        "Contents",
        "A. Objectives and major conclusions … 3",
        "Objectives of the consultation … 3",
    ]


def test_pdf_contents_run_in_the_direction_of_each_heading(tmp_path):
    sessions = part("B.a", "Session II (جلسة)", [note("واحد")])
    sections = (Section("A", "A", "الأهداف وما إلى ذلك.", ""), Section("B", "B", "موجزات *", "", (sessions,)))
    boxes = run("pdftotext", render(around(*sections, language="ar")), tmp_path, "-bbox", "-l", "1")
    words = re.findall(r'<word xMin="([\d.]+)" yMin="([\d.]+)" .*>(.*)</word>', boxes)
    lines: dict[str, list[str]] = {}
    for _, y, word in sorted(words, key=lambda word: float(word[0])):
        lines.setdefault(y, []).append(bare(word))
    # from the left to the right, as they are seen: an Arabic word with its last letter first
    shown = [[word for word in line if word.strip(".")] for line in lines.values() if line.count(".") > 9]
    assert shown == [
        ["2", ".كلذ", "ىلإ", "امو", "فادهألا", "A"],
        ["2", "*", "تازجوم", "B"],
        ["2", "Session", "II", "(ةسلج)"],
    ]


def test_pdf_contents_of_a_page_stand_on_one(tmp_path):
    front = {"preamble": "\n\n".join(["One."] * 25)}
    counted = []
    for number in (20, 46, 47):
        report = around(*(Section(str(n), "", f"Heading {n}", "", ()) for n in range(number)), **front)
        pages = run("pdftotext", render(report), tmp_path, *BODY).split("\f")
        counted.append([page.count("Heading") for page in pages][:3])
    assert counted == [[20, 19, 1], [0, 46, 19], [23, 24, 19]]


def test_pdf_reads_in_order_in_arabic(tmp_path):
    shown = run("pdftotext", render(arabic()), tmp_path, *BODY)
    words = re.findall(r"[\u0620-\u064a]+", "".join(char for char in shown if category(char) != "Cf"))
    noted = [item.text for part in arabic().parts() for item in part.items]
    noted = [re.findall(r"[\u0620-\u064a]+", text) for text in noted]
    assert [len(text) for text in noted] == [12, 2, 3, 5, 3, 2]
    text = f" {' '.join(words)} "
    assert [" ".join(words) for words in noted if f" {' '.join(words)} " not in text] == []


def test_pdf_reads_in_order_in_chinese(tmp_path):
    shown = body(chinese(), tmp_path)
    assert shown.endswith(
        "B.最后建议（拟采取的行动）R1加强南南合作的体制框架，由UNOSSC牵头，并为地方能力建设调动资源。致：会员国·期限：2018年12月15日·会议II"
        "R2建立“一站式”的在线平台。C.趋势、挑战和机遇趋势无记录挑战•资源不足。"
    )


def test_pdf_has_all_its_fonts_in_it(tmp_path):
    lines = run("pdffonts", render(of_notes(*HOSTILE.values(), TYPST)), tmp_path).splitlines()[2:]
    names = {re.sub(r"^[A-Z]{6}\+|-.*$", "", line.split()[0]) for line in lines}
    assert names == {"LibertinusSerif", "Amiri", "NotoSansCJKsc", "NotoEmoji", "NotoSansDevanagari"}
    assert {tuple(re.findall(r" (yes|no)\b", line)) for line in lines} == {("yes", "yes", "yes")}


def test_pdf_says_what_it_is(tmp_path):
    told = dict(re.findall(r"^([^:\n]+): +(.+)$", run("pdfinfo", render(english()), tmp_path, "-isodates"), re.M))
    assert {key: told[key] for key in ("Title", "Author", "CreationDate", "ModDate", "Tagged", "JavaScript")} == {
        "Title": "Pre-HLPF preparatory meeting",
        "Author": "Rapporteur",
        "CreationDate": "2017-07-09T20:48:00Z",
        "ModDate": "2017-07-09T20:48:00Z",
        "Tagged": "yes",
        "JavaScript": "no",
    }


def test_pdf_is_accessible(tmp_path):
    content = render(english())
    tags = Counter(re.findall(r"^ *(\w+)", run("pdfinfo", content, tmp_path, "-struct"), re.M))
    assert {tag: tags[tag] for tag in ("H1", "H2", "H3", "L", "LI", "Table", "TH", "TOCI")} == {
        "H1": 10,
        "H2": 14,
        "H3": 5,
        "L": 18,
        "LI": 24,
        "Table": 2,
        "TH": 4,
        "TOCI": 19,
    }
    assert b"pdfuaid:part" in content
    # the language of the whole, and of each text in another one
    assert set(re.findall(rb"/Lang ?\((.*?)\)", inflate(content))) == {b"en", b"ar", b"zh"}


def inflate(content: bytes) -> bytes:
    """All that is packed in a PDF."""
    parts = re.findall(rb"/FlateDecode.*?stream\r?\n(.*?)\r?\nendstream", content, re.S)
    return content + b"".join(zlib.decompressobj().decompress(packed) for packed in parts)


def test_pdf_is_the_same_for_equal_reports_and_another_for_a_later_note():
    report = english()
    later = replace(report, late=(replace(report.late[0], at=report.late[0].at + timedelta(days=1)),))
    assert render(report) == render(english())
    assert render(report) != render(later)


def test_pdf_of_a_submission_has_nothing_for_the_desk(tmp_path):
    report = replace(hostile_pages("Desk."), checks=english().checks, late=english().late, review=english().review)
    whole = run("pdftotext", render(report), tmp_path)
    sent = run("pdftotext", render(report.for_submission()), tmp_path)
    heads = [
        "Checklist for the desk",
        "Provenance of the notes",
        "Late notes, for decision",
        "Notes that a person must look at",
        "Notes that the desk took out",
        "Decisions of the desk",
    ]
    assert [head for head in heads if head not in whole] == []
    assert [head for head in heads if head in sent] == []


def png(width: int, height: int) -> bytes:
    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    lines = zlib.compress((b"\0" + b"\x80\x40\x20" * width) * height)
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", lines) + chunk(b"IEND", b"")


def test_pdf_shows_photographs_with_their_captions(tmp_path):
    wide = png(1600, 700)
    pictures = (
        Picture("wall.png", "The wall after the session", wide),
        Picture("cut.png", "Half of a file", wide[:-40]),
        Picture("page.gif", "Another format", b"GIF89a" + wide),
        Picture("gone.jpg", "Not fetched"),
        Picture("", "No name", png(2, 2)),
    )
    content = render(around(annexes=(Annex("photographs", "Photographs", (), (), pictures),)))
    shown = [line for line in run("pdftotext", content, tmp_path, "-nopgbrk", *BODY).splitlines() if line]
    assert shown[-9:] == [
        "The wall after the session",
        "Photo: wall.png",
        "Half of a file",
        "Photo: cut.png",
        "Another format",
        "Photo: page.gif",
        "Not fetched",
        "Photo: gone.jpg",
        "No name",
    ]
    sizes = [line.split()[2:5] for line in run("pdfimages", content, tmp_path, "-list").splitlines()[2:]]
    assert sizes == [["image", "1600", "700"], ["image", "2", "2"]]
    assert set(re.findall(rb"/Alt ?\((.*?)\)", inflate(content))) == {b"The wall after the session", b"No name"}


def test_pdf_keeps_a_long_word_on_the_page(tmp_path):
    shown = run("pdftotext", render(of_notes("x" * 500)), tmp_path, "-nopgbrk", *BODY).split()
    assert shown[-8:] == ["•", *["x" * 80] * 6, "x" * 20]


def test_pdf_sets_a_head_as_long_as_a_page_once():
    # set again on each page, it would leave no room for the rows; this took minutes
    report = hostile_pages("word " * 2000)
    assert render(replace(report, sections=(), provenance=(), changes=None)).startswith(b"%PDF-1.7")


def test_pdf_holds_a_long_report(tmp_path):
    shown = body(of_many(300), tmp_path)
    text = "withthemeansittakes({})."
    assert [n for n in range(200) if text.format(n) not in shown] == []
