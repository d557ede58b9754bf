"""Rich messages (Bot API 10.1) as plain text: a line for each paragraph, heading, list item and row of a table.

Called by `reading`. Blocks and texts of a kind that is not known give the words that they hold.
"""

from collections.abc import Iterator
from typing import Any

from bot.fields import Json, as_object, take_list, take_objects, take_text
from bot.platforms.telegram.wording import hush_tags

_BULLET = "•"
_BETWEEN_CELLS = " | "
# what of a block holds words, in the order in which a client shows them
_SHOWN = ("summary", "text", "expression", "blocks", "items", "cells", "buttons", "caption", "credit")
_QUIET = ("code", "url", "email_address")


def flatten_rich(rich: Json) -> str:
    """The words of a rich message."""
    return "\n".join(_flatten_blocks(rich, "blocks"))


def list_blocks(rich: Json) -> Iterator[Json]:
    """All blocks of a rich message that may be a file or hold one, those inside others too."""
    for block in take_objects(rich, "blocks"):
        yield block
        yield from list_blocks(block)
        for item in take_objects(block, "items"):
            yield from list_blocks(item)


def _flatten_blocks(source: Json, key: str) -> Iterator[str]:
    for block in take_objects(source, key):
        yield from _flatten_block(block)


def _flatten_block(block: Json) -> Iterator[str]:
    shown = [key for key in _SHOWN if block.get(key) is not None]
    for key in shown:
        if key == "blocks":
            yield from _flatten_blocks(block, key)
        elif key == "items":
            for item in take_objects(block, key):
                yield from _flatten_item(item)
        elif key == "cells":
            yield from _flatten_table(take_list(block, key))
        elif key == "buttons":
            yield from _write_row(take_objects(block, key))
        elif isinstance(block[key], dict) and "type" not in block[key]:
            # a caption with its credit
            yield from _flatten_block(block[key])
        else:
            words = _read_words(block[key])
            # a line of it may be empty, the whole may not
            yield from [hush_tags(words) if block.get("type") == "pre" else words] if words.strip() else []
    if not shown:
        yield from _search_words(block)


def _flatten_item(item: Json) -> Iterator[str]:
    """A list's item: its label before its first line, the others below the words of that."""
    label = take_text(item, "label") or _BULLET
    for index, line in enumerate("\n".join(_flatten_block(item)).splitlines()):
        yield f"  {line}" if index else f"{label} {line}"


def _flatten_table(rows: list[Any]) -> Iterator[str]:
    for row in rows:
        yield from _write_row(take_objects({"cells": row}, "cells"))


def _write_row(cells: list[Json]) -> Iterator[str]:
    """Texts beside each other, each on one line; nothing of a row that is empty."""
    texts = [" ".join(_read_words(cell.get("text")).split()) for cell in cells]
    if any(texts):
        yield _BETWEEN_CELLS.join(texts)


def _read_words(text: Any) -> str:
    """The words of a rich text: a string, a list of rich texts, or an object around one."""
    if text is None or isinstance(text, str):
        return text or ""
    if isinstance(text, list):
        return "".join(_read_words(part) for part in text)
    told = as_object(text, "a rich text")
    for key in ("text", "alternative_text", "expression", "button"):
        if told.get(key) is not None:
            words = _read_words(told[key])
            return hush_tags(words) if told.get("type") in _QUIET else words
    return "".join(_search_words(told))


def _search_words(value: Any) -> Iterator[str]:
    """The words somewhere in what is of an unknown kind; names and addresses beside them are none."""
    for inner in value.values() if isinstance(value, dict) else value:
        if isinstance(inner, dict):
            yield from _flatten_block(inner)
        elif isinstance(inner, list):
            yield from _search_words(inner)
