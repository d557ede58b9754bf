"""A template's own Word file, `report.docx`: read and checked when the template is loaded. What may stand in it is told
in docs/letterhead.md.

`reports.template_reader` calls `read_base`; `reports.formats.docx.letterhead` makes the document in the file. All is
refused that runs a program, fetches something when it is opened, or cannot be carried over.
"""

import re
import zlib
from collections.abc import Iterable, Iterator, Mapping
from io import BytesIO
from pathlib import Path, PurePosixPath
from posixpath import normpath
from zipfile import BadZipFile, ZipFile

from lxml import etree

from reports.placeholders import OF_REPORT, PLACE, WORD, Element, find_placeholders, is_place

BASE_FILE = "report.docx"
# most megabytes of the file, and of what is packed in it
_MEGABYTE = 1024 * 1024
_LARGEST_FILE, _LARGEST_CONTENT, _MOST_PARTS = 8, 64, 2000
_LARGEST_XML = 16

_BODY, _STYLES, _TYPES = "word/document.xml", "word/styles.xml", "[Content_Types].xml"
_WORD_FILES = (".docx", ".docm", ".dotx", ".dotm", ".doc", ".odt")
_STYLES_NEEDED = ("Normal", "heading 1", "heading 2", "heading 3")
_DOCUMENT_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
# relationships that lead to the parts above, by the part that holds them: the end of their type, and where to
_NEEDED = {"_rels/.rels": ("/officeDocument", _BODY), "word/_rels/document.xml.rels": ("/styles", _STYLES)}
# ends of relationship types
_MAY_BE_OUTSIDE = ("/hyperlink", "/attachedTemplate")
_NOT_TO_BE_HELD = ("vbaProject", "oleObject", "control", "aFChunk", "subDocument")
# fields that read a file, ask a server or start a program
_FETCHING = {"INCLUDEPICTURE", "INCLUDETEXT", "IMPORT", "LINK", "DDE", "DDEAUTO", "DATABASE", "RD", "MACROBUTTON"}
_TRACKED = tuple(f"{WORD}{name}" for name in ("ins", "del", "moveFrom", "moveTo", "rPrChange", "pPrChange"))
# where text stands, by the root of its part
_READ = {f"{WORD}document": "the body", f"{WORD}hdr": "a header", f"{WORD}ftr": "a footer"}
_UNREAD = {f"{WORD}footnotes": "a footnote", f"{WORD}endnotes": "an endnote", f"{WORD}comments": "a comment"}
_SAVE_AGAIN = "open it in Word and save it again as a Word document (.docx)"
_NO_DOCUMENT = f"is no Word document, or a damaged or locked one; {_SAVE_AGAIN}"


class _UnusableError(Exception):
    """The file cannot be read any further; the text says why."""


def read_base(folder: Path, fields: Iterable[str], problems: list[str]) -> bytes | None:
    """The folder's report.docx; None where there is none. `fields` are the keys of the template's fields.

    Every problem is added to the problems.
    """
    problems += [
        f"{path.name}: is not read; the Word file of a template is called {BASE_FILE}"
        for path in sorted(folder.iterdir())
        if path.stem.lower() == "report" and path.suffix.lower() in _WORD_FILES and path.name != BASE_FILE
    ]
    path = folder / BASE_FILE
    if not path.exists():
        return None
    try:
        content = _read(path)
        problems += [f"{BASE_FILE}: {what}" for what in _find_problems(_unpack(content), tuple(fields))]
    except OSError as error:
        problems.append(f"{BASE_FILE}: cannot be read ({error.strerror})")
    except _UnusableError as error:
        problems.append(f"{BASE_FILE}: {error}")
    else:
        return content
    return None


def _read(path: Path) -> bytes:
    if path.stat().st_size > _LARGEST_FILE * _MEGABYTE:
        raise _UnusableError(f"is larger than {_LARGEST_FILE} MB; make its pictures smaller")
    return path.read_bytes()


