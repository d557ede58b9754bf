"""Where a note comes from, as a Word comment on it.

Called by the writer for each note while the report tells its provenance; `package` makes the part of the file.
"""

from reports.formats.direction import is_rtl
from reports.formats.docx.body import paragraph, run
from reports.formats.docx.languages import tag_latin
from reports.formats.wording import word_provenance
from reports.report import Item, Report

# who Word says made the comment: the words are the program's, of whom the note is by stands in them
AUTHOR = 'w:author="Rapporteur" w:initials="R"'
_MARK = '<w:r><w:rPr><w:rStyle w:val="CommentReference"/></w:rPr><w:annotationRef/></w:r>'


def write_comment(item: Item, report: Report, number: int) -> str:
    """The comment of this number on a note: who, when and where it was written, what became of it since."""
    latin = tag_latin(report.language)
    paragraphs: list[str] = []
    for line in word_provenance(item, report):
        rtl = is_rtl(line, report.direction == "rtl")
        runs = run(line, rtl=rtl, latin=latin)
        paragraphs.append(paragraph("CommentText", runs if paragraphs else _MARK + runs, rtl=rtl))
    return f'<w:comment w:id="{number}" {AUTHOR} w:date="{item.at:%Y-%m-%dT%H:%M:%S}">{"".join(paragraphs)}</w:comment>'


def comment_on(runs: str, number: int) -> str:
    """Runs with the comment of this number on them."""
    return (
        f'<w:commentRangeStart w:id="{number}"/>{runs}<w:commentRangeEnd w:id="{number}"/>'
        f'<w:r><w:rPr><w:rStyle w:val="CommentReference"/></w:rPr><w:commentReference w:id="{number}"/></w:r>'
    )
