"""Messages in updates: raw JSON in, versions out; and what the core makes of those."""

import json
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.platforms.telegram.reading import TelegramReader
from bot.platforms.transcript import Transcript, write_transcript
from bot.worker import Worker
from core.cutting import cut_message
from core.errors import UpdateError
from core.meetings import Meeting, Record
from core.messages import Attachment, Author, Change, MessageKey, Version, fold
from handlers import Defaults
from reports.placement import place
from reports.report import Report
from reports.template_reader import load_templates
from storage.database import open_database
from storage.store import Store

READER = TelegramReader(7, "Rapporteur_Bot")
GROUP = {"id": -1001234567890, "title": "Rapporteurs", "type": "supergroup"}
CHAT = "-1001234567890"
AMINA = {
    "id": 1001,
    "is_bot": False,
    "first_name": "Amina",
    "last_name": "Diallo",
    "username": "amina",
    "language_code": "fr",
}
BEN = {"id": 1002, "is_bot": False, "first_name": "Ben"}
BOT = {"id": 9, "is_bot": True, "first_name": "Quiz", "username": "QuizBot"}
ANONYMOUS = {"id": 1087968824, "is_bot": True, "first_name": "Group", "username": "GroupAnonymousBot"}
CHANNEL_BOT = {"id": 136817688, "is_bot": True, "first_name": "Channel", "username": "Channel_Bot"}
FORWARDER = {"id": 777000, "is_bot": False, "first_name": "Telegram"}
CHANNEL = {"id": -1009876543210, "title": "Side events", "username": "side_events", "type": "channel"}
START = 1531126800  # 2018-07-09 09:00 UTC
AT = datetime(2018, 7, 9, 9, tzinfo=UTC)
LATER = datetime(2018, 7, 9, 9, 1, tzinfo=UTC)
RECEIVED = datetime(2018, 7, 9, 9, 5, tzinfo=UTC)
MARK = "\u034f"


def message(**fields: Any) -> dict[str, Any]:
    """A message in the group by Amina, with these fields; None takes one away."""
    made = {"message_id": 41, "from": AMINA, "chat": GROUP, "date": START, **fields}
    return {key: value for key, value in made.items() if value is not None}


def update(kind: str = "message", **fields: Any) -> str:
    return json.dumps({"update_id": 818, kind: message(**fields)})


def read(kind: str = "message", **fields: Any) -> list[Version]:
    return read_all(update(kind, **fields))


def read_all(*payloads: str) -> list[Version]:
    """What updates of messages tell, which is versions only."""
    told = [one for payload in payloads for one in READER.read(payload, RECEIVED)]
    return [one for one in told if isinstance(one, Version)]


def version(text: str = "", **values: Any) -> Version:
    """A version of message 41 with what a test does not care for filled in."""
    key = MessageKey("telegram", "", values.pop("chat", CHAT), values.pop("id", "41"))
    given_values = {"change": Change.SENT, "at": AT, "author": Author("1001", "Amina Diallo"), "text": text}
    group, _, topic = key.chat.partition("/")
    name = "side_events" if group == "-1009876543210" else f"c/{group.removeprefix('-100')}"
    link = "/".join(["https://t.me", name, *filter(None, [topic]), values.get("part", key.id)])
    return Version(**{"key": key, "link": link, **given_values, **values})


