"""Sending one reply and writing down that it was sent, so that it is sent once. Used by `sender` and `drafting`."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TypeVar

import structlog

from bot.backoff import Pace, Trouble, insist, log_incident
from bot.platforms import BusyError, Platform, RefusedError, UnreachableError
from core.messages import MessageKey
from core.replies import DraftFile, FileOfDraft, Outgoing, Reply
from handlers.addressing import tell_failure, tell_lateness
from handlers.drafts import name_file
from storage.store import Store, Work

T = TypeVar("T")


@dataclass(slots=True)
class _Posting:
    """A reply on its way. It is in doubt while it may have arrived without our knowing."""

    id: int
    reply: Reply
    card: str | None
    file: DraftFile | None
    also: Sequence[int]
    intent: str | None
    in_doubt: bool


class Post:
    """Sends replies of one platform. Waits for as long as the platform or the database is in trouble."""

    def __init__(self, store: Store, platform: Platform, database: Trouble, pace: Pace) -> None:
        self._store = store
        self._platform = platform
        self._database = database
        self._pace = pace
        self._network = Trouble(platform.name)
        # what must not end half-way: a send and the note of it
        self._unbroken: set[asyncio.Task[None]] = set()

    async def read(self, ask: Callable[[Work], T]) -> T:
        """What this finds out in a transaction that reads."""

        def look() -> T:
            with self._store.read() as work:
                return ask(work)

        return await insist(lambda: asyncio.to_thread(look), self._database, self._pace)

    async def write(self, change: Callable[[Work], T]) -> T:
        """What this gives in a transaction that writes, committed."""

        def commit() -> T:
            with self._store.work() as work:
                return change(work)

        return await insist(lambda: asyncio.to_thread(commit), self._database, self._pace)

    def now(self) -> datetime:
        """The time."""
        return self._pace.now()

    async def post(self, row: Outgoing, also: Sequence[int] = ()) -> None:
        """Send words or a file once, and finish the row, and with it those of these ids."""
        # a reaction beside the words has a lane of its own
        reply = replace(row.reply, reaction=None)
        place, of_draft = reply.to.place, reply.file
        card = await self.read(lambda work: work.find_card(place, reply.card)) if reply.card else None
        if reply.renews and card is None:
            await self.finish([row.id])
            return
        file = await self.read(lambda work: _load_file(work, of_draft)) if of_draft else None
        posting = _Posting(row.id, reply, card, file, also, row.intent, in_doubt=row.intent is not None)
        await self._send_patiently(lambda: self._post(posting))

    async def react(self, row: Outgoing) -> None:
        """Set a reaction, and finish the row where it is nothing else; again or twice makes no difference."""
        reply = replace(row.reply, text="", draft=(), file=None, card="", renews=False, buttons=())

        async def send() -> None:
            await self._platform.send(reply, None, None)
            if reply == row.reply:
                await self.finish([row.id])

        await self._send_patiently(send)

    async def finish(self, ids: Sequence[int], failure: str | None = None) -> None:
        """These are done with: they need not be sent, or cannot be for this reason."""

        def change(work: Work) -> None:
            for id_ in ids:
                work.finish_reply(id_, failure=failure)

        await self.write(change)

    async def give_up(self, rows: Sequence[Outgoing], error: Exception) -> None:
        """Finish what was refused, or failed in a way that nobody foresaw; one line in the log.

        What the bot had to say by itself was waited for: the organizers are told elsewhere.
        """
        if isinstance(error, RefusedError):
            structlog.get_logger().warning("reply refused", platform=self._platform.name, reason=str(error))
            reason = str(error)
        else:
            incident = log_incident("reply failed", error, platform=self._platform.name)
            reason = f"incident {incident}: {type(error).__name__}"

        def change(work: Work) -> None:
            for row in rows:
                work.add_replies(tell_failure(work, row.reply))
                work.finish_reply(row.id, failure=reason)

        await self.write(change)

    async def end(self, seconds: float) -> None:
        """Let what is being sent be finished, for so long."""
        if self._unbroken:
            _, late = await asyncio.wait(self._unbroken, timeout=seconds)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    async def _send_patiently(self, send: Callable[[], Coroutine[None, None, None]]) -> None:
        who, tries = object(), 0
        while True:
            try:
                await self._run_unbroken(send())
            except UnreachableError as error:
                self._network.meet(who, error)
                await self._pace.back_off(tries)
                tries += 1
            except BusyError as error:
                structlog.get_logger().warning("asked to wait", platform=self._platform.name, seconds=error.seconds)
                self._network.leave(who)
                await self._pace.sleep(error.seconds)
            except Exception:
                self._network.leave(who)
                raise
            else:
                self._network.leave(who)
                return

    def _run_unbroken(self, work: Coroutine[None, None, None]) -> Awaitable[None]:
        task = asyncio.create_task(work)
        self._unbroken.add(task)
        task.add_done_callback(self._unbroken.discard)
        return asyncio.shield(task)

    async def _post(self, posting: _Posting) -> None:
        """One try. What it finds out stays in the posting for the next."""
        reply = posting.reply
        if posting.intent is None:
            mark = self._platform.mark(reply.to)
            posting.intent = intent = mark or self._platform.mark(reply.to, await self.read(_list_known(reply.to)))
            await self.write(lambda work: work.begin_reply(posting.id, intent))
        sent_id = None
        if posting.in_doubt:
            known = await self.read(lambda work: work.list_sent(reply.to.place))
            sent_id = await self._platform.find_sent(reply, posting.intent, known)
            posting.in_doubt = False
        if sent_id is None:
            try:
                sent_id = await self._platform.send(reply, posting.file, posting.card)
            except UnreachableError:
                posting.in_doubt = True
                raise
        await self._keep(posting, sent_id)

    async def _keep(self, posting: _Posting, sent_id: str) -> None:
        reply = posting.reply

        def change(work: Work) -> None:
            work.finish_reply(posting.id, sent_id)
            for id_ in posting.also:
                work.finish_reply(id_)
            if reply.card:
                work.keep_card(reply.to.place, reply.card, sent_id)
            work.add_replies(tell_lateness(work, posting.id, reply, self.now()))

        await self.write(change)


def _load_file(work: Work, wanted: FileOfDraft) -> DraftFile:
    """A kept file under the name that it is sent with."""
    return name_file(work.load_file(wanted), wanted.number)


def _list_known(to: MessageKey) -> Callable[[Work], set[str]]:
    return lambda work: work.list_sent(to.place) | work.list_ids(to.place)
