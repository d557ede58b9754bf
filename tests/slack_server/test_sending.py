"""Methods that write: messages, their changes, reactions, files."""

import json
import urllib.error
import urllib.request
from typing import Any

import pytest

from tests.slack_server import SlackServer
from tests.slack_server.channels import Channel
from tests.slack_server.client import Client
from tests.slack_server.people import Person


def section(text: str, **more: Any) -> dict[str, Any]:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text, **more}}


def buttons(*labels: str) -> dict[str, Any]:
    return {
        "type": "actions",
        "elements": [
            {"type": "button", "action_id": f"a{label}", "text": {"type": "plain_text", "text": label}, "value": "/v"}
            for label in labels
        ],
    }


def test_post_is_seen_and_told(slack: SlackServer, bot: Client, channel: Channel, ana: Person):
    slack.add_channel("challenge")
    root = channel.say(ana, "root")
    blocks = [section("#challenge *x*"), section("#challenge &lt;y&gt;", verbatim=True), buttons("Draft", "Status")]
    answer = bot.chat_postMessage(channel=channel.id, text="fallback", blocks=blocks, thread_ts=root.ts)
    (message,) = channel.from_bot
    assert (message.thread, message.ts, message.buttons) == (root, answer["ts"], ["Draft", "Status"])
    # what is not verbatim is linked
    assert message.blocks[0]["text"]["text"] == "<#C00002|challenge> *x*"
    assert message.plain == "#challenge *x*\n#challenge <y>"
    event = slack.deliveries[-1].payload["event"]
    assert (event["bot_id"], event["app_id"], event["user"], event["thread_ts"], "subtype" in event) == (
        "B00001",
        "A00001",
        "U0BOT",
        root.ts,
        False,
    )
    assert answer["message"]["text"] == "fallback"


def test_post_is_refused(slack: SlackServer, bot: Client, channel: Channel, ana: Person):
    stranger = slack.add_channel("other")
    here = {"channel": channel.id}
    assert [
        bot.refused("chat_postMessage", channel="C9", text="x"),
        bot.refused("chat_postMessage", channel=stranger.id, text="x"),
        bot.refused("api_call", api_method="chat.postMessage", json=here),
        bot.refused("chat_postMessage", **here, text="x", thread_ts="1.0"),
        bot.refused("chat_postMessage", **here, text="x", metadata={"event_type": "x"}),
        bot.refused("chat_postMessage", **here, text="x", blocks=[section("x" * 3001)]),
        bot.refused("chat_postMessage", **here, text="x", blocks=[section("")]),
        bot.refused("chat_postMessage", **here, text="x", blocks=[section("x")] * 51),
        bot.refused("chat_postMessage", **here, text="x", blocks=[buttons("x" * 76)]),
        bot.refused("chat_postMessage", **here, text="x", blocks=[buttons("a", "a")]),
    ] == [
        "channel_not_found",
        "not_in_channel",
        "no_text",
        "thread_not_found",
        "invalid_metadata_format",
        *["invalid_blocks"] * 5,
    ]
    channel.archive(ana)
    assert bot.refused("chat_postMessage", **here, text="x") == "is_archived"
    slack.scopes.discard("chat:write")
    assert bot.refused("chat_postMessage", **here, text="x") == "missing_scope"
    assert channel.from_bot == []


def test_answer_to_what_was_deleted_stays_in_its_thread(bot: Client, channel: Channel, ana: Person):
    message = channel.say(ana, "gone")
    channel.delete(message)
    bot.chat_postMessage(channel=channel.id, text="late", thread_ts=message.ts)
    assert [(m.text, m.thread_ts) for m in channel.messages] == [("late", message.ts)]


def test_update_and_delete(slack: SlackServer, bot: Client, channel: Channel, ana: Person):
    ts = bot.chat_postMessage(channel=channel.id, text="a", blocks=[buttons("Draft")])["ts"]
    theirs = channel.say(ana, "x")
    bot.chat_update(channel=channel.id, ts=ts, text="b", blocks=[section("b")])
    (message,) = channel.from_bot
    assert (message.text, message.edits, message.buttons, bool(message.edited)) == ("b", ["a"], [], True)
    assert bot.refused("chat_update", channel=channel.id, ts=theirs.ts, text="y") == "cant_update_message"
    assert bot.refused("chat_delete", channel=channel.id, ts=theirs.ts) == "cant_delete_message"
    bot.chat_delete(channel=channel.id, ts=ts)
    assert bot.refused("chat_update", channel=channel.id, ts=ts, text="c") == "message_not_found"
    assert channel.messages == [theirs]
    assert [d.payload["event"].get("subtype") for d in slack.deliveries] == [
        None,
        None,
        "message_changed",
        "message_deleted",
    ]


