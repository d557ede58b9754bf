"""Photographs: those that came with the notes of a report, with their captions. Called by placement and the package.

A file may be anything: documents show a PNG or JPEG picture that is whole and not too large, by its bytes.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from zlib import crc32

from core.messages import Attachment
from reports.report import Item, Picture

# an attachment's platform and ref → what it holds
Files = Mapping[tuple[str, str], bytes]

PNG, JPEG = "image/png", "image/jpeg"
_SUFFIXES = (".png", ".jpg", ".jpeg")
_PNG_HEAD, _JPEG_HEAD = b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff"
# a picture is unpacked to three or four bytes a pixel where a document is made or opened
_MOST_PIXELS = 120_000_000
# a whole picture has some dozens; a file of nothing else would take long to walk through
_MOST_SEGMENTS = 10_000
_PNG_METADATA = frozenset({b"tEXt", b"zTXt", b"iTXt", b"eXIf", b"tIME"})
# markers of a JPEG frame, among which stand tables; of its lines; of its end
_JPEG_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_JPEG_SCAN, _JPEG_END = 0xDA, 0xD9
# comments, and what applications put in, but for the sizes (E0) and the colours (E2, EE)
_JPEG_METADATA = frozenset({0xE1, *range(0xE3, 0xEE), 0xEF, 0xFE})
# a marker, which bytes of FF may stand before, and the first one that is none of the lines'
_MARKER = re.compile(rb"\xff+([\x01-\xfe])", re.DOTALL)
_AFTER_SCAN = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]", re.DOTALL)


def show_photographs(items: Sequence[Item], files: Files) -> tuple[Picture, ...]:
    """The photographs in the order of their notes; one that several notes share stands once, with the first."""
    shown: dict[tuple[str, str, str], Picture] = {}
    for item, attachment in list_photographs(items):
        content = files.get((item.platform, attachment.ref))
        media_type = find_media_type(content) if content else ""
        picture = Picture(attachment.name, item.text, content if media_type else None, media_type)
        shown.setdefault((item.chat, item.message_id, attachment.ref or attachment.name), picture)
    return tuple(shown.values())


def list_photographs(items: Sequence[Item]) -> Iterator[tuple[Item, Attachment]]:
    """The photographs that came with notes, those too that were sent as files."""
    for item in items:
        for attachment in item.attachments:
            if is_photograph(attachment):
                yield item, attachment


def is_photograph(attachment: Attachment) -> bool:
    """Whether an attachment is a photograph, as far as its platform or its name tells."""
    return attachment.kind == "photo" or (attachment.kind == "file" and attachment.name.lower().endswith(_SUFFIXES))


def find_media_type(content: bytes) -> str:
    """The media type of a whole picture, "" of anything else."""
    if content.startswith(_PNG_HEAD):
        return PNG if _fits(_measure_png(content)) else ""
    if content.startswith(_JPEG_HEAD):
        return JPEG if _fits(_measure_jpeg(content)) else ""
    return ""


def strip_metadata(content: bytes) -> bytes:
    """A picture without what a camera or a person wrote into its file: names, places, times, comments.

    Anything else stays as it is; so does what tells of colours.
    """
    if content.startswith(_PNG_HEAD):
        chunks = [whole for kind, whole in _walk_png(content) if kind not in _PNG_METADATA]
        return _PNG_HEAD + b"".join(chunks)
    if content.startswith(_JPEG_HEAD):
        segments = [whole for marker, whole in _walk_jpeg(content) if marker not in _JPEG_METADATA]
        return content[:2] + b"".join(segments)
    return content


def _fits(size: tuple[int, int] | None) -> bool:
    return size is not None and 0 < size[0] * size[1] <= _MOST_PIXELS


def _measure_png(content: bytes) -> tuple[int, int] | None:
    """Width and height of a PNG picture whose chunks are all there and as they were written."""
    chunks = dict(_walk_png(content))
    header = chunks.get(b"IHDR", b"")
    if len(header) != 25 or not chunks.keys() >= {b"IDAT", b"IEND"}:
        return None
    return int.from_bytes(header[8:12]), int.from_bytes(header[12:16])


def _walk_png(content: bytes) -> Iterator[tuple[bytes, bytes]]:
    """The chunks up to the last, each with its kind; up to one that is not as it was written."""
    at, kind = len(_PNG_HEAD), b""
    while at + 12 <= len(content) and kind != b"IEND":
        kind, end = content[at + 4 : at + 8], at + 12 + int.from_bytes(content[at : at + 4])
        if int.from_bytes(content[end - 4 : end]) != crc32(content[at + 4 : end - 4]):
            return
        yield kind, content[at:end]
        at = end


def _measure_jpeg(content: bytes) -> tuple[int, int] | None:
    """Width and height of a JPEG picture that has a frame and an end."""
    segments = dict(_walk_jpeg(content))
    frame = next((whole for marker, whole in segments.items() if marker in _JPEG_FRAMES), b"")
    if len(frame) < 9 or _JPEG_END not in segments:
        return None
    return int.from_bytes(frame[7:9]), int.from_bytes(frame[5:7])


def _walk_jpeg(content: bytes) -> Iterator[tuple[int, bytes]]:
    """The segments up to the end of the picture, each with its marker; a scan has its lines behind it."""
    at = 2
    for _ in range(_MOST_SEGMENTS):
        found = _MARKER.match(content, at)
        if found is None:
            return
        marker, start = found[1][0], found.end() - 2
        if marker == _JPEG_END:
            yield marker, content[start : start + 2]
            return
        at = start + 2 + int.from_bytes(content[start + 2 : start + 4])
        if marker == _JPEG_SCAN:
            after = _AFTER_SCAN.search(content, at)
            at = after.start() if after else len(content)
        yield marker, content[start:at]