def entity(kind: str, text: str, part: str) -> dict[str, Any]:
    """The entity for this part of a text, counted as Telegram counts."""
    before = text[: text.index(part)]
    offset, length = (len(piece.encode("utf-16-le")) // 2 for piece in (before, part))
    return {"type": kind, "offset": offset, "length": length}


def test_source_names_the_bot():
    assert READER.source == "telegram:7"


def test_text_message_is_a_version_in_its_chat():
    text = "#need More capacity at local level"
    assert read(text=text, entities=[entity("hashtag", text, "#need")]) == [version(text)]


def test_edit_tells_when_the_message_was_sent():
    told = read("edited_message", text="#need Capacity", edit_date=START + 60)
    assert told == [version("#need Capacity", change=Change.EDITED, at=LATER, sent_at=AT)]


def test_edit_without_its_time_counts_from_when_the_message_was_sent():
    assert read("edited_message", text="a") == [version("a", change=Change.EDITED, sent_at=AT)]


def test_edit_of_a_message_that_never_arrived_is_filed_where_it_was_sent():
    folded = fold(read("edited_message", text="#need Capacity", edit_date=START + 60))
    assert (folded.seen, folded.sent_at, folded.edited_at, folded.first_text) == (True, AT, LATER, "")


def test_channel_posts_are_the_channels():
    post = {"sender_chat": CHANNEL, "chat": CHANNEL, "from": None, "text": "#trend Data"}
    of_channel = {"chat": "-1009876543210", "author": Author("-1009876543210", "Side events")}
    assert read("channel_post", **post) == [version("#trend Data", **of_channel)]
    assert read("edited_channel_post", **post, edit_date=START + 60) == [
        version("#trend Data", **of_channel, change=Change.EDITED, at=LATER, sent_at=AT)
    ]


@pytest.mark.parametrize(
    ("fields", "author"),
    [
        ({}, Author("1001", "Amina Diallo")),
        ({"from": BEN}, Author("1002", "Ben")),
        ({"from": {"id": 3, "is_bot": False, "first_name": "", "username": "cy"}}, Author("3", "cy")),
        ({"from": {"id": 3, "is_bot": False, "first_name": " \u200e\n"}}, Author("3", "\u200e")),
        ({"from": {"id": 3, "is_bot": False, "first_name": ""}}, Author("3", "3")),
        ({"from": ANONYMOUS, "sender_chat": GROUP}, Author(CHAT, "Rapporteurs")),
        (
            {"from": ANONYMOUS, "sender_chat": GROUP, "author_signature": "Chair"},
            Author(CHAT, "Rapporteurs (Chair)"),
        ),
        ({"from": CHANNEL_BOT, "sender_chat": CHANNEL}, Author("-1009876543210", "Side events")),
        (
            {"from": FORWARDER, "sender_chat": CHANNEL, "is_automatic_forward": True},
            Author("-1009876543210", "Side events"),
        ),
        (
            {
                "forward_origin": {"type": "user", "sender_user": BEN, "date": START - 900},
                "forward_from": BEN,
                "forward_date": START - 900,
            },
            Author("1001", "Amina Diallo"),
        ),
        ({"via_bot": BOT}, Author("1001", "Amina Diallo")),
    ],
)
def test_author_is_who_wrote_here(fields: dict[str, Any], author: Author):
    assert read(text="#need a", **fields) == [version("#need a", author=author)]


@pytest.mark.parametrize(
    "fields",
    [
        {"from": BOT, "text": "#need of another bot"},
        {"new_chat_members": [BEN], "new_chat_participant": BEN},
        {"left_chat_member": BEN},
        {"new_chat_title": "#need"},
        {"pinned_message": message(message_id=40, text="#need a")},
        {"migrate_to_chat_id": -100555},
        {"forum_topic_created": {"name": "#need", "icon_color": 7322096}},
        {"location": {"latitude": 1.5, "longitude": 2.5}},
    ],
)
def test_other_bots_and_service_messages_are_not_taken(fields: dict[str, Any]):
    assert read(**fields) == []


@pytest.mark.parametrize(
    "payload",
    [
        "{}",
        '{"update_id": 1}',
        '{"update_id": 1, "poll": {"id": "1"}}',
        '{"update_id": 1, "something_new": [1]}',
        '{"update_id": 1, "message": null}',
    ],
)
def test_unknown_kinds_tell_nothing(payload: str):
    assert READER.read(payload, RECEIVED) == []


def test_topics_are_chats_of_their_own():
    root = message(
        message_id=5, message_thread_id=5, is_topic_message=True, forum_topic_created={"name": "II", "icon_color": 1}
    )
    in_topic = {"message_thread_id": 5, "is_topic_message": True}
    assert read(**in_topic, reply_to_message=root, text="a") == [version("a", chat=f"{CHAT}/5")]
    assert read(message_thread_id=12, text="a") == [version("a")]
    earlier = message(message_id=40, **in_topic, text="b")
    assert read(**in_topic, reply_to_message=earlier, text="a") == [
        version("b", chat=f"{CHAT}/5", id="40"),
        version("a", chat=f"{CHAT}/5", reply_to="40"),
    ]


def test_reply_brings_the_message_that_it_replies_to():
    earlier = message(message_id=40, date=START - 60, text="Funds come late", **{"from": BEN})
    assert read(text="#challenge", reply_to_message=earlier) == [
        version("Funds come late", id="40", at=datetime(2018, 7, 9, 8, 59, tzinfo=UTC), author=Author("1002", "Ben")),
        version("#challenge", reply_to="40"),
    ]


def test_replied_text_that_was_edited_is_an_edit():
    earlier = message(message_id=40, date=START - 60, edit_date=START - 30, text="Funds come late")
    told = version(
        "Funds come late",
        id="40",
        change=Change.EDITED,
        at=datetime(2018, 7, 9, 8, 59, 30, tzinfo=UTC),
        sent_at=datetime(2018, 7, 9, 8, 59, tzinfo=UTC),
    )
    assert read(text="#challenge", reply_to_message=earlier) == [told, version("#challenge", reply_to="40")]


@pytest.mark.parametrize(
    "target",
    [
        message(message_id=40, text="#need of a bot", **{"from": BOT}),
        message(message_id=40, new_chat_members=[BEN]),
        message(message_id=40, text="/close"),
    ],
)
def test_reply_to_a_bot_a_service_message_or_a_command_brings_only_itself(target: dict[str, Any]):
    assert read(text="#challenge", reply_to_message=target) == [version("#challenge", reply_to="40")]


@pytest.mark.parametrize(
    "fields",
    [
        {"reply_to_message": message(message_id=40, text="b", chat={**GROUP, "id": -100777})},
        {
            "external_reply": {"origin": {"type": "user", "sender_user": BEN, "date": START}, "message_id": 40},
            "quote": {"text": "part", "position": 0},
        },
    ],
)
def test_reply_to_another_chat_is_none(fields: dict[str, Any]):
    assert read(text="#challenge", **fields) == [version("#challenge")]


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("/draft", "/draft"),
        ("/draft@rapporteur_bot docx", "/draft docx"),
        ("/open@Rapporteur_Bot Title\nzone: UTC", "/open Title\nzone: UTC"),
        ("#need@rapporteur_bot Funds", "#need Funds"),
        ("#need@another Funds", "#need@another Funds"),
        ("write to a@rapporteur_bot", "write to a@rapporteur_bot"),
        ("see /draft@rapporteur_bot", "see /draft@rapporteur_bot"),
    ],
)
def test_own_name_goes_from_commands_and_tags(typed: str, kept: str):
    assert read(text=typed) == [version(kept)]


