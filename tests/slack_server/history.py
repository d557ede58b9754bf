"""conversations.history and .replies. Found by methods.py.

A page of the history is always newest first. Where only `oldest` is given, the pages go from the oldest on to the
newest; otherwise from the newest back, as the method's page says.
"""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Any

from tests.slack_server.asking import find_channel
from tests.slack_server.errors import SlackError
from tests.slack_server.parameters import as_bool, as_int, as_text, needed
from tests.slack_server.scopes import HISTORY

if TYPE_CHECKING:
    from tests.slack_server.messages import Message
    from tests.slack_server.traffic import Call
    from tests.slack_server.world import World

MOST = 999


def conversations_history(world: World, call: Call) -> dict[str, Any]:
    channel = find_channel(world, call, HISTORY, member=True)
    shown = [m for m in channel.log if not m.deleted and (m.thread is None or m.broadcast)]
    found = _in_range(shown, call)
    visible = [m for m in found if m.ts >= world.hidden_before]
    parameters = call.parameters
    forward = bool(as_text(parameters, "oldest")) and not as_text(parameters, "latest")
    page, following = _cut(world, call, visible if forward else visible[::-1], 100)
    newest_first = page[::-1] if forward else page
    answer = _answer(newest_first, following, call) | {"pin_count": 0}
    if len(visible) < len(found):
        answer["is_limited"] = True
    return answer


def conversations_replies(world: World, call: Call) -> dict[str, Any]:
    channel = find_channel(world, call, HISTORY, member=True)
    asked = channel.find(needed(call.parameters, "ts"))
    if asked is None:
        raise SlackError("thread_not_found")
    root = asked.thread or asked
    page, following = _cut(world, call, _in_range(root.replies, call), 1000)
    return _answer([root, *page], following, call)


def _in_range(messages: list[Message], call: Call) -> list[Message]:
    """Those between `oldest` and `latest`."""
    oldest, latest = (_read_ts(call, name) for name in ("oldest", "latest"))
    inclusive = as_bool(call.parameters, "inclusive")

    def holds(ts: str) -> bool:
        if inclusive and ts in (oldest, latest):
            return True
        return (not oldest or ts > oldest) and (not latest or ts < latest)

    return [message for message in messages if holds(message.ts)]


def _read_ts(call: Call, name: str) -> str:
    """A time as the ts that it is, so that it compares; whole seconds are good too."""
    given = as_text(call.parameters, name)
    seconds, _, micros = given.partition(".")
    if given and not (seconds.isdigit() and (micros or "0").isdigit()):
        raise SlackError(f"invalid_ts_{name}")
    return f"{int(seconds):010d}.{micros[:6]:0<6}" if int(seconds or 0) else ""


def _cut(world: World, call: Call, messages: list[Message], default: int) -> tuple[list[Message], str]:
    """The page that is asked for, and the cursor of the next one."""
    limit = min(as_int(call.parameters, "limit", default), MOST, world.page_size)
    if limit < 1:
        raise SlackError("invalid_limit")
    start = 0
    if cursor := as_text(call.parameters, "cursor"):
        # a cursor names a message, so that none is given twice or left out when others come meanwhile
        named = _read_cursor(cursor)
        start = next((i for i, m in enumerate(messages) if m.ts == named), len(messages))
    following = messages[start + limit].ts if start + limit < len(messages) else ""
    return messages[start : start + limit], following and base64.b64encode(f"next_ts:{following}".encode()).decode()


def _read_cursor(cursor: str) -> str:
    try:
        kind, _, ts = base64.b64decode(cursor, validate=True).decode().partition(":")
    except ValueError:
        kind = ts = ""
    if kind != "next_ts":
        raise SlackError("invalid_cursor")
    return ts


def _answer(messages: list[Message], following: str, call: Call) -> dict[str, Any]:
    metadata = as_bool(call.parameters, "include_all_metadata")
    found = {"messages": [message.json(metadata=metadata) for message in messages], "has_more": bool(following)}
    return found | ({"response_metadata": {"next_cursor": following}} if following else {})
