"""Photographs in a Word document: whether they can be shown, how large, and their drawing as text.

Called by the writer of annexes and by `package`, which puts the files in. Only what a picture's own first bytes say
counts, not its name or the type that somebody gave it.
"""

from dataclasses import dataclass
from xml.sax.saxutils import quoteattr

# English Metric Units in a pixel at 96 to the inch; and the room on the page: 16 cm by 11 cm, two on a page
_EMU_PER_PIXEL = 9525
_WIDEST, _HIGHEST = 5_760_000, 3_960_000
# ids of drawings, apart from those that the document may have of its own
_FIRST_ID = 1_000_000

_PNG = b"\x89PNG\r\n\x1a\n"
_JPEG = b"\xff\xd8\xff"
# markers of a JPEG frame, which tells the size; C4, C8 and CC are tables
_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
# markers that nothing follows
_BARE = frozenset({0x01, *range(0xD0, 0xD9)})

_DRAWING_ML = "http://schemas.openxmlformats.org/drawingml/2006"
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


@dataclass(frozen=True, slots=True)
class Embedded:
    """A picture in the file: the id that the body refers to it by, and its suffix with the dot."""

    relation: str
    suffix: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Shape:
    """What a picture's bytes say: its kind as a suffix with the dot, and its pixels."""

    suffix: str
    width: int
    height: int


def read_shape(content: bytes) -> Shape | None:
    """The kind and size of a PNG or JPEG file; None for whatever else."""
    if content.startswith(_PNG) and content[12:16] == b"IHDR" and len(content) >= 24:
        shape = Shape(".png", int.from_bytes(content[16:20]), int.from_bytes(content[20:24]))
    elif content.startswith(_JPEG):
        shape = Shape(".jpeg", *_read_frame(content))
    else:
        return None
    return shape if shape.width and shape.height else None


def _read_frame(content: bytes) -> tuple[int, int]:
    """Width and height of a JPEG file, as its frame tells; zeros where it has none."""
    place = 2
    while place + 9 <= len(content) and content[place] == 0xFF:
        marker = content[place + 1]
        if marker in _FRAMES:
            return int.from_bytes(content[place + 7 : place + 9]), int.from_bytes(content[place + 5 : place + 7])
        if marker == 0xFF:
            place += 1
        elif marker in _BARE:
            place += 2
        else:
            place += 2 + int.from_bytes(content[place + 2 : place + 4])
    return 0, 0


def draw(picture: Embedded, shape: Shape, number: int, alternative: str) -> str:
    """A run that shows a picture in its line, as large as the page lets it. `number` is its place in the document."""
    wide, high = shape.width * _EMU_PER_PIXEL, shape.height * _EMU_PER_PIXEL
    scale = min(1, _WIDEST / wide, _HIGHEST / high)
    width, height = max(1, round(wide * scale)), max(1, round(high * scale))
    named = f'id="{_FIRST_ID + number}" name="Picture {number}" descr={quoteattr(" ".join(alternative.split()))}'
    return (
        f'<w:r><w:drawing><wp:inline xmlns:wp="{_DRAWING_ML}/wordprocessingDrawing" distT="0" distB="0" distL="0" '
        f'distR="0"><wp:extent cx="{width}" cy="{height}"/><wp:docPr {named}/><wp:cNvGraphicFramePr>'
        f'<a:graphicFrameLocks xmlns:a="{_DRAWING_ML}/main" noChangeAspect="1"/></wp:cNvGraphicFramePr>'
        f'<a:graphic xmlns:a="{_DRAWING_ML}/main"><a:graphicData uri="{_DRAWING_ML}/picture">'
        f'<pic:pic xmlns:pic="{_DRAWING_ML}/picture"><pic:nvPicPr><pic:cNvPr {named}/><pic:cNvPicPr/></pic:nvPicPr>'
        f'<pic:blipFill><a:blip xmlns:r="{_RELATIONS}" r:embed="{picture.relation}"/>'
        f'<a:stretch><a:fillRect/></a:stretch></pic:blipFill><pic:spPr><a:xfrm><a:off x="0" y="0"/>'
        f'<a:ext cx="{width}" cy="{height}"/></a:xfrm><a:prstGeom prst="rect"><a:avLst/></a:prstGeom></pic:spPr>'
        "</pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing></w:r>"
    )
