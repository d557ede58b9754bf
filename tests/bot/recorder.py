"""A chat service in memory: it keeps what was sent to each chat, and fails as it is told to.

It stands in for what is outside; the store, the sender and the service in front of it are the real ones.
"""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from aiohttp import web

from bot.backoff import Pace, Trouble
from bot.drafting import DraftMaker
from bot.platforms import Keep, Reader, Window
from bot.platforms.console import Console
from bot.sender import Sender
from core.messages import MessageKey
from core.replies import DraftFile, Reply
from storage.store import Store
from tests.bot.transcripts import TEMPLATES

PLATFORM, WORKSPACE = "console", ""


class Lost(Exception):  # noqa: N818
    """Told to `faults`: the message arrives, and the answer that it did is lost in this error."""

    def __init__(self, error: Exception) -> None:
        super().__init__(str(error))
        self.error = error


async def refresh_nothing(_meeting_id: int) -> None:
    """There is no history."""


@dataclass(slots=True)
class Recorder:
    """`calls` is what was asked for in order, as (chat, text); `chats` is what then stands in each chat, by id."""

    name: str = PLATFORM
    workspace: str = WORKSPACE
    acks_a_minute: int = 20
    alone: bool = False
    calls: list[tuple[str, str]] = field(default_factory=list)
    chats: dict[str, dict[str, str]] = field(default_factory=dict)
    replies: list[Reply] = field(default_factory=list)
    files: list[DraftFile] = field(default_factory=list)
    # errors by chat, each for one call
    faults: dict[str, list[Exception]] = field(default_factory=dict)
    # what to wait for before an answer, by chat
    holds: dict[str, Callable[[], Awaitable[object]]] = field(default_factory=dict)
    reader: Reader = field(default_factory=lambda: Console("Ana"))
    updates: list[tuple[str, str]] = field(default_factory=list)
    connects: list[Exception] = field(default_factory=list)
    receives: list[Exception | None] = field(default_factory=list)
    answers: list[web.RouteDef] = field(default_factory=list)
    closed: int = 0
    windows: list[list[Window]] = field(default_factory=list)
    # what the history gives, or an error, each for one call
    reconciles: list[Exception | list[tuple[str, str]]] = field(default_factory=list)
    missed: Callable[[], None] = lambda: None

    async def connect(self) -> Reader:
        if self.connects:
            raise self.connects.pop(0)
        return self.reader

    async def reconcile(self, windows: Sequence[Window], keep: Keep) -> None:
        self.windows.append(list(windows))
        if self.reconciles:
            found = self.reconciles.pop(0)
            if isinstance(found, Exception):
                raise found
            await keep(found)

    async def receive(self, keep: Keep, missed: Callable[[], None]) -> None:
        self.missed = missed
        if self.receives:
            error = self.receives.pop(0)
            if error:
                raise error
            return
        while self.updates:
            await keep(self.updates[:1])
            del self.updates[0]
        await asyncio.Event().wait()

    def routes(self) -> Sequence[web.RouteDef]:
        return self.answers

    def mark(self, to: MessageKey, known: Collection[str] = ()) -> str:
        return str(len(self.chats.get(to.chat, {})))

    async def fetch(self, ref: str, most: int | None = None) -> bytes:
        await self._take_call(ref, "(file)")
        return ref.encode()

    async def show_work(self, to: MessageKey) -> None:
        await self._take_call(to.chat, "(works)")

    async def send(self, reply: Reply, file: DraftFile | None, card: str | None) -> str:
        chat = reply.to.chat
        shown = f"{reply.to.id} {reply.reaction}" if reply.reaction and not reply.text else reply.text
        shown = f"[{file.name}] {shown}".strip() if file else shown
        lost = None
        try:
            await self._take_call(chat, shown)
        except Lost as error:
            lost = error.error
        if reply.reaction and not reply.text:
            return ""
        stands = self.chats.setdefault(chat, {})
        sent_id = card if card in stands else f"{chat}-{len(stands) + 1}"
        stands[sent_id] = shown
        self.replies.append(reply)
        self.files += [file] if file else []
        if lost:
            raise lost
        return sent_id

    async def find_sent(self, reply: Reply, mark: str, known: set[str]) -> str | None:
        await self._take_call(reply.to.chat, "(looks)")
        later = list(self.chats.get(reply.to.chat, {}))[int(mark) :]
        return next((id_ for id_ in later if id_ not in known), None)

    async def close(self) -> None:
        self.closed += 1

    async def _take_call(self, chat: str, what: str) -> None:
        self.calls.append((chat, what))
        if hold := self.holds.get(chat):
            await hold()
        if errors := self.faults.get(chat):
            raise errors.pop(0)


@dataclass(slots=True)
class Clock:
    """Time that passes only by waiting; `waits` are the waits."""

    now: float = 0.0
    waits: list[float] = field(default_factory=list)

    async def sleep(self, seconds: float) -> None:
        self.waits.append(seconds)
        self.now += seconds
        await asyncio.sleep(0.001)

    def pace(self) -> Pace:
        return Pace(look=0.02, clock=lambda: self.now, sleep=self.sleep)


async def wait_until(holds: Callable[[], object], seconds: float = 20.0) -> None:
    """Wait until this is so."""
    async with asyncio.timeout(seconds):
        while not holds():
            await asyncio.sleep(0.005)


def find_children() -> list[int]:
    """The processes that render for this one."""
    children = [
        int(pid) for path in Path("/proc/self/task").iterdir() for pid in (path / "children").read_text().split()
    ]
    return [pid for pid in children if b"bot.rendering" in Path(f"/proc/{pid}/cmdline").read_bytes()]


def list_waiting(store: Store) -> list[Reply]:
    """What waits in the outbox."""
    with store.work() as work:
        return [row.reply for row in work.take_replies(PLATFORM, WORKSPACE, 10_000)]


def deliver(
    store: Store, platform: Recorder, pace: Pace | None = None, until: Callable[[], object] | None = None
) -> None:
    """Run a sender until the outbox is empty, or until this is so."""

    async def run() -> None:
        usual = pace or Pace(first=0.01, look=0.02)
        sender = Sender(
            store, platform, DraftMaker(TEMPLATES.folders, store.url, refresh_nothing), Trouble("database"), usual
        )
        task = asyncio.create_task(sender.run())
        try:
            await wait_until(until or (lambda: not list_waiting(store)))
        finally:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task

    asyncio.run(run())


def to(number: int, chat: str = "A") -> MessageKey:
    """A message of a chat."""
    return MessageKey(PLATFORM, WORKSPACE, chat, str(number))


def order(store: Store, *replies: Reply) -> None:
    """Put these into the outbox."""
    with store.work() as work:
        work.add_replies(replies)
