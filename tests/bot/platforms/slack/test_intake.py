"""What Slack delivers is committed first, then acknowledged: the traps of the library and of Slack's retries."""

import asyncio
from collections.abc import Sequence
from typing import Any

import pytest
from structlog.testing import capture_logs

from bot.platforms.slack.intake import name_delivery
from core.replies import Button, Reply
from tests.bot.platforms.slack.bench import Inbox, connected, key_of, receiving, send, settled, until
from tests.slack_server import SlackServer
from tests.slack_server.channels import Channel

BOTH = pytest.mark.parametrize("http", [False, True])


@BOTH
def test_event_is_acked_only_after_the_commit(slack: SlackServer, channel: Channel, http: bool):
    """1.1: with a listener as the place of the commit, Bolt acknowledges first and loses what cannot be kept."""

    async def scene() -> None:
        inbox = Inbox(failures=1000)
        async with connected(slack, http=http) as platform, receiving(slack, platform, inbox):
            channel.say(slack.person("Ana"), "one")
            # told to go away three times, Slack gives it up: it was never acknowledged
            assert await settled(slack, *slack.deliveries[1:]) == ["lost", "lost"]
            assert (inbox.refused, inbox.kept) == (8, {})

    slack.patience = 0.3
    with capture_logs() as logs:
        asyncio.run(scene())
    assert [(line["event"], line["reason"]) for line in logs] == [("trouble starts, waits", "full")]


@BOTH
def test_auth_test_that_fails_loses_nothing(slack: SlackServer, channel: Channel, http: bool):
    """1.1: Bolt's own authorization acknowledges and drops what comes while auth.test fails."""

    async def scene() -> None:
        inbox = Inbox()
        async with connected(slack, http=http) as platform, receiving(slack, platform, inbox):
            slack.fail("auth.test", 1000, error="internal_error")
            slack.fail("users.info", 1000, error="internal_error")
            channel.say(slack.person("Ana"), "one")
            command = slack.command("/draft", "", slack.person("Ben"), channel)
            await inbox.until(lambda i: len(i.texts) == 2)
            assert await settled(slack, slack.deliveries[-2], command) == ["acked", "acked"]

    asyncio.run(scene())


@pytest.mark.parametrize("kind", ["reaction_added", "app_uninstalled", "something_new", "message"])
def test_event_that_nobody_handles_is_acked(slack: SlackServer, kind: str):
    """1.1: what no listener matches is answered 404, and delivered again and again."""

    async def scene() -> None:
        inbox = Inbox()
        async with connected(slack) as platform, receiving(slack, platform, inbox):
            delivery = slack.inject({"type": kind, "subtype": "none_that_is_known", "user": "U1"})
            assert await settled(slack, delivery) == ["acked"]
            assert (delivery.tries, list(inbox.kept)) == (1, [f"event:{delivery.id}"])

    asyncio.run(scene())


@BOTH
def test_retry_is_taken_and_a_redelivery_is_a_no_op(slack: SlackServer, channel: Channel, http: bool):
    """1.2: the first try may have died before the commit, so a retry's number tells nothing."""

    async def scene() -> None:
        inbox, ana = Inbox(), slack.person("Ana")
        async with connected(slack, http=http) as platform, receiving(slack, platform, inbox):
            channel.join(ana)
            await settled(slack, *slack.deliveries[1:])
            inbox.failures = 1
            channel.say(ana, "one")
            assert await settled(slack, slack.deliveries[-1]) == ["acked"]
            assert slack.deliveries[-1].tries == 2
            before = len(inbox.order)
            slack.redeliver(1)
            await inbox.until(lambda i: len(i.order) == before + 1)
            assert (inbox.texts, inbox.order[-1]) == (["one"], f"event:{slack.deliveries[-1].id}")

    slack.patience = 1.0
    asyncio.run(scene())


class Broken(Inbox):
    """An inbox that fails in a way that nobody foresaw."""

    async def keep(self, updates: Sequence[tuple[str, str]]) -> None:
        raise RuntimeError(updates[0][1])


@BOTH
def test_commit_that_nobody_foresaw_is_an_incident_and_no_ack(slack: SlackServer, channel: Channel, http: bool):
    async def scene() -> None:
        async with connected(slack, http=http) as platform, receiving(slack, platform, Broken()):
            channel.say(slack.person("Ana"), "#need secret")
            assert await settled(slack, slack.deliveries[-1]) == ["lost"]

    slack.patience, slack.retry_delays = 0.3, ()
    with capture_logs() as logs:
        asyncio.run(scene())
    assert {(line["event"], line["error"]) for line in logs} == {("update not kept", "RuntimeError")}
    assert "secret" not in str(logs)


def test_bots_own_messages_are_acked_and_not_kept(slack: SlackServer, channel: Channel):
    async def scene() -> None:
        inbox = Inbox()
        async with connected(slack) as platform, receiving(slack, platform, inbox):
            card = await platform.send(Reply(key_of(channel), "1", card="c"), None, None)
            await platform.send(Reply(key_of(channel), "2", card="c"), None, card)
            states = await settled(slack, *slack.deliveries[1:])
            assert (set(states), inbox.kept) == ({"acked"}, {})
            # what came is known all the same
            assert platform.mark(key_of(channel)) >= card

    asyncio.run(scene())


