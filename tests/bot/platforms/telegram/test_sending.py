"""Replies as people see them in Telegram, and what Telegram refuses."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

import pytest

from bot.platforms import BusyError, NoReactionError, NoReactionsError, RefusedError, UnreachableError
from bot.platforms.telegram.platform import TelegramPlatform
from core.replies import Button, DraftFile, FileOfDraft, Reaction, Reply
from tests.bot.platforms.telegram.bench import Inbox, connected, key_of, receiving, until
from tests.telegram_server import Rate, TelegramServer
from tests.telegram_server.conversations import Group
from tests.telegram_server.messages import Message

T = TypeVar("T")
FILE = DraftFile("Report.docx", "application/x", b"PK...")


def run(server: TelegramServer, *steps: Callable[[TelegramPlatform], Awaitable[T]]) -> list[T]:
    async def scene() -> list[T]:
        async with connected(server) as platform:
            return [await step(platform) for step in steps]

    return asyncio.run(scene())


def send(server: TelegramServer, reply: Reply, file: DraftFile | None = None, card: str | None = None) -> str:
    return run(server, lambda platform: platform.send(reply, file, card))[0]


def refusal(server: TelegramServer, reply: Reply, file: DraftFile | None = None) -> tuple[type[Exception], str]:
    with pytest.raises((BusyError, RefusedError, UnreachableError)) as raised:
        send(server, reply, file)
    return type(raised.value), str(raised.value)


def shown(message: Message) -> tuple[str | None, int | None, list[str]]:
    """What a message of the bot's says, what it replies to, and its buttons."""
    return message.text, message.reply_to.message_id if message.reply_to else None, message.buttons


@pytest.mark.parametrize(
    ("reaction", "emoji"),
    [
        (Reaction.FILED, "✍"),
        (Reaction.CHANGED, "👌"),
        (Reaction.NOT_UNDERSTOOD, "🤔"),
        (Reaction.WITHDRAWN, "👎"),
    ],
)
def test_reactions_are_of_the_list_that_telegram_allows(
    server: TelegramServer, group: Group, reaction: Reaction, emoji: str
):
    note = group.say(server.person("Ana"), "#need x")
    assert send(server, Reply(key_of(group.id, note.message_id), reaction=reaction)) == ""
    assert note.reactions == [emoji]


def test_reactions_that_are_off_or_of_a_message_that_is_gone_are_told(server: TelegramServer):
    group = server.add_group("Meeting", reactions=None)
    group.add_bot()
    note, gone = (group.say(server.person("Ana"), text) for text in ("a", "b"))
    group.delete(gone)
    filed = [Reply(key_of(group.id, m.message_id), reaction=Reaction.FILED) for m in (note, gone)]
    assert [refusal(server, reply) for reply in filed] == [
        (NoReactionsError, "Reaction_invalid"),
        (NoReactionError, "Message to react not found"),
    ]
    unknown = Reply(key_of(group.id, "album:77"), reaction=Reaction.FILED)
    assert refusal(server, unknown) == (NoReactionError, "the message cannot be found")


def test_reaction_to_an_album_lands_on_its_first_item(server: TelegramServer, group: Group):
    async def scene() -> None:
        ana, inbox = server.person("Ana"), Inbox()
        first = group.say(ana, "#need x", photo=b"1", media_group_id="77")
        group.say(ana, photo=b"2", media_group_id="77")
        async with connected(server) as platform, receiving(platform, inbox):
            await until(server, lambda: not server.pending)
            album = key_of(group.id, "album:77")
            await platform.send(Reply(album, reaction=Reaction.FILED), None, None)
            sent = await platform.send(Reply(album, "Which one?"), None, None)
        assert first.reactions == ["✍"]
        found = group.find(int(sent))
        assert [shown(m) for m in (found,) if m] == [("Which one?", first.message_id, [])]

    asyncio.run(scene())


def test_words_are_plain_text_and_a_reply_also_when_the_message_is_gone(server: TelegramServer, group: Group):
    note = group.say(server.person("Ana"), "/status")
    reply = Reply(key_of(group.id, note.message_id), "<b>1 < 2</b> _x_ https://un.org")
    first = send(server, reply)
    group.delete(note)
    second = send(server, reply)
    assert [(str(m.message_id), shown(m)) for m in group.from_bot] == [
        (first, (reply.text, note.message_id, [])),
        (second, (reply.text, None, [])),
    ]
    parameters = server.calls_of("sendMessage")[0].parameters
    assert (parameters["link_preview_options"], "parse_mode" in parameters) == ({"is_disabled": True}, False)


