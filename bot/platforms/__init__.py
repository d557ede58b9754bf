"""The platforms: where updates come from and replies go. One package each; they do not know each other.

To add one, write its module with these few things and put it into `app`.
"""

from collections.abc import Awaitable, Callable, Collection, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple, Protocol

from core.messages import MessageKey, Place, Version
from core.notices import Notice
from core.replies import DraftFile, Reply

if TYPE_CHECKING:
    from aiohttp import web

# keeps (delivery key, payload) pairs in the inbox; committed when it returns, a `StoreError` where it cannot be
Keep = Callable[[Sequence[tuple[str, str]]], Awaitable[None]]


class Reader(Protocol):
    """What the worker needs of a platform: to read its updates."""

    @property
    def source(self) -> str:
        """The name of platform and workspace under which its updates stand in the inbox."""
        ...

    def read(self, payload: str, received_at: datetime) -> Sequence[Version | Notice]:
        """What an update says of messages and chats; an `UpdateError` makes it a dead letter."""
        ...


class UnreachableError(Exception):
    """The platform cannot be reached or is in trouble. Whether what was asked for is done is not known."""


class BusyError(Exception):
    """The platform wants to be left alone for `seconds`. Nothing was done."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"wait {seconds:g} s")
        self.seconds = seconds


class RefusedError(Exception):
    """The platform will not do this, now or later. The text says why, without anything of the message."""


def tell_too_large(most: int) -> str:
    """Why a file of more bytes than these is refused."""
    return f"the file is larger than {most // 1_000_000} MB"


class NoReactionsError(RefusedError):
    """Reactions are off in this chat."""


class NoReactionError(RefusedError):
    """This message cannot have a reaction, or is gone; others in its chat can."""


class Window(NamedTuple):
    """A chat of an open meeting: from when on it counts, and the ids of the messages known from there, not deleted."""

    place: Place
    since: datetime
    known: frozenset[str]


class Platform(Protocol):
    """What the service needs of a chat service, all in one asyncio loop.

    Whatever it calls out for may raise `UnreachableError`, `BusyError` or `RefusedError`.
    """

    name: str
    workspace: str
    # how many reactions a chat gets a minute, so that words are not held up
    acks_a_minute: int
    # whether only one process may receive at a time; else all that run do, also those that stand by
    alone: bool

    async def connect(self) -> Reader:
        """Find out who the bot is, and make its menus. A `SettingError` where its token is not accepted."""
        ...

    async def receive(self, keep: Keep, missed: Callable[[], None]) -> None:
        """Hand in updates for ever. The platform is told that it is rid of them only after `keep` has returned.

        `missed` is called whenever some may have been lost on the way: `reconcile` is called soon after.
        """
        ...

    async def reconcile(self, windows: Sequence[Window], keep: Keep) -> None:
        """Hand in what was written, changed and deleted in these chats meanwhile, where the platform has a history.

        What is missing there is deleted only after a chat was read to its end without an error.
        """
        ...

    def routes(self) -> "Sequence[web.RouteDef]":
        """What the bot's web server answers for this platform; none where the bot itself asks for updates."""
        ...

    def mark(self, to: MessageKey, known: Collection[str] = ()) -> str:
        """Where the chat stands now: by this `find_sent` knows what came later. Empty where nothing was seen of it.

        `known` are messages of the chat that were seen before this process.
        """
        ...

    async def fetch(self, ref: str, most: int | None = None) -> bytes:
        """The bytes of an attachment; one of more than `most` is refused."""
        ...

    async def show_work(self, to: MessageKey) -> None:
        """Show in the chat that a file is being made."""
        ...

    async def send(self, reply: Reply, file: DraftFile | None, card: str | None) -> str:
        """Send words (in place of the message `card`, if it still stands), a reaction or a file; the message's id."""
        ...

    async def find_sent(self, reply: Reply, mark: str, known: set[str]) -> str | None:
        """The id of a message of the bot's that came after this mark and is not among the known ones."""
        ...

    async def close(self) -> None:
        """Let go of its connections; nothing else is asked for afterwards."""
        ...