def test_what_was_found_stands_beside_the_body_as_slack_gave_it(slack: SlackServer, channel: Channel):
    async def scene() -> None:
        ana, ben = slack.person("Ana", "fr-FR", is_admin=True), slack.person("Ben", guest_of="T99999")
        need, inbox = slack.add_channel("need"), Inbox()
        slack.empty_channel_names = True
        async with connected(slack) as platform, receiving(slack, platform, inbox):
            channel.say(ana, "#need more, says @Ben")
            await inbox.until(lambda i: len(i.texts) == 1)
            delivery = slack.deliveries[-1]
            assert inbox.updates[-1] == {
                "body": delivery.payload,
                "found": {
                    "users": {
                        ana.id: {
                            "name": "Ana",
                            "locale": "fr-FR",
                            "is_admin": True,
                            "is_stranger": False,
                            "team": "T00001",
                        },
                        ben.id: {
                            "name": "Ben",
                            "locale": "en-US",
                            "is_admin": False,
                            "is_stranger": True,
                            "team": "T99999",
                        },
                    },
                    "channels": {need.id: "need"},
                },
            }

    asyncio.run(scene())


def test_slash_command_is_acked_empty_right_after_the_commit(slack: SlackServer, channel: Channel):
    async def scene() -> None:
        inbox, ana = Inbox(), slack.person("Ana")
        async with connected(slack) as platform, receiving(slack, platform, inbox):
            commands = [
                slack.command(name, text, ana, channel) for name, text in [("/draft", "docx"), ("/rapporteur", "")]
            ]
            assert await settled(slack, *commands) == ["acked", "acked"]
            assert [command.answer for command in commands] == [{}, {}]
            assert sorted(inbox.kept) == sorted(f"command:{c.payload['trigger_id']}" for c in commands)

    asyncio.run(scene())


def test_press_is_kept_and_acked(slack: SlackServer, channel: Channel):
    ana = slack.person("Ana")
    send(slack, Reply(key_of(channel), "Which?", buttons=((Button("UTC", "/set zone: UTC", "C9"),),)))

    async def scene() -> None:
        inbox = Inbox()
        async with connected(slack) as platform, receiving(slack, platform, inbox):
            press = slack.press(channel.from_bot[0], "UTC", ana)
            assert await settled(slack, press) == ["acked"]
            assert list(inbox.kept) == [f"action:{press.payload['trigger_id']}"]
            [action] = inbox.bodies[0]["actions"]
            assert action["value"] == '{"command": "/set zone: UTC", "chat": "C9"}'

    asyncio.run(scene())


def test_interactions_are_acked_while_much_else_goes_on(slack: SlackServer, channel: Channel):
    async def scene() -> None:
        inbox, ana = Inbox(), slack.person("Ana")
        async with connected(slack) as platform, receiving(slack, platform, inbox):
            slack.fail("users.info", 1000, "hang")
            commands = [slack.command("/draft", str(n), ana, channel) for n in range(50)]
            for n in range(100):
                channel.say(ana, f"note {n}")
            assert set(await settled(slack, *commands)) == {"acked"}

    asyncio.run(scene())


def test_invited_bot_asks_for_what_it_missed(slack: SlackServer):
    async def scene() -> None:
        inbox, olga = Inbox(), slack.person("Olga")
        made = slack.add_channel("late")
        async with connected(slack) as platform, receiving(slack, platform, inbox):
            await inbox.until(lambda i: i.missed == 2)
            made.invite_bot(olga)
            await inbox.until(lambda i: i.missed == 3)
            made.join(slack.person("Ana"))
            await settled(slack, *slack.deliveries)
            assert inbox.missed == 3

    asyncio.run(scene())


@BOTH
def test_events_that_slack_leaves_out_are_asked_for(slack: SlackServer, http: bool):
    """1.2: beyond 30,000 events an hour Slack tells only that there were more."""

    async def scene() -> None:
        inbox = Inbox()
        async with connected(slack, http=http) as platform, receiving(slack, platform, inbox):
            await inbox.until(lambda i: i.missed == (1 if http else 2))
            before = inbox.missed
            told = slack.inject({}, type="app_rate_limited", minute_rate_limited=1700000000)
            assert await settled(slack, told) == ["acked"]
            assert (inbox.missed, inbox.kept) == (before + 1, {})

    asyncio.run(scene())


@pytest.mark.parametrize("event", [None, 5, "x", [], {"type": "message", "message": 7, "channel": [], "ts": {}}])
def test_poison_event_is_kept_and_blocks_nothing(slack: SlackServer, channel: Channel, event: Any):
    async def scene() -> None:
        inbox = Inbox()
        async with connected(slack) as platform, receiving(slack, platform, inbox):
            poison = slack.inject(event)
            channel.say(slack.person("Ana"), "after")
            await inbox.until(
                lambda i: "after" in [b["event"].get("text") for b in i.bodies if isinstance(b["event"], dict)]
            )
            await until(slack, lambda: poison.tries)
            assert f"event:{poison.id}" in inbox.kept

    slack.retry_delays = ()
    slack.patience = 0.5
    asyncio.run(scene())


def test_deliveries_have_keys_that_are_the_same_each_time():
    view = {"id": "V1", "hash": "h1"}
    button, other = {"type": "button"}, {"type": "static_select"}
    bodies: list[dict[str, Any]] = [
        {"type": "event_callback", "event_id": "Ev1"},
        {"command": "/draft", "trigger_id": "1.2"},
        {"type": "block_actions", "trigger_id": "1.2", "actions": [button]},
        {"type": "block_actions", "trigger_id": "1.2", "actions": [other]},
        {"type": "view_submission", "trigger_id": "1.2", "view": view},
        {"type": "view_submission", "view": view},
        {"type": "view_closed", "view": view},
        {"type": "message_action", "trigger_id": "1.2"},
        {"type": "app_rate_limited"},
    ]
    assert [name_delivery(body) for body in bodies] == [
        "event:Ev1",
        "command:1.2",
        "action:1.2",
        None,
        "action:1.2",
        "view:V1:h1",
        None,
        None,
        None,
    ]
