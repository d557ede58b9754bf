"""Paragraphs, runs and tables of a Word document, as WordprocessingML text.

Called by `reports.formats.docx` for the many notes: strings, because python-docx takes fifty times as long
for a paragraph. Elements stand in the order of the schema.
"""

import re
from collections.abc import Iterable, Sequence
from unicodedata import bidirectional
from xml.sax.saxutils import escape

# letters written from right to left, and all other letters
_RTL = r"\u0590-\u08FF\uFB1D-\uFDFF\uFE70-\uFEFC\U00010800-\U00010FFF\U0001E800-\U0001EFFF"
_HAS_RTL = re.compile(f"[{_RTL}]").search
_LTR_LETTER = rf"[^\W\d_{_RTL}]"
# inside a text of one direction, the pieces of the other: from its first letter to its last
_RTL_PIECE = re.compile(f"([{_RTL}](?:[^{_RTL}\\w]*[{_RTL}])*)")
_LTR_PIECE = re.compile(f"({_LTR_LETTER}(?:[^{_RTL}]*[^\\W_{_RTL}])?)")

_BREAKS = {
    "\n": '</w:t><w:br/><w:t xml:space="preserve">',
    "\r": '</w:t><w:br/><w:t xml:space="preserve">',
    "\t": '</w:t><w:tab/><w:t xml:space="preserve">',
}
_BREAK = re.compile(r"\r\n?|[\n\t]")


def is_rtl(text: str, otherwise: bool) -> bool:
    """Whether a text begins, by its first strong character, from the right; `otherwise` where it has none."""
    for char in text:
        kind = bidirectional(char)
        if kind == "L":
            return False
        if kind in ("R", "AL"):
            return True
    return otherwise


def run(text: str, style: str = "", *, rtl: bool = False) -> str:
    """A text as runs, one for each direction in it; `rtl` is the direction of its paragraph."""
    properties = f'<w:rStyle w:val="{style}"/>' if style else ""
    if not rtl and not _HAS_RTL(text):
        return _one_run(text, properties)
    pieces = (_LTR_PIECE if rtl else _RTL_PIECE).split(text)
    # re.split puts the pieces that it split at, those of the other direction, at the odd places
    return "".join(
        _one_run(piece, properties + ("<w:rtl/>" if rtl != bool(n % 2) else ""))
        for n, piece in enumerate(pieces)
        if piece
    )


def _one_run(text: str, properties: str) -> str:
    content = escape(text)
    if "\n" in content or "\t" in content or "\r" in content:
        content = _BREAK.sub(lambda found: _BREAKS[found[0][0]], content)
    properties = properties and f"<w:rPr>{properties}</w:rPr>"
    return f'<w:r>{properties}<w:t xml:space="preserve">{content}</w:t></w:r>'


TAB = "<w:r><w:tab/></w:r>"
PAGE_BREAK = '<w:r><w:br w:type="page"/></w:r>'


def field(instruction: str) -> str:
    """A number that Word works out: PAGE or NUMPAGES."""
    return f'<w:fldSimple w:instr="{instruction}"><w:r><w:t>1</w:t></w:r></w:fldSimple>'


def paragraph(style: str, runs: str, *, rtl: bool = False, keep: bool = False, numbered: int = 0) -> str:
    """A paragraph of ready runs. `keep` holds it close to the next; `numbered` is the id of its list."""
    held, close = ("<w:keepNext/>", '<w:spacing w:after="0"/>') if keep else ("", "")
    listed = f'<w:numPr><w:ilvl w:val="0"/><w:numId w:val="{numbered}"/></w:numPr>' if numbered else ""
    turned = "<w:bidi/>" if rtl else ""
    return f'<w:p><w:pPr><w:pStyle w:val="{style}"/>{held}{listed}{turned}{close}</w:pPr>{runs}</w:p>'


def table(widths: Sequence[int], rows: Iterable[str], *, rtl: bool, head: bool) -> str:
    """A table of ready rows, with the small paragraph that keeps it apart from what follows.

    `widths` are in twentieths of a point; `head` sets off the first row, otherwise the first column is.
    """
    look = "0020" if head else "0080"
    parts = f'w:firstRow="{head:d}" w:lastRow="0" w:firstColumn="{not head:d}" w:lastColumn="0"'
    turned = "<w:bidiVisual/>" if rtl else ""
    columns = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    return (
        f'<w:tbl><w:tblPr><w:tblStyle w:val="ReportTable"/>{turned}'
        f'<w:tblW w:w="{sum(widths)}" w:type="dxa"/><w:tblLayout w:type="fixed"/>'
        f'<w:tblLook w:val="{look}" {parts} w:noHBand="1" w:noVBand="1"/></w:tblPr>'
        f"<w:tblGrid>{columns}</w:tblGrid>{''.join(rows)}</w:tbl>{paragraph('TableEnd', '')}"
    )


def row(widths: Sequence[int], cells: Iterable[str], *, head: bool = False) -> str:
    """A row of a table; each cell is one or more ready paragraphs. A head row comes again on each page."""
    properties = "<w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>" if head else ""
    content = "".join(
        f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/></w:tcPr>{cell}</w:tc>'
        for width, cell in zip(widths, cells, strict=True)
    )
    return f"<w:tr>{properties}{content}</w:tr>"
