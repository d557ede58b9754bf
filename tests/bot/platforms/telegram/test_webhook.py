"""The webhook: 200 only after the commit, and only to who knows the secret."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aiohttp
import pytest
from aiohttp import web
from structlog.testing import capture_logs

from bot.platforms.telegram.platform import TelegramPlatform
from core.errors import SettingError
from tests.bot.platforms.telegram.bench import Inbox, connected, receiving, until
from tests.telegram_server import TelegramServer
from tests.telegram_server.conversations import Group

HEADER = "X-Telegram-Bot-Api-Secret-Token"


@asynccontextmanager
async def hooked(server: TelegramServer) -> AsyncIterator[tuple[TelegramPlatform, str]]:
    """A platform whose route stands in a web server, and its address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    url = f"http://127.0.0.1:{port}/hooks/telegram"
    async with connected(server, webhook_url=url, webhook_secret="s3cret") as platform:
        app = web.Application()
        app.add_routes(platform.routes())
        runner = web.AppRunner(app, access_log=None)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", port).start()
        yield platform, url
        await runner.cleanup()


async def post(url: str, body: bytes, secret: str | None = "s3cret") -> int:
    headers = {} if secret is None else {HEADER: secret}
    async with aiohttp.ClientSession() as session, session.post(url, data=body, headers=headers) as answer:
        return answer.status


def test_update_is_kept_before_it_is_taken(server: TelegramServer, group: Group):
    async def scene() -> None:
        ana, inbox = server.person("Ana"), Inbox(failures=1000)
        group.say(ana, "/status")
        group.say(ana, "one")
        async with hooked(server) as (platform, _), receiving(platform, inbox):
            error = await until(server, lambda: server.webhook and server.webhook.last_error)
            assert (inbox.kept, server.confirmed_updates) == ({}, [])
            assert [e[1] for e in (error,) if e] == ["Wrong response from the webhook: 503 Service Unavailable"]
            inbox.failures = 0
            await until(server, lambda: not server.pending)
        group_id, owner = str(group.id), str(group.owner.id)
        found = {"chat": group_id, "can_read": None, "admins": [owner], "added_by": None, "privacy_off": True}
        proof = {"chat": group_id, "can_read": True, "admins": None, "added_by": None}
        assert inbox.told == [found, "/status", proof, "one"]

    with capture_logs() as logs:
        asyncio.run(scene())
    assert [line["event"] for line in logs] == ["in trouble", "well again"]


def test_webhook_is_set_with_secret_and_kinds_and_drops_nothing(server: TelegramServer, group: Group):
    server.fail("setWebhook", 3, 500)

    async def scene() -> str:
        async with hooked(server) as (platform, url), receiving(platform, Inbox()):
            await until(server, lambda: server.webhook)
            return url

    with capture_logs() as logs:
        url = asyncio.run(scene())
    call = server.calls_of("setWebhook")[-1]
    kinds = ["message", "edited_message", "channel_post", "edited_channel_post", "my_chat_member", "callback_query"]
    assert call.parameters == {"url": url, "secret_token": "s3cret", "allowed_updates": kinds}
    assert [line["event"] for line in logs] in (["in trouble"], ["in trouble", "well again"])


@pytest.mark.parametrize("secret", [None, "", "S3cret", "s3cret ä", "s3cretx"])
def test_forged_call_is_refused_and_nothing_is_kept(server: TelegramServer, secret: str | None):
    async def scene() -> tuple[int, Inbox]:
        inbox = Inbox()
        async with hooked(server) as (platform, url), receiving(platform, inbox):
            await until(server, lambda: server.webhook)
            return await post(url, b'{"update_id": 1, "message": {}}', secret), inbox

    status, inbox = asyncio.run(scene())
    assert (status, inbox.kept) == (403, {})


def test_body_that_is_no_update_is_kept_for_the_dead_letters(server: TelegramServer):
    async def scene() -> tuple[list[int], Inbox]:
        inbox = Inbox()
        async with hooked(server) as (platform, url), receiving(platform, inbox):
            await until(server, lambda: server.webhook)
            bodies = (b"no json \xff", b"[1]", b"[" * 100_000, b"no json \xff")
            return [await post(url, body) for body in bodies], inbox

    statuses, inbox = asyncio.run(scene())
    assert (statuses, list(inbox.kept.values())) == ([200] * 4, ["no json \ufffd", "[1]", "[" * 100_000])


def test_call_before_there_is_an_inbox_comes_again(server: TelegramServer):
    async def scene() -> int:
        async with hooked(server) as (_, url):
            return await post(url, b'{"update_id": 1}')

    assert asyncio.run(scene()) == 503


def test_webhook_without_a_secret_is_refused():
    with pytest.raises(SettingError) as raised:
        TelegramPlatform("7:T", api_url="http://127.0.0.1:9", commands=(), webhook_url="https://un.org/hook")
    assert str(raised.value) == "TELEGRAM_WEBHOOK_SECRET: is wanted with TELEGRAM_WEBHOOK_URL"


def test_polling_needs_no_web_server(server: TelegramServer):
    async def scene() -> list[web.RouteDef]:
        async with connected(server) as platform:
            return list(platform.routes())

    assert asyncio.run(scene()) == []
