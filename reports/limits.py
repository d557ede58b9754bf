"""Limits of a template: how far a part or a note is over them, in words. Shown, never applied by cutting."""

from collections.abc import Mapping, Sequence

from reports.report import Item
from reports.template import PartSpec


def tell_excess(spec: PartSpec, items: Sequence[Item], words: Mapping[str, str]) -> tuple[str, ...]:
    """Which limits of a part its notes exceed, a line each."""
    texts = [item.text for item in items]
    counts = {
        "items": len(texts),
        "words": sum(len(text.split()) for text in texts),
        "characters": sum(map(len, texts)),
    }
    return tuple(
        words[f"over_limit.{unit}"].format(count=counts[unit], limit=limit)
        for unit, limit in spec.limits.items()
        if counts[unit] > limit
    )
