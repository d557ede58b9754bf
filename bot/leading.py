"""Leading: of all processes on one database one works and sends, the others stand by. Run by `service`.

Nothing lasts from one term to the next: what is under way stands in inbox and outbox.
"""

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from typing import TypeVar

import structlog

from bot.app import App
from bot.backoff import Pace, Trouble, insist, log_incident
from bot.clock import Clock
from bot.drafting import DraftMaker
from bot.intake import Intake
from bot.reconciling import Reconciler
from bot.sender import Sender
from bot.together import run_together
from bot.worker import BATCH, Worker
from core.errors import StoreError
from handlers import Guard
from storage.leadership import Leadership

T = TypeVar("T")

# who leads is looked at at least as often, in seconds
_LONGEST_LOOK = 1.0


@dataclass(frozen=True, slots=True)
class Shared:
    """What every term of a process works with. `delivered` is set when something may be in the inbox."""

    app: App
    guard: Guard | None
    intakes: Sequence[Intake]
    delivered: asyncio.Event
    database: Trouble
    pace: Pace


class _LeadLostError(Exception):
    """Another process may lead now."""


@dataclass(slots=True, eq=False)
class Leader:
    """Takes the lead as soon as it is free, and has a term run for as long as this process keeps it."""

    shared: Shared
    _leadership: Leadership = field(init=False)
    _thread: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(1, "lead"))
    _told: str = ""

    def __post_init__(self) -> None:
        self._leadership = self.shared.app.store.leadership()

    async def run(self) -> None:
        """Lead or stand by until cancelled, or until a term ends with an error, which is raised."""
        try:
            while True:
                await self._stand_by()
                try:
                    await run_together(Term(self.shared).run(), self._watch())
                except _LeadLostError:
                    self._tell("stands by")
        finally:
            # by the same thread, so that it comes after a try that is under way
            await self._call(self._leadership.give_up)
            self._thread.shutdown()

    async def _stand_by(self) -> None:
        database = self.shared.database
        while True:
            try:
                leads = await self._call(self._leadership.try_lead)
            except StoreError as error:
                database.meet(self, error)
            else:
                database.leave(self)
                self._tell("leads" if leads else "stands by")
                if leads:
                    return
            await self._pause()

    async def _watch(self) -> None:
        while await self._call(self._leadership.try_lead):
            await self._pause()
        raise _LeadLostError

    async def _pause(self) -> None:
        await asyncio.sleep(min(self.shared.pace.look, _LONGEST_LOOK))

    async def _call(self, ask: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._thread, ask)

    def _tell(self, event: str) -> None:
        if event != self._told:
            structlog.get_logger().info(event)
            self._told = event


class Term:
    """What runs while this process leads: a worker's thread, the clock, for each platform a sender and a reconciler."""

    def __init__(self, shared: Shared) -> None:
        app, self._shared = shared.app, shared
        platforms = [intake.platform for intake in shared.intakes]
        maker = DraftMaker(app.templates.folders, app.store.url, self._refresh, platforms)
        self._workers: list[Worker] = []
        self._senders: list[Sender] = []
        self._reconcilers: list[Reconciler] = []
        connected = [intake.wait_connected for intake in shared.intakes]
        self._clock = Clock(app, connected, self._wake_senders, shared.database, shared.pace)
        for intake in shared.intakes:
            self._senders.append(Sender(app.store, intake.platform, maker, shared.database, shared.pace))
            self._reconcilers.append(Reconciler(app.store, intake.platform, shared.pace))

    async def run(self) -> None:
        """Run all until cancelled, or until one of them ends with an error, which is raised."""
        platforms = zip(self._shared.intakes, self._senders, self._reconcilers, strict=True)
        await run_together(self._work(), self._clock.run(), *(self._serve(*parts) for parts in platforms))

    async def _serve(self, intake: Intake, sender: Sender, reconciler: Reconciler) -> None:
        """One platform, from when it is connected."""
        app, connected = self._shared.app, await intake.wait_connected()
        guard = self._shared.guard
        self._workers.append(Worker(app.store, app.templates, app.settings.defaults(), connected.reader, guard=guard))
        # an earlier term, or another process, may have left some in the inbox
        self._shared.delivered.set()
        reconciler.keep = connected.keep
        intake.missed = reconciler.want
        # nobody was there to take what came before
        reconciler.want()
        receiving = [intake.receive()] if intake.platform.alone else []
        await run_together(reconciler.run(), sender.run(), *receiving)

    async def _refresh(self, meeting_id: int) -> None:
        """Have the platforms' histories of a meeting read, since a draft is to be made of it."""
        await asyncio.gather(*(reconciler.refresh(meeting_id) for reconciler in self._reconcilers))

    def _wake_senders(self) -> None:
        for sender in self._senders:
            sender.wake()

    async def _work(self) -> None:
        """The worker's one thread: all that waits in the inbox, when something came in, and every few seconds."""
        delivered, thread = self._shared.delivered, ThreadPoolExecutor(1, "worker")
        try:
            while True:
                delivered.clear()
                taken = [await self._take_batch(worker, thread) for worker in tuple(self._workers)]
                if any(taken):
                    self._wake_senders()
                if BATCH not in taken:
                    with suppress(TimeoutError):
                        async with asyncio.timeout(self._shared.pace.look):
                            await delivered.wait()
        finally:
            # what it is at is finished, and the loop goes on meanwhile
            await asyncio.to_thread(thread.shutdown)

    async def _take_batch(self, worker: Worker, thread: ThreadPoolExecutor) -> int:
        take = partial(asyncio.get_running_loop().run_in_executor, thread, worker.take_batch)
        try:
            return await insist(take, self._shared.database, self._shared.pace)
        except Exception as error:
            log_incident("worker failed", error, source=worker.reader.source)
            return 0
