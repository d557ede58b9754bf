"""Words in pieces, by UTF-16 code units."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.platforms.telegram.splitting import count_units, cut_lines, split_text


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("short", ["short"]),
        ("one two\n\nthree four five", ["one two", "three four", "five"]),
        ("one two\nthree four", ["one two", "three four"]),
        ("one two three", ["one two", "three"]),
        ("x" * 25, ["x" * 10, "x" * 10, "x" * 5]),
        ("a\n" + "x" * 12, ["a\n" + "x" * 8, "x" * 4]),
        ("😀" * 6, ["😀" * 5, "😀"]),
        ("", []),
    ],
)
def test_long_text_is_split_where_it_hurts_least(text: str, parts: list[str]):
    assert split_text(text, 10) == parts


@given(st.text(st.sampled_from("ab😀 \n")), st.integers(4, 30))
def test_parts_fit_and_lose_nothing_but_space(text: str, limit: int):
    parts = split_text(text, limit)
    assert max([count_units(part) for part in parts], default=0) <= limit
    assert "".join("".join(parts).split()) == "".join(text.split())


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("one\ntwo", "one\ntwo"),
        ("one\ntwo\nthree", "one\ntwo\n…"),
        ("x" * 12, "x" * 8 + "…"),
        ("😀" * 6, "😀" * 4 + "…"),
    ],
)
def test_caption_is_cut_at_a_line(text: str, shown: str):
    assert cut_lines(text, 10) == shown


@given(st.text(st.sampled_from("ab😀 \n")), st.integers(4, 30))
def test_caption_always_fits(text: str, limit: int):
    assert count_units(cut_lines(text, limit)) <= limit
