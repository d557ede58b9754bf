"""A message as people see it, its JSON as the API gives it, and a press on a button. Made by chats.py, sending.py."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.telegram_server.chats import Chat
    from tests.telegram_server.people import File, Person


@dataclass(eq=False)
class Topic:
    """A forum topic; its id is that of the service message which made it."""

    name: str
    created: Message

    @property
    def id(self) -> int:
        return self.created.message_id


@dataclass(eq=False)
class Message:
    """One message. `fields` is what goes into its JSON as it is: media, origin of a forward, service facts."""

    chat: Chat
    message_id: int
    date: int
    sender: Person | None
    text: str | None = None
    entities: list[dict[str, Any]] = field(default_factory=list)
    fields: dict[str, Any] = field(default_factory=dict)
    document: File | None = None
    reply_to: Message | None = None
    topic: Topic | None = None
    markup: dict[str, Any] | None = None
    service: bool = False
    edit_date: int | None = None
    edits: list[str | None] = field(default_factory=list)  # former texts
    deleted: bool = False
    by_person: dict[int, str] = field(default_factory=dict)  # reactions

    @property
    def reactions(self) -> list[str]:
        return list(self.by_person.values())

    @property
    def buttons(self) -> list[str]:
        return [button["text"] for row in (self.markup or {}).get("inline_keyboard", []) for button in row]

    @property
    def thread_id(self) -> int | None:
        """The topic; in a supergroup without topics, the first message of the chain of replies."""
        if self.topic:
            return self.topic.id
        if self.chat.kind == "supergroup" and self.reply_to:
            return self.reply_to.thread_id or self.reply_to.message_id
        return None

    def json(self, *, inline_reply: bool = True) -> dict[str, Any]:
        worded = "caption" if self.document else "text"
        found: dict[str, Any] = {
            "message_id": self.message_id,
            "from": self.sender.json() if self.sender else None,
            "date": self.date,
            "chat": self.chat.json(),
            "edit_date": self.edit_date,
            "message_thread_id": self.thread_id,
            "is_topic_message": True if self.topic else None,
            worded: self.text,
            "caption_entities" if self.document else "entities": self.entities or None,
            "reply_markup": self.markup,
            **self.fields,
        }
        # in a topic, what answers nothing answers the message which made the topic
        reply = self.reply_to or (self.topic.created if self.topic and self.topic.created is not self else None)
        if inline_reply and reply and not reply.deleted:
            found["reply_to_message"] = reply.json(inline_reply=False)
        return {key: value for key, value in found.items() if value is not None}

    def __repr__(self) -> str:
        who = self.sender.name if self.sender else self.chat.title
        return f"<{self.message_id} {who}: {self.text!r}>"


@dataclass(eq=False)
class Press:
    """A press on an inline button; `answer` is what the bot showed for it."""

    id: str
    by: Person
    message: Message
    data: str
    answer: dict[str, Any] | None = None

    def json(self) -> dict[str, Any]:
        return {
            "id": self.id,
            "from": self.by.json(),
            "message": self.message.json(),
            "chat_instance": str(self.message.chat.id),
            "data": self.data,
        }
