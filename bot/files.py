"""Writing the files of a draft into a folder. Used by the command line and the console."""

from collections.abc import Sequence
from pathlib import Path

from core.errors import UserError
from core.replies import DraftFile


def write_files(files: Sequence[DraftFile], folder: Path) -> list[Path]:
    """Write files into a folder, each whole or not at all; their paths."""
    paths = []
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for file in files:
            path = folder / file.name
            unfinished = path.with_name(f".{file.name}.part")
            unfinished.write_bytes(file.content)
            unfinished.replace(path)
            paths.append(path)
    except OSError as error:
        raise UserError(f"The folder {folder} cannot be written to: {error.strerror}. Name another one.") from None
    return paths
