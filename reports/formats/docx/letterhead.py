"""The Word document that a report is written in: an organisation's own file, or a blank one where it has none.

Called by `reports.formats.docx.package`. The file keeps its pages, header, footer and looks; our styles and lists join
its own, its placeholders are filled, and what a draft should not carry along goes out. What may stand in such a file is
checked by `reports.base_file` when the template is loaded, and told in docs/letterhead.md.
"""

import re
from collections.abc import Mapping
from dataclasses import replace
from io import BytesIO
from zipfile import ZIP_STORED, ZipFile, ZipInfo

from docx import Document
from docx.document import Document as DocumentObject
from docx.opc.constants import CONTENT_TYPE
from docx.opc.constants import RELATIONSHIP_TYPE as RELATION
from docx.opc.packuri import PackURI
from docx.oxml import parse_xml
from docx.parts.numbering import NumberingPart
from lxml import etree

from reports.formats.docx.blank import add_header_footer, open_blank
from reports.formats.docx.body import BODY_PLACE, OUR_WIDTH, Body
from reports.formats.docx.filling import fill_placeholders, list_values
from reports.formats.docx.joining import complete_looks, join_styles, renumber
from reports.formats.docx.languages import tag_latin
from reports.formats.docx.styles import NAMESPACE, style_sheet
from reports.placeholders import WORD, Element, find_placeholders, is_place
from reports.report import Report

_BODY, _STYLES, _NUMBERING = "word/document.xml", "word/styles.xml", "/word/numbering.xml"
_STORIES = (f"{WORD}document", f"{WORD}hdr", f"{WORD}ftr")
# parts that stay behind, by the ends of their relationships: what tells of the file and its maker rather than of the
# draft, its remarks, a signature that a draft would break, the template that Word would look for when it opens the file
_LEFT_BEHIND = (
    *("/core-properties", "/extended-properties", "/custom-properties", "/thumbnail", "/customXml"),
    *(
        "/digital-signature/origin",
        "/attachedTemplate",
        "/glossaryDocument",
        "/comments",
        "/commentsExtended",
        "/commentsIds",
    ),
    *("/commentsExtensible", "/people", "/stylesWithEffects", "/keyMapCustomizations", "/attachedToolbars"),
)
# what speaks of those parts
_DANGLING = tuple(
    f"{WORD}{name}"
    for name in (
        *("commentRangeStart", "commentRangeEnd", "commentReference"),
        *("dataBinding", "showingPlcHdr", "attachedTemplate"),
    )
)
# the size of a picture: no text can look so, as none has "<" in it
_SIZE = re.compile(r'(<(?:wp:extent|a:ext) )cx="(\d+)" cy="(\d+)"')
_EMU_PER_TWIP = 635
# the placeholders that make a cover of the file's own
_OF_COVER = frozenset({"title", "meeting", "form"})


def open_document(report: Report) -> DocumentObject:
    """A document with all our styles; the comment `BODY_PLACE` in it holds the place of the body."""
    if report.base is None:
        return open_blank(report)
    parts = _read(report.base)
    trees = {name: part for name, part in parts.items() if not isinstance(part, bytes)}
    _clear(trees)
    renumber(trees.values())
    complete_looks(trees.values())
    join_styles(trees[_STYLES], parse_xml(style_sheet(report.language)), trees.values())
    _place_body(trees[_BODY])
    values = list_values(report)
    for root in trees.values():
        if root.tag in _STORIES:
            fill_placeholders(root, values, tag_latin(report.language))
    document = Document(_write(parts))
    if not any(relation.reltype == RELATION.NUMBERING for relation in document.part.rels.values()):
        numbering = parse_xml(f'<w:numbering xmlns:w="{NAMESPACE}"/>')
        part = NumberingPart(PackURI(_NUMBERING), CONTENT_TYPE.WML_NUMBERING, numbering, document.part.package)
        document.part.relate_to(part, RELATION.NUMBERING)
    if not any(relation.reltype in (RELATION.HEADER, RELATION.FOOTER) for relation in document.part.rels.values()):
        add_header_footer(document, report)
    return document


def fit_pictures(document: DocumentObject, body: Body) -> Body:
    """The body with no picture wider than the text of the pages that it stands on."""
    sections = document.element.body.xpath(f"comment()[. = '{BODY_PLACE}']/following::w:sectPr[1]")
    if not body.pictures or not sections:
        return body
    widest = _measure_section(sections[0]) * _EMU_PER_TWIP

    def fit(found: re.Match[str]) -> str:
        wide, high = int(found[2]), int(found[3])
        if not 0 < widest < wide:
            return found[0]
        return f'{found[1]}cx="{widest}" cy="{max(1, high * widest // wide)}"'

    return replace(body, blocks=tuple(_SIZE.sub(fit, block) for block in body.blocks))


