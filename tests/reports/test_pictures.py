"""Photographs: which are pictures that a document can show, and what stands below them."""

from zlib import compress, crc32

import pytest

from core.messages import Attachment
from reports.pictures import find_media_type, show_photographs, strip_metadata
from reports.report import Picture
from tests.reports.formats.sample import note


def chunk(kind: bytes, data: bytes) -> bytes:
    return len(data).to_bytes(4) + kind + data + crc32(kind + data).to_bytes(4)


# one dot
HEADER = chunk(b"IHDR", bytes.fromhex("00000001000000010802000000"))
PNG = b"\x89PNG\r\n\x1a\n" + HEADER + chunk(b"IDAT", compress(b"\0\xff\xff\xff")) + chunk(b"IEND", b"")
# one dot: the frame's header, the lines' header and one byte of them
FRAME = bytes.fromhex("ffc0000b080001000101011100")
LINES = bytes.fromhex("ffda0008010100003f0000")
PHOTO = b"\xff\xd8\xff\xe1\x00\x06Exif" + FRAME + LINES + b"\xff\xd9"


def large(width: int, height: int) -> bytes:
    return PHOTO.replace(FRAME, FRAME[:5] + height.to_bytes(2) + width.to_bytes(2) + FRAME[9:])


@pytest.mark.parametrize(
    ("content", "media_type"),
    [
        (PNG, "image/png"),
        (PHOTO, "image/jpeg"),
        (PHOTO.replace(b"\xff\xc0", b"\xff\xff\xc2"), "image/jpeg"),
        (large(12_000, 9_000), "image/jpeg"),
        # a bomb, cut off, changed, without lines or size, something else
        (large(60_000, 60_000), ""),
        (large(0, 10), ""),
        (PNG[:-1], ""),
        (PNG.replace(b"IDAT", b"IDAU"), ""),
        (PHOTO[:-1], ""),
        (PHOTO.replace(FRAME, b""), ""),
        (b"\xff\xd8\xff\xe1\xff\xff", ""),
        (b"GIF89a", ""),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", ""),
        (b"sheet", ""),
    ],
)
def test_picture_is_known_by_its_bytes(content: bytes, media_type: str):
    assert find_media_type(content) == media_type


def test_photographs_stand_in_the_order_of_their_notes_with_the_notes_words():
    chart = (Attachment("photo", "photo-1.jpg", "a"), Attachment("photo", "photo-2.jpg", "b"))
    sent_as_file = (
        Attachment("file", "Chart.PNG", "c"),
        Attachment("file", "notes.docx", "d"),
        Attachment("voice", "v"),
    )
    items = [
        note("Wall chart of group 3", 1, attachments=chart),
        note("No picture", 2),
        note("The map", 3, attachments=sent_as_file),
        # another note of the first message
        note("Cross-filed", 4, message_id="101", attachments=chart),
        note("Only a name", 5, attachments=(Attachment("photo", "photo-9.jpg"),)),
    ]
    files = {("console", "a"): PHOTO, ("console", "b"): b"GIF89a", ("console", "c"): PNG, ("slack", "b"): PNG}
    assert show_photographs(items, files) == (
        Picture("photo-1.jpg", "Wall chart of group 3", PHOTO, "image/jpeg"),
        Picture("photo-2.jpg", "Wall chart of group 3"),
        Picture("Chart.PNG", "The map", PNG, "image/png"),
        Picture("photo-9.jpg", "Only a name"),
    )


def test_picture_loses_what_a_camera_or_a_person_wrote_into_it():
    told = chunk(b"tEXt", b"Author\0Ana") + chunk(b"eXIf", b"MM Ana")
    assert strip_metadata(PNG.replace(HEADER, HEADER + told) + b"Ana") == PNG
    jfif, colours = b"\xff\xe0\x00\x06JFIF", b"\xff\xe2\x00\x05ICC"
    told = b"\xff\xed\x00\x05Ana\xff\xfe\x00\x05Ana"
    lines = LINES + b"\xff\x00\xff\xd0 \xff\xc4\x00\x02" + LINES
    bare = b"\xff\xd8" + jfif + colours + FRAME + lines + b"\xff\xd9"
    photo = bare.replace(jfif, b"\xff\xe1\x00\x06Exif" + jfif + told).replace(FRAME, b"\xff" + FRAME) + b"Ana"
    assert strip_metadata(photo) == bare
    assert find_media_type(strip_metadata(photo)) == "image/jpeg"
    assert strip_metadata(b"%PDF Ana") == b"%PDF Ana"
