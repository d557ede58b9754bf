"""Photographs: those that came with the notes of a report, with their captions. Called by placement."""

from collections.abc import Mapping, Sequence

from reports.report import Item, Picture

# an attachment's platform and ref → what it holds
Files = Mapping[tuple[str, str], bytes]


def show_photographs(items: Sequence[Item], files: Files) -> tuple[Picture, ...]:
    """The photographs in the order of their notes."""
    return tuple(
        Picture(attachment.name, item.text, files.get((item.platform, attachment.ref)))
        for item in items
        for attachment in item.attachments
        if attachment.kind == "photo"
    )
