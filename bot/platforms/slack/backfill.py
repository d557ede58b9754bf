"""The history of a channel, read back for a meeting: what was written, changed and deleted meanwhile.

Called by `platform`. Nothing is kept here: what comes out goes into the inbox like any event. A message stands there
under a key of its wording, so that reading it again and again is one update.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.mrkdwn import list_tokens
from bot.platforms import BusyError, UnreachableError, Window
from bot.platforms.slack import HOME
from bot.platforms.slack.faults import read_code, translate_errors
from bot.platforms.slack.fields import TS
from bot.platforms.slack.messages import is_tombstone, is_written
from bot.platforms.slack.reading import GONE, HISTORY
from core.errors import UpdateError

# names of these users and channels, as `lookup` finds them
Lookup = Callable[[Collection[str], Collection[str]], Awaitable[Mapping[str, Mapping[str, Any]]]]
Sleep = Callable[[float], Awaitable[None]]
Json = dict[str, Any]

# messages asked for at once, and those whose names are looked up at once
PAGE = 200
# threads that began so long before the meeting are looked through for replies
LOOK_BACK = timedelta(days=7)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


async def read_window(
    client: AsyncWebClient,
    window: Window,
    bot_user_id: str,
    look_up: Lookup,
    now: Callable[[], datetime],
    sleep: Sleep = asyncio.sleep,
) -> list[tuple[str, str]]:
    """Delivery key and payload of every message of people from the window's start on, and of those that are gone `now`.

    An `UnreachableError` or `RefusedError` where any part cannot be read; then nothing is taken for deleted. Where
    Slack wants to be left alone, it is, for as long as it says.
    """
    if window.place[2].startswith(HOME):
        return []
    reading = _Reading(client, window, sleep)
    await reading.read_all()
    gone = await reading.find_gone()
    written = [message for _, message in sorted(reading.found.items()) if _is_taken(message, bot_user_id)]
    kept: list[tuple[str, str]] = []
    for start in range(0, len(written), PAGE):
        kept += await _keep_messages(window, written[start : start + PAGE], look_up)
    return [*kept, *(_keep_gone(window, ts, now()) for ts in gone)]


@dataclass(slots=True)
class _Reading:
    """A window while it is read. `found` holds what stands there, by id; `threads` are those that were read."""

    client: AsyncWebClient
    window: Window
    sleep: Sleep
    found: dict[str, Json] = field(default_factory=dict)
    threads: set[str] = field(default_factory=set)
    is_limited: bool = False

    @property
    def since(self) -> str:
        """The window's start, as an id."""
        return write_ts(self.window.since)

    async def read_all(self) -> None:
        """All messages from the start on, with the threads that have replies since then."""
        begun = set()
        earlier = write_ts(self.window.since - LOOK_BACK)
        async for message in self._read_pages("conversations_history", oldest=earlier):
            self._note(message)
            if message.get("reply_count") and str(message.get("latest_reply") or self.since) >= self.since:
                begun.add(message["ts"])
        for thread in sorted(begun):
            await self._read_thread(thread)

    async def find_gone(self) -> list[str]:
        """The known messages that stand there no more; none where Slack hides a part of the history.

        Each that was not met is asked for by itself: a reply in a thread older than all that was read stands unmet.
        """
        if self.is_limited:
            return []
        known = sorted(ts for ts in self.window.known if TS.fullmatch(ts) and ts >= self.since)
        return [ts for ts in known if not await self._stands(ts)]

    async def _stands(self, ts: str) -> bool:
        if ts not in self.found:
            answer = await self._call("conversations_replies", ts=ts, limit=1)
            for message in _list_messages(answer):
                await self._read_thread(message.get("thread_ts") or message["ts"])
        return ts in self.found and not is_tombstone(self.found[ts])

    async def _read_thread(self, thread: str) -> None:
        if thread not in self.threads:
            self.threads.add(thread)
            async for message in self._read_pages("conversations_replies", ts=thread):
                self._note(message)

    def _note(self, message: Json) -> None:
        if message["ts"] >= self.since:
            self.found[message["ts"]] = message

    async def _read_pages(self, method: str, **arguments: Any) -> AsyncIterator[Json]:
        """The messages of all pages, however small Slack makes them."""
        cursor = ""
        while True:
            more = {"cursor": cursor} if cursor else {}
            answer = await self._call(method, inclusive=True, limit=PAGE, **arguments, **more)
            self.is_limited |= bool(answer.get("is_limited"))
            for message in _list_messages(answer):
                yield message
            cursor = (answer.get("response_metadata") or {}).get("next_cursor") or ""
            if not cursor:
                if answer.get("has_more"):
                    raise UnreachableError("Slack says that there is more of the history, and not where")
                return

    async def _call(self, method: str, **arguments: Any) -> Json:
        """What Slack answers in the end; no messages where there is no such thread."""
        while True:
            try:
                with translate_errors():
                    return await self._ask(method, arguments)
            except BusyError as error:
                await self.sleep(error.seconds)

    async def _ask(self, method: str, arguments: Json) -> Json:
        try:
            answer = await getattr(self.client, method)(channel=self.window.place[2], **arguments)
        except SlackApiError as error:
            if read_code(error) == "thread_not_found":
                return {"messages": []}
            raise
        return dict(answer.data)