def test_reactions(slack: SlackServer, bot: Client, channel: Channel, ana: Person):
    message = channel.say(ana, "x")
    at = {"channel": channel.id, "timestamp": message.ts}
    bot.reactions_add(**at, name="writing_hand")
    channel.react(ana, message, "writing_hand")
    assert message.reactions == {"writing_hand": ["U0BOT", ana.id]}
    assert bot.reactions_get(**at)["message"]["reactions"] == [
        {"name": "writing_hand", "users": ["U0BOT", ana.id], "count": 2}
    ]
    assert bot.refused("reactions_add", **at, name="writing_hand") == "already_reacted"
    assert bot.refused("reactions_add", **at, name="Not a name") == "invalid_name"
    assert bot.refused("reactions_remove", **at, name="tada") == "no_reaction"
    bot.reactions_remove(**at, name="writing_hand")
    assert message.reactions == {"writing_hand": [ana.id]}
    for number in range(23):
        bot.reactions_add(**at, name=f"r{number}")
    assert bot.refused("reactions_add", **at, name="one_more") == "too_many_reactions"
    channel.delete(message)
    assert bot.refused("reactions_add", **at, name="tada") == "message_not_found"


def test_ephemeral_and_permalink(slack: SlackServer, bot: Client, channel: Channel, ana: Person):
    message = channel.say(ana, "x")
    bot.chat_postEphemeral(channel=channel.id, user=ana.id, text="only you")
    assert [(e.channel, e.person, e.text) for e in slack.ephemerals] == [(channel, ana, "only you")]
    outsider = slack.person("Ben")
    error = bot.refused("chat_postEphemeral", channel=channel.id, user=outsider.id, text="x")
    assert error == "user_not_in_channel"
    assert bot.chat_getPermalink(channel=channel.id, message_ts=message.ts)["permalink"] == message.link


def test_direct_messages(slack: SlackServer, bot: Client, ana: Person):
    opened = bot.conversations_open(users=ana.id)["channel"]["id"]
    bot.chat_postMessage(channel=opened, text="by channel")
    bot.chat_postMessage(channel=ana.id, text="by person")
    assert [message.text for message in slack.direct(ana).messages] == ["by channel", "by person"]


def test_file_is_uploaded_and_shared(slack: SlackServer, bot: Client, channel: Channel, ana: Person):
    root = channel.say(ana, "/draft")
    given = {"content": b"PK docx", "filename": "report.docx", "initial_comment": "a &amp; b", "thread_ts": root.ts}
    answer = bot.files_upload_v2(channel=channel.id, **given)
    (message,) = channel.from_bot
    (file,) = message.files
    assert (file.name, file.content, message.text, message.plain, message.thread) == (
        "report.docx",
        b"PK docx",
        "a &amp; b",
        "a & b",
        root,
    )
    assert answer["files"][0]["id"] == file.id
    event = slack.deliveries[-1].payload["event"]
    assert (event["subtype"], event["bot_id"], event["files"][0]["name"]) == ("file_share", "B00001", "report.docx")
    shares = bot.files_info(file=file.id)["file"]["shares"]
    assert shares == {"public": {channel.id: [{"ts": message.ts, "channel_name": "meeting", "thread_ts": root.ts}]}}
    # an upload holds once
    again = bot.refused("files_completeUploadExternal", files=[{"id": file.id}], channel_id=channel.id)
    assert (again, len(channel.from_bot)) == ("file_not_found", 1)


def test_file_is_not_there_before_slack_has_looked_at_it(slack: SlackServer, bot: Client, channel: Channel):
    slack.share_delay = 0.5
    bot.files_upload_v2(channel=channel.id, content=b"x", filename="a.docx")
    assert channel.from_bot == []
    assert len(slack.wait_until(lambda: channel.from_bot)) == 1


def test_upload_of_another_length_is_refused(slack: SlackServer, bot: Client, channel: Channel):
    made = bot.files_getUploadURLExternal(filename="a.docx", length=5)
    assert post(made["upload_url"], b"four") == (400, "the length is not as said")
    named = {"files": [{"id": made["file_id"]}], "channel_id": channel.id}
    assert bot.refused("files_completeUploadExternal", **named) == "file_not_found"
    assert post(made["upload_url"], b"five!") == (200, "OK - 5")
    bot.files_completeUploadExternal(**named)
    assert [file.content for file in channel.from_bot[0].files] == [b"five!"]


def test_attachment_is_given_for_the_token_only(slack: SlackServer, channel: Channel, ana: Person):
    message = channel.say(ana, "#photo", files=[("a b.png", b"\x89PNG")])
    url = message.files[0].json()["url_private_download"].replace(" ", "%20")
    assert get(url, slack.bot_token) == ("image/png", b"\x89PNG")
    assert get(url, "xoxb-other")[0] == "text/html"
    slack.fail("download", status=500)
    with pytest.raises(urllib.error.HTTPError, match="500") as caught:
        get(url, slack.bot_token)
    caught.value.close()


def test_response_url_holds_five_times(slack: SlackServer, channel: Channel, ana: Person):
    url = slack.command("/draft", "", ana, channel).payload["response_url"]
    body = json.dumps({"text": "later"}).encode()
    assert [post(url, body, "application/json") for _ in range(6)] == [(200, "ok")] * 5 + [(404, "used_url")]
    assert [e.text for e in slack.ephemerals] == ["later"] * 5


def get(url: str, token: str) -> tuple[str, bytes]:
    request = urllib.request.Request(url, headers={"Authorization": f"Bearer {token}"})
    with urllib.request.urlopen(request) as answer:
        return answer.headers.get_content_type(), answer.read()


def post(url: str, body: bytes, content_type: str = "application/octet-stream") -> tuple[int, str]:
    request = urllib.request.Request(url, body, {"Content-Type": content_type})
    try:
        with urllib.request.urlopen(request) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read().decode()
