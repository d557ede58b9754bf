"""conversations.history and .replies, page by page."""

from typing import Any

import pytest

from tests.slack_server import SlackServer
from tests.slack_server.channels import Channel
from tests.slack_server.client import Client
from tests.slack_server.messages import Message
from tests.slack_server.people import Person


@pytest.fixture
def said(channel: Channel, ana: Person) -> list[Message]:
    return [channel.say(ana, str(number)) for number in range(7)]


def pages(bot: Client, method: str, **named: Any) -> list[list[str]]:
    """The texts of all pages."""
    found, cursor = [], None
    while True:
        answer = getattr(bot, method)(**named, cursor=cursor)
        found.append([message["text"] for message in answer["messages"]])
        cursor = answer.get("response_metadata", {}).get("next_cursor")
        assert answer["has_more"] == bool(cursor)
        if not cursor:
            return found


def test_history_goes_back_from_the_newest(bot: Client, channel: Channel, said: list[Message]):
    joined = "<@U0BOT> has joined the channel"
    assert pages(bot, "conversations_history", channel=channel.id, limit=3) == [
        ["6", "5", "4"],
        ["3", "2", "1"],
        ["0", joined],
    ]
    assert pages(bot, "conversations_history", channel=channel.id, latest=said[2].ts) == [["1", "0", joined]]


def test_history_with_oldest_only_goes_on_from_there(bot: Client, channel: Channel, said: list[Message]):
    given = {"channel": channel.id, "oldest": said[1].ts, "limit": 2}
    assert pages(bot, "conversations_history", **given) == [["3", "2"], ["5", "4"], ["6"]]
    assert pages(bot, "conversations_history", **given, inclusive=True) == [["2", "1"], ["4", "3"], ["6", "5"]]
    assert pages(bot, "conversations_history", **given, latest=said[4].ts) == [["3", "2"]]


def test_page_size_caps_what_is_asked_for(slack: SlackServer, bot: Client, channel: Channel, said: list[Message]):
    slack.page_size = 5
    assert [len(page) for page in pages(bot, "conversations_history", channel=channel.id, limit=200)] == [5, 3]


def test_pages_hold_while_people_write(slack: SlackServer, bot: Client, channel: Channel, said: list[Message]):
    first = bot.conversations_history(channel=channel.id, limit=4)
    channel.say(slack.people[said[0].sender.id], "meanwhile")
    cursor = first["response_metadata"]["next_cursor"]
    second = bot.conversations_history(channel=channel.id, limit=4, cursor=cursor)
    assert [message["text"] for message in second["messages"]][:3] == ["2", "1", "0"]


def test_thread_replies_stand_apart_but_broadcasts(bot: Client, channel: Channel, ana: Person):
    root = channel.say(ana, "root")
    channel.say(ana, "one", thread=root)
    loud = channel.say(ana, "two", thread=root, broadcast=True)
    three = channel.say(ana, "three", thread=root)
    history = bot.conversations_history(channel=channel.id, oldest=root.ts, inclusive=True)["messages"]
    assert [(m["text"], m.get("subtype"), m.get("reply_count"), m.get("latest_reply")) for m in history] == [
        ("two", "thread_broadcast", None, None),
        ("root", None, 3, three.ts),
    ]
    # the root comes first, on each page and whatever the range
    found = {"channel": channel.id, "ts": root.ts, "limit": 2}
    assert pages(bot, "conversations_replies", **found) == [["root", "one", "two"], ["root", "three"]]
    assert pages(bot, "conversations_replies", **found, oldest=loud.ts) == [["root", "three"]]
    assert pages(bot, "conversations_replies", channel=channel.id, ts=three.ts) == [["root", "one", "two", "three"]]


def test_changes_show_in_the_history(bot: Client, channel: Channel, ana: Person):
    edited, gone, root = (channel.say(ana, text) for text in ("a", "gone", "root"))
    reply = channel.say(ana, "reply", thread=root)
    channel.edit(edited, "b")
    channel.delete(gone)
    channel.delete(root)
    shared = channel.say(ana, "#photo", files=[("a.png", b"png")])
    history = bot.conversations_history(channel=channel.id, oldest=edited.ts, inclusive=True)["messages"]
    assert [(m["text"], m.get("subtype"), m.get("edited")) for m in history] == [
        ("#photo", None, None),
        ("This message was deleted.", "tombstone", None),
        ("b", None, {"user": ana.id, "ts": edited.edited["ts"] if edited.edited else ""}),
    ]
    assert [file["id"] for file in history[0]["files"]] == [file.id for file in shared.files]
    replies = bot.conversations_replies(channel=channel.id, ts=root.ts)["messages"]
    assert [(m["ts"], m.get("subtype")) for m in replies] == [(root.ts, "tombstone"), (reply.ts, None)]
    assert bot.refused("conversations_replies", channel=channel.id, ts=gone.ts) == "thread_not_found"


def test_history_says_the_same_as_the_event(slack: SlackServer, bot: Client, channel: Channel, ana: Person):
    root = channel.say(ana, "root @Ana & <b>")
    channel.say(ana, "reply", thread=root)
    told = [d.payload["event"] for d in slack.deliveries]
    replies = bot.conversations_replies(channel=channel.id, ts=root.ts)["messages"]
    for event, message in zip(told, replies, strict=True):
        shared = {key: message[key] for key in message if key in event}
        assert shared == {key: event[key] for key in shared}
        assert set(event) - set(message) == {"channel", "channel_type", "event_ts"}


def test_free_workspace_hides_what_is_old(slack: SlackServer, bot: Client, channel: Channel, said: list[Message]):
    slack.hidden_before = said[5].ts
    answer = bot.conversations_history(channel=channel.id)
    assert ([m["text"] for m in answer["messages"]], answer["is_limited"]) == (["6", "5"], True)
    assert "is_limited" not in bot.conversations_history(channel=channel.id, oldest=said[5].ts)


def test_metadata_only_when_asked_for(bot: Client, channel: Channel):
    metadata = {"event_type": "rapporteur", "event_payload": {"reply": "x"}}
    bot.chat_postMessage(channel=channel.id, text="a", metadata=metadata)
    found = [
        bot.conversations_history(channel=channel.id, limit=1, **more)["messages"][0].get("metadata")
        for more in ({}, {"include_all_metadata": True})
    ]
    assert found == [None, metadata]


def test_history_is_refused(slack: SlackServer, bot: Client, channel: Channel, ana: Person):
    public, private = slack.add_channel("public"), slack.add_channel("private", private=True)
    named = {"channel": channel.id}
    assert bot.refused("conversations_history", channel="C9") == "channel_not_found"
    assert bot.refused("conversations_history", channel=public.id) == "not_in_channel"
    assert bot.refused("conversations_history", channel=private.id) == "channel_not_found"
    assert bot.refused("conversations_history", **named, cursor="nonsense") == "invalid_cursor"
    assert bot.refused("conversations_history", **named, oldest="yesterday") == "invalid_ts_oldest"
    assert bot.refused("conversations_history", **named, limit=0) == "invalid_limit"
    slack.scopes.discard("channels:history")
    error = bot.failed("conversations_history", **named).response
    assert (error["error"], error["needed"]) == ("missing_scope", "channels:history")
    assert "channels:history" not in error["provided"].split(",")
