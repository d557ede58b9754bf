"""Who and what is in the world beside channels: people, the bot, kept files."""

from __future__ import annotations

import mimetypes
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from tests.slack_server.messages import Message
    from tests.slack_server.views import View


@dataclass(eq=False)
class Person:
    """An account. `team` is another than ours for somebody who comes by Slack Connect."""

    id: str
    name: str
    team: str
    locale: str = "en-US"
    tz: str = "UTC"
    is_admin: bool = False
    is_owner: bool = False
    is_restricted: bool = False
    is_stranger: bool = False
    is_bot: bool = False
    modal: View | None = field(default=None, repr=False)  # what lies over their screen
    home: View | None = field(default=None, repr=False)  # the bot's page, as published for them

    @property
    def username(self) -> str:
        return self.name.lower().replace(" ", ".")

    def json(self, *, with_locale: bool = False) -> dict[str, Any]:
        """What users.info answers."""
        offset = datetime.now(UTC).astimezone(ZoneInfo(self.tz)).utcoffset()
        found: dict[str, Any] = {
            "id": self.id,
            "team_id": self.team,
            "name": self.username,
            "deleted": False,
            "real_name": self.name,
            "tz": self.tz,
            "tz_label": self.tz,
            "tz_offset": int(offset.total_seconds()) if offset else 0,
            "profile": self.profile() | {"team": self.team},
            "is_admin": self.is_admin or self.is_owner,
            "is_owner": self.is_owner,
            "is_primary_owner": False,
            "is_restricted": self.is_restricted,
            "is_ultra_restricted": False,
            "is_bot": self.is_bot,
            "is_app_user": False,
            "updated": 1700000000,
        }
        if self.is_stranger:
            found["is_stranger"] = True
        return found | ({"locale": self.locale} if with_locale else {})

    def profile(self) -> dict[str, Any]:
        return {
            "real_name": self.name,
            "real_name_normalized": self.name,
            "display_name": self.name,
            "display_name_normalized": self.name,
            "first_name": self.name.partition(" ")[0],
        }

    def __repr__(self) -> str:
        return f"<{self.name} {self.id}>"


@dataclass(eq=False, repr=False)
class Bot(Person):
    """The bot under test."""

    bot_id: str = ""
    app_id: str = ""


@dataclass(eq=False)
class File:
    """Bytes that Slack keeps. `shares` are the messages that it came with."""

    id: str
    name: str
    owner: Person
    url: str  # of the server; files are below it
    created: int
    content: bytes | None = field(default=None, repr=False)
    title: str = ""
    shares: list[Message] = field(default_factory=list, repr=False)

    @property
    def mime(self) -> str:
        return mimetypes.guess_type(self.name)[0] or "application/octet-stream"

    @property
    def path(self) -> str:
        return f"/files-pri/{self.owner.team}-{self.id}"

    def json(self) -> dict[str, Any]:
        found: dict[str, Any] = {
            "id": self.id,
            "created": self.created,
            "timestamp": self.created,
            "name": self.name,
            "title": self.title or self.name,
            "mimetype": self.mime,
            "filetype": self.name.rpartition(".")[2],
            "user": self.owner.id,
            "user_team": self.owner.team,
            "editable": False,
            "size": len(self.content or b""),
            "mode": "hosted",
            "is_external": False,
            "external_type": "",
            "is_public": True,
            "url_private": f"{self.url}{self.path}/{self.name}",
            "url_private_download": f"{self.url}{self.path}/download/{self.name}",
            "has_rich_preview": False,
            "file_access": "visible",
        }
        # what is recorded in the client
        if self.name.startswith("audio_message"):
            found["subtype"] = "slack_audio"
        return found

    def full_json(self) -> dict[str, Any]:
        """What files.info answers: with where it is shared."""
        shares: dict[str, dict[str, list[dict[str, Any]]]] = {}
        for message in self.shares:
            if not message.deleted:
                channel = message.channel
                where = shares.setdefault("public" if channel.kind == "public" else "private", {})
                share: dict[str, Any] = {"ts": message.ts, "channel_name": channel.name}
                if message.thread_ts:
                    share["thread_ts"] = message.thread_ts
                where.setdefault(channel.id, []).append(share)
        return self.json() | {"shares": shares}
