"""Labels of sessions in all their spellings, and which session a note belongs to (rules.md, section 4)."""

from datetime import UTC, datetime, timedelta

import pytest

from core.messages import Author
from core.sessions import Label, SessionLog, number_of, read_label, read_number, read_session, to_roman

ANN, BOB, EVE = Author("1", "Ann"), Author("2", "Bob"), Author("3", "Eve")
START = datetime(2017, 7, 9, 9, tzinfo=UTC)


def at(minutes: int) -> datetime:
    return START + timedelta(minutes=minutes)


TWOS = [
    *("2", "II", "ii", "two", "Two", "second", "2nd", "(2)", "(II)", "２", "٢"),
    *("deux", "deuxième", "2ème", "dos", "segunda", "dois", "duas", "два", "две", "вторая", "второе"),
    *("اثنان", "الثانية", "二", "第二", "第二场", "第二次", "第二组"),
]


@pytest.mark.parametrize("typed", TWOS)
def test_two_has_one_label(typed: str):
    assert read_label(typed) == (Label(2), "")
    assert read_label(f"{typed}: Water") == (Label(2), "Water")
    assert read_session(f"{typed} – Water") == ("II", "Water")


def test_numbers_are_read_in_words_and_figures():
    words = ["one", "fourth", "neuf", "doce", "dix", "пять", "десятое", "ثلاثة", "العاشرة", "十二", "XII", "xxxix", "0"]
    assert [read_number(word) for word in words] == [1, 4, 9, 12, 10, 5, 10, 3, 10, 12, 12, 39, None]
    assert [read_number(word) for word in ("Xi", "IIX", "mix", "session", "")] == [None] * 5
    assert [read_number(word) for word in ("Ⅱ", "²", "２")] == [2, 2, 2]


def test_roman_numerals_reach_39():
    assert [to_roman(n) for n in (1, 4, 9, 14, 39, 40, 123)] == ["I", "IV", "IX", "XIV", "XXXIX", "40", "123"]
    assert [read_number(to_roman(n)) for n in range(1, 40)] == list(range(1, 40))


@pytest.mark.parametrize(
    ("typed", "label", "title"),
    [
        ("3A", "3A", ""),
        ("3a: Water", "3A", "Water"),
        ("3-A Water", "3A", "Water"),
        ("3.B", "3B", ""),
        ("IIIB", "3B", ""),
        ("III-B: Water", "3B", "Water"),
        ("3", "Breakout 3", ""),
        ("three: Water", "Breakout 3", "Water"),
        ("A", "Breakout A", ""),
        ("b: Water", "Breakout B", "Water"),
        ("Women: Water", "Women", "Water"),
    ],
)
def test_breakouts_have_labels_of_their_own(typed: str, label: str, title: str):
    assert read_session(typed, breakout=True) == (label, title)


@pytest.mark.parametrize(
    ("typed", "label", "title"),
    [
        ("", "", ""),
        ("Water for all", "Water for all", ""),
        ("Water: for all", "Water", "for all"),
        ("2017 review", "2017 review", ""),
        ("Ideas", "Ideas", ""),
        ("II Water", "II", "Water"),
        ("II, Water", "II", "Water"),
        ("I: Water: for all", "I", "Water: for all"),
    ],
)
def test_session_without_a_number_has_a_name(typed: str, label: str, title: str):
    assert read_session(typed) == (label, title)


def test_labels_order_by_their_number():
    labels = ["II", "3A", "Breakout 2", "Water", "Breakout A", "Six principles"]
    assert [number_of(label) for label in labels] == [(2, ""), (3, "A"), (2, " "), None, None, None]


# --- which session a note belongs to ---------------------------------------------------------------------------------


def current(log: SessionLog, *where: tuple[Author, str]) -> list[str | None]:
    found = [log.current(author, chat) for author, chat in where]
    return [session.label if session else None for session in found]


def test_note_goes_to_its_authors_session():
    log = SessionLog()
    assert current(log, (ANN, "c")) == [None]
    log.open("I", "Opening", ANN, "c", at(0))
    assert current(log, (ANN, "c"), (BOB, "c"), (BOB, "other")) == ["I", "I", None]
    log.open("II", "Water", BOB, "c", at(1))
    assert current(log, (ANN, "c"), (BOB, "c"), (EVE, "c")) == ["I", "II", "II"]


def test_own_session_goes_along_into_another_chat():
    log = SessionLog()
    log.open("I", "", ANN, "a", at(0))
    log.open("II", "", BOB, "b", at(1))
    assert current(log, (ANN, "b"), (EVE, "a"), (EVE, "b")) == ["I", "I", "II"]


