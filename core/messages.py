"""A chat message as it stands now, folded from all that its platform ever said of it.

Platforms make `Version`s of their updates; the store keeps them; `fold` decides what holds. The order and the
number of times in which versions arrive make no difference.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from itertools import pairwise
from typing import NamedTuple


class MessageKey(NamedTuple):
    """What names a message everywhere: platform, workspace, chat and the platform's own message id.

    A transcript is a workspace of its own, so that two replays into one database do not mix.
    """

    platform: str
    workspace: str
    chat: str
    id: str


_FIGURES = re.compile(r"([0-9]+)")

# sorts messages, and whatever else a message brings, by time
InTime = tuple[datetime, str, str, list[tuple[int, str]], MessageKey]


def in_time(at: datetime, key: MessageKey) -> InTime:
    """Sort key: the time as an instant, then the place in the chat, where ids compare by the numbers in them."""
    parts = [part.lstrip("0") if index % 2 else part for index, part in enumerate(_FIGURES.split(key.id))]
    # figures by their length first: no number is too long to compare
    natural = [(len(part) if index % 2 else -1, part) for index, part in enumerate(parts)]
    return at, key.platform, key.chat, natural, key


class Author(NamedTuple):
    """Who wrote: the platform's id of the person, and the name to show."""

    id: str
    name: str


class Attachment(NamedTuple):
    """A photo, voice note or file that came with a message."""

    kind: str
    name: str


class Change(StrEnum):
    """What a platform can say of a message."""

    SENT = "sent"
    EDITED = "edited"
    DELETED = "deleted"


@dataclass(frozen=True, slots=True)
class Version:
    """One thing that a platform said of a message, at one time.

    `at` is the platform's time, aware. `text` is plain text, already cleaned; empty for a deletion. Edits carry
    the whole new text.
    """

    key: MessageKey
    change: Change
    at: datetime
    author: Author
    text: str = ""
    reply_to: str | None = None
    attachments: tuple[Attachment, ...] = ()


@dataclass(frozen=True, slots=True)
class Message:
    """One chat message as it stands now.

    `first_text` is the wording it was first sent with: a command is a command by its first wording, and is not
    given again when it is edited. `seen` is False while only edits of it have arrived. `versions` is its
    history, oldest first.
    """

    key: MessageKey
    author: Author
    sent_at: datetime
    text: str
    first_text: str
    reply_to: str | None
    attachments: tuple[Attachment, ...]
    seen: bool
    edited_at: datetime | None
    deleted_at: datetime | None
    versions: tuple[Version, ...]


_RANK = {Change.SENT: 0, Change.EDITED: 1, Change.DELETED: 2}


def fold(versions: Iterable[Version]) -> Message:
    """The message that these versions make, whatever their order and however often each is given.

    The last edit's wording wins; an edit that leaves the text as it was (a platform unfurling a link) is none;
    a deletion is final. At least one version is needed.
    """
    ordered = tuple(sorted(set(versions), key=_age))
    sent = [v for v in ordered if v.change is Change.SENT]
    worded = [v for v in ordered if v.change is not Change.DELETED]
    deleted = [v.at for v in ordered if v.change is Change.DELETED]
    first = sent[0] if sent else ordered[0]
    rewordings = [later.at for earlier, later in pairwise(worded) if later.text != earlier.text]
    return Message(
        key=first.key,
        author=first.author,
        sent_at=first.at,
        text=worded[-1].text if worded else "",
        first_text=first.text if sent else "",
        reply_to=next((v.reply_to for v in reversed(worded) if v.reply_to), None),
        attachments=next((v.attachments for v in reversed(worded) if v.attachments), ()),
        seen=bool(sent),
        edited_at=rewordings[-1] if rewordings else None,
        deleted_at=min(deleted, default=None),
        versions=ordered,
    )


def _age(version: Version) -> tuple[int, datetime, str, Author, str, tuple[Attachment, ...]]:
    """Total order of a message's versions; times compare as instants, ties by content."""
    return (
        _RANK[version.change],
        version.at,
        version.text,
        version.author,
        version.reply_to or "",
        version.attachments,
    )
