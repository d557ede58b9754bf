"""Methods that ask who and what there is. Found by methods.py; each is (world, call) → fields of the answer."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Any, TypeVar

from tests.slack_server.errors import SlackError
from tests.slack_server.parameters import as_bool, as_int, as_text, needed
from tests.slack_server.scopes import READ, check_scope

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.slack_server.channels import Channel
    from tests.slack_server.traffic import Call
    from tests.slack_server.world import World

T = TypeVar("T")
KINDS = {"public_channel": "public", "private_channel": "private", "im": "im", "mpim": "mpim"}


def find_channel(world: World, call: Call, scopes: dict[str, str] | None = None, *, member: bool = False) -> Channel:
    """The channel that is named, where the bot may see it, by its id; `member`: it must be in it."""
    channel = world.channels.get(needed(call.parameters, "channel"))
    if channel is None or (channel.kind != "public" and world.bot not in channel.members):
        raise SlackError("channel_not_found")
    check_scope(world.scopes, (scopes or {}).get(channel.kind))
    if member and world.bot not in channel.members:
        raise SlackError("not_in_channel")
    return channel


def auth_test(world: World, _call: Call) -> dict[str, Any]:
    found = {"url": world.team_url, "team": world.domain, "user": world.bot.name, "team_id": world.team_id}
    return found | {"user_id": world.bot.id, "bot_id": world.bot.bot_id, "is_enterprise_install": False}


def team_info(world: World, _call: Call) -> dict[str, Any]:
    team = {"id": world.team_id, "name": world.domain, "domain": world.domain, "url": world.team_url}
    return {"team": team}


def bots_info(world: World, call: Call) -> dict[str, Any]:
    if as_text(call.parameters, "bot") not in ("", world.bot.bot_id):
        raise SlackError("bot_not_found")
    bot = {"id": world.bot.bot_id, "deleted": False, "name": world.bot.name, "app_id": world.bot.app_id}
    return {"bot": bot | {"user_id": world.bot.id}}


def users_info(world: World, call: Call) -> dict[str, Any]:
    person = world.people.get(needed(call.parameters, "user"))
    if person is None:
        raise SlackError("user_not_found")
    return {"user": person.json(with_locale=as_bool(call.parameters, "include_locale"))}


def conversations_info(world: World, call: Call) -> dict[str, Any]:
    return {"channel": find_channel(world, call, READ).json()}


def conversations_list(world: World, call: Call) -> dict[str, Any]:
    return _list(world, call, [c for c in world.channels.values() if c.kind == "public" or world.bot in c.members])


def users_conversations(world: World, call: Call) -> dict[str, Any]:
    person = world.people.get(as_text(call.parameters, "user") or world.bot.id)
    return _list(world, call, [c for c in world.channels.values() if person in c.members and world.bot in c.members])


def _list(world: World, call: Call, channels: list[Channel]) -> dict[str, Any]:
    kinds = []
    for asked in (as_text(call.parameters, "types") or "public_channel").split(","):
        kind = KINDS.get(asked.strip())
        if kind is None:
            raise SlackError("invalid_types")
        check_scope(world.scopes, READ.get(kind))
        kinds.append(kind)
    if as_bool(call.parameters, "exclude_archived"):
        channels = [channel for channel in channels if not channel.archived]
    page, more = cut_page(world, call, [c.json() for c in channels if c.kind in kinds], 100)
    return {"channels": page} | more


def conversations_members(world: World, call: Call) -> dict[str, Any]:
    channel = find_channel(world, call, READ)
    page, more = cut_page(world, call, [person.id for person in channel.members], 100)
    return {"members": page} | more


def conversations_open(world: World, call: Call) -> dict[str, Any]:
    users = needed(call.parameters, "users")
    person = world.people.get(users)
    if person is None or person is world.bot:
        raise SlackError("user_not_found" if person is None else "cannot_dm_bot")
    return {"channel": {"id": world.direct(person).id}}


def cut_page(world: World, call: Call, items: Sequence[T], default: int) -> tuple[list[T], dict[str, Any]]:
    """The items of the page that is asked for, and what the answer says of the next one."""
    limit = min(as_int(call.parameters, "limit", default), 1000, world.page_size)
    if limit < 1:
        raise SlackError("invalid_limit")
    start = read_cursor(as_text(call.parameters, "cursor"))
    following = make_cursor(start + limit) if start + limit < len(items) else ""
    return list(items[start : start + limit]), {"response_metadata": {"next_cursor": following}}


def make_cursor(place: int) -> str:
    return base64.b64encode(f"next:{place}".encode()).decode()


def read_cursor(cursor: str) -> int:
    try:
        return int(base64.b64decode(cursor, validate=True).decode().removeprefix("next:")) if cursor else 0
    except ValueError:
        raise SlackError("invalid_cursor") from None
