import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.duplicates import FEWEST_WORDS, SIMILAR, find_similar, fold_text


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Costs are rising.", "costs  are\nrising"),
        ("«Côut élevé»", "côut élevé !"),
        ("СТРАТЕГИЯ", "стратегия"),
        ("缺乏资源。", "缺乏资源"),
        ("co-ordination", "coordination"),
        ("(a) one, two; three", "a one two three"),
    ],
)
def test_case_space_and_punctuation_make_no_other_text(one: str, other: str):
    assert fold_text(one) == fold_text(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("5%", "5"),
        ("-5", "5"),
        ("−5", "5"),
        ("C#", "C"),
        ("R&D", "RD"),
        ("1/2", "12"),
        ("@unossc", "unossc"),
        ("$5", "5"),
        ("<5", "5"),
        ("!", "?"),
    ],
)
def test_signs_that_tell_something_make_another_text(one: str, other: str):
    assert fold_text(one) != fold_text(other)


def test_minus_is_told_from_a_hyphen_and_is_the_same_in_all_its_forms():
    assert fold_text("from -5 to") == fold_text("from −5 to") == fold_text("from –5 to")
    assert fold_text("SDG-5") == fold_text("SDG5")


def test_similar_texts_are_found_in_order_and_short_ones_not():
    texts = [
        "better coordination at national level",
        "more money",
        "Better coordination at the national level",
        "more money!",
        "缺乏地方一级的能力建设资源",
        "缺乏地方一级能力建设资源",
    ]
    assert list(find_similar(texts)) == [(0, 2), (4, 5)]


words = st.lists(st.sampled_from("abcdefghij"), min_size=1, max_size=9).map(" ".join)


@given(st.lists(words, max_size=12))
def test_similar_texts_share_most_of_their_words_and_those_that_share_all_are_found(texts: list[str]):
    sets = [frozenset(text.split()) for text in texts]
    shared = {
        (i, j): len(earlier & later) / len(earlier | later)
        for j, later in enumerate(sets)
        for i, earlier in enumerate(sets[:j])
        if min(len(earlier), len(later)) >= FEWEST_WORDS
    }
    found = list(find_similar(texts))
    assert found == sorted(set(found), key=lambda pair: pair[::-1])
    assert {pair for pair, share in shared.items() if share == 1} <= set(found)
    assert set(found) <= {pair for pair, share in shared.items() if share >= SIMILAR}


def test_nearly_all_similar_texts_are_found():
    # each text has ten words of its own; its neighbour has one of them replaced
    texts = [
        " ".join(f"{'x' if other and n == pair % 10 else 'w'}{pair}n{n}" for n in range(10))
        for pair in range(300)
        for other in (False, True)
    ]
    found = set(find_similar(texts))
    assert found <= {(2 * pair, 2 * pair + 1) for pair in range(300)}
    assert len(found) >= 285
