"""Replies as people see them in Slack, and what Slack refuses."""

import asyncio
from typing import Any

import pytest

from bot.platforms import BusyError, NoReactionError, RefusedError, UnreachableError
from core.replies import Button, DraftFile, FileOfDraft, Reaction, Reply
from tests.bot.platforms.slack.bench import connected, key_of, refusal, run, send
from tests.slack_server import SlackServer
from tests.slack_server.channels import Channel
from tests.slack_server.messages import Message

FILE = DraftFile("Report.docx", "application/x", b"PK...")


def shown(message: Message) -> tuple[str, str | None, list[str]]:
    """What a message says, whose thread it stands in, and its buttons."""
    return message.plain, message.thread.ts if message.thread else None, message.buttons


# --- reactions -----------------------------------------------------------------------------------------------------


def test_reactions_are_one_at_a_time(slack: SlackServer, channel: Channel):
    note = channel.say(slack.person("Ana"), "#need x")
    signs = []
    for reaction in Reaction:
        assert send(slack, Reply(key_of(channel, note), reaction=reaction)) == ""
        signs.append({name: list(users) for name, users in note.reactions.items()})
    assert signs == [{name: ["U0BOT"]} for name in ("writing_hand", "ok_hand", "thinking_face", "thumbsdown")]


def test_former_sign_is_remembered_while_the_bot_runs(slack: SlackServer, channel: Channel):
    note = channel.say(slack.person("Ana"), "#need x")
    filed, changed = (Reply(key_of(channel, note), reaction=r) for r in (Reaction.FILED, Reaction.CHANGED))
    run(slack, *(lambda platform, reply=reply: platform.send(reply, None, None) for reply in (filed, changed, filed)))
    assert note.reactions == {"writing_hand": ["U0BOT"]}
    assert [call.method for call in slack.calls if call.method.startswith("reactions")] == [
        "reactions.get",
        "reactions.add",
        "reactions.add",
        "reactions.remove",
        "reactions.add",
        "reactions.remove",
    ]


def test_signs_of_others_stay(slack: SlackServer, channel: Channel):
    ana = slack.person("Ana")
    note = channel.say(ana, "#need x")
    channel.react(ana, note, "ok_hand")
    channel.react(ana, note, "tada")
    send(slack, Reply(key_of(channel, note), reaction=Reaction.FILED))
    assert note.reactions == {"ok_hand": [ana.id], "tada": [ana.id], "writing_hand": ["U0BOT"]}


def test_sign_that_is_there_already_and_one_that_is_gone_are_success(slack: SlackServer, channel: Channel):
    note = channel.say(slack.person("Ana"), "#need x")
    key = key_of(channel, note)

    async def scene() -> None:
        async with connected(slack) as platform:
            await platform.send(Reply(key, reaction=Reaction.FILED), None, None)
            slack.fail("reactions.add", 1, error="already_reacted")
            await platform.send(Reply(key, reaction=Reaction.FILED), None, None)
            slack.fail("reactions.remove", 1, error="no_reaction")
            await platform.send(Reply(key, reaction=Reaction.CHANGED), None, None)

    asyncio.run(scene())
    assert list(note.reactions) == ["writing_hand", "ok_hand"]


def test_message_that_cannot_have_a_sign_is_told_apart(slack: SlackServer, channel: Channel):
    """1.12: none of these is fatal."""
    note, gone = (channel.say(slack.person("Ana"), text) for text in ("a", "b"))
    channel.delete(gone)
    told = [refusal(slack, Reply(key_of(channel, gone), reaction=Reaction.FILED))]
    for error in ("too_many_reactions", "too_many_emoji", "thread_locked"):
        slack.fail("reactions.add", 1, error=error)
        told.append(refusal(slack, Reply(key_of(channel, note), reaction=Reaction.FILED)))
    many = (NoReactionError, "the message has as many reactions as there can be")
    assert told == [(NoReactionError, "the message is gone"), many, many, (NoReactionError, "the thread is locked")]


