"""The Word file around the body: its parts, header and footer, properties, and the zip.

Called by `reports.formats.docx`. python-docx makes the package; the body, which may be long, goes straight
into the zip. Nothing here reads the clock, so the same report gives the same bytes.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

from docx.document import Document as DocumentObject
from docx.opc.constants import CONTENT_TYPE
from docx.opc.constants import RELATIONSHIP_TYPE as RELATION
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import parse_xml
from docx.oxml.xmlchemy import BaseOxmlElement

from reports.formats.docx.body import BODY_PLACE, Body
from reports.formats.docx.letterhead import fit_pictures, open_document
from reports.formats.docx.styles import NAMESPACE, list_definitions
from reports.formats.wording import name_meeting
from reports.report import Report

# the earliest time that a zip can hold; also that of a report without any note
_NO_TIME = datetime(1980, 1, 1, tzinfo=UTC)
_BODY_FILE = "word/document.xml"
_COMMENTS_FILE = "word/comments.xml"
_TYPES = {".png": CONTENT_TYPE.PNG, ".jpeg": CONTENT_TYPE.JPEG}
# a third of the time of deflate's usual effort, for a tenth more bytes
_EFFORT = 4
_AT_A_TIME = 500
# the most characters that Word takes for a property
_LONGEST_PROPERTY = 255


def pack(report: Report, body: Body) -> bytes:
    """The whole file: a document in the report's look with this body in it."""
    document = open_document(report)
    body = fit_pictures(document, body)
    _add_lists(document.part.numbering_part.element, body.lists)
    for picture in body.pictures:
        name = f"word/media/{picture.relation}{picture.suffix}"
        _add_part(document, picture.relation, RELATION.IMAGE, name, _TYPES[picture.suffix], picture.content)
    if body.comments:
        _add_part(document, "rIdReportComments", RELATION.COMMENTS, _COMMENTS_FILE, CONTENT_TYPE.WML_COMMENTS, b"")
    _set_properties(document, report)
    return _zip(document, body)


def _add_lists(numbering: BaseOxmlElement, lists: Iterable[int]) -> None:
    """Our lists among those that the document has of its own; definitions stand before their uses."""
    ours = parse_xml(list_definitions(lists))
    uses = numbering.find(f"{{{NAMESPACE}}}num")
    for definition in ours.findall(f"{{{NAMESPACE}}}abstractNum"):
        if uses is None:
            numbering.append(definition)
        else:
            uses.addprevious(definition)
    numbering.extend(ours)


def _add_part(document: DocumentObject, relation: str, kind: str, name: str, media_type: str, content: bytes) -> None:
    """A part that the body refers to, by a name of our own: python-docx would search for a free one."""
    part = Part(PackURI(f"/{name}"), media_type, content, document.part.package)
    document.part.rels.add_relationship(kind, part, relation)


def _set_properties(document: DocumentObject, report: Report) -> None:
    properties = document.core_properties
    latest = report.last_at() or _NO_TIME
    properties.title = name_meeting(report)[:_LONGEST_PROPERTY]
    properties.subject = report.title[:_LONGEST_PROPERTY]
    properties.language = report.language
    properties.author = properties.last_modified_by = "Rapporteur"
    if report.is_draft:
        properties.content_status = report.words["draft"]
    properties.comments = ""
    properties.created = properties.modified = latest.astimezone(UTC).replace(tzinfo=None)


def _zip(document: DocumentObject, body: Body) -> bytes:
    """The package as python-docx saves it, with this body and its comments in it, and no time of day."""
    blank, packed = BytesIO(), BytesIO()
    document.save(blank)
    with ZipFile(blank) as source, ZipFile(packed, "w", ZIP_DEFLATED, compresslevel=_EFFORT) as target:
        for name in source.namelist():
            # by a name alone, the entry has no time
            with target.open(name, "w") as file:
                for piece in _pieces(name, source.read(name), body):
                    file.write(piece)
    return packed.getvalue()


def _pieces(name: str, content: bytes, body: Body) -> Iterator[bytes]:
    """What stands in a part of the file, piece by piece: the body and its comments may be long."""
    if name == _BODY_FILE:
        before, _, after = content.partition(f"<!--{BODY_PLACE}-->".encode())
        yield before
        yield from _encode(body.blocks)
        yield after
    elif name == _COMMENTS_FILE and body.comments:
        yield f'<w:comments xmlns:w="{NAMESPACE}">'.encode()
        yield from _encode(body.comments)
        yield b"</w:comments>"
    else:
        yield content


def _encode(texts: Sequence[str]) -> Iterator[bytes]:
    """The texts as UTF-8, some hundred at a time: all at once take memory, one by one time."""
    for start in range(0, len(texts), _AT_A_TIME):
        yield "".join(texts[start : start + _AT_A_TIME]).encode()
