"""One message of Slack's as a version: the same from an event and from the history. Called by `reading`, `backfill`."""

from collections.abc import Iterator
from datetime import datetime

from bot.fields import Json, need_name, need_object, take_name, take_objects
from bot.platforms.slack import PLATFORM
from bot.platforms.slack.fields import need_time, need_ts
from bot.platforms.slack.found import Found
from core.messages import Attachment, Author, Change, MessageKey, Version

# what Slack itself says, as in place of a deleted message
SLACKBOT = "USLACKBOT"
TOMBSTONE = "tombstone"
# the subtypes of messages that a person wrote; others tell what happened in the channel
_WRITTEN = frozenset(["", "file_share", "thread_broadcast", "me_message"])


def is_written(message: Json, bot: str) -> bool:
    """Whether a person wrote the message: it tells no change in the channel and is no bot's."""
    if take_name(message, "subtype") not in _WRITTEN or message.get("bot_id"):
        return False
    return take_name(message, "user") not in ("", bot, SLACKBOT)


def is_tombstone(message: Json) -> bool:
    """Whether it stands in place of a deleted message whose thread goes on."""
    return take_name(message, "subtype") == TOMBSTONE


def find_thread(message: Json) -> str | None:
    """The message in whose thread this one is a reply; a thread's first message is no reply."""
    thread = need_ts(message, "thread_ts") if message.get("thread_ts") else None
    return None if thread == need_ts(message, "ts") else thread


def make_version(message: Json, channel: str, text: str, found: Found, link: str) -> Version:
    """What the message says of itself: that it was sent so, or that it was changed to this."""
    sent_at = need_time(message, "ts")
    edited = need_object(message, "edited") if message.get("edited") else None
    person = need_name(message, "user")
    teams = [take_name(message, key) for key in ("user_team", "source_team", "team")]
    return Version(
        key=MessageKey(PLATFORM, found.team, channel, need_ts(message, "ts")),
        change=Change.EDITED if edited else Change.SENT,
        at=need_time(edited, "ts") if edited else sent_at,
        author=found.author(person),
        text=text,
        reply_to=find_thread(message),
        attachments=tuple(_read_files(message)),
        sent_at=sent_at if edited else None,
        link=link,
        language=found.language(person),
        standing=found.standing(person, channel, teams),
    )


def make_deletion(channel: str, ts: str, at: datetime, author: Author, team: str) -> Version:
    """That a message is deleted."""
    return Version(MessageKey(PLATFORM, team, channel, ts), Change.DELETED, at, author)


def _read_files(message: Json) -> Iterator[Attachment]:
    """The files of a message but those that were deleted; some are known by name only."""
    for file in take_objects(message, "files"):
        if take_name(file, "mode") == TOMBSTONE:
            continue
        name = take_name(file, "name") or take_name(file, "title")
        kind = _name_kind(file)
        yield Attachment(kind, name or f"{kind}-{take_name(file, 'id')}", take_name(file, "url_private_download"))


def _name_kind(file: Json) -> str:
    if take_name(file, "subtype") == "slack_audio":
        return "voice"
    return "photo" if take_name(file, "mimetype").startswith("image/") else "file"
