"""Whether a reply arrived whose sending was cut off: looked for in the channel's history. Called by `platform`.

Words carry a mark of ours in their metadata; a file is known by its name.
"""

import asyncio
from collections.abc import AsyncIterator, Collection
from datetime import UTC, datetime
from typing import Any

from slack_sdk.web.async_client import AsyncWebClient

from bot.platforms.slack import HOME
from bot.platforms.slack.faults import translate_errors
from bot.platforms.slack.sending import FILE, POSTED, find_thread, name_reply
from bot.platforms.slack.tracking import START, is_ts, order_of
from core.replies import Draft, DraftFile, FileOfDraft, Reply
from handlers.drafts import name_files

_PAGE = 200
# without any mark, so many pages back
_AT_MOST = 10
# a file is shared a while after its upload is complete: so many looks
_LOOKS = 3


async def find_post(
    client: AsyncWebClient, reply: Reply, mark: str, known: Collection[str], bot_user_id: str, pause: float
) -> str | None:
    """The id of the reply's message, the last one where the words take several, or of its file; None for neither.

    It came after the mark, or after all that are known, and is none of these. For a file it is looked again after a
    pause, in seconds.
    """
    if reply.to.chat.startswith(HOME):
        # published again, it is the same
        return None
    after = mark if mark != START else max(filter(is_ts, known), key=order_of, default=START)
    file = _name_file(reply.file) if reply.file else ""
    for look in range(_LOOKS if file else 1):
        if look:
            await asyncio.sleep(pause)
        with translate_errors():
            async for message in _read_after(client, reply, after):
                found = _find_file(file, message) if file else _find_words(reply, message)
                if message.get("user") == bot_user_id and found and found not in known:
                    return found
    return None


async def _read_after(client: AsyncWebClient, reply: Reply, after: str) -> AsyncIterator[dict[str, Any]]:
    """The messages after this one, where the reply would stand: in its thread, else in the channel."""
    thread = find_thread(reply)
    asked: dict[str, Any] = {"oldest": after, "limit": _PAGE, "include_all_metadata": True}
    for _ in range(_AT_MOST):
        if thread:
            answer = await client.conversations_replies(channel=reply.to.chat, ts=thread, **asked)
        else:
            answer = await client.conversations_history(channel=reply.to.chat, **asked)
        for message in answer["messages"]:
            yield message
        cursor = (answer.get("response_metadata") or {}).get("next_cursor")
        if not cursor:
            return
        asked["cursor"] = cursor


def _find_words(reply: Reply, message: dict[str, Any]) -> str | None:
    metadata = message.get("metadata") or {}
    payload = metadata.get("event_payload") or {}
    is_it = metadata.get("event_type") == POSTED and payload.get("reply") == name_reply(reply)
    # words of which not all parts arrived did not arrive
    return str(message["ts"]) if is_it and payload.get("part") == payload.get("of") else None


def _find_file(name: str, message: dict[str, Any]) -> str | None:
    return next((f"{FILE}{file['id']}" for file in message.get("files") or [] if file.get("name") == name), None)


def _name_file(file: FileOfDraft) -> str:
    """The name under which a draft's file is sent."""
    [named] = name_files(Draft(file.number, datetime.now(UTC), (DraftFile(file.name, "", b""),)))
    return named.name
