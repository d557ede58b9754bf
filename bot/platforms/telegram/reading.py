"""What a raw update tells of messages and chats. Called by the worker.

A forum topic is a chat of its own. An album is one message in parts: the id is the album's, and each part's name is
the id of the message that it is. Telegram never tells that a message was deleted. A button's press is read as the
command that the button stands for, given by who pressed it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.fields import (
    Json,
    need_name,
    need_number,
    need_object,
    parse_object,
    take_name,
    take_number,
    take_object,
    take_objects,
    take_text,
)
from bot.platforms.telegram import PLATFORM, WORKSPACE
from bot.platforms.telegram.fields import need_time
from bot.platforms.telegram.links import link_message
from bot.platforms.telegram.notices import read_found_out, read_move, read_standing
from bot.platforms.telegram.rich import flatten_rich, list_blocks
from bot.platforms.telegram.wording import drop_own_name, is_for_another, read_words
from core.errors import UpdateError
from core.messages import Attachment, Author, Change, MessageKey, Standing, Version
from core.notices import Notice
from core.text import clean_text

# how the key of a press starts; its other part is the id by which Telegram wants it answered
PRESS = "press:"
# how the key of an album starts
ALBUM = "album:"

_KINDS = {
    "message": Change.SENT,
    "edited_message": Change.EDITED,
    "channel_post": Change.SENT,
    "edited_channel_post": Change.EDITED,
}
# anonymous admins and channels write under these; they are marked as bots
_STAND_INS = (1087968824, 136817688)
# where a file stands, what kind it is, and its name where it has none
_FILES = (
    ("voice", "voice", "voice-{}.ogg"),
    ("voice_note", "voice", "voice-{}.ogg"),
    ("audio", "file", "audio-{}.mp3"),
    ("video", "file", "video-{}.mp4"),
    ("video_note", "file", "video-note-{}.mp4"),
    ("animation", "file", "animation-{}.mp4"),
    ("document", "file", "document-{}"),
)
# what makes a message one that a person wrote; service messages have none of these
_CONTENT = frozenset(["text", "caption", "rich_message", "photo", "sticker", *(name for name, _, _ in _FILES)])


@dataclass(frozen=True, slots=True)
class TelegramReader:
    """Reads the updates of one bot; its user name tells which commands are for it."""

    bot_id: int
    bot_username: str

    @property
    def source(self) -> str:
        """The name of the bot in the inbox."""
        return f"{PLATFORM}:{self.bot_id}"

    def read(self, payload: str, received_at: datetime) -> Sequence[Version | Notice]:
        """What an update says of a message, after what it says of the one replied to; or of a chat; or a button."""
        update = parse_object(payload, "it")
        try:
            return list(self._read_update(update, received_at))
        except RecursionError:
            raise UpdateError("it is nested too deeply") from None

    def _read_update(self, update: Json, received_at: datetime) -> Iterator[Version | Notice]:
        for kind, change in _KINDS.items():
            message = take_object(update, kind)
            if message is not None:
                yield from read_move(message)
                yield from self._read_message(message, change)
                return
        if (standing := take_object(update, "my_chat_member")) is not None:
            yield from read_standing(standing)
        if (query := take_object(update, "callback_query")) is not None:
            yield from _read_press(query, received_at)
        yield from read_found_out(update)

    def _read_message(self, message: Json, change: Change) -> Iterator[Version]:
        if not is_written(message):
            return
        text = self._read_text(message)
        if change is Change.SENT and is_for_another(text):
            return
        target = _find_target(message)
        reply_to = read_key(target).id if target else None
        if target and is_written(target):
            yield from self._read_target(target)
        yield _make_version(message, change, text, reply_to)

    def _read_target(self, target: Json) -> Iterator[Version]:
        """The message replied to as it stood then, in case it never arrived. An old command is not given by that."""
        text = self._read_text(target)
        if not text.startswith("/"):
            change = Change.EDITED if take_number(target, "edit_date") else Change.SENT
            yield _make_version(target, change, text, None)

    def _read_text(self, message: Json) -> str:
        rich = take_object(message, "rich_message")
        words = read_words(message) or (flatten_rich(rich) if rich else "")
        return clean_text(drop_own_name(words, self.bot_username))


def read_chat(message: Json) -> str:
    """The chat of a message, or its topic."""
    chat = str(need_number(need_object(message, "chat"), "id"))
    # plain chains of replies have a thread too
    return f"{chat}/{need_number(message, 'message_thread_id')}" if message.get("is_topic_message") is True else chat


def read_key(message: Json) -> MessageKey:
    """What names a message; the parts of an album share one key."""
    album = take_name(message, "media_group_id")
    return MessageKey(
        PLATFORM, WORKSPACE, read_chat(message), f"{ALBUM}{album}" if album else str(need_number(message, "message_id"))
    )


def _read_press(query: Json, received_at: datetime) -> Iterator[Version]:
    """A button with data below a message; games and inline messages have none of that. Presses carry no time."""
    message, data = take_object(query, "message"), take_text(query, "data")
    if message is not None and data:
        person = need_object(query, "from")
        yield Version(
            key=MessageKey(PLATFORM, WORKSPACE, read_chat(message), f"{PRESS}{need_name(query, 'id')}"),
            change=Change.SENT,
            at=received_at,
            author=_read_person(person),
            text=clean_text(data),
            language=_read_language(person),
            standing=Standing(pressed=str(need_number(message, "message_id"))),
        )


def _read_person(person: Json) -> Author:
    """A user of Telegram."""
    person_id = str(need_number(person, "id"))
    name = f"{take_name(person, 'first_name')} {take_name(person, 'last_name')}".strip()
    return Author(person_id, name or take_name(person, "username") or person_id)


def _read_language(person: Json) -> str:
    """The language of a person's client, of two letters; empty where it has none."""
    language = take_name(person, "language_code").partition("-")[0].lower()
    return language if len(language) == 2 else ""


