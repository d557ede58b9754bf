"""The Word file around the body: its parts, header and footer, properties, and the zip.

Called by `reports.formats.docx`. python-docx makes the package; the body, which may be long, goes straight
into the zip. Nothing here reads the clock, so the same report gives the same bytes.
"""

import re
from collections.abc import Iterable
from datetime import UTC, datetime
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from docx import Document
from docx.document import Document as DocumentObject
from docx.opc.constants import RELATIONSHIP_TYPE as RELATION
from docx.oxml import parse_xml
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.shared import Mm

from reports.formats.docx.body import field, is_rtl, paragraph, run
from reports.formats.docx.styles import NAMESPACE, list_definitions, settings, style_sheet
from reports.formats.wording import name_meeting
from reports.report import Item, Report, ReviewItem

# the earliest time that a zip can hold; also that of a report without any note
_NO_TIME = datetime(1980, 1, 1, tzinfo=UTC)
_BODY_FILE = "word/document.xml"
# what python-docx's blank document brings: its picture, its maker's name, a copy of its styles for Word 2007
_BALLAST = (
    RELATION.THUMBNAIL,
    RELATION.EXTENDED_PROPERTIES,
    RELATION.CUSTOM_XML,
    "http://schemas.microsoft.com/office/2007/relationships/stylesWithEffects",
)
# the most characters that Word takes for a property, and that keep the running header to a line or two
_LONGEST_PROPERTY = 255
_LONGEST_HEADER = 110


def pack(report: Report, body: str, numbered: Iterable[int]) -> bytes:
    """The whole file. `body` is the ready content, `numbered` the ids of the numbered lists in it."""
    document = Document()
    for relations in (document.part.package.rels, document.part.rels):
        for key in [key for key, relation in relations.items() if relation.reltype in _BALLAST]:
            del relations[key]
    _replace(document.styles.element, style_sheet(report.language))
    _replace(document.settings.element, settings(report.language))
    _replace(document.part.numbering_part.element, list_definitions(numbered))
    _set_page(document, report)
    _set_properties(document, report)
    return _zip(document, body)


def _replace(element: BaseOxmlElement, xml: str) -> None:
    """Put other content into the root element of a part."""
    element.clear()
    element.extend(parse_xml(xml))


def _set_page(document: DocumentObject, report: Report) -> None:
    """Paper, margins, the running header and the page numbers."""
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = Mm(20)
    section.top_margin, section.bottom_margin = Mm(25), Mm(22)
    section.header_distance = section.footer_distance = Mm(12)
    rtl = report.direction == "rtl"
    title = name_meeting(report)
    if len(title) > _LONGEST_HEADER:
        title = title[:_LONGEST_HEADER] + "…"
    turned = is_rtl(title, rtl)
    _replace_paragraphs(section.header._element, paragraph("Header", run(title, rtl=turned), rtl=turned))
    _replace_paragraphs(section.footer._element, paragraph("Footer", _page_numbers(report, rtl), rtl=rtl))
    if rtl:
        for columns in section._sectPr.iterchildren(f"{{{NAMESPACE}}}cols"):
            columns.addnext(parse_xml(f'<w:bidi xmlns:w="{NAMESPACE}"/>'))


def _replace_paragraphs(element: BaseOxmlElement, xml: str) -> None:
    _replace(element, f'<w:hdr xmlns:w="{NAMESPACE}">{xml}</w:hdr>')


def _page_numbers(report: Report, rtl: bool) -> str:
    """ "Page {page} of {pages}" with Word's own numbers."""
    numbers = {"{page}": field("PAGE"), "{pages}": field("NUMPAGES")}
    pieces = re.split(r"(\{pages?\})", report.words["page_of"])
    return "".join(numbers.get(piece) or run(piece, rtl=rtl) for piece in pieces if piece)


def _set_properties(document: DocumentObject, report: Report) -> None:
    properties = document.core_properties
    latest = max((entry.at for entry in _dated(report)), default=_NO_TIME)
    properties.title = name_meeting(report)[:_LONGEST_PROPERTY]
    properties.subject = report.title[:_LONGEST_PROPERTY]
    properties.language = report.language
    properties.author = properties.last_modified_by = "Rapporteur"
    properties.content_status = report.words["draft"]
    properties.comments = ""
    properties.created = properties.modified = latest.astimezone(UTC).replace(tzinfo=None)


def _dated(report: Report) -> Iterable[Item | ReviewItem]:
    """Whatever in the report has a time."""
    in_sessions = (part for block in report.session_blocks() for part in block.parts)
    for part in (*report.parts(), *in_sessions):
        yield from part.items
    for annex in report.annexes:
        yield from annex.items
    yield from report.late
    yield from report.review


def _zip(document: DocumentObject, body: str) -> bytes:
    """The package as python-docx saves it, with this body in it and no time of day."""
    blank, packed = BytesIO(), BytesIO()
    document.save(blank)
    with ZipFile(blank) as source, ZipFile(packed, "w", ZIP_DEFLATED) as target:
        for name in source.namelist():
            content = source.read(name)
            if name == _BODY_FILE:
                start, section, end = content.partition(b"<w:sectPr")
                content = start + body.encode() + section + end
            entry = ZipInfo(name)
            entry.compress_type = ZIP_DEFLATED
            target.writestr(entry, content)
    return packed.getvalue()
