"""The Word document in the hands of others: a validator of Office Open XML, and LibreOffice, which saves it again."""

from dataclasses import replace
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest
from docx import Document
from openxml_audit import FileFormat, OpenXmlValidator

from reports.formats.docx import render
from reports.report import Trace
from tests.reports.formats.consultations import arabic, chinese
from tests.reports.formats.desk_reports import desk_report
from tests.reports.formats.hostile_texts import HOSTILE
from tests.reports.formats.office import convert
from tests.reports.formats.sample import hostile, hostile_pages, hostile_summary, note, of_notes

TRACED = (Trace("", "", "", ""),)
REPORTS = {
    "english": desk_report(),
    "arabic": replace(arabic(), provenance=TRACED),
    "chinese": replace(chinese(), provenance=TRACED),
}
UNUSUAL = {
    "plain": of_notes("One."),
    "submission": desk_report().for_submission(),
    "numbered": replace(of_notes(), late=(note("One.", paragraph=1),)),
    "hostile": replace(hostile(HOSTILE["html"]), provenance=TRACED),
    "pages": hostile_pages(HOSTILE["word"]),
    "summary": hostile_summary(HOSTILE["bidi"]),
}


def audit(path: Path, content: bytes) -> list[str]:
    """What the rules of the Open XML SDK, as of Office 2019, have against a file."""
    path.write_bytes(content)
    errors = OpenXmlValidator(file_format=FileFormat.OFFICE_2019).validate(path).errors
    return [f"{error.part_uri}: {error.description}" for error in errors]


@pytest.mark.parametrize("name", [*REPORTS, *UNUSUAL])
def test_docx_is_valid_office_open_xml(tmp_path, name):
    assert audit(tmp_path / "report.docx", render((REPORTS | UNUSUAL)[name])) == []


@pytest.mark.parametrize(
    ("part", "right", "wrong"),
    [
        ("word/document.xml", b'<w:rtl/><w:lang w:bidi="ar-SA"/>', b'<w:lang w:bidi="ar-SA"/><w:rtl/>'),
        ("word/comments.xml", b"<w:annotationRef/>", b'<w:annotationRef w:id="x"/><w:b/>'),
        ("word/styles.xml", b"<w:qFormat/>", b'<w:qFormat/><w:basedOn w:val="Title"/>'),
        ("word/numbering.xml", b'<w:numFmt w:val="decimal"/>', b'<w:numFmt w:val="decimals"/>'),
    ],
)
def test_validator_notices_what_is_wrong(tmp_path, part, right, wrong):
    broken = BytesIO()
    with ZipFile(BytesIO(render(REPORTS["arabic"]))) as source, ZipFile(broken, "w") as target:
        assert right in source.read(part)
        for name in source.namelist():
            content = source.read(name)
            target.writestr(name, content.replace(right, wrong, 1) if name == part else content)
    assert audit(tmp_path / "broken.docx", broken.getvalue()) != []


@pytest.fixture(scope="module")
def saved(tmp_path_factory) -> dict[str, bytes]:
    """The documents as LibreOffice saved them again, all in one run, which takes some seconds."""
    folder = tmp_path_factory.mktemp("saved")
    for name, report in REPORTS.items():
        (folder / f"{name}.docx").write_bytes(render(report))
    convert(folder, "docx", *(f"{name}.docx" for name in REPORTS), out=folder / "out")
    return {name: (folder / "out" / f"{name}.docx").read_bytes() for name in REPORTS}


def describe(content: bytes) -> dict[str, object]:
    """What must not be lost in a document."""
    document = Document(BytesIO(content))
    body = document.element.body
    styled = [(paragraph.style.name, paragraph.text) for paragraph in document.paragraphs]
    from_right = body.xpath(".//w:p[w:pPr/w:bidi[not(@w:val='0' or @w:val='false')]]")
    return {
        "headings": [block for block in styled if block[0].startswith(("Title", "Heading", "Desk Heading"))],
        "lists": [block for block in styled if block[0].startswith(("List ", "Checklist Item"))],
        "comments": [(comment.author, comment.initials, comment.text) for comment in document.comments],
        "comments on": len(body.xpath(".//w:commentRangeStart")),
        "from the right": ["".join(paragraph.xpath(".//w:t/text()")) for paragraph in from_right],
        "tables from the right": len(body.xpath(".//w:tblPr/w:bidiVisual")),
        "alternative texts": body.xpath(".//wp:docPr/@descr"),
        "table heads": len(body.xpath(".//w:trPr/w:tblHeader")),
        "contents": body.xpath(".//w:hyperlink/@w:anchor"),
        "marks": body.xpath(".//w:bookmarkStart/@w:name"),
        "cells": [[[cell.text for cell in row.cells] for row in table.rows] for table in document.tables],
    }


@pytest.mark.parametrize("name", REPORTS)
def test_docx_saved_by_libreoffice_has_lost_nothing(saved, name):
    before = describe(render(REPORTS[name]))
    assert describe(saved[name]) == before
    assert all(before[key] for key in ("headings", "lists", "comments", "contents", "cells"))


def test_docx_saved_by_libreoffice_keeps_the_languages(saved):
    first = {name: shown_language(content) for name, content in saved.items()}
    assert first == {"english": {"val": "en-GB"}, "arabic": {"bidi": "ar-SA"}, "chinese": {"eastAsia": "zh-CN"}}


def shown_language(content: bytes) -> dict[str, str]:
    """The language of a document's title."""
    document = Document(BytesIO(content))
    title = next(paragraph for paragraph in document.paragraphs if paragraph.style.name == "Title")
    return {key.rpartition("}")[2]: tag for key, tag in title.runs[0]._r.xpath("w:rPr/w:lang")[0].items()}
