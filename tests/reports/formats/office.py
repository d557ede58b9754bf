"""LibreOffice, a second program that opens what was made."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest


def run_libreoffice(folder: Path, *arguments: str) -> None:
    """Run it with these arguments and a profile in this folder; skip the test where there is none, fail it in CI."""
    program = shutil.which("soffice") or shutil.which("libreoffice")
    if program is None:
        reason = "LibreOffice is not installed: no soffice in PATH"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    command = [program, f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--headless", *arguments]
    subprocess.run(command, check=True, capture_output=True, timeout=240)


def convert(folder: Path, kind: str, *names: str, out: Path | None = None) -> None:
    """Have these files of the folder saved as another kind, there or in another folder."""
    files = [str(folder / name) for name in names]
    run_libreoffice(folder, "--convert-to", kind, "--outdir", str(out or folder), *files)
