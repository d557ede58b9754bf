"""Every spelling of the reference table in every form that people type it, attributes, typos, and what is no tag."""

import json
import unicodedata
from collections.abc import Callable
from pathlib import Path

import pytest

from core.cutting import cut_text
from core.notes import NoteKind
from core.tags import TagKind, distance, find_tags, near_spellings, read_tag, read_theme, vocabulary
from core.text import clean_text, match_key

# a copy of the reference table
REFERENCE = json.loads((Path(__file__).parent.parent / "spellings.json").read_text("utf-8"))
TABLE = {tag["key"]: tag["aliases"] for tag in REFERENCE}
SPELLINGS = {
    (language, word): key for key, languages in TABLE.items() for language, words in languages.items() for word in words
}
LATIN = ("en", "fr", "es", "pt")
RLM, LRM = "\u200f", "\u200e"
FATHA, KASRA, TATWEEL = "\u064e", "\u0650", "\u0640"


def without_accents(word: str) -> str:
    return "".join(char for char in unicodedata.normalize("NFD", word) if not unicodedata.combining(char))


FORMS: dict[str, Callable[[str], str]] = {
    "as it is": lambda word: f"#{word} x",
    "before a colon": lambda word: f"#{word}: x",
    "capitals": lambda word: f"#{word.upper()} x",
    "title case": lambda word: f"#{word.title()} x",
    "decomposed": lambda word: unicodedata.normalize("NFD", f"#{word} x"),
    "fullwidth sign": lambda word: f"＃{word} x",
    "small sign": lambda word: f"﹟{word} x",
    "RLM before": lambda word: f"{RLM}#{word} x",
    "LRM before": lambda word: f"{LRM}#{word} x",
    "RLM after the sign": lambda word: f"#{RLM}{word} x",
    "LRM after the sign": lambda word: f"#{LRM}{word} x",
    "RLM behind": lambda word: f"#{word}{RLM} x",
    "underscore inside": lambda word: f"#{word[:-1]}_{word[-1]} x",
    "hyphen inside": lambda word: f"#{word[:-1]}-{word[-1]} x",
    "bold": lambda word: f"*#{word}* x",
    "italic": lambda word: f"_#{word}_ x",
}


def read_keys(texts: dict[tuple[str, str], str]) -> dict[tuple[str, str], list[tuple[str, bool]]]:
    return {
        which: [(tag.meaning.key, tag.meaning.corrected) for tag in find_tags(text)] for which, text in texts.items()
    }


def expected(languages: tuple[str, ...]) -> dict[tuple[str, str], list[tuple[str, bool]]]:
    return {(language, word): [(key, False)] for (language, word), key in SPELLINGS.items() if language in languages}


def test_the_table_has_798_spellings_of_35_tags():
    # 814 as they are written; the reference counts as one what differs by accents alone ("theme", "thème")
    assert (len(TABLE), len({word for _, word in SPELLINGS}), len({match_key(word) for _, word in SPELLINGS})) == (
        35,
        814,
        798,
    )


def test_vocabulary_is_the_table():
    ours = {key: {lang: list(words) for lang, words in tag.spellings.items()} for key, tag in vocabulary().tags.items()}
    assert ours == TABLE


def test_no_match_key_means_two_tags():
    keys: dict[str, set[str]] = {}
    for (_, word), key in SPELLINGS.items():
        keys.setdefault(match_key(word), set()).add(key)
    assert {key: tags for key, tags in keys.items() if len(tags) > 1} == {}


@pytest.mark.parametrize("form", FORMS)
def test_every_spelling_means_its_tag(form: str):
    everything = (*LATIN, "ru", "ar", "zh")
    texts = {which: FORMS[form](which[1]) for which in SPELLINGS}
    assert read_keys(texts) == expected(everything)
    assert read_keys({which: clean_text(text) for which, text in texts.items()}) == expected(everything)


