"""The inbox: each delivery once, nothing lost, dead letters kept."""

import pytest

from core.replies import DeadLetter, Update
from storage.store import Store


def take(store: Store, sources: list[str] | None = None, limit: int = 100) -> list[tuple[str, str, str]]:
    """What waits, left waiting."""
    with store.work() as work:
        return [(update.source, update.key, update.payload) for update in work.take_updates(sources, limit)]


def test_each_delivery_is_kept_once(store: Store) -> None:
    counts = [
        store.put_updates("slack:T1", [("a", "1"), ("b", "2"), ("a", "again")]),
        store.put_updates("slack:T1", [("b", "other"), ("c", "3")]),
        store.put_updates("telegram:9", [("a", "4")]),
        store.put_updates("telegram:9", []),
    ]
    assert counts == [2, 1, 1, 0]
    assert take(store) == [
        ("slack:T1", "a", "1"),
        ("slack:T1", "b", "2"),
        ("slack:T1", "c", "3"),
        ("telegram:9", "a", "4"),
    ]


def test_updates_are_taken_by_source_oldest_first_up_to_the_limit(store: Store) -> None:
    store.put_updates("slack:T1", [("a", "1"), ("b", "2")])
    store.put_updates("telegram:9", [("c", "3"), ("d", "4")])
    assert take(store, limit=3) == [("slack:T1", "a", "1"), ("slack:T1", "b", "2"), ("telegram:9", "c", "3")]
    assert take(store, ["telegram:9"]) == [("telegram:9", "c", "3"), ("telegram:9", "d", "4")]
    assert take(store, []) == []


def test_finished_updates_are_not_taken_again_nor_kept_anew(store: Store) -> None:
    store.put_updates("console", [("a", "1"), ("b", "2"), ("c", "3")])
    with store.work() as work:
        first, second, _ = work.take_updates(None, 3)
        work.finish_updates({first.id: ()})
        work.finish_updates({second.id: ()})
        within = [update.key for update in work.take_updates(None, 3)]
    again = store.put_updates("console", [("a", "1"), ("b", "2")])
    assert (within, again, store.waiting(), take(store)) == (["c"], 0, 1, [("console", "c", "3")])


def test_buried_update_becomes_a_dead_letter_with_its_reason(store: Store) -> None:
    store.put_updates("console", [("a", "{"), ("b", "{}")])
    with store.work() as work:
        work.bury_update(work.take_updates(None, 1)[0].id, "not JSON: \x00 \ud800")
    (letter,) = store.dead_letters()
    assert letter == DeadLetter("console", "a", "{", r"not JSON: \u0000 \ud800", letter.at)
    assert letter.at.utcoffset() is not None
    assert take(store) == [("console", "b", "{}")]


def test_payload_that_no_database_takes_is_kept_escaped(store: Store) -> None:
    raw = '{"text": "a\x00b \ud83d c \U0001f600 \udfff", "kept": "\\u0000 \\ud800 \x01"}'
    store.put_updates("console", [("key \ud800", raw)])
    repeated = store.put_updates("console", [("key \ud800", raw)])
    kept = '{"text": "a\\u0000b \\ud83d c \U0001f600 \\udfff", "kept": "\\u0000 \\ud800 \x01"}'
    assert (take(store), repeated) == ([("console", r"key \ud800", kept)], 0)


def test_rolled_back_work_leaves_its_updates_waiting(store: Store) -> None:
    store.put_updates("console", [("a", "1"), ("b", "2")])

    def fail() -> None:
        with store.work() as work:
            first, second = work.take_updates(None, 2)
            work.finish_updates({first.id: ()})
            work.bury_update(second.id, "unreadable")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert (store.waiting(), store.dead_letters()) == (2, [])


def test_many_updates_are_finished_in_one_work(store: Store) -> None:
    store.put_updates("console", [(str(number), "{}") for number in range(2500)])
    with store.work() as work:
        taken = work.take_updates(None, 2400)
        work.finish_updates({update.id: () for update in taken})
    assert (len(taken), store.waiting()) == (2400, 100)


def test_source_that_is_dropped_is_taken_anew(store: Store) -> None:
    store.put_updates("console", [("a", "1")])
    store.put_updates("slack:T1", [("a", "2")])
    with store.work() as work:
        work.finish_updates({update.id: () for update in work.take_updates(None, 2)})
        work.drop_source("console")
    assert [store.put_updates(source, [("a", "3")]) for source in ("console", "slack:T1")] == [1, 0]


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_two_processes_take_different_updates(store: Store) -> None:
    store.put_updates("console", [("a", "1"), ("b", "2"), ("c", "3")])
    with store.work() as one, store.work() as other:
        taken: list[list[Update]] = [one.take_updates(None, 2), other.take_updates(None, 2)]
    assert [[update.key for update in updates] for updates in taken] == [["a", "b"], ["c"]]
