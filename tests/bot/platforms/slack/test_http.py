"""Slack's requests over HTTP: signed ones are kept before they are answered, others never."""

import asyncio
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from structlog.testing import capture_logs

from bot.platforms.slack.http import PATH
from tests.bot.platforms.slack.bench import Inbox, connected, make_platform, receiving, settled, until
from tests.slack_server import SlackServer
from tests.slack_server.channels import Channel


async def deliver_all(slack: SlackServer, channel: Channel, inbox: Inbox) -> None:
    """One of each: event, command, press, shortcut, submission; all acknowledged."""
    ana = slack.person("Ana", "fr-FR")
    note = channel.say(ana, "one")
    deliveries = [slack.deliveries[-1], slack.command("/draft", "docx", ana, channel)]
    with slack.changing():
        button = {"type": "button", "action_id": "a", "text": {"type": "plain_text", "text": "B"}, "value": "{}"}
        words = channel.add(slack.bot, "?", blocks=[{"type": "actions", "block_id": "b", "elements": [button]}])
    deliveries += [slack.press(words, "B", ana), slack.shortcut(note, "file_note", ana)]
    await until(slack, lambda: ana.modal)
    deliveries.append(slack.submit(ana, {"tag": "need"}))
    assert await settled(slack, *deliveries) == ["acked"] * 5
    assert [delivery.answer for delivery in deliveries] == [{}] * 5
    assert ana.modal is None


def test_all_kinds_are_kept_and_answered(slack: SlackServer, channel: Channel):
    async def scene() -> None:
        inbox = Inbox()
        async with connected(slack, http=True) as platform, receiving(slack, platform, inbox):
            await deliver_all(slack, channel, inbox)
            kinds = [body.get("type") or body["command"] for body in inbox.bodies]
            assert sorted(kinds) == ["/draft", "block_actions", "event_callback", "event_callback", "view_submission"]
            assert inbox.missed == 1

    asyncio.run(scene())


def test_same_over_sockets(slack: SlackServer, channel: Channel):
    async def scene() -> None:
        inbox = Inbox()
        async with connected(slack) as platform, receiving(slack, platform, inbox):
            await deliver_all(slack, channel, inbox)

    asyncio.run(scene())


@pytest.mark.parametrize("forged", [{"secret": "another"}, {"age": 400, "secret": ""}, {"age": -400, "secret": ""}])
def test_forged_or_stale_request_is_never_kept(slack: SlackServer, channel: Channel, forged: dict[str, Any]):
    async def scene() -> None:
        inbox = Inbox()
        async with connected(slack, http=True) as platform, receiving(slack, platform, inbox):
            sent = forged | {"secret": forged["secret"] or slack.signing_secret}
            event = slack.envelope(
                {"type": "message", "channel": channel.id, "user": "U1", "ts": "1.000001", "text": "x"}
            )
            command = {"command": "/draft", "text": "", "user_id": "U1", "channel_id": channel.id, "trigger_id": "1"}
            challenge = {"type": "url_verification", "challenge": "x"}
            got = [
                await asyncio.to_thread(lambda kind=kind, body=body: slack.forge(body, kind, **sent)[0])
                for kind, body in [
                    ("events_api", event),
                    ("slash_commands", command),
                    ("interactive", {"type": "block_actions", "trigger_id": "1", "actions": []}),
                    ("events_api", challenge),
                    # Bolt checks no signature of these
                    ("events_api", event | {"ssl_check": "1"}),
                ]
            ]
            assert (got, inbox.kept) == ([401, 401, 401, 401, 200], {})

    asyncio.run(scene())


@pytest.mark.parametrize("body", [b"", b"[]", b'"x"', b"{", b"\xff\xfe", b"[" * 100_000, b"payload=[1]", b"payload={"])
def test_nonsense_is_turned_away(slack: SlackServer, body: bytes):
    async def scene() -> int:
        inbox = Inbox()
        async with (
            connected(slack, http=True) as platform,
            receiving(slack, platform, inbox),
            aiohttp.ClientSession() as session,
        ):
            headers = {
                "Content-Type": "application/json" if body[:1] in b'["{' else "application/x-www-form-urlencoded"
            }
            async with session.post(slack.transport.url, data=body, headers=headers) as answer:  # type: ignore[attr-defined]
                return answer.status

    assert asyncio.run(scene()) in (400, 401)


def test_database_that_cannot_be_written_to_makes_slack_try_again(slack: SlackServer, channel: Channel):
    async def scene() -> None:
        inbox = Inbox()
        async with connected(slack, http=True) as platform, receiving(slack, platform, inbox):
            ana = slack.person("Ana")
            channel.join(ana)
            await settled(slack, *slack.deliveries)
            inbox.failures = 2
            note = channel.say(ana, "one")
            assert await settled(slack, slack.deliveries[-1]) == ["acked"]
            assert (slack.deliveries[-1].tries, inbox.texts) == (3, [note.text])

    with capture_logs() as logs:
        asyncio.run(scene())
    assert [(line["event"], line["what"]) for line in logs] == [
        ("trouble starts, waits", "slack intake"),
        ("trouble is over", "slack intake"),
    ]


def test_nothing_is_taken_before_there_is_an_inbox(slack: SlackServer, channel: Channel):
    async def scene() -> None:
        async with connected(slack, http=True) as platform:
            # the web server stands before the platform receives
            web_app = web.Application()
            web_app.add_routes(platform.routes())
            runner = web.AppRunner(web_app, access_log=None)
            await runner.setup()
            await web.TCPSite(runner, "127.0.0.1", 0).start()
            address = f"http://127.0.0.1:{runner.addresses[0][1]}{PATH}"
            assert await asyncio.to_thread(slack.deliver_to, address) == ""
            slack.retry_delays = ()
            channel.say(slack.person("Ana"), "early")
            assert await settled(slack, slack.deliveries[-1]) == ["lost"]
            assert slack.deliveries[-1].reason == "http_error"
            await runner.cleanup()

    asyncio.run(scene())


def test_sockets_need_no_route(slack: SlackServer):
    assert [len(make_platform(slack, http=http).routes()) for http in (True, False)] == [1, 0]
