"""What people do, and the events that it makes: their shapes, and who hears of them."""

from typing import Any

import pytest

from tests.slack_server import SlackServer
from tests.slack_server.channels import Channel
from tests.slack_server.client import Client
from tests.slack_server.people import Person


def events(slack: SlackServer) -> list[dict[str, Any]]:
    """The events made so far; nobody takes them in these tests."""
    return [delivery.payload["event"] for delivery in slack.deliveries]


def pick(event: dict[str, Any], *keys: str) -> dict[str, Any]:
    return {key: event[key] for key in keys if key in event}


def test_message_that_was_sent(slack: SlackServer, channel: Channel, ana: Person):
    message = channel.say(ana, "#recommendation x")
    (delivery,) = slack.deliveries
    assert delivery.payload == {
        "token": "verification-token",
        "team_id": "T00001",
        "context_team_id": "T00001",
        "context_enterprise_id": None,
        "api_app_id": "A00001",
        "event": {
            "type": "message",
            "user": ana.id,
            "ts": message.ts,
            "text": "#recommendation x",
            "team": "T00001",
            "client_msg_id": delivery.payload["event"]["client_msg_id"],
            "blocks": message.blocks,
            "channel": channel.id,
            "channel_type": "channel",
            "event_ts": message.ts,
        },
        "type": "event_callback",
        "event_id": "Ev00001",
        "event_time": delivery.payload["event_time"],
        "authorizations": [
            {
                "enterprise_id": None,
                "team_id": "T00001",
                "user_id": "U0BOT",
                "is_bot": True,
                "is_enterprise_install": False,
            }
        ],
        "is_ext_shared_channel": False,
        "event_context": "4-eyJl",
    }


def test_edit(slack: SlackServer, channel: Channel, ana: Person):
    message = channel.say(ana, "a")
    channel.edit(message, "b")
    event = events(slack)[1]
    assert (message.text, message.edits) == ("b", ["a"])
    assert pick(event, "subtype", "hidden", "channel", "channel_type", "user", "text") == {
        "subtype": "message_changed",
        "hidden": True,
        "channel": channel.id,
        "channel_type": "channel",
    }
    assert event["ts"] == event["event_ts"] > event["message"]["edited"]["ts"] > message.ts
    assert pick(event["message"], "ts", "text", "user") == {"ts": message.ts, "text": "b", "user": ana.id}
    assert pick(event["previous_message"], "text", "edited") == {"text": "a"}


def test_preview_of_a_link_is_no_edit(slack: SlackServer, channel: Channel, ana: Person):
    message = channel.say(ana, "a https://un.org")
    channel.unfurl(message)
    event = events(slack)[1]
    assert pick(event["message"], "text", "edited") == {"text": "a <https://un.org>"}
    assert event["message"]["attachments"][0]["title"] == "A page"
    assert "attachments" not in event["previous_message"]
    channel.edit(message, "b https://un.org")
    channel.unfurl(message)
    edited, again = (event["message"]["edited"] for event in events(slack)[2:])
    assert edited == again


def test_deletion(slack: SlackServer, channel: Channel, ana: Person):
    message = channel.say(ana, "a")
    channel.delete(message)
    event = events(slack)[1]
    assert pick(event, "subtype", "deleted_ts") == {"subtype": "message_deleted", "deleted_ts": message.ts}
    assert (event["previous_message"]["text"], event["ts"] > message.ts, channel.messages) == ("a", True, [])


def test_deleted_root_leaves_a_tombstone_until_its_last_reply_goes(
    slack: SlackServer, bot: Client, channel: Channel, ana: Person
):
    root = channel.say(ana, "a")
    reply = channel.say(ana, "b", thread=root)
    channel.delete(root)
    channel.delete(reply)
    sent, replied, buried, gone, vanished = events(slack)
    assert pick(replied, "thread_ts", "parent_user_id") == {"thread_ts": root.ts, "parent_user_id": ana.id}
    assert (sent["ts"], pick(sent, "thread_ts")) == (root.ts, {})
    assert buried["subtype"] == "message_changed"
    assert pick(buried["message"], "subtype", "user", "text", "ts", "thread_ts", "reply_count", "edited") == {
        "subtype": "tombstone",
        "user": "USLACKBOT",
        "text": "This message was deleted.",
        "ts": root.ts,
        "thread_ts": root.ts,
        "reply_count": 1,
    }
    assert (gone["subtype"], gone["deleted_ts"]) == ("message_deleted", reply.ts)
    assert (vanished["subtype"], vanished["deleted_ts"]) == ("message_deleted", root.ts)
    assert vanished["previous_message"]["subtype"] == "tombstone"


def test_broadcast_file_and_me(slack: SlackServer, channel: Channel, ana: Person):
    root = channel.say(ana, "root")
    channel.say(ana, "to all", thread=root, broadcast=True)
    channel.say(ana, "#photo", files=[("a.png", b"png"), ("audio_message.m4a", b"sound")])
    channel.say(ana, "waves", me=True)
    _, broadcast, shared, me = events(slack)
    assert pick(broadcast, "subtype", "thread_ts") == {"subtype": "thread_broadcast", "thread_ts": root.ts}
    assert broadcast["root"]["ts"] == root.ts
    assert [pick(file, "name", "mimetype", "size", "subtype") for file in shared["files"]] == [
        {"name": "a.png", "mimetype": "image/png", "size": 3},
        {"name": "audio_message.m4a", "mimetype": "audio/mp4", "size": 5, "subtype": "slack_audio"},
    ]
    assert [pick(event, "subtype", "text", "client_msg_id") for event in (shared, me)] == [
        {"subtype": "file_share", "text": "#photo", "client_msg_id": shared["client_msg_id"]},
        {"subtype": "me_message", "text": "waves"},
    ]