def test_sign_for_a_note_by_the_shortcut_stands_on_the_message(slack: SlackServer, channel: Channel):
    note = channel.say(slack.person("Ana"), "x")
    send(slack, Reply(key_of(channel, "note:V1"), reaction=Reaction.FILED, thread=note.ts))
    assert note.reactions == {"writing_hand": ["U0BOT"]}


@pytest.mark.parametrize("name", ["", "command:1.2", "press:3.4", "note:V1"])
def test_what_is_no_message_gets_no_sign(slack: SlackServer, channel: Channel, name: str):
    assert send(slack, Reply(key_of(channel, name), reaction=Reaction.NOT_UNDERSTOOD)) == ""
    assert slack.calls_of("reactions.add") == []


# --- words ---------------------------------------------------------------------------------------------------------


def test_words_are_escaped_and_verbatim_and_in_the_thread(slack: SlackServer, channel: Channel):
    note = channel.say(slack.person("Ana"), "#need x")
    text = "<!channel> 1 < 2 & <@U1> #need https://un.org &amp;"
    sent = send(slack, Reply(key_of(channel, note), text))
    (message,) = channel.from_bot
    escaped = "&lt;!channel&gt; 1 &lt; 2 &amp; &lt;@U1&gt; #need https://un.org &amp;amp;"
    assert (message.ts, shown(message)) == (sent, (text, note.ts, []))
    assert message.blocks[0]["text"] == {"type": "mrkdwn", "text": escaped, "verbatim": True}
    call = slack.calls_of("chat.postMessage")[0].parameters
    assert (message.text, call["unfurl_links"], call["unfurl_media"]) == (escaped, False, False)


@pytest.mark.parametrize(
    ("name", "thread", "stands_in"),
    [("", "", ""), ("command:1", "", ""), ("press:1", "", ""), ("note:V1", "root", "root"), ("reply", "root", "root")],
)
def test_answers_stand_where_they_belong(slack: SlackServer, channel: Channel, name: str, thread: str, stands_in: str):
    ana = slack.person("Ana")
    root = channel.say(ana, "talk")
    reply = channel.say(ana, "#need x", thread=root)
    known = {"root": root.ts, "reply": reply.ts}
    send(slack, Reply(key_of(channel, known.get(name, name)), "words", thread=known.get(thread, "")))
    assert [shown(m)[1] for m in channel.from_bot] == [known.get(stands_in)]


def test_long_words_come_in_sections_and_in_several_messages(slack: SlackServer, channel: Channel):
    lines = [f"{n:04} " + "&" * 95 for n in range(150)]
    sent = send(slack, Reply(key_of(channel), "\n".join(lines), buttons=((Button("More", "/tags fr"),),)))
    messages = channel.from_bot
    texts = [block["text"]["text"] for m in messages for block in m.blocks if block["type"] == "section"]
    assert "\n".join(texts).replace("&amp;", "&").split("\n") == lines
    assert [max(map(len, texts)) <= 3000, [m.buttons for m in messages][-1], sent] == [True, ["More"], messages[-1].ts]
    assert [m.buttons for m in messages][:-1] == [[]] * (len(messages) - 1)
    assert len(messages) > 2


def test_line_that_is_too_long_is_cut_between_words_and_never_in_an_entity(slack: SlackServer, channel: Channel):
    send(slack, Reply(key_of(channel), "&" * 1300 + " " + "word " * 900))
    (message,) = channel.from_bot
    pieces = [block["text"]["text"] for block in message.blocks]
    assert "".join(pieces).replace("&amp;", "&").replace(" ", "") == "&" * 1300 + "word" * 900
    assert [piece[-5:] for piece in pieces[:-1] if piece[-5:] not in ("&amp;", " word")] == []
    assert len(pieces) == 4


def test_later_part_that_must_wait_does_not_bring_the_first_again(slack: SlackServer, channel: Channel):
    async def scene() -> None:
        async with connected(slack) as platform:
            sending = asyncio.create_task(platform.send(Reply(key_of(channel), "a\n" * 9000), None, None))
            await asyncio.to_thread(slack.wait_until, lambda: channel.from_bot)
            await sending

    slack.fail("chat.postMessage", 1, 429, retry_after=1)
    assert refusal(slack, Reply(key_of(channel), "a\n" * 9000)) == (BusyError, "wait 1 s")
    asyncio.run(scene())
    assert len(channel.from_bot) == 2


