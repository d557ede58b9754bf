"""What `rapporteur doctor` finds out about Slack."""

import asyncio

import pytest

from bot.platforms.slack.examining import examine_slack
from tests.slack_server import SlackServer
from tests.slack_server.channels import Channel

BOT_TOKEN = "the Bot User OAuth Token, which starts with xoxb-, from the app's page OAuth & Permissions"
APP_TOKEN = (
    "an app-level token, which starts with xapp- and has the scope connections:write, from the app's page Basic "
    "Information"
)
TOKEN = (True, "Slack: the bot token is accepted, the bot is @rapporteur in rapporteur-test")
SCOPES = (True, "Slack: the app has all the scopes that it needs")
SOCKET = (True, "Slack: Socket Mode, the app token is accepted")


def examine(
    slack: SlackServer,
    *chats: str,
    bot: str | None = None,
    app: str | None = "",
    secret: str | None = None,
) -> list[tuple[bool, str]]:
    """`app` is the app's own token where it is empty."""
    app_token = slack.app_token if app == "" else app
    return asyncio.run(examine_slack(bot or slack.bot_token, app_token, secret, slack.api_url, chats))


def test_all_is_well(slack: SlackServer, channel: Channel):
    # direct messages and the bot's page need no invitation
    told = examine(slack, channel.id, "D1", "home:U1", channel.id)
    assert told == [TOKEN, SCOPES, SOCKET, (True, f"Slack: the bot is in channel {channel.id}")]


def test_over_http_no_app_token_is_wanted(slack: SlackServer):
    http = (True, "Slack: events come over HTTP, to /slack/events of the bot's web server (WEB_HOST, WEB_PORT)")
    assert examine(slack, app=None, secret="s") == [TOKEN, SCOPES, http]


def test_one_of_the_two_ways_is_wanted(slack: SlackServer):
    told = f"SLACK_APP_TOKEN: set {APP_TOKEN}; or SLACK_SIGNING_SECRET, where Slack calls the bot over HTTP"
    assert examine(slack, app=None) == [TOKEN, SCOPES, (False, told)]


def test_swapped_tokens_are_told_apart_without_asking_slack(slack: SlackServer):
    assert examine(slack, bot=slack.app_token, app=slack.bot_token) == [
        (False, f"SLACK_BOT_TOKEN: this is no bot token; set {BOT_TOKEN}"),
        (False, f"SLACK_APP_TOKEN: this is no app-level token; set {APP_TOKEN}"),
    ]
    assert slack.calls == []


def test_bot_token_that_is_not_accepted(slack: SlackServer):
    told = f"SLACK_BOT_TOKEN: Slack does not accept this token; install the app, and set {BOT_TOKEN}"
    assert examine(slack, bot="xoxb-wrong") == [(False, told)]


def test_app_token_that_is_not_accepted(slack: SlackServer):
    told = f"SLACK_APP_TOKEN: Slack does not accept this token; set {APP_TOKEN}"
    assert examine(slack, app="xapp-wrong") == [TOKEN, SCOPES, (False, told)]


def test_app_token_without_its_scope(slack: SlackServer):
    slack.fail("apps.connections.open", 1, 200, "missing_scope")
    (good, told) = examine(slack)[2]
    assert (good, told.startswith("SLACK_APP_TOKEN: "), told.endswith(f"turn Socket Mode on, and set {APP_TOKEN}")) == (
        False,
        True,
        True,
    )


def test_scopes_that_are_missing_are_named(slack: SlackServer):
    slack.scopes -= {"reactions:write", "channels:history"}
    told = (
        "Slack: the app lacks channels:history, reactions:write; paste the manifest anew (`rapporteur slack manifest`) "
        "on the app's page App Manifest, and install the app again"
    )
    assert examine(slack)[1] == (False, told)


def test_channels_that_the_bot_is_not_in_or_cannot_see(slack: SlackServer):
    olga = slack.person("Olga")
    never, hidden, archived = (
        slack.add_channel("never"),
        slack.add_channel("hidden", private=True),
        slack.add_channel("a"),
    )
    archived.invite_bot(olga)
    archived.archive(olga)
    assert examine(slack, never.id, hidden.id, archived.id)[3:] == [
        (False, f"Slack: the bot is not in channel {never.id}; invite it there: /invite @rapporteur"),
        (
            False,
            f"Slack: channel {hidden.id}: the channel is gone, or the bot is not in it; invite it with /invite",
        ),
        (False, f"Slack: channel {archived.id} is archived; nobody can write there"),
    ]


def test_no_network_is_a_finding(slack: SlackServer):
    slack.stop()
    told = "Slack cannot be reached: no connection (ClientConnectorError). The bot waits and tries again by itself"
    assert examine(slack) == [(False, told)]


@pytest.mark.parametrize(
    ("method", "place", "told"),
    [
        ("auth.test", 0, "Slack cannot be reached: Slack answers 503. The bot waits and tries again by itself"),
        ("apps.connections.open", 2, "Slack: Socket Mode could not be looked at: Slack answers 503"),
        ("conversations.info", 3, "Slack: channel {channel}: Slack answers 503"),
    ],
)
def test_trouble_in_the_middle_is_a_finding(slack: SlackServer, channel: Channel, method: str, place: int, told: str):
    slack.fail(method, 1, 503)
    assert examine(slack, channel.id)[place] == (False, told.format(channel=channel.id))


def test_being_asked_to_wait_is_a_finding(slack: SlackServer):
    slack.fail("auth.test", 1, 429, retry_after=30)
    assert examine(slack) == [(False, "Slack cannot be reached: wait 30 s. The bot waits and tries again by itself")]
