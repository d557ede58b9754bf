"""The webhook: Telegram posts updates to the bot's web server until it hears 200. Used by `platform`."""

import hmac
import json
from urllib.parse import urlsplit

import structlog
from aiohttp import web

from bot.platforms import Keep
from bot.platforms.telegram.connection import Connection
from bot.platforms.telegram.intake import Intake
from bot.platforms.telegram.outline import KINDS, Outline, outline_nonsense, outline_update
from bot.platforms.telegram.trouble import Trouble
from core.errors import StoreError

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105


class Webhook:
    """Where Telegram posts to, and the secret by which it is known. Until it is announced it takes nothing."""

    def __init__(self, url: str, secret: str, intake: Intake, trouble: Trouble) -> None:
        self._url, self._secret = url, secret
        self._intake, self._trouble = intake, trouble
        self._keep: Keep | None = None

    def route(self) -> web.RouteDef:
        """What the web server answers."""
        return web.post(urlsplit(self._url).path or "/", self._answer)

    async def announce(self, connection: Connection, keep: Keep, trouble: Trouble) -> None:
        """Tell Telegram to post here, until it is told; from now on what it posts is kept."""
        self._keep = keep

        async def set_webhook() -> None:
            await connection.bot.set_webhook(self._url, secret_token=self._secret, allowed_updates=KINDS)

        await trouble.outlast(set_webhook)

    async def _answer(self, request: web.Request) -> web.Response:
        given = request.headers.get(SECRET_HEADER, "")
        if not hmac.compare_digest(given.encode("utf-8", "surrogateescape"), self._secret.encode()):
            structlog.get_logger().info("webhook call without the secret", platform="telegram")
            return web.Response(status=403)
        if self._keep is None:
            return web.Response(status=503)
        try:
            await self._intake.take([_read_body(await request.read())], self._keep)
        except StoreError:
            self._trouble.begin("the database cannot be written to; updates wait at Telegram")
            return web.Response(status=503)
        self._trouble.end()
        return web.Response()


def _read_body(body: bytes) -> Outline:
    """The update, or what is none: that is kept as well, and becomes a dead letter."""
    text = body.decode("utf-8", "replace")
    try:
        update = json.loads(text)
        return outline_update(update) if isinstance(update, dict) else outline_nonsense(text)
    except (ValueError, RecursionError):
        return outline_nonsense(text)
