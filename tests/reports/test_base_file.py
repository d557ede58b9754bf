"""A template's own Word file: what is taken, and every complaint word for word."""

from dataclasses import replace
from io import BytesIO
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import pytest

from core.errors import TemplateError
from reports.base_file import read_base
from reports.formats.docx import render
from reports.template_reader import check_template, read_template
from tests.reports.formats.consultations import english
from tests.reports.formats.letterheads import Change, change, read_parts, small, swap

BODY, STYLES, TYPES = "word/document.xml", "word/styles.xml", "[Content_Types].xml"
RELATIONS = "word/_rels/document.xml.rels"
SPACE, VML = "http://schemas.openxmlformats.org/wordprocessingml/2006/main", "urn:schemas-microsoft-com:vml"
WORD_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
KIND = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
SAVE_AGAIN = "open it in Word and save it again as a Word document (.docx)"
NO_DOCUMENT = f"is no Word document, or a damaged or locked one; {SAVE_AGAIN}"
KNOWN = "there are report, title, venue, meeting, form, subtitle, draft"


def check(folder: Path, file: bytes) -> list[str]:
    (folder / "report.docx").write_bytes(file)
    problems: list[str] = []
    content = read_base(folder, ("title", "venue"), problems)
    assert content in ((file, None) if problems else (file,))
    return [problem.removeprefix("report.docx: ") for problem in problems]


def relate(kind: str, target: str, mode: str = "External") -> Change:
    told = f'<Relationship Id="rIdNew" Type="{KIND}/{kind}" Target="{target}" TargetMode="{mode}"/>'
    return swap(("</Relationships>", f"{told}</Relationships>"))


def put(xml: str) -> dict[str, Change]:
    return {BODY: swap(("<w:body>", f"<w:body><w:p>{xml}</w:p>"))}


def field(*pieces: str) -> str:
    codes = "".join(f"<w:r><w:instrText>{piece}</w:instrText></w:r>" for piece in pieces)
    return f'<w:r><w:fldChar w:fldCharType="begin"/></w:r>{codes}<w:r><w:fldChar w:fldCharType="end"/></w:r>'


def test_template_takes_its_own_word_file(tmp_path: Path) -> None:
    folder = tmp_path / "mine"
    folder.mkdir()
    (folder / "template.toml").write_text(
        'title = "T"\n[[fields]]\nkey = "venue"\nlabel = "Venue:"\n[[sections]]\nid = "A"\nheading = "H"\n'
        'parts = [{ name = "items" }]\n[routing.always]\nA.items = ["challenge"]\n'
    )
    assert read_template(folder).base is None
    (folder / "report.docx").write_bytes(small("Held at {{ venue }}", "{{ report }}"))
    assert read_template(folder).base == (folder / "report.docx").read_bytes()

    (folder / "report.docx").write_bytes(small("Held at {{ venu }}", "{{ report }}"))
    problem = "report.docx: {{ venu }} in the body is unknown; there are report, venue, meeting, form, subtitle, draft"
    assert check_template(folder) == [problem]
    with pytest.raises(TemplateError) as raised:
        read_template(folder)
    assert str(raised.value) == f"The template mine cannot be used:\n{problem}"


