"""What the methods do and refuse, asked by the real client library."""

import pytest
from telegram import InlineKeyboardButton, InlineKeyboardMarkup, ReplyParameters
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Forbidden,
)

from tests.telegram_server import TelegramServer
from tests.telegram_server.client import Client, ask
from tests.telegram_server.conversations import Group


def test_replies_and_lengths(server: TelegramServer, bot: Client, group: Group):
    note = group.say(server.person("Ana"), "#challenge 😀 /x")
    assert bot.send_message(
        group.id, "re", reply_parameters=ReplyParameters(note.message_id)
    ).reply_to_message.text == ("#challenge 😀 /x")
    assert [(e.type, e.offset, e.length) for e in bot.get_updates()[0].message.entities] == [
        ("hashtag", 0, 10),
        ("bot_command", 14, 2),
    ]
    group.delete(note)
    reply = ReplyParameters(note.message_id)
    assert bot.refused("send_message", group.id, "re", reply_parameters=reply) == (
        BadRequest,
        "Message to be replied not found",
    )
    reply = ReplyParameters(note.message_id, allow_sending_without_reply=True)
    assert bot.send_message(group.id, "x" * 4096, reply_parameters=reply).reply_to_message is None
    assert bot.refused("send_message", group.id, "x" * 4097) == (BadRequest, "Message is too long")
    assert bot.refused("send_message", group.id, " ") == (BadRequest, "Message text is empty")
    assert bot.refused("send_message", -1, "x") == (BadRequest, "Chat not found")
    assert [m.text[:2] for m in group.messages if m.sender is server.bot] == ["re", "xx"]


@pytest.mark.parametrize(
    ("html", "reason"),
    [
        ("<b>open", 'can\'t find end tag corresponding to start tag "b"'),
        ("<b><i>x</b></i>", 'unmatched end tag at byte offset 7, expected "</i>", found "</b>"'),
        ("é<h1>x</h1>", 'unsupported start tag "h1" at byte offset 2'),
        ("x</b>", "unexpected end tag at byte offset 1"),
    ],
)
def test_html_that_is_not_nested_is_refused(bot: Client, group: Group, html: str, reason: str):
    refusal = (BadRequest, f"Can't parse entities: {reason}")
    assert bot.refused("send_message", group.id, html, parse_mode="HTML") == refusal
    assert group.from_bot == []


def test_html_becomes_entities(bot: Client, group: Group):
    bot.send_message(group.id, '<b>A &lt; <i>B</i></b> 😀 <a href="https://un.org/?a=1&amp;b">x</a>', parse_mode="HTML")
    message = group.messages[-1]
    assert (message.text, message.entities) == (
        "A < B 😀 x",
        [
            {"type": "bold", "offset": 0, "length": 5},
            {"type": "italic", "offset": 4, "length": 1},
            {"type": "text_link", "url": "https://un.org/?a=1&b", "offset": 9, "length": 1},
        ],
    )


def test_edits_and_buttons(server: TelegramServer, bot: Client, group: Group):
    ana = server.person("Ana")
    keyboard = InlineKeyboardMarkup([[InlineKeyboardButton("Close", callback_data="close:1")]])
    bot.send_message(group.id, "Status", reply_markup=keyboard)
    status = group.messages[-1]
    press = group.press(status, "Close", ana)
    query = bot.get_updates()[0].callback_query
    assert (query.data, query.from_user.id, query.message.message_id) == ("close:1", ana.id, status.message_id)
    assert bot.answer_callback_query(query.id, "Closed") is True
    assert press.answer == {"text": "Closed", "show_alert": False}
    gone = "Query is too old and response timeout expired or query id is invalid"
    assert bot.refused("answer_callback_query", query.id) == (BadRequest, gone)
    bot.edit_message_text("Closed", group.id, status.message_id)
    assert (status.text, status.edits, status.buttons) == ("Closed", ["Status"], [])
    same = "Message is not modified: specified new message content and reply markup are exactly the same"
    kind, reason = bot.refused("edit_message_text", "Closed", group.id, status.message_id)
    assert (kind, reason[: len(same)]) == (BadRequest, same)
    note = group.say(ana, "hers")
    assert bot.refused("edit_message_text", "x", group.id, note.message_id) == (BadRequest, "Message can't be edited")
    group.delete(status)
    assert bot.refused("edit_message_text", "x", group.id, status.message_id) == (
        BadRequest,
        "Message to edit not found",
    )


