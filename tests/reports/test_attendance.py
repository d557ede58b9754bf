"""Attendance: what people count, as tables; nothing added up, nothing lost from the notes."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.attendance import count_attendance
from reports.report import Grid
from reports.template import CountSpec
from reports.template_reader import load_templates
from tests.reports.formats.hostile_texts import HOSTILE, texts
from tests.reports.formats.sample import note

PLAIN = load_templates().load("bapa40")
AGES = CountSpec(
    "age", {"en": "Age", "fr": "Âge"}, {"0-18": {"en": "0-18"}, "19-30": {"en": "19-30"}, "80+": {"en": "80+"}}
)
GENDER = CountSpec(
    "gender",
    {"en": "Gender", "fr": "Genre"},
    {
        "women": {"en": "Women", "fr": "Femmes", "ar": "نساء"},
        "men": {"en": "Men", "fr": "Hommes"},
        "other": {"en": "Other", "fr": "Autre"},
    },
)
SECTOR = CountSpec("sector", {"en": "Sector"}, {"education": {"en": "Education"}, "other": {"en": "Other"}})
COUNTED = replace(PLAIN, counts=(AGES, GENDER, SECTOR))
HEADS = ("Counted", "Number")


def read(*said: str) -> tuple[tuple[str, ...], ...]:
    """The rows of the table that a template without counts gives."""
    items = [note(text, n, tag="attendance") for n, text in enumerate(said)]
    return tuple(row for grid in count_attendance(items, PLAIN, "en") for row in grid.rows)


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        (
            "112, 54 women, 58 men, 23 countries",
            [("Present", "112"), ("women", "54"), ("men", "58"), ("countries", "23")],
        ),
        ("Women: 54; Men: 58.", [("Women", "54"), ("Men", "58")]),
        ("112 (54 women, 58 men)", [("Present", "112"), ("women", "54"), ("men", "58")]),
        ("1,200 participants, 540 women", [("participants", "1,200"), ("women", "540")]),
        ("- 80+: 2\n- 0–18: 3\n- 19-30 12", [("80+", "2"), ("0–18", "3"), ("19-30", "12")]),
        ("54 femmes, 58 hommes", [("femmes", "54"), ("hommes", "58")]),
        ("54 mujeres; 58 hombres", [("mujeres", "54"), ("hombres", "58")]),
        ("54 mulheres, 58 homens", [("mulheres", "54"), ("homens", "58")]),
        ("1 200 участников, 54 женщины", [("участников", "1 200"), ("женщины", "54")]),
        ("١١٢ مشاركا، ٥٤ امرأة", [("مشاركا", "١١٢"), ("امرأة", "٥٤")]),
        ("112人，女性54人、男性58人，23个国家", [("Present", "112"), ("女性", "54"), ("男性", "58"), ("国家", "23")]),
        ("Full house, of whom many were women", []),
        ("The room held 40 chairs at most", []),
    ],
)
def test_numbers_are_read_with_their_words(text: str, rows: list[tuple[str, str]]):
    assert list(read(text)) == rows


def test_later_note_wins_and_nothing_is_added_up():
    assert read("112, 54 women", "WOMEN: 60", "3 guests") == (("Present", "112"), ("WOMEN", "60"), ("guests", "3"))


def test_template_counts_are_tables_of_all_their_categories():
    items = [
        note("0-18: 3, 19–30: 12, 112", 0, tag="attendance"),
        note("Gender: femmes 54, 58 men, other: 1\nSector:\nother: 7, Education 9", 1, tag="attendance"),
        note("sailors 2; نساء: 55", 2, tag="attendance"),
    ]
    assert count_attendance(items, COUNTED, "en") == (
        Grid("", HEADS, (("Present", "112"), ("sailors", "2"))),
        Grid("Age", HEADS, (("0-18", "3"), ("19-30", "12"), ("80+", ""))),
        Grid("Gender", HEADS, (("Women", "55"), ("Men", "58"), ("Other", "1"))),
        Grid("Sector", HEADS, (("Education", "9"), ("Other", "7"))),
    )
    assert [(grid.caption, grid.heads, grid.rows[0]) for grid in count_attendance(items, COUNTED, "fr")[2:3]] == [
        ("Genre", ("Décompte", "Nombre"), ("Femmes", "55"))
    ]
    assert count_attendance([], COUNTED, "en") == ()


@given(texts | st.sampled_from(sorted(HOSTILE.values())))
def test_any_text_gives_rows_of_its_own_words(text: str):
    for label, number in read(text):
        assert number in text
        assert label == "Present" or label in text
