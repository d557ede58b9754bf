"""The list of participants, from the lists and spreadsheets posted with `#participants`. Called by placement."""

from collections.abc import Mapping, Sequence

from reports.report import Grid, Item

# an attachment's platform and ref → what it holds
Files = Mapping[tuple[str, str], bytes]


def list_participants(
    items: Sequence[Item], files: Files, words: Mapping[str, str]
) -> tuple[tuple[Grid, ...], tuple[str, ...]]:
    """The tables that were read, and what could not be read, in words for the checklist."""
    return (), ()