def _list_messages(answer: Json) -> Iterator[Json]:
    messages = answer.get("messages")
    if not isinstance(messages, list):
        raise UnreachableError("an answer that is not Slack's")
    for message in messages:
        if not isinstance(message, dict) or not TS.fullmatch(str(message.get("ts"))):
            raise UnreachableError("an answer that is not Slack's")
        yield message


def _is_taken(message: Json, bot_user_id: str) -> bool:
    try:
        return is_written(message, bot_user_id)
    except UpdateError:
        # it becomes a dead letter, which says what is wrong with it
        return True


async def _keep_messages(window: Window, messages: Sequence[Json], look_up: Lookup) -> list[tuple[str, str]]:
    """Keys and payloads, with what is found of the people and channels in them."""
    wanted = [_list_names(message) for message in messages]
    users, channels = (set().union(*(names[kind] for names in wanted)) for kind in (0, 1))
    found = await look_up(users, channels)
    return [
        _keep_message(
            window,
            message,
            {"users": _pick(found.get("users"), people), "channels": _pick(found.get("channels"), unnamed)},
            is_complete=all(found.get("users", {}).get(name) for name in people)
            and all(found.get("channels", {}).get(name) for name in unnamed),
        )
        for message, (people, unnamed) in zip(messages, wanted, strict=True)
    ]


def _list_names(message: Json) -> tuple[set[str], set[str]]:
    users, channels = list_tokens(str(message.get("text") or ""))
    return users | {str(message.get("user"))}, channels


def _pick(found: Mapping[str, Any] | None, names: Collection[str]) -> Json:
    return {name: told for name in sorted(names) if (told := (found or {}).get(name))}


def _keep_message(window: Window, message: Json, found: Json, *, is_complete: bool) -> tuple[str, str]:
    _, team, channel = window.place
    edited = (message.get("edited") or {}).get("ts") or ""
    files = [file.get("id") for file in message.get("files") or []]
    # what lacked a name is taken again when it has one
    wording = json.dumps([message.get("text"), files, is_complete])
    digest = sha256(wording.encode()).hexdigest()[:16]
    body = {"type": HISTORY, "team_id": team, "channel": channel, "message": message}
    payload = json.dumps({"body": body, "found": found}, ensure_ascii=False)
    return f"history:{channel}:{message['ts']}:{edited}:{digest}", payload


def _keep_gone(window: Window, ts: str, at: datetime) -> tuple[str, str]:
    _, team, channel = window.place
    body = {"type": GONE, "team_id": team, "channel": channel, "ts": ts, "at": write_ts(at)}
    return f"gone:{channel}:{ts}", json.dumps({"body": body})


def write_ts(at: datetime) -> str:
    """A time as Slack writes it; such texts sort as their times do."""
    seconds, rest = divmod(at - _EPOCH, timedelta(seconds=1))
    return f"{seconds:010d}.{rest.microseconds:06d}"