def test_answers_in_a_topic_stay_there(server: TelegramServer, group: Group):
    group.forum = True
    topic = group.add_topic("II")
    place = key_of(f"{group.id}/{topic.id}")
    run(
        server,
        lambda platform: platform.show_work(place),
        lambda platform: platform.send(Reply(place, "words"), None, None),
        lambda platform: platform.send(Reply(place, file=FileOfDraft(1, 1, "x")), FILE, None),
    )
    assert [(m.text, m.topic) for m in group.from_bot] == [("words", topic), (None, topic)]
    (action,) = server.calls_of("sendChatAction")
    assert (action.parameters["action"], action.parameters["message_thread_id"]) == ("upload_document", str(topic.id))


def test_long_words_come_in_parts_and_the_id_is_the_last_ones(server: TelegramServer, group: Group):
    note = group.say(server.person("Ana"), "/tags")
    paragraphs = ["a" * 3000, "b" * 3000, "😀" * 2047]
    buttons = ((Button("More", "/tags fr"),),)
    sent = send(server, Reply(key_of(group.id, note.message_id), "\n\n".join(paragraphs), buttons=buttons))
    assert [shown(m) for m in group.from_bot] == [
        (paragraphs[0], note.message_id, []),
        (paragraphs[1], None, []),
        (paragraphs[2], None, ["More"]),
    ]
    assert sent == str(group.from_bot[-1].message_id)


def test_later_part_that_must_wait_does_not_bring_the_first_again():
    with TelegramServer(group_rate=Rate(1, 1)) as server:
        group = server.add_group("Meeting")
        group.add_bot()
        send(server, Reply(key_of(group.id), "a" * 4000 + "\n" + "b" * 4000))
        assert [(m.text or "")[:1] for m in group.from_bot] == ["a", "b"]
        assert [call.status for call in server.calls_of("sendMessage")] == [200, 429, 200]


def test_buttons_carry_commands_and_one_that_is_too_long_is_left_out(server: TelegramServer, group: Group):
    long, just = Button("Long", "/" + "é" * 32), Button("Just", "/" + "x" * 63)
    send(server, Reply(key_of(group.id), "Which?", buttons=((Button("HLPF", "/set template: hlpf"), long), (just,))))
    send(server, Reply(key_of(group.id), "None", buttons=((long,),)))
    first, second = group.from_bot
    assert (first.markup, second.markup) == (
        {
            "inline_keyboard": [
                [{"text": "HLPF", "callback_data": "/set template: hlpf"}],
                [{"text": "Just", "callback_data": just.command}],
            ]
        },
        None,
    )


def test_card_is_edited_and_sent_anew_where_it_is_gone(server: TelegramServer, group: Group):
    place = key_of(group.id)
    first = send(server, Reply(place, "1 note", card="status"))
    again = send(server, Reply(place, "2 notes", card="status"), card=first)
    same = send(server, Reply(place, "2 notes", card="status"), card=first)
    assert ([shown(m) for m in group.from_bot], again, same) == ([("2 notes", None, [])], first, first)
    group.delete(group.from_bot[0])
    anew = send(server, Reply(place, "3 notes", card="status"), card=first)
    others = group.say(server.person("Ana"), "mine")
    more = send(server, Reply(place, "4 notes", card="status"), card=str(others.message_id))
    assert [(str(m.message_id), m.text) for m in group.from_bot] == [(anew, "3 notes"), (more, "4 notes")]


def test_document_has_its_name_and_a_caption_within_the_limit(server: TelegramServer, group: Group):
    note = group.say(server.person("Ana"), "/draft")
    to = key_of(group.id, note.message_id)
    sent = send(server, Reply(to, "Draft 3\n" + "😀" * 520, file=FileOfDraft(1, 3, FILE.name)), FILE)
    (message,) = group.from_bot
    assert message.document is not None
    assert (message.document.name, message.document.content) == (FILE.name, FILE.content)
    assert (str(message.message_id), shown(message)) == (sent, ("Draft 3\n…", note.message_id, []))


def test_press_is_answered_where_it_was_made_and_in_the_chat_when_that_is_too_late(
    server: TelegramServer, group: Group
):
    question = group.add(server.bot, "?", markup={"inline_keyboard": [[{"text": "A", "callback_data": "/a"}]]})
    press = group.press(question, "A", server.person("Ana"))
    to = key_of(group.id, f"press:{press.id}")
    assert send(server, Reply(to, "Done. " * 40)) == ""
    assert press.answer == {"text": ("Done. " * 40)[:198].rstrip() + "…", "show_alert": False}
    late = send(server, Reply(to, "Done."))
    assert [(str(m.message_id), m.text) for m in group.from_bot[1:]] == [(late, "Done.")]


