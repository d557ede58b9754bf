"""A meeting follows from its steps, whatever the order in which they come."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from core.meetings import Meeting, Step, StepKind, follow_steps, steps_taken
from core.messages import MessageKey

START = datetime(2017, 7, 9, 9, tzinfo=UTC)
MEETING = Meeting(1, "hlpf", "bapa40", "UTC")


def at(minute: int) -> datetime:
    return START + timedelta(minutes=minute)


def step(kind: StepKind, minute: int, name: str = "", **values: str) -> Step:
    return Step(kind, at(minute), MessageKey("console", "w", "c", name or str(minute)), values)


OPEN = step(StepKind.OPEN, 0, title="Meeting", template="hlpf", zone="America/New_York", days="2")


def test_opening_gives_the_settings():
    assert follow_steps(MEETING, [OPEN]) == replace(
        MEETING,
        title="Meeting",
        template="hlpf",
        zone="America/New_York",
        days=2,
        opened_at=at(0),
        given=frozenset({"title", "template", "zone", "days"}),
    )


def test_last_value_of_a_field_wins():
    steps = [step(StepKind.SET, 2, venue="New York"), OPEN, step(StepKind.SET, 1, venue="Geneva", days="3")]
    met = follow_steps(MEETING, steps)
    assert (met.fields, met.days) == ({"venue": "New York"}, 3)


def test_steps_at_the_same_time_go_by_their_message():
    steps = [step(StepKind.SET, 1, "m10", venue="New York"), step(StepKind.SET, 1, "m9", venue="Geneva")]
    assert follow_steps(MEETING, steps) == follow_steps(MEETING, steps[::-1])
    assert follow_steps(MEETING, steps).fields == {"venue": "New York"}


def test_close_and_reopen_follow_in_time():
    close, reopen, again = step(StepKind.CLOSE, 1), step(StepKind.REOPEN, 2), step(StepKind.CLOSE, 3)
    assert follow_steps(MEETING, [close, OPEN]).closed_at == at(1)
    assert follow_steps(MEETING, [reopen, close, OPEN]).closed_at is None
    assert follow_steps(MEETING, [again, OPEN, reopen, close]).closed_at == at(3)


def test_closed_meeting_is_not_closed_again():
    steps = [OPEN, step(StepKind.CLOSE, 1), step(StepKind.CLOSE, 2)]
    assert follow_steps(MEETING, steps).closed_at == at(1)
    assert steps_taken(steps) == steps[:2]


def test_open_meeting_is_neither_opened_nor_reopened():
    steps = [OPEN, step(StepKind.REOPEN, 1), step(StepKind.OPEN, 2, title="Other")]
    assert steps_taken(steps) == [OPEN]
    assert follow_steps(MEETING, steps) == follow_steps(MEETING, [OPEN])


def test_closed_meeting_may_be_opened_again():
    steps = [OPEN, step(StepKind.CLOSE, 1), step(StepKind.OPEN, 2, title="Other")]
    met = follow_steps(MEETING, steps)
    assert (met.title, met.opened_at, met.closed_at) == ("Other", at(0), None)


def test_draft_changes_nothing():
    assert follow_steps(MEETING, [OPEN, step(StepKind.DRAFT, 1)]) == follow_steps(MEETING, [OPEN])


def test_pinned_settings_win():
    pinned = replace(MEETING, pinned={"template": "bapa40", "zone": "UTC", "days": "1"})
    met = follow_steps(pinned, [OPEN, step(StepKind.SET, 1, zone="Asia/Tokyo", title="Other")])
    assert (met.template, met.zone, met.days, met.title) == ("bapa40", "UTC", 1, "Other")


STEPS = st.lists(
    st.builds(
        step,
        st.sampled_from(StepKind),
        st.integers(0, 3),
        st.integers(1, 30).map(str),
        venue=st.sampled_from("ab"),
        title=st.sampled_from("cd"),
    ),
    unique_by=lambda s: s.message,
    max_size=8,
)


@given(steps=STEPS, random=st.randoms())
def test_order_of_arrival_makes_no_difference(steps: list[Step], random: Random):
    shuffled = random.sample(steps, len(steps))
    assert follow_steps(MEETING, shuffled) == follow_steps(MEETING, steps)
    assert steps_taken(shuffled) == steps_taken(steps)
