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
        (
            "84 participants from 27 countries: 46 women",
            [("participants", "84"), ("countries", "27"), ("women", "46")],
        ),
        ("84 participants, of whom 46 women and 38 men.", [("participants", "84"), ("women", "46"), ("men", "38")]),
        ("84 participants de 27 pays, dont 46 femmes", [("participants", "84"), ("pays", "27"), ("femmes", "46")]),
        ("84 участника из 27 стран", [("участника", "84"), ("стран", "27")]),
        ("84 مشاركا من 27 بلدا، منهم 46 امرأة", [("مشاركا", "84"), ("بلدا", "27"), ("امرأة", "46")]),
        ("84名代表来自27个国家，其中女性46人", [("代表", "84"), ("国家", "27"), ("女性", "46")]),
        (
            "84 (46 women, 38 men) from 27 countries",
            [("Present", "84"), ("women", "46"), ("men", "38"), ("countries", "27")],
        ),
        ("46 women / 38 men – 2 others", [("women", "46"), ("men", "38"), ("others", "2")]),
        ("In person: 40, of which women: 12", [("In person", "40"), ("women", "12")]),
        ("women (total): 54", [("women (total)", "54")]),
        ("84人，其中女性：46人", [("Present", "84"), ("女性", "46")]),
        ("Registered: 84 participants", [("participants", "84")]),
        # what is not surely read stays in the note
        ("About 80", []),
        ("around 80 participants, 46 women", [("women", "46")]),
        ("84 participants met 27 ministers", []),
        ("participants from 27, 来自27", []),
        ("10:30 84 participants", []),
        ("5 September 2018", []),
        ("Full house, of whom many were women", []),
        ("The room held 40 chairs at most", []),
    ],
)
def test_numbers_are_read_with_their_words(text: str, rows: list[tuple[str, str]]):
    assert list(read(text)) == rows


def test_later_note_wins_and_nothing_is_added_up():
    assert read("112, 54 women", "WOMEN: 60", "3 guests") == (("Present", "112"), ("WOMEN", "60"), ("guests", "3"))


@pytest.mark.parametrize(
    ("text", "caption", "rows"),
    [
        ("Day 1: 84 participants, 46 women", "Day 1", (("participants", "84"), ("women", "46"))),
        ("Day 2 – 79 participants", "Day 2", (("participants", "79"),)),
        ("- Day 1: 84", "Day 1", (("Present", "84"),)),
        ("Day 1\n84 participants", "Day 1", (("participants", "84"),)),
        ("Jour 1 : 84 participants", "Jour 1", (("participants", "84"),)),
        ("Día 1: 84 participantes", "Día 1", (("participantes", "84"),)),
        ("1-й день: 84 участника", "1-й день", (("участника", "84"),)),
        ("اليوم الأول: 84 مشاركا", "اليوم الأول", (("مشاركا", "84"),)),
        ("第一天：84人，女性46人", "第一天", (("Present", "84"), ("女性", "46"))),
        ("Âge : 0-18 : 3, 19-30 : 12", "Âge", (("0-18", "3"), ("19-30", "12"))),
        ("Day 1:\nAge:\n0-18: 3", "Day 1 – Age", (("0-18", "3"),)),
    ],
)
def test_numbers_stand_under_what_the_note_says_of_them(text: str, caption: str, rows: tuple[tuple[str, str], ...]):
    assert count_attendance([note(text, tag="attendance")], PLAIN, "en") == (Grid(caption, HEADS, rows),)


def test_days_are_not_mixed():
    day = 24 * 60
    said = ["Day 1: 84 participants, 46 women", "Day 2: 79 participants", "day 1: 85 participants"]
    items = [note(text, n * day, tag="attendance") for n, text in enumerate(said)]
    assert count_attendance(items, PLAIN, "en") == (
        Grid("Day 1", HEADS, (("participants", "85"), ("women", "46"))),
        Grid("Day 2", HEADS, (("participants", "79"),)),
    )
    # 19 hours after 09:05 it is 04:05 of the night that belongs to the first day
    items = [note("84, 46 women", 0), note("47 women", 19 * 60), note("79", day)]
    assert count_attendance(items, PLAIN, "fr") == (
        Grid("9 juillet 2017", ("Décompte", "Nombre"), (("Présents", "84"), ("women", "47"))),
        Grid("10 juillet 2017", ("Décompte", "Nombre"), (("Présents", "79"),)),
    )


def test_template_counts_stand_once_a_day():
    items = [note("54 women, 80+: 2", 0), note("44 women", 24 * 60)]
    ages = (("0-18", ""), ("19-30", ""), ("80+", "2"))
    assert count_attendance(items, COUNTED, "en") == (
        Grid("9 July 2017 – Age", HEADS, ages),
        Grid("9 July 2017 – Gender", HEADS, (("Women", "54"), ("Men", ""), ("Other", ""))),
        Grid("10 July 2017 – Gender", HEADS, (("Women", "44"), ("Men", ""), ("Other", ""))),
        Grid("Sector", HEADS, (("Education", ""), ("Other", ""))),
    )


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