def test_command_for_another_bot_is_nothing_but_still_an_edit():
    assert read(text="/draft@OtherBot") == []
    assert read("edited_message", text="/draft@OtherBot", edit_date=START + 60) == [
        version("/draft@OtherBot", change=Change.EDITED, at=LATER, sent_at=AT)
    ]


@pytest.mark.parametrize("kind", ["code", "pre", "text_link", "url", "email"])
def test_tags_in_code_and_links_are_marked_and_nothing_else_is(kind: str):
    text = "😀 👩🏽‍⚕️ #need Write #trend or #3 here #challenge"
    marked = f"😀 👩🏽‍⚕️ #need Write {MARK}#trend or #3 here #challenge"
    [told] = read(text=text, entities=[entity("bold", text, "#need"), entity(kind, text, "#trend or #3")])
    assert told == version(marked)
    assert [note.tags for note in cut_message(fold([told]))] == [("need", "challenge")]


@pytest.mark.parametrize(
    ("text", "code", "kept"),
    [
        ("use ` #need ` now", "` #need `", f"use ` {MARK}#need ` now"),
        ("see #need@Rapporteur_Bot", "#need@Rapporteur_Bot", f"see {MARK}#need@Rapporteur_Bot"),
        ("/close", "/close", f"{MARK}/close"),
        ("run make #1", "make #1", "run make #1"),
        ("https://un.org/#need", "https://un.org/#need", "https://un.org/#need"),
        ("*#need* is a tag", "#need", f"*{MARK}#need* is a tag"),
        ("＃建议加强", "＃建议", f"{MARK}＃建议加强"),
    ],
)
def test_code_keeps_what_it_says(text: str, code: str, kept: str):
    assert read(text=text, entities=[entity("code", text, code)]) == [version(kept)]


def test_entities_that_overlap_or_lie_outside_lose_no_text():
    spans = [(0, 8), (4, 8), (-3, 5), (6, 900), (70, 2), (3, 0), (10**30, 1)]
    entities = [{"type": "code", "offset": offset, "length": length} for offset, length in spans]
    assert read(text="😀 #need #trend", entities=entities) == [version(f"😀 {MARK}#need {MARK}#trend")]


