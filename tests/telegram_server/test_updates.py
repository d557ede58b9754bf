"""Which updates come, when and how often: privacy, getUpdates, webhook; asked by the real client library."""

import asyncio
import subprocess
import sys
import threading
from typing import Any

from telegram.error import (
    BadRequest,
    Conflict,
)

from tests.telegram_server import TelegramServer
from tests.telegram_server.client import ALL, Client, Hook, ask
from tests.telegram_server.conversations import Group


def test_privacy_hides_talk_and_it_never_comes(server: TelegramServer, bot: Client):
    ana, other = server.person("Ana"), server.person("Other bot", is_bot=True)
    group = server.add_group("Meeting")
    group.say(ana, "before the bot came")
    group.add_bot()
    assert bot.get_me().can_read_all_group_messages is False
    sent = bot.send_message(group.id, "hello")
    group.say(ana, "#challenge unseen")
    group.say(ana, "/status")
    group.say(ana, "/status@other_bot")
    group.say(ana, "#trend", reply_to=group.find(sent.message_id))
    group.say(other, "I wrote last")
    group.say(ana, "/draft")
    group.say(ana, "/draft@rapporteur_bot now")
    server.set_privacy(False)
    group.say(ana, "still hidden: the bot was not added again")
    group.promote(server.bot)
    group.say(ana, "#challenge seen")
    group.say(other, "#challenge of a bot")
    assert bot.texts() == [
        "my_chat_member",
        None,  # the service message: the bot was added
        "/status",
        "#trend",
        "/draft@rapporteur_bot now",
        "my_chat_member",
        "#challenge seen",
    ]
    assert bot.get_me().can_read_all_group_messages is True
    assert bot.get_chat_member(group.id, server.bot.id).status == "administrator"
    assert bot.get_chat_member(group.id, ana.id).status == "member"
    assert [m.user.first_name for m in bot.get_chat_administrators(group.id)] == ["Owner of Meeting", "Rapporteur"]


def test_offset_confirms(server: TelegramServer, bot: Client, group: Group):
    ana = server.person("Ana")
    for number in range(104):
        group.say(ana, str(number))
    first = server.pending[0]["update_id"]
    assert bot.texts() == [str(n) for n in range(100)]
    assert bot.texts(offset=first + 2, limit=2) == ["2", "3"]
    assert server.confirmed == first + 1
    assert bot.texts(offset=first + 1000, limit=1) == ["2"]  # in the future: ignored
    assert bot.texts(offset=5, limit=1) == ["2"]
    assert bot.texts(offset=-2) == ["102", "103"]
    assert [u["message"]["text"] for u in server.pending] == ["102", "103"]
    assert bot.texts(offset=first + 104) == []
    assert len(server.confirmed_updates) == 104


def test_long_poll_wakes_and_ends(server: TelegramServer, bot: Client, group: Group):
    ana = server.person("Ana")
    threading.Timer(0.2, group.say, (ana, "late")).start()
    assert bot.texts(timeout=5) == ["late"]
    assert bot.texts(offset=server.pending[0]["update_id"] + 1, timeout=1) == []
    assert (server.pending, len(server.calls_of("getUpdates"))) == ([], 2)


def test_allowed_updates_are_kept(server: TelegramServer, bot: Client, group: Group):
    ana = server.person("Ana")
    assert bot.texts(allowed_updates=["edited_message"]) == []
    message = group.say(ana, "not asked for")
    group.edit(message, "edited")
    group.edit(message, "edited")
    assert [u.edited_message.text for u in bot.get_updates()] == ["edited"]
    assert bot.get_webhook_info().allowed_updates == ("edited_message",)
    group.promote(server.bot)
    assert bot.texts(allowed_updates=ALL, offset=-1) == ["edited_message"]
    group.react(ana, message, "👍")
    assert bot.texts(offset=-1) == ["message_reaction"]


