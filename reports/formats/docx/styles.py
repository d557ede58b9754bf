"""How the Word document looks: its styles, lists and settings, as WordprocessingML.

Called by `reports.formats.docx.package`. Elements stand in the order of the schema (ECMA-376, part 1, section
17), which Word insists on. Fonts are those of United Nations documents; LibreOffice has its own of the same measure.
"""

from collections.abc import Iterable

from reports.formats.docx.languages import tag_languages

NAMESPACE = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_XMLNS = f'xmlns:w="{NAMESPACE}"'
_LATIN, _CHINESE = "Times New Roman", "SimSun"
_GREY, _BLUE, _RED, _LINE = "595959", "1F4E79", "C00000", "B8C4CE"

# ids of lists, apart from those that the document may have of its own: one for all bullets; from FIRST_NUMBERED on one
# for each numbered list, so that it begins at 1
BULLETS = 1001
FIRST_NUMBERED = 1002
_BULLETED, _COUNTED = 1000, 1001
# where the words of a list stand, in twentieths of a point; the number or bullet hangs before them
_INDENT = 680

_HANGING = f'<w:ind w:left="{_INDENT}" w:hanging="{_INDENT}"/>'
_RULE_BELOW = '<w:pBdr><w:bottom w:val="single" w:sz="{size}" w:space="{space}" w:color="{color}"/></w:pBdr>'
_RULE_ABOVE = f'<w:pBdr><w:top w:val="single" w:sz="4" w:space="6" w:color="{_LINE}"/></w:pBdr>'


def _spacing(before: int, after: int) -> str:
    return f'<w:spacing w:before="{before}" w:after="{after}"/>'


def _size(points: float) -> str:
    return f'<w:sz w:val="{points * 2:.0f}"/><w:szCs w:val="{points * 2:.0f}"/>'


_BOLD = "<w:b/><w:bCs/>"
_ITALIC = "<w:i/><w:iCs/>"
_QUIET = f'<w:color w:val="{_GREY}"/>'
_WARNING = f'<w:color w:val="{_RED}"/>'
_KEEP = "<w:keepNext/><w:keepLines/>"