def test_caption_is_the_text_and_the_largest_photo_is_kept():
    sizes = [
        {"file_id": "small", "file_unique_id": "s", "width": 90, "height": 67, "file_size": 1100},
        {"file_id": "large", "file_unique_id": "l", "width": 1280, "height": 960},
        {"file_id": "middle", "file_unique_id": "m", "width": 320, "height": 240},
    ]
    text = "#need `x` #trend"
    fields = {"photo": sizes, "caption": text, "caption_entities": [entity("code", text, "#trend")]}
    photo = Attachment("photo", "photo-41.jpg", "large")
    assert read(**fields) == [version(f"#need `x` {MARK}#trend", attachments=(photo,))]


@pytest.mark.parametrize(
    ("fields", "attachments"),
    [
        ({"voice": {"file_id": "f", "duration": 3}}, (Attachment("voice", "voice-41.ogg", "f"),)),
        ({"video_note": {"file_id": "f", "length": 240}}, (Attachment("file", "video-note-41.mp4", "f"),)),
        ({"audio": {"file_id": "f", "title": "t"}}, (Attachment("file", "audio-41.mp3", "f"),)),
        ({"audio": {"file_id": "f", "file_name": "talk.m4a"}}, (Attachment("file", "talk.m4a", "f"),)),
        ({"video": {"file_id": "f", "width": 1, "height": 1}}, (Attachment("file", "video-41.mp4", "f"),)),
        ({"document": {"file_id": "f", "file_name": "список\n1.pdf"}}, (Attachment("file", "список 1.pdf", "f"),)),
        ({"document": {"file_id": "f"}}, (Attachment("file", "document-41", "f"),)),
        (
            {"animation": {"file_id": "a", "file_name": "a.mp4"}, "document": {"file_id": "a", "file_name": "a.mp4"}},
            (Attachment("file", "a.mp4", "a"),),
        ),
        ({"sticker": {"file_id": "f", "emoji": "👍"}}, ()),
    ],
)
def test_files_are_attachments_and_stickers_are_talk(fields: dict[str, Any], attachments: tuple[Attachment, ...]):
    assert read(**fields) == [version(attachments=attachments)]


def photo_of(item: int) -> Attachment:
    return Attachment("photo", f"photo-{item}.jpg", f"f{item}")


def album(item: int, caption: str | None = None, **fields: Any) -> dict[str, Any]:
    size = {"file_id": f"f{item}", "width": 1, "height": 1}
    return message(message_id=item, media_group_id="1390", photo=[size], caption=caption, **fields)


def test_album_is_one_message_whatever_the_order_of_its_parts():
    items = [album(9), album(10, "#need Chairs", date=START + 1), album(11, date=START + 1)]
    told = [read_all(json.dumps({"update_id": 1, "message": item})) for item in items]
    assert told[1] == [
        version(
            "#need Chairs",
            id="album:1390",
            at=datetime(2018, 7, 9, 9, 0, 1, tzinfo=UTC),
            attachments=(photo_of(10),),
            part="10",
        )
    ]
    for order in permutations(told):
        folded = fold([one for versions in [*order, order[0]] for one in versions])
        said = (folded.text, folded.sent_at, folded.edited_at, folded.attachments)
        assert said == ("#need Chairs", AT, None, (photo_of(9), photo_of(10), photo_of(11)))


def test_edited_caption_changes_the_album_and_a_reply_to_a_part_is_to_the_album():
    first, second = album(9, "#need Chairs"), album(10)
    edit = album(9, "#need Tables", edit_date=START + 60)
    reply = message(message_id=12, text="#challenge", reply_to_message=second)
    told = [
        *read_all(json.dumps({"update_id": 1, "message": first})),
        *read_all(json.dumps({"update_id": 2, "edited_message": edit})),
    ]
    replied = read_all(json.dumps({"update_id": 3, "message": reply}))
    folded = fold([*told, *replied[:-1]])
    assert (folded.text, folded.edited_at, folded.attachments) == ("#need Tables", LATER, (photo_of(9), photo_of(10)))
    assert replied[-1] == version("#challenge", id="12", reply_to="album:1390")


def test_rich_message_is_its_words_and_files():
    blocks = [
        {"type": "heading", "size": 2, "text": "Day one"},
        {"type": "paragraph", "text": [{"type": "hashtag", "text": "#need", "hashtag": "need"}, " Chairs"]},
        {"type": "photo", "photo": [{"file_id": "p1", "width": 1, "height": 1}], "caption": {"text": "The hall"}},
        {
            "type": "collage",
            "blocks": [
                {"type": "photo", "photo": [{"file_id": "p2", "width": 1, "height": 1}]},
                {"type": "voice_note", "voice_note": {"file_id": "v3"}},
            ],
        },
    ]
    assert read(rich_message={"blocks": blocks}) == [
        version(
            "Day one\n#need Chairs\nThe hall",
            attachments=(
                Attachment("photo", "photo-41.jpg", "p1"),
                Attachment("photo", "photo-41-2.jpg", "p2"),
                Attachment("voice", "voice-41-3.ogg", "v3"),
            ),
        )
    ]


