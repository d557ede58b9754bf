"""What people can ask: plain functions (Context, message) → replies. The bot calls `dispatch.take_version`.

Handlers never send, never read settings or the clock; they stand on the standard library.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from core.errors import UserError
from core.meetings import Meeting
from core.messages import Message, MessageKey
from core.notes import Note
from core.replies import Reply
from reports.template_reader import TemplateCatalog
from storage.store import Work


@dataclass(frozen=True, slots=True)
class Defaults:
    """What a new meeting has where nobody says otherwise, and the formats of a draft."""

    template: str = "bapa40"
    zone: str = "UTC"
    language: str = "en"
    formats: tuple[str, ...] = ("docx",)


@dataclass(slots=True)
class Context:
    """What a handler may use while one batch of updates is taken.

    `replay_of` is the meeting that every chat feeds in a replay; it is there before its first message.
    """

    work: Work
    templates: TemplateCatalog
    defaults: Defaults
    replay_of: int | None = None
    _known: dict[MessageKey, tuple[int, Message] | None] = field(default_factory=dict)
    _meetings: dict[int, Meeting] = field(default_factory=dict)
    _chats: dict[tuple[str, str, str], int | None] = field(default_factory=dict)

    def prefetch(self, keys: Collection[MessageKey]) -> None:
        """Look up the messages of a whole batch at once."""
        self._known |= {**dict.fromkeys(keys), **self.work.load_messages(keys)}

    def find_message(self, key: MessageKey) -> tuple[int, Message] | None:
        """The message as it stands with the meeting it belongs to, if it is known."""
        if key not in self._known:
            self.prefetch([key])
        return self._known[key]

    def keep_message(self, meeting_id: int, message: Message, notes: Sequence[Note]) -> None:
        """Save a message as it stands now with the notes it gives."""
        self._known[message.key] = (meeting_id, message)
        self.work.save_message(meeting_id, message, notes)

    def meeting(self, meeting_id: int) -> Meeting:
        """The meeting as it stands; read once a batch."""
        if meeting_id not in self._meetings:
            self._meetings[meeting_id] = self.work.load_meeting(meeting_id)
        return self._meetings[meeting_id]

    def meeting_of(self, message: Message) -> int | None:
        """The meeting that the message's chat feeds now."""
        chat = message.key[:3]
        if chat not in self._chats:
            if self.replay_of is not None:
                self.work.link_chat(*chat, self.replay_of)
            self._chats[chat] = self.work.meeting_of_chat(*chat)
        return self._chats[chat]

    def drop_step(self, message: Message) -> None:
        """Take back what the message did as a command."""
        self.work.drop_step(message.key)
        self.forget()

    def forget(self) -> None:
        """Read meetings and chats anew: a command has changed them."""
        self._meetings.clear()
        self._chats.clear()


@dataclass(frozen=True, slots=True)
class Request:
    """A command that somebody gave: its argument on the line, and the `key: value` lines below.

    `meeting_id` is the meeting that the chat feeds, None where it feeds none.
    """

    message: Message
    at: datetime
    meeting_id: int | None
    argument: str = ""
    values: Mapping[str, str] = field(default_factory=dict)

    def need_meeting(self) -> int:
        """The id of the chat's meeting; a `UserError` says how to open one."""
        if self.meeting_id is None:
            raise UserError("No meeting is open here. Open one with /open TITLE.")
        return self.meeting_id


@dataclass(frozen=True, slots=True)
class Command:
    """A command: how it is called, what it does in words, what it takes, and the function that does it.

    `argument` names what may stand on its line ("" for nothing); `keys` gives the lines that it takes below, None for
    any.
    """

    name: str
    summary: str
    run: Callable[[Context, Request], list[Reply]]
    argument: str = ""
    keys: tuple[str, ...] | None = ()
    example: str = ""