def test_updates_expire_return_and_renumber(server: TelegramServer, bot: Client, group: Group):
    ana = server.person("Ana")
    group.say(ana, "old")
    server.advance(86_000)
    group.say(ana, "young")
    server.advance(401)
    assert bot.texts() == ["young"]
    last = server.pending[0]["update_id"]
    assert bot.texts(offset=last + 1) == []
    assert server.redeliver(1) == server.pending
    assert bot.texts(offset=last + 1) == ["young"]  # once more, though confirmed
    assert bot.texts(offset=last + 1) == []
    new = server.restart_ids()
    group.say(ana, "after a week")
    assert [u.update_id for u in bot.get_updates(offset=last + 1)] == [new]


def test_second_poller_ends_the_first(server: TelegramServer, bot: Client, group: Group):
    async def poll_twice() -> list[Any]:
        first = asyncio.create_task(bot.bot.get_updates(timeout=5))
        await asyncio.to_thread(server.wait_until, lambda: server.calls_of("getUpdates"))
        second = asyncio.create_task(bot.bot.get_updates(timeout=5))
        await asyncio.wait([first])
        group.say(server.person("Ana"), "hello")
        return await asyncio.gather(first, second, return_exceptions=True)

    first, second = bot._runner.run(poll_twice())
    assert (type(first), str(first)) == (
        Conflict,
        "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running",
    )
    assert [u.message.text for u in second] == ["hello"]


def test_poll_of_a_killed_process_loses_nothing(server: TelegramServer, bot: Client, group: Group):
    poll = f"import urllib.request; urllib.request.urlopen('{server.base_url}{server.bot.token}/getUpdates?timeout=30')"
    process = subprocess.Popen([sys.executable, "-c", poll])
    server.wait_until(lambda: server.calls_of("getUpdates"), 10)
    process.kill()
    process.wait()
    group.say(server.person("Ana"), "hello")
    assert bot.texts(timeout=2) == ["hello"]


def test_webhook_posts_in_order_until_taken(server: TelegramServer, bot: Client, group: Group):
    ana, hook = server.person("Ana"), Hook(500, 200, 503)
    url = f"http://127.0.0.1:{hook.web.server_port}/telegram"
    assert bot.set_webhook(url, secret_token="s3cret", allowed_updates=ALL)
    for text in ("one", "two", "three"):
        group.say(ana, text)
    server.wait_until(lambda: not server.pending)
    hook.close()
    posted = ["one 500", "one 200", "two 503", "two 200", "three 200"]
    assert hook.got == [("s3cret", text) for text in posted]
    assert [u["message"]["text"] for u in server.confirmed_updates] == ["one", "two", "three"]
    group.say(ana, "nobody listens")
    server.wait_until(lambda: server.webhook and server.webhook.last_error[1] == "Connection refused")
    info = bot.get_webhook_info()
    assert (info.url, info.pending_update_count, info.last_error_message) == (url, 1, "Connection refused")
    reason = "can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"
    assert bot.refused("get_updates") == (Conflict, f"Conflict: {reason}")
    assert bot.delete_webhook()
    assert bot.texts() == ["nobody listens"]
    assert bot.refused("set_webhook", "http://example.org/") == (
        BadRequest,
        "Bad webhook: an https url must be provided for webhook",
    )


def test_injected_update_comes_as_given(server: TelegramServer):
    update = server.inject("message", {"date": "not a number"})
    assert update == {"update_id": 500_000_001, "message": {"date": "not a number"}}
    assert ask(server, "getUpdates") == {"ok": True, "result": [update]}


def test_webhook_gets_what_is_redelivered_and_rests_while_the_network_is_down(
    server: TelegramServer, bot: Client, group: Group
):
    ana, hook = server.person("Ana"), Hook()
    bot.set_webhook(f"http://127.0.0.1:{hook.web.server_port}/")
    group.say(ana, "one")
    server.wait_until(lambda: not server.pending)
    server.redeliver(1)
    server.wait_until(lambda: not server.pending)
    server.stop()
    group.say(ana, "two")
    assert hook.got == [(None, "one 200")] * 2
    server.start()
    server.wait_until(lambda: not server.pending)
    hook.close()
    assert hook.got == [(None, "one 200")] * 2 + [(None, "two 200")]
