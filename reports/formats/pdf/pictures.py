"""The photographs of a report, as files for typst. Called by `reports.formats.pdf.blocks`."""

from datetime import UTC, datetime

from typst import TypstError

from reports.formats.pdf.typesetting import typeset
from reports.report import Picture

# how a file begins → its format
_STARTS = {b"\x89PNG\r\n\x1a\n": "png", b"\xff\xd8\xff": "jpg"}
_NO_TIME = datetime(1980, 1, 1, tzinfo=UTC)


class Pictures:
    """Those that can be shown; `files` holds them by their names."""

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}

    def add(self, picture: Picture) -> tuple[str, str] | None:
        """The name of its file and its format; None where there is no file, or none that typst can show."""
        content = picture.content or b""
        kind = next((kind for start, kind in _STARTS.items() if content.startswith(start)), None)
        if kind is None or not _is_whole(content, kind):
            return None
        name = f"picture-{len(self.files)}"
        self.files[name] = content
        return name, kind


def _is_whole(content: bytes, kind: str) -> bool:
    """Whether typst can show it: one broken picture would be the end of the whole document."""
    page = f'#set document(title: "x")\n#image("picture", format: "{kind}", alt: "x")'
    try:
        typeset({"main": page.encode()}, {"picture": content}, _NO_TIME)
    except TypstError:
        return False
    return True
