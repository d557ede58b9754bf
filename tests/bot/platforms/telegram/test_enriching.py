"""What the bot finds out of a chat goes into the inbox before the update that needs it."""

import asyncio
from typing import Any

import pytest

from tests.bot.platforms.telegram.bench import Inbox, connected, receiving, until
from tests.telegram_server import TelegramServer
from tests.telegram_server.conversations import Group


def play(server: TelegramServer, *, failures: int = 0, patience: float = 5.0) -> Inbox:
    """What is kept of all that waits, in one batch."""

    async def scene() -> Inbox:
        inbox = Inbox(failures)
        async with connected(server) as platform:
            platform.enricher.patience = patience
            async with receiving(platform, inbox):
                await until(server, lambda: not server.pending)
        return inbox

    return asyncio.run(scene())


def seen(group: Group, can_read: bool | None, admins: list[Any] | None, **more: Any) -> dict[str, Any]:
    names = None if admins is None else [str(admin.id) for admin in admins]
    return {"chat": str(group.id), "can_read": can_read, "admins": names, "added_by": None, **more}


def test_command_comes_after_who_runs_the_chat(server: TelegramServer, group: Group):
    ana = server.person("Ana")
    group.say(ana, "/status")
    group.promote(ana)
    other = server.person("Other bot", is_bot=True)
    group.promote(other)
    group.say(ana, "/draft")
    facts = seen(group, None, [group.owner, ana], privacy_off=True)
    assert play(server).told == [facts, "/status", facts, "/draft"]
    assert [len(server.calls_of(m)) for m in ("getChatAdministrators", "getMe")] == [1, 2]


def test_delivery_key_of_what_was_found_out_follows_the_update(server: TelegramServer, group: Group):
    group.say(server.person("Ana"), "/status")
    first, second = play(server).batches[0]
    assert (first, second.startswith("500000003:")) == (f"seen:{second}", True)


def test_admin_bot_reads_all(server: TelegramServer):
    group = server.add_group("Meeting")
    group.add_bot(admin=True)
    server.updates.waiting.clear()
    group.say(server.person("Ana"), "/status")
    assert play(server).told == [seen(group, True, [group.owner], privacy_off=False), "/status"]


@pytest.mark.parametrize(
    ("privacy", "admin", "can_read"), [(True, False, False), (False, False, True), (True, True, True)]
)
def test_coming_tells_whether_privacy_hides_messages(
    server: TelegramServer, privacy: bool, admin: bool, can_read: bool
):
    server.set_privacy(privacy)
    group = server.add_group("Meeting")
    ana = server.person("Ana")
    group.add_bot(admin=admin, by=ana)
    told = play(server).told
    assert told == [
        seen(group, can_read, [group.owner]) | {"added_by": str(ana.id)},
        "my_chat_member",
        "message",  # the service message
    ]


def test_change_of_standing_is_asked_for_anew_and_is_no_coming(server: TelegramServer, group: Group):
    server.set_privacy(True)

    async def scene() -> Inbox:
        inbox = Inbox()
        async with connected(server) as platform, receiving(platform, inbox):
            group.say(server.person("Ana"), "/status")
            await until(server, lambda: not server.pending)
            group.promote(server.bot)
            await until(server, lambda: not server.pending)
            group.demote(server.bot)
            await until(server, lambda: not server.pending)
            group.remove_bot()
            await until(server, lambda: not server.pending)
        return inbox

    assert asyncio.run(scene()).told == [
        seen(group, None, [group.owner], privacy_off=False),
        "/status",
        seen(group, True, [group.owner]),
        "my_chat_member",
        seen(group, False, [group.owner]),
        "my_chat_member",
        "my_chat_member",
    ]


def test_first_ordinary_message_proves_that_the_bot_can_read(server: TelegramServer, group: Group):
    ana, rich = server.person("Ana"), [{"type": "paragraph", "text": "x"}]
    group.service(ana, new_chat_title="Other")
    group.say(ana, "@Rapporteur_bot hello")
    reply_to = group.add(server.bot, "Question")
    group.say(ana, "an answer", reply_to=reply_to)
    for fields in ({"via_bot": server.bot.json()}, {"is_automatic_forward": True}):
        group.deliver("message", group.add(ana, next(iter(fields)), fields=fields))
    group.say(ana, rich=rich)
    group.say(ana, "second")
    assert play(server).told == [
        "message",
        "@Rapporteur_bot hello",
        "an answer",
        "via_bot",
        "is_automatic_forward",
        seen(group, True, None),
        "message",
        "second",
    ]


def test_proof_is_given_once_and_anew_when_the_bot_stands_otherwise(server: TelegramServer, group: Group):
    async def scene() -> Inbox:
        ana, inbox = server.person("Ana"), Inbox()
        async with connected(server) as platform, receiving(platform, inbox):
            for text in ("one", "two"):
                group.say(ana, text)
                await until(server, lambda: not server.pending)
            group.remove_bot()
            await until(server, lambda: not server.pending)
            group.set_status(server.bot, "member", ana)
            group.say(ana, "three")
            await until(server, lambda: not server.pending)
        return inbox

    proof, came = seen(group, True, None), seen(group, True, [group.owner]) | {"added_by": "1002"}
    told = [proof, "one", "two", "my_chat_member", came, "my_chat_member", proof, "three"]
    assert asyncio.run(scene()).told == told


def test_message_in_a_topic_proves_it_though_it_replies_to_what_opened_the_topic(server: TelegramServer, group: Group):
    group.forum = True
    topic = group.add_topic("II")
    group.say(server.person("Ana"), "one", topic=topic)
    assert play(server).told == ["message", seen(group, True, None), "one"]


def test_proof_is_not_lost_with_a_batch_that_could_not_be_kept(server: TelegramServer, group: Group):
    group.say(server.person("Ana"), "one")
    assert play(server, failures=2).told == [seen(group, True, None), "one"]


def test_private_chat_is_not_asked_about(server: TelegramServer):
    private = server.add_private(server.person("Ana"))
    private.say("/claim ABC")
    assert play(server).told == ["/claim ABC"]
    assert server.calls_of("getChatAdministrators") == []


def test_pressed_button_comes_after_who_runs_the_chat(server: TelegramServer, group: Group):
    markup = {"inline_keyboard": [[{"text": "Draft", "callback_data": "/draft"}]]}
    message = group.add(server.bot, "What next?", markup=markup)
    group.press(message, "Draft", server.person("Ana"))
    assert play(server).told == [seen(group, None, [group.owner], privacy_off=True), "callback_query"]


@pytest.mark.parametrize("status", [500, 429, "drop", "hang"])
def test_failure_to_find_out_loses_and_holds_up_nothing(server: TelegramServer, group: Group, status: Any):
    server.fail("getChatAdministrators", 1, status)
    group.say(server.person("Ana"), "/status")
    assert play(server, patience=0.3).told == ["/status"]