# paragraph styles: id, name as Word knows it, base, w:pPr, w:rPr
_PARAGRAPHS = (
    (
        "Title",
        "Title",
        "Normal",
        f"{_KEEP}{_spacing(0, 120)}",
        f'{_BOLD}<w:color w:val="{_BLUE}"/>{_size(20)}',
    ),
    (
        "Subtitle",
        "Subtitle",
        "Normal",
        f"{_RULE_BELOW.format(size=18, space=6, color=_BLUE)}{_spacing(0, 200)}",
        f"{_BOLD}{_size(13)}",
    ),
    (
        "Heading1",
        "heading 1",
        "Normal",
        f'{_KEEP}{_RULE_BELOW.format(size=4, space=2, color=_LINE)}{_spacing(360, 120)}<w:outlineLvl w:val="0"/>',
        f"{_BOLD}{_size(14)}",
    ),
    (
        "Heading2",
        "heading 2",
        "Normal",
        f'{_KEEP}{_spacing(240, 80)}<w:outlineLvl w:val="1"/>',
        f"{_BOLD}{_size(12)}",
    ),
    (
        "Heading3",
        "heading 3",
        "Normal",
        f'{_KEEP}{_spacing(180, 60)}<w:outlineLvl w:val="2"/>',
        f"{_BOLD}{_ITALIC}{_size(11)}",
    ),
    ("Heading4", "heading 4", "Normal", f'{_KEEP}{_spacing(140, 60)}<w:outlineLvl w:val="3"/>', _ITALIC),
    ("DeskHeading", "Desk Heading", "Heading1", "", ""),
    ("ContentsTitle", "Contents Title", "Normal", f"{_KEEP}{_spacing(300, 100)}", f"{_BOLD}{_size(12)}"),
    ("TOC1", "toc 1", "Normal", _spacing(60, 20), ""),
    ("TOC2", "toc 2", "Normal", f'{_spacing(0, 20)}<w:ind w:left="340"/>', _size(10)),
    (
        "ListBullet",
        "List Bullet",
        "Normal",
        f'<w:numPr><w:numId w:val="{BULLETS}"/></w:numPr>{_spacing(0, 80)}',
        "",
    ),
    (
        "ListNumber",
        "List Number",
        "Normal",
        f'<w:numPr><w:numId w:val="{FIRST_NUMBERED}"/></w:numPr>{_spacing(0, 80)}',
        "",
    ),
    ("CitedNote", "Cited Note", "Normal", f"{_spacing(0, 80)}{_HANGING}", ""),
    (
        "NumberedParagraph",
        "Numbered Paragraph",
        "Normal",
        f'<w:tabs><w:tab w:val="left" w:pos="{_INDENT}"/></w:tabs>{_spacing(0, 120)}',
        "",
    ),
    ("SummaryLine", "Summary Line", "Normal", _spacing(0, 20), ""),
    ("NoteDetail", "Note Detail", "Normal", _spacing(0, 80), f"{_QUIET}{_size(9)}"),
    ("ListDetail", "List Detail", "NoteDetail", f'<w:ind w:left="{_INDENT}"/>', ""),
    ("Prompt", "Prompt", "Normal", _spacing(0, 100), f"{_ITALIC}{_QUIET}"),
    ("Theme", "Theme", "Normal", f"<w:keepNext/>{_spacing(0, 100)}", _ITALIC),
    ("NoNotes", "No Notes", "Normal", "", f"{_ITALIC}{_QUIET}"),
    ("FormNote", "Form Note", "Normal", f"{_RULE_ABOVE}{_spacing(360, 120)}", f"{_QUIET}{_size(9.5)}"),
    ("CellText", "Cell Text", "Normal", _spacing(0, 0), ""),
    ("TraceText", "Trace Text", "CellText", "", _size(8.5)),
    # next to nothing, so that a table at the end of a page does not leave an empty page behind
    (
        "TableEnd",
        "Table End",
        "Normal",
        '<w:spacing w:before="0" w:after="140" w:line="20" w:lineRule="exact"/>',
        _size(1),
    ),
    ("TableCaption", "Table Caption", "Caption", f"<w:keepNext/>{_spacing(120, 60)}", ""),
    ("Caption", "caption", "Normal", _spacing(0, 160), f"{_ITALIC}{_size(10)}"),
    ("Picture", "Picture", "Normal", f"{_KEEP}{_spacing(120, 60)}", ""),
    ("CommentText", "annotation text", "Normal", _spacing(0, 0), _size(10)),
    (
        "ChecklistTitle",
        "Checklist Title",
        "Checklist",
        f"<w:keepNext/>{_RULE_BELOW.format(size=18, space=4, color=_RED)}{_spacing(0, 120)}",
        f"{_BOLD}{_WARNING}{_size(16)}",
    ),
    ("ChecklistHeading", "Checklist Heading", "Checklist", f"<w:keepNext/>{_spacing(200, 60)}", _BOLD),
    (
        "ChecklistItem",
        "Checklist Item",
        "Checklist",
        f'<w:numPr><w:numId w:val="{BULLETS}"/></w:numPr>{_spacing(0, 40)}',
        "",
    ),
    ("Checklist", "Checklist", "Normal", "", ""),
    (
        "Header",
        "header",
        "Normal",
        f"{_RULE_BELOW.format(size=4, space=4, color=_LINE)}{_spacing(0, 0)}",
        f"{_QUIET}{_size(9)}",
    ),
    ("Footer", "footer", "Normal", f'{_spacing(0, 0)}<w:jc w:val="center"/>', f"{_QUIET}{_size(9)}"),
)

_KNOWN_TO_WORD = {
    *("Title", "Subtitle", "List Bullet", "List Number", "header", "footer", "caption", "annotation text"),
    *("annotation reference", "toc 1", "toc 2"),
    *(f"heading {level}" for level in range(1, 5)),
}

# character styles: id, name, w:rPr
_CHARACTERS = (
    ("NoteNumber", "Note Number", _BOLD),
    ("ToBeCompleted", "To Be Completed", _WARNING),
    ("CommentReference", "annotation reference", _size(8)),
)


def style_sheet(language: str) -> str:
    """The whole `w:styles` element, for a document in this language."""
    return "".join(
        (
            f"<w:styles {_XMLNS}>",
            f'<w:docDefaults><w:rPrDefault><w:rPr><w:rFonts w:ascii="{_LATIN}" w:eastAsia="{_CHINESE}" '
            f'w:hAnsi="{_LATIN}" w:cs="{_LATIN}"/>{_size(11)}<w:lang {tag_languages(language)}/></w:rPr>'
            "</w:rPrDefault>"
            '<w:pPrDefault><w:pPr><w:spacing w:after="120" w:line="264" w:lineRule="auto"/></w:pPr>'
            "</w:pPrDefault></w:docDefaults>",
            _DEFAULTS,
            *map(_paragraph_style, _PARAGRAPHS),
            *(_character_style(*style) for style in _CHARACTERS),
            _REPORT_TABLE,
            "</w:styles>",
        )
    )


def _paragraph_style(style: tuple[str, str, str, str, str]) -> str:
    style_id, name, base, paragraph, run = style
    custom = "" if name in _KNOWN_TO_WORD else ' w:customStyle="1"'
    following = '<w:next w:val="Normal"/>' if "<w:keepNext/>" in paragraph else ""
    return (
        f'<w:style w:type="paragraph"{custom} w:styleId="{style_id}"><w:name w:val="{name}"/>'
        f'<w:basedOn w:val="{base}"/>{following}<w:qFormat/>'
        f"<w:pPr>{paragraph}</w:pPr><w:rPr>{run}</w:rPr></w:style>"
    )


