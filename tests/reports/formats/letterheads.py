"""Word files of an organisation's own: one that LibreOffice makes from a source, small ones, and changed ones."""

import base64
import struct
import zlib
from collections.abc import Callable, Mapping
from functools import cache
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

from docx import Document

from reports.placeholders import WORD

Change = Callable[[bytes], bytes] | bytes | None


def png(width: int, height: int) -> bytes:
    """A picture of one green."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    lines = zlib.compress((b"\0" + bytes((0, 120, 90)) * width) * height)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", lines) + chunk(b"IEND", b"")


LOGO = png(120, 40)

_SPACES = " ".join(
    f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{space}:1.0"'
    for name, space in {
        "office": "office",
        "style": "style",
        "text": "text",
        "table": "table",
        "draw": "drawing",
        "fo": "xsl-fo-compatible",
        "svg": "svg-compatible",
    }.items()
)


def _style(name: str, parent: str, paragraph: str, text: str, more: str = "") -> str:
    return (
        f'<style:style style:name="{name.replace(" ", "_20_")}" style:display-name="{name}" style:family="paragraph" '
        f'style:parent-style-name="{parent}" style:class="text" {more}><style:paragraph-properties {paragraph}/>'
        f"<style:text-properties {text}/></style:style>"
    )


_GREEN = 'fo:color="#00785a"'
_HEADINGS = "".join(
    _style(
        f"Heading {level}", "Heading", "", f'{_GREEN} fo:font-size="{size}pt"', f'style:default-outline-level="{level}"'
    )
    for level, size in enumerate((15, 12, 11), 1)
)
# a letter of an office with a logo, an address, fonts and colours of its own, a list, and a cover to be filled in
SOURCE = f"""<?xml version="1.0" encoding="UTF-8"?>
<office:document {_SPACES} office:version="1.3" office:mimetype="application/vnd.oasis.opendocument.text">
<office:font-face-decls>
<style:font-face style:name="DejaVu Sans" svg:font-family="'DejaVu Sans'"/>
<style:font-face style:name="DejaVu Serif" svg:font-family="'DejaVu Serif'"/>
</office:font-face-decls>
<office:styles>
<style:default-style style:family="paragraph">
<style:text-properties style:font-name="DejaVu Serif" fo:font-size="10pt" fo:language="de" fo:country="DE"/>
</style:default-style>
<style:style style:name="Standard" style:family="paragraph" style:class="text"/>
{_style("Heading", "Standard", 'fo:margin-top="0.4cm" fo:keep-with-next="always"', 'style:font-name="DejaVu Sans"')}
{_HEADINGS}
</office:styles>
<office:automatic-styles>
<style:style style:name="Bold" style:family="text"><style:text-properties fo:font-weight="bold"/></style:style>
{_style("Cover", "Standard", "", f'{_GREEN} fo:font-size="22pt"')}
{_style("Small", "Standard", "", f'{_GREEN} fo:font-size="8pt"')}
<style:style style:name="Apart" style:family="graphic"><style:graphic-properties draw:fill="none" style:wrap="none"
 style:vertical-pos="top" style:vertical-rel="paragraph"/></style:style>
<text:list-style style:name="Letters"><text:list-level-style-number text:level="1" style:num-format="a"
 style:num-suffix=")"/></text:list-style>
<style:page-layout style:name="Page"><style:page-layout-properties fo:page-width="21cm" fo:page-height="29.7cm"
 fo:margin-left="3cm" fo:margin-right="4cm" fo:margin-top="1.5cm" fo:margin-bottom="1.5cm"/>
<style:header-style><style:header-footer-properties fo:margin-bottom="0.5cm"/></style:header-style>
<style:footer-style><style:header-footer-properties fo:margin-top="0.5cm"/></style:footer-style>
</style:page-layout>
</office:automatic-styles>
<office:master-styles><style:master-page style:name="Standard" style:page-layout-name="Page">
<style:header><text:p><draw:frame draw:name="Logo" text:anchor-type="as-char" svg:width="3cm" svg:height="1cm">
<draw:image><office:binary-data>{base64.b64encode(LOGO).decode()}</office:binary-data></draw:image>
</draw:frame> Green Office</text:p></style:header>
<style:footer><text:p text:style-name="Small">Green Office, Example Street 1 – {{{{ draft }}}} –
 <text:page-number text:select-page="current">1</text:page-number></text:p></style:footer>
</style:master-page></office:master-styles>
<office:body><office:text>
<text:p text:style-name="Cover">{{{{ <text:span text:style-name="Bold">tit</text:span>le }}}}</text:p>
<text:p>Held at {{{{Venue}}}} on {{{{ date }}}}.</text:p>
<text:p><draw:frame draw:name="Box" draw:style-name="Apart" text:anchor-type="paragraph" svg:width="12cm">
<draw:text-box fo:min-height="1cm"><text:p>Prepared by {{{{ prepared_by }}}}</text:p>
</draw:text-box></draw:frame></text:p>
<text:list text:style-name="Letters"><text:list-item><text:p>the report</text:p></text:list-item></text:list>
<text:p>{{{{ report }}}}</text:p>
<text:p>With kind regards, the Green Office</text:p>
</office:text></office:body></office:document>"""


@cache
def small(*paragraphs: str, styles: tuple[str, ...] = ("Normal", "heading 1", "heading 2", "heading 3")) -> bytes:
    """A file of Word's with these paragraphs, and of its many styles with these only; all if there are none."""
    document = Document()
    for style in list(document.styles.element.style_lst) if styles else []:
        if style.find(f"{WORD}name").get(f"{WORD}val") not in styles:
            document.styles.element.remove(style)
    for text in paragraphs:
        document.add_paragraph(text)
    saved = BytesIO()
    document.save(saved)
    return saved.getvalue()


def change(file: bytes, changes: Mapping[str, Change]) -> bytes:
    """The file with parts replaced, added (bytes), changed (a function) or taken out (None)."""
    changed = BytesIO()
    with ZipFile(BytesIO(file)) as source, ZipFile(changed, "w", ZIP_DEFLATED) as target:
        parts: dict[str, bytes | None] = {name: source.read(name) for name in source.namelist()}
        for name, what in changes.items():
            parts[name] = what(parts.get(name) or b"") if callable(what) else what
        for name, content in parts.items():
            if content is not None:
                target.writestr(name, content)
    return changed.getvalue()


def swap(*pairs: tuple[str, str]) -> Callable[[bytes], bytes]:
    """Replace texts in a part; each must be there."""

    def apply(content: bytes) -> bytes:
        for old, new in pairs:
            assert old.encode() in content, old
            content = content.replace(old.encode(), new.encode())
        return content

    return apply


def read_parts(file: bytes) -> dict[str, bytes]:
    """All parts by name."""
    with ZipFile(BytesIO(file)) as package:
        return {name: package.read(name) for name in package.namelist()}
