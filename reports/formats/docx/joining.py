"""Our styles and lists beside those of an organisation's Word file.

Called by `reports.formats.docx.letterhead`. A style that the file has under the name of one of ours keeps its look and
takes our id, as Word's ids differ by its language ("berschrift1" is "heading 1"); those that it lacks are added. What
the file numbers gets small numbers, for ours begin above.
"""

from collections.abc import Iterable, Mapping
from itertools import count

from docx.oxml import OxmlElement

from reports.formats.docx.styles import BULLETS, FIRST_NUMBERED
from reports.placeholders import WORD, Element

_VALUE, _ID, _TYPE, _DEFAULT = f"{WORD}val", f"{WORD}styleId", f"{WORD}type", f"{WORD}default"
# what names a style by its id
_NAMING = tuple(
    f"{WORD}{name}"
    for name in (
        *("pStyle", "rStyle", "tblStyle", "basedOn", "next", "link", "styleLink", "numStyleLink"),
        *("clickAndTypeStyle", "defaultTableStyle"),
    )
)
# styles that are nothing without their list
_LISTED = {"ListBullet": BULLETS, "ListNumber": FIRST_NUMBERED}
# looks of Latin letters, and the same of those that are written from the right; they stand side by side in the schema
_COMPLEX = {"b": "bCs", "i": "iCs", "sz": "szCs"}
_DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}docPr"


def join_styles(styles: Element, ours: Element, trees: Iterable[Element]) -> None:
    """Put our styles into the file's `w:styles`; `trees` are all its parts, which name styles by their ids."""
    own = {_name(style): style for style in styles.iterchildren(f"{WORD}style")}
    wanted = {_name(style): style.get(_ID) for style in ours.iterchildren(f"{WORD}style")}
    renamed = {own[name].get(_ID): style_id for name, style_id in wanted.items() if name in own}
    taken = {style.get(_ID) for style in own.values()} | set(wanted.values())
    for name, style in own.items():
        # a style of the file's that has by chance the id of one of ours
        if name not in wanted and style.get(_ID) in wanted.values():
            renamed[style.get(_ID)] = next(new for n in count(2) if (new := f"{style.get(_ID)}{n}") not in taken)
    _rename(trees, {old: new for old, new in renamed.items() if old != new})
    defaults = {style.get(_TYPE) for style in own.values() if style.get(_DEFAULT) in ("1", "true", "on")}
    for style in list(ours.iterchildren(f"{WORD}style")):
        joined = own.get(_name(style), style)
        if style.get(_TYPE) in defaults:
            style.attrib.pop(_DEFAULT, None)
        elif style.get(_DEFAULT):
            # LibreOffice does not say so of the styles that all others rest upon
            joined.set(_DEFAULT, "1")
        if joined is style:
            styles.append(style)
    _keep_lists(styles)


def _name(style: Element) -> tuple[str, str]:
    """A style's type and name; Word writes "heading 1", LibreOffice "Heading 1"."""
    names = (name.get(_VALUE, "") for name in style.iterchildren(f"{WORD}name"))
    return style.get(_TYPE, "paragraph"), next(names, "").lower()


def _rename(trees: Iterable[Element], renamed: Mapping[str, str]) -> None:
    for root in trees:
        for style in root.iter(f"{WORD}style"):
            style.set(_ID, renamed.get(style.get(_ID), style.get(_ID)))
        for element in root.iter(*_NAMING):
            element.set(_VALUE, renamed.get(element.get(_VALUE), element.get(_VALUE, "")))


def _keep_lists(styles: Element) -> None:
    """Our lists for the file's list styles that have none."""
    by_id = {style.get(_ID): style for style in styles.iterchildren(f"{WORD}style")}
    for style_id, number in _LISTED.items():
        style, seen = by_id[style_id], set()
        while style is not None and style.get(_ID) not in seen and style.find(f"{WORD}pPr/{WORD}numPr") is None:
            seen.add(style.get(_ID))
            based = style.find(f"{WORD}basedOn")
            style = None if based is None else by_id.get(based.get(_VALUE))
        if style is None:
            by_id[style_id].get_or_add_pPr().get_or_add_numPr().get_or_add_numId().val = number


def complete_looks(trees: Iterable[Element]) -> None:
    """Let what the file says of Latin letters hold for Arabic ones too, where it says nothing of those."""
    for properties in (properties for root in trees for properties in root.iter(f"{WORD}rPr")):
        for latin, other in _COMPLEX.items():
            look = properties.find(f"{WORD}{latin}")
            if look is not None and properties.find(f"{WORD}{other}") is None:
                twin = OxmlElement(f"w:{other}", dict(look.attrib))
                look.addnext(twin)


def renumber(trees: Iterable[Element]) -> None:
    """Give the file's lists, bookmarks and drawings small numbers, in the order in which they come."""
    roots = list(trees)
    lists = _count(element.get(f"{WORD}numId") for root in roots for element in root.iter(f"{WORD}num"))
    kinds = _count(element.get(f"{WORD}abstractNumId") for root in roots for element in root.iter(f"{WORD}abstractNum"))
    for root in roots:
        for element in root.iter(f"{WORD}num", f"{WORD}abstractNum"):
            key, new = (f"{WORD}numId", lists) if element.tag == f"{WORD}num" else (f"{WORD}abstractNumId", kinds)
            element.set(key, new[element.get(key)])
        for element in root.iter(f"{WORD}numId", f"{WORD}abstractNumId"):
            new = lists if element.tag == f"{WORD}numId" else kinds
            element.set(_VALUE, new.get(element.get(_VALUE), "0"))
        bookmarks = _count(element.get(f"{WORD}id") for element in root.iter(f"{WORD}bookmarkStart"))
        for element in root.iter(f"{WORD}bookmarkStart", f"{WORD}bookmarkEnd"):
            element.set(f"{WORD}id", bookmarks.get(element.get(f"{WORD}id"), "0"))
        # a mark of Word's that must be the last in the list, where ours come
        for element in list(root.iter(f"{WORD}numIdMacAtCleanup")):
            element.getparent().remove(element)
    for number, drawing in enumerate((drawing for root in roots for drawing in root.iter(_DRAWING)), 1):
        drawing.set("id", str(number))


def _count(ids: Iterable[str]) -> dict[str, str]:
    return {old: str(number) for number, old in enumerate(dict.fromkeys(ids), 1)}
