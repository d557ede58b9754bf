"""The agenda: what is due is done once, in its order, by one process."""

from contextlib import closing
from datetime import UTC, datetime, timedelta

import pytest

from core.schedule import Due, DueKind
from storage.database import open_database
from storage.store import Store
from tests.conftest import Server

START = datetime(2018, 5, 7, 9, tzinfo=UTC)
CLOSE, DIGEST, SILENCE = DueKind.CLOSE, DueKind.DIGEST, DueKind.SILENCE


def at(minutes: int) -> datetime:
    return START + timedelta(minutes=minutes)


@pytest.fixture
def meeting(store: Store) -> int:
    return make_meeting(store)


def make_meeting(store: Store) -> int:
    with store.work() as work:
        return work.create_meeting("m", template="bapa40", zone="UTC", language="en", pinned={})


def plan(store: Store, meeting: int, *planned: Due, since: int = 0) -> list[Due]:
    with store.work() as work:
        work.plan_due(meeting, planned, at(since))
        return work.list_due(meeting)


def do_all(store: Store, minutes: int) -> list[tuple[str, str]]:
    """Do what is due at this minute; in which order."""
    done = []
    while True:
        with store.work() as work:
            waiting = work.take_due(at(minutes))
            if waiting is None:
                return done
            work.finish_due(waiting.id, at(minutes))
            done.append((waiting.due.kind.value, waiting.due.mark))


def test_plan_replaces_what_waits_and_keeps_what_is_done(store: Store, meeting: int):
    first, second = Due(DIGEST, "1", at(10)), Due(CLOSE, "a", at(20))
    assert plan(store, meeting, first, second) == [first, second]
    assert do_all(store, 10) == [("digest", "1")]
    # another close: the old one is gone, and the digest is not done again though it is planned for later
    third = Due(CLOSE, "b", at(30))
    assert plan(store, meeting, first._replace(at=at(25)), third, since=15) == [third]
    assert do_all(store, 60) == [("close", "b")]
    assert plan(store, meeting, first, second, since=60) == []


def test_what_is_newly_planned_for_the_past_is_not_done(store: Store, meeting: int):
    assert plan(store, meeting, Due(DIGEST, "1", at(10)), since=10) == []


def test_what_waits_and_is_overdue_stays(store: Store, meeting: int):
    due = Due(CLOSE, "a", at(10))
    plan(store, meeting, due)
    assert plan(store, meeting, due, since=50) == [due]


def test_what_was_put_off_stays_so_until_it_is_planned_for_another_time(store: Store, meeting: int):
    due = Due(DIGEST, "1", at(10))
    plan(store, meeting, due)
    with store.work() as work:
        waiting = work.take_due(at(10))
        assert waiting
        work.postpone_due(waiting.id, at(40))
    assert plan(store, meeting, due, since=20) == [due._replace(at=at(40))]
    assert plan(store, meeting, due._replace(at=at(50)), since=20) == [due._replace(at=at(50))]


@pytest.mark.parametrize(("minutes", "then"), [(20, 20), (50, 40), (5, 40)])
def test_only_what_was_put_off_is_hastened(store: Store, meeting: int, minutes: int, then: int):
    plan(store, meeting, Due(DIGEST, "1", at(10)), Due(DIGEST, "2", at(30)))
    with store.work() as work:
        waiting = work.take_due(at(10))
        assert waiting
        work.postpone_due(waiting.id, at(40))
        work.hasten_due(meeting, DIGEST, at(minutes))
        assert sorted(work.list_due(meeting)) == [Due(DIGEST, "1", at(then)), Due(DIGEST, "2", at(30))]


def test_what_is_watched_keeps_its_time_and_can_be_watched_again(store: Store, meeting: int):
    watch = Due(SILENCE, "", at(10))
    plan(store, meeting, watch)
    assert plan(store, meeting, watch._replace(at=at(90)), since=5) == [watch]
    with store.work() as work:
        waiting = work.take_due(at(10))
        assert waiting
        work.drop_due(waiting.id)
        assert work.list_due(meeting) == []
        work.watch_due(meeting, watch._replace(at=at(20)))
        work.watch_due(meeting, watch._replace(at=at(30)))
        assert work.list_due(meeting) == [watch._replace(at=at(30))]


def test_what_is_due_is_done_in_the_order_of_time_then_of_kind(store: Store, meeting: int):
    other = make_meeting(store)
    kinds = [DueKind.FORGOTTEN, DueKind.CLOSE, DueKind.DIGEST, DueKind.WARNING]
    plan(store, meeting, *(Due(kind, "m", at(10)) for kind in kinds), Due(DueKind.ASK, "m", at(9)))
    plan(store, other, Due(CLOSE, "n", at(10)), Due(CLOSE, "later", at(11)))
    assert do_all(store, 10) == [
        ("ask", "m"),
        ("warning", "m"),
        ("digest", "m"),
        ("close", "m"),
        ("close", "n"),
        ("forgotten", "m"),
    ]


def test_done_is_done_once(store: Store, meeting: int):
    with store.work() as work:
        assert work.add_due(meeting, Due(SILENCE, "I", at(5)), at(5)) is True
        assert work.add_due(meeting, Due(SILENCE, "I", at(9)), at(9)) is False
        assert work.list_due(meeting) == []
    assert do_all(store, 60) == []


def test_what_one_process_does_no_other_takes(postgresql: Server):
    with closing(Store(open_database(postgresql.url_of(postgresql.make_database())))) as store:
        meeting = make_meeting(store)
        plan(store, meeting, Due(DIGEST, "1", at(10)), Due(CLOSE, "a", at(10)))
        with store.work() as one, store.work() as other, store.work() as third:
            taken = [work.take_due(at(10)) for work in (one, other, third)]
            assert [waiting and waiting.due.kind for waiting in taken] == [DIGEST, CLOSE, None]


def test_what_fails_is_due_still(store: Store, meeting: int):
    plan(store, meeting, Due(CLOSE, "a", at(10)))

    def fail() -> None:
        with store.work() as work:
            waiting = work.take_due(at(10))
            assert waiting
            work.finish_due(waiting.id, at(10))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert do_all(store, 10) == [("close", "a")]