def _character_style(style_id: str, name: str, run: str) -> str:
    custom = "" if name in _KNOWN_TO_WORD else ' w:customStyle="1"'
    return (
        f'<w:style w:type="character"{custom} w:styleId="{style_id}"><w:name w:val="{name}"/>'
        f'<w:basedOn w:val="DefaultParagraphFont"/><w:qFormat/><w:rPr>{run}</w:rPr></w:style>'
    )


# what all others are based on
_DEFAULTS = (
    '<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/><w:qFormat/></w:style>'
    '<w:style w:type="character" w:default="1" w:styleId="DefaultParagraphFont">'
    '<w:name w:val="Default Paragraph Font"/><w:semiHidden/></w:style>'
    '<w:style w:type="table" w:default="1" w:styleId="TableNormal"><w:name w:val="Normal Table"/>'
    '<w:semiHidden/><w:tblPr><w:tblInd w:w="0" w:type="dxa"/><w:tblCellMar><w:top w:w="0" w:type="dxa"/>'
    '<w:left w:w="108" w:type="dxa"/><w:bottom w:w="0" w:type="dxa"/><w:right w:w="108" w:type="dxa"/>'
    "</w:tblCellMar></w:tblPr></w:style>"
    '<w:style w:type="numbering" w:default="1" w:styleId="NoList"><w:name w:val="No List"/><w:semiHidden/></w:style>'
)
_HEAD_CELLS = f'<w:rPr>{_BOLD}</w:rPr><w:tcPr><w:shd w:val="clear" w:color="auto" w:fill="EEF3F7"/></w:tcPr>'
_REPORT_TABLE = (
    '<w:style w:type="table" w:customStyle="1" w:styleId="ReportTable"><w:name w:val="Report Table"/>'
    '<w:basedOn w:val="TableNormal"/>'
    "<w:qFormat/><w:tblPr><w:tblBorders>"
    + "".join(
        f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="{_LINE}"/>'
        for side in ("top", "left", "bottom", "right", "insideH", "insideV")
    )
    + '</w:tblBorders><w:tblCellMar><w:top w:w="57" w:type="dxa"/><w:left w:w="108" w:type="dxa"/>'
    '<w:bottom w:w="57" w:type="dxa"/><w:right w:w="108" w:type="dxa"/></w:tblCellMar></w:tblPr>'
    f'<w:tblStylePr w:type="firstRow">{_HEAD_CELLS}</w:tblStylePr>'
    f'<w:tblStylePr w:type="firstCol">{_HEAD_CELLS}</w:tblStylePr></w:style>'
)


def list_definitions(numbered: Iterable[int]) -> str:
    """A `w:numbering` element: bullets, and a list from 1 for each of these ids."""
    restarts = "".join(
        f'<w:num w:numId="{number}"><w:abstractNumId w:val="{_COUNTED}"/>'
        '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride></w:num>'
        for number in numbered
    )
    return (
        f"<w:numbering {_XMLNS}>"
        + _list_definition(_BULLETED, "bullet", "•", f'<w:ind w:left="{_INDENT}" w:hanging="{_INDENT // 2}"/>')
        + _list_definition(_COUNTED, "decimal", "%1.", f'<w:ind w:left="{_INDENT}" w:hanging="{_INDENT - 260}"/>')
        + f'<w:num w:numId="{BULLETS}"><w:abstractNumId w:val="{_BULLETED}"/></w:num>{restarts}</w:numbering>'
    )


def _list_definition(number: int, kind: str, text: str, indent: str) -> str:
    return (
        f'<w:abstractNum w:abstractNumId="{number}"><w:multiLevelType w:val="singleLevel"/>'
        f'<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="{kind}"/><w:lvlText w:val="{text}"/>'
        f'<w:lvlJc w:val="left"/><w:pPr>{indent}</w:pPr></w:lvl></w:abstractNum>'
    )


def settings(language: str) -> str:
    """The whole `w:settings` element: today's Word, no compatibility mode."""
    return (
        f'<w:settings {_XMLNS}><w:zoom w:percent="100"/><w:defaultTabStop w:val="720"/>'
        '<w:characterSpacingControl w:val="doNotCompress"/><w:compat>'
        '<w:compatSetting w:name="compatibilityMode" '
        'w:uri="http://schemas.microsoft.com/office/word" w:val="15"/></w:compat>'
        f'<w:themeFontLang {tag_languages(language)}/><w:decimalSymbol w:val="."/><w:listSeparator w:val=","/>'
        "</w:settings>"
    )
