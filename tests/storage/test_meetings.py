"""Meetings, their steps and their chats."""

from datetime import UTC, datetime, timedelta

import pytest

from core.errors import UserError
from core.meetings import Meeting, Step, StepKind
from core.messages import MessageKey
from storage.store import Store, Work

START = datetime(2017, 7, 9, 9, 0, tzinfo=UTC)


def make(work: Work, name: str) -> int:
    return work.create_meeting(name, template="bapa40", zone="Africa/Addis_Ababa", language="fr", pinned={})


def step(kind: StepKind, number: int, **values: str) -> Step:
    return Step(kind, START + timedelta(hours=number), MessageKey("slack", "T1", "C1", str(number)), values)


def test_name_that_is_taken_gets_a_number(store: Store) -> None:
    with store.work() as work:
        ids = [make(work, name) for name in ("hlpf", "hlpf", "other", "hlpf")]
    with store.read() as work:
        names = [work.load_meeting(meeting).name for meeting in ids]
        found = [work.find_meeting(name) for name in ("hlpf", "hlpf-2", "hlpf-3", "hlpf-4")]
    assert names == ["hlpf", "hlpf-2", "other", "hlpf-3"]
    assert found == [ids[0], ids[1], ids[3], None]


def test_meeting_is_what_its_steps_made_of_it_and_pins_hold(store: Store) -> None:
    with store.work() as work:
        meeting = make(work, "hlpf")
        # the steps of a meeting may arrive in any order
        taken = [
            work.add_step(meeting, step(StepKind.CLOSE, 3)),
            work.add_step(meeting, step(StepKind.SET, 2, venue="New York", title="Réunion", days="2")),
            work.add_step(meeting, step(StepKind.OPEN, 1, title="Meeting", zone="UTC")),
        ]
        work.pin_meeting(meeting, {"zone": "America/New_York"})
    expected = Meeting(
        id=meeting,
        name="hlpf",
        template="bapa40",
        zone="America/New_York",
        language="fr",
        title="Réunion",
        days=2,
        opened_at=START + timedelta(hours=1),
        closed_at=START + timedelta(hours=3),
        fields={"venue": "New York"},
        pinned={"zone": "America/New_York"},
        given=frozenset({"title", "zone", "days"}),
    )
    with store.read() as work:
        record = work.load_record(meeting)
        seen = (work.load_meeting(meeting), work.list_meetings(), record.meeting)
    assert (taken, seen) == ([True] * 3, (expected, [expected], expected))
    assert record.steps == (
        step(StepKind.CLOSE, 3),
        step(StepKind.SET, 2, venue="New York", title="Réunion", days="2"),
        step(StepKind.OPEN, 1, title="Meeting", zone="UTC"),
    )


def test_message_takes_one_step_at_most(store: Store) -> None:
    with store.work() as work:
        meeting, other = make(work, "hlpf"), make(work, "other")
        taken = [
            work.add_step(meeting, step(StepKind.SET, 1, title="First")),
            work.add_step(meeting, step(StepKind.SET, 1, title="Second")),
            work.add_step(other, step(StepKind.CLOSE, 1)),
        ]
    with store.work() as work:
        taken.append(work.add_step(meeting, step(StepKind.SET, 1, title="Third")))
        kept = [work.load_record(meeting).steps, work.load_record(other).steps]
    assert taken == [True, False, False, False]
    assert kept == [(step(StepKind.SET, 1, title="First"),), ()]


def test_all_kinds_of_steps_are_kept(store: Store) -> None:
    steps = tuple(step(kind, number) for number, kind in enumerate(StepKind))
    with store.work() as work:
        meeting = make(work, "hlpf")
        for one in steps:
            work.add_step(meeting, one)
        assert work.load_record(meeting).steps == steps


def test_chat_feeds_one_meeting_at_a_time(store: Store) -> None:
    with store.work() as work:
        first, second = make(work, "first"), make(work, "second")
        work.link_chat("slack", "T1", "C1", first)
        work.link_chat("slack", "T1", "C2", first)
        work.link_chat("telegram", "9", "C1", first)
    with store.work() as work:
        work.link_chat("slack", "T1", "C2", second)
        work.link_chat("telegram", "9", "C1", None)
    places = [("slack", "T1", "C1"), ("slack", "T1", "C2"), ("telegram", "9", "C1"), ("slack", "T2", "C1")]
    with store.read() as work:
        fed = [work.meeting_of_chat(*place) for place in places]
        chats = [work.chats_of(first), work.chats_of(second)]
    assert fed == [first, second, None, None]
    assert chats == [[places[0]], [places[1]]]


def test_meeting_that_is_not_there_is_told(store: Store) -> None:
    with pytest.raises(UserError) as error, store.read() as work:
        work.load_meeting(7)
    assert str(error.value) == "There is no meeting 7 in the database."


def test_step_that_is_dropped_makes_room_for_another(store: Store) -> None:
    with store.work() as work:
        meeting = make(work, "hlpf")
        for number in (1, 2):
            work.add_step(meeting, step(StepKind.SET, number, title="First"))
        work.drop_step(step(StepKind.SET, 1).message)
        work.drop_step(step(StepKind.SET, 9).message)
        taken = work.add_step(meeting, step(StepKind.CLOSE, 1))
        kept = work.load_record(meeting).steps
    expected = (step(StepKind.CLOSE, 1), step(StepKind.SET, 2, title="First"))
    assert (taken, tuple(sorted(kept, key=lambda one: one.message))) == (True, expected)


def test_chat_that_moved_is_listed_under_its_new_name_and_knows_since_when_it_feeds(store: Store) -> None:
    old, new, other = ("slack", "T1", "C1"), ("slack", "T1", "C9"), ("slack", "T1", "C2")
    with store.work() as work:
        meeting = make(work, "hlpf")
        work.link_chat(*old, meeting)
        work.link_chat(*other, meeting, since=START)
        work.move_chat(old, new)
        found = (work.chats_of(meeting), work.meeting_of_chat(*old), work.linked_at(other), work.linked_at(new))
    assert found == ([other, new], meeting, START, None)
