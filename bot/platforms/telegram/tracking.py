"""What was seen of message ids: by intake in updates, by sending in answers. It lives as long as the process."""

from collections import OrderedDict

from bot.platforms.telegram.outline import Outline, whole_number

# ids of supergroups and channels lie below this; each numbers its own messages
_OWN_NUMBERS = -1_000_000_000_000
_ALBUMS = 1000


class Tracker:
    """The highest message id of each chat, and the first message of each of the last albums."""

    def __init__(self) -> None:
        self._highest: dict[int, int] = {}
        self._albums: OrderedDict[tuple[int, str], int] = OrderedDict()

    def note_update(self, outline: Outline) -> None:
        """The message of this update is in its chat."""
        chat, message = outline.chat, whole_number(outline.message.get("message_id"))
        if chat is None or message is None:
            return
        self.note_message(chat, message)
        album = outline.message.get("media_group_id")
        if isinstance(album, str):
            self._albums[chat, album] = min(message, self._albums.get((chat, album), message))
            if len(self._albums) > _ALBUMS:
                self._albums.popitem(last=False)

    def note_message(self, chat: int, message: int) -> None:
        """This message is in this chat."""
        self._highest[_space(chat)] = max(message, self.highest(chat))

    def highest(self, chat: int) -> int:
        """The highest message id that was seen; 0 for none."""
        return self._highest.get(_space(chat), 0)

    def first_of_album(self, chat: int, album: str) -> int | None:
        """The message that a reaction to an album goes to."""
        return self._albums.get((chat, album))


def _space(chat: int) -> int:
    """Basic groups and private chats share the numbers of the bot's account."""
    return chat if chat < _OWN_NUMBERS else 0
