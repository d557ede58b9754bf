"""What a raw update tells of messages and chats. Called by the worker.

An update is what Slack delivered, or what `backfill` read of the history, with what the bot looked up before it was
kept (`found`). Event and history give the same version of the same message. A thread is no chat of its own: a reply is
a message of the channel.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.fields import Json, need_name, need_object, parse_object, take_name, take_object, take_objects, take_text
from bot.platforms.slack import COMMAND, PLATFORM
from bot.platforms.slack.commands import read_said, read_slash
from bot.platforms.slack.fields import need_time, need_ts
from bot.platforms.slack.found import Found, is_private, read_found
from bot.platforms.slack.interactions import read_press, read_submission
from bot.platforms.slack.links import link_message
from bot.platforms.slack.messages import find_thread, is_tombstone, is_written, make_deletion, make_version
from bot.platforms.slack.notices import read_notice
from core.errors import UpdateError
from core.messages import Author, Change, MessageKey, Version
from core.notices import Notice

# types of what the history gave, which are none of Slack's
HISTORY, GONE = "rapporteur_history", "rapporteur_gone"


@dataclass(frozen=True, slots=True)
class SlackReader:
    """Reads the updates of one workspace. `command` is the name of the slash command for drafts."""

    team_id: str
    bot_user_id: str
    team_url: str
    command: str

    @property
    def source(self) -> str:
        """The name of the workspace in the inbox."""
        return f"{PLATFORM}:{self.team_id}"

    def read(self, payload: str, received_at: datetime) -> Sequence[Version | Notice]:
        """What an update says of a message, a command, a button, a form or a channel; nothing of other workspaces."""
        update = parse_object(payload, "it")
        try:
            body = need_object(update, "body")
            if self.team_id not in find_teams(body):
                return []
            return list(self._read_body(body, read_found(take_object(update, "found"), self.team_id), received_at))
        except RecursionError:
            raise UpdateError("it is nested too deeply") from None

    def _read_body(self, body: Json, found: Found, received_at: datetime) -> Iterator[Version | Notice]:
        kind = take_name(body, "type")
        if kind == "event_callback":
            yield from self._read_event(need_object(body, "event"), found)
        elif kind == HISTORY:
            yield from self._read_message(need_object(body, "message"), need_name(body, "channel"), found)
        elif kind == GONE:
            ts, at = need_ts(body, "ts"), need_time(body, "at")
            yield make_deletion(need_name(body, "channel"), ts, at, Author("", ""), self.team_id)
        elif kind == "block_actions":
            yield from read_press(body, found, received_at)
        elif kind == "view_submission":
            yield from read_submission(body, found, self.team_url, received_at)
        elif not kind and "command" in body:
            yield self._read_command(body, found, received_at)

    def _read_event(self, event: Json, found: Found) -> Iterator[Version | Notice]:
        kind, subtype = take_name(event, "type"), take_name(event, "subtype")
        if kind == "message" and subtype == "message_changed":
            yield from self._read_change(event, found)
        elif kind == "message" and subtype == "message_deleted":
            yield from self._read_deletion(event, need_ts(event, "deleted_ts"), found)
        elif kind in ("message", "app_mention"):
            # a mention comes as a message as well, and is that message
            yield from self._read_message(event, need_name(event, "channel"), found)
        else:
            yield from read_notice(event, self.bot_user_id, found)

    def _read_message(self, message: Json, channel: str, found: Found) -> Iterator[Version]:
        if not is_written(message, self.bot_user_id):
            return
        alone = not take_objects(message, "files")
        said = take_text(message, "text")
        text = read_said(said, self.bot_user_id, found, in_private=is_private(channel), alone=alone)
        link = link_message(self.team_url, channel, need_ts(message, "ts"), find_thread(message) or "")
        yield make_version(message, channel, text, found, link)

    def _read_change(self, event: Json, found: Found) -> Iterator[Version]:
        """What became of a message; that Slack shows what a link leads to is no edit."""
        message, before = need_object(event, "message"), take_object(event, "previous_message") or {}
        if is_tombstone(message):
            yield from self._read_deletion(event, need_ts(message, "ts"), found)
        elif message.get("edited") and message.get("edited") != before.get("edited"):
            yield from self._read_message(message, need_name(event, "channel"), found)

    def _read_deletion(self, event: Json, ts: str, found: Found) -> Iterator[Version]:
        before = take_object(event, "previous_message")
        if before and is_written(before, self.bot_user_id):
            author = found.author(need_name(before, "user"))
        elif before and not is_tombstone(before):
            return
        else:
            author = Author("", "")
        at = need_time(event, "event_ts" if event.get("event_ts") else "ts")
        yield make_deletion(need_name(event, "channel"), ts, at, author, self.team_id)

    def _read_command(self, body: Json, found: Found, received_at: datetime) -> Version:
        """A slash command, which is no message of the channel."""
        person, channel = need_name(body, "user_id"), need_name(body, "channel_id")
        return Version(
            key=MessageKey(PLATFORM, self.team_id, channel, f"{COMMAND}{need_name(body, 'trigger_id')}"),
            change=Change.SENT,
            at=received_at,
            author=found.author(person, take_name(body, "user_name")),
            text=read_slash(need_name(body, "command"), take_text(body, "text"), self.command, found),
            language=found.language(person),
            standing=found.standing(person, channel, [take_name(body, "team_id")]),
        )


def find_teams(body: Json) -> set[str]:
    """The workspaces that an update is for: in a channel shared with others an event happens in one, for another."""
    view = take_object(body, "view")
    if view and (installed := take_name(view, "app_installed_team_id")):
        return {installed}
    team = body.get("team")
    if team is not None:
        return {need_name(body, "team") if isinstance(team, str) else take_name(need_object(body, "team"), "id")}
    teams = {take_name(entry, "team_id") for entry in take_objects(body, "authorizations")}
    teams |= {take_name(body, key) for key in ("team_id", "context_team_id")}
    if user := body.get("user"):
        teams |= {take_name(user, "team_id")} if isinstance(user, dict) else set()
    return teams - {""}
