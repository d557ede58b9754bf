"""Where in Telegram a reply goes, and buttons below it. Called by `sending` and `probing`."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, TypeVar

from telegram import InlineKeyboardButton, InlineKeyboardMarkup
from telegram.error import ChatMigrated

from bot.platforms.telegram.reading import ALBUM
from bot.platforms.telegram.tracking import Tracker
from core.messages import MessageKey
from core.replies import Button

T = TypeVar("T")
# what a button may carry, in bytes
_DATA_LIMIT = 64


class Spot(NamedTuple):
    """A chat, its topic, and the message there that is meant; in a chat that `moved`, old message ids mean nothing."""

    chat: int
    topic: int | None
    message: int | None
    moved: bool


@dataclass(frozen=True, slots=True)
class Spots:
    """Finds spots, and remembers which chats moved."""

    tracker: Tracker
    _moved: dict[int, int] = field(default_factory=dict)

    def find(self, to: MessageKey) -> Spot:
        """Where a reply to this message goes now."""
        chat_name, _, topic = to.chat.partition("/")
        chat = int(chat_name)
        if chat in self._moved:
            return Spot(self._moved[chat], None, None, moved=True)
        message = int(to.id) if to.id.isdecimal() else None
        if to.id.startswith(ALBUM):
            message = self.tracker.first_of_album(chat, to.id.removeprefix(ALBUM))
        return Spot(chat, int(topic) if topic else None, message, moved=False)

    async def call(self, to: MessageKey, do: Callable[[Spot], Awaitable[T]]) -> T:
        """Do something there; once more where the chat goes on, if it has become a supergroup."""
        spot = self.find(to)
        try:
            return await do(spot)
        except ChatMigrated as error:
            self._moved[spot.chat] = error.new_chat_id
            return await do(self.find(to))


def make_markup(buttons: Sequence[Sequence[Button]]) -> InlineKeyboardMarkup | None:
    """The buttons as Telegram takes them, without those whose command is too long for it."""
    rows = [
        [
            InlineKeyboardButton(button.label, callback_data=button.command)
            for button in row
            if len(button.command.encode()) <= _DATA_LIMIT
        ]
        for row in buttons
    ]
    rows = [row for row in rows if row]
    return InlineKeyboardMarkup(rows) if rows else None