def test_reply_to_a_reply_is_of_the_same_thread(channel: Channel, ana: Person):
    root = channel.say(ana, "root")
    first = channel.say(ana, "one", thread=root)
    second = channel.say(ana, "two", thread=first)
    assert (root.replies, second.thread, second.thread_ts) == ([first, second], root, root.ts)
    assert second.link == (
        f"https://rapporteur-test.slack.com/archives/{channel.id}/p{second.ts.replace('.', '')}"
        f"?thread_ts={root.ts}&cid={channel.id}"
    )


def test_person_of_another_workspace(slack: SlackServer, bot: Client, channel: Channel):
    guest = slack.person("Gus", guest_of="T9")
    channel.say(guest, "a")
    joined, event = events(slack)
    assert [delivery.payload["is_ext_shared_channel"] for delivery in slack.deliveries] == [True, True]
    assert (joined["type"], joined["team"]) == ("member_joined_channel", "T9")
    assert pick(event, "team", "user_team", "source_team") == dict.fromkeys(("team", "user_team", "source_team"), "T9")
    assert event["user_profile"]["team"] == "T9"
    user = bot.users_info(user=guest.id)["user"]
    assert (user["team_id"], user["is_stranger"], "locale" in user) == ("T9", True, False)


def test_mention_is_two_events_for_one_message(slack: SlackServer, channel: Channel, ana: Person):
    message = channel.say(ana, "@rapporteur draft")
    assert message.text == "<@U0BOT> draft"
    assert [(event["type"], event["ts"]) for event in events(slack)] == [
        ("message", message.ts),
        ("app_mention", message.ts),
    ]
    assert [delivery.id for delivery in slack.deliveries] == ["Ev00001", "Ev00002"]


def test_bot_hears_only_where_it_is_and_what_it_asked_for(slack: SlackServer, ana: Person):
    channel, private = slack.add_channel("a"), slack.add_channel("b", private=True)
    channel.say(ana, "before")
    channel.invite_bot(ana)
    private.invite_bot(ana)
    private.say(ana, "private")
    slack.direct(ana).say("alone")
    slack.scopes.discard("groups:history")
    private.say(ana, "unheard")
    channel.remove_bot(ana)
    channel.say(ana, "after")
    assert [
        pick(event, "type", "text", "channel_type", "inviter", "channel", "subtype") for event in events(slack)
    ] == [
        {"type": "member_joined_channel", "channel_type": "C", "inviter": ana.id, "channel": channel.id},
        {"type": "member_joined_channel", "channel_type": "G", "inviter": ana.id, "channel": private.id},
        {"type": "member_joined_channel", "channel_type": "G", "channel": private.id},
        {"type": "message", "text": "private", "channel_type": "group", "channel": private.id},
        {"type": "message", "text": "alone", "channel_type": "im", "channel": "D00001"},
        {"type": "channel_left", "channel": channel.id},
    ]


def test_join_message_is_in_the_history_but_nothing_that_is_said(slack: SlackServer, bot: Client, channel: Channel):
    assert channel.messages == []
    assert [m["subtype"] for m in bot.conversations_history(channel=channel.id)["messages"]] == ["channel_join"]


def test_channel_changes(slack: SlackServer, channel: Channel, ana: Person):
    message = channel.say(ana, "a")
    channel.rename("plenary")
    old = slack.channel_id_change(channel)
    channel.archive(ana)
    _, renamed, changed, archived = events(slack)
    assert (renamed["type"], renamed["channel"]["id"], renamed["channel"]["name"]) == ("channel_rename", old, "plenary")
    assert pick(changed, "type", "old_channel_id", "new_channel_id") == {
        "type": "channel_id_changed",
        "old_channel_id": old,
        "new_channel_id": channel.id,
    }
    assert (archived["type"], slack.channels[channel.id].messages) == ("channel_archive", [message])
    with pytest.raises(ValueError, match="#plenary is archived"):
        channel.say(ana, "too late")


def test_reactions_of_people(slack: SlackServer, channel: Channel, ana: Person):
    message = channel.say(ana, "a")
    channel.react(ana, message, "tada")
    assert message.reactions == {"tada": [ana.id]}
    channel.unreact(ana, message, "tada")
    assert message.reactions == {}
    assert [(event["type"], event["reaction"], event["item"]["ts"]) for event in events(slack)[1:]] == [
        ("reaction_added", "tada", message.ts),
        ("reaction_removed", "tada", message.ts),
    ]


def test_times_only_grow(slack: SlackServer, channel: Channel, ana: Person):
    stamps = [channel.say(ana, "x").ts for _ in range(200)]
    assert stamps == sorted(set(stamps))
    slack.advance(3600)
    assert float(channel.say(ana, "x").ts) - float(stamps[-1]) > 3590
