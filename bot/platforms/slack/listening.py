"""Bolt's app: the inbox before all else, then a listener for whatever comes, so that it is acknowledged.

Made by `platform`. The listeners decide nothing that lasts: what was asked for stands in the inbox by then.
"""

import re
from collections.abc import Callable
from typing import Any

import structlog
from slack_bolt.app.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_bolt.context.async_context import AsyncBoltContext
from slack_bolt.context.respond.async_respond import AsyncRespond
from slack_sdk.web.async_client import AsyncWebClient

from bot.platforms import BusyError, RefusedError, UnreachableError
from bot.platforms.slack.connection import silence_library
from bot.platforms.slack.intake import FAULTS, OUTSIDE, Intake
from bot.platforms.slack.modals import Modals, opens_modal

_ANY = re.compile(".*", re.DOTALL)


def make_app(
    client: AsyncWebClient,
    signing_secret: str,
    intake: Intake,
    modals: Modals,
    identify: Callable[[], AuthorizeResult],
) -> AsyncApp:
    """The app. `identify` tells who it is without a call: where Bolt's own fails, Bolt acknowledges and drops."""

    async def authorize() -> AuthorizeResult:
        return identify()

    app = AsyncApp(
        name="rapporteur",
        client=client,
        signing_secret=signing_secret,
        before_authorize=intake,
        authorize=authorize,
        logger=silence_library(),
    )

    async def take_event() -> None:
        """It is in the inbox; Bolt acknowledges events by itself."""

    async def take_press(ack: AsyncAck) -> None:
        await ack()

    async def take_request(
        ack: AsyncAck, body: dict[str, Any], respond: AsyncRespond, context: AsyncBoltContext
    ) -> None:
        if context.get(OUTSIDE):
            await ack(text=await modals.tell_outside(body))
            return
        await ack()
        if opens_modal(body):
            await _open_modal(modals, body, respond)

    async def take_submission(ack: AsyncAck, context: AsyncBoltContext) -> None:
        faults = context.get(FAULTS)
        await (ack(response_action="errors", errors=faults) if faults else ack())

    app.event(_ANY)(take_event)
    app.command(_ANY)(take_request)
    app.shortcut(_ANY)(take_request)
    app.action(_ANY)(take_press)
    app.view(_ANY)(take_submission)
    return app


async def _open_modal(modals: Modals, body: dict[str, Any], respond: AsyncRespond) -> None:
    """Open the modal; where that fails, whoever asked is told: nothing of theirs was kept."""
    try:
        await modals.open(body)
    except (BusyError, RefusedError, UnreachableError) as error:
        structlog.get_logger().warning("modal not opened", platform="slack", reason=str(error))
        await respond(await modals.excuse(body))
