"""A chat message as it stands now, folded from all that its platform ever said of it.

Platforms make `Version`s of their updates; the store keeps them; `fold` decides what holds. The order and the
number of times in which versions arrive make no difference.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from itertools import pairwise
from typing import NamedTuple

# platform, workspace, chat
Place = tuple[str, str, str]


class MessageKey(NamedTuple):
    """What names a message everywhere: platform, workspace, chat and the platform's own message id.

    A transcript is a workspace of its own, so that two replays into one database do not mix.
    """

    platform: str
    workspace: str
    chat: str
    id: str

    @property
    def place(self) -> Place:
        """The chat that the message stands in."""
        return self.platform, self.workspace, self.chat


def find_parent(place: Place) -> Place | None:
    """The chat that this one is a topic or thread of: its name stands before the slash."""
    platform, workspace, chat = place
    parent, slash, _ = chat.partition("/")
    return (platform, workspace, parent) if slash else None


_FIGURES = re.compile(r"([0-9]+)")

# sorts messages, and whatever else a message brings, by time
InTime = tuple[datetime, str, str, list[tuple[int, str]], MessageKey]


def in_time(at: datetime, key: MessageKey) -> InTime:
    """Sort key: the time as an instant, then the place in the chat, where ids compare by the numbers in them."""
    return at, key.platform, key.chat, _natural(key.id), key


def _natural(name: str) -> list[tuple[int, str]]:
    parts = [part.lstrip("0") if index % 2 else part for index, part in enumerate(_FIGURES.split(name))]
    # figures by their length first: no number is too long to compare
    return [(len(part) if index % 2 else -1, part) for index, part in enumerate(parts)]


class Author(NamedTuple):
    """Who wrote: the platform's id of the person, and the name to show."""

    id: str
    name: str


class Attachment(NamedTuple):
    """A photo, voice note or file that came with a message. `ref` is what its platform gives it out for."""

    kind: str
    name: str
    ref: str = ""


class Change(StrEnum):
    """What a platform can say of a message."""

    SENT = "sent"
    EDITED = "edited"
    DELETED = "deleted"


class Standing(NamedTuple):
    """What a platform tells of a writer: they run the chat, are a guest of it, or write to the bot alone.

    `pressed` is the message of the bot's below which they pressed a button, if they did not write at all.
    """

    is_admin: bool = False
    is_guest: bool = False
    in_private: bool = False
    pressed: str = ""


@dataclass(frozen=True, slots=True)
class Version:
    """One thing that a platform said of a message, at one time.

    `at` is the platform's time, aware. `text` is plain text, already cleaned; empty for a deletion. Edits carry
    the whole new text; `sent_at` is when the message was first sent, where an edit tells it. `part` tells the parts
    of a message apart that comes in several, as an album does: each part has versions of its own. `link` opens the
    message in its platform. `language` is that of the writer's client, to answer in; it and `standing` are not kept.
    """

    key: MessageKey
    change: Change
    at: datetime
    author: Author
    text: str = ""
    reply_to: str | None = None
    attachments: tuple[Attachment, ...] = ()
    sent_at: datetime | None = None
    part: str = ""
    link: str = ""
    language: str = field(default="", compare=False)
    standing: Standing = field(default=Standing(), compare=False)


@dataclass(frozen=True, slots=True)
class Message:
    """One chat message as it stands now.

    `first_text` is the wording it was first sent with: a command is a command by its first wording, and is not
    given again when it is edited. `seen` is False while nothing tells when it was sent: only edits of it have arrived,
    and they do not say. `versions` is its history, oldest first.
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
    link: str = ""


_RANK = {Change.SENT: 0, Change.EDITED: 1, Change.DELETED: 2}


def fold(versions: Iterable[Version]) -> Message:
    """The message that these versions make, whatever their order and however often each is given.

    The last edit's wording wins; an edit that leaves the text as it was (a platform unfurling a link) is none;
    a deletion is final. Parts are folded each by itself and then joined. At least one version is needed.
    """
    ordered = tuple(sorted(set(versions), key=_age))
    parts = {version.part for version in ordered}
    if len(parts) == 1:
        return _fold_part(ordered)
    in_order = sorted(parts, key=lambda part: (_natural(part), part))
    folded = [_fold_part(tuple(version for version in ordered if version.part == part)) for part in in_order]
    return replace(_join_parts(folded), versions=ordered)


def _fold_part(ordered: tuple[Version, ...]) -> Message:
    sent = [v for v in ordered if v.change is Change.SENT]
    told = [v.sent_at for v in ordered if v.sent_at]
    worded = [v for v in ordered if v.change is not Change.DELETED]
    deleted = [v.at for v in ordered if v.change is Change.DELETED]
    first = sent[0] if sent else ordered[0]
    rewordings = [later.at for earlier, later in pairwise(worded) if later.text != earlier.text]
    sent_at = first.at if sent else min(told, default=first.at)
    if not sent and worded and worded[0].at > sent_at:
        # its first wording is not known, but it was another
        rewordings.insert(0, worded[0].at)
    return Message(
        key=first.key,
        author=first.author,
        sent_at=sent_at,
        text=worded[-1].text if worded else "",
        first_text=first.text if sent else "",
        reply_to=next((v.reply_to for v in reversed(worded) if v.reply_to), None),
        attachments=next((v.attachments for v in reversed(worded) if v.attachments), ()),
        seen=bool(sent or told),
        edited_at=rewordings[-1] if rewordings else None,
        deleted_at=min(deleted, default=None),
        versions=ordered,
        link=next((v.link for v in reversed(ordered) if v.link), ""),
    )


def _join_parts(parts: Sequence[Message]) -> Message:
    """One message of all its parts: the words and attachments of those that stand; gone when all are."""
    standing = [part for part in parts if part.deleted_at is None] or parts
    gone = [part.deleted_at for part in parts if part.deleted_at is not None]
    return replace(
        parts[0],
        sent_at=min(part.sent_at for part in parts),
        text="\n".join(part.text for part in standing if part.text),
        first_text="\n".join(part.first_text for part in parts if part.first_text),
        reply_to=next((part.reply_to for part in parts if part.reply_to), None),
        attachments=tuple(attachment for part in standing for attachment in part.attachments),
        seen=any(part.seen for part in parts),
        edited_at=max((part.edited_at for part in parts if part.edited_at is not None), default=None),
        deleted_at=max(gone) if len(gone) == len(parts) else None,
    )


def _age(version: Version) -> tuple[int, datetime, str, Author, str, tuple[Attachment, ...], bool, datetime, str, str]:
    """Total order of a message's versions; times compare as instants, ties by content."""
    return (
        _RANK[version.change],
        version.at,
        version.text,
        version.author,
        version.reply_to or "",
        version.attachments,
        version.sent_at is not None,
        version.sent_at or version.at,
        version.part,
        version.link,
    )