def test_press_whose_answer_has_buttons_is_ended_and_answered_in_the_chat(server: TelegramServer, group: Group):
    question = group.add(server.bot, "?", markup={"inline_keyboard": [[{"text": "A", "callback_data": "/a"}]]})
    press = group.press(question, "A", server.person("Ana"))
    sent = send(server, Reply(key_of(group.id, f"press:{press.id}"), "Zone?", buttons=((Button("UTC", "/z"),),)))
    message = group.from_bot[-1]
    assert (str(message.message_id), shown(message)) == (sent, ("Zone?", None, ["UTC"]))
    assert press.answer == {"text": "", "show_alert": False}


def test_migration_is_followed_at_once_and_old_ids_mean_nothing_there(server: TelegramServer):
    old = server.add_group("Meeting", supergroup=False)
    old.add_bot()
    note = old.say(server.person("Ana"), "/status")
    new = old.migrate()
    for number in range(note.message_id + 2):
        new.say(server.person("Ben"), str(number))
    to = key_of(old.id, note.message_id)
    run(
        server,
        lambda platform: platform.send(Reply(to, "one"), None, None),
        lambda platform: platform.send(Reply(to, "two", card="c"), None, str(note.message_id)),
    )
    assert [shown(m) for m in new.from_bot] == [("one", None, []), ("two", None, [])]
    assert refusal(server, Reply(to, reaction=Reaction.FILED)) == (NoReactionError, "the message cannot be found")
    assert all(message.reactions == [] for message in new.messages)


@pytest.mark.parametrize(
    ("status", "error"),
    [
        (500, (UnreachableError, "Internal Server Error")),
        ("drop", (UnreachableError, "no connection (RemoteProtocolError)")),
        (429, (BusyError, "wait 7 s")),
        (401, (UnreachableError, "the token is not accepted")),
        (413, (RefusedError, "the file is larger than Telegram takes")),
    ],
)
def test_trouble_is_told_apart(server: TelegramServer, group: Group, status: Any, error: tuple[type[Exception], str]):
    server.fail("sendDocument", 1, status, retry_after=7)
    assert refusal(server, Reply(key_of(group.id), "x"), FILE) == error
    assert group.from_bot == []


def test_refusals_say_why(server: TelegramServer, group: Group):
    reply = Reply(key_of(group.id), "words")
    group.restrict(server.bot)
    told = [refusal(server, reply)]
    group.remove_bot()
    told += [refusal(server, reply), refusal(server, Reply(key_of(-1), "words"))]
    told.append(refusal(server, Reply(key_of(-1, 5), reaction=Reaction.FILED)))
    assert told == [
        (RefusedError, "Not enough rights to send text messages to the chat"),
        (RefusedError, "Forbidden: bot was kicked from the supergroup chat"),
        (RefusedError, "Chat not found"),
        (RefusedError, "Chat not found"),
    ]


def test_attachment_is_fetched_within_the_limit(server: TelegramServer, group: Group):
    voice, big = server.keep("v.ogg", "audio/ogg", b"voice"), server.keep("b", "x", bytes(20 * 2**20 + 1))
    assert run(server, lambda platform: platform.fetch(voice.file_id)) == [b"voice"]
    told = []
    for ref in (big.file_id, "unknown"):
        with pytest.raises(RefusedError) as raised:
            run(server, lambda platform, ref=ref: platform.fetch(ref))
        told.append(str(raised.value))
    assert told == ["the file is larger than the 20 MB that Telegram gives out to bots", "Invalid file_id"]


def test_key_of_another_chat_has_marks_of_its_own(server: TelegramServer, group: Group):
    async def scene() -> list[str]:
        ana, inbox = server.person("Ana"), Inbox()
        private = server.add_private(ana)
        other = server.add_group("Basic", supergroup=False)
        async with connected(server) as platform, receiving(platform, inbox):
            last, word = group.say(ana, "one"), private.say("hello")
            await until(server, lambda: not server.pending)
            sent = await platform.send(Reply(key_of(group.id), "x"), None, None)
            assert (int(sent) > last.message_id, word is not None) == (True, True)
            keys = [key_of(group.id), key_of(group.id, 999), key_of(other.id), key_of(-1001000000099)]
            assert word is not None
            marks = [platform.mark(key).replace(sent, "sent").replace(str(word.message_id), "word") for key in keys]
            # of the last one nothing was seen, unless an earlier run has
            return [*marks, platform.mark(keys[-1], {"7", "41", "clock:x"})]

    # a basic group and a private chat share the account's numbers
    assert asyncio.run(scene()) == ["sent", "999", "word", "", "41"]