def test_rows_of_buttons_carry_commands(slack: SlackServer, channel: Channel):
    seven = tuple(Button(f"B{n}", f"/set zone: {n}") for n in range(7))
    long = Button("L" * 80, "/draft", "C9")
    lost = Button("Lost", "/" + "é" * 2000)
    send(slack, Reply(key_of(channel), "Which?", buttons=(seven, (long, lost), (lost,))))
    rows = [block["elements"] for block in channel.from_bot[0].blocks if block["type"] == "actions"]
    assert [[(b["text"]["text"], b["value"]) for b in row] for row in rows] == [
        [(f"B{n}", f'{{"command": "/set zone: {n}"}}') for n in range(5)],
        [(f"B{n}", f'{{"command": "/set zone: {n}"}}') for n in (5, 6)],
        [("L" * 74 + "…", '{"command": "/draft", "chat": "C9"}')],
    ]


def test_card_is_edited_and_sent_anew_where_it_is_gone(slack: SlackServer, channel: Channel):
    place = key_of(channel)
    first = send(slack, Reply(place, "1 note", card="status"))
    again = send(slack, Reply(place, "2 notes", card="status", buttons=((Button("B", "/x"),),)), card=first)
    assert ([shown(m) for m in channel.from_bot], again) == ([("2 notes", None, ["B"])], first)
    channel.delete(channel.from_bot[0])
    anew = send(slack, Reply(place, "3 notes", card="status"), card=first)
    others = channel.say(slack.person("Ana"), "mine")
    more = send(slack, Reply(place, "4 notes", card="status"), card=others.ts)
    assert [(m.ts, m.plain) for m in channel.from_bot] == [(anew, "3 notes"), (more, "4 notes")]


def test_empty_words_are_not_sent(slack: SlackServer, channel: Channel):
    assert (send(slack, Reply(key_of(channel), " \n ")), channel.from_bot) == ("", [])


# --- files ---------------------------------------------------------------------------------------------------------


def test_file_has_its_name_its_bytes_and_a_comment_in_the_thread(slack: SlackServer, channel: Channel):
    """1.6: uploaded in three steps; what is not completed is thrown away."""
    note = channel.say(slack.person("Ana"), "@rapporteur draft")
    sent = send(slack, Reply(key_of(channel, note), "Draft 3: 4 < 5", file=FileOfDraft(1, 3, FILE.name)), FILE)
    slack.wait_until(lambda: channel.from_bot)
    (message,) = channel.from_bot
    assert [(f"file:{f.id}", f.name, f.content) for f in message.files] == [(sent, FILE.name, FILE.content)]
    assert (message.plain, message.text, message.thread) == ("Draft 3: 4 < 5", "Draft 3: 4 &lt; 5", note)


def test_file_without_a_comment(slack: SlackServer, channel: Channel):
    send(slack, Reply(key_of(channel), file=FileOfDraft(1, 3, FILE.name)), FILE)
    slack.wait_until(lambda: channel.from_bot)
    assert [(m.text, m.thread, len(m.files)) for m in channel.from_bot] == [("", None, 1)]


@pytest.mark.parametrize("method", ["files.getUploadURLExternal", "files.completeUploadExternal"])
def test_upload_that_fails_is_trouble(slack: SlackServer, channel: Channel, method: str):
    slack.fail(method, 1, 500)
    told = refusal(slack, Reply(key_of(channel), file=FileOfDraft(1, 3, FILE.name)), FILE)
    assert (told, channel.from_bot) == ((UnreachableError, "Slack answers 500"), [])