@pytest.mark.parametrize(
    ("paragraphs", "problems"),
    [
        (("{{ report }}", "{{title}} {{ Venue }} {{\u00a0meeting\u00a0}} {{ form }} {{subtitle}} {{ draft }}"), []),
        ((), []),
        (("{ title }", "}} title"), []),
        (("{{ titel }}",), [f"{{{{ titel }}}} in the body is unknown; {KNOWN}"]),
        (("{{ 7 * 7 }} {{}}",), [f"{{{{ {name} }}}} in the body is unknown; {KNOWN}" for name in ("7 * 7", "")]),
        (("{{ title",), ['"{{ title" in the body has no end; close it with }}']),
        (
            ("{{ report }} here",),
            ["{{ report }} must stand alone in a paragraph of the body, not in a table or a text box"],
        ),
        (("{{ report }}", "{{ report }}"), ["{{ report }} stands there 2 times; the report goes to one place only"]),
    ],
)
def test_base_may_hold_known_placeholders_only(
    tmp_path: Path, paragraphs: tuple[str, ...], problems: list[str]
) -> None:
    assert check(tmp_path, small(*paragraphs)) == problems


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({STYLES: swap(('<w:name w:val="heading 2"/>', '<w:name w:val="other"/>'))},
         'has no style "heading 2"; give it to any paragraph in Word and save: then it is there'),
        ({TYPES: swap(("wordprocessingml.document.main", "wordprocessingml.template.main"))},
         "is a Word template or another kind of file; save it as a Word document (.docx)"),
        ({TYPES: swap((f"{WORD_TYPE}.main", "application/vnd.ms-word.document.macroEnabled.main"))},
         "holds macros; save it as a Word document without them (.docx)"),
        ({RELATIONS: relate("vbaProject", "vbaProject.bin", "Internal")},
         "word/document.xml holds a program or another document (vbaProject); take it out"),
        ({RELATIONS: relate("image", "http://example.org/logo.png")},
         'word/document.xml takes something from outside, "http://example.org/logo.png"; put it into the file itself'),
        ({RELATIONS: relate("aFChunk", "file:///etc/passwd")},
         "word/document.xml holds a program or another document (aFChunk); take it out"),
        ({RELATIONS: relate("image", "media/gone.png", "Internal")},
         f'is damaged: word/document.xml names a part that is not there, "media/gone.png"; {SAVE_AGAIN}'),
        ({"word/odd.bin": b"x"}, f"is damaged: it does not say what its part word/odd.bin is; {SAVE_AGAIN}"),
        (put(field("INCLUDE", "PICTURE http://example.org/x.png")),
         "word/document.xml has a field INCLUDEPICTURE, which reaches outside the file; put the content in its place"),
        (put('<w:fldSimple w:instr=" ddeauto excel x"/>'),
         "word/document.xml has a field DDEAUTO, which reaches outside the file; put the content in its place"),
        (put(f'<w:r><w:pict><v:imagedata xmlns:v="{VML}" src="\\\\host\\x.png"/></w:pict></w:r>'),
         'word/document.xml takes something from outside, "\\\\host\\x.png"; put it into the file itself'),
        (put('<w:ins w:id="1" w:author="A"><w:r><w:t>x</w:t></w:r></w:ins>'),
         "has tracked changes; accept or reject them all first"),
        (put("</w:p><w:tbl><w:tr><w:tc><w:p><w:r><w:t>{{ report }}</w:t></w:r></w:p></w:tc></w:tr></w:tbl><w:p>"),
         "{{ report }} must stand alone in a paragraph of the body, not in a table or a text box"),
        ({BODY: swap(("<w:body>", "<w:body><w:p>"))}, f"its part word/document.xml is damaged; {SAVE_AGAIN}"),
        ({BODY: swap(("<w:document ", "<!DOCTYPE x [<!ENTITY a 'b'>]><w:document "))},
         f"its part word/document.xml has a DOCTYPE, which no Word document has; {SAVE_AGAIN}"),
        ({BODY: swap((SPACE, "http://purl.oclc.org/ooxml/wordprocessingml/main"))},
         "is Strict Open XML or unlike what Word writes; save it in Word as a Word document (.docx)"),
        ({BODY: None}, NO_DOCUMENT),
        ({BODY: b"<x>" + b" " * (16 * 1024 * 1024) + b"</x>"}, "its part word/document.xml is larger than 16 MB"),
    ],
)  # fmt: skip
def test_base_with_a_fault_is_refused_with_what_to_do(tmp_path: Path, changes: dict[str, Change], problem: str) -> None:
    assert check(tmp_path, change(small("Letter"), changes)) == [problem]


def test_base_may_link_to_pages_and_name_its_template(tmp_path: Path) -> None:
    links = (relate("hyperlink", "https://example.org"), relate("attachedTemplate", "file:///C:/letter.dotm"))
    for link in links:
        assert check(tmp_path, change(small("Letter"), {RELATIONS: link})) == []


def test_base_fills_no_footnotes(tmp_path: Path) -> None:
    text = "<w:p><w:r><w:t>{{ title }}</w:t></w:r></w:p>"
    note = f'<w:footnotes xmlns:w="{SPACE}"><w:footnote>{text}</w:footnote></w:footnotes>'
    problem = "{{ title }} stands in a footnote, where nothing is filled in; put it into the text"
    assert check(tmp_path, change(small("Letter"), {"word/footnotes.xml": note.encode()})) == [problem]


def test_base_that_is_no_word_document_is_refused(tmp_path: Path) -> None:
    file = small("Letter")
    locked = bytearray(file)
    # the bit that says that an entry is encrypted, in each local and central head
    for sign, flag in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        place = locked.find(sign)
        while place >= 0:
            locked[place + flag] |= 1
            place = locked.find(sign, place + 1)
    for broken in (b"", b"{\\rtf1}", b"\xd0\xcf\x11\xe0" * 200, file[: len(file) // 2], bytes(locked)):
        assert check(tmp_path, broken) == [NO_DOCUMENT]


def test_base_that_unpacks_too_large_is_refused(tmp_path: Path) -> None:
    packed = BytesIO()
    with ZipFile(packed, "w", ZIP_DEFLATED, compresslevel=1) as package:
        for n in range(5):
            package.writestr(f"word/media/{n}.png", b"\0" * (15 * 1024 * 1024))
    assert check(tmp_path, packed.getvalue()) == ["holds more than 64 MB or 2000 parts when unpacked"]
    assert check(tmp_path, b"x" * (8 * 1024 * 1024 + 1)) == ["is larger than 8 MB; make its pictures smaller"]


def test_base_under_another_name_is_told(tmp_path: Path) -> None:
    for name in ("Report.docx", "report.docm", "~$report.docx", "annex.docx"):
        (tmp_path / name).write_bytes(b"x")
    problems: list[str] = []
    assert read_base(tmp_path, (), problems) is None
    wrong = "is not read; the Word file of a template is called report.docx"
    assert problems == [f"Report.docx: {wrong}", f"report.docm: {wrong}"]


def test_base_without_any_one_of_its_parts_is_refused_or_makes_a_draft(tmp_path: Path) -> None:
    file = small("{{ report }}")
    report = english()
    refused = []
    for name in read_parts(file):
        less = change(file, {name: None})
        if check(tmp_path, less):
            refused.append(name)
        else:
            assert render(replace(report, base=less))
    assert BODY in refused
    assert STYLES in refused