def test_latin_spelling_without_accents_means_its_tag():
    texts = {which: f"#{without_accents(which[1])} x" for which in SPELLINGS if which[0] in LATIN}
    assert read_keys(texts) == expected(LATIN)


@pytest.mark.parametrize(
    "form",
    [
        pytest.param(lambda w: f"#ال{w}", id="article"),
        pytest.param(lambda w: "#" + "".join(c + FATHA for c in w), id="vowels"),
        pytest.param(lambda w: f"#{w[:2]}{KASRA}{w[2:]}", id="one vowel"),
        pytest.param(lambda w: f"#{w[:1]}{TATWEEL * 3}{w[1:]}", id="tatweel"),
        pytest.param(lambda w: "#" + w.replace("ة", "ه").replace("أ", "ا").replace("إ", "ا"), id="letters folded"),
        pytest.param(lambda w: "#" + w.replace("ي", "ى"), id="ya"),
    ],
)
def test_arabic_spelling_in_other_writing_means_its_tag(form: Callable[[str], str]):
    assert read_keys({which: form(which[1]) + " x" for which in SPELLINGS if which[0] == "ar"}) == expected(("ar",))


def test_chinese_glued_to_its_text_leaves_the_text():
    read = {
        which: [(t.meaning.key, text[t.end :]) for t in find_tags(text)]
        for which, text in {w: f"#{w[1]}我们应当" for w in SPELLINGS if w[0] == "zh"}.items()
    }
    assert read == {which: [(key, "我们应当")] for which, key in SPELLINGS.items() if which[0] == "zh"}


def test_chinese_takes_the_longest_spelling():
    assert [(n.tags, n.text) for n in cut_text("#主要结论加强合作")] == [(("keyconclusion",), "加强合作")]
    assert [(n.tags, n.text) for n in cut_text("#行动要点：加强合作")] == [(("action",), "加强合作")]


def test_english_plural_of_a_section_tag_means_it():
    sections = {w: k for w, k in SPELLINGS.items() if w[0] == "en" and vocabulary().tags[k].kind is TagKind.NOTE}
    assert read_keys({which: f"#{which[1]}s x" for which in sections}) == {w: [(k, False)] for w, k in sections.items()}


def test_every_spelling_of_a_section_files_its_text():
    sections = {w: k for w, k in SPELLINGS.items() if vocabulary().tags[k].kind is TagKind.NOTE}
    filed = {which: [(n.kind, n.tags, n.text) for n in cut_text(f"#{which[1]} words")] for which in sections}
    assert filed == {which: [(NoteKind.NOTE, (key,), "words")] for which, key in sections.items()}


def test_what_goes_before_or_behind_makes_no_tag():
    texts = [
        "C# and F# x",
        "a#rec b",
        "1#rec b",
        "é#rec",
        "e\u0301#rec",
        "请看#建议",
        "#3",
        "#2026",
        "#3.5",
        "#2017-07-09",
        "# rec",
        "#",
        "##",
        "#_",
        "#-",
        "#\ufe0f\u20e3 keycap",
    ]
    assert {text: find_tags(text) for text in texts} == {text: [] for text in texts}


def test_code_holds_no_tag():
    texts = ["`#rec` x", "x `a #rec b` y", "```\n#rec x\n```", "``` #rec ```"]
    assert {text: find_tags(text) for text in texts} == {text: [] for text in texts}


def test_links_and_mail_addresses_hold_no_tag():
    texts = [
        "https://un.org/#rec",
        "see (https://un.org/a?b=#rec) x",
        "www.un.org#rec",
        "un.org/page/#rec",
        "https://пример.рф/#rec",
        "http://موقع.مصر/#rec",
        "tg://x/#rec",
        "mailto:a@un.org?subject=#rec",
        "desk.#rec@un.org",
    ]
    assert {text: find_tags(text) for text in texts} == {text: [] for text in texts}


