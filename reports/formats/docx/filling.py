"""The placeholders of an organisation's Word file, filled with a report's own words.

Called by `reports.formats.docx.letterhead`. A value stands in the look that the file gives to its placeholder; it is
text and nothing else, whatever it holds.
"""

from collections.abc import Iterable, Mapping
from copy import deepcopy

from docx.oxml import OxmlElement, parse_xml

from reports.formats.direction import is_rtl
from reports.formats.docx.body import run
from reports.formats.docx.styles import NAMESPACE
from reports.formats.wording import name_meeting
from reports.placeholders import WORD, Element, Placeholder, find_placeholders, read_pieces
from reports.report import Report

_TO_COMPLETE = "ToBeCompleted"
_SPACE = "{http://www.w3.org/XML/1998/namespace}space"
_LOOKS, _FONTS = f"{WORD}rPr", f"{WORD}rFonts"
# children of w:rPr that the schema wants first and last; "" stands for all others, which keep their order
_ORDER = ("rStyle", "rFonts", "", "rtl", "cs", "em", "lang", "eastAsianLayout", "specVanish", "oMath")
# children of w:pPr that come after w:bidi
_AFTER_BIDI = (
    *("adjustRightInd", "snapToGrid", "spacing", "ind", "contextualSpacing", "mirrorIndents", "suppressOverlap"),
    *("jc", "textDirection", "textAlignment", "textboxTightWrap", "outlineLvl", "divId", "cnfStyle"),
    *("rPr", "sectPr", "pPrChange"),
)

# by the name of the placeholder: the text, and its character style or ""
Values = Mapping[str, tuple[str, str]]


def list_values(report: Report) -> Values:
    """What stands for each placeholder; for a field without value what says that it is to be completed."""
    # what is sent in is no draft any more
    draft = report.words["draft"] if report.is_draft else ""
    said = {"meeting": name_meeting(report), "form": report.title, "subtitle": report.subtitle, "draft": draft}
    fields = {
        field.key: (field.placeholder, _TO_COMPLETE) if field.value is None else (field.value, "")
        for field in report.fields
    }
    return {name: (text, "") for name, text in said.items()} | fields


def fill_placeholders(root: Element, values: Values, latin: str) -> None:
    """Put the values into all paragraphs of a part, those of text boxes and tables among them.

    `latin` is the language of values in Latin letters.
    """
    for paragraph in list(root.iter(f"{WORD}p")):
        # from the last to the first: what stands before keeps its place, and no value is read again
        for found in reversed(find_placeholders(paragraph)):
            if found.closed and found.name in values:
                text, style = values[found.name]
                alone = _is_alone(paragraph, found)
                rtl = alone and is_rtl(text, otherwise=False)
                _fill(paragraph, found, run(text, style, rtl=rtl, latin=latin))
                if rtl:
                    _turn(paragraph)


def _is_alone(paragraph: Element, found: Placeholder) -> bool:
    whole = "".join(piece for piece, _ in read_pieces(paragraph))
    return not (whole[: found.start] + whole[found.end :]).strip()


def _fill(paragraph: Element, found: Placeholder, runs: str) -> None:
    """Put ready runs, in the looks of the run that the placeholder began in, where it stands."""
    old, following = _cut_out(read_pieces(paragraph), found)
    for new in list(parse_xml(f'<w:p xmlns:w="{NAMESPACE}">{runs}</w:p>')):
        _take_looks(new, old)
        following.addprevious(new)


def _cut_out(pieces: Iterable[tuple[str, Element]], found: Placeholder) -> tuple[Element, Element]:
    """Take the placeholder's characters out of the runs; the run that it began in, and a run right after its place."""
    position, covered = 0, []
    for piece, element in pieces:
        begin, position = position, position + len(piece)
        if begin < found.end and position > found.start:
            covered.append((begin, element))
    (first_at, first), (last_at, last) = covered[0], covered[-1]
    before, rest = (first.text or "")[: found.start - first_at], (last.text or "")[found.end - last_at :]
    for _, element in covered[1:-1]:
        element.getparent().remove(element)
    old = first.getparent()
    following = OxmlElement("w:r")
    following.extend(deepcopy(look) for look in old.iterchildren(_LOOKS))
    following.extend(first.itersiblings())
    old.addnext(following)
    first.text = before
    if first is last:
        last = OxmlElement("w:t")
        # right behind the looks of the run, before what followed in it
        following.insert(len(following.findall(_LOOKS)), last)
    last.text = rest
    for element in (first, last):
        element.set(_SPACE, "preserve")
    return old, following


def _take_looks(new: Element, old: Element) -> None:
    """Give a run the looks of an old one, beside those that it brings for its script, language and direction."""
    brought = {child.tag: child for look in new.iterchildren(_LOOKS) for child in look}
    looks = {child.tag: deepcopy(child) for look in old.iterchildren(_LOOKS) for child in look}
    if f"{WORD}rStyle" in brought:
        # what is missing is to be seen, whatever colour the file has there
        looks.pop(f"{WORD}color", None)
    for tag, child in brought.items():
        if tag == _FONTS and tag in looks:
            for key, value in child.items():
                looks[tag].attrib.setdefault(key, value)
        else:
            looks[tag] = child
    for look in new.findall(_LOOKS):
        new.remove(look)
    properties = OxmlElement("w:rPr")
    properties.extend(sorted(looks.values(), key=_place_in_run))
    new.insert(0, properties)


def _place_in_run(child: Element) -> int:
    name = child.tag.removeprefix(WORD)
    return _ORDER.index(name) if name in _ORDER else _ORDER.index("")


def _turn(paragraph: Element) -> None:
    """Write the paragraph from the right."""
    properties = paragraph.get_or_add_pPr()
    for turned in properties.findall(f"{WORD}bidi"):
        properties.remove(turned)
    properties.insert_element_before(OxmlElement("w:bidi"), *(f"w:{name}" for name in _AFTER_BIDI))
