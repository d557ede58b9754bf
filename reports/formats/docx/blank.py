"""A blank Word document in our own look: paper, margins, running header, page numbers, styles.

Called by `reports.formats.docx.letterhead`, which also takes the header and footer for a file that has none.
"""

import re

from docx import Document
from docx.document import Document as DocumentObject
from docx.opc.constants import RELATIONSHIP_TYPE as RELATION
from docx.oxml import parse_xml
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.shared import Mm
from lxml.etree import Comment

from reports.formats.direction import is_rtl
from reports.formats.docx.body import BODY_PLACE, field, paragraph, run
from reports.formats.docx.styles import NAMESPACE, settings, style_sheet
from reports.formats.wording import name_meeting
from reports.report import Report

# what python-docx's blank document brings: its picture, its maker's name, a copy of its styles for Word 2007
_BALLAST = (
    RELATION.THUMBNAIL,
    RELATION.EXTENDED_PROPERTIES,
    RELATION.CUSTOM_XML,
    "http://schemas.microsoft.com/office/2007/relationships/stylesWithEffects",
)
# the most characters that keep the running header to a line or two
_LONGEST_HEADER = 110


def open_blank(report: Report) -> DocumentObject:
    """A blank document in our own look, with the place of the body marked."""
    document = Document()
    for relations in (document.part.package.rels, document.part.rels):
        for key in [key for key, relation in relations.items() if relation.reltype in _BALLAST]:
            del relations[key]
    _replace(document.styles.element, style_sheet(report.language))
    _replace(document.settings.element, settings(report.language))
    document.part.numbering_part.element.clear()
    _set_page(document, report)
    add_header_footer(document, report)
    document.element.body.insert(0, Comment(BODY_PLACE))
    return document


def _set_page(document: DocumentObject, report: Report) -> None:
    """Paper, margins and the direction of the pages."""
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = Mm(20)
    section.top_margin, section.bottom_margin = Mm(25), Mm(22)
    section.header_distance = section.footer_distance = Mm(12)
    if report.direction == "rtl":
        for columns in section._sectPr.iterchildren(f"{{{NAMESPACE}}}cols"):
            columns.addnext(parse_xml(f'<w:bidi xmlns:w="{NAMESPACE}"/>'))


def add_header_footer(document: DocumentObject, report: Report) -> None:
    """The running header and the page numbers."""
    section = document.sections[0]
    rtl = report.direction == "rtl"
    title = name_meeting(report)
    if len(title) > _LONGEST_HEADER:
        title = title[:_LONGEST_HEADER] + "…"
    turned = is_rtl(title, rtl)
    _replace_paragraphs(section.header._element, paragraph("Header", run(title, rtl=turned), rtl=turned))
    _replace_paragraphs(section.footer._element, paragraph("Footer", _page_numbers(report, rtl), rtl=rtl))


def _page_numbers(report: Report, rtl: bool) -> str:
    """ "Page {page} of {pages}" with Word's own numbers."""
    numbers = {"{page}": field("PAGE"), "{pages}": field("NUMPAGES")}
    pieces = re.split(r"(\{pages?\})", report.words["page_of"])
    return "".join(numbers.get(piece) or run(piece, rtl=rtl) for piece in pieces if piece)


def _replace(element: BaseOxmlElement, xml: str) -> None:
    """Put other content into the root element of a part."""
    element.clear()
    element.extend(parse_xml(xml))


def _replace_paragraphs(element: BaseOxmlElement, xml: str) -> None:
    _replace(element, f'<w:hdr xmlns:w="{NAMESPACE}">{xml}</w:hdr>')
