"""From what Slack delivers to the inbox: first of all middleware that sees every request. Made by `platform`.

It stands before Bolt's authorization, and behind the check of the signature: nothing is acknowledged before it is
committed, nothing forged is kept.
"""

import json
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import structlog
from slack_bolt.middleware.async_middleware import AsyncMiddleware
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse

from bot.backoff import Trouble, log_incident
from bot.platforms import Keep
from bot.platforms.slack.lookup import Lookup, event_of, list_channels, list_messages, list_users
from bot.platforms.slack.modals import Modals, opens_modal
from bot.platforms.slack.tracking import Tracker
from core.errors import StoreError

# what cannot be committed is not acknowledged: Slack delivers it again
_TRY_AGAIN = 503
# where Bolt's listeners find what is wrong with what was filled in, by field
FAULTS = "faults"
# and that the bot is not in the channel where a slash command was given
OUTSIDE = "outside"


class Intake(AsyncMiddleware):
    """Keeps what is to be kept, with what was found of the people and channels in it.

    Until `start` was called it takes nothing. A retry is taken like any other: the first try may have died before the
    commit, and the inbox knows what it has.
    """

    def __init__(self, lookup: Lookup, tracker: Tracker, modals: Modals) -> None:
        self._lookup, self._tracker, self._modals = lookup, tracker, modals
        self._trouble = Trouble("slack intake")
        self._keep: Keep | None = None
        self._missed: Callable[[], None] = _ignore
        self.bot_user_id = ""

    def start(self, keep: Keep, missed: Callable[[], None]) -> None:
        """From now on what Slack delivers is kept; `missed` is called where some may have been lost."""
        self._keep, self._missed = keep, missed

    async def async_process(
        self,
        *,
        req: AsyncBoltRequest,
        resp: BoltResponse,
        next: Callable[[], Awaitable[BoltResponse]],  # noqa: A002
    ) -> BoltResponse:
        """Commit the request, then let Bolt answer it."""
        body = req.body
        if body.get("type") == "url_verification":
            return await next()
        if self._keep is None:
            return BoltResponse(status=_TRY_AGAIN)
        if body.get("type") == "app_rate_limited":
            # so much happens in the workspace that Slack leaves events out
            structlog.get_logger().warning("events left out", platform="slack")
            self._missed()
            return BoltResponse(status=200)
        try:
            await self._take(body, self._keep, req.context)
        except StoreError as error:
            self._trouble.meet("keep", error)
            return BoltResponse(status=_TRY_AGAIN)
        except Exception as error:
            log_incident("update not kept", error, platform="slack")
            return BoltResponse(status=500)
        return await next()

    async def _take(self, body: Mapping[str, Any], keep: Keep, context: dict[str, Any]) -> None:
        event = event_of(body)
        for message in list_messages(body):
            self._tracker.note(event.get("channel"), message.get("ts"))
        if body.get("type") == "view_submission":
            context[FAULTS] = await self._modals.find_faults(body)
        if "command" in body and await self._lookup.is_outside(str(body.get("channel_id"))):
            context[OUTSIDE] = True
            return
        key = name_delivery(body)
        if not key or context.get(FAULTS) or opens_modal(body) or self._is_own(body):
            return
        found = await self._lookup.find(list_users(body), list_channels(body))
        await keep([(key, json.dumps({"body": body, "found": found}, ensure_ascii=False))])
        self._trouble.leave("keep")
        if event.get("type") == "member_joined_channel" and event.get("user") == self.bot_user_id:
            self._missed()

    def _is_own(self, body: Mapping[str, Any]) -> bool:
        """Whether it is about a message of the bot's."""
        messages = list(list_messages(body))
        return bool(messages) and messages[0].get("type") == "message" and messages[-1].get("user") == self.bot_user_id


def name_delivery(body: Mapping[str, Any]) -> str | None:
    """The key under which this stands in the inbox, the same at each delivery; None for what need not be kept."""
    kind, trigger = body.get("type"), body.get("trigger_id")
    if kind == "event_callback":
        return f"event:{body.get('event_id')}"
    if "command" in body:
        return f"command:{trigger}"
    if kind == "block_actions":
        pressed = any(action.get("type") == "button" for action in body.get("actions") or [])
        return f"action:{trigger}" if pressed else None
    if kind == "view_submission":
        view = body.get("view") or {}
        return f"action:{trigger}" if trigger else f"view:{view.get('id')}:{view.get('hash')}"
    return None


def _ignore() -> None:
    """Nobody is to be told yet."""
