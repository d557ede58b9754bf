"""Who wrote, and what a channel is called: asked of Slack before an update is kept, and remembered. Called by `intake`.

What is found goes into the inbox beside the update, so that reading it needs no network.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Collection, Iterator, Mapping
from typing import Any

from slack_sdk.web.async_client import AsyncWebClient

from bot.mrkdwn import list_tokens
from bot.platforms import BusyError, RefusedError, UnreachableError
from bot.platforms.slack.faults import translate_errors

# for so long what was found holds, in seconds
FRESH = 3600.0

Found = dict[str, dict[str, Any]]


class Lookup:
    """Asks for people and channels. An update waits `patience` seconds in all; what comes later is there next time.

    What was not found is asked for again after `again` seconds, or when Slack wants it.
    """

    patience = 1.0
    again = 30.0

    def __init__(self, client: AsyncWebClient) -> None:
        self._client = client
        self._known: dict[str, tuple[float, Any]] = {}
        self._asked: dict[str, asyncio.Task[None]] = {}
        self._ask_after: dict[str, float] = {}

    async def find(self, users: Collection[str], channels: Collection[str]) -> Found:
        """What is known of these people and channels by then, by their ids."""
        asked = [self._ask(user, self._ask_user) for user in users]
        asked += [self._ask(channel, self._ask_channel) for channel in channels]
        waiting = [task for task in asked if task]
        if waiting:
            await asyncio.wait(waiting, timeout=self.patience)
        people = {user: self._known[user][1] for user in users if user in self._known}
        return {
            "users": {user: describe_person(person) for user, person in people.items()},
            "channels": {channel: self._known[channel][1] for channel in channels if channel in self._known},
        }

    async def is_outside(self, channel: str) -> bool:
        """Whether the bot is certainly not in this channel, so that it could neither read nor answer there."""
        try:
            async with asyncio.timeout(self.patience):
                with translate_errors():
                    answer = await self._client.conversations_info(channel=channel)
        except RefusedError:
            # a private channel is not shown to who is not in it
            return True
        except (TimeoutError, UnreachableError, BusyError):
            return False
        found = answer.get("channel") or {}
        return not (found.get("is_member") or found.get("is_im"))

    def recall(self, user: str) -> Mapping[str, Any]:
        """A person as Slack describes them; empty where they were not found."""
        person: Mapping[str, Any] = self._known[user][1] if user in self._known else {}
        return person

    async def close(self) -> None:
        """Ask for nothing more."""
        tasks = list(self._asked.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _ask(self, name: str, ask: Callable[[str], Awaitable[Any]]) -> asyncio.Task[None] | None:
        now = time.monotonic()
        at, _ = self._known.get(name, (-FRESH, None))
        if now - at < FRESH or now < self._ask_after.get(name, 0.0):
            return None
        if name not in self._asked:
            task = self._asked[name] = asyncio.create_task(self._keep(name, ask))
            task.add_done_callback(lambda _: self._asked.pop(name, None))
        return self._asked[name]

    async def _keep(self, name: str, ask: Callable[[str], Awaitable[Any]]) -> None:
        try:
            with translate_errors():
                answer = await ask(name)
        except BusyError as error:
            self._ask_after[name] = time.monotonic() + error.seconds
        except (RefusedError, UnreachableError):
            self._ask_after[name] = time.monotonic() + self.again
        else:
            self._known[name] = (time.monotonic(), answer)

    async def _ask_user(self, user: str) -> Any:
        return dict((await self._client.users_info(user=user, include_locale=True))["user"])

    async def _ask_channel(self, channel: str) -> Any:
        return str((await self._client.conversations_info(channel=channel))["channel"]["name"])


def describe_person(person: Mapping[str, Any]) -> dict[str, Any]:
    """What reading needs of a person."""
    profile = person.get("profile") or {}
    names = (profile.get("display_name"), profile.get("real_name"), person.get("real_name"), person.get("name"))
    return {
        "name": next((name for name in names if name), ""),
        "locale": person.get("locale") or "",
        "is_admin": bool(person.get("is_admin") or person.get("is_owner")),
        "is_stranger": bool(person.get("is_stranger")),
        "team": person.get("team_id") or profile.get("team") or "",
    }


def list_users(body: Mapping[str, Any]) -> set[str]:
    """Who wrote or acted, and who is mentioned."""
    user = body.get("user")
    found = {body.get("user_id"), user.get("id") if isinstance(user, dict) else user}
    for message in list_messages(body):
        found |= {message.get("user"), *list_tokens(_text_of(message))[0]}
    found |= list_tokens(_text_of(body))[0]
    return {name for name in found if isinstance(name, str) and name}


def list_channels(body: Mapping[str, Any]) -> set[str]:
    """The channels that are named without their names."""
    return {name for message in (body, *list_messages(body)) for name in list_tokens(_text_of(message))[1]}


def list_messages(body: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """The event, and the message that it is about."""
    event = event_of(body)
    if event:
        yield event
    if isinstance(event.get("message"), dict):
        yield event["message"]


def event_of(body: Mapping[str, Any]) -> Mapping[str, Any]:
    """The event that a request tells of; empty where it tells of none."""
    event = body.get("event")
    return event if isinstance(event, dict) else {}


def _text_of(message: Mapping[str, Any]) -> str:
    text = message.get("text")
    return text if isinstance(text, str) else ""
