"""What became of the notes of a draft, the report that a draft keeps, and whom it may name later."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from handlers.drafts import tell_changes
from reports.changes import compare
from reports.keeping import read_report, write_report
from reports.recalling import recall_report
from reports.report import Annex, Change, Changes, Field, Former, Item, Picture, Report, Section
from storage.database import open_database
from storage.store import Store
from tests.bot.revised import make_both
from tests.reports.formats.hostile_texts import HOSTILE
from tests.reports.formats.sample import around, hostile, note, part, session, words


@pytest.fixture(scope="module")
def both() -> Iterator[tuple[Report, Report]]:
    store = Store(open_database("sqlite://"))
    _, (before, after) = make_both(store, "md")
    yield before, after
    store.close()


def make(name: str, text: str, **other: object) -> Item:
    return replace(note(text), note=name, **other)


def form(*items: Item, challenges: tuple[Item, ...] = (), fields: tuple[Field, ...] = ()) -> Report:
    """A report with recommendations and challenges."""
    parts = (part("B.items", "Recommendations", items), part("C.challenges", "Challenges", challenges))
    return around(Section("B", "B", "Outcome", "", parts), fields=fields, meeting={"rule": "", "title": ""})


RECOMMENDATIONS, CHALLENGES = "B. Recommendations", "B. Challenges"


def test_notes_are_new_changed_moved_and_withdrawn_in_the_order_of_the_report():
    before = form(
        make("gone", "Gone", number="R1"),
        make("kept", "Kept", number="R2"),
        make("edited", "Costs rise", number="R3"),
        make("aimed", "Fund skills", number="R4"),
        make("filed elsewhere", "Visas", number="R5"),
        challenges=(make("gone too", "Gone too"),),
    )
    after = form(
        make("new", "New", number="R6"),
        make("aimed", "Fund skills", number="R4", attributes={"to": "UNOSSC", "by": "2020"}),
        make("edited", "Costs rose", number="R3"),
        make("kept", "Kept", number="R2"),
        challenges=(make("filed elsewhere", "Visas"),),
    )
    assert compare(before, after, 4) == Changes(
        4,
        "Changes since draft 4",
        (
            Change("new", "R6", RECOMMENDATIONS, "", "New"),
            Change("changed", "R4", RECOMMENDATIONS, "Fund skills", "Fund skills\nTo: UNOSSC · By: 2020"),
            Change("changed", "R3", RECOMMENDATIONS, "Costs rise", "Costs rose"),
            Change("moved", "R5", CHALLENGES, "Visas", "Visas"),
            Change("withdrawn", "R1", RECOMMENDATIONS, "Gone", ""),
            Change("withdrawn", None, CHALLENGES, "Gone too", ""),
        ),
    )


def test_note_in_several_parts_is_new_in_one_of_them_and_moved_where_it_left_one():
    twice, once = make("one", "Visas", number="R1"), form(make("one", "Visas", number="R1"))
    both_parts = form(twice, challenges=(twice,))
    added, taken = compare(once, both_parts, 1).changes, compare(both_parts, once, 1).changes
    assert added == (Change("new", "R1", CHALLENGES, "", "Visas"),)
    assert taken == (Change("moved", "R1", RECOMMENDATIONS, "Visas", "Visas"),)
    elsewhere = around(Section("E", "E", "Needs", "", (part("E.needs", "Needs", (make("one", "Visas"),)),)))
    (told,) = compare(both_parts, elsewhere, 1).changes
    assert (told.kind, told.where) == ("moved", "E. Needs")


def test_note_that_was_merged_is_told_with_what_it_was_merged_into():
    before = form(make("one", "Visas", number="R1"), make("other", "Visas for all", number="R2"))
    after = replace(form(make("one", "Visas", number="R1")), former=(Former("merged", "other", "2", "Visas", "R1"),))
    taken = compare(before, after, 1)
    assert taken.changes == (Change("merged", "R2", RECOMMENDATIONS, "Visas for all", "merged into R1"),)
    assert [str(told) for told in tell_changes(replace(after, changes=taken))] == ["Since draft 1: 1 merged (R2)."]


def test_fields_and_sessions_change_too():
    def of(title: str | None, heading: str, theme: str) -> Report:
        block = session("II", heading, theme, [part("main_topics", "Topics", [])])
        field = Field("title", "Title:", title, True, "[to be completed: title]")
        return around(Section("F", "F", "Sessions", "", (), (block,)), fields=(field,))

    made = compare(of(None, "Means", ""), of("Talks", "Means", "Youth"), 1)
    assert made.changes == (
        Change("new", None, "Title", "", "Talks"),
        Change("changed", None, "F. Sessions", "Session II: Means", "Session II: Means\nYouth"),
    )
    assert compare(of("Talks", "Means", "Youth"), of("Talks", "Means", "Youth"), 1).changes == ()


def test_who_said_it_is_not_compared():
    before = form(make("one", "Visas", credit="Ana Souza", attributes={"speaker": "Ana Souza"}))
    assert compare(before, form(make("one", "Visas")), 1).changes == ()


def test_forty_changes_are_told_and_nothing_else(both: tuple[Report, Report]):
    before, after = both
    assert (before.changes, after.changes) == (None, compare(before, after, 1))
    assert [str(told) for told in tell_changes(after)] == [
        "Since draft 1: 12 new, 16 changed, 3 moved, 8 withdrawn (R1)."
    ]
    assert [told.into("ru") for told in tell_changes(after)] == [
        "По сравнению с проектом 1: 12 новых, 16 изменено, 3 перемещены, 8 изъято (R1)."
    ]
    unchanged = replace(after, changes=compare(after, after, 2))
    assert [str(told) for told in tell_changes(unchanged)] == ["Nothing changed since draft 2."]
    assert tell_changes(before) == []


# --- keeping -------------------------------------------------------------------------------------------------------


def test_kept_report_comes_back_as_it_was(both: tuple[Report, Report]):
    for report in both:
        kept = read_report(write_report(report))
        assert kept is not None
        # in the same words and order, by whatever of it is compared or printed
        assert (write_report(kept), compare(kept, report, 1).changes) == (write_report(report), ())


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_texts_are_kept(name: str):
    report = hostile(HOSTILE[name])
    kept = read_report(write_report(report))
    assert kept is not None
    assert [item.text for item in kept.items()] == [item.text for item in report.items()]
    assert (kept.title, kept.fields, kept.checks) == (report.title, report.fields, report.checks)


def test_photographs_letterhead_and_former_changes_are_not_kept():
    picture = Picture("a.png", "The hall", b"\x89PNG\xff", "image/png")
    plain = form()
    full = replace(
        plain,
        annexes=(Annex("photographs", "Photographs", (), pictures=(picture,)),),
        base=b"PK\xff",
        changes=Changes(1, "", ()),
    )
    kept = read_report(write_report(full))
    assert kept == replace(
        full, annexes=(replace(full.annexes[0], pictures=(replace(picture, content=None),)),), base=None, changes=None
    )


@pytest.mark.parametrize("text", ["", "{}", "no", '{"template": "bapa40", "direction": 3}'])
def test_report_of_another_version_is_none(text: str):
    assert read_report(text) is None
    assert recall_report(text, form(), "named") is None


# --- whom an earlier draft may name --------------------------------------------------------------------------------

SPOKEN = {"speaker": "Ana Souza", "org": "Health"}
CREDITED = form(
    make("one", "Visas", credit="Ana Souza, Health", attributes=SPOKEN, author="Ben"),
    make("two", "Costs", credit="Ana Souza, Health", attributes=SPOKEN, author="Ben"),
)


def credits_of(report: Report | None) -> list[str]:
    assert report is not None
    return [item.credit for item in report.items()]


def test_earlier_draft_names_whom_the_meeting_names_now():
    kept = write_report(CREDITED)
    now = form(make("one", "Visas", attributes={}))
    # the first has been asked not to be named; the second is not there any more
    assert credits_of(recall_report(kept, now, "named")) == ["", "Ana Souza, Health"]
    assert credits_of(recall_report(kept, now, "organisation")) == ["", "Health"]
    assert credits_of(recall_report(kept, now, "")) == ["", ""]


def test_earlier_draft_names_nobody_under_the_chatham_house_rule():
    now = replace(form(), meeting={"rule": "chatham"})
    recalled = recall_report(write_report(CREDITED), now, "named")
    assert recalled is not None
    assert [name for name in ("Ana", "Health", "Ben") if name in write_report(recalled)] == []


def test_words_are_those_of_the_later_report():
    french = replace(form(make("one", "Visas", attributes={"to": "UNOSSC"})), words=words("fr"), language="fr")
    english = form(make("one", "Visas", attributes={"to": "UNOSSC"}))
    assert compare(english, french, 1) == Changes(1, "Changements depuis le projet 1", ())
