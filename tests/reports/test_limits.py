"""Limits: counting in the languages of the forms, and what is told of a part and of a note."""

from pathlib import Path
from time import process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reports.limits import count_paragraphs, count_sentences, count_words
from reports.template_reader import read_template
from tests.reports.conversation import TEMPLATES, filed, report_of
from tests.reports.formats.hostile_texts import HOSTILE

FORM = """
title = "Form"
number_paragraphs = true
[[sections]]
id = "A"
heading = "Issues"
parts = [
  { name = "asks", heading = "Asks", prefix = "R", each = { sentences = 1, words = 4 }, limits = { sentences = 3 } },
  { name = "talks", heading = "Talks", style = "paragraphs", limits = { paragraphs = 2 }, each = { paragraphs = 1 } },
]
[routing.always]
A.asks = ["recommendation"]
A.talks = ["topic"]
[annexes]
documents = "Papers"
"""


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("", 0),
        ("…", 0),
        ("Costs", 1),
        ("Costs rise. Rents too! Why?", 3),
        ("Costs rise... Rents fall", 2),
        ("Well... perhaps", 1),
        ("He asked “Why?” and left.", 1),
        ("(Costs rise.) Rents fall.", 2),
        ("Great! 🎉 More", 2),
        # abbreviations, initials, numbers
        ("See e.g. Kenya, i.e. Nairobi, and the U.N. Women report.", 1),
        ("Dr. Smith, J. Doe and Ms. Lee met in St. Gallen vs. Bern.", 1),
        ("Costs, rents etc. The rest later.", 2),
        ("Rates rose by 3.5 per cent. In 2015. 17 goals.", 3),
        ("See para. 7 and No. 5 of A/RES/71/243. The answer is no. Next.", 3),
        ("https://example.org/a.B?c=DE. Read it.", 2),
        # lines
        ("1. First point\n2. Second point", 2),
        ("First line\ngoes on", 1),
        ("Heading\n- One\n- Two", 3),
        # languages
        ("Voir art. 5 et p. ex. Paris. M. Dupont a dit : « Pourquoi ? » Puis il partit.", 3),
        ("EE. UU. apoya. ¿Qué más? ¡Nada!", 3),
        ("O Sr. Silva e a Dra. Souza falaram. Ver pág. 4.", 2),
        ("Нужно т. е. сейчас. В 2017 г. ООН решила. См. п. 5.", 3),
        ("نحتاج إلى آلية. من يدفع؟ نحن!", 3),
        ("需要更多资源。谁来做？现在！", 3),
        ("需要2.5亿元，很多。", 1),
    ],
)
def test_sentences_are_counted_in_all_languages(text: str, count: int):
    assert count_sentences(text) == count


@pytest.mark.parametrize(
    ("text", "count"),
    [("", 0), ("Costs – rents", 2), ("South-South cooperation", 2), ("需要更多资源。", 6), ("UNDP 的 SDG17 资源", 5)],
)
def test_words_are_counted_as_an_editor_does(text: str, count: int):
    assert count_words(text) == count


def test_paragraphs_are_parted_by_blank_lines():
    assert [count_paragraphs(text) for text in ("", "\n \n", "One\ntwo", "One\n\ntwo\n \n\nthree\n\n")] == [0, 0, 1, 3]


PIECES = st.sampled_from(
    [*HOSTILE.values(), "Costs. ", "e.g. ", "。", "؟ ", "\n\n", "U.N. ", "资源", "3.5", "!", "«", " "]
)


@given(st.lists(PIECES, max_size=12).map("".join))
@settings(max_examples=60, deadline=None)
def test_a_full_stop_and_a_new_line_never_make_fewer(text: str):
    counts = [count_sentences(text), count_paragraphs(text), count_words(text)]
    more = f"{text}.\n\nNext one"
    assert [count_sentences(more), count_paragraphs(more), count_words(more)] == [
        counts[0] + 1,
        counts[1] + 1,
        counts[2] + 2,
    ]


@pytest.mark.parametrize("text", ["!", "! ", "a.", "A. ", ".", "\n", "a\n", "!(", "\n \n", "资"])
def test_counting_is_linear(text: str):
    long = f"a{text * (100_000 // len(text))}b"
    began = process_time()
    assert (count_sentences(long) > 0, count_words(long) > 0, count_paragraphs(long) > 0) == (True, True, True)
    assert process_time() - began < 1  # squared it would be minutes


def test_what_is_over_is_told_by_part_and_by_note_and_nothing_is_cut(tmp_path: Path):
    (tmp_path / "template.toml").write_text(FORM)
    asks = ["Costs rise. Rents too.", "Train staff in every single country.", "Share data."]
    talks = ["First talk.\n\nIts second part.", "Second talk."]
    report = report_of(
        *(f"10:0{n} Ana: #recommendation {text}" for n, text in enumerate(asks)),
        *(f"10:1{n} Ana: #topic {text}" for n, text in enumerate(talks)),
        template=read_template(tmp_path),
    )
    numbered = [f"R{n} {text}" for n, text in enumerate(asks, start=1)]
    assert filed(report) == {"A.asks": numbered, "A.talks": talks}
    over = [
        "Asks: 4 sentences, limit 3",
        "Asks: R1: 2 sentences, limit 1",
        "Asks: R2: 6 words, limit 4",
        "Talks: 3 paragraphs, limit 2",
        "Talks: 1: 2 paragraphs, limit 1",
    ]
    assert [part.over for part in report.parts()] == [
        tuple(line.removeprefix("Asks: ") for line in over[:3]),
        tuple(line.removeprefix("Talks: ") for line in over[3:]),
    ]
    assert [check.lines for check in report.checks if check.heading == report.words["check_over_limit"]] == [
        tuple(over)
    ]


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("en", ("“Costs rise. Rents too.”: 2 sentences, limit 1",)),
        ("ar", ("“Costs rise. Rents too.”: عدد الجمل: 2، الحد الأقصى: 1",)),
    ],
)
def test_a_note_without_a_number_is_named_by_its_first_words(language: str, told: tuple[str, ...]):
    report = report_of("10:00 Ana: #topic Costs rise. Rents too.", template=TEMPLATES.load("igf"), language=language)
    assert [part.over for part in report.parts()] == [told, (), (), ()]
