"""The server as such: rates, faults, the network, tokens; asked by the real client library."""

import asyncio
from typing import Any

import pytest
from telegram.error import (
    InvalidToken,
    NetworkError,
    RetryAfter,
    TimedOut,
)

from tests.telegram_server import Rate, TelegramServer
from tests.telegram_server.client import Client, ask
from tests.telegram_server.conversations import Group


def test_rates():
    with TelegramServer(group_rate=Rate(2, 30), overall_rate=Rate(3, 5)) as server:
        bot, groups = Client(server), [server.add_group(name) for name in "AB"]
        for group in groups:
            group.add_bot()
        for _ in range(2):
            bot.send_message(groups[0].id, "x")
        assert bot.refused("send_message", groups[0].id, "x") == (
            RetryAfter,
            "Flood control exceeded. Retry in 0:00:30",
        )
        bot.send_message(groups[1].id, "x")
        assert bot.refused("send_message", groups[1].id, "x") == (
            RetryAfter,
            "Flood control exceeded. Retry in 0:00:05",
        )
        server.advance(6)
        bot.send_message(groups[1].id, "x")
        assert bot.refused("send_message", groups[0].id, "x")[0] is RetryAfter
        server.advance(25)
        bot.send_message(groups[0].id, "x")
        bot.close()
    assert [[m.text for m in group.from_bot] for group in groups] == [["x"] * 3, ["x"] * 2]
    assert [c.status for c in server.calls] == [200, 200, 429, 200, 429, 200, 429, 200]


def test_faults(server: TelegramServer, bot: Client, group: Group):
    server.fail("sendMessage", times=2)
    server.fail("sendMessage", status=429, retry_after=7)
    server.fail("sendMessage", status="drop")
    server.fail("sendMessage", status="drop", after=True)
    hang = server.fail("sendMessage", status="hang")
    results = [bot.refused("send_message", group.id, str(n)) for n in range(6)]
    assert [kind for kind, _ in results] == [NetworkError] * 2 + [RetryAfter] + [NetworkError] * 2 + [TimedOut]
    assert [text for _, text in results][:3] == ["Internal Server Error"] * 2 + [
        "Flood control exceeded. Retry in 0:00:07"
    ]
    assert (hang.left, bot.send_message(group.id, "well").text) == (0, "well")
    assert [m.text for m in group.from_bot] == ["4", "well"]  # of 4, only the answer was lost
    assert [c.status for c in server.calls] == [500, 500, 429, "drop", "drop", "hang", 200]
    server.fail("*", times=float("inf"))
    assert bot.refused("get_me")[0] is NetworkError
    server.heal()
    assert bot.get_me().username == "rapporteur_bot"


def test_network_goes_and_comes(server: TelegramServer, bot: Client, group: Group):
    async def poll() -> Any:
        task = asyncio.create_task(bot.bot.get_updates(timeout=30))
        await asyncio.to_thread(server.wait_until, lambda: server.calls_of("getUpdates"))
        await asyncio.to_thread(server.stop)
        return (await asyncio.gather(task, return_exceptions=True))[0]

    assert type(bot._runner.run(poll())) is NetworkError
    assert bot.refused("get_me")[0] is NetworkError
    group.say(server.person("Ana"), "meanwhile")
    server.start()
    assert bot.texts() == ["meanwhile"]


def test_wrong_token_and_method(server: TelegramServer, bot: Client):
    stranger = Client(server, "7000001:WRONG")
    assert stranger.refused("get_me") == (InvalidToken, "Unauthorized")
    stranger.close()
    assert ask(server, "getNothing") == {"ok": False, "error_code": 404, "description": "Not Found"}
    assert ask(server, "getchat?chat_id=") == {
        "ok": False,
        "error_code": 400,
        "description": "Bad Request: chat_id is empty",
    }


def test_waiting_says_what_was_called(server: TelegramServer, bot: Client):
    bot.get_me()
    with pytest.raises(TimeoutError, match=r"not so after 0\.1 s; the last calls were:\n  Call\(method='getMe'"):
        server.wait_until(lambda: False, 0.1)