# --- the whole way -------------------------------------------------------------------------------------------------


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    engine = open_database(f"sqlite:///{tmp_path}/notes.db")
    yield Store(engine)
    engine.dispose()


def report(store: Store, *payloads: str) -> tuple[Report, list[tuple[str, str]]]:
    """The report of a meeting of the group to which these updates came, and the reactions to messages."""
    templates = load_templates()
    with store.work() as work:
        meeting = work.create_meeting("m", template="bapa40", zone="UTC", language="en", pinned={})
        work.link_chat("telegram", "", CHAT, meeting)
    store.put_updates(READER.source, [(str(number), payload) for number, payload in enumerate(payloads)])
    Worker(store, templates, Defaults(), READER).take_all()
    with store.read() as work:
        record = work.load_record(meeting)
    with store.work() as work:
        replies = [(reply.to.id, str(reply.reaction)) for _, reply, _ in work.take_replies("telegram", "", 100)]
    return place(record, templates.load("bapa40")), replies


def texts(made: Report) -> list[tuple[str, tuple[Attachment, ...]]]:
    parts = [part for section in made.sections for part in section.parts]
    return [(item.text, item.attachments) for part in parts for item in part.items]


def test_bare_reply_files_a_message_that_never_arrived(store: Store):
    earlier = message(message_id=40, text="Funds come late", **{"from": BEN})
    made, replies = report(store, update(text="#challenge", reply_to_message=earlier))
    assert (texts(made), made.review, replies) == ([("Funds come late", ())], (), [("41", "filed")])


def test_album_is_one_note_with_all_its_photos(store: Store):
    payloads = [json.dumps({"message": item}) for item in (album(9, "#need Chairs"), album(10))]
    made, replies = report(store, *payloads)
    assert (texts(made), made.review, replies) == (
        [("Chairs", (photo_of(9), photo_of(10)))],
        (),
        [("album:1390", "filed")],
    )


def test_album_without_words_waits_once(store: Store):
    made, replies = report(store, *[json.dumps({"message": album(item)}) for item in (9, 10)])
    assert [(doubt.kind, doubt.text) for doubt in made.review] == [
        ("needs_words", "photo: photo-9.jpg, photo: photo-10.jpg")
    ]
    assert replies == [("album:1390", "not_understood")]


def test_orphan_edit_is_filed_and_an_edited_command_is_not_given(store: Store):
    made, replies = report(
        store,
        update("edited_message", text="#need Chairs", edit_date=START + 60),
        update("edited_message", message_id=42, text="/close", edit_date=START + 60),
    )
    assert (texts(made), made.review, replies) == ([("Chairs", ())], (), [("41", "filed"), ("42", "None")])


def test_orphan_edit_after_the_close_is_late(store: Store):
    made, _ = report(
        store,
        update(message_id=42, date=START + 120, text="/close"),
        update("edited_message", text="#need Chairs", edit_date=START + 300),
    )
    assert (texts(made), [item.text for item in made.late], made.review) == ([], ["Chairs"], ())


def test_transcript_of_edits_and_albums_gives_them_again():
    told = [
        *read("edited_message", text="#need Chairs", edit_date=START + 60),
        *read_all(*(json.dumps({"message": part}) for part in (album(9, "#trend Data"), album(10)))),
    ]
    folded = (fold(told[:1]), fold(told[1:]))
    record = Record(Meeting(1, "m", "bapa40", "UTC"), (), folded, {})
    replayed = [one for line in write_transcript(record) for one in Transcript("t").read(line, RECEIVED)]
    again = [fold([one for one in replayed if one.key.id == key]) for key in ("41", "album:1390")]
    assert [(m.text, m.seen, m.sent_at, m.edited_at, [a.name for a in m.attachments]) for m in again] == [
        ("#need Chairs", True, AT, LATER, []),
        ("#trend Data", True, AT, None, ["photo-9.jpg", "photo-10.jpg"]),
    ]


