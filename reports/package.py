"""The submission package: named contents → one zip file with a manifest. Pure; called by `bot.packaging`.

What people sent is put in as it is: never opened, never unpacked, and under a name that leads nowhere. The same
contents give the same bytes.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from io import BytesIO
from pathlib import PurePosixPath
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

MANIFEST = "MANIFEST.txt"
# zip files know no earlier time, and a package shall not depend on when it was made
_TIME = (1980, 1, 1, 0, 0, 0)
_LONGEST_NAME, _LONGEST_NAME_IN_BYTES, _LONGEST_SUFFIX = 100, 200, 10
# what some system takes for a path, a stream, a pattern or a variable, and what nobody sees
_FORBIDDEN = re.compile(r'[\\/:*?"<>|%]')
_UNSEEN = ("C", "Z")
_DEVICES = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)(?=\.|$)", re.IGNORECASE)
# formats that are compressed by themselves
_PACKED = (".docx", ".pdf", ".jpg", ".jpeg", ".png", ".xlsx", ".pptx", ".zip", ".odt", ".ods")


@dataclass(frozen=True, slots=True)
class Entry:
    """A file of the package. `folder` is ours, "" for the top; `name` may come from whoever posted the file."""

    folder: str
    name: str
    content: bytes


def pack(entries: Sequence[Entry], head: str, remarks: Sequence[str], columns: str) -> bytes:
    """The zip of these files, in their order, and of a manifest.

    The manifest has a head, what there is to say (of what is missing, above all) and under the heading `columns` the
    SHA-256, the size in bytes and the name of each file.
    """
    names = name_entries(entries)
    lines = [
        f"{sha256(entry.content).hexdigest()}  {len(entry.content):>10}  {name}"
        for name, entry in zip(names, entries, strict=True)
    ]
    told = [*(f"- {remark}" for remark in remarks), *[""] * bool(remarks)]
    manifest = "\n".join([head, "", *told, columns, *lines, ""]).encode()
    packed = BytesIO()
    with ZipFile(packed, "w") as made:
        for name, content in [(MANIFEST, manifest), *zip(names, (entry.content for entry in entries), strict=True)]:
            info = ZipInfo(name, _TIME)
            info.compress_type = ZIP_STORED if name.lower().endswith(_PACKED) else ZIP_DEFLATED
            # a plain file that all may read, as from any system
            info.create_system, info.external_attr = 3, 0o100644 << 16
            made.writestr(info, content)
    return packed.getvalue()


def name_entries(entries: Iterable[Entry]) -> list[str]:
    """A name in the zip for each entry, in their order: each another, also for a system that knows no capitals."""
    taken = {MANIFEST.casefold()}
    names = []
    for entry in entries:
        name = safe = _make_safe(entry.name)
        number = 1
        while f"{entry.folder}/{name}".lstrip("/").casefold() in taken:
            number += 1
            name = _shorten(safe, f"-{number}")
        path = f"{entry.folder}/{name}".lstrip("/")
        taken.add(path.casefold())
        names.append(path)
    return names


def _make_safe(name: str) -> str:
    """A name that is no path, has nothing unseen in it and can be a file's on every system."""
    composed = unicodedata.normalize("NFC", name)
    seen = "".join(" " if unicodedata.category(char)[0] in _UNSEEN else char for char in composed)
    safe = " ".join(_FORBIDDEN.sub("_", seen).split()).strip(". ")
    if _DEVICES.match(safe) or safe.startswith(("~", "-")):
        safe = f"_{safe}"
    return _shorten(safe or "file", "")


def _shorten(name: str, end: str) -> str:
    """The name with this at its end, before the suffix, and not too long for a file system."""
    suffix = PurePosixPath(name).suffix
    if len(suffix) > _LONGEST_SUFFIX:
        suffix = ""
    stem = name.removesuffix(suffix)[: _LONGEST_NAME - len(end) - len(suffix)]
    while len(f"{stem}{end}{suffix}".encode()) > _LONGEST_NAME_IN_BYTES:
        stem = stem[:-1]
    return f"{stem.rstrip('. ')}{end}{suffix}"
