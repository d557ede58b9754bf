"""Typst at work: texts and pictures in, a PDF out. Called by `reports.formats.pdf` and its `pictures`."""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import cast

import typst

from reports.formats.pdf.fonts import load_fonts


def typeset(texts: Mapping[str, bytes], pictures: Mapping[str, bytes], made_at: datetime) -> bytes:
    """The PDF of the text "main" among these, said to be made at this time (aware).

    A `typst.TypstError` says what typst refuses.
    """
    # the only folder that typst can read in, and where it looks for packages, which it would fetch: in it are only
    # the pictures, because what is handed over in memory must be text
    with TemporaryDirectory(prefix="rapporteur-") as name:
        folder = Path(name)
        for picture, content in pictures.items():
            (folder / picture).write_bytes(content)
        return typst.compile(
            # its stubs do not tell that it takes texts in memory by their names
            cast("Path", dict(texts)),
            root=folder,
            font_paths=load_fonts(),
            ignore_system_fonts=True,
            format="pdf",
            # for people who are read to: typst refuses what would not be accessible, a missing character too
            pdf_standards="ua-1",
            package_path=folder,
            package_cache_path=folder,
            timestamp=int(made_at.timestamp()),
        )
