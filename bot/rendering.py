"""Rendering drafts in a process of their own: a big report holds up neither the event loop nor the worker's thread.

`drafting` gives its orders to a `Renderer`, which starts this module as a child and keeps it for the next orders. An
`Order` goes to the child, what was made, or why nothing was, comes back: both ways over the socket that is the child's
standard input, each as the size of a pickle and the pickle.
"""

import asyncio
import os
import pickle
import select
import signal
import socket
import struct
import sys
import threading
from asyncio import IncompleteReadError, StreamReader, StreamWriter
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import ExitStack, closing, suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from subprocess import DEVNULL, Popen
from typing import Protocol

from bot.packaging import LARGEST_IN_CHAT, render_package
from core.errors import RapporteurError, TemplateError
from core.meetings import Record
from core.replies import DraftFile
from handlers.drafts import describe_draft
from handlers.making import load_earlier, render_draft
from handlers.packaging import PACKAGE
from reports.template_reader import TemplateCatalog
from storage.database import view_database
from storage.drafts import Numbers
from storage.store import Store

# no report takes as long; what does hangs
LONGEST = 300.0
# seconds without an order after which the child's memory is given back, and orders after which what it leaked is
IDLE = 30.0
MOST = 200

SIZE = struct.Struct("!Q")
TAKEN = b"+"


class Source(Protocol):
    """Where the child has a meeting from."""

    def load(self, wanted: Sequence[str]) -> tuple[Record, Mapping[int, str]]:
        """The record, and the reports of the earlier drafts that what is wanted compares it with, by number."""
        ...


