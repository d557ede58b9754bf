"""The clock: APScheduler ticks, and what is due is a row that is done in one transaction. Run by `leading`, `terminal`.

What fell due while nobody was there is done once the messages of that time are in: they may have changed it.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, timedelta
from functools import partial
from typing import NamedTuple, TypeVar

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.interval import IntervalTrigger

from bot.app import App
from bot.backoff import Pace, Trouble, insist, log_incident, tell_time
from bot.retention import apply_retention
from core.errors import StoreError
from handlers import Context
from handlers.due import do_due
from handlers.meetings import replan
from storage.store import Work

T = TypeVar("T")

# in seconds, at most
TICK = 1.0
# for so long, in seconds, is waited for platforms to connect and for messages to come in
PATIENCE = 60.0
# where nothing has come in for so long, at most, all that waited is in
CALM = 2.0
# what nobody foresaw is tried again after this
AGAIN = timedelta(minutes=5)


class _Intake(NamedTuple):
    """The newest update in the inbox, and how many wait."""

    last: int
    waiting: int


@dataclass(slots=True, eq=False)
class Clock:
    """Does what is due. `connected` wait for the platforms, `wake` is called when there is something to send."""

    app: App
    connected: Sequence[Callable[[], Awaitable[object]]]
    wake: Callable[[], None]
    database: Trouble
    pace: Pace
    _busy_since: float | None = None
    _thread: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(1, "clock"))

    async def run(self) -> None:
        """Tick until cancelled; a transaction that is under way then is finished."""
        try:
            await self._insist(self.plan_all)
            await self._catch_up()
            await self._tick_on()
        finally:
            await asyncio.to_thread(self._thread.shutdown)

    async def _tick_on(self) -> None:
        # a tick that finds the one before still at work is no news
        logging.getLogger("apscheduler").setLevel(logging.ERROR)
        scheduler = AsyncIOScheduler(timezone=UTC)
        # the scheduler keeps nothing: a tick that is missed is not made up for, since the next one sees what is due
        often = IntervalTrigger(seconds=min(TICK, self.pace.look))
        at_once = {"next_run_time": tell_time(), "coalesce": True, "misfire_grace_time": None}
        scheduler.add_job(self._tick, often, **at_once)
        scheduler.add_job(self._keep_house, IntervalTrigger(hours=1), **at_once)
        scheduler.start()
        try:
            await asyncio.Event().wait()
        finally:
            scheduler.shutdown(wait=False)

    def plan_all(self) -> None:
        """Put on the agenda what is due in open meetings: those of an earlier version of the program have none."""
        with self.app.store.work() as work:
            context = self._make_context(work)
            for meeting in work.list_meetings():
                if meeting.is_open:
                    replan(context, meeting.id, self.pace.now())

    def do_all(self) -> None:
        """Do all that is due."""
        while self.do_next():
            pass

    def do_next(self) -> bool:
        """Do what has been due for longest; False where nothing is."""
        now, store, id_ = self.pace.now(), self.app.store, None
        try:
            with store.work() as work:
                waiting = work.take_due(now)
                if waiting is None:
                    return False
                id_ = waiting.id
                work.add_replies(do_due(self._make_context(work), waiting, now))
        except StoreError:
            raise
        except Exception as error:
            if id_ is None:
                raise
            log_incident("due, and failed", error)
            with store.work() as work:
                work.postpone_due(id_, now + AGAIN)
        return True

    def _make_context(self, work: Work) -> Context:
        return Context(work, self.app.templates, self.app.settings.defaults())

    async def _tick(self) -> None:
        try:
            if await self._is_behind():
                return
            while await self._insist(self.do_next):
                self.wake()
        except asyncio.CancelledError:
            # the clock ends; the scheduler would take this for a fault
            return
        except Exception as error:
            log_incident("clock failed", error)

    async def _keep_house(self) -> None:
        settings, store = self.app.settings, self.app.store
        days = (settings.keep_updates_days, settings.keep_meetings_days)
        try:
            await self._insist(lambda: apply_retention(store, *days, self.pace.now()))
        except asyncio.CancelledError:
            return
        except Exception as error:
            log_incident("retention failed", error)

    async def _is_behind(self) -> bool:
        """Whether messages wait that may belong before what is due; they are not waited for for ever."""
        if not await self._insist(self.app.store.waiting):
            self._busy_since = None
            return False
        now = self.pace.clock()
        self._busy_since = now if self._busy_since is None else self._busy_since
        return now - self._busy_since < PATIENCE

    async def _catch_up(self) -> None:
        """Wait until the platforms have handed in what came meanwhile, as far as can be told."""
        try:
            async with asyncio.timeout(PATIENCE):
                await asyncio.gather(*(wait() for wait in self.connected))
                before = None
                while before != (now := await self._insist(self._look)) or now.waiting:
                    before = now
                    await asyncio.sleep(min(CALM, self.pace.look))
        except TimeoutError:
            return

    def _look(self) -> _Intake:
        with self.app.store.read() as work:
            return _Intake(work.last_update(), work.count_waiting())

    async def _insist(self, ask: Callable[[], T]) -> T:
        do = partial(asyncio.get_running_loop().run_in_executor, self._thread, ask)
        return await insist(do, self.database, self.pace)
