"""Writing the files of a draft into a folder. Used by the command line and the console."""

import os
from collections.abc import Sequence
from itertools import chain, count
from pathlib import Path

from core.errors import UserError
from core.replies import DraftFile


def write_files(files: Sequence[DraftFile], folder: Path) -> list[Path]:
    """Write files into a folder, each whole or not at all; their paths. What has their names is replaced."""
    return [_write_file(file, folder) for file in files]


def write_new_files(files: Sequence[DraftFile], folder: Path) -> list[Path]:
    """Write files into a folder, each whole or not at all; their paths.

    Another file of the same name, such as a draft from another database, stays: the new one has a number at its end.
    """
    return [_write_file(_find_free_name(file, folder), folder) for file in files]


def _find_free_name(file: DraftFile, folder: Path) -> DraftFile:
    stem, dot, suffix = file.name.rpartition(".")
    names = chain([file.name], (f"{stem}-{number}{dot}{suffix}" for number in count(2)))
    return next(file._replace(name=name) for name in names if not _differs(folder / name, file.content))


def _differs(path: Path, content: bytes) -> bool:
    """Whether something else stands there already."""
    try:
        return os.path.lexists(path) and path.read_bytes() != content
    except OSError:
        # a folder, or a file that may not be read
        return True


def _write_file(file: DraftFile, folder: Path) -> Path:
    path = folder / file.name
    unfinished = path.with_name(f".{file.name}.part")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        unfinished.write_bytes(file.content)
        unfinished.replace(path)
    except OSError as error:
        raise UserError(f"The folder {folder} cannot be written to: {error.strerror}. Name another one.") from None
    return path
