"""What people can ask: plain functions (Context, message) → replies. The bot calls `dispatch.take_version`.

Handlers never send, never read settings or the clock; they stand on the standard library.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from core.errors import UserError
from core.meetings import Meeting
from core.messages import Message, MessageKey, Place, Standing, find_parent
from core.notes import Note
from core.phrases import ENGLISH, Phrase, phrase, tell
from core.replies import Button, Reply
from core.tags import LANGUAGES
from reports.template_reader import TemplateCatalog
from storage.store import Work


@dataclass(frozen=True, slots=True)
class Defaults:
    """What a new meeting has where nobody says otherwise, and the formats of a draft."""

    template: str = "bapa40"
    zone: str = "UTC"
    language: str = "en"
    formats: tuple[str, ...] = ("docx",)


@dataclass(frozen=True, slots=True)
class Guard:
    """Who may run meetings beforehand, and the only chats that the bot works in, none for all: "platform:id"."""

    organizers: frozenset[str] = frozenset()
    allowed_chats: frozenset[str] = frozenset()


@dataclass(slots=True)
class Context:
    """What a handler may use while one batch of updates is taken.

    `replay_of` is the meeting that every chat feeds in a replay; it is there before its first message. Without a
    `guard` everybody may do everything, as in a replay and at the console.
    """

    work: Work
    templates: TemplateCatalog
    defaults: Defaults
    replay_of: int | None = None
    guard: Guard | None = None
    _known: dict[MessageKey, tuple[int, Message] | None] = field(default_factory=dict)
    _meetings: dict[int, Meeting] = field(default_factory=dict)
    _chats: dict[Place, int | None] = field(default_factory=dict)
    _languages: dict[tuple[str, str, str], str | None] = field(default_factory=dict)

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
        """The meeting that the message's chat feeds now; a topic or thread without one feeds that of its chat."""
        place = message.key.place
        if place not in self._chats:
            if self.replay_of is not None:
                self.work.link_chat(*place, self.replay_of)
            self._chats[place] = find_meeting(self.work, place)
        return self._chats[place]

    def language_of(self, message: Message, client: str, meeting_id: int | None) -> str:
        """What its author is answered in: the language they chose, their client's, else the meeting's."""
        person = (message.key.platform, message.key.workspace, message.author.id)
        if person not in self._languages:
            self._languages[person] = self.work.language_of(*person)
        chosen = self._languages[person] or (client if client in LANGUAGES else None)
        return chosen or (self.defaults.language if meeting_id is None else self.meeting(meeting_id).language)

    def drop_step(self, message: Message) -> None:
        """Take back what the message did as a command."""
        self.work.drop_step(message.key)
        self.forget()

    def forget(self) -> None:
        """Read meetings, chats and languages anew: a command has changed them."""
        self._meetings.clear()
        self._chats.clear()
        self._languages.clear()


def find_meeting(work: Work, place: Place) -> int | None:
    """The meeting that a chat feeds; a topic or thread feeds its chat's unless it has an open one of its own."""
    own, parent = work.meeting_of_chat(*place), find_parent(place)
    above = work.meeting_of_chat(*parent) if parent else None
    if own is None or above is None:
        return above if own is None else own
    return above if work.load_meeting(own).closed_at and not work.load_meeting(above).closed_at else own


@dataclass(frozen=True, slots=True)
class Request:
    """A command that somebody gave: its argument on the line, and the `key: value` lines below.

    `meeting_id` is the meeting that the chat feeds, None where it feeds none; `language` is that of who gave it.
    """

    message: Message
    at: datetime
    meeting_id: int | None
    argument: str = ""
    values: Mapping[str, str] = field(default_factory=dict)
    language: str = ENGLISH
    standing: Standing = field(default=Standing())

    def answer(self, *lines: str | Phrase, card: str = "", buttons: tuple[tuple[Button, ...], ...] = ()) -> Reply:
        """A reply with these lines, in the language of who asked."""
        text = "\n".join(tell(line, self.language) for line in lines)
        return Reply(self.message.key, text, card=card, buttons=buttons, language=self.language)

    def need_meeting(self) -> int:
        """The id of the chat's meeting; a `UserError` says how to open one."""
        if self.meeting_id is None:
            raise UserError(phrase("no_meeting_open"))
        return self.meeting_id


@dataclass(frozen=True, slots=True)
class Command:
    """A command: how it is called, what it takes, and the function that does it. What it does stands in the wording.

    `argument` says what may stand on its line ("" for nothing), as the wording knows it; `keys` gives the lines that it
    takes below, None for any; with `is_text` all that stands behind it is its argument, line breaks and all. With
    `for_organizers` only who runs the meeting may give it; with `anywhere` it needs no chat that the bot works in.
    """

    name: str
    run: Callable[[Context, Request], list[Reply]]
    argument: str = ""
    keys: tuple[str, ...] | None = ()
    example: str = ""
    for_organizers: bool = False
    anywhere: bool = False
    is_text: bool = False

    def describe(self, language: str) -> str:
        """What it does, in words for a menu."""
        return tell(phrase(f"command_{self.name}"), language)
