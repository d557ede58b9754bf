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


@dataclass(frozen=True, slots=True)
class Reply:
    """What a handler answers to a message: words, a reaction, or a draft in these formats (made when it is sent)."""

    to: MessageKey
    text: str = ""
    reaction: Reaction | None = None
    draft: tuple[str, ...] = ()


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
