"""What goes in and out of the house: updates as platforms deliver them, replies as handlers give them, drafts."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from core.messages import MessageKey


@dataclass(frozen=True, slots=True)
class Update:
    """What a platform delivered, raw, as it stands in the inbox. `source` names the platform and workspace."""

    id: int
    source: str
    key: str
    payload: str
    received_at: datetime


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """An update that could not be read, kept with the reason."""

    source: str
    key: str
    payload: str
    reason: str
    at: datetime


class Reaction(StrEnum):
    """The quiet answers; each platform has its own sign for them."""

    FILED = "filed"
    CHANGED = "changed"
    NOT_UNDERSTOOD = "not_understood"
    WITHDRAWN = "withdrawn"


class Button(NamedTuple):
    """A button below words: what stands on it, and the command that a press gives, in another chat if one is named."""

    label: str
    command: str
    chat: str = ""


class FileOfDraft(NamedTuple):
    """Which file of a kept draft."""

    meeting_id: int
    number: int
    name: str


@dataclass(frozen=True, slots=True)
class Reply:
    """What a handler answers to a message: words, a reaction, a file, or a draft to be made in these formats.

    `to` with no message id is the chat itself. Words under a `card` take the place of the chat's last ones under that
    name; with `renews` only where there are such. `language` is that of what the sender says with a draft, `meeting_id`
    which meeting it is of. `thread` is the message that the one answered replies to, in whose thread the answer stands.
    A draft for `everywhere` is sent to all chats of the meeting. `due_at` is when this was to be said, where the bot
    says it by itself: what arrives much later is owned up to.
    """

    to: MessageKey
    text: str = ""
    reaction: Reaction | None = None
    draft: tuple[str, ...] = ()
    file: FileOfDraft | None = None
    card: str = ""
    renews: bool = False
    buttons: tuple[tuple[Button, ...], ...] = ()
    language: str = "en"
    thread: str = ""
    meeting_id: int | None = None
    everywhere: bool = False
    due_at: datetime | None = None


class Outgoing(NamedTuple):
    """A reply that waits in the outbox.

    `intent` is set once it was tried: the platform's note of where the chat then stood, by which to find out whether
    it arrived.
    """

    id: int
    reply: Reply
    intent: str | None = None


class DraftFile(NamedTuple):
    """One file of a draft."""

    name: str
    media_type: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Draft:
    """A numbered report that was kept, with its files."""

    number: int
    at: datetime
    files: tuple[DraftFile, ...]
