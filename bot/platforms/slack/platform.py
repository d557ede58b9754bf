"""The Slack platform: its parts put together as `bot.platforms.Platform`. Made by `app`."""

import asyncio
from collections.abc import Callable, Collection, Sequence

import structlog
from aiohttp import web
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.errors import SlackApiError

from bot.backoff import Pace, tell_time
from bot.platforms import Keep, RefusedError, UnreachableError, Window
from bot.platforms.slack import PLATFORM
from bot.platforms.slack.backfill import read_window
from bot.platforms.slack.connection import Connection
from bot.platforms.slack.faults import TOKEN_FAULTS, read_code, translate_errors
from bot.platforms.slack.finding import find_post
from bot.platforms.slack.http import make_route
from bot.platforms.slack.intake import Intake
from bot.platforms.slack.listening import make_app
from bot.platforms.slack.lookup import Lookup
from bot.platforms.slack.modals import Modals
from bot.platforms.slack.reading import SlackReader
from bot.platforms.slack.sending import Sender
from bot.platforms.slack.socket import Sockets
from bot.platforms.slack.tracking import Tracker
from core.errors import SettingError
from core.messages import MessageKey
from core.replies import DraftFile, Reply

_NOT_ACCEPTED = (
    "SLACK_BOT_TOKEN: Slack does not accept this token. Copy the Bot User OAuth Token from the app's page, under OAuth "
    "& Permissions; it begins with xoxb-. If SLACK_API_URL is set, see that Slack's Web API answers there."
)


class SlackPlatform:
    """One app in one workspace. All of it runs in the asyncio loop that `connect` was called in; `connect` comes first.

    With an app token Slack delivers on sockets, else to the bot's web server. Times are in seconds, so that tests can
    be quick.
    """

    name = PLATFORM
    # Slack allows some 50 calls a minute of such a kind; some are left for what is done by hand
    acks_a_minute = 40
    # Slack takes any of all sockets, or one address
    alone = False
    sockets = 2
    stuck_after = 60.0
    ping_every = 10.0
    first_wait = 1.0
    longest_wait = 60.0
    # between looks for a file that may have arrived
    look_again = 3.0
    now = staticmethod(tell_time)

    def __init__(
        self,
        bot_token: str,
        *,
        app_token: str | None,
        signing_secret: str | None,
        api_url: str,
        command: str,
        templates: Sequence[str],
    ) -> None:
        if not (app_token or signing_secret):
            raise SettingError("SLACK_APP_TOKEN: is wanted with SLACK_BOT_TOKEN, or SLACK_SIGNING_SECRET")
        # which workspace it is, the token tells
        self.workspace = ""
        self._token, self._app_token, self._command = bot_token, app_token, command
        self._bot_user_id, self._bot_id = "", ""
        self._connection = Connection(bot_token, api_url)
        self._client = self._connection.client
        self._tracker = Tracker()
        self.lookup = Lookup(self._client)
        self._sender = Sender(self._client, self._tracker, command)
        modals = Modals(self._client, self.lookup, templates)
        self._intake = Intake(self.lookup, self._tracker, modals)
        self._app = make_app(self._client, signing_secret or "", self._intake, modals, self._identify)

    async def connect(self) -> SlackReader:
        """Find out who the bot is. A `SettingError` where its token is not accepted."""
        self._connection.open()
        with translate_errors():
            try:
                me = await self._client.auth_test()
            except SlackApiError as error:
                if read_code(error) in TOKEN_FAULTS:
                    raise SettingError(_NOT_ACCEPTED) from None
                raise
            if not me.get("bot_id"):
                # a person's token, or the app's own
                raise SettingError(_NOT_ACCEPTED)
            self.workspace, self._bot_user_id, self._bot_id = str(me["team_id"]), str(me["user_id"]), str(me["bot_id"])
            url = str(me["url"])
        self._intake.bot_user_id = self._bot_user_id
        return SlackReader(self.workspace, self._bot_user_id, url, self._command)

    def _identify(self) -> AuthorizeResult:
        return AuthorizeResult(
            enterprise_id=None,
            team_id=self.workspace,
            bot_user_id=self._bot_user_id,
            bot_id=self._bot_id,
            bot_token=self._token,
        )

    async def receive(self, keep: Keep, missed: Callable[[], None]) -> None:
        """Hand in updates for ever; Slack is told that it is rid of them only after `keep` has returned."""
        self._intake.start(keep, missed)
        if not self._app_token:
            missed()
            await asyncio.Event().wait()
            return
        pace = Pace(self.first_wait, self.longest_wait)
        sockets = Sockets(self._app, self._client, self._app_token, missed, pace, self.stuck_after, self.ping_every)
        await sockets.run(self.sockets)

    async def reconcile(self, windows: Sequence[Window], keep: Keep) -> None:
        """Hand in what was written, changed and deleted in these channels meanwhile.

        One that cannot be read does not keep the others from being; what Slack refuses for good is told in the log.
        """
        failed: UnreachableError | None = None
        for window in windows:
            try:
                updates = await read_window(self._client, window, self._bot_user_id, self.lookup.find, self.now)
            except RefusedError as error:
                structlog.get_logger().warning("history refused", platform=PLATFORM, reason=str(error))
            except UnreachableError as error:
                failed = error
            else:
                await keep(updates)
        if failed:
            raise failed

    def routes(self) -> Sequence[web.RouteDef]:
        """Where Slack posts to, if it does."""
        return [] if self._app_token else [make_route(self._app)]

    def mark(self, to: MessageKey, known: Collection[str] = ()) -> str:
        """The newest message that was seen in the channel. No clock of ours is in it: that may be ahead of Slack's.

        Where none was, the history is looked through from its beginning, so `known` ones are not needed.
        """
        return self._tracker.newest(to.chat)

    async def send(self, reply: Reply, file: DraftFile | None, card: str | None) -> str:
        """Send a file, else words (in place of the message `card`, if it still stands), else a reaction."""
        return await self._sender.send(reply, file, card, self._bot_user_id)

    async def show_work(self, _to: MessageKey) -> None:
        """Slack has nothing by which a bot shows that it works."""

    async def find_sent(self, reply: Reply, mark: str, known: set[str]) -> str | None:
        """The id of a message of the bot's that came after this mark and is not among the known ones."""
        return await find_post(self._client, reply, mark, known, self._bot_user_id, self.look_again)

    async def fetch(self, ref: str, most: int | None = None) -> bytes:
        """The bytes of an attachment; one of more than `most` is refused."""
        return await self._connection.download(ref, most)

    async def close(self) -> None:
        """Close the connections to Slack."""
        await self.lookup.close()
        await self._connection.close()