def _read_author(message: Json) -> Author:
    """Who wrote: a person, or the chat as which an anonymous admin or a channel writes, with the signature."""
    sender, person = take_object(message, "sender_chat"), take_object(message, "from")
    if sender is None and person is not None:
        return _read_person(person)
    chat = need_object(message, "chat") if sender is None else sender
    signature, chat_id = take_name(message, "author_signature"), str(need_number(chat, "id"))
    title = take_name(chat, "title") or take_name(chat, "username") or chat_id
    return Author(chat_id, f"{title} ({signature})" if signature else title)


def is_written(message: Json) -> bool:
    """Whether somebody wrote the message: it is no service message and no bot's."""
    if _CONTENT.isdisjoint(message):
        return False
    person = take_object(message, "from")
    return person is None or person.get("is_bot") is not True or need_number(person, "id") in _STAND_INS


def _find_target(message: Json) -> Json | None:
    """The message that this one replies to in its own chat; what stands in a topic replies to the topic's start."""
    target = take_object(message, "reply_to_message")
    if target is None or "forum_topic_created" in target or read_chat(target) != read_chat(message):
        return None
    return target


def _make_version(message: Json, change: Change, text: str, reply_to: str | None) -> Version:
    sent_at, at = need_time(message, "date"), _read_edit_time(message)
    album, message_id = take_name(message, "media_group_id"), need_number(message, "message_id")
    topic = need_number(message, "message_thread_id") if message.get("is_topic_message") is True else None
    return Version(
        key=read_key(message),
        change=change,
        at=at if change is Change.EDITED else sent_at,
        author=_read_author(message),
        text=text,
        reply_to=reply_to,
        attachments=tuple(_read_attachments(message)),
        sent_at=sent_at if change is Change.EDITED else None,
        part=str(message_id) if album else "",
        link=link_message(need_object(message, "chat"), message_id, topic),
        language=_read_language(take_object(message, "from") or {}),
    )


def _read_edit_time(message: Json) -> datetime:
    return need_time(message, "edit_date" if take_number(message, "edit_date") else "date")


def _read_attachments(message: Json) -> Iterator[Attachment]:
    """The files of a message, those in the blocks of a rich one too."""
    rich = take_object(message, "rich_message")
    message_id, number = str(need_number(message, "message_id")), 0
    for holder in [message, *(list_blocks(rich) if rich else [])]:
        found = list(_read_files(holder, f"{message_id}-{number + 1}" if number else message_id))
        number += len(found)
        yield from found


def _read_files(holder: Json, name: str) -> Iterator[Attachment]:
    sizes = take_objects(holder, "photo")
    if sizes:
        largest = max(sizes, key=lambda size: need_number(size, "width") * need_number(size, "height"))
        yield Attachment("photo", f"photo-{name}.jpg", need_name(largest, "file_id"))
    for key, kind, pattern in _FILES:
        file = take_object(holder, key)
        # an animation comes as a document as well
        if file is not None and not (key == "document" and "animation" in holder):
            yield Attachment(kind, take_name(file, "file_name") or pattern.format(name), need_name(file, "file_id"))
