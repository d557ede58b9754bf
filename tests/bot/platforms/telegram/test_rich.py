"""Rich messages as the Bot API gives them, and the words that are left of them."""

from typing import Any

import pytest

from bot.platforms.telegram.rich import flatten_rich, list_blocks

MARK = "\u034f"
PARAGRAPH = {"type": "paragraph", "text": "one"}


@pytest.mark.parametrize(
    ("block", "words"),
    [
        (PARAGRAPH, "one"),
        ({"type": "heading", "size": 1, "text": {"type": "bold", "text": "Session II"}}, "Session II"),
        ({"type": "footer", "text": ["a", {"type": "italic", "text": ["b", {"type": "spoiler", "text": "c"}]}]}, "abc"),
        ({"type": "divider"}, ""),
        ({"type": "anchor", "name": "top"}, ""),
        ({"type": "pre", "text": "x = 1 #need\n\n#trend", "language": "python"}, f"x = 1 {MARK}#need\n\n{MARK}#trend"),
        ({"type": "mathematical_expression", "expression": "a^2"}, "a^2"),
        ({"type": "blockquote", "blocks": [PARAGRAPH, PARAGRAPH], "credit": "Ms Ivanova"}, "one\none\nMs Ivanova"),
        ({"type": "expandable_blockquote", "text": "one", "credit": "Ms Ivanova"}, "one\nMs Ivanova"),
        ({"type": "pullquote", "text": "one"}, "one"),
        ({"type": "details", "summary": "More", "blocks": [PARAGRAPH], "is_open": True}, "More\none"),
        (
            {
                "type": "collage",
                "blocks": [{"type": "photo", "photo": [], "caption": {"text": "Left"}}],
                "caption": {"text": "The hall", "credit": "A. Diallo"},
            },
            "Left\nThe hall\nA. Diallo",
        ),
        (
            {"type": "map", "location": {"latitude": 1, "longitude": 2}, "zoom": 3, "caption": {"text": "Venue"}},
            "Venue",
        ),
        ({"type": "audio", "audio": {"file_id": "f", "title": "t", "performer": "p"}}, ""),
        ({"type": "buttons", "buttons": [{"text": "Yes", "callback_data": "y"}, {"text": ["N", "o"]}]}, "Yes | No"),
        ({"type": "thinking", "text": "Hm"}, "Hm"),
        ({"type": "paragraph", "text": " "}, ""),
    ],
)
def test_block_gives_its_words(block: dict[str, Any], words: str):
    assert flatten_rich({"blocks": [block], "is_rtl": True}) == words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ({"type": "code", "text": "#need"}, f"{MARK}#need"),
        ({"type": "url", "text": "see #need", "url": "https://un.org/"}, f"see {MARK}#need"),
        ({"type": "url", "text": "https://un.org/#need", "url": "https://un.org/#need"}, "https://un.org/#need"),
        ({"type": "hashtag", "text": "#need", "hashtag": "need"}, "#need"),
        ({"type": "custom_emoji", "custom_emoji_id": "53", "alternative_text": "🌍"}, "🌍"),
        ({"type": "mathematical_expression", "expression": "x"}, "x"),
        ({"type": "date_time", "text": "9 July", "unix_time": 1, "date_time_format": "d"}, "9 July"),
        ({"type": "text_mention", "text": "Amina", "user": {"id": 1, "first_name": "A"}}, "Amina"),
        ({"type": "reference", "name": "r1", "text": ["[", "1", "]"]}, "[1]"),
        ({"type": "button", "button": {"text": "Go", "url": "https://un.org"}}, "Go"),
        ({"type": "anchor", "name": "top"}, ""),
        ({"type": "of_the_future", "parts": [{"type": "bold", "text": "a"}, {"text": "b"}], "id": "x"}, "ab"),
    ],
)
def test_text_gives_its_words(text: dict[str, Any], words: str):
    assert flatten_rich({"blocks": [{"type": "paragraph", "text": ["<", text, ">"]}]}) == f"<{words}>"


def test_list_stays_a_list():
    inner = {"type": "list", "items": [{"label": "a.", "blocks": [{"type": "paragraph", "text": "#need Tables"}]}]}
    items = [
        {"label": "1.", "blocks": [{"type": "paragraph", "text": "#need Chairs"}, inner]},
        {"label": "2.", "blocks": [{"type": "divider"}]},
        {"label": "", "blocks": [PARAGRAPH], "has_checkbox": True, "is_checked": True},
    ]
    assert flatten_rich({"blocks": [{"type": "list", "items": items}]}).split("\n") == [
        "1. #need Chairs",
        "  a. #need Tables",
        "• one",
    ]


def test_table_is_a_line_for_each_row():
    cells = [
        [{"text": "Country", "is_header": True, "align": "left", "valign": "top"}, {"text": "Need"}],
        [{"text": {"type": "bold", "text": "Chad"}}, {"align": "left"}, {"text": "Water\npumps"}],
        [{"align": "left"}, {"text": ""}],
    ]
    table = {"type": "table", "cells": cells, "caption": {"type": "italic", "text": "Needs"}, "is_bordered": True}
    assert flatten_rich({"blocks": [table]}) == "Country | Need\nChad |  | Water pumps\nNeeds"


def test_words_of_unknown_blocks_are_kept():
    block = {
        "type": "of_the_future",
        "style": "wide",
        "content": [{"heading": {"text": "One"}}, [{"type": "paragraph", "text": "Two"}]],
        "media": {"file_id": "f"},
    }
    assert flatten_rich({"blocks": [block, PARAGRAPH]}) == "One\nTwo\none"


def test_blocks_are_listed_with_those_inside():
    photo = {"type": "photo", "photo": []}
    quote = {"type": "blockquote", "blocks": [photo]}
    items = {"type": "list", "items": [{"label": "1.", "blocks": [quote]}]}
    assert list(list_blocks({"blocks": [items, PARAGRAPH]})) == [items, quote, photo, PARAGRAPH]
