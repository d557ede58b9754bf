"""The formats: Report to bytes, one module a format, loaded when asked for.

A format module has `NAME` (as people type it), `SUFFIX` (of the file, with its dot), `MEDIA_TYPE` and
`render(report) -> bytes`. To add one, write the module and name it in `FORMATS`.
"""

from importlib import import_module
from typing import Protocol, cast

from core.errors import UserError
from core.phrases import phrase, quote_typed
from reports.report import Report

# name as people type it → module; a second name for the same module is an alias
FORMATS = {
    "docx": "docx",
    "html": "html",
    "md": "markdown",
    "markdown": "markdown",
    "json": "json",
    "pdf": "pdf",
}


class Format(Protocol):
    """What a format module offers."""

    NAME: str
    SUFFIX: str
    MEDIA_TYPE: str

    def render(self, report: Report) -> bytes:
        """The whole report as the bytes of one file."""
        ...


def load_format(name: str) -> Format:
    """The format of this name; a `UserError` lists the names there are."""
    module = FORMATS.get(name.strip().lower())
    if module is None:
        raise UserError(phrase("format_unknown", name=quote_typed(name), formats=", ".join(FORMATS)))
    return cast("Format", import_module(f"reports.formats.{module}"))
