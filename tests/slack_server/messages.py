"""A message as people see it, and its JSON as Slack gives it. Made by channels.py and sending.py."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tests.slack_server.people import Bot, File, Person
from tests.slack_server.views import block_texts, find_buttons

if TYPE_CHECKING:
    from tests.slack_server.channels import Channel


@dataclass(eq=False)
class Message:
    """One message. `text` is mrkdwn, as it is stored."""

    channel: Channel
    ts: str
    sender: Person
    text: str
    blocks: list[dict[str, Any]] = field(default_factory=list)
    files: list[File] = field(default_factory=list)
    subtype: str | None = None
    thread: Message | None = None  # the root
    metadata: dict[str, Any] | None = None
    attachments: list[dict[str, Any]] = field(default_factory=list)  # previews of links
    edited: dict[str, str] | None = None
    edits: list[str] = field(default_factory=list)  # former texts
    reactions: dict[str, list[str]] = field(default_factory=dict)  # ids of people by the name of the emoji
    deleted: bool = False
    tombstone: bool = False  # deleted, and its thread still stands

    @property
    def thread_ts(self) -> str | None:
        """The root's ts in a thread, also of the root itself."""
        if self.thread:
            return self.thread.ts
        return self.ts if self.replies else None

    @property
    def broadcast(self) -> bool:
        return self.subtype == "thread_broadcast"

    @property
    def replies(self) -> list[Message]:
        return self.channel.replies_to(self)

    @property
    def plain(self) -> str:
        """The text as it looks: an app's blocks where it has some, else the text."""
        by_app = isinstance(self.sender, Bot) and self.blocks
        return self.channel.world.read("\n".join(block_texts(self.blocks)) if by_app else self.text)

    @property
    def buttons(self) -> list[str]:
        return [button["text"]["text"] for button in find_buttons(self.blocks)]

    @property
    def link(self) -> str:
        found = f"{self.channel.world.team_url}archives/{self.channel.id}/p{self.ts.replace('.', '')}"
        return found + (f"?thread_ts={self.thread.ts}&cid={self.channel.id}" if self.thread else "")

    def json(self, *, metadata: bool = False) -> dict[str, Any]:
        """As the history has it."""
        if self.tombstone:
            found: dict[str, Any] = {"type": "message", "subtype": "tombstone", "hidden": True, "user": "USLACKBOT"}
            return found | {"text": "This message was deleted.", "ts": self.ts, **self._thread_json()}
        found = self._bare() | self._thread_json()
        # an upload is told from other messages by its files only
        if self.subtype == "file_share":
            del found["subtype"]
        more: dict[str, Any] = {
            "edited": self.edited,
            "attachments": self.attachments,
            "reactions": [
                {"name": name, "users": list(users), "count": len(users)} for name, users in self.reactions.items()
            ],
            "metadata": self.metadata if metadata else None,
        }
        return found | {key: value for key, value in more.items() if value}

    def event(self) -> dict[str, Any]:
        """The event that it was written."""
        found = self._bare()
        if self.thread:
            found |= {"thread_ts": self.thread.ts, "parent_user_id": self.thread.sender.id}
        found |= {"channel": self.channel.id, "event_ts": self.ts, "channel_type": self.channel.event_type}
        if self.sender.team != self.channel.world.team_id:
            found |= {"user_team": self.sender.team, "source_team": self.sender.team}
            found["user_profile"] = self.sender.profile() | {"name": self.sender.username, "team": self.sender.team}
        return found

    def _bare(self) -> dict[str, Any]:
        found: dict[str, Any] = {
            "type": "message",
            "subtype": self.subtype,
            "user": self.sender.id,
            "ts": self.ts,
            "text": self.text,
            "team": self.sender.team,
            "blocks": self.blocks,
            "files": [file.json() for file in self.files],
        }
        if self.files:
            found |= {"upload": False, "display_as_bot": False}
        if isinstance(self.sender, Bot):
            found |= {"bot_id": self.sender.bot_id, "app_id": self.sender.app_id}
            found["bot_profile"] = {"id": self.sender.bot_id, "app_id": self.sender.app_id, "name": self.sender.name}
        elif self.subtype in (None, "file_share", "thread_broadcast"):
            found["client_msg_id"] = f"00000000-0000-4000-8000-{self.ts.replace('.', '')[-12:]}"
        if self.broadcast and self.thread:
            found["root"] = self.thread.json()
        return {key: value for key, value in found.items() if value is not None and value != []}

    def _thread_json(self) -> dict[str, Any]:
        if self.thread:
            return {"thread_ts": self.thread.ts, "parent_user_id": self.thread.sender.id}
        if not (replies := self.replies):
            return {}
        users = list(dict.fromkeys(reply.sender.id for reply in replies))
        return {
            "thread_ts": self.ts,
            "reply_count": len(replies),
            "reply_users_count": len(users),
            "latest_reply": replies[-1].ts,
            "reply_users": users,
            "is_locked": False,
            "subscribed": False,
        }

    def __repr__(self) -> str:
        return f"<{self.ts} {self.sender.name}: {self.text!r}>"
