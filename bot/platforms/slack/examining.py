"""What `rapporteur doctor` looks at in Slack. Called by `bot.doctor`; changes nothing there."""

from collections.abc import AsyncIterator, Awaitable, Sequence

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.platforms import BusyError, RefusedError, UnreachableError
from bot.platforms.slack.connection import make_client
from bot.platforms.slack.faults import TOKEN_FAULTS, read_code, translate_errors
from bot.platforms.slack.found import is_private
from bot.platforms.slack.http import PATH
from bot.platforms.slack.manifest import SCOPES

Finding = tuple[bool, str]

_BOT_TOKEN = "the Bot User OAuth Token, which starts with xoxb-, from the app's page OAuth & Permissions"  # noqa: S105
_APP_TOKEN = (
    "an app-level token, which starts with xapp- and has the scope connections:write, from the app's page Basic "  # noqa: S105
    "Information"
)


class _WrongTokenError(Exception):
    """Slack does not take this token for this."""


async def examine_slack(
    bot_token: str, app_token: str | None, signing_secret: str | None, api_url: str, chats: Sequence[str] = ()
) -> list[Finding]:
    """Whether each thing is good, and what it is or what to do. `chats` are the ids of those that feed meetings."""
    swapped = list(_check_kinds(bot_token, app_token))
    if swapped:
        return [(False, told) for told in swapped]
    client = make_client(bot_token, api_url)
    return [finding async for finding in _examine(client, app_token, signing_secret, chats)]


def _check_kinds(bot_token: str, app_token: str | None) -> list[str]:
    """What is wrong with tokens that stand in each other's place."""
    wrong = [] if bot_token.startswith("xoxb-") else [f"SLACK_BOT_TOKEN: this is no bot token; set {_BOT_TOKEN}"]
    if app_token and not app_token.startswith("xapp-"):
        wrong.append(f"SLACK_APP_TOKEN: this is no app-level token; set {_APP_TOKEN}")
    return wrong


async def _examine(
    client: AsyncWebClient, app_token: str | None, signing_secret: str | None, chats: Sequence[str]
) -> AsyncIterator[Finding]:
    try:
        me = await _ask(client.auth_test())
    except _WrongTokenError:
        yield False, f"SLACK_BOT_TOKEN: Slack does not accept this token; install the app, and set {_BOT_TOKEN}"
        return
    except (BusyError, RefusedError, UnreachableError) as error:
        yield False, f"Slack cannot be reached: {error}. The bot waits and tries again by itself"
        return
    yield True, f"Slack: the bot token is accepted, the bot is @{me.get('user')} in {me.get('team')}"
    yield _examine_scopes(me)
    yield await _examine_way(client, app_token, signing_secret)
    for chat in dict.fromkeys(chats):
        # who writes to the bot alone need not invite it
        if not is_private(chat):
            yield await _examine_channel(client, chat)


async def _ask(call: Awaitable[AsyncSlackResponse]) -> AsyncSlackResponse:
    with translate_errors():
        try:
            return await call
        except SlackApiError as error:
            if read_code(error) in TOKEN_FAULTS:
                raise _WrongTokenError("the token is not accepted") from None
            raise


def _examine_scopes(me: AsyncSlackResponse) -> Finding:
    headers = {name.lower(): value for name, value in me.headers.items()}
    granted = {scope.strip() for scope in headers.get("x-oauth-scopes", "").split(",")}
    missing = [scope for scope in SCOPES if scope not in granted]
    if not missing:
        return True, "Slack: the app has all the scopes that it needs"
    return False, (
        f"Slack: the app lacks {', '.join(missing)}; paste the manifest anew (`rapporteur slack manifest`) on the "
        "app's page App Manifest, and install the app again"
    )


async def _examine_way(client: AsyncWebClient, app_token: str | None, signing_secret: str | None) -> Finding:
    if not app_token:
        if signing_secret:
            return True, f"Slack: events come over HTTP, to {PATH} of the bot's web server (WEB_HOST, WEB_PORT)"
        return False, f"SLACK_APP_TOKEN: set {_APP_TOKEN}; or SLACK_SIGNING_SECRET, where Slack calls the bot over HTTP"
    try:
        await _ask(client.apps_connections_open(app_token=app_token))
    except _WrongTokenError:
        return False, f"SLACK_APP_TOKEN: Slack does not accept this token; set {_APP_TOKEN}"
    except RefusedError as error:
        return False, f"SLACK_APP_TOKEN: {error}; turn Socket Mode on, and set {_APP_TOKEN}"
    except (BusyError, UnreachableError) as error:
        return False, f"Slack: Socket Mode could not be looked at: {error}"
    return True, "Slack: Socket Mode, the app token is accepted"


async def _examine_channel(client: AsyncWebClient, chat: str) -> Finding:
    try:
        channel = (await _ask(client.conversations_info(channel=chat)))["channel"]
    except (BusyError, RefusedError, UnreachableError, _WrongTokenError) as error:
        return False, f"Slack: channel {chat}: {error}"
    if channel.get("is_archived"):
        return False, f"Slack: channel {chat} is archived; nobody can write there"
    if not channel.get("is_member"):
        return False, f"Slack: the bot is not in channel {chat}; invite it there: /invite @rapporteur"
    return True, f"Slack: the bot is in channel {chat}"