def measure_text(report: Report) -> int:
    """The width of the text that the body stands in, in twentieths of a point; our own where the file tells none."""
    if report.base is None:
        return OUR_WIDTH
    with ZipFile(BytesIO(report.base)) as package:
        root = parse_xml(package.read(_BODY))
    section: Element | None = None
    is_passed = False
    for element in root.iter(f"{WORD}p", f"{WORD}sectPr"):
        is_passed = is_passed or (element.tag == f"{WORD}p" and is_place(element))
        if element.tag == f"{WORD}sectPr":
            section = element
            if is_passed:
                break
    # without a place the body stands at the end, on the pages of the last section
    width = 0 if section is None else _measure_section(section)
    return width if width > 0 else OUR_WIDTH


def _measure_section(section: Element) -> int:
    """The width of its text in twentieths of a point, 0 where it does not tell."""
    page, margins = section.find(f"{WORD}pgSz"), section.find(f"{WORD}pgMar")
    if page is None or margins is None:
        return 0
    sides = (margins.get(f"{WORD}{side}", "0") for side in ("left", "right", "gutter"))
    return int(page.get(f"{WORD}w")) - sum(map(int, sides))


def leave_to_cover(report: Report) -> Report:
    """The report as its body tells it: without what the cover of an organisation's own file says.

    That is the form's title and subtitle, where the file has a cover at all, and the fields that it names; the others
    stay, so that nothing is lost.
    """
    if report.base is None:
        return report
    with ZipFile(BytesIO(report.base)) as package:
        paragraphs = parse_xml(package.read(_BODY)).iter(f"{WORD}p")
    named = {found.name for paragraph in paragraphs for found in find_placeholders(paragraph)}
    if not named & _OF_COVER:
        return report
    fields = tuple(field for field in report.fields if field.key not in named)
    return replace(report, title="", subtitle="", fields=fields)


def _read(base: bytes) -> dict[str, Element | bytes]:
    """The file's parts by name, XML as trees."""
    with ZipFile(BytesIO(base)) as package:
        contents = {name: package.read(name) for name in package.namelist() if not name.endswith("/")}
    return {
        name: parse_xml(content) if name.endswith((".xml", ".rels")) else content for name, content in contents.items()
    }


def _clear(trees: Mapping[str, Element]) -> None:
    """Take out what a draft does not carry along, and all remarks in the XML."""
    for root in trees.values():
        etree.strip_tags(root, etree.Comment, etree.ProcessingInstruction)
        for relation in list(root.iterchildren("{*}Relationship")):
            if relation.get("Type", "").endswith(_LEFT_BEHIND):
                root.remove(relation)
        for element in list(root.iter(*_DANGLING)):
            element.getparent().remove(element)


def _place_body(root: Element) -> None:
    """Mark where the body goes: at its placeholder; without one, in the last paragraph if it is empty, or after all."""
    body = root.find(f"{WORD}body")
    paragraphs = list(body.iterchildren(f"{WORD}p"))
    place = next(filter(is_place, paragraphs), None)
    if place is None and paragraphs and _is_last(paragraphs[-1]) and not _holds_anything(paragraphs[-1]):
        place = paragraphs[-1]
    mark = etree.Comment(BODY_PLACE)
    if place is not None:
        place.addprevious(mark)
        for child in list(place.iterchildren(f"{WORD}r")):
            place.remove(child)
        # the last paragraph of a section holds its page: that one stays, empty
        if place.find(f"{WORD}pPr/{WORD}sectPr") is None:
            body.remove(place)
    elif (section := body.find(f"{WORD}sectPr")) is not None:
        section.addprevious(mark)
    else:
        body.append(mark)


def _is_last(paragraph: Element) -> bool:
    return all(follower.tag == f"{WORD}sectPr" for follower in paragraph.itersiblings())


def _holds_anything(paragraph: Element) -> bool:
    return (
        any(child.tag != f"{WORD}pPr" for child in paragraph) or paragraph.find(f"{WORD}pPr/{WORD}sectPr") is not None
    )


def _write(parts: Mapping[str, Element | bytes]) -> BytesIO:
    """The parts as a package again, for python-docx to open."""
    written = BytesIO()
    with ZipFile(written, "w", ZIP_STORED) as package:
        for name, part in parts.items():
            package.writestr(ZipInfo(name), part if isinstance(part, bytes) else etree.tostring(part))
    written.seek(0)
    return written
