"""Who the bot is, its menus, and what its connection must not show."""

import asyncio
import logging

import pytest
from structlog.testing import capture_logs

from bot.platforms import UnreachableError
from bot.platforms.telegram.platform import TelegramPlatform
from bot.platforms.telegram.reading import TelegramReader
from core.errors import SettingError
from core.replies import Reply
from tests.bot.platforms.telegram.bench import COMMANDS, Inbox, connected, key_of, receiving, until
from tests.telegram_server import TelegramServer
from tests.telegram_server.conversations import Group

GROUPS, ADMINS, PRIVATE = (
    f'{{"type": "all_{name}"}}' for name in ("group_chats", "chat_administrators", "private_chats")
)


def connect(server: TelegramServer, token: str | None = None) -> TelegramReader:
    async def scene() -> TelegramReader:
        platform = TelegramPlatform(token or server.bot.token, api_url=server.url, commands=COMMANDS)
        try:
            return await platform.connect()
        finally:
            await platform.close()

    return asyncio.run(scene())


def test_menus_are_by_scope_and_language_and_set_once(server: TelegramServer):
    assert connect(server) == TelegramReader(server.bot.id, "rapporteur_bot")
    languages = ["", "fr", "es", "pt", "ru", "ar", "zh"]
    assert sorted(server.commands) == sorted((scope, lang) for scope in (GROUPS, ADMINS, PRIVATE) for lang in languages)
    draft, open_ = COMMANDS
    for (scope, language), menu in server.commands.items():
        offered = [draft] if scope == GROUPS else [draft, open_]
        assert menu == [{"command": c.name, "description": c.describe(language or "en")} for c in offered]
    assert server.commands[GROUPS, ""] != server.commands[GROUPS, "fr"]
    assert len(server.calls_of("setMyCommands")) == 21
    connect(server)
    assert len(server.calls_of("setMyCommands")) == 21


def test_menus_that_fail_stop_nothing(server: TelegramServer):
    server.fail("setMyCommands", 100, 500)
    with capture_logs() as logs:
        connect(server)
    assert [(line["event"], line["reason"]) for line in logs] == [("menus not made", "Internal Server Error")]


@pytest.mark.parametrize("token", ["7000001:WRONG", "nonsense"])
def test_token_that_is_not_accepted_is_a_setting_to_change(server: TelegramServer, token: str):
    with pytest.raises(SettingError) as raised:
        connect(server, token)
    assert str(raised.value).startswith("TELEGRAM_TOKEN: Telegram does not accept this token. Copy it anew")
    assert token not in str(raised.value)


def test_network_that_is_down_at_the_start_can_come_back(server: TelegramServer):
    server.stop()
    with pytest.raises(UnreachableError) as raised:
        connect(server)
    assert str(raised.value) == "no connection (ConnectError)"
    server.start()
    assert connect(server).bot_id == server.bot.id


def test_nothing_of_token_or_notes_is_logged(server: TelegramServer, group: Group, caplog: pytest.LogCaptureFixture):
    async def scene() -> None:
        inbox = Inbox(failures=1)
        async with connected(server) as platform, receiving(platform, inbox):
            group.say(server.person("Ana"), "#need secret words")
            await until(server, lambda: not server.pending)
            await platform.send(Reply(key_of(group.id), "more secret words"), None, None)
            server.fail("getUpdates", 2, 500)
            group.say(server.person("Ana"), "#need secret words")
            await inbox.until(lambda i: len(i.texts) == 2)

    with caplog.at_level(logging.DEBUG), capture_logs() as logs:
        asyncio.run(scene())
    told = f"{caplog.text}{logs}"
    assert ("in trouble" in told, server.bot.token in told, "secret" in told) == (True, False, False)