def test_documents_keep_their_bytes(server: TelegramServer, bot: Client, group: Group):
    bot.send_document(group.id, b"PK\x03\x04draft", filename="draft.docx", caption="Draft 1")
    sent = group.messages[-1]
    assert (sent.document.name, sent.document.content, sent.text) == ("draft.docx", b"PK\x03\x04draft", "Draft 1")
    assert bot.refused("send_document", group.id, b"x", caption="x" * 1025) == (
        BadRequest,
        "Message caption is too long",
    )
    group.say(server.person("Ana"), "#trend", photo=b"jpeg" * 50, media_group_id="album")
    message = bot.get_updates()[0].message
    assert (message.caption, message.media_group_id) == ("#trend", "album")
    assert bot.read(message.photo[-1].file_id) == b"jpeg" * 50
    assert bot.send_document(group.id, sent.document.file_id).document.file_name == "draft.docx"
    large = group.say(server.person("Ben"), document=("large.bin", bytes(20 * 2**20 + 1)))
    assert bot.refused("get_file", large.document.file_id) == (BadRequest, "File is too big")


def test_reactions(server: TelegramServer, bot: Client, group: Group):
    ana = server.person("Ana")
    note = group.say(ana, "#challenge")
    assert bot.set_message_reaction(group.id, note.message_id, "✍") is True
    assert bot.set_message_reaction(group.id, note.message_id, "👌") is True
    assert note.reactions == ["👌"]
    for wrong in ("✅", ["👍", "👎"]):
        assert bot.refused("set_message_reaction", group.id, note.message_id, wrong)[0] is BadRequest
    bot.set_message_reaction(group.id, note.message_id)
    assert note.reactions == []
    album = [group.say(ana, photo=b"x", media_group_id="a") for _ in range(2)]
    bot.set_message_reaction(group.id, album[1].message_id, "✍")
    assert [m.reactions for m in album] == [["✍"], []]
    group.delete(note)
    gone = (BadRequest, "Message to react not found")
    assert bot.refused("set_message_reaction", group.id, note.message_id, "✍") == gone
    # the library gives an empty tuple both where all are allowed and where none is
    assert "available_reactions" not in ask(server, f"getChat?chat_id={group.id}")["result"]
    quiet, few = server.add_group("Quiet", reactions=None), server.add_group("Few", reactions=["👍"])
    for chat, allowed, refused in ((quiet, (), "👍"), (few, ("👍",), "✍")):
        chat.add_bot()
        message = chat.say(ana, "/hi")
        listed = ask(server, f"getChat?chat_id={chat.id}")["result"]["available_reactions"]
        assert listed == [{"type": "emoji", "emoji": emoji} for emoji in allowed]
        invalid = (BadRequest, "Reaction_invalid")
        assert bot.refused("set_message_reaction", chat.id, message.message_id, refused) == invalid


def test_topics(server: TelegramServer, bot: Client):
    server.set_privacy(False)
    ana, group = server.person("Ana"), server.add_group("Forum", forum=True)
    group.add_bot()
    topic = group.add_topic("Working group 1")
    note = group.say(ana, "#trend", topic=topic)
    group.say(ana, "general")
    in_topic, general = [u.message for u in bot.get_updates()[-2:]]
    assert (in_topic.message_thread_id, in_topic.is_topic_message) == (topic.id, True)
    assert in_topic.reply_to_message.forum_topic_created.name == "Working group 1"
    assert (general.message_thread_id, general.is_topic_message, general.reply_to_message) == (None, None, None)
    bot.send_message(group.id, "there", message_thread_id=topic.id)
    bot.send_message(group.id, "follows", reply_parameters=ReplyParameters(note.message_id))
    assert [m.topic for m in group.from_bot] == [topic, topic]
    assert bot.refused("send_message", group.id, "x", message_thread_id=999) == (
        BadRequest,
        "Message thread not found",
    )