# --- what is malformed ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("payload", "reason"),
    [
        ("", "it is not valid JSON"),
        ("[" * 100_000, "it is not valid JSON"),
        ('{"message": ' + "9" * 5000 + "}", "it is not valid JSON"),
        ("[]", "it is no object"),
        ('{"message": "secret"}', "message is no object"),
        (update(text=["secret"]), "text is no text"),
        (update(text="secret", chat=None), "chat is missing"),
        (update(text="secret", message_id=None), "message_id is missing"),
        (update(text="secret", date=None), "date is missing"),
        (update(text="secret", date="secret"), "date is no whole number"),
        (update(text="secret", date=True), "date is no whole number"),
        (update(text="secret", date=10**20), "date is out of range"),
        (update(text="secret", date=-62135596800), "date is out of range"),
        (update(text="secret", is_topic_message=True), "message_thread_id is missing"),
        (update(text="#s", entities={"type": "code"}), "entities is no list"),
        (update(text="#s", entities=["secret"]), "a part of entities is no object"),
        (update(text="#s", entities=[{"type": "code", "length": 1}]), "offset is missing"),
        (update(voice={"duration": 3}), "file_id is missing"),
        (update(rich_message={"blocks": [{"type": "paragraph", "text": 5}]}), "a rich text is no object"),
    ],
)
def test_malformed_update_says_what_is_wrong_and_not_what_stands_there(payload: str, reason: str):
    with pytest.raises(UpdateError) as raised:
        READER.read(payload, RECEIVED)
    assert str(raised.value) == reason


def nest(opening: str, closing: str, depth: int) -> str:
    return update(rich_message="@").replace('"@"', opening * depth + closing * depth)


def test_deep_nesting_is_an_update_error():
    with pytest.raises(UpdateError) as raised:
        READER.read(update(rich_message={"blocks": [{"text": "@"}]}).replace('"@"', "[" * 600 + "]" * 600), RECEIVED)
    assert str(raised.value) == "it is nested too deeply"


KEYS = (
    *("message", "edited_message", "channel_post", "my_chat_member", "callback_query"),
    *("chat", "from", "sender_chat", "id", "message_id", "date", "edit_date", "text", "caption", "entities"),
    *("caption_entities", "type", "offset", "length", "photo", "width", "height", "file_id", "voice", "document"),
    *("rich_message", "blocks", "items", "cells", "label", "summary", "credit", "buttons", "reply_to_message"),
    *("is_topic_message", "message_thread_id", "media_group_id", "new_chat_member", "status", "data", "title"),
    *("first_name", "is_bot", "migrate_to_chat_id", "username"),
)
SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.sampled_from([0, START, 1, "code", "#need", "/a@b", "😀#need", "\ud800", "private", "restricted"]),
    st.text(max_size=5),
)
VALUES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=6)
)
BLOCKS = st.recursive(
    st.text(max_size=3), lambda inner: st.lists(inner) | st.dictionaries(st.sampled_from(KEYS), inner)
)
NEAR = st.fixed_dictionaries(
    {"message_id": st.integers(), "date": st.integers(0, 2**33), "chat": st.just(GROUP), "text": st.text()},
    optional=dict.fromkeys(
        ("from", "entities", "photo", "voice", "rich_message", "reply_to_message", "sender_chat", "caption"), VALUES
    ),
)


def tell(payload: str) -> None:
    """Read all of an update; anything but an `UpdateError` gets out."""
    with suppress(UpdateError):
        READER.read(payload, RECEIVED)


@given(VALUES | st.dictionaries(st.sampled_from(KEYS[:5]), VALUES))
@example({"message": {"text": "\ud83d#need", "entities": [{"type": "code", "offset": 1, "length": 1}]}})
def test_whatever_is_json_raises_update_errors_only(value: object):
    tell(json.dumps(value))


@given(st.sampled_from(["message", "edited_message", "channel_post"]), NEAR)
def test_whatever_is_nearly_a_message_raises_update_errors_only(kind: str, near: dict[str, Any]):
    tell(json.dumps({kind: near}))


@given(BLOCKS)
def test_whatever_is_nearly_rich_raises_update_errors_only(blocks: object):
    tell(update(rich_message={"blocks": blocks}))


@pytest.mark.parametrize("depth", [400, 450, 480, 520, 2000])
@pytest.mark.parametrize("field", ["blocks", "items", "of_the_future"])
def test_whatever_is_deep_raises_update_errors_only(field: str, depth: int):
    tell(nest(f'{{"blocks": [{{"{field}": [', "]}]}", depth // 2))


@given(st.text())
def test_whatever_is_no_json_raises_update_errors_only(payload: str):
    tell(payload)
