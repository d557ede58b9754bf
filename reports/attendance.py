"""Attendance: the numbers in `#attendance` notes, as tables of the template's counts. Called by placement."""

from collections.abc import Sequence

from reports.report import Grid, Item
from reports.template import Template


def count_attendance(items: Sequence[Item], template: Template, language: str) -> tuple[Grid, ...]:
    """A table for each of the template's counts."""
    return ()
