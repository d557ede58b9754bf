"""Who and what is in the world beside chats: people, the bot, the platform's own accounts, kept files."""

from dataclasses import dataclass
from typing import Any


@dataclass(eq=False)
class Person:
    """An account: somebody, or another bot."""

    id: int
    name: str
    language: str | None = "en"
    premium: bool = False
    username: str | None = None
    is_bot: bool = False

    def json(self) -> dict[str, Any]:
        fields = {"id": self.id, "is_bot": self.is_bot, "first_name": self.name}
        more = {"username": self.username, "language_code": self.language, "is_premium": self.premium}
        return fields | {key: value for key, value in more.items() if value}

    def __repr__(self) -> str:
        return f"<{self.name} {self.id}>"


@dataclass(eq=False, repr=False)
class Bot(Person):
    """The bot under test. `privacy` is BotFather's setting; a chat keeps the one in force when the bot was added."""

    token: str = ""
    privacy: bool = True


@dataclass(eq=False)
class File:
    """Bytes that the platform keeps."""

    file_id: str
    name: str
    mime: str
    content: bytes

    @property
    def path(self) -> str:
        return f"documents/{self.file_id}"

    def json(self) -> dict[str, Any]:
        return {"file_id": self.file_id, "file_unique_id": f"u{self.file_id}", "file_size": len(self.content)}


# the accounts that stand for who is not shown, and for the platform itself
ANONYMOUS_ADMIN = Person(1087968824, "Group", None, username="GroupAnonymousBot", is_bot=True)
CHANNEL_BOT = Person(136817688, "Channel", None, username="Channel_Bot", is_bot=True)
TELEGRAM = Person(777000, "Telegram", None)
PLATFORM_ACCOUNTS = (ANONYMOUS_ADMIN, CHANNEL_BOT, TELEGRAM)
