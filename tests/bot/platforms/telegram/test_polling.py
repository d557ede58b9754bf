"""Long polling: nothing is confirmed before it is kept, and nothing stops it for good."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest
from structlog.testing import capture_logs

from tests.bot.platforms.telegram.bench import Inbox, connected, receiving, until
from tests.telegram_server import TelegramServer
from tests.telegram_server.conversations import Group

DATABASE = "the database cannot be written to; updates wait at Telegram"


def lines_of(logs: list[Any]) -> list[str]:
    return [line.get("reason", line["event"]) for line in logs]


def test_offset_advances_only_after_the_commit(server: TelegramServer, group: Group):
    async def scene() -> None:
        ana, inbox = server.person("Ana"), Inbox(failures=1000)
        group.say(ana, "one")
        async with connected(server) as platform, receiving(platform, inbox):
            await until(server, lambda: len(server.calls_of("getUpdates")) >= 3)
            assert (inbox.kept, server.confirmed) == ({}, 0)
            inbox.failures = 0
            await inbox.until(lambda i: i.texts == ["one"])
            await until(server, lambda: not server.pending)
            group.say(ana, "two")
            await inbox.until(lambda i: i.texts == ["one", "two"])

    with capture_logs() as logs:
        asyncio.run(scene())
    assert lines_of(logs) == [DATABASE, "well again"]
    offsets = [call.parameters["offset"] for call in server.calls_of("getUpdates")]
    assert list(dict.fromkeys(offsets))[:2] == ["0", "500000004"]


def test_start_is_from_the_earliest_that_is_not_confirmed(server: TelegramServer, group: Group):
    async def scene() -> None:
        ana, inbox = server.person("Ana"), Inbox()
        for text in ("one", "two"):
            group.say(ana, text)
        async with connected(server) as platform:
            async with receiving(platform, inbox):
                await inbox.until(lambda i: i.texts == ["one", "two"])
            # as if killed before the next call confirmed them
            server.redeliver(2)
            async with receiving(platform, inbox):
                await until(server, lambda: not server.pending)
        assert (inbox.texts, len(inbox.kept)) == (["one", "two"], 3)

    asyncio.run(scene())


def test_poison_update_is_kept_and_blocks_nothing(server: TelegramServer, group: Group):
    async def scene() -> None:
        inbox, deep = Inbox(), "x"
        for _ in range(200):
            deep = [deep]
        poison = [{"date": "no number"}, {"chat": 5, "text": 7}, {"chat": {"id": "x"}, "from": []}, deep, None, 5]
        for payload in poison:
            server.inject("message", payload)
        server.inject("callback_query", {"message": {"chat": {"id": group.id, "type": "group"}}})
        server.inject("my_chat_member", {"chat": {"id": group.id, "type": "group"}, "new_chat_member": 7})
        group.say(server.person("Ana"), "after")
        async with connected(server) as platform, receiving(platform, inbox):
            await until(server, lambda: not server.pending)
        updates = [update for update in inbox.updates if "rapporteur" not in update]
        assert updates == server.confirmed_updates
        assert [update.get("message") for update in updates[:6]] == poison

    asyncio.run(scene())


def test_allowed_updates_are_always_given(server: TelegramServer, group: Group):
    kinds = ["message", "edited_message", "channel_post", "edited_channel_post", "my_chat_member", "callback_query"]
    server.updates.allowed = frozenset(["poll"])

    async def scene() -> None:
        inbox = Inbox()
        async with connected(server) as platform, receiving(platform, inbox):
            await until(server, lambda: server.updates.allowed == frozenset(kinds))
            group.say(server.person("Ana"), "heard")
            await until(server, lambda: server.confirmed_updates)
        assert inbox.texts == ["heard"]

    asyncio.run(scene())
    assert all(call.parameters["allowed_updates"] == kinds for call in server.calls_of("getUpdates"))


def test_ids_that_start_anew_at_random_lose_nothing(server: TelegramServer, group: Group):
    async def scene() -> None:
        ana, inbox = server.person("Ana"), Inbox()
        async with connected(server) as platform, receiving(platform, inbox):
            group.say(ana, "before")
            await until(server, lambda: server.confirmed_updates and not server.pending)
            for text in ("lower", "higher"):
                server.restart_ids()
                if text == "lower":
                    server.updates.next_id = 77
                group.say(ana, text)
                await until(server, lambda: not server.pending)
        assert inbox.texts == ["before", "lower", "higher"]

    asyncio.run(scene())


def test_another_update_under_an_old_id_is_another(server: TelegramServer, group: Group):
    async def scene() -> None:
        ana, inbox = server.person("Ana"), Inbox()
        async with connected(server) as platform, receiving(platform, inbox):
            for text in ("one", "two"):
                server.updates.next_id = 500
                group.say(ana, text)
                await until(server, lambda: not server.pending)
        assert inbox.texts == ["one", "two"]

    asyncio.run(scene())


@pytest.mark.parametrize(
    ("fail", "reason"),
    [
        (lambda server: server.fail("getUpdates", 4, 500), "Internal Server Error"),
        (lambda server: server.fail("getUpdates", 4, "drop"), "no connection (RemoteProtocolError)"),
        (
            lambda server: server.fail("getUpdates", 4, 409),
            "another program polls with this token, or a webhook is set; stop it, or this one",
        ),
        (lambda server: server.fail("deleteWebhook", 4, 502), "Bad Gateway"),
        (lambda server: server.fail("getUpdates", 4, 401), "the token is not accepted"),
    ],
)
def test_trouble_is_waited_out_and_told_once(
    server: TelegramServer, group: Group, fail: Callable[[TelegramServer], Any], reason: str
):
    async def scene() -> None:
        inbox = Inbox()
        async with connected(server) as platform:
            fail(server)
            group.say(server.person("Ana"), "one")
            async with receiving(platform, inbox):
                await until(server, lambda: server.confirmed_updates)
        assert inbox.texts == ["one"]

    with capture_logs() as logs:
        asyncio.run(scene())
    assert lines_of(logs) == [reason, "well again"]


def test_outage_in_the_middle_is_waited_out(server: TelegramServer, group: Group):
    async def scene() -> None:
        ana, inbox = server.person("Ana"), Inbox()
        async with connected(server) as platform, receiving(platform, inbox):
            group.say(ana, "before")
            await inbox.until(lambda i: i.texts == ["before"])
            await asyncio.to_thread(server.stop)
            group.say(ana, "meanwhile")
            await asyncio.sleep(0.3)
            await asyncio.to_thread(server.start)
            await inbox.until(lambda i: i.texts == ["before", "meanwhile"])
            # told when the poll is over, before the next
            await until(server, lambda: not server.pending)

    with capture_logs() as logs:
        asyncio.run(scene())
    assert (len(logs), lines_of(logs)[-1]) in [(2, "well again"), (3, "well again")]


def test_retry_after_is_obeyed(server: TelegramServer, group: Group):
    server.fail("getUpdates", 1, 429, retry_after=1)

    async def scene() -> None:
        inbox = Inbox()
        async with connected(server) as platform, receiving(platform, inbox):
            group.say(server.person("Ana"), "one")
            await inbox.until(lambda i: i.texts == ["one"])

    with capture_logs() as logs:
        asyncio.run(scene())
    first, second, *_ = server.calls_of("getUpdates")
    assert (second.at - first.at >= 1, lines_of(logs)) == (True, ["too many requests", "well again"])


def test_webhook_that_is_set_is_deleted_and_what_waits_is_not_dropped(server: TelegramServer, group: Group):
    async def scene() -> None:
        inbox = Inbox()
        async with connected(server) as platform:
            await platform._bot.set_webhook("http://127.0.0.1:9/")
            group.say(server.person("Ana"), "one")
            async with receiving(platform, inbox):
                await inbox.until(lambda i: i.texts == ["one"])

    asyncio.run(scene())
    assert server.webhook is None
