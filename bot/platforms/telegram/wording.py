"""The words of a message as the core reads them. Called by `reading` and `rich`.

The core knows code by its backticks and links by their form, but here code has lost its backticks and any words can
be a link. So where the core would find a tag or a command in such a place, an invisible mark goes before its sign,
which makes it the end of a word, as in "C#". What people see stays their own.
"""

import re
from collections.abc import Iterable

from bot.fields import Json, need_number, take_objects, take_text
from core.tags import find_tags

# COMBINING GRAPHEME JOINER: shows nothing, and a sign behind a mark is no tag's
MARK = "\u034f"
# entities in which no tag counts
QUIET = ("code", "pre", "text_link", "url", "email")

_SIGN = re.compile("[#＃﹟]")
_COMMAND = re.compile(r"(/\w+)@(\w+)")
# a tag never starts with the mark, so one in code keeps all that it says
_ADDRESSED_TAG = re.compile(rf"(?<!{MARK})([#＃﹟][^\s@#＃﹟]+)@(\w+)")


def hush_tags(text: str) -> str:
    """The text, in which no tag is read any more."""
    kept, position = [], 0
    # backticks may pair with others outside of this text
    for tag in find_tags(text.replace("`", "'")):
        sign = _SIGN.search(text, tag.start).start()  # type: ignore[union-attr]
        kept += [text[position:sign], MARK]
        position = sign
    return "".join([*kept, text[position:]])


def mark_entities(text: str, entities: Iterable[Json]) -> str:
    """The text with no tag and no command in code and links; entities count UTF-16 code units."""
    if not _SIGN.search(text) and not text.startswith("/"):
        return text
    units = text.encode("utf-16-le", "surrogatepass")

    def index_of(unit: int) -> int:
        return len(units[: 2 * max(0, unit)].decode("utf-16-le", "surrogatepass"))

    spans = []
    for entity in entities:
        if take_text(entity, "type") in QUIET:
            start = need_number(entity, "offset")
            spans.append((index_of(start), index_of(start + need_number(entity, "length"))))
    command_in_code = text.startswith("/") and any(start == 0 < end for start, end in spans)
    kept, position = [MARK if command_in_code else ""], 0
    for start, end in sorted(spans):
        if end > position:
            kept += [text[position : max(start, position)], hush_tags(text[max(start, position) : end])]
            position = end
    return "".join([*kept, text[position:]])


def read_words(message: Json) -> str:
    """The text or caption of a message."""
    for name, entities in (("text", "entities"), ("caption", "caption_entities")):
        if words := take_text(message, name):
            return mark_entities(words, take_objects(message, entities))
    return ""


def drop_own_name(text: str, username: str) -> str:
    """The text with "/draft@bot" and "#tag@bot" as they are without the bot's name."""

    def drop(match: re.Match[str]) -> str:
        return match[1] if match[2].casefold() == username.casefold() else match[0]

    return _ADDRESSED_TAG.sub(drop, _COMMAND.sub(drop, text, count=1) if _COMMAND.match(text) else text)


def is_for_another(text: str) -> bool:
    """Whether a text without the bot's own name is a command for another bot."""
    return _COMMAND.match(text) is not None
