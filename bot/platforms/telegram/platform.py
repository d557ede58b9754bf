"""The Telegram platform: its parts put together as `bot.platforms.Platform`. Made by `app`."""

import asyncio
from collections.abc import Callable, Collection, Sequence

from aiohttp import web
from telegram.constants import ChatAction, FileSizeLimit
from telegram.error import BadRequest, InvalidToken

from bot.platforms import Keep, RefusedError, Window, tell_too_large
from bot.platforms.telegram import PLATFORM, WORKSPACE
from bot.platforms.telegram.connection import Connection
from bot.platforms.telegram.enriching import Enricher
from bot.platforms.telegram.faults import translate_errors
from bot.platforms.telegram.intake import Intake
from bot.platforms.telegram.menus import make_menus
from bot.platforms.telegram.polling import poll_updates
from bot.platforms.telegram.probing import probe_messages
from bot.platforms.telegram.reading import TelegramReader
from bot.platforms.telegram.sending import Sender
from bot.platforms.telegram.spots import Spot, Spots
from bot.platforms.telegram.tracking import Tracker
from bot.platforms.telegram.trouble import Trouble
from bot.platforms.telegram.webhook import Webhook
from core.errors import SettingError
from core.messages import MessageKey
from core.replies import DraftFile, Reply
from handlers import Command

_TOO_LARGE = "the file is larger than the 20 MB that Telegram gives out to bots"


class TelegramPlatform:
    """One bot. All of it runs in the asyncio loop that `connect` was called in; `connect` comes first.

    Waits and polls are in seconds, so that tests can be quick.
    """

    name = PLATFORM
    workspace = WORKSPACE
    # a group takes 20 messages a minute of a bot, and reactions may count among them: some are left for words
    acks_a_minute = 15
    first_wait = 1.0
    longest_wait = 60.0
    poll_seconds = 30

    def __init__(
        self,
        token: str,
        *,
        api_url: str,
        commands: Sequence[Command],
        webhook_url: str | None = None,
        webhook_secret: str | None = None,
    ) -> None:
        self._commands = commands
        # a second one that polls is refused, and the first as well
        self.alone = webhook_url is None
        self._connection = Connection(token, api_url)
        self._bot = self._connection.bot
        self._tracker = Tracker()
        self._spots = Spots(self._tracker)
        self._sender = Sender(self._bot, self._spots)
        self.enricher = Enricher(self._bot)
        self._intake = Intake(self.enricher, self._tracker)
        self._webhook: Webhook | None = None
        if webhook_url:
            if not webhook_secret:
                raise SettingError("TELEGRAM_WEBHOOK_SECRET: is wanted with TELEGRAM_WEBHOOK_URL")
            self._webhook = Webhook(webhook_url, webhook_secret, self._intake, self._make_trouble("webhook"))

    def _make_trouble(self, task: str) -> Trouble:
        return Trouble(task, self.first_wait, self.longest_wait)

    async def connect(self) -> TelegramReader:
        """Find out who the bot is, and make its menus. A `SettingError` where its token is not accepted."""
        with translate_errors():
            try:
                me = await self._bot.get_me()
            except InvalidToken:
                raise SettingError(
                    "TELEGRAM_TOKEN: Telegram does not accept this token. Copy it anew from @BotFather: /mybots, your "
                    "bot, API Token. If TELEGRAM_API_URL is set, see that a Bot API server answers there."
                ) from None
        await make_menus(self._bot, self._commands)
        return TelegramReader(me.id, me.username or "")

    async def receive(self, keep: Keep, _missed: Callable[[], None]) -> None:
        """Hand in updates for ever; Telegram is told that it is rid of them only after `keep` has returned."""
        trouble = self._make_trouble("receive")
        if self._webhook is None:
            await poll_updates(self._connection, self._intake, keep, trouble, self.poll_seconds)
        else:
            await self._webhook.announce(self._connection, keep, trouble)
            await asyncio.Event().wait()

    async def reconcile(self, windows: Sequence[Window], keep: Keep) -> None:
        """Nothing: Telegram shows a bot no history."""

    def routes(self) -> Sequence[web.RouteDef]:
        """The webhook, if there is to be one."""
        return [self._webhook.route()] if self._webhook else []

    def mark(self, to: MessageKey, known: Collection[str] = ()) -> str:
        """The highest message id that was seen in the chat."""
        spot = self._spots.find(to)
        earlier = max((int(name) for name in known if name.isdecimal()), default=0)
        highest = max(self._tracker.highest(spot.chat), spot.message or 0, earlier)
        return str(highest) if highest else ""

    async def send(self, reply: Reply, file: DraftFile | None, card: str | None) -> str:
        """Send a file, else words (in place of the message `card`, if it still stands), else a reaction."""
        return await self._sender.send(reply, file, card)

    async def show_work(self, to: MessageKey) -> None:
        """Show in the chat that a file is being made; for some five seconds."""

        async def show(spot: Spot) -> bool:
            return await self._bot.send_chat_action(spot.chat, ChatAction.UPLOAD_DOCUMENT, message_thread_id=spot.topic)

        with translate_errors():
            await self._spots.call(to, show)

    async def find_sent(self, reply: Reply, mark: str, known: set[str]) -> str | None:
        """The id of a message of the bot's that came after this mark and is not among the known ones.

        Without a mark, as for a chat of which nothing was heard since the start, it came after all known ones.
        """
        spot = self._spots.find(reply.to)
        ids = {int(name) for name in known if name.isdecimal()}
        after = int(mark or 0) or max(ids, default=0)
        if spot.moved or not after:
            return None
        with translate_errors():
            found = await probe_messages(self._bot, spot, reply, after, ids, self._tracker.highest(spot.chat))
        return None if found is None else str(found)

    async def fetch(self, ref: str, most: int | None = None) -> bytes:
        """The bytes of an attachment; one of more than `most` is refused."""
        with translate_errors():
            try:
                file = await self._bot.get_file(ref)
            except BadRequest as error:
                raise RefusedError(_TOO_LARGE if "too big" in error.message.lower() else error.message) from None
            if (file.file_size or 0) > FileSizeLimit.FILESIZE_DOWNLOAD:
                raise RefusedError(_TOO_LARGE)
            if most is not None and (file.file_size or 0) > most:
                raise RefusedError(tell_too_large(most))
            try:
                return bytes(await file.download_as_bytearray())
            except InvalidToken:
                raise RefusedError("Telegram has the file no more") from None

    async def close(self) -> None:
        """Close the connections to Telegram."""
        await self._connection.close()
