"""Whether a reply arrived whose sending was cut off: Telegram has no history, so its edits are asked."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from bot.platforms import UnreachableError
from bot.platforms.telegram.platform import TelegramPlatform
from core.replies import Button, FileOfDraft, Reply
from tests.bot.platforms.telegram.bench import connected, key_of
from tests.telegram_server import TelegramServer
from tests.telegram_server.conversations import Group

BUTTONS = ((Button("More", "/more"),),)


def find(server: TelegramServer, reply: Reply, mark: object, known: set[str] = frozenset()) -> str | None:  # type: ignore[assignment]
    return ask(server, lambda platform: platform.find_sent(reply, str(mark), set(known)))


def ask(server: TelegramServer, step: Callable[[TelegramPlatform], Awaitable[str | None]]) -> str | None:
    async def scene() -> str | None:
        async with connected(server) as platform:
            return await step(platform)

    return asyncio.run(scene())


@pytest.mark.parametrize("buttons", [(), BUTTONS])
def test_message_that_arrived_though_its_answer_was_lost_is_found(
    server: TelegramServer, group: Group, buttons: tuple[tuple[Button, ...], ...]
):
    ana = server.person("Ana")
    note = group.say(ana, "/status")
    reply = Reply(key_of(group.id, note.message_id), "3 notes", buttons=buttons)
    server.fail("sendMessage", 1, "drop", after=True)

    async def scene(platform: TelegramPlatform) -> str | None:
        mark = platform.mark(reply.to)
        for text in ("a", "b"):
            group.say(ana, text)
        with pytest.raises(UnreachableError):
            await platform.send(reply, None, None)
        group.say(ana, "c")
        return await platform.find_sent(reply, mark, set())

    found = ask(server, scene)
    (sent,) = group.from_bot
    assert (found, sent.edits, sent.buttons) == (
        str(sent.message_id),
        [],
        [button.label for row in buttons for button in row],
    )


def test_message_that_did_not_arrive_is_not_found(server: TelegramServer, group: Group):
    note = group.say(server.person("Ana"), "/status")
    for number in range(3):
        group.say(server.person("Ben"), str(number))
    assert find(server, Reply(key_of(group.id, note.message_id), "x"), note.message_id) is None
    # the three of others, and ten that are not there
    assert len(server.calls_of("editMessageReplyMarkup")) == 13


def test_known_messages_and_gaps_are_passed(server: TelegramServer, group: Group):
    ana = server.person("Ana")
    note = group.say(ana, "/draft")
    known = group.add(server.bot, "known", markup={"inline_keyboard": [[{"text": "B", "callback_data": "/b"}]]})
    for _ in range(4):
        group.delete(group.say(ana, "deleted"))
    sent = group.add(server.bot, "sent")
    reply = Reply(key_of(group.id, note.message_id), "caption", file=FileOfDraft(1, 1, "x"))
    assert find(server, reply, note.message_id, {str(known.message_id), "", "x"}) == str(sent.message_id)
    assert known.buttons == ["B"]


def test_gaps_below_what_was_seen_do_not_end_the_search(server: TelegramServer, group: Group):
    ana = server.person("Ana")
    note = group.say(ana, "/draft")
    for _ in range(12):
        group.delete(group.say(ana, "deleted"))
    sent = group.add(server.bot, "sent")
    reply = Reply(key_of(group.id, note.message_id), "x")

    async def scene(platform: TelegramPlatform) -> str | None:
        await platform.send(Reply(key_of(group.id), "later"), None, None)
        return await platform.find_sent(reply, str(note.message_id), set())

    assert ask(server, scene) == str(sent.message_id)


def test_words_in_parts_arrived_only_when_all_did(server: TelegramServer, group: Group):
    note = group.say(server.person("Ana"), "/tags")
    reply = Reply(key_of(group.id, note.message_id), "a" * 4000 + "\n" + "b" * 4000, buttons=BUTTONS)
    group.add(server.bot, "a")
    assert find(server, reply, note.message_id) is None
    last = group.add(server.bot, "b", markup={"inline_keyboard": [[{"text": "More", "callback_data": "/more"}]]})
    assert find(server, reply, note.message_id) == str(last.message_id)
    assert [m.buttons for m in group.from_bot] == [[], ["More"]]


def test_without_a_mark_it_came_after_what_is_known(server: TelegramServer, group: Group):
    known = group.add(server.bot, "known")
    sent = group.add(server.bot, "digest")
    reply = Reply(key_of(group.id), "digest")
    assert find(server, reply, 0, {str(known.message_id)}) == str(sent.message_id)
    assert find(server, reply, 0) is None


def test_chat_that_moved_is_not_searched_by_old_ids(server: TelegramServer):
    old = server.add_group("Meeting", supergroup=False)
    old.add_bot()
    note = old.say(server.person("Ana"), "/status")
    old.migrate()
    assert find(server, Reply(key_of(old.id, note.message_id), "x"), note.message_id) is None


def test_search_goes_on_behind_hundreds_of_messages_and_where_it_was_asked_to_wait(
    server: TelegramServer, group: Group
):
    ana = server.person("Ana")
    note = group.say(ana, "/draft")
    for number in range(200):
        group.say(ana, str(number))
    sent = group.add(server.bot, "sent")
    server.fail("editMessageReplyMarkup", 1, 429, retry_after=1)
    assert find(server, Reply(key_of(group.id, note.message_id), "x"), note.message_id) == str(sent.message_id)
    assert len(server.calls_of("editMessageReplyMarkup")) == 202


def test_trouble_while_searching_is_told(server: TelegramServer, group: Group):
    reply = Reply(key_of(group.id), "x")
    server.fail("editMessageReplyMarkup", 1, 500)
    with pytest.raises(UnreachableError):
        find(server, reply, 1)
