"""What platforms tell besides messages: chats that the bot comes into, leaves, or that take another name.

Platforms make them of their updates; `handlers.chats` takes them.
"""

from dataclasses import dataclass

from core.messages import Place


@dataclass(frozen=True, slots=True)
class ChatSeen:
    """How the bot stands in a chat. What is not known is None.

    `can_read` is whether it gets every message there; `admins` are the ids of the people who run the chat; `added_by`
    is who brought the bot in, where this tells that it came.
    """

    place: Place
    can_read: bool | None = None
    admins: tuple[str, ...] | None = None
    added_by: str | None = None


@dataclass(frozen=True, slots=True)
class ChatMoved:
    """A chat goes on under another name; its messages are numbered anew."""

    old: Place
    new: Place


@dataclass(frozen=True, slots=True)
class HomeOpened:
    """A person looks at the bot's own page, which is a chat of theirs; their client's language."""

    place: Place
    person: str
    language: str = ""


Notice = ChatSeen | ChatMoved | HomeOpened
