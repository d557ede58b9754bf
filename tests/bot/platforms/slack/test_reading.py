"""Updates: raw JSON in, versions out. Events and the history give the same of the same message."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.platforms.slack.reading import SlackReader
from core.errors import UpdateError
from core.messages import Attachment, Author, Change, Message, MessageKey, Standing, Version, fold
from core.notices import ChatMoved, ChatSeen, HomeOpened

READER = SlackReader("T1", "UBOT", "https://hlpf.slack.com/", "draft")
TS, LATER_TS, LAST_TS = "1531126800.000100", "1531126860.000000", "1531126920.000300"
AT = datetime(2018, 7, 9, 9, 0, 0, 100, UTC)
LATER = datetime(2018, 7, 9, 9, 1, tzinfo=UTC)
LAST = datetime(2018, 7, 9, 9, 2, 0, 300, UTC)
RECEIVED = datetime(2018, 7, 9, 9, 5, tzinfo=UTC)
FOUND = {
    "users": {
        "U1": {"name": "Amina Diallo", "locale": "fr-FR", "is_admin": True, "team": "T1"},
        "U2": {"name": "Ben", "locale": "en-GB", "is_admin": False, "team": "T1"},
        "U9": {"name": "Zoe", "locale": "", "is_admin": True, "team": "T9"},
    },
    "channels": {"C7": "challenge"},
}
LINK = "https://hlpf.slack.com/archives/C1/p1531126800000100"


def message(**fields: Any) -> dict[str, Any]:
    """A message in the channel by Amina, with these fields; None takes one away."""
    made = {
        "type": "message",
        "user": "U1",
        "text": "#need Staff",
        "ts": TS,
        "team": "T1",
        "client_msg_id": "00000000-0000-4000-8000-000000000100",
        "blocks": [{"type": "rich_text", "block_id": "b1", "elements": []}],
        **fields,
    }
    return {key: value for key, value in made.items() if value is not None}


def envelope(event: dict[str, Any], **fields: Any) -> dict[str, Any]:
    """The body of an event, as Slack sends it."""
    outer = {"token": "x", "team_id": "T1", "api_app_id": "A1", "type": "event_callback", "event_id": "Ev1"}
    return {**outer, "event": event, "event_time": 1531126800, "is_ext_shared_channel": False, **fields}


def posted(**fields: Any) -> dict[str, Any]:
    """The event that a message was written."""
    return envelope(message(**{"channel": "C1", "channel_type": "channel", "event_ts": TS, **fields}))


def told(subtype: str, **fields: Any) -> dict[str, Any]:
    """The event that a message became another."""
    event = {"type": "message", "subtype": subtype, "hidden": True, "channel": "C1", "ts": LAST_TS, "event_ts": LAST_TS}
    return envelope({**event, "channel_type": "channel", **fields})


def changed(before: dict[str, Any], **fields: Any) -> dict[str, Any]:
    after = {**before, "edited": {"user": "U1", "ts": LATER_TS}, **fields}
    return told("message_changed", message=after, previous_message=before)


def history(**fields: Any) -> dict[str, Any]:
    return {"type": "rapporteur_history", "team_id": "T1", "channel": "C1", "message": message(**fields)}


def write(body: dict[str, Any], found: dict[str, Any] | None = None) -> str:
    return json.dumps({"body": body, "found": FOUND if found is None else found})


def read(body: dict[str, Any], found: dict[str, Any] | None = None) -> list[Any]:
    return list(READER.read(write(body, found), RECEIVED))


def texts(body: dict[str, Any]) -> list[str]:
    return [one.text for one in read(body)]


def version(text: str = "#need Staff", **values: Any) -> Version:
    key = MessageKey("slack", "T1", values.pop("chat", "C1"), values.pop("id", TS))
    usual = {"change": Change.SENT, "at": AT, "author": Author("U1", "Amina Diallo"), "text": text, "link": LINK}
    return Version(**{"key": key, **usual, **values})


EDITED = version("#need More staff", change=Change.EDITED, at=LATER, sent_at=AT)
DELETED = version("", change=Change.DELETED, at=LAST, link="")


def test_source_names_the_workspace():
    assert READER.source == "slack:T1"


def test_message_is_a_version_with_who_wrote_it():
    (one,) = read(posted())
    assert (one, one.language, one.standing) == (version(), "fr", Standing(is_admin=True))


def test_history_gives_the_same_as_the_event():
    assert read(history()) == read(posted())


def test_history_of_an_edited_message_gives_the_same_as_the_edit():
    edited = history(text="#need More staff", edited={"user": "U1", "ts": LATER_TS})
    assert read(edited) == read(changed(message(), text="#need More staff")) == [EDITED]


@pytest.mark.parametrize("subtype", ["file_share", "thread_broadcast", "me_message"])
def test_uploads_broadcasts_and_me_are_messages(subtype: str):
    assert read(posted(subtype=subtype)) == [version()]


def test_thread_reply_is_a_message_of_the_channel_that_answers():
    reply = {"ts": LATER_TS, "thread_ts": TS, "parent_user_id": "U1"}
    link = "https://hlpf.slack.com/archives/C1/p1531126860000000?thread_ts=1531126800.000100&cid=C1"
    assert read(posted(**reply)) == [version(id=LATER_TS, at=LATER, reply_to=TS, link=link)]


def test_thread_parent_answers_nothing():
    assert read(history(thread_ts=TS, reply_count=1, latest_reply=LATER_TS)) == [version()]


def test_thread_broadcast_is_a_reply_with_an_id_of_its_own():
    (one,) = read(posted(ts=LATER_TS, thread_ts=TS, subtype="thread_broadcast", root=message()))
    assert (one.key.id, one.reply_to) == (LATER_TS, TS)


@pytest.mark.parametrize(
    "fields",
    [
        {"subtype": "channel_join"},
        {"subtype": "channel_topic", "topic": "#need"},
        {"subtype": "bot_message", "bot_id": "B2", "username": "Quiz", "user": None},
        {"bot_id": "B2"},
        {"user": "UBOT"},
        {"user": "USLACKBOT"},
        {"subtype": "message_replied", "message": message()},
        {"subtype": "assistant_app_thread"},
    ],
)
def test_other_bots_and_service_messages_are_not_taken(fields: dict[str, Any]):
    assert read(posted(**fields)) == []
    assert read(history(**fields)) == []


def test_bots_message_that_changes_or_goes_is_not_taken():
    of_bot = message(bot_id="B2")
    assert read(changed(of_bot, text="#need More")) == []
    assert read(told("message_deleted", deleted_ts=TS, previous_message=of_bot)) == []


def test_outer_ts_of_a_change_is_not_the_messages():
    (one,) = read(changed(message(), text="#need More staff"))
    assert (one.key.id, one.at) == (TS, LATER)


def test_unfurl_is_no_edit():
    preview = {"id": 1, "title": "A page", "fallback": "A page"}
    unfurled = message(attachments=[preview])
    assert read(told("message_changed", message=unfurled, previous_message=message())) == []


def test_unfurl_after_an_edit_is_no_edit():
    edited = message(edited={"user": "U1", "ts": LATER_TS})
    body = told("message_changed", message={**edited, "attachments": [{"id": 1}]}, previous_message=edited)
    assert read(body) == []


def test_edit_that_leaves_the_text_is_the_one_that_the_history_tells():
    (one,) = read(changed(message()))
    assert [one] == read(history(edited={"user": "U1", "ts": LATER_TS}))
    assert fold([*read(posted()), one]).edited_at is None


def test_change_whose_former_text_is_not_told_is_taken():
    after = message(text="#need More staff", edited={"user": "U1", "ts": LATER_TS})
    assert read(told("message_changed", message=after)) == [EDITED]


def test_deleted_message_is_deleted_when_it_was_told():
    assert read(told("message_deleted", deleted_ts=TS, previous_message=message())) == [DELETED]


def test_deletion_of_what_is_not_told_has_no_author():
    nobody = version("", change=Change.DELETED, at=LAST, link="", author=Author("", ""))
    assert read(told("message_deleted", deleted_ts=TS)) == [nobody]


TOMBSTONE = {
    "type": "message",
    "subtype": "tombstone",
    "hidden": True,
    "user": "USLACKBOT",
    "text": "This message was deleted.",
    "ts": TS,
    "thread_ts": TS,
    "reply_count": 1,
}


def test_tombstone_deletes_and_does_not_overwrite():
    body = told("message_changed", message=TOMBSTONE, previous_message=message(thread_ts=TS))
    assert read(body) == [DELETED]
    folded = fold([*read(posted()), *read(body)])
    assert (folded.text, folded.deleted_at) == ("#need Staff", LAST)


def test_tombstone_that_goes_is_the_same_deletion():
    at = datetime(2018, 7, 9, 9, 30, tzinfo=UTC)
    later = told("message_deleted", deleted_ts=TS, previous_message=TOMBSTONE, event_ts="1531128600.000000")
    first = told("message_changed", message=TOMBSTONE, previous_message=message())
    assert [one.at for one in read(later)] == [at]
    assert fold([*read(posted()), *read(first), *read(later)]).deleted_at == LAST


def test_tombstone_in_the_history_is_no_message():
    assert read({**history(), "message": TOMBSTONE}) == []


def test_message_that_the_history_lacks_is_deleted():
    body = {"type": "rapporteur_gone", "team_id": "T1", "channel": "C1", "ts": TS, "at": LAST_TS}
    assert read(body) == [version("", change=Change.DELETED, at=LAST, link="", author=Author("", ""))]


def test_mention_event_is_the_message_itself():
    mention = message(type="app_mention", text="<@UBOT> #need Staff", channel="C1", event_ts=TS)
    assert read(envelope(mention)) == read(posted(text="<@UBOT> #need Staff")) == [version()]


@pytest.mark.parametrize(
    ("raw", "plain"),
    [
        ("<#C7|challenge> Costs", "#challenge Costs"),
        ("<#C7|> Costs", "#challenge Costs"),
        ("<#C7> Costs", "#challenge Costs"),
        ("<#C8|> Costs", "#C8 Costs"),
        ("#need ask <@U2>, then <@U3>", "#need ask @Ben, then @U3"),
        ("#need R&amp;D &lt;now&gt; :tada:", "#need R&D <now> :tada:"),
        ("*#need Staff*", "#need Staff"),
    ],
)
def test_channel_tokens_and_the_rest_of_mrkdwn_are_plain(raw: str, plain: str):
    assert texts(posted(text=raw)) == [plain]


def test_name_that_was_not_found_is_the_id():
    (one,) = read(posted(text="<@U2> <#C7|>"), {})
    assert (one.author, one.text, one.language, one.standing) == (Author("U1", "U1"), "@U2 #C7", "", Standing())


def test_file_share_brings_its_files():
    files = [
        {"id": "F1", "name": "room.jpg", "mimetype": "image/jpeg", "url_private_download": "https://f/1"},
        {"id": "F2", "name": "a.m4a", "mimetype": "audio/mp4", "subtype": "slack_audio", "url_private_download": "u2"},
        {"id": "F3", "name": "", "title": "Paper", "mimetype": "application/pdf", "url_private_download": "u3"},
        {"id": "F4", "mode": "tombstone"},
        {"id": "F5", "mode": "hidden_by_limit"},
    ]
    attachments = (
        Attachment("photo", "room.jpg", "https://f/1"),
        Attachment("voice", "a.m4a", "u2"),
        Attachment("file", "Paper", "u3"),
        Attachment("file", "file-F5"),
    )
    expected = [version("", attachments=attachments)]
    assert read(posted(subtype="file_share", text="", files=files)) == expected
    assert read(history(text="", files=files, upload=True)) == expected


def test_guest_of_another_organization_is_no_admin_here():
    shared = {"team": "T9", "user_team": "T9", "source_team": "T9"}
    body = {**posted(user="U9", **shared), "team_id": "T9", "authorizations": [{"team_id": "T1", "user_id": "UBOT"}]}
    assert [one.standing for one in read(body)] == [Standing(is_guest=True)]
    # nobody could be looked up: the event tells it as well
    assert [one.standing for one in read(body, {})] == [Standing(is_guest=True)]


def test_organizations_id_makes_nobody_a_guest():
    assert [one.standing for one in read(posted(user_team="E1"), {})] == [Standing()]


@pytest.mark.parametrize(
    "body",
    [
        {**posted(), "team_id": "T2"},
        {**history(), "team_id": "T2"},
        {**posted(), "team_id": "T1", "authorizations": []} | {"team_id": ""},
        {"type": "rapporteur_gone", "team_id": "T2", "channel": "C1", "ts": TS, "at": LAST_TS},
        {"command": "/draft", "text": "", "user_id": "U1", "channel_id": "C1", "team_id": "T2", "trigger_id": "1.2"},
    ],
)
def test_other_workspaces_tell_nothing(body: dict[str, Any]):
    assert read(body) == []


def test_direct_message_is_private():
    (one,) = read(posted(channel="D1", channel_type="im"))
    assert one.standing == Standing(is_admin=True, in_private=True)


@pytest.mark.parametrize(
    ("raw", "plain"),
    [
        ("<@UBOT> draft docx", "/draft docx"),
        ("<@UBOT>: Draft docx, html", "/Draft docx, html"),
        ("<@UBOT|rapporteur> /open HLPF\nzone: Africa/Addis_Ababa", "/open HLPF\nzone: Africa/Addis_Ababa"),
        ("<@UBOT>\u00a0status", "/status"),
        ("<@UBOT> drfat", "/drfat"),
        ("<@UBOT>", "/help"),
        ("<@UBOT> allow <@U2>", "/allow U2"),
        ("<@UBOT> set chair: <@U2>", "/set chair: @Ben"),
        # what is no command is said to all, without the call
        ("<@UBOT> #need Staff", "#need Staff"),
        ("<@UBOT> drafted #need Staff", "drafted #need Staff"),
        ("<@UBOT> thanks", "thanks"),
        # in a channel only who speaks to the bot commands it
        ("draft docx", "draft docx"),
        ("I ask <@UBOT> draft docx", "I ask @UBOT draft docx"),
        ("<@U2> draft", "@Ben draft"),
    ],
)
def test_mention_at_the_start_makes_a_command(raw: str, plain: str):
    assert texts(posted(text=raw)) == [plain]


def test_mention_with_a_file_alone_is_no_command():
    (one,) = read(posted(text="<@UBOT>", files=[{"id": "F1", "name": "a.pdf"}]))
    assert (one.text, one.attachments) == ("", (Attachment("file", "a.pdf"),))


@pytest.mark.parametrize(
    ("raw", "plain"),
    [
        ("draft docx", "/draft docx"),
        ("/status", "/status"),
        ("Help", "/Help"),
        ("open HLPF\nclose: 17:30", "/open HLPF\nclose: 17:30"),
        ("<@UBOT> tags fr", "/tags fr"),
        ("stauts", "/stauts"),
        ("good morning", "good morning"),
        ("#need Staff", "#need Staff"),
    ],
)
def test_direct_message_that_starts_with_a_command_is_one(raw: str, plain: str):
    assert texts(posted(text=raw, channel="D1", channel_type="im")) == [plain]
    assert texts({**history(text=raw), "channel": "D1"}) == [plain]


def slash(command: str, text: str, **fields: str) -> dict[str, Any]:
    usual = {"token": "x", "team_id": "T1", "team_domain": "hlpf", "channel_id": "C1", "channel_name": "meeting"}
    who = {"user_id": "U2", "user_name": "ben.o", "trigger_id": "13345224609.738474920.8088930838d88f008e0"}
    return {**usual, **who, "command": command, "text": text, "response_url": "https://hooks", **fields}


@pytest.mark.parametrize(
    ("command", "text", "plain"),
    [
        ("/draft", "", "/draft"),
        ("/draft", "docx, html", "/draft docx, html"),
        ("/rapporteur", "", "/help"),
        ("/rapporteur", "open HLPF\nzone: Africa/Nairobi", "/open HLPF\nzone: Africa/Nairobi"),
        ("/rapporteur", " /status ", "/status"),
        ("/rapporteur", "set venue: R&amp;D <#C7|challenge>", "/set venue: R&D #challenge"),
        ("/rapporteur", "allow <@U9|zoe>", "/allow U9"),
        # the answer says what there is
        ("/rapporteur", "drfat now", "/help drfat"),
        ("/rapporteur", "#need", "/help #need"),
    ],
)
def test_slash_commands_are_commands(command: str, text: str, plain: str):
    key = "command:13345224609.738474920.8088930838d88f008e0"
    expected = version(plain, id=key, at=RECEIVED, author=Author("U2", "Ben"), link="")
    assert read(slash(command, text)) == [expected]


def test_slash_command_for_drafts_has_the_name_that_is_set():
    reader = SlackReader("T1", "UBOT", "https://hlpf.slack.com/", "/report-draft")
    asked = [slash("/report-draft", "pdf"), slash("/rapporteur", "draft pdf")]
    assert [one.text for body in asked for one in reader.read(write(body), RECEIVED) if isinstance(one, Version)] == [
        "/draft pdf",
        "/draft pdf",
    ]


def test_slash_command_of_who_is_not_found_has_the_name_that_it_tells():
    (one,) = read(slash("/draft", ""), {})
    assert (one.author, one.standing) == (Author("U2", "ben.o"), Standing())


def test_invited_bot_sees_the_channel():
    event = {"type": "member_joined_channel", "user": "UBOT", "channel": "C2", "channel_type": "C", "team": "T1"}
    place = ("slack", "T1", "C2")
    assert read(envelope({**event, "inviter": "U1"})) == [ChatSeen(place, can_read=True, added_by="U1")]
    assert read(envelope(event)) == [ChatSeen(place, can_read=True)]
    assert read(envelope({**event, "user": "U2"})) == []


def test_channel_id_that_changed_moves_the_channel():
    event = {"type": "channel_id_changed", "old_channel_id": "G1", "new_channel_id": "C3", "event_ts": TS}
    assert read(envelope(event)) == [ChatMoved(("slack", "T1", "G1"), ("slack", "T1", "C3"))]


def test_opened_home_is_a_chat_of_its_person():
    event = {"type": "app_home_opened", "user": "U1", "channel": "D1", "tab": "home", "event_ts": TS}
    assert read(envelope(event)) == [HomeOpened(("slack", "T1", "home:U1"), "U1", "fr")]
    assert read(envelope({**event, "tab": "messages"})) == []


@pytest.mark.parametrize(
    "body",
    [
        envelope({"type": "reaction_added", "user": "U1", "reaction": "+1", "item": {"type": "message"}}),
        envelope({"type": "channel_rename", "channel": {"id": "C1", "name": "need"}}),
        {"type": "app_rate_limited", "team_id": "T1", "minute_rate_limited": 1531126800},
        {"type": "message_action", "team": {"id": "T1"}, "callback_id": "file_note"},
    ],
)
def test_other_kinds_tell_nothing(body: dict[str, Any]):
    assert read(body) == []


@pytest.mark.parametrize(
    ("payload", "reason"),
    [
        ("{", "it is not valid JSON"),
        ("[]", "it is no object"),
        ("{}", "body is missing"),
        (write(posted(ts=None)), "ts is missing"),
        (write(posted(ts="yesterday")), "ts is no time of Slack's"),
        (write(posted(ts="999999999999.000000")), "ts is out of range"),
        (write(posted(text=7)), "text is no text"),
        (write(posted(channel=None)), "channel is missing"),
        (write(posted(edited=7)), "edited is no object"),
        (write(posted(files={})), "files is no list"),
        (write(envelope({"type": "message", "subtype": "message_changed", "channel": "C1"})), "message is missing"),
        (write(slash("/draft", "", trigger_id="")), "trigger_id is missing"),
        (write(posted(), {"users": {"U1": 3}}), "a person found is no object"),
    ],
)
def test_what_cannot_be_read_is_an_error_that_names_the_field(payload: str, reason: str):
    with pytest.raises(UpdateError) as caught:
        READER.read(payload, RECEIVED)
    assert str(caught.value) == reason


@dataclass
class Room:
    """A channel to which things happen: what events tell of it, and what the history showed at any time."""

    clock: int = 1531126800
    standing: dict[str, dict[str, Any]] = field(default_factory=dict)
    events: list[dict[str, Any]] = field(default_factory=list)
    seen: list[dict[str, Any]] = field(default_factory=list)

    def tick(self) -> str:
        self.clock += 1
        return f"{self.clock}.000200"

    def happen(self, what: str, which: int, text: str) -> None:
        names = sorted(self.standing)
        ts = names[which % len(names)] if names else ""
        if what == "look":
            self.seen += [{**history(), "message": dict(shown)} for shown in self.standing.values()]
        elif what in ("post", "reply"):
            made = message(ts=self.tick(), text=text, user=f"U{which % 3 + 1}")
            made |= {"thread_ts": ts} if what == "reply" and ts else {}
            self.standing[made["ts"]] = made
            self.events.append(envelope({**made, "channel": "C1", "channel_type": "channel", "event_ts": made["ts"]}))
        elif ts and what == "edit":
            before, edited = self.standing[ts], {"user": "U1", "ts": self.tick()}
            self.standing[ts] = {**before, "text": text, "edited": edited}
            self.tell("message_changed", message=self.standing[ts], previous_message=before)
        elif ts and what == "unfurl":
            before = self.standing[ts]
            self.tell("message_changed", message={**before, "attachments": [{"id": 1}]}, previous_message=before)
        elif ts and what == "delete":
            self.tell("message_deleted", deleted_ts=ts, previous_message=self.standing.pop(ts))

    def tell(self, subtype: str, **fields: Any) -> None:
        ts = self.tick()
        self.events.append(told(subtype, **fields, ts=ts, event_ts=ts))


happenings = st.lists(
    st.tuples(
        st.sampled_from(["post", "post", "reply", "edit", "unfurl", "delete", "look"]),
        st.integers(0, 5),
        st.sampled_from(["#need Staff", "<#C7|> Costs", "*#gap a* &amp; b", "<@UBOT> draft docx", "<@U2> left", ""]),
    ),
    max_size=14,
)


def fold_all(bodies: Sequence[dict[str, Any]]) -> dict[str, Message]:
    """Each message that these updates make, by its id."""
    versions: dict[str, list[Version]] = {}
    for one in (one for body in bodies for one in read(body)):
        versions.setdefault(one.key.id, []).append(one)
    return {name: fold(told_of) for name, told_of in versions.items()}


@settings(deadline=None)
@given(happenings, st.data())
def test_any_order_and_repetition_of_events_and_history_gives_the_same_messages(
    steps: list[tuple[str, int, str]], data: st.DataObject
):
    room = Room()
    for step in [*steps, ("look", 0, "")]:
        room.happen(*step)
    again = st.lists(st.sampled_from(room.seen + room.events), max_size=10) if room.events else st.just([])
    mixed = data.draw(st.permutations([*room.events, *room.seen, *data.draw(again)]))
    assert fold_all(mixed) == fold_all(room.events)


def _stand(messages: dict[str, Message]) -> Iterator[tuple[str, str, object, object]]:
    for name, one in sorted(messages.items()):
        if one.deleted_at is None:
            yield name, one.text, one.author, one.reply_to


@settings(deadline=None)
@given(happenings)
def test_history_alone_gives_what_stands(steps: list[tuple[str, int, str]]):
    room = Room()
    for step in steps:
        room.happen(*step)
    shown = [{**history(), "message": one} for one in room.standing.values()]
    assert list(_stand(fold_all(shown))) == list(_stand(fold_all(room.events)))