def _unpack(content: bytes) -> dict[str, Element]:
    """The file's parts by name: XML as trees, all else as None."""
    try:
        with ZipFile(BytesIO(content)) as package:
            entries = [entry for entry in package.infolist() if not entry.is_dir()]
            if len(entries) > _MOST_PARTS or sum(entry.file_size for entry in entries) > _LARGEST_CONTENT * _MEGABYTE:
                raise _UnusableError(f"holds more than {_LARGEST_CONTENT} MB or {_MOST_PARTS} parts when unpacked")
            # what is no XML is read too, so that damage is found now
            parts = {entry.filename: _parse(package.read(entry), entry.filename) for entry in entries}
    except (BadZipFile, NotImplementedError, RuntimeError, EOFError, ValueError, zlib.error) as error:
        # RuntimeError is what zipfile says of a password
        raise _UnusableError(_NO_DOCUMENT) from error
    if parts.get(_TYPES) is None or parts.get(_BODY) is None:
        raise _UnusableError(_NO_DOCUMENT)
    return parts


def _parse(content: bytes, name: str) -> Element | None:
    """A part's tree; None for what is no XML."""
    if not name.endswith((".xml", ".rels")):
        return None
    if len(content) > _LARGEST_XML * _MEGABYTE:
        raise _UnusableError(f"its part {name} is larger than {_LARGEST_XML} MB")
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    try:
        root = etree.fromstring(content, parser)
    except etree.XMLSyntaxError as error:
        raise _UnusableError(f"its part {name} is damaged; {_SAVE_AGAIN}") from error
    if root.getroottree().docinfo.internalDTD is not None:
        raise _UnusableError(f"its part {name} has a DOCTYPE, which no Word document has; {_SAVE_AGAIN}")
    return root


def _find_problems(parts: Mapping[str, Element], fields: tuple[str, ...]) -> Iterator[str]:
    """Whatever forbids a draft in this file."""
    kind = _types(parts[_TYPES]).get(f"/{_BODY}", "")
    if "macroEnabled" in kind:
        yield "holds macros; save it as a Word document without them (.docx)"
    elif kind != _DOCUMENT_TYPE:
        yield "is a Word template or another kind of file; save it as a Word document (.docx)"
    if parts[_BODY].tag != f"{WORD}document" or parts[_BODY].nsmap.get("w") != WORD[1:-1]:
        raise _UnusableError(
            "is Strict Open XML or unlike what Word writes; save it in Word as a Word document (.docx)"
        )
    for name in _NEEDED:
        if not any(kind.endswith(_NEEDED[name][0]) and to == _NEEDED[name][1] for kind, to in _relate(name, parts)):
            yield f"is unlike what Word writes: {_NEEDED[name][1]} is not named in {name}; {_SAVE_AGAIN}"
    for name in parts:
        if name.endswith(".rels"):
            yield from _check_relations(name, parts)
    yield from _check_types(parts)
    yield from _check_styles(parts.get(_STYLES))
    for name, root in parts.items():
        if root is not None and not name.endswith(".rels"):
            yield from _check_fields(name, root)
    if any(next(root.iter(*_TRACKED), None) is not None for root in parts.values() if root is not None):
        yield "has tracked changes; accept or reject them all first"
    yield from _check_placeholders(parts, fields)


def _types(root: Element) -> dict[str, str]:
    """Content type by part ("/word/document.xml") or by ending ("png")."""
    return {
        (entry.get("PartName") or entry.get("Extension", "").lower()): entry.get("ContentType", "")
        for entry in root.iterchildren("{*}Override", "{*}Default")
    }


def _check_types(parts: Mapping[str, Element]) -> Iterator[str]:
    types = _types(parts[_TYPES])
    for name in parts:
        if f"/{name}" not in types and name.rpartition(".")[2].lower() not in types and name != _TYPES:
            yield f"is damaged: it does not say what its part {name} is; {_SAVE_AGAIN}"


