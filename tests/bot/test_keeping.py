"""Many who keep updates at once: few commits, and each is told what became of theirs."""

import asyncio
import threading
from collections.abc import Sequence

import pytest

from bot.keeping import Keeper
from core.errors import StoreError

Updates = Sequence[tuple[str, str]]


class Database:
    """Commits when it is let; notes what each commit holds."""

    def __init__(self) -> None:
        self.commits: list[list[str]] = []
        self.may = threading.Event()
        self.errors: list[Exception] = []

    def put(self, updates: Updates) -> int:
        assert self.may.wait(10)
        if self.errors:
            raise self.errors.pop(0)
        self.commits.append([key for key, _ in updates])
        return len(updates)


async def keep_all(keeper: Keeper, database: Database, count: int) -> list[BaseException | None]:
    tasks = [asyncio.create_task(keeper.keep([(str(n), "{}")])) for n in range(count)]
    # the first is on its way, the others wait behind it
    await asyncio.sleep(0)
    database.may.set()
    return await asyncio.gather(*tasks, return_exceptions=True)


def test_what_comes_in_meanwhile_is_one_commit():
    database, kept = Database(), []
    keeper = Keeper(database.put, lambda: kept.append(1))
    results = asyncio.run(keep_all(keeper, database, 50))
    assert (results, database.commits, len(kept)) == (
        [None] * 50,
        [["0"], [str(n) for n in range(1, 50)]],
        2,
    )


def test_all_of_a_commit_that_fails_are_told_and_the_next_goes_on():
    database = Database()
    database.errors = [StoreError("locked"), StoreError("locked still")]
    keeper = Keeper(database.put, lambda: None)
    results = asyncio.run(keep_all(keeper, database, 3))
    assert [str(result) for result in results] == ["locked", "locked still", "locked still"]
    asyncio.run(keep_all(Keeper(database.put, lambda: None), database, 2))
    assert database.commits == [["0"], ["1"]]


def test_fault_that_nobody_foresaw_is_not_taken_for_a_commit():
    database = Database()
    database.errors = [ValueError("what"), ValueError("what")]
    results = asyncio.run(keep_all(Keeper(database.put, lambda: None), database, 3))
    assert [type(result) for result in results] == [ValueError, ValueError, StoreError]


def test_one_who_gives_up_takes_nothing_from_the_others():
    database = Database()

    async def scene() -> None:
        keeper = Keeper(database.put, lambda: None)
        first, second, third = (asyncio.create_task(keeper.keep([(name, "{}")])) for name in "abc")
        await asyncio.sleep(0)
        second.cancel()
        database.may.set()
        await asyncio.gather(first, third)
        with pytest.raises(asyncio.CancelledError):
            await second

    asyncio.run(scene())
    assert sorted(key for commit in database.commits for key in commit) == ["a", "b", "c"]
