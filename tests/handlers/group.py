"""A group with the bot in it: several people and chats, the real worker with a guard on a real SQLite file.

What is told of messages and chats is handed over as the core knows it; replies come back as lines, the sign of a
reaction first.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Self

from bot.platforms.console import SIGNS
from bot.worker import Worker
from core.messages import Author, Change, MessageKey, Place, Standing, Version
from core.notices import ChatMoved, ChatSeen, HomeOpened, Notice
from core.replies import Button
from handlers import Defaults, Guard
from reports.template_reader import TemplateCatalog, load_templates
from storage.database import open_database
from storage.store import Store

PLATFORM, WORKSPACE = "telegram", ""
START = datetime(2018, 5, 7, 10, tzinfo=UTC)


def place(chat: str) -> Place:
    """The place of a chat."""
    return PLATFORM, WORKSPACE, chat


@dataclass(slots=True)
class Group:
    """Chats of one platform; each message is a minute after the one before, and numbered from 1."""

    store: Store
    templates: TemplateCatalog
    guard: Guard | None = field(default_factory=Guard)
    told: list[Version | Notice] = field(default_factory=list)
    # those below the last answer
    buttons: list[list[Button]] = field(default_factory=list)

    @classmethod
    def on(cls, folder: Path) -> Self:
        """Chats on a database file in this folder."""
        return cls(Store(open_database(f"sqlite:///{folder}/group.db")), load_templates())

    @property
    def source(self) -> str:
        """The name in the inbox."""
        return PLATFORM

    def read(self, payload: str, _received_at: datetime) -> Sequence[Version | Notice]:
        """What was told under this number."""
        return [self.told[int(payload)]]

    def say(
        self,
        text: str,
        by: str = "ana",
        *,
        chat: str = "-100",
        reply_to: int | None = None,
        language: str = "",
        standing: Standing = Standing(),  # noqa: B008 - it never changes
    ) -> list[str]:
        """Somebody writes; the lines that the bot answers."""
        number = len(self.told) + 1
        at = START + timedelta(minutes=number)
        reply = None if reply_to is None else str(reply_to)
        key = MessageKey(*place(chat), str(number))
        author = Author(by, by.title())
        return self._tell(Version(key, Change.SENT, at, author, text, reply, language=language, standing=standing))

    def open_home(self, by: str, language: str = "") -> tuple[list[str], list[list[Button]]]:
        """Somebody opens the bot's own page; its lines, and its buttons row by row."""
        shown = self._tell(HomeOpened(place(f"home:{by}"), by, language))
        return shown, self.buttons

    def see(
        self,
        chat: str = "-100",
        *,
        can_read: bool | None = None,
        admins: tuple[str, ...] | None = None,
        added_by: str | None = None,
    ) -> list[str]:
        """The platform tells how the bot stands in a chat."""
        return self._tell(ChatSeen(place(chat), can_read, admins, added_by))

    def move(self, old: str, new: str) -> list[str]:
        """The platform tells that a chat goes on under another name."""
        return self._tell(ChatMoved(place(old), place(new)))

    def _tell(self, told: Version | Notice) -> list[str]:
        self.told.append(told)
        number = str(len(self.told) - 1)
        self.store.put_updates(self.source, [(number, number)])
        Worker(self.store, self.templates, Defaults(), self, guard=self.guard).take_all()
        shown: list[str] = []
        with self.store.work() as work:
            self.buttons = []
            for reply_id, reply, _ in work.take_replies(PLATFORM, WORKSPACE, 100):
                self.buttons += map(list, reply.buttons)
                shown += [SIGNS[reply.reaction]] if reply.reaction else []
                shown += reply.text.split("\n") if reply.text and not reply.renews else []
                shown += [f"(draft: {', '.join(reply.draft)})"] if reply.draft else []
                work.finish_reply(reply_id)
        assert (self.store.waiting(), self.store.dead_letters()) == (0, [])
        return shown

    def texts(self, chat: str = "-100") -> list[str]:
        """The texts that are kept of the meeting that this chat feeds; none where there is no meeting."""
        with self.store.read() as work:
            meeting_id = work.meeting_of_chat(*place(chat))
            return [] if meeting_id is None else [m.text for m in work.load_record(meeting_id).messages]

    def kept(self) -> int:
        """How many of all messages that were told are kept."""
        with self.store.read() as work:
            return len(work.load_messages([one.key for one in self.told if isinstance(one, Version)]))