def test_migration(server: TelegramServer, bot: Client):
    old = server.add_group("Small", supergroup=False)
    old.add_bot(admin=True)
    old.say(server.person("Ana"), "before")
    new = old.migrate()
    before, after = [u.message for u in bot.get_updates()[-2:]]
    assert (before.chat.id, before.migrate_to_chat_id) == (old.id, new.id)
    assert (after.chat.id, after.migrate_from_chat_id, after.chat.type) == (new.id, old.id, "supergroup")
    with pytest.raises(ChatMigrated) as caught:
        bot.send_message(old.id, "x")
    assert caught.value.new_chat_id == new.id
    bot.send_message(new.id, "here")
    assert [m.text for m in new.from_bot] == ["here"]
    assert bot.get_chat_member(new.id, server.bot.id).status == "administrator"


def test_authors(server: TelegramServer, bot: Client, group: Group):
    ana, channel = server.person("Ana"), server.add_channel("News")
    channel.link(group).add_bot()
    group.say(ana, "1", as_anonymous_admin=True)
    group.say(ana, "2", as_channel=channel)
    group.say(ana, "3", forward_from=server.person("Ben"))
    group.say(ana, "4", forward_from="Hidden")
    group.say(ana, rich=[{"type": "paragraph", "text": "#trend"}])
    channel.post("5", signature="Desk")
    _, one, two, three, four, rich, post, forwarded = bot.get_updates()
    assert (one.message.from_user.id, one.message.sender_chat.id) == (1087968824, group.id)
    assert (two.message.from_user.id, two.message.sender_chat.id) == (136817688, channel.id)
    assert three.message.forward_origin.sender_user.first_name == "Ben"
    assert four.message.forward_origin.sender_user_name == "Hidden"
    assert rich.message.api_kwargs["rich_message"] == {"blocks": [{"type": "paragraph", "text": "#trend"}]}
    assert (post.channel_post.chat.id, post.channel_post.author_signature) == (channel.id, "Desk")
    assert (forwarded.message.from_user.id, forwarded.message.is_automatic_forward) == (777000, True)
    bot.send_message(channel.id, "from the bot")
    assert channel.messages[-1].json()["sender_chat"]["id"] == channel.id


def test_out_of_the_chat(server: TelegramServer, bot: Client, group: Group):
    foreign, private = server.add_group("Foreign"), server.add_private(server.person("Ana"))
    assert bot.refused("send_message", foreign.id, "x") == (BadRequest, "Chat not found")
    start = "Forbidden: bot can't initiate conversation with a user"
    assert bot.refused("send_message", private.id, "x") == (Forbidden, start)
    private.say("/start")
    assert bot.send_message(private.id, "Hello").chat.type == "private"
    private.block()
    assert bot.refused("send_message", private.id, "x") == (Forbidden, "Forbidden: bot was blocked by the user")
    group.restrict(server.bot)
    assert bot.get_chat_member(group.id, server.bot.id).can_send_messages is False
    mute = "Not enough rights to send text messages to the chat"
    assert bot.refused("send_message", group.id, "x") == (BadRequest, mute)
    group.remove_bot()
    kicked = "Forbidden: bot was kicked from the supergroup chat"
    assert bot.refused("send_message", group.id, "x") == (Forbidden, kicked)
    group.say(server.person("Ben"), "unheard")
    assert bot.texts() == ["/start", "my_chat_member", "my_chat_member", "my_chat_member"]
    foreign.add_bot()
    assert bot.leave_chat(foreign.id) is True
    left = "Forbidden: bot is not a member of the supergroup chat"
    assert bot.refused("send_chat_action", foreign.id, "typing") == (Forbidden, left)


def test_menus_by_scope_and_language(server: TelegramServer, bot: Client):
    assert bot.set_my_commands([("draft", "The report")]) is True
    assert bot.set_my_commands([("draft", "Le rapport")], language_code="fr") is True
    assert [c.description for c in bot.get_my_commands(language_code="fr")] == ["Le rapport"]
    assert bot.delete_my_commands(language_code="fr") is True
    assert (bot.get_my_commands(language_code="fr"), len(bot.get_my_commands())) == ((), 1)
    assert bot.refused("set_my_commands", [("Draft", "x")]) == (BadRequest, "Bot_command_invalid")
    assert list(server.commands.values()) == [[{"command": "draft", "description": "The report"}]]
