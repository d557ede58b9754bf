"""Paragraphs, runs and tables of a Word document, as WordprocessingML text.

Called by the writers of `reports.formats.docx` for the many notes: strings, because python-docx takes fifty times as
long for a paragraph. Elements stand in the order of the schema.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape, quoteattr

from reports.formats.docx.languages import is_latin, mark_ltr, split_languages
from reports.formats.docx.pictures import Embedded

# the comment that holds the place of a report's body in the document it is put into
BODY_PLACE = "report body"

_BREAKS = {
    "\n": '</w:t><w:br/><w:t xml:space="preserve">',
    "\r": '</w:t><w:br/><w:t xml:space="preserve">',
    "\t": '</w:t><w:tab/><w:t xml:space="preserve">',
}
_BREAK = re.compile(r"\r\n?|[\n\t]")

TAB = "<w:r><w:tab/></w:r>"
PAGE_BREAK = '<w:r><w:br w:type="page"/></w:r>'

# the width between the margins, in fiftieths of a per cent: a table fits any paper
WHOLE_WIDTH = 5000
# that width on our own pages, in twentieths of a point
OUR_WIDTH = 9638


@dataclass(frozen=True, slots=True)
class Body:
    """What a report puts into a Word document, apart from the document's own look.

    `blocks` are paragraphs and tables, in one text each or several; `lists` the ids of the numbered lists in them,
    `comments` the `w:comment` elements that they refer to, `pictures` those that they show.
    """

    blocks: tuple[str, ...]
    lists: tuple[int, ...] = ()
    comments: tuple[str, ...] = ()
    pictures: tuple[Embedded, ...] = ()

    @property
    def xml(self) -> str:
        """All blocks in one text, which may be long."""
        return "".join(self.blocks)


def run(text: str, style: str = "", *, rtl: bool = False, latin: str = "en-GB") -> str:
    """A text as runs, one for each direction and script in it, each with its language.

    `rtl` is the direction of its paragraph, `latin` the language of what is in Latin letters.
    """
    styled = f'<w:rStyle w:val="{style}"/>' if style else ""
    if not rtl and is_latin(text):
        # most texts
        return _one_run(text, styled + mark_ltr(latin)) if text else ""
    return "".join(
        _one_run(piece, f"{styled}{font}{language}") for piece, font, language in split_languages(text, latin, rtl=rtl)
    )


def _one_run(text: str, properties: str) -> str:
    content = escape(text)
    if "\n" in content or "\t" in content or "\r" in content:
        content = _BREAK.sub(lambda found: _BREAKS[found[0][0]], content)
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{content}</w:t></w:r>'


def field(instruction: str) -> str:
    """A number that Word works out: PAGE or NUMPAGES."""
    return f'<w:fldSimple w:instr="{instruction}"><w:r><w:t>1</w:t></w:r></w:fldSimple>'


def paragraph(
    style: str, runs: str, *, rtl: bool = False, keep: bool = False, numbered: int = 0, page: bool = False
) -> str:
    """A paragraph of ready runs.

    `keep` holds it close to the next; `numbered` is the id of its list; with `page` it begins a page.
    """
    held, close = ("<w:keepNext/>", '<w:spacing w:after="0"/>') if keep else ("", "")
    paged = "<w:pageBreakBefore/>" if page else ""
    listed = f'<w:numPr><w:ilvl w:val="0"/><w:numId w:val="{numbered}"/></w:numPr>' if numbered else ""
    turned = "<w:bidi/>" if rtl else ""
    return f'<w:p><w:pPr><w:pStyle w:val="{style}"/>{held}{paged}{listed}{turned}{close}</w:pPr>{runs}</w:p>'


def table(
    widths: Sequence[int], rows: Iterable[str], *, rtl: bool, head: bool, title: str = "", about: str = ""
) -> str:
    """A table of ready rows, with the small paragraph that keeps it apart from what follows.

    `widths` are shares of `WHOLE_WIDTH`; `head` sets off the first row, otherwise the first column is. `title` and
    `about` are read out to those who cannot see it.
    """
    look = "0020" if head else "0080"
    parts = f'w:firstRow="{head:d}" w:lastRow="0" w:firstColumn="{not head:d}" w:lastColumn="0"'
    turned = "<w:bidiVisual/>" if rtl else ""
    # Word works the grid out of the shares; others take it for twentieths of a point
    columns = "".join(f'<w:gridCol w:w="{width * OUR_WIDTH // WHOLE_WIDTH}"/>' for width in widths)
    told = f"<w:tblCaption w:val={quoteattr(title)}/><w:tblDescription w:val={quoteattr(about)}/>"
    return (
        f'<w:tbl><w:tblPr><w:tblStyle w:val="ReportTable"/>{turned}'
        f'<w:tblW w:w="{WHOLE_WIDTH}" w:type="pct"/><w:tblLayout w:type="fixed"/>'
        f'<w:tblLook w:val="{look}" {parts} w:noHBand="1" w:noVBand="1"/>{told}</w:tblPr>'
        f"<w:tblGrid>{columns}</w:tblGrid>{''.join(rows)}</w:tbl>{paragraph('TableEnd', '')}"
    )


def row(widths: Sequence[int], cells: Iterable[str], *, head: bool = False, whole: bool = False) -> str:
    """A row of a table; each cell is one or more ready paragraphs.

    A head row comes again on each page; that one and a `whole` one is never split between pages.
    """
    marks = ("<w:cantSplit/>" if head or whole else "") + ("<w:tblHeader/>" if head else "")
    properties = f"<w:trPr>{marks}</w:trPr>" if marks else ""
    content = "".join(
        f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="pct"/></w:tcPr>{cell}</w:tc>'
        for width, cell in zip(widths, cells, strict=True)
    )
    return f"<w:tr>{properties}{content}</w:tr>"
