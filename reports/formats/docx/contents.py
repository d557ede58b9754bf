"""The table of contents: a field that Word can work out again, with its lines already in it.

Called by the writer, which marks the headings, and by `form`, which puts the table in. The lines lead to their headings
and have no page numbers, because nobody can know these before Word lays the pages out; updating the field adds them.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from reports.formats.docx.body import paragraph, run

# ids of bookmarks, apart from those that the document may have of its own
_FIRST_ID = 1_000_000
_FIELD = (
    '<w:r><w:fldChar w:fldCharType="begin"/></w:r>'
    '<w:r><w:instrText xml:space="preserve"> TOC \\o "1-2" \\h \\z </w:instrText></w:r>'
    '<w:r><w:fldChar w:fldCharType="separate"/></w:r>'
)
_FIELD_END = '<w:r><w:fldChar w:fldCharType="end"/></w:r>'


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading that the contents list; `number` is its place among them."""

    level: int
    text: str
    number: int
    rtl: bool


def mark_heading(heading: Heading, runs: str) -> str:
    """A heading's runs with the bookmark that the contents lead to."""
    known = f'w:id="{_FIRST_ID + heading.number}"'
    return f'<w:bookmarkStart {known} w:name="{_name(heading)}"/>{runs}<w:bookmarkEnd {known}/>'


def write_contents(headings: Sequence[Heading], latin: str) -> str:
    """The lines of the contents, a paragraph each, as the field's result."""
    lines: list[str] = []
    for heading in headings:
        words = run(heading.text, rtl=heading.rtl, latin=latin)
        link = f'<w:hyperlink w:anchor="{_name(heading)}" w:history="1">{words}</w:hyperlink>'
        before = "" if lines else _FIELD
        after = _FIELD_END if heading is headings[-1] else ""
        lines.append(paragraph(f"TOC{heading.level}", before + link + after, rtl=heading.rtl))
    return "".join(lines)


def _name(heading: Heading) -> str:
    return f"_Toc{heading.number:08d}"