def test_tag_beside_code_or_link_counts():
    texts = [
        "`x` #rec y",
        "`open #rec",
        "https://un.org #rec",
        "#rec https://un.org/#trend",
        "#rec:https://un.org/#trend",
        "https://un.org，#建议",
        "e.g./#rec",
        "1.5/2/#rec",
        "desk@un.org #rec",
        "<https://un.org>#rec",
    ]
    assert {text: [t.meaning.key for t in find_tags(text)] for text in texts} == {
        text: ["recommendation"] for text in texts
    }


def test_found_spans_take_in_emphasis_but_not_words():
    found = find_tags("a **#rec** b #SDG17.9. #建议加强")
    assert [(t.start, t.end, t.typed, t.meaning.key) for t in found] == [
        (2, 10, "#rec", "recommendation"),
        (13, 21, "#SDG17.9", "sdg"),
        (23, 26, "#建议", "recommendation"),
    ]


# --- typos -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "key"),
    [
        ("recomendation", "recommendation"),  # two from nine letters: one left out
        ("reccomendation", "recommendation"),
        ("recomandetion", "recommendation"),
        ("chalenge", "challenge"),
        ("challnege", "challenge"),  # swapped letters are one slip
        ("oportunity", "opportunity"),
        ("objektive", "objective"),
        ("actoin", "action"),
        ("sesssion", "session"),
        ("brekaout", "breakout"),
        ("рекомндация", "recommendation"),
        ("défficulté", "challenge"),
    ],
)
def test_typo_is_corrected_and_said(typed: str, key: str):
    meaning = read_tag(typed)
    assert (meaning.key, meaning.corrected) == (key, True)


@pytest.mark.parametrize(
    "typed",
    [
        "trand",  # five letters
        "nedd",
        "czcle",
        "tremds1",  # seven letters, two slips
        "challeg",  # two slips under nine letters
        "rommendxtaion",  # three slips
        "pecommendation",  # another first letter
        "hallenge",
        "proposto",  # nearest: proposta (recommendation) and propósito (objective) are one slip each
    ],
)
def test_what_is_too_far_or_ambiguous_is_unknown(typed: str):
    assert (read_tag(typed).kind, read_tag(typed).corrected) == (TagKind.UNKNOWN, False)


def test_typo_of_metadata_or_control_is_never_corrected():
    guarded = {
        word: key
        for (language, word), key in SPELLINGS.items()
        # what stands behind a Chinese tag is its text, no typo
        if language != "zh" and vocabulary().tags[key].kind in (TagKind.FIELD, TagKind.ANNEX, TagKind.CONTROL)
    }
    wrong = {}
    for word, key in guarded.items():
        for typo in (
            word[:-2] + word[-1],
            word[:2] + word[3:],
            word[:2] + word[3:4] + word[2:3] + word[4:],
            word + "x",
        ):
            meaning = read_tag(typo)
            if meaning.corrected and vocabulary().tags[meaning.key].kind not in (TagKind.NOTE, TagKind.SESSION):
                wrong[typo] = meaning.key
            if match_key(typo) not in vocabulary().by_key and meaning.key == key:
                wrong[typo] = key
    # no typo, but a plural of its own: of the Spanish and Portuguese organizador
    assert wrong == {"organizadors": "organizer"}
    assert read_tag("particpants").suggestions == ("participants",)


def test_unknown_tag_has_its_nearest_spellings():
    assert near_spellings("rapporteurx") == ("rapporteur", "rapporteurs")
    assert read_tag("foobar").suggestions == ()
    assert read_tag("rapporteurx").kind is TagKind.UNKNOWN


@pytest.mark.parametrize(
    ("one", "other", "slips"),
    [
        ("a", "a", 0),
        ("ab", "ba", 1),
        ("abc", "ac", 1),
        ("ac", "abc", 1),
        ("abc", "axc", 1),
        ("ca", "abc", 3),
        ("", "ab", 2),
    ],
)
def test_distance_counts_slips(one: str, other: str, slips: int):
    assert distance(one, other) == slips
    assert (distance(one, other, limit=2) > 2) == (slips > 2)


