"""Intake: what a platform delivers, into the inbox. Run by `service` in every process.

What only one process may receive, `leading` has received while this one leads.
"""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial

import structlog

from bot.backoff import Pace, Trouble, log_incident
from bot.keeping import Keeper
from bot.platforms import BusyError, Keep, Platform, Reader, UnreachableError
from core.errors import SettingError, StoreError
from storage.store import Store


@dataclass(frozen=True, slots=True)
class Connected:
    """What a platform is once it is connected: how its updates are read, and kept."""

    reader: Reader
    keep: Keep


@dataclass(slots=True, eq=False)
class Intake:
    """One platform's. `delivered` is called when something came in, `missed` when something may not have."""

    store: Store
    platform: Platform
    delivered: Callable[[], None]
    pace: Pace
    missed: Callable[[], None] = lambda: None
    _trouble: Trouble = field(init=False)
    _connected: asyncio.Future[Connected] = field(init=False)

    def __post_init__(self) -> None:
        self._trouble = Trouble(self.platform.name)
        self._connected = asyncio.get_running_loop().create_future()

    async def wait_connected(self) -> Connected:
        """Wait until the platform is connected."""
        return await asyncio.shield(self._connected)

    async def run(self) -> None:
        """Connect the platform, and have it hand in its updates for ever, unless only one process may."""
        reader = await self._connect()
        structlog.get_logger().info("connected", platform=self.platform.name)
        keep = Keeper(partial(self._put, reader.source), self._note_kept).keep
        self._connected.set_result(Connected(reader, keep))
        if not self.platform.alone:
            await self.receive()

    async def receive(self) -> None:
        """Let the platform hand in its updates for ever; it is started again however it ends."""
        connected, tries = await self.wait_connected(), 0
        while True:
            begun = self.pace.clock()
            failed: Exception
            try:
                await self.platform.receive(connected.keep, self._note_missed)
            except SettingError:
                raise
            except Exception as error:
                failed = error
            else:
                failed = EOFError()
            if self.pace.clock() - begun > self.pace.longest:
                tries = 0
            await self._wait(failed, tries)
            tries += 1

    async def _connect(self) -> Reader:
        tries = 0
        while True:
            try:
                reader = await self.platform.connect()
            except SettingError:
                raise
            except Exception as error:
                await self._wait(error, tries)
                tries += 1
            else:
                self._trouble.leave(self.platform.name)
                return reader

    async def _wait(self, error: Exception, tries: int) -> None:
        """Before the platform is tried again, for as long as this error asks; what nobody foresaw is an incident."""
        name = self.platform.name
        if isinstance(error, BusyError):
            structlog.get_logger().warning("asked to wait", what=name, seconds=error.seconds)
            await self.pace.sleep(error.seconds)
            return
        if isinstance(error, (UnreachableError, StoreError)):
            self._trouble.meet(name, error)
        else:
            log_incident("platform failed", error, platform=name)
        await self.pace.back_off(tries)

    def _put(self, source: str, updates: Sequence[tuple[str, str]]) -> int:
        return self.store.put_updates(source, updates, self.pace.now())

    def _note_kept(self) -> None:
        self._trouble.leave(self.platform.name)
        self.delivered()

    def _note_missed(self) -> None:
        # whoever leads now, not at the time when the platform was told to receive
        self.missed()
