"""Socket Mode: nothing is acknowledged before it is kept, and no connection stays away for good."""

import asyncio
from typing import Any

import pytest
from structlog.testing import capture_logs

from bot.platforms.slack.platform import SlackPlatform
from core.errors import SettingError
from tests.bot.platforms.slack.bench import Inbox, connected, receiving, run, settled, until
from tests.slack_server import SlackServer
from tests.slack_server.channels import Channel


def lines_of(logs: list[Any]) -> list[tuple[str, str]]:
    return [(line["event"], line.get("what", line.get("platform", ""))) for line in logs]


def test_two_connections_share_what_comes(slack: SlackServer, channel: Channel):
    async def scene() -> None:
        inbox, ana = Inbox(), slack.person("Ana")
        async with connected(slack) as platform, receiving(slack, platform, inbox):
            said = [channel.say(ana, f"note {n}").text for n in range(40)]
            await inbox.until(lambda i: len(i.texts) == 40)
            assert (sorted(inbox.texts), slack.connections) == (sorted(said), 2)
            states = await settled(slack, *slack.deliveries[1:])
        assert (set(states), {delivery.tries for delivery in slack.deliveries[1:]}) == ({"acked"}, {1})

    asyncio.run(scene())
    assert slack.connections == 0


def test_start_and_each_reconnect_ask_for_what_was_missed(slack: SlackServer):
    async def scene() -> None:
        inbox = Inbox()
        async with connected(slack) as platform, receiving(slack, platform, inbox):
            await inbox.until(lambda i: i.missed == 2)
            # warned and then asked, the client may come back twice
            slack.refresh()
            await inbox.until(lambda i: i.missed >= 4)
            await until(slack, lambda: slack.connections == 2)
            before = inbox.missed
            slack.cut_sockets()
            await inbox.until(lambda i: i.missed >= before + 2)

    asyncio.run(scene())
    assert {held for _, held in slack.handshakes} == {True}


@pytest.mark.parametrize("acks_anywhere", [True, False])
def test_refresh_in_a_burst_loses_nothing(slack: SlackServer, channel: Channel, acks_anywhere: bool):
    """1.11: what is in hand is acknowledged on the next connection; where Slack does not take that, it comes again."""

    async def scene() -> None:
        inbox, ana = Inbox(), slack.person("Ana")
        async with connected(slack) as platform, receiving(slack, platform, inbox):
            said = []
            for n in range(100):
                said.append(channel.say(ana, f"note {n}").text)
                if n in (30, 60):
                    await asyncio.to_thread(slack.refresh)
            await inbox.until(lambda i: len(i.texts) == 100)
        assert sorted(inbox.texts) == sorted(said)

    slack.retry_delays = (0.0, 0.3, 1.0)
    slack.acks_anywhere = acks_anywhere
    asyncio.run(scene())


def test_reconnect_with_a_refused_ticket_asks_for_another(slack: SlackServer, channel: Channel):
    """1.11: with a refused address the client tries the same ticket for ever, and none holds twice."""

    async def scene() -> None:
        inbox = Inbox()
        async with connected(slack) as platform, receiving(slack, platform, inbox):
            before = len(slack.calls_of("apps.connections.open"))
            slack.refuse_sockets(2)
            slack.refresh()
            await until(slack, lambda: len([held for _, held in slack.handshakes if not held]) >= 2)
            await until(slack, lambda: slack.connections == 2)
            assert len(slack.calls_of("apps.connections.open")) >= before + 4
            channel.say(slack.person("Ana"), "after")
            await inbox.until(lambda i: i.texts == ["after"])

    with capture_logs() as logs:
        asyncio.run(scene())
    assert lines_of(logs) == []


def test_refused_ticket_at_the_start_is_replaced(slack: SlackServer):
    async def scene() -> None:
        async with connected(slack) as platform:
            slack.refuse_sockets(1)
            async with receiving(slack, platform, Inbox()):
                assert [held for _, held in slack.handshakes].count(True) == 2

    asyncio.run(scene())


def test_network_that_goes_down_comes_back_and_is_told_once(slack: SlackServer, channel: Channel):
    async def scene() -> None:
        inbox = Inbox()
        async with connected(slack) as platform:
            platform.stuck_after = 0.3
            async with receiving(slack, platform, inbox):
                await inbox.until(lambda i: i.missed == 2)
                await asyncio.to_thread(slack.stop)
                async with asyncio.timeout(8):
                    while "trouble starts, waits" not in [line["event"] for line in logs]:
                        await asyncio.sleep(0.02)
                await asyncio.to_thread(slack.start)
                await until(slack, lambda: slack.connections == 2)
                await inbox.until(lambda i: i.missed >= 4)
                channel.say(slack.person("Ana"), "after")
                await inbox.until(lambda i: "after" in i.texts)

    with capture_logs() as logs:
        asyncio.run(scene())
    told = [line for line in lines_of(logs) if line[0].startswith("trouble")]
    assert told == [("trouble starts, waits", "slack socket"), ("trouble is over", "slack socket")]


def test_app_token_that_is_not_accepted_is_a_setting_to_change(slack: SlackServer):
    async def scene(platform: SlackPlatform) -> None:
        with pytest.raises(SettingError) as raised:
            async with asyncio.timeout(5):
                await platform.receive(Inbox().keep, lambda: None)
        assert str(raised.value).startswith("SLACK_APP_TOKEN: Slack does not accept this token.")

    slack.fail("apps.connections.open", 9, error="invalid_auth")
    run(slack, scene)
    slack.heal()

    async def with_bot_token() -> None:
        async with connected(slack, app_token=slack.bot_token) as platform:
            await scene(platform)

    asyncio.run(with_bot_token())
    assert slack.handshakes == []


@pytest.mark.parametrize("fault", [{"status": 500}, {"status": "drop"}, {"error": "internal_error"}])
def test_sockets_that_cannot_be_had_are_waited_for(slack: SlackServer, fault: dict[str, Any]):
    async def scene() -> None:
        slack.fail("apps.connections.open", 5, **fault)
        async with connected(slack) as platform, receiving(slack, platform, Inbox()):
            pass

    with capture_logs() as logs:
        asyncio.run(scene())
    assert lines_of(logs) == [("trouble starts, waits", "slack socket"), ("trouble is over", "slack socket")]


def test_sockets_wait_as_long_as_slack_wants(slack: SlackServer):
    async def scene() -> None:
        slack.fail("apps.connections.open", 1, 429, retry_after=1)
        async with connected(slack) as platform, receiving(slack, platform, Inbox()):
            pass

    with capture_logs() as logs:
        asyncio.run(scene())
    assert lines_of(logs) == [("asked to wait", "slack socket")]
    first, second, third = slack.calls_of("apps.connections.open")
    assert third.at - min(first.at, second.at) >= 1
