"""What `rapporteur doctor` finds out about Telegram."""

import asyncio

import pytest

from bot.platforms.telegram.examining import examine_telegram
from tests.telegram_server import TelegramServer
from tests.telegram_server.client import Client
from tests.telegram_server.conversations import Group

TOKEN = (True, "Telegram: the token is accepted, the bot is @rapporteur_bot")
OPEN = (True, "Telegram: privacy mode is off: the bot gets all messages of groups that it is added to from now on")
POLLING = (True, "Telegram: polling, no webhook is set, 0 updates wait")
TWO_WAYS = (
    "make the bot an admin of the group, or send @BotFather /setprivacy, choose the bot, Disable, and then remove the "
    "bot from the group and add it again"
)
HOOK = "http://127.0.0.1:9/hook"


def examine(server: TelegramServer, *chats: object, webhook_url: str | None = None) -> list[tuple[bool, str]]:
    return asyncio.run(examine_telegram(server.bot.token, server.url, webhook_url, [str(chat) for chat in chats]))


def test_all_is_well(server: TelegramServer, group: Group):
    topic = f"{group.id}/5"
    assert examine(server, group.id, topic) == [
        TOKEN,
        OPEN,
        POLLING,
        (True, f"Telegram: the bot is in chat {group.id} and may write there"),
    ]


def test_privacy_is_told_with_the_two_ways_to_mend_it(server: TelegramServer):
    group, admin_group = server.add_group("One"), server.add_group("Two")
    group.add_bot()
    admin_group.add_bot(admin=True)
    assert examine(server, group.id, admin_group.id) == [
        TOKEN,
        (True, f"Telegram: privacy mode is on: it hides #tag messages in groups. For each group: {TWO_WAYS}"),
        (True, "Telegram: polling, no webhook is set, 4 updates wait"),
        (False, f"Telegram: privacy mode hides #tag messages in chat {group.id}: {TWO_WAYS}"),
        (True, f"Telegram: the bot is in chat {admin_group.id} and may write there"),
    ]


def test_chats_that_the_bot_is_not_in_or_may_not_write_in(server: TelegramServer, group: Group):
    left, never, migrated = server.add_group("Left"), server.add_group("Never"), server.add_group("M", supergroup=False)
    for chat in (left, migrated):
        chat.add_bot()
    left.remove_bot()
    migrated.migrate()
    group.restrict(server.bot)
    server.updates.waiting.clear()
    anew = "add it, or open the meeting anew where it is now"
    assert examine(server, group.id, left.id, never.id, migrated.id)[3:] == [
        (False, f"Telegram: the bot may not write in chat {group.id}; allow it to in the chat's permissions"),
        *((False, f"Telegram: the bot is not in chat {chat.id}; {anew}") for chat in (left, never, migrated)),
    ]


def test_webhook_while_polling(server: TelegramServer, group: Group, bot: Client):
    bot.set_webhook(HOOK)
    told = "Telegram: a webhook is set, so polling gets nothing; `rapporteur run` removes it. 0 updates wait"
    assert examine(server)[2:] == [(False, told)]


def test_webhook_that_does_not_work(server: TelegramServer, group: Group, bot: Client):
    missing = "TELEGRAM_WEBHOOK_URL: the webhook is not set; `rapporteur run` sets this one. 0 updates wait"
    assert examine(server, webhook_url=HOOK)[2:] == [(False, missing)]
    bot.set_webhook(HOOK)
    assert examine(server, webhook_url=HOOK)[2:] == [(True, "Telegram: the webhook is set, 0 updates wait")]
    group.say(server.person("Ana"), "x")
    server.wait_until(lambda: server.webhook and server.webhook.last_error)
    refused = (
        "TELEGRAM_WEBHOOK_URL: Telegram does not get through: Connection refused. See that the address leads to the "
        "bot's web server (WEB_HOST, WEB_PORT) and that it runs. 1 updates wait"
    )
    assert examine(server, webhook_url=HOOK)[2:] == [(False, refused)]
    other = "TELEGRAM_WEBHOOK_URL: another webhook is set; `rapporteur run` sets this one. 1 updates wait"
    assert examine(server, webhook_url="https://un.org/hook")[2:] == [(False, other)]


def test_wrong_token_and_no_network_are_findings(server: TelegramServer):
    wrong = asyncio.run(examine_telegram("7000001:WRONG", server.url, None))
    assert wrong == [(False, "TELEGRAM_TOKEN: Telegram does not accept this token; copy it anew from @BotFather")]
    server.stop()
    unreachable = "Telegram cannot be reached: no connection (ConnectError). The bot waits and tries again by itself"
    assert examine(server) == [(False, unreachable)]


@pytest.mark.parametrize("method", ["getWebhookInfo", "getChatMember"])
def test_trouble_in_the_middle_is_a_finding(server: TelegramServer, group: Group, method: str):
    server.fail(method, 1, 500)
    subject = "the webhook" if method == "getWebhookInfo" else f"chat {group.id}"
    told = examine(server, group.id)
    assert told[2 if method == "getWebhookInfo" else 3] == (
        False,
        f"Telegram: {subject} could not be looked at: Internal Server Error",
    )
    assert len(told) == 4
