"""Text at the door (rules.md, section 1) and the key by which words are matched (section 2)."""

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from core.text import BIDI, balance_bidi, clean_text, match_key

RLE, RLO, RLI, PDF, PDI, RLM = "\u202b", "\u202e", "\u2067", "\u202c", "\u2069", "\u200f"

# any text, with what is special in it made common
TEXTS = st.text(
    st.one_of(
        st.characters(),
        st.sampled_from(
            [*BIDI, *"\0\x0b\r\n\x1f\ufffe\uffff\ud800\udfff\u200d\u2028", "e", "\u0301", "\u0327", "و", "\u0654"]
        ),
    )
)


@pytest.mark.parametrize(
    ("dirty", "clean"),
    [
        ("a\x00b\x08c\x1fd", "abcd"),
        ("a\tb\nc", "a\tb\nc"),
        ("a\r\nb\rc\x0bd\x0ce\u2028f\u2029g", "a\nb\nc\nd\ne\nf\ng"),
        ("a\ud800b\udfffc", "abc"),
        ("a\ufffeb\uffffc", "abc"),
        ("de\u0301fi", "défi"),
        ("  outer  ", "  outer  "),
        ("👩\u200d👩\u200d👧 🏳\ufe0f\u200d🌈 #\ufe0f\u20e3", "👩\u200d👩\u200d👧 🏳\ufe0f\u200d🌈 #\ufe0f\u20e3"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("<b>&amp;{{ x }} ../../x =cmd|", "<b>&amp;{{ x }} ../../x =cmd|"),
        ("x" * 40_000, "x" * 40_000),
    ],
)
def test_text_is_cleaned_once_and_never_shortened(dirty: str, clean: str):
    assert clean_text(dirty) == clean


@pytest.mark.parametrize(
    ("dirty", "clean"),
    [
        (f"{RLM}a", f"{RLM}a"),
        (f"a {RLO}b", f"a {RLO}b{PDF}"),
        (f"a {RLE}b{PDF} c", f"a {RLE}b{PDF} c"),
        (f"a {RLI}b {RLE}c", f"a {RLI}b {RLE}c{PDF}{PDI}"),
        (f"a{PDF} b{PDI}", "a b"),
        (f"{RLO}a\nb{PDF}", f"{RLO}a{PDF}\nb"),
        (f"e{PDF}\u0301", "é"),
    ],
)
def test_direction_controls_end_on_their_line(dirty: str, clean: str):
    assert clean_text(dirty) == clean


@given(TEXTS)
@example(f"e{PDF}\u0301")
@example("\r\x00\n")
@example("\ud800\r\ud800\n")
def test_cleaning_twice_is_cleaning_once(text: str):
    assert clean_text(clean_text(text)) == clean_text(text)


@given(TEXTS)
def test_clean_text_can_stand_in_any_document(text: str):
    clean = clean_text(text)
    assert not [
        c for c in clean if unicodedata.category(c) == "Cs" or (ord(c) < 32 and c not in "\t\n") or c in "\ufffe\uffff"
    ]
    assert unicodedata.is_normalized("NFC", clean)
    assert balance_bidi(clean) == clean
    for line in clean.split("\n"):
        assert sum(line.count(c) for c in "\u202a\u202b\u202d\u202e") == line.count(PDF)
        assert sum(line.count(c) for c in "\u2066\u2067\u2068") == line.count(PDI)


@given(TEXTS)
def test_cleaning_keeps_every_letter(text: str):
    letters = [c for c in unicodedata.normalize("NFC", text) if c.isalnum() and unicodedata.normalize("NFD", c) == c]
    kept = clean_text(text)
    assert [c for c in set(letters) if c not in unicodedata.normalize("NFD", kept)] == []


@pytest.mark.parametrize(
    "spellings",
    [
        [
            "recommendation",
            "RECOMMENDATION",
            "Recom_Mendation",
            "re-com-mendation",
            "ｒｅｃｏｍｍｅｎｄａｔｉｏｎ",
            f"{RLM}recommendation",
        ],
        ["défi", "defi", "DÉFI", "de\u0301fi", "De_fi"],
        ["conclusão", "conclusao"],
        ["четвёртая", "четвертая", "ЧЕТВЁРТАЯ"],
        ["توصية", "توصيه", "تَوْصِيَة", "توصـــية"],
        ["أولوية", "اولوية", "إولوية", "آولوية", "ٱولوية"],
        ["ملاحظة", "ملاحظه"],
        ["تحدي", "تحدى", "تحدی"],
        ["straße", "STRASSE"],
        ["می\u200cخواهم", "میخواهم"],
    ],
)
def test_spellings_of_a_word_have_one_key(spellings: list[str]):
    assert len({match_key(word) for word in spellings}) == 1


@pytest.mark.parametrize(("one", "other"), [("й", "и"), ("rec", "reco"), ("चुनौती", "चनत"), ("建议", "建議")])
def test_other_words_have_other_keys(one: str, other: str):
    assert match_key(one) != match_key(other)


@given(st.text())
def test_capitals_and_decomposition_make_no_difference(word: str):
    assert match_key(unicodedata.normalize("NFD", word)) == match_key(unicodedata.normalize("NFC", word))
    assert match_key(f"{word}_-{RLM}") == match_key(word)
