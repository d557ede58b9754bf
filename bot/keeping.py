"""Keeping updates: what comes in while a commit goes on is kept by the next one, all of it at once. Used by `service`.

One commit after another, so that a burst does not have many writers wait for each other.
"""

import asyncio
from collections.abc import Callable, Sequence

from core.errors import StoreError

Updates = Sequence[tuple[str, str]]


class Keeper:
    """Keeps the updates of one platform by `put`, which commits before it returns; then calls `kept`."""

    def __init__(self, put: Callable[[Updates], int], kept: Callable[[], None]) -> None:
        self._put = put
        self._kept = kept
        self._waiting: list[tuple[Updates, asyncio.Future[None]]] = []
        self._turn = asyncio.Lock()

    async def keep(self, updates: Updates) -> None:
        """Keep these; they are committed when this returns, and a `StoreError` says that they are not."""
        done = asyncio.get_running_loop().create_future()
        self._waiting.append((updates, done))
        async with self._turn:
            if not done.done():
                await self._commit()
        await done

    async def _commit(self) -> None:
        batch, self._waiting = self._waiting, []
        try:
            await asyncio.to_thread(self._put, [update for updates, _ in batch for update in updates])
        except BaseException as error:
            _fail(batch, error)
            if not isinstance(error, StoreError):
                raise
        else:
            for _, done in batch:
                # who waited may have been cancelled
                if not done.done():
                    done.set_result(None)
            self._kept()


def _fail(batch: Sequence[tuple[Updates, asyncio.Future[None]]], error: BaseException) -> None:
    told = error if isinstance(error, StoreError) else StoreError("The updates were not kept.")
    for _, done in batch:
        if not done.done():
            done.set_exception(told)
            # looked at, so that asyncio does not complain of one whose waiter was cancelled
            done.exception()
