"""A channel, public or private: what people do there, and what the bot hears of it. Direct messages: direct.py.

All may be called from any thread.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.slack_server.errors import SlackError
from tests.slack_server.messages import Message
from tests.slack_server.text import make_rich_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.slack_server.people import Person
    from tests.slack_server.world import World

# by kind: the type in events, the event to subscribe to, the scope that reads what is written
EVENT_TYPES = {"public": "channel", "private": "group", "im": "im"}
SUBSCRIPTIONS = {"public": "message.channels", "private": "message.groups", "im": "message.im"}


class Channel:
    """A channel. `kind` is public, private or im; `log` has everything, the deleted and the service messages too."""

    def __init__(self, world: World, channel_id: str, kind: str, name: str) -> None:
        self.world = world
        self.id = channel_id
        self.kind = kind
        self.name = name
        self.created = int(world.now())
        self.archived = False
        self.shared = False  # with another organization, by Slack Connect
        self.members: list[Person] = []
        self.log: list[Message] = []
        self.by_ts: dict[str, Message] = {}
        self.threads: dict[str, list[Message]] = {}

    @property
    def event_type(self) -> str:
        return EVENT_TYPES[self.kind]

    @property
    def messages(self) -> list[Message]:
        """What people see, threads too, in the order in which it was written. Who came and went is left out."""
        with self.world.lock:
            return [m for m in self.log if not m.deleted and not m.tombstone and m.subtype not in ("channel_join",)]

    @property
    def from_bot(self) -> list[Message]:
        return [message for message in self.messages if message.sender is self.world.bot]

    def find(self, ts: str) -> Message | None:
        """A message that stands here, or the tombstone of one."""
        found = self.by_ts.get(ts)
        return found if found and not found.deleted else None

    def replies_to(self, root: Message) -> list[Message]:
        return [reply for reply in self.threads.get(root.ts, []) if not reply.deleted]

    def json(self) -> dict[str, Any]:
        """What conversations.info answers."""
        bot_in = self.world.bot in self.members
        found: dict[str, Any] = {"id": self.id, "created": self.created, "is_archived": self.archived}
        if self.kind == "im":
            return found | {"is_im": True, "user": self.members[0].id, "is_org_shared": False, "priority": 0}
        found |= {"name": self.name, "name_normalized": self.name, "is_channel": True, "is_group": False}
        found |= {"is_im": False, "is_mpim": False, "is_private": self.kind == "private", "is_general": False}
        found |= {"is_member": bot_in, "is_shared": self.shared, "is_ext_shared": self.shared, "is_org_shared": False}
        found |= {"context_team_id": self.world.team_id, "creator": self.members[0].id if self.members else ""}
        found |= {key: {"value": "", "creator": "", "last_set": 0} for key in ("topic", "purpose")}
        return found | {"num_members": len(self.members)}

    # what people do

    def say(
        self,
        person: Person,
        text: str = "",
        *,
        thread: Message | None = None,
        broadcast: bool = False,
        files: Sequence[tuple[str, bytes]] = (),
        me: bool = False,
    ) -> Message:
        """Somebody writes, as typed; `files` are names with bytes, `broadcast` sends a reply to the channel too."""
        with self.world.changing():
            if self.archived:
                raise ValueError(f"#{self.name} is archived")
            self.join(person)
            kept = [self.world.keep(person, name, content) for name, content in files]
            subtype = "thread_broadcast" if broadcast else "file_share" if kept else "me_message" if me else None
            mrkdwn = self.world.write(text)
            message = self.add(
                person, mrkdwn, subtype=subtype, files=kept, thread=thread, blocks=make_rich_text(mrkdwn)
            )
            self.tell_written(message)
        return message

    def edit(self, message: Message, text: str) -> None:
        """Somebody changes a message of theirs."""
        with self.world.changing():
            mrkdwn = self.world.write(text)
            self.change(message, message.sender, mrkdwn, make_rich_text(mrkdwn))

    def unfurl(self, message: Message, title: str = "A page") -> None:
        """Slack adds the preview of a link, which is told as a change."""
        with self.world.changing():
            before = message.json()
            preview = {"id": 1, "title": title, "title_link": "https://example.org/", "fallback": title}
            message.attachments = [*message.attachments, preview]
            self.tell_changed(message, before)

    def delete(self, message: Message) -> None:
        """Somebody deletes a message; of one with replies a tombstone stays."""
        with self.world.changing():
            self.remove(message)

    def react(self, person: Person, message: Message, name: str) -> None:
        with self.world.changing():
            message.reactions.setdefault(name, []).append(person.id)
            self.tell_reaction("reaction_added", person, message, name)

    def unreact(self, person: Person, message: Message, name: str) -> None:
        with self.world.changing():
            self.take_reaction(message, person, name)
            self.tell_reaction("reaction_removed", person, message, name)

    def join(self, person: Person, inviter: Person | None = None) -> None:
        """Somebody comes into the channel, or is there already."""
        with self.world.changing():
            if person in self.members:
                return
            self.members.append(person)
            self.shared = self.shared or person.team != self.world.team_id
            if inviter:
                self.add(person, f"<@{person.id}> has joined the channel", subtype="channel_join")
            event: dict[str, Any] = {"type": "member_joined_channel", "user": person.id, "channel": self.id}
            event |= {"channel_type": "C" if self.kind == "public" else "G", "team": person.team}
            self.tell(event | ({"inviter": inviter.id} if inviter else {}), "member_joined_channel")

    def invite_bot(self, by: Person) -> None:
        self.join(self.world.bot, by)

    def remove_bot(self, by: Person) -> None:
        """Somebody takes the bot out; what is written from now on it does not hear of."""
        with self.world.changing():
            self.members.remove(self.world.bot)
            name = "channel_left" if self.kind == "public" else "group_left"
            event = {"type": name, "channel": self.id, "actor_id": by.id}
            self.world.emit(event | {"event_ts": self.world.next_ts()}, name)

    def rename(self, name: str) -> None:
        with self.world.changing():
            self.name = name
            event = "channel_rename" if self.kind == "public" else "group_rename"
            channel = {"id": self.id, "name": name, "name_normalized": name, "created": self.created}
            self.tell({"type": event, "channel": channel}, event)

    def archive(self, by: Person) -> None:
        with self.world.changing():
            self.archived = True
            event = "channel_archive" if self.kind == "public" else "group_archive"
            self.tell({"type": event, "channel": self.id, "user": by.id}, event)

    # what it comes to

    def add(self, sender: Person, text: str, *, thread: Message | None = None, **more: Any) -> Message:
        """A new message, in the thread of another or of the one that this replies to; nothing is told yet."""
        root = thread.thread or thread if thread else None
        message = Message(self, self.world.next_ts(), sender, text, thread=root, **more)
        self.log.append(message)
        self.by_ts[message.ts] = message
        if root:
            self.threads.setdefault(root.ts, []).append(message)
        for file in message.files:
            file.shares.append(message)
        return message

    def change(self, message: Message, by: Person, text: str, blocks: list[dict[str, Any]]) -> None:
        before = message.json()
        message.edits.append(message.text)
        message.text, message.blocks = text, blocks
        message.edited = {"user": by.id, "ts": self.world.next_ts()}
        self.tell_changed(message, before)

    def remove(self, message: Message) -> None:
        before = message.json()
        if message.replies:
            message.tombstone = True
            self.tell_changed(message, before)
            return
        message.deleted = True
        self.tell_deleted(message, before)
        root = message.thread
        # the last reply takes the tombstone with it
        if root and root.tombstone and not root.replies:
            before = root.json()
            root.deleted = True
            self.tell_deleted(root, before)

    def take_reaction(self, message: Message, person: Person, name: str) -> None:
        users = message.reactions.get(name, [])
        if person.id not in users:
            raise SlackError("no_reaction")
        users.remove(person.id)
        if not users:
            del message.reactions[name]

    # what the bot hears

    def tell(self, event: dict[str, Any], subscription: str) -> None:
        """Tells the bot, where it is in the channel."""
        if self.world.bot in self.members:
            self.world.emit({"event_ts": self.world.next_ts()} | event, subscription, self)

    def tell_written(self, message: Message) -> None:
        self.tell(message.event(), SUBSCRIPTIONS[self.kind])
        if self.kind != "im" and f"<@{self.world.bot.id}>" in message.text and message.sender is not self.world.bot:
            event = message.event() | {"type": "app_mention"}
            self.tell({key: event[key] for key in event if key != "channel_type"}, "app_mention")

    def tell_changed(self, message: Message, before: dict[str, Any]) -> None:
        teams = {"source_team": message.sender.team, "user_team": message.sender.team}
        self._tell_of("message_changed", {"message": message.json() | teams, "previous_message": before})

    def tell_deleted(self, message: Message, before: dict[str, Any]) -> None:
        self._tell_of("message_deleted", {"deleted_ts": message.ts, "previous_message": before})

    def _tell_of(self, subtype: str, more: dict[str, Any]) -> None:
        ts = self.world.next_ts()
        event = {"type": "message", "subtype": subtype, "hidden": True, "channel": self.id, "ts": ts, **more}
        self.tell(event | {"event_ts": ts, "channel_type": self.event_type}, SUBSCRIPTIONS[self.kind])

    def tell_reaction(self, kind: str, person: Person, message: Message, name: str) -> None:
        item = {"type": "message", "channel": self.id, "ts": message.ts}
        event = {"type": kind, "user": person.id, "reaction": name, "item": item, "item_user": message.sender.id}
        self.tell(event, kind)

    def __repr__(self) -> str:
        return f"<#{self.name} {self.id}>"