def test_attachment_is_fetched_with_the_token(slack: SlackServer, channel: Channel):
    note = channel.say(slack.person("Ana"), "", files=[("photo.jpg", b"jpeg")])
    ref = note.json()["files"][0]["url_private_download"]
    assert run(slack, lambda platform: platform.fetch(ref)) == [b"jpeg"]
    told = []
    # the token goes to nobody but Slack
    for wanted in (ref.replace(note.files[0].id, "F404"), "https://drive.example.org/x", ref, "http://127.0.0.1:9/x"):
        if wanted == ref:
            slack.fail("download", 1, 503)
        with pytest.raises((RefusedError, UnreachableError)) as raised:
            run(slack, lambda platform, wanted=wanted: platform.fetch(wanted))
        told.append((type(raised.value), str(raised.value)))
    assert told == [
        (RefusedError, "the file is gone, or the bot may not read it"),
        (RefusedError, "the file is kept elsewhere; the message's link leads to it"),
        (UnreachableError, "Slack answers 503"),
        (UnreachableError, "no connection (ClientConnectorError)"),
    ]


# --- trouble -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        ({"status": 500}, (UnreachableError, "Slack answers 500")),
        ({"error": "fatal_error"}, (UnreachableError, "Slack is in trouble: fatal_error")),
        ({"error": "invalid_auth"}, (UnreachableError, "the token is not accepted")),
        ({"status": 429, "retry_after": 7}, (BusyError, "wait 7 s")),
        ({"error": "ratelimited"}, (BusyError, "wait 5 s")),
        ({"error": "account_inactive"}, (RefusedError, "the app was removed from the workspace; install it again")),
        ({"error": "is_archived"}, (RefusedError, "the channel is archived")),
        ({"error": "msg_too_long"}, (RefusedError, "Slack says msg_too_long")),
    ],
)
def test_trouble_is_told_apart(
    slack: SlackServer, channel: Channel, fault: dict[str, Any], error: tuple[type[Exception], str]
):
    slack.fail("chat.postMessage", 1, **fault)
    assert refusal(slack, Reply(key_of(channel), "x")) == error
    assert channel.from_bot == []


def test_answer_that_is_lost_is_not_sent_again(slack: SlackServer, channel: Channel):
    """1.8: the library's own handler posts again after a dropped answer, which makes two of one."""
    slack.fail("chat.postMessage", 1, "drop", after=True)
    told = refusal(slack, Reply(key_of(channel), "x"))
    assert (told, len(channel.from_bot)) == ((UnreachableError, "no connection (ServerDisconnectedError)"), 1)
    assert len(slack.calls_of("chat.postMessage")) == 1


def test_wait_that_slack_wants_is_obeyed_for_each_method(slack: SlackServer, channel: Channel):
    """1.8: 429 with Retry-After, which the library by itself waits out once at most."""
    note = channel.say(slack.person("Ana"), "#need x")
    file = Reply(key_of(channel), file=FileOfDraft(1, 1, FILE.name))
    replies = [Reply(key_of(channel), "x"), Reply(key_of(channel, note), reaction=Reaction.FILED)]

    async def scene() -> list[float]:
        waits = []
        async with connected(slack) as platform:
            slack.fail("*", 1000, 429, retry_after=3)
            tried = [
                (replies[0], None, None),
                (replies[1], None, None),
                (file, FILE, None),
                (replies[0], None, "1.000001"),
            ]
            for reply, sent, card in tried:
                with pytest.raises(BusyError) as raised:
                    await platform.send(reply, sent, card)
                waits.append(raised.value.seconds)
        return waits

    assert asyncio.run(scene()) == [3.0] * 4


def test_refusals_say_why(slack: SlackServer, channel: Channel):
    olga = slack.person("Olga")
    other = slack.add_channel("other")
    hidden = slack.add_channel("hidden", private=True)
    told = [refusal(slack, Reply(key_of(where), "words")) for where in (other, hidden, "C404")]
    told.append(refusal(slack, Reply(key_of(other), file=FileOfDraft(1, 1, FILE.name)), FILE))
    channel.archive(olga)
    told.append(refusal(slack, Reply(key_of(channel), "words")))
    slack.scopes.discard("chat:write")
    told.append(refusal(slack, Reply(key_of(channel), "words")))
    gone = (RefusedError, "the channel is gone, or the bot is not in it; invite it with /invite")
    absent = (RefusedError, "the bot is not in the channel; invite it with /invite")
    assert told == [
        absent,
        gone,
        gone,
        absent,
        (RefusedError, "the channel is archived"),
        (RefusedError, "the app lacks the scope chat:write; install it again from its manifest"),
    ]
