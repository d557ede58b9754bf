"""What events tell of channels, and of the bot's page of a person. Called by `reading`."""

from collections.abc import Iterator

from bot.fields import Json, need_name, take_name
from bot.platforms.slack import HOME, PLATFORM
from bot.platforms.slack.found import Found
from core.messages import Place
from core.notices import ChatMoved, ChatSeen, HomeOpened, Notice


def read_notice(event: Json, bot: str, found: Found) -> Iterator[Notice]:
    """That the bot came into a channel, that a channel has another id, that a person looks at the bot's page."""
    kind = take_name(event, "type")
    if kind == "member_joined_channel" and need_name(event, "user") == bot:
        # in a channel that it is in, a bot gets every message
        place = _place(found, need_name(event, "channel"))
        yield ChatSeen(place, can_read=True, added_by=take_name(event, "inviter") or None)
    elif kind == "channel_id_changed":
        old, new = (_place(found, need_name(event, f"{which}_channel_id")) for which in ("old", "new"))
        yield ChatMoved(old, new)
    elif kind == "app_home_opened" and take_name(event, "tab") == "home":
        person = need_name(event, "user")
        yield HomeOpened(_place(found, f"{HOME}{person}"), person, found.language(person))


def _place(found: Found, chat: str) -> Place:
    return PLATFORM, found.team, chat