def _check_relations(name: str, parts: Mapping[str, Element]) -> Iterator[str]:
    """A part's relationships: to parts that are there, and to nothing outside but the links that people click."""
    owner = _own(name)
    for relation in parts[name].iterchildren("{*}Relationship"):
        kind, target = relation.get("Type", ""), relation.get("Target", "")
        if kind.rpartition("/")[2] in _NOT_TO_BE_HELD:
            yield f"{owner} holds a program or another document ({kind.rpartition('/')[2]}); take it out"
        elif relation.get("TargetMode") == "External":
            if not kind.endswith(_MAY_BE_OUTSIDE):
                yield f'{owner} takes something from outside, "{target[:100]}"; put it into the file itself'
        elif kind.endswith("/hyperlink"):
            continue
        elif _find_target(owner, target) not in parts:
            yield f'is damaged: {owner} names a part that is not there, "{target[:100]}"; {_SAVE_AGAIN}'


def _own(name: str) -> PurePosixPath:
    """The part whose relationships these are."""
    return PurePosixPath(name).parent.parent / PurePosixPath(name).stem


def _find_target(owner: PurePosixPath, target: str) -> str:
    return normpath(str(PurePosixPath("/") / owner.parent / target))[1:]


def _relate(name: str, parts: Mapping[str, Element]) -> list[tuple[str, str]]:
    """Type and target of all relationships in this part; none where it is not there."""
    root = parts.get(name)
    found = () if root is None else root.iterchildren("{*}Relationship")
    return [(entry.get("Type", ""), _find_target(_own(name), entry.get("Target", ""))) for entry in found]


def _check_styles(root: Element | None) -> Iterator[str]:
    styles = () if root is None else root.iterchildren(f"{WORD}style")
    names = {
        name.get(f"{WORD}val", "").lower()
        for style in styles
        if style.get(f"{WORD}type") == "paragraph"
        for name in style.iterchildren(f"{WORD}name")
    }
    for name in _STYLES_NEEDED:
        if name.lower() not in names:
            yield f'has no style "{name}"; give it to any paragraph in Word and save: then it is there'


def _check_fields(name: str, root: Element) -> Iterator[str]:
    """Fields and pictures that would be fetched from somewhere when the file is opened."""
    for code in _read_codes(root):
        words = code.split()
        if words and words[0].upper() in _FETCHING:
            yield f"{name} has a field {words[0].upper()}, which reaches outside the file; put the content in its place"
    for element in root.iter("{urn:schemas-microsoft-com:vml}*"):
        source = element.get("src", "") or element.get("althref", "")
        if re.match(r"\w+:|//|\\\\", source):
            yield f'{name} takes something from outside, "{source[:100]}"; put it into the file itself'


def _read_codes(root: Element) -> list[str]:
    """The instructions of all fields; Word spreads one over several runs."""
    codes: list[str] = []
    for element in root.iter(f"{WORD}fldSimple", f"{WORD}fldChar", f"{WORD}instrText"):
        if element.tag == f"{WORD}fldSimple":
            codes.append(element.get(f"{WORD}instr", ""))
        elif element.tag == f"{WORD}fldChar":
            if element.get(f"{WORD}fldCharType") == "begin":
                codes.append("")
        elif codes:
            codes[-1] += element.text or ""
    return codes


def _check_placeholders(parts: Mapping[str, Element], fields: tuple[str, ...]) -> Iterator[str]:
    known = (*(key for key in fields if key != PLACE), *(key for key in OF_REPORT if key not in fields))
    places = 0
    for root in (root for root in parts.values() if root is not None and root.tag in _READ | _UNREAD):
        for paragraph in root.iter(f"{WORD}p"):
            for found in find_placeholders(paragraph):
                said, where = f"{{{{ {found.name[:60]} }}}}", _READ.get(root.tag)
                if where is None:
                    yield f"{said} stands in {_UNREAD[root.tag]}, where nothing is filled in; put it into the text"
                elif not found.closed:
                    yield f'"{{{{ {found.name[:60]}" in {where} has no end; close it with }}}}'
                elif found.name == PLACE:
                    places += 1
                    if not is_place(paragraph) or paragraph.getparent().tag != f"{WORD}body":
                        yield f"{said} must stand alone in a paragraph of the body, not in a table or a text box"
                elif found.name not in known:
                    yield f"{said} in {where} is unknown; there are {PLACE}, {', '.join(known)}"
    if places > 1:
        yield f"{{{{ {PLACE} }}}} stands there {places} times; the report goes to one place only"