@dataclass(frozen=True, slots=True)
class Kept:
    """A meeting in the database. The child reads it there: to hand it over would hold up the bot for as long."""

    database_url: str
    meeting_id: int

    def load(self, wanted: Sequence[str]) -> tuple[Record, Mapping[int, str]]:
        """Both as one state of the database."""
        with closing(Store(view_database(self.database_url))) as store, store.read() as work:
            return work.load_record(self.meeting_id, files=True), load_earlier(work, self.meeting_id, wanted)


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be rendered: a meeting as it stands at this time, in its template of these folders, in these formats.

    What is said with it is in this language.
    """

    source: Source
    folders: Mapping[str, Path]
    formats: tuple[str, ...]
    language: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Rendered:
    """The files, the numbers of notes in them, what the draft keeps of the report, and what is said with it."""

    files: tuple[DraftFile, ...]
    numbers: Numbers
    kept: str
    told: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Failed:
    """Why there is nothing; without a word of any note."""

    reason: str


class RenderingError(RapporteurError):
    """A draft could not be rendered. The text is for the log."""


@dataclass(slots=True)
class _Child:
    """A process that renders."""

    process: Popen[bytes]
    reader: StreamReader
    writer: StreamWriter
    orders: int = 0

    async def take(self, request: bytes) -> bool:
        """Hand it an order; one that is dead does not take it."""
        self.orders += 1
        self.writer.write(SIZE.pack(len(request)))
        self.writer.write(request)
        with suppress(ConnectionError, IncompleteReadError):
            return await self.reader.readexactly(1) == TAKEN
        return False

    async def answer(self) -> Rendered | _Failed:
        """What it made of the order that it took."""
        try:
            (size,) = SIZE.unpack(await self.reader.readexactly(SIZE.size))
            answer = await self.reader.readexactly(size)
        except (ConnectionError, IncompleteReadError):
            raise await self.explain_end() from None
        try:
            made: Rendered | _Failed = await asyncio.to_thread(pickle.loads, answer)
        except Exception as error:
            raise RenderingError(f"its answer cannot be read: {type(error).__name__}") from None
        return made

    async def explain_end(self) -> RenderingError:
        """Why there is no answer."""
        return RenderingError(f"its process ended with {await asyncio.to_thread(self.process.wait)}")


# not a ProcessPoolExecutor: it cannot kill what hangs, and its child imports the bot's __main__
@dataclass(slots=True)
class Renderer:
    """Renders in a child process, one order after the other.

    The child stays for the next order. It need not be closed: the child ends with the event loop, and with the bot.
    """

    longest: float = LONGEST
    idle: float = IDLE
    most: int = MOST
    _child: _Child | None = None
    _holder: AsyncGenerator[_Child, None] | None = None
    _rest: asyncio.Task[None] | None = None
    _turn: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def render(self, order: Order) -> Rendered:
        """Render this; a `RenderingError` says what was wrong."""
        request = await asyncio.to_thread(pickle.dumps, order)
        async with self._turn:
            if self._rest is not None:
                self._rest.cancel()
            try:
                made = await self._ask(request)
            except BaseException:
                # it hangs, is dead or makes no sense, or nobody waits for its answer any more
                await self._end_child()
                raise
            if self._child is not None and self._child.orders >= self.most:
                await self._end_child()
            self._rest = asyncio.create_task(self._end_idle())
        if isinstance(made, _Failed):
            raise RenderingError(made.reason)
        return made

    async def close(self) -> None:
        """End the child after its order; another order would start another."""
        async with self._turn:
            await self._end_child()

    async def _ask(self, request: bytes) -> Rendered | _Failed:
        try:
            async with asyncio.timeout(self.longest):
                child = await self._hand_over(request)
                return await child.answer()
        except TimeoutError:
            raise RenderingError(f"it took longer than {self.longest:g} s") from None

    async def _hand_over(self, request: bytes) -> _Child:
        if self._child is not None:
            if await self._child.take(request):
                return self._child
            # it died while it had nothing to do
            await self._end_child()
        self._holder = _hold()
        self._child = child = await anext(self._holder)
        if not await child.take(request):
            raise await child.explain_end()
        return child

    async def _end_idle(self) -> None:
        await asyncio.sleep(self.idle)
        await self.close()

    async def _end_child(self) -> None:
        holder, self._holder, self._child = self._holder, None, None
        if holder is not None:
            await holder.aclose()


async def _hold() -> AsyncGenerator[_Child, None]:
    """Start a child; it is ended where this is closed, which an event loop that ends does to every generator."""
    ours, its = socket.socketpair()
    with its, ExitStack() as connection:
        reader, writer = await asyncio.open_connection(sock=ours)
        connection.callback(writer.transport.abort)
        # -P: the folder that the bot runs in may have a folder `reports` of its own
        command = (sys.executable, "-P", "-m", "bot.rendering")
        # a session of its own: Ctrl-C is for the bot, which ends the child itself;
        # not by asyncio: a loop that ends while asyncio starts a process waits for ever
        process = Popen(  # noqa: S603 - nothing in it comes from outside
            command, stdin=its.fileno(), stdout=DEVNULL, stderr=DEVNULL, start_new_session=True
        )
        # the child alone has that end now, so that its death is seen here
        its.close()
        try:
            yield _Child(process, reader, writer)
        finally:
            process.kill()
            # shielded: a second cancellation would leave a zombie
            await asyncio.shield(asyncio.get_running_loop().run_in_executor(None, process.wait))


def render(order: Order) -> Rendered:
    """Render here."""
    record, earlier = order.source.load(order.formats)
    template = TemplateCatalog(order.folders).load(record.meeting.template)
    if order.formats[0] == PACKAGE:
        made = render_package(record, template, order.formats[1:], earlier, order.at, LARGEST_IN_CHAT)
    else:
        made = render_draft(record, template, order.formats, earlier, order.at)
    return Rendered(made.files, made.numbers, made.kept, describe_draft(made.report, order.language, made.remarks))


def answer_orders() -> None:
    """What the child does, until the bot hangs up."""
    # the bot decides when this ends, also where a service manager tells all its processes
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    # a thread sees that the bot is gone also while an order takes for ever
    threading.Thread(target=_end_with_bot, daemon=True).start()
    with socket.socket(fileno=sys.stdin.fileno()) as link, link.makefile("rwb") as bot:
        while size := bot.read(SIZE.size):
            request = bot.read(*SIZE.unpack(size))
            bot.write(TAKEN)
            bot.flush()
            answer = pickle.dumps(_answer(request))
            bot.write(SIZE.pack(len(answer)))
            bot.write(answer)
            bot.flush()


def _end_with_bot() -> None:
    hang_up = select.poll()
    hang_up.register(sys.stdin.fileno(), 0)
    hang_up.poll()
    os._exit(0)


def _answer(request: bytes) -> Rendered | _Failed:
    try:
        return render(pickle.loads(request))  # noqa: S301 - the bot wrote it
    except TemplateError as error:
        return _Failed(str(error))
    except Exception as error:
        # the text of others may quote a note
        return _Failed(type(error).__name__)


if __name__ == "__main__":
    # by its full name: what is pickled here is looked for there by the bot
    from bot.rendering import answer_orders as answer

    answer()
