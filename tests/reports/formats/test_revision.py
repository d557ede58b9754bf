"""The Word file with tracked changes, as Word is told of them and as LibreOffice settles them."""

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from xml.sax.saxutils import escape
from zipfile import ZipFile

import pytest
from docx import Document
from docx.document import Document as DocumentObject
from docx.table import Table

from core.replies import DraftFile
from reports.formats.docx import write_body
from reports.formats.docx.body import Body
from reports.formats.docx.package import pack
from reports.report import Report
from storage.database import open_database
from storage.store import Store
from tests.bot.revised import make_both
from tests.reports.formats.office import run_libreoffice
from tests.reports.formats.sample import of_notes
from tests.reports.formats.test_tracking import p, settle, t, track

NAME = "replay-talks-changes-since-1.docx"
_XML = '<?xml version="1.0" encoding="UTF-8"?>\n'
_LIBRARY = 'xmlns:library="http://openoffice.org/2000/library" xmlns:xlink="http://www.w3.org/1999/xlink"'

Both = tuple[list[Report], dict[str, DraftFile]]


def as_sent(report: Report) -> Body:
    return write_body(report.for_submission(), contents=False)


def find_body(document: bytes) -> str:
    """What stands in the body, before the properties of its pages."""
    with ZipFile(BytesIO(document)) as package:
        xml = package.read("word/document.xml").decode()
    return xml.partition("<w:body>")[2].rpartition("<w:sectPr")[0]


def shown(document: DocumentObject) -> list[object]:
    """What a reader sees: style and text of each paragraph, and the texts of each row."""
    return [
        [[cell.text for cell in row.cells] for row in block.rows]
        if isinstance(block, Table)
        else (block.style.name if block.style else "", block.text)
        for block in document.iter_inner_content()
    ]


@pytest.fixture(scope="module")
def both() -> Iterator[Both]:
    """The reports before and after forty changes, and the files of the second draft by name."""
    store = Store(open_database("sqlite://"))
    drafts, reports = make_both(store, "docx", "changes/1")
    yield reports, {file.name: file for file in drafts[1].files}
    store.close()


def test_forty_changes_accepted_are_the_later_draft_and_rejected_the_earlier(both: Both):
    (before, after), files = both
    body = find_body(files[NAME].content)
    assert settle(body, accepted=True) == settle(as_sent(after).xml)
    assert settle(body, accepted=False) == settle(as_sent(before).xml)
    # a draft that did not change has no mark
    assert before != after


def test_file_with_changes_is_the_form_and_names_nobody_for_the_desk(both: Both):
    reports, files = both
    document = Document(BytesIO(files[NAME].content))
    assert {paragraph.style.name for paragraph in document.paragraphs if paragraph.style} & {
        "Checklist",
        "Desk Heading",
        "TOC 1",
    } == set()
    with ZipFile(BytesIO(files[NAME].content)) as package:
        assert [name for name in package.namelist() if "comment" in name] == []
        xml = package.read("word/document.xml").decode()
    assert (reports[1].changes is not None, "Ana" in xml) == (True, False)


# pairs that LibreOffice would settle otherwise than Word, were they marked as simply as can be; between headings
CASES = {
    "words, then a note": (p("Side"), p("Side, now") + p("New", "Normal")),
    "words that go, then a note": (p("Side, now") + p("Old", "Normal"), p("Side")),
    "a paragraph that goes before a table": (p("Gone", "Normal") + t(("a", "b")), t(("a", "b"))),
    "a paragraph that comes before a table": (t(("a", "b")), p("Come", "Normal") + t(("a", "b"))),
    "a table for a line": (p("None"), t(("a", "b"), ("c", "d"))),
    "a line for a table": (t(("a", "b"), ("c", "d")), p("None")),
    "a heading with its table goes": (p("H", "Heading2") + p("I", "Heading3") + t(("a", "b")), ""),
    "a heading with its table comes": ("", p("H", "Heading2") + p("I", "Heading3") + t(("a", "b"))),
    "rows": (
        t(("a", "b"), ("c one two three", "d"), ("e five six seven", "f")),
        t(("a", "b"), ("c one two three four", "d"), ("new", "x")),
    ),
    "another style": (p("The same words as before", "Normal"), p("The same words as before", "ListBullet")),
}


def join_cases(side: int) -> str:
    return "".join(p(f"Case: {name}", "Heading1") + pair[side] for name, pair in CASES.items()) + p("End")


@pytest.fixture(scope="module")
def settled(both: Both, tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[object]]:
    """What LibreOffice makes of both documents with all changes accepted, and rejected; in one run."""
    folder = tmp_path_factory.mktemp("libreoffice")
    write_profile(folder / "profile" / "user")
    documents = {"forty": both[1][NAME].content, "cases": pack_body(track(join_cases(0), join_cases(1)))}
    for name, content in documents.items():
        (folder / f"{name}.docx").write_bytes(content)
    macro = f'macro:///Standard.Tracked.Settle("{folder.as_uri()}","{",".join(documents)}")'
    run_libreoffice(folder, macro)
    return {path.stem: shown(Document(str(path))) for path in folder.glob("*-*.docx")}


def write_profile(user: Path) -> None:
    """A profile with our macro; that its installation is completed keeps LibreOffice from putting its own there."""
    standard = user / "basic" / "Standard"
    standard.mkdir(parents=True)
    (user / "registrymodifications.xcu").write_text(
        f'{_XML}<oor:items xmlns:oor="http://openoffice.org/2001/registry">'
        '<item oor:path="/org.openoffice.Setup/Office"><prop oor:name="ooSetupInstCompleted" oor:op="fuse">'
        "<value>true</value></prop></item></oor:items>"
    )
    (user / "basic" / "script.xlc").write_text(
        f'{_XML}<library:libraries {_LIBRARY}><library:library library:name="Standard" library:link="false" '
        'xlink:href="$(USER)/basic/Standard/script.xlb/" xlink:type="simple"/></library:libraries>'
    )
    (standard / "script.xlb").write_text(
        f'{_XML}<library:library {_LIBRARY} library:name="Standard" library:readonly="false" '
        'library:passwordprotected="false"><library:element library:name="Tracked"/></library:library>'
    )
    macro = escape((Path(__file__).parent / "tracked.bas").read_text("utf-8"))
    (standard / "Tracked.xba").write_text(
        f'{_XML}<script:module xmlns:script="http://openoffice.org/2000/script" script:name="Tracked" '
        f'script:language="StarBasic">{macro}</script:module>'
    )


def pack_body(xml: str) -> bytes:
    return pack(of_notes(), Body(blocks=(xml,)))


def test_libreoffice_settles_forty_changes_as_the_two_drafts(both: Both, settled: dict[str, list[object]]):
    before, after = both[0]
    drafts = [shown(Document(BytesIO(pack(report, as_sent(report))))) for report in (before, after)]
    assert [settled["forty-Reject"], settled["forty-Accept"]] == drafts


def test_libreoffice_settles_what_is_hard_for_it(settled: dict[str, list[object]]):
    bodies = [shown(Document(BytesIO(pack_body(join_cases(side))))) for side in (0, 1)]
    assert [settled["cases-Reject"], settled["cases-Accept"]] == bodies