def test_same_label_joins_in_any_chat():
    log = SessionLog()
    first = log.open("3A", "Water", ANN, "a", at(0))
    assert log.open("3a", "", BOB, "b", at(1)) is first
    assert (first.title, first.opened_by, first.opened_at) == ("Water", ANN, at(0))
    assert current(log, (BOB, "b"), (EVE, "b")) == ["3A", "3A"]
    assert log.open("3A", "Water for all", BOB, "b", at(2)).title == "Water for all"


def test_opening_the_next_closes_the_authors_former():
    log = SessionLog()
    first = log.open("I", "", ANN, "c", at(0))
    log.open("I", "", BOB, "c", at(1))
    log.open("II", "", ANN, "c", at(2))
    assert first.open is False
    assert current(log, (ANN, "c"), (BOB, "c")) == ["II", "II"]


def test_one_who_joined_does_not_close_by_going_on():
    log = SessionLog()
    first = log.open("3A", "", ANN, "c", at(0))
    log.open("3B", "", BOB, "c", at(1))
    log.open("3A", "", EVE, "c", at(2))
    log.open("3B", "", EVE, "c", at(3))
    assert first.open is True
    assert current(log, (ANN, "c"), (BOB, "c"), (EVE, "c")) == ["3A", "3B", "3B"]


def test_saying_the_label_again_closes_nothing():
    log = SessionLog()
    session = log.open("I", "", ANN, "c", at(0))
    assert log.open("I", "", ANN, "c", at(1)) is session
    assert session.open is True


def test_parallel_groups_stay_apart():
    log = SessionLog()
    log.open("3A", "", ANN, "c", at(0))
    log.open("3B", "", BOB, "c", at(0))
    log.end(BOB, "c")
    assert current(log, (ANN, "c"), (BOB, "c"), (EVE, "c")) == ["3A", "3A", "3A"]


def test_end_said_twice_closes_no_other_group():
    log = SessionLog()
    log.open("3A", "", ANN, "c", at(0))
    log.open("3B", "", BOB, "c", at(1))
    log.end(ANN, "c")
    log.end(ANN, "c")
    assert current(log, (ANN, "c"), (BOB, "c")) == ["3B", "3B"]


def test_end_by_one_who_joined_none_closes_the_chats_last():
    log = SessionLog()
    log.end(EVE, "c")
    log.open("I", "", ANN, "c", at(0))
    log.end(EVE, "other")
    assert current(log, (ANN, "c")) == ["I"]
    log.end(EVE, "c")
    assert current(log, (ANN, "c"), (EVE, "c")) == [None, None]


def test_closed_session_opens_again_as_the_last_of_the_chat():
    log = SessionLog()
    log.open("I", "", ANN, "c", at(0))
    log.end(ANN, "c")
    log.open("II", "", BOB, "c", at(1))
    again = log.open("I", "", ANN, "c", at(2))
    assert (again.open, again.opened_at, again.opened_by) == (True, at(0), ANN)
    assert current(log, (EVE, "c")) == ["I"]


def test_reopened_session_is_closed_by_who_reopened_it():
    log = SessionLog()
    session = log.open("I", "", ANN, "c", at(0))
    log.end(ANN, "c")
    log.open("I", "", BOB, "c", at(1))
    log.open("II", "", ANN, "c", at(2))
    assert session.open is True
    log.open("III", "", BOB, "c", at(3))
    assert session.open is False


def test_author_is_known_by_the_platforms_id():
    log = SessionLog()
    first = log.open("I", "", ANN, "c", at(0))
    log.open("II", "", BOB, "c", at(1))
    assert current(log, (ANN._replace(name="Ann L."), "c")) == ["I"]
    log.open("III", "", ANN._replace(name="Ann L."), "c", at(2))
    assert first.open is False


def test_session_named_by_a_note_is_known_but_not_open():
    log = SessionLog()
    named = log.name("II", ANN, at(0))
    assert (named.open, named.announced, log.find("ii"), log.name("II", BOB, at(1))) == (False, False, named, named)
    assert current(log, (ANN, "c")) == [None]
    log.open("II", "Water", BOB, "c", at(2))
    assert (named.open, named.announced, named.title, named.opened_by) == (True, True, "Water", BOB)
    assert log.find("III") is None


def test_sessions_stand_by_number_and_named_ones_where_they_began():
    log = SessionLog()
    for minute, label in enumerate(["Plenary", "III", "I", "Breakout 2", "Closing", "II", "3B", "3A"]):
        log.open(label, "", ANN, "c", at(minute))
    assert [s.label for s in log.in_order()] == ["Plenary", "I", "II", "Breakout 2", "Closing", "III", "3A", "3B"]
