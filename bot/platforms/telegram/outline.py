"""What intake needs of an update before it is kept, whatever its shape. Called by `polling` and `webhook`.

What is wrong with an update is told by `reading`, once it is safe.
"""

import hashlib
import json
from dataclasses import dataclass
from typing import Any

from bot.fields import Json

MESSAGES = ("message", "edited_message", "channel_post", "edited_channel_post")
# always named to the server, which else keeps those of before
KINDS = (*MESSAGES, "my_chat_member", "callback_query")


@dataclass(frozen=True, slots=True)
class Outline:
    """An update as it is kept, and a part of what it tells: its kind, the body of that, and the message in it."""

    key: str
    payload: str
    kind: str
    body: Json
    message: Json

    @property
    def chat(self) -> int | None:
        """The chat that it comes from."""
        return whole_number(part_of(self.message, "chat").get("id"))

    @property
    def is_shared(self) -> bool:
        """Whether that is a group or a channel."""
        return part_of(self.message, "chat").get("type") in ("group", "supergroup", "channel")


def outline_update(update: Any) -> Outline:
    """The outline of an update. Its key is its id with a hash, for ids start anew at random.

    A `RecursionError` where it is nested deeper than any update of Telegram's.
    """
    payload = json.dumps(update, ensure_ascii=False, separators=(",", ":"))
    named = update if isinstance(update, dict) else {}
    kind = next((kind for kind in KINDS if isinstance(named.get(kind), dict)), "")
    body = part_of(named, kind)
    # a membership stands in for a message: it too tells its chat
    message = part_of(body, "message") if kind == "callback_query" else body
    return Outline(f"{whole_number(named.get('update_id'))}:{hash_payload(payload)}", payload, kind, body, message)


def outline_nonsense(payload: str) -> Outline:
    """The outline of what is no JSON object."""
    return Outline(hash_payload(payload), payload, "", {}, {})


def hash_payload(payload: str) -> str:
    """A short name for these words."""
    return hashlib.sha256(payload.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def part_of(source: Json, key: str) -> Json:
    """The object of this name, or an empty one."""
    part = source.get(key)
    return part if isinstance(part, dict) else {}


def whole_number(value: Any) -> int | None:
    """The value, if it is a whole number."""
    return value if type(value) is int else None
