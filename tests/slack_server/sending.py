"""Methods that write: messages, their changes, reactions. Found by methods.py."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from tests.slack_server.asking import find_channel
from tests.slack_server.errors import SlackError
from tests.slack_server.parameters import as_bool, as_text, needed
from tests.slack_server.text import link_channels
from tests.slack_server.views import MESSAGE_BLOCKS, Blocks, check_blocks
from tests.slack_server.world import Ephemeral

if TYPE_CHECKING:
    from tests.slack_server.channels import Channel
    from tests.slack_server.messages import Message
    from tests.slack_server.traffic import Call
    from tests.slack_server.world import World

TEXT_LIMIT, KINDS_OF_REACTION, OWN_REACTIONS = 40_000, 50, 23


def writable_channel(world: World, call: Call) -> Channel:
    """The channel that is named, by its id or a person's, where the bot may write."""
    person = world.people.get(as_text(call.parameters, "channel"))
    if person:
        return world.direct(person)
    channel = find_channel(world, call, member=True)
    if channel.archived:
        raise SlackError("is_archived")
    return channel


def post_message(world: World, call: Call) -> dict[str, Any]:
    channel = writable_channel(world, call)
    text, blocks = read_content(world, call)
    metadata = _read_metadata(call)
    thread, broadcast = find_thread(channel, call), as_bool(call.parameters, "reply_broadcast")
    subtype = "thread_broadcast" if thread and broadcast else None
    message = channel.add(world.bot, text, blocks=blocks, thread=thread, subtype=subtype, metadata=metadata)
    channel.tell_written(message)
    return {"channel": channel.id, "ts": message.ts, "message": message.json(metadata=True)}


def find_thread(channel: Channel, call: Call) -> Message | None:
    """The message in whose thread to write. Of one that was deleted the thread goes on, as it does in Slack."""
    ts = as_text(call.parameters, "thread_ts")
    if not ts:
        return None
    found = channel.by_ts.get(ts)
    if found is None:
        raise SlackError("thread_not_found")
    return found


def read_content(world: World, call: Call) -> tuple[str, Blocks]:
    text = as_text(call.parameters, "text")
    blocks = call.parameters.get("blocks") or []
    if not isinstance(blocks, list):
        raise SlackError("invalid_blocks_format")
    if not text and not blocks and not call.parameters.get("attachments"):
        raise SlackError("no_text")
    channels = world.public_names()
    checked = [_link(block, channels) for block in check_blocks(blocks, MESSAGE_BLOCKS)]
    return text[:TEXT_LIMIT], checked


def _link(block: dict[str, Any], channels: dict[str, str]) -> dict[str, Any]:
    text = block.get("text")
    if isinstance(text, dict) and text["type"] == "mrkdwn" and not text.get("verbatim"):
        return block | {"text": text | {"text": link_channels(text["text"], channels)}}
    return block


def _read_metadata(call: Call) -> dict[str, Any] | None:
    metadata = call.parameters.get("metadata")
    if metadata is None:
        return None
    if not isinstance(metadata, dict) or not {"event_type", "event_payload"} <= set(metadata):
        raise SlackError("invalid_metadata_format")
    return metadata


def update_message(world: World, call: Call) -> dict[str, Any]:
    channel = writable_channel(world, call)
    message = _own_message(world, channel, call, "cant_update_message")
    text, blocks = read_content(world, call)
    channel.change(message, world.bot, text, blocks)
    if metadata := _read_metadata(call):
        message.metadata = metadata
    return {"channel": channel.id, "ts": message.ts, "text": text, "message": message.json(metadata=True)}


def delete_message(world: World, call: Call) -> dict[str, Any]:
    channel = writable_channel(world, call)
    message = _own_message(world, channel, call, "cant_delete_message")
    channel.remove(message)
    return {"channel": channel.id, "ts": message.ts}


def _own_message(world: World, channel: Channel, call: Call, otherwise: str) -> Message:
    message = find_message(channel, needed(call.parameters, "ts"))
    if message.sender is not world.bot:
        raise SlackError(otherwise)
    return message


def find_message(channel: Channel, ts: str) -> Message:
    message = channel.find(ts)
    if message is None or message.tombstone:
        raise SlackError("message_not_found")
    return message


def post_ephemeral(world: World, call: Call) -> dict[str, Any]:
    channel = writable_channel(world, call)
    person = world.people.get(needed(call.parameters, "user"))
    if person not in channel.members or person is None:
        raise SlackError("user_not_in_channel")
    text, blocks = read_content(world, call)
    world.ephemerals.append(Ephemeral(channel, person, text, blocks))
    return {"message_ts": world.next_ts()}


def get_permalink(world: World, call: Call) -> dict[str, Any]:
    channel = find_channel(world, call)
    message = find_message(channel, needed(call.parameters, "message_ts"))
    return {"channel": channel.id, "permalink": message.link}


def add_reaction(world: World, call: Call) -> dict[str, Any]:
    channel, message, name = _find_reaction(world, call)
    users = message.reactions.get(name, [])
    own = sum(world.bot.id in others for others in message.reactions.values())
    if world.bot.id in users:
        raise SlackError("already_reacted")
    if not users and len(message.reactions) >= KINDS_OF_REACTION:
        raise SlackError("too_many_emoji")
    if own >= OWN_REACTIONS:
        raise SlackError("too_many_reactions")
    message.reactions.setdefault(name, []).append(world.bot.id)
    channel.tell_reaction("reaction_added", world.bot, message, name)
    return {}


def remove_reaction(world: World, call: Call) -> dict[str, Any]:
    channel, message, name = _find_reaction(world, call)
    channel.take_reaction(message, world.bot, name)
    channel.tell_reaction("reaction_removed", world.bot, message, name)
    return {}


def _find_reaction(world: World, call: Call) -> tuple[Channel, Message, str]:
    channel = find_channel(world, call, member=True)
    name = needed(call.parameters, "name")
    if not re.fullmatch(r"[a-z0-9_+'-]+(::skin-tone-[2-6])?", name):
        raise SlackError("invalid_name")
    if channel.archived:
        raise SlackError("is_archived")
    return channel, find_message(channel, needed(call.parameters, "timestamp")), name


def get_reactions(world: World, call: Call) -> dict[str, Any]:
    channel = find_channel(world, call, member=True)
    message = find_message(channel, needed(call.parameters, "timestamp"))
    return {"type": "message", "channel": channel.id, "message": message.json()}
