"""Who the bot is, which tokens are none, and what its connections must not show."""

import asyncio
import logging
from datetime import UTC, datetime, timedelta

import pytest
from structlog.testing import capture_logs

from bot.platforms import UnreachableError, Window
from bot.platforms.slack.platform import SlackPlatform
from bot.platforms.slack.reading import SlackReader
from core.errors import SettingError
from core.messages import Version
from core.replies import Reply
from tests.bot.platforms.slack.bench import Inbox, connected, key_of, make_platform, receiving, run, settled
from tests.slack_server import SlackServer
from tests.slack_server.channels import Channel
from tests.slack_server.clock import MORNING


def connect(slack: SlackServer, **options: str) -> tuple[SlackReader, str]:
    async def scene() -> tuple[SlackReader, str]:
        platform = make_platform(slack, **options)
        try:
            return await platform.connect(), platform.workspace
        finally:
            await platform.close()

    return asyncio.run(scene())


def test_token_tells_the_workspace(slack: SlackServer):
    assert connect(slack) == (SlackReader("T00001", "U0BOT", slack.team_url, "draft"), "T00001")


@pytest.mark.parametrize("token", ["xoxb-wrong", "nonsense"])
def test_token_that_is_not_accepted_is_a_setting_to_change(slack: SlackServer, token: str):
    with pytest.raises(SettingError) as raised:
        connect(slack, bot_token=token)
    assert str(raised.value).startswith("SLACK_BOT_TOKEN: Slack does not accept this token. Copy the Bot User OAuth")
    assert token not in str(raised.value)


@pytest.mark.parametrize("error", ["account_inactive", "token_revoked", "not_authed"])
def test_token_that_holds_no_more_is_a_setting_to_change(slack: SlackServer, error: str):
    slack.fail("auth.test", 1, error=error)
    with pytest.raises(SettingError, match=r"^SLACK_BOT_TOKEN: "):
        connect(slack)


def test_platform_without_a_way_to_receive_is_not_made(slack: SlackServer):
    with pytest.raises(SettingError) as raised:
        SlackPlatform(
            slack.bot_token, app_token=None, signing_secret=None, api_url=slack.api_url, command="draft", templates=()
        )
    assert str(raised.value) == "SLACK_APP_TOKEN: is wanted with SLACK_BOT_TOKEN, or SLACK_SIGNING_SECRET"


def test_trouble_at_the_start_can_end(slack: SlackServer):
    told = []
    for trouble in ("stop", 503, "internal_error"):
        match trouble:
            case "stop":
                slack.stop()
            case int(status):
                slack.fail("auth.test", 1, status)
            case str(error):
                slack.fail("auth.test", 1, error=error)
        with pytest.raises(UnreachableError) as raised:
            connect(slack)
        told.append(str(raised.value))
        slack.start()
    assert told == [
        "no connection (ClientConnectorError)",
        "Slack answers 503",
        "Slack is in trouble: internal_error",
    ]
    assert connect(slack)[1] == "T00001"


def test_network_errors_are_not_tried_again_by_the_library(slack: SlackServer):
    slack.fail("auth.test", 1, "drop")
    with pytest.raises(UnreachableError):
        connect(slack)
    assert len(slack.calls_of("auth.test")) == 1


def test_client_id_and_secret_in_the_environment_do_not_replace_the_token(
    slack: SlackServer, channel: Channel, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("SLACK_CLIENT_ID", "1.2")
    monkeypatch.setenv("SLACK_CLIENT_SECRET", "secret")

    async def scene() -> None:
        inbox = Inbox()
        async with connected(slack) as platform, receiving(slack, platform, inbox):
            channel.say(slack.person("Ana"), "one")
            await inbox.until(lambda i: i.texts == ["one"])
            assert await settled(slack, slack.deliveries[-1]) == ["acked"]

    asyncio.run(scene())


def test_nothing_of_tokens_or_notes_is_logged(slack: SlackServer, channel: Channel, caplog: pytest.LogCaptureFixture):
    async def scene() -> None:
        inbox, ana = Inbox(failures=1), slack.person("Ana")
        async with connected(slack) as platform, receiving(slack, platform, inbox):
            channel.say(ana, "#need secret words")
            await inbox.until(lambda i: len(i.texts) == 1)
            await platform.send(Reply(key_of(channel), "more secret words"), None, None)
            slack.refresh()
            channel.say(ana, "#need other secret words")
            await inbox.until(lambda i: len(i.texts) == 2)

    with caplog.at_level(logging.DEBUG), capture_logs() as logs:
        asyncio.run(scene())
    told = f"{caplog.text}{logs}"
    shown = [word in told for word in ("trouble starts", slack.bot_token, slack.app_token, "secret", "ticket")]
    assert shown == [True, False, False, False, False]


def test_nothing_is_shown_while_a_file_is_made(slack: SlackServer, channel: Channel):
    run(slack, lambda platform: platform.show_work(key_of(channel)))
    assert [call.method for call in slack.calls] == ["auth.test"]


# --- what the platform does with the history -----------------------------------------------------------------------


def window_of(channel: Channel | str, known: frozenset[str] = frozenset()) -> Window:
    place = ("slack", "T00001", channel if isinstance(channel, str) else channel.id)
    return Window(place, MORNING - timedelta(days=1), known)


def test_history_is_handed_in_with_names_and_what_is_gone(slack: SlackServer, channel: Channel):
    ana = slack.person("Ana")
    kept, gone = channel.say(ana, "#need x"), channel.say(ana, "#need y")
    channel.delete(gone)
    inbox = Inbox()
    window = window_of(channel, frozenset([kept.ts, gone.ts]))
    run(slack, lambda platform: platform.reconcile([window], inbox.keep))
    reader = SlackReader("T00001", "U0BOT", slack.team_url, "draft")
    read = [v for p in inbox.kept.values() for v in reader.read(p, datetime.now(UTC)) if isinstance(v, Version)]
    assert [(v.change.value, v.key.id, v.author.name, v.text) for v in read] == [
        ("sent", kept.ts, "Ana", "#need x"),
        ("deleted", gone.ts, "", ""),
    ]


def test_channel_that_cannot_be_read_keeps_no_other_from_being(slack: SlackServer, channel: Channel):
    channel.say(slack.person("Ana"), "#need x")
    inbox = Inbox()
    with capture_logs() as logs:
        run(slack, lambda platform: platform.reconcile([window_of("C404"), window_of(channel)], inbox.keep))
    assert ([line["event"] for line in logs], len(inbox.kept)) == (["history refused"], 1)
    slack.fail("conversations.history", 1, 500)
    windows = [window_of(channel), window_of(channel)]
    with pytest.raises(UnreachableError):
        run(slack, lambda platform: platform.reconcile(windows, inbox.keep))
    assert len(inbox.order) == 2
