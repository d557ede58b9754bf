"""Groups (with topics), channels and private chats: what people write and do there. Made by world.py."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from tests.telegram_server.chats import Chat, Named
from tests.telegram_server.errors import bad_request, forbidden
from tests.telegram_server.members import Member
from tests.telegram_server.messages import Message, Topic
from tests.telegram_server.people import ANONYMOUS_ADMIN, CHANNEL_BOT, TELEGRAM, Person

if TYPE_CHECKING:
    from tests.telegram_server.world import World


class Group(Chat):
    """A basic group or a supergroup, perhaps a forum. Who speaks is a member; the first owner made it."""

    def __init__(self, world: World, chat_id: int, title: str, *, supergroup: bool, username: str | None) -> None:
        super().__init__(world, chat_id, "supergroup" if supergroup else "group", title, username)
        self.owner = world.person(f"Owner of {title}")
        self.members[self.owner.id] = Member(self.owner, "creator")
        self.topics: list[Topic] = []
        self.linked: Channel | None = None

    def full_json(self) -> dict[str, Any]:
        return super().full_json() | ({"linked_chat_id": self.linked.id} if self.linked else {})

    def say(
        self,
        person: Person,
        text: str | None = None,
        *,
        reply_to: Message | None = None,
        topic: Topic | None = None,
        photo: bytes | None = None,
        voice: bytes | None = None,
        document: Named | None = None,
        media_group_id: str | None = None,
        forward_from: Person | Channel | str | None = None,
        as_anonymous_admin: bool = False,
        as_channel: Channel | None = None,
        entities: list[dict[str, Any]] | None = None,
        rich: list[Any] | None = None,
    ) -> Message:
        """Somebody writes. With a file, `text` is its caption; `rich` are the blocks of a rich message."""
        with self.world.changing():
            if person.id not in self.members:
                self.members[person.id] = Member(person)
            more = self.attach(photo, voice, document)
            fields: dict[str, Any] = more["fields"] | _origin(forward_from, int(self.world.now()))
            sender = person
            if as_anonymous_admin:
                sender = ANONYMOUS_ADMIN
                fields["sender_chat"] = self.json()
            elif as_channel:
                sender = CHANNEL_BOT
                fields["sender_chat"] = as_channel.json()
            if media_group_id:
                fields["media_group_id"] = media_group_id
            if rich is not None:
                fields["rich_message"] = {"blocks": rich}
            if entities is not None:
                more["entities"] = entities
            thread = topic or (reply_to.topic if reply_to else None)
            message = self.add(sender, text, **more | {"fields": fields}, reply_to=reply_to, topic=thread)
            self.deliver("message", message)
        return message

    def add_topic(self, name: str, by: Person | None = None) -> Topic:
        """A new forum topic, with the service message that opens it."""
        with self.world.changing():
            created = self.add(
                by or self.owner, fields={"forum_topic_created": {"name": name, "icon_color": 7322096}}, service=True
            )
            created.topic = topic = Topic(name, created)
            self.topics.append(topic)
            self.deliver("message", created)
        return topic

    def add_bot(self, *, admin: bool = False, by: Person | None = None) -> None:
        """Adds the bot under test, with the privacy setting of this moment."""
        with self.world.changing():
            self.privacy = self.world.bot.privacy
            self.set_status(self.world.bot, "administrator" if admin else "member", by or self.owner)
            self.service(by or self.owner, new_chat_members=[self.world.bot.json()])

    def remove_bot(self, by: Person | None = None) -> None:
        with self.world.changing():
            self.set_status(self.world.bot, "kicked", by or self.owner)

    def leave(self, person: Person) -> None:
        """Somebody leaves the group."""
        with self.world.changing():
            self.set_status(person, "left", person)
            self.service(person, left_chat_member=person.json())

    def promote(self, person: Person) -> None:
        with self.world.changing():
            self.set_status(person, "administrator", self.owner)

    def demote(self, person: Person) -> None:
        with self.world.changing():
            self.set_status(person, "member", self.owner)

    def restrict(self, person: Person) -> None:
        """Takes the right to write away."""
        with self.world.changing():
            self.set_status(person, "restricted", self.owner)

    def migrate(self) -> Group:
        """Becomes a supergroup: another chat, with its own message numbers; this one is closed."""
        with self.world.changing():
            new = self.world.add_group(self.title)
            new.owner, new.privacy, new.allowed_reactions = self.owner, self.privacy, self.allowed_reactions
            new.members = {key: Member(m.person, m.status) for key, m in self.members.items()}
            self.service(self.owner, migrate_to_chat_id=new.id)
            self.migrated_to = new
            new.service(ANONYMOUS_ADMIN, migrate_from_chat_id=self.id, sender_chat=new.json())
        return new

    def topic_of(self, thread_id: int) -> Topic:
        """The topic that the bot names."""
        for topic in self.topics:
            if topic.id == thread_id and not topic.created.deleted:
                return topic
        raise bad_request("message thread not found")


class Channel(Chat):
    """A channel, perhaps with a discussion group that gets each post."""

    def __init__(self, world: World, chat_id: int, title: str, username: str | None) -> None:
        super().__init__(world, chat_id, "channel", title, username)
        self.owner = world.person(f"Owner of {title}")
        self.members[self.owner.id] = Member(self.owner, "creator")
        self.discussion: Group | None = None

    def full_json(self) -> dict[str, Any]:
        return super().full_json() | ({"linked_chat_id": self.discussion.id} if self.discussion else {})

    def link(self, group: Group) -> Self:
        self.discussion, group.linked = group, self
        return self

    def add_bot(self) -> None:
        """In a channel a bot can only be an administrator."""
        with self.world.changing():
            self.set_status(self.world.bot, "administrator", self.owner)

    def remove_bot(self) -> None:
        with self.world.changing():
            self.set_status(self.world.bot, "kicked", self.owner)

    def post(
        self,
        text: str | None = None,
        *,
        signature: str | None = None,
        reply_to: Message | None = None,
        photo: bytes | None = None,
        document: Named | None = None,
    ) -> Message:
        """The channel writes; the discussion group gets the post, forwarded by the platform."""
        with self.world.changing():
            more = self.attach(photo, None, document)
            more["fields"] |= {"sender_chat": self.json()} | ({"author_signature": signature} if signature else {})
            message = self.add(None, text, **more, reply_to=reply_to)
            self.deliver("channel_post", message)
            if self.discussion:
                origin = {"type": "channel", "chat": self.json(), "message_id": message.message_id}
                origin |= {"date": message.date} | ({"author_signature": signature} if signature else {})
                fields = more["fields"] | {"is_automatic_forward": True, "forward_origin": origin}
                forwarded = self.discussion.add(TELEGRAM, text, document=message.document, fields=fields)
                self.discussion.deliver("message", forwarded)
        return message


class Private(Chat):
    """A person's chat with the bot. Until the person has written, the bot may not."""

    def __init__(self, world: World, person: Person) -> None:
        super().__init__(world, person.id, "private", person.name, person.username)
        self.person = person
        self.members = {p.id: Member(p) for p in (person, world.bot)}

    def json(self) -> dict[str, Any]:
        found = {"id": self.id, "type": "private", "first_name": self.title}
        return found | ({"username": self.username} if self.username else {})

    def say(
        self,
        text: str | None = None,
        *,
        reply_to: Message | None = None,
        photo: bytes | None = None,
        voice: bytes | None = None,
        document: Named | None = None,
    ) -> Message:
        with self.world.changing():
            message = self.add(self.person, text, **self.attach(photo, voice, document), reply_to=reply_to)
            self.deliver("message", message)
        return message

    def block(self) -> None:
        """The person stops the bot."""
        with self.world.changing():
            self.set_status(self.world.bot, "kicked", self.person)

    def unblock(self) -> None:
        with self.world.changing():
            self.set_status(self.world.bot, "member", self.person)

    def check_bot(self) -> None:
        if self.member(self.world.bot).status == "kicked":
            raise forbidden("bot was blocked by the user")
        if not any(message.sender is self.person for message in self.log):
            raise forbidden("bot can't initiate conversation with a user")


def _origin(source: Person | Channel | str | None, date: int) -> dict[str, Any]:
    """Where a forwarded message comes from: a person, a channel, or a person who hides behind a name."""
    if source is None:
        return {}
    if isinstance(source, Person):
        return {"forward_origin": {"type": "user", "date": date, "sender_user": source.json()}}
    if isinstance(source, Channel):
        return {"forward_origin": {"type": "channel", "date": date, "chat": source.json(), "message_id": 1}}
    return {"forward_origin": {"type": "hidden_user", "date": date, "sender_user_name": source}}