def test_unknown_tag_inside_a_sentence_is_text():
    assert [(n.tags, n.text) for n in cut_text("#rec Use Twitter #HLPF more")] == [
        (("recommendation",), "Use Twitter #HLPF more")
    ]
    assert cut_text("Twitter #HLPF is loud") == ()


# --- attributes ------------------------------------------------------------------------------------------------------


def read_attribute(text: str) -> list[tuple[str, str]]:
    return [(t.meaning.key, t.meaning.value) for t in find_tags(text) if t.meaning.kind is TagKind.ATTRIBUTE]


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("#SDG17", "17"),
        ("#sdg17", "17"),
        ("#SDG_17", "17"),
        ("#SDG-17", "17"),
        ("#SDG05", "5"),
        ("#SDG17.9", "17.9"),
        ("#SDG17_9", "17.9"),
        ("#SDG17-9", "17.9"),
        ("#SDG17.b", "17.b"),
        ("#SDG17. Next", "17"),
        ("#SDG17.", "17"),
        ("#ODD17", "17"),
        ("#ODS17", "17"),
        ("#ODS5.a", "5.a"),
        ("#ЦУР17", "17"),
        ("#هدف17", "17"),
        ("#الهدف17", "17"),
        ("#هدف١٧", "17"),
        ("#هدف١٧.٩", "17.9"),
        ("#目标17", "17"),
        ("#目標17", "17"),
        ("#可持续发展目标17", "17"),
        ("＃ＳＤＧ１７", "17"),
        (f"#{RLM}SDG17", "17"),
        (f"#SDG{LRM}17", "17"),
    ],
)
def test_sdg_is_read_in_all_forms(typed: str, value: str):
    assert read_attribute(typed) == [("sdg", value)]


def test_there_are_seventeen_goals():
    assert [read_attribute(f"#SDG{number}") for number in (0, 1, 17, 18)] == [[], [("sdg", "1")], [("sdg", "17")], []]


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("#a", "a"),
        ("#A", "a"),
        ("#theme_a", "a"),
        ("#b1", "b.i"),
        ("#b2", "b.ii"),
        ("#b3", "b.iii"),
        ("#b4", "b.iv"),
        ("#bi", "b.i"),
        ("#bii", "b.ii"),
        ("#biii", "b.iii"),
        ("#biv", "b.iv"),
        ("#B_II", "b.ii"),
        ("#b-ii", "b.ii"),
        ("#theme_b2", "b.ii"),
    ],
)
def test_theme_code_is_read(typed: str, value: str):
    assert read_attribute(typed) == [("theme", value)]


def test_theme_is_read_from_words():
    texts = ["a", "(a)", "b-ii", "(b)(ii)", "b.4", "B (iv)", "b", "c", "b5", "about b2"]
    assert [read_theme(text) for text in texts] == ["a", "a", "b.ii", "b.ii", "b.iv", "b.iv", None, None, None, None]


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("#s2", [("session", "II")]),
        ("#S12", [("session", "XII")]),
        ("#s3b", [("session", "3B")]),
        ("#3B", [("hint", "3B")]),
        ("#12c", [("hint", "12C")]),
        ("#s0", []),
        ("#0A", []),
        ("#s", []),
        ("#KEN", [("country", "KEN")]),
        ("#ken", []),
        ("#XXX", []),
    ],
)
def test_session_and_country_codes_are_read(typed: str, read: list[tuple[str, str]]):
    assert read_attribute(typed) == read


def test_number_glued_to_a_session_tag_is_read():
    texts = ["#session2", "#sessionII", "#session_2", "#breakout3A", "#groupe3", "#rec2"]
    assert [(m.key, m.number) for m in (find_tags(text)[0].meaning for text in texts)] == [
        ("session", "2"),
        ("session", "II"),
        ("session", "2"),
        ("breakout", "3A"),
        ("breakout", "3"),
        ("", ""),
    ]
