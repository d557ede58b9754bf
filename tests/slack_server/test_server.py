"""The server as such: who and what there is, tokens, scopes, faults, the network; asked by the real client library."""

import asyncio
from typing import Any

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.http_retry.builtin_async_handlers import AsyncConnectionErrorRetryHandler

from tests.slack_server import SlackServer
from tests.slack_server.channels import Channel
from tests.slack_server.client import Client
from tests.slack_server.people import Person


def test_who_and_what_there_is(slack: SlackServer, bot: Client, channel: Channel, ana: Person):
    private = slack.add_channel("secret", private=True)
    assert bot.auth_test() == {
        "ok": True,
        "url": "https://rapporteur-test.slack.com/",
        "team": "rapporteur-test",
        "user": "rapporteur",
        "team_id": "T00001",
        "user_id": "U0BOT",
        "bot_id": "B00001",
        "is_enterprise_install": False,
    }
    user = bot.users_info(user=ana.id, include_locale=True)["user"]
    assert [user[key] for key in ("name", "real_name", "tz", "is_admin", "is_owner", "locale", "team_id")] == [
        "ana",
        "Ana",
        "Europe/Paris",
        True,
        False,
        "fr-FR",
        "T00001",
    ]
    assert bot.team_info()["team"]["domain"] == "rapporteur-test"
    assert bot.bots_info(bot="B00001")["bot"]["user_id"] == "U0BOT"
    found = bot.conversations_info(channel=channel.id)["channel"]
    assert (found["name"], found["is_member"], found["is_private"]) == ("meeting", True, False)
    assert bot.conversations_members(channel=channel.id)["members"] == [ana.id, "U0BOT"]
    kinds = "public_channel,private_channel"
    assert [c["id"] for c in bot.users_conversations(types=kinds)["channels"]] == [channel.id]
    slack.add_channel("other")
    slack.page_size = 1
    page = bot.conversations_list(types=kinds)
    rest = bot.conversations_list(types=kinds, cursor=page["response_metadata"]["next_cursor"])
    assert [c["name"] for answer in (page, rest) for c in answer["channels"]] == ["meeting", "other"]
    assert rest["response_metadata"]["next_cursor"] == ""
    assert [
        bot.refused("users_info", user="U9"),
        bot.refused("conversations_info", channel=private.id),
        bot.refused("conversations_list", types="rooms"),
        bot.refused("api_call", api_method="users.nothing"),
    ] == ["user_not_found", "channel_not_found", "invalid_types", "unknown_method"]


def test_tokens_and_scopes(slack: SlackServer, bot: Client):
    app, stranger = Client(slack, slack.app_token), Client(slack, "xoxb-other")
    assert app.refused("auth_test") == "not_allowed_token_type"
    assert stranger.refused("auth_test") == "invalid_auth"
    app.close()
    stranger.close()
    slack.scopes = {"chat:write", "commands"}
    error = bot.failed("users_info", user="U1").response
    assert error.data == {
        "ok": False,
        "error": "missing_scope",
        "needed": "users:read",
        "provided": "chat:write,commands",
    }
    assert error.headers["x-oauth-scopes"] == "chat:write,commands"


def test_faults(slack: SlackServer, bot: Client, channel: Channel):
    slack.fail("chat.postMessage", times=2, status=503)
    slack.fail("chat.postMessage", status=429, retry_after=7)
    slack.fail("chat.postMessage", error="internal_error")
    slack.fail("chat.postMessage", status="drop")
    slack.fail("chat.postMessage", status="drop", after=True)
    hang = slack.fail("chat.postMessage", status="hang")
    raised = []
    for number in range(7):
        with pytest.raises((SlackApiError, aiohttp.ClientError, TimeoutError)) as caught:
            bot.chat_postMessage(channel=channel.id, text=str(number))
        response = getattr(caught.value, "response", None)
        raised.append((response.status_code, response.headers.get("Retry-After")) if response else caught.type.__name__)
    assert raised == [
        (503, None),
        (503, None),
        (429, "7"),
        (200, None),
        "ServerDisconnectedError",
        "ServerDisconnectedError",
        "TimeoutError",
    ]
    bot.chat_postMessage(channel=channel.id, text="well")
    assert (hang.left, [m.text for m in channel.from_bot]) == (0, ["5", "well"])  # of 5, only the answer was lost
    assert [(c.status, c.error) for c in slack.calls_of("chat.postMessage")] == [
        (503, None),
        (503, None),
        (429, None),
        (200, "internal_error"),
        ("drop", None),
        ("drop", None),
        ("hang", None),
        (200, None),
    ]
    slack.fail("*", times=float("inf"), error="account_inactive")
    assert bot.refused("auth_test") == "account_inactive"
    slack.heal()
    assert bot.auth_test()["ok"]


def test_clients_own_retry_of_a_dropped_answer_posts_twice(slack: SlackServer, bot: Client, channel: Channel):
    bot.sdk.retry_handlers.append(AsyncConnectionErrorRetryHandler())
    slack.fail("chat.postMessage", status="drop", after=True)
    bot.chat_postMessage(channel=channel.id, text="once")
    assert [message.text for message in channel.from_bot] == ["once", "once"]


def test_network_goes_and_comes(slack: SlackServer, bot: Client, channel: Channel):
    slack.fail("auth.test", status="hang")

    async def ask() -> Any:
        task = asyncio.create_task(bot.sdk.auth_test())
        await asyncio.to_thread(slack.wait_until, lambda: slack.calls_of("auth.test"))
        await asyncio.to_thread(slack.stop)
        return (await asyncio.gather(task, return_exceptions=True))[0]

    assert type(bot._runner.run(ask())).__name__ == "ServerDisconnectedError"
    with pytest.raises(OSError, match="Cannot connect"):
        bot.auth_test()
    slack.start()
    assert bot.auth_test()["ok"]


def test_waiting_says_what_was_called_and_what_waits(slack: SlackServer, bot: Client):
    bot.auth_test()
    with pytest.raises(TimeoutError, match=r"not so after 0\.1 s; the last calls were:\n  Call\(method='auth.test'"):
        slack.wait_until(lambda: False, 0.1)


def test_fault_needs_a_kind(slack: SlackServer):
    with pytest.raises(ValueError, match="a status or an error"):
        slack.fail("auth.test")


def test_injected_event_comes_as_it_is(slack: SlackServer):
    payload = slack.inject({"type": "message", "subtype": "huddle_thread"}, team_id="T9").payload
    assert (payload["team_id"], payload["event"]) == ("T9", {"type": "message", "subtype": "huddle_thread"})
