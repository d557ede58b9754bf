"""What all chats have: members, messages, and what of them the bot gets to see. The kinds: conversations.py."""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING, Any

from tests.telegram_server.errors import ApiError, bad_request, forbidden
from tests.telegram_server.members import MEMBER_RIGHTS, Member
from tests.telegram_server.messages import Message, Press
from tests.telegram_server.people import PLATFORM_ACCOUNTS, File, Person
from tests.telegram_server.text import find_entities
from tests.telegram_server.updates import DAY

if TYPE_CHECKING:
    from tests.telegram_server.world import World

Named = tuple[str, bytes]


class Chat:
    """A chat; its methods are what people do in it, and may be called from any thread."""

    def __init__(self, world: World, chat_id: int, kind: str, title: str, username: str | None = None) -> None:
        self.world = world
        self.id = chat_id
        self.kind = kind
        self.title = title
        self.username = username
        self.forum = False
        self.allowed_reactions: list[str] | None = None  # None: all
        self.members: dict[int, Member] = {}
        self.log: list[Message] = []  # the deleted too
        self.privacy = True
        self.migrated_to: Chat | None = None
        # a basic group and a private chat share the numbers of the account, others have their own
        self._numbers = count(1) if kind in ("supergroup", "channel") else world.shared_numbers

    @property
    def messages(self) -> list[Message]:
        """What people see now, oldest first."""
        with self.world.lock:
            return [message for message in self.log if not message.deleted]

    @property
    def from_bot(self) -> list[Message]:
        return [message for message in self.messages if message.sender is self.world.bot]

    def find(self, message_id: int) -> Message | None:
        return next((m for m in self.log if m.message_id == message_id and not m.deleted), None)

    def member(self, person: Person) -> Member:
        return self.members.get(person.id, Member(person, "left"))

    def json(self) -> dict[str, Any]:
        found = {"id": self.id, "type": self.kind, "title": self.title, "username": self.username}
        return {key: value for key, value in (found | {"is_forum": self.forum or None}).items() if value is not None}

    def full_json(self) -> dict[str, Any]:
        """What getChat answers."""
        found = self.json() | {"accent_color_id": 0, "max_reaction_count": 11}
        found["accepted_gift_types"] = dict.fromkeys(
            ("unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription", "gifts_from_channels"), True
        )
        if self.allowed_reactions is not None:
            found["available_reactions"] = [{"type": "emoji", "emoji": emoji} for emoji in self.allowed_reactions]
        if self.kind in ("group", "supergroup"):
            found["permissions"] = dict.fromkeys(MEMBER_RIGHTS, True)
        return found

    # what people do

    def edit(self, message: Message, text: str | None = None, *, rich: list[Any] | None = None) -> None:
        """Somebody changes a message of theirs. The bot hears of it if anything changed, within a day."""
        with self.world.changing():
            fields = message.fields | ({"rich_message": {"blocks": rich}} if rich is not None else {})
            if (message.text, message.fields) == (text, fields):
                return
            self.apply_edit(message, text, find_entities(text or ""))
            message.fields = fields
            if message.date + DAY > self.world.now():
                self.deliver("edited_channel_post" if self.kind == "channel" else "edited_message", message)

    def delete(self, message: Message) -> None:
        """Somebody deletes a message; the bot is not told."""
        with self.world.changing():
            message.deleted = True

    def press(self, message: Message, button: str, by: Person) -> Press:
        """Somebody presses a button of the bot's message, named by its words or its data."""
        rows = (message.markup or {}).get("inline_keyboard", [])
        data = next(b["callback_data"] for row in rows for b in row if button in (b["text"], b.get("callback_data")))
        with self.world.changing():
            press = Press(self.world.next_name("press"), by, message, data)
            self.world.presses[press.id] = press
            self.emit("callback_query", press.json())
        return press

    def react(self, person: Person, message: Message, emoji: str | None) -> None:
        """Somebody reacts, or with None takes it back; only an admin bot that asks for it hears of it."""
        with self.world.changing():
            before = message.by_person.pop(person.id, None)
            if emoji:
                message.by_person[person.id] = emoji
            if self.member(self.world.bot).admin:
                old, new = ([{"type": "emoji", "emoji": e}] if e else [] for e in (before, emoji))
                change = {"chat": self.json(), "message_id": message.message_id, "user": person.json()}
                change |= {"date": int(self.world.now()), "old_reaction": old, "new_reaction": new}
                self.emit("message_reaction", change)

    # what it comes to

    def add(self, sender: Person | None, text: str | None = None, **more: Any) -> Message:
        """A new message at the end of the log; whoever the sender, nothing is delivered yet."""
        number = next(self._numbers)
        message = Message(self, number, int(self.world.now()), sender, text, **more)
        if text and "entities" not in more:
            message.entities = find_entities(text)
        self.log.append(message)
        return message

    def service(self, sender: Person | None, **fields: Any) -> Message:
        """A service message, which the bot sees whatever its privacy."""
        message = self.add(sender, fields=fields, service=True)
        self.deliver("channel_post" if self.kind == "channel" else "message", message)
        return message

    def apply_edit(self, message: Message, text: str | None, entities: list[dict[str, Any]]) -> None:
        message.edits.append(message.text)
        message.text, message.entities, message.edit_date = text, entities, int(self.world.now())

    def attach(self, photo: bytes | None, voice: bytes | None, document: Named | None) -> dict[str, Any]:
        """Keeps the bytes of a message; gives what the message then has."""
        if photo is not None:
            file = self.world.keep("photo.jpg", "image/jpeg", photo)
            small = self.world.keep("thumbnail.jpg", "image/jpeg", photo[:64])
            sizes = [f.json() | {"width": side, "height": side} for f, side in ((small, 90), (file, 1280))]
            return {"document": file, "fields": {"photo": sizes}}
        if voice is not None:
            file = self.world.keep("voice.ogg", "audio/ogg", voice)
            return {"document": file, "fields": {"voice": file.json() | {"duration": 3, "mime_type": file.mime}}}
        if document is not None:
            file = self.world.keep(document[0], "application/octet-stream", document[1])
            return {"document": file, "fields": {"document": describe(file)}}
        return {"fields": {}}

    def set_status(self, person: Person, status: str, by: Person) -> None:
        """Changes who somebody is here; the bot hears of itself, and of others where it is an admin."""
        old = self.member(person)
        new = self.members[person.id] = Member(person, status)
        change = {"chat": self.json(), "from": by.json(), "date": int(self.world.now())}
        change |= {"old_chat_member": old.json(self.kind), "new_chat_member": new.json(self.kind)}
        if person is self.world.bot:
            self.emit("my_chat_member", change)
        elif self.member(self.world.bot).admin:
            self.emit("chat_member", change)

    def emit(self, kind: str, payload: dict[str, Any], date: float | None = None) -> None:
        self.world.updates.add(kind, payload, self.id, self.world.now() if date is None else date)

    def deliver(self, kind: str, message: Message) -> None:
        """Queues a message as an update, if the bot may see it; what it may not see now it never will."""
        if self.bot_sees(message):
            self.emit(kind, message.json(), message.edit_date or message.date)

    def bot_sees(self, message: Message) -> bool:
        bot = self.world.bot
        member = self.member(bot)
        author = message.sender
        if not member.present or author is bot or (author and author.is_bot and author not in PLATFORM_ACCOUNTS):
            return False
        if message.service or member.admin or not self.privacy or self.kind in ("private", "channel"):
            return True
        if message.reply_to and message.reply_to.sender is bot:
            return True
        return self._commands_bot(message)

    def _commands_bot(self, message: Message) -> bool:
        """Is it a command for the bot: by name, or without a name and no other bot wrote last."""
        text = message.text or ""
        if not any(e["type"] == "bot_command" and e["offset"] == 0 for e in message.entities):
            return False
        _, at, name = text.split()[0].partition("@")
        if at:
            return name.lower() == (self.world.bot.username or "").lower()
        by_bots = (m.sender for m in reversed(self.log) if m.sender and m.sender.is_bot)
        return next((b for b in by_bots if b not in PLATFORM_ACCOUNTS), self.world.bot) is self.world.bot

    def check_bot(self) -> None:
        """Refuses what the bot asks of a chat that it is not in."""
        if self.migrated_to:
            raise bad_request("group chat was upgraded to a supergroup chat", migrate_to_chat_id=self.migrated_to.id)
        if self.world.bot.id not in self.members:
            raise bad_request("chat not found")
        status = self.member(self.world.bot).status
        if status == "kicked":
            raise forbidden(f"bot was kicked from the {self.kind} chat")
        if status == "left":
            raise forbidden(f"bot is not a member of the {self.kind} chat")

    def check_bot_may_write(self) -> None:
        self.check_bot()
        if self.member(self.world.bot).status == "restricted":
            raise bad_request("not enough rights to send text messages to the chat")
        if self.kind == "channel" and not self.member(self.world.bot).admin:
            raise ApiError(403, "Forbidden: need administrator rights in the channel chat")


def describe(file: File) -> dict[str, Any]:
    """A document's JSON."""
    return file.json() | {"file_name": file.name, "mime_type": file.mime}
