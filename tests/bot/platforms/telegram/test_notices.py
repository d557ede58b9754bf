"""Updates that tell of chats, and pressed buttons."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from bot.platforms.telegram.reading import TelegramReader
from core.errors import UpdateError
from core.messages import Author, Change, MessageKey, Version
from core.notices import ChatMoved, ChatSeen, Notice

GROUP = {"id": -512, "title": "Rapporteurs", "type": "group", "all_members_are_administrators": True}
SUPERGROUP = {"id": -1001234567890, "title": "Rapporteurs", "type": "supergroup"}
PRIVATE = {"id": 1001, "first_name": "Amina", "type": "private"}
AMINA = {"id": 1001, "is_bot": False, "first_name": "Amina", "language_code": "pt-br"}
BOT = {"id": 7, "is_bot": True, "first_name": "Rapporteur", "username": "rapporteur_bot"}
DATE = 1531126800
RECEIVED = datetime(2018, 7, 9, 9, 5, tzinfo=UTC)


def read(**update: Any) -> list[Version | Notice]:
    return list(TelegramReader(7, "rapporteur_bot").read(json.dumps({"update_id": 818, **update}), RECEIVED))


def place(chat: str) -> tuple[str, str, str]:
    return "telegram", "", chat


def test_both_chats_tell_of_a_migration():
    old = {"message_id": 9, "from": AMINA, "chat": GROUP, "date": DATE, "migrate_to_chat_id": -1001234567890}
    new = {"message_id": 1, "sender_chat": SUPERGROUP, "chat": SUPERGROUP, "date": DATE, "migrate_from_chat_id": -512}
    assert [read(message=old), read(message=new)] == [[ChatMoved(place("-512"), place("-1001234567890"))]] * 2


def change(chat: dict[str, Any], old: dict[str, Any], new: dict[str, Any]) -> dict[str, Any]:
    members = {"old_chat_member": {"user": BOT, **old}, "new_chat_member": {"user": BOT, **new}}
    return {"chat": chat, "from": AMINA, "date": DATE, **members}


LEFT = {"status": "left"}
MEMBER = {"status": "member"}
ADMIN = {"status": "administrator"}
SUPER = "-1001234567890"


@pytest.mark.parametrize(
    ("chat", "old", "new", "told"),
    [
        (SUPERGROUP, LEFT, MEMBER, [ChatSeen(place(SUPER), added_by="1001")]),
        (SUPERGROUP, LEFT, ADMIN, [ChatSeen(place(SUPER), can_read=True, added_by="1001")]),
        (SUPERGROUP, MEMBER, ADMIN, [ChatSeen(place(SUPER), can_read=True)]),
        (SUPERGROUP, ADMIN, MEMBER, [ChatSeen(place(SUPER))]),
        (SUPERGROUP, LEFT, {"status": "restricted", "is_member": True}, [ChatSeen(place(SUPER), added_by="1001")]),
        (SUPERGROUP, MEMBER, {"status": "restricted", "is_member": False}, []),
        (GROUP, MEMBER, LEFT, []),
        (GROUP, MEMBER, {"status": "kicked", "until_date": 0}, []),
        (PRIVATE, {"status": "kicked"}, MEMBER, [ChatSeen(place("1001"), can_read=True, added_by="1001")]),
    ],
)
def test_own_membership_tells_how_the_bot_stands(
    chat: dict[str, Any], old: dict[str, Any], new: dict[str, Any], told: list[Notice]
):
    assert read(my_chat_member=change(chat, old, new)) == told


@pytest.mark.parametrize(
    ("found", "told"),
    [
        ({"can_read": None, "admins": None, "added_by": None}, ChatSeen(place("-1"))),
        (
            {"can_read": False, "admins": ["1001", "1002"], "added_by": "1001"},
            ChatSeen(place("-1"), can_read=False, admins=("1001", "1002"), added_by="1001"),
        ),
        ({"can_read": True, "admins": [], "privacy_off": True}, ChatSeen(place("-1"), can_read=True, admins=())),
    ],
)
def test_what_the_bot_found_out_is_read(found: dict[str, Any], told: Notice):
    assert read(rapporteur={"chat": "-1", **found}) == [told]


def press(**fields: Any) -> dict[str, Any]:
    message = {"message_id": 50, "from": BOT, "chat": SUPERGROUP, "date": DATE, "text": "Which template?"}
    return {"id": "4382bfdwdsb323b2d9", "from": AMINA, "chat_instance": "1", "message": message, **fields}


def test_pressed_button_is_a_command_in_its_topic():
    in_topic = {**press()["message"], "message_thread_id": 5, "is_topic_message": True}
    gone = {"message_id": 50, "chat": SUPERGROUP, "date": 0}
    told = [
        *read(callback_query=press(data="/set template: hlpf")),
        *read(callback_query=press(data="/draft", message=in_topic)),
        *read(callback_query=press(data="/draft", message=gone)),
    ]
    amina = Author("1001", "Amina")
    assert told == [
        Version(MessageKey(*place(chat), "press:4382bfdwdsb323b2d9"), Change.SENT, RECEIVED, amina, text)
        for chat, text in ((SUPER, "/set template: hlpf"), (f"{SUPER}/5", "/draft"), (SUPER, "/draft"))
    ]
    assert [version.language for version in told if isinstance(version, Version)] == ["pt"] * 3


@pytest.mark.parametrize("code", [None, "fil", ""])
def test_language_without_two_letters_is_none(code: str | None):
    amina = {**AMINA, "language_code": code}
    (told,) = read(message={"message_id": 1, "from": amina, "chat": GROUP, "date": DATE, "text": "/open"})
    assert isinstance(told, Version)
    assert told.language == ""


@pytest.mark.parametrize(
    "update",
    [
        {},
        {"callback_query": press(game_short_name="chess")},
        {"callback_query": press(data="x", message=None, inline_message_id="i")},
        {"chat_member": {"chat": GROUP}},
        {"message_reaction": {"chat": GROUP, "message_id": 1}},
    ],
)
def test_other_updates_tell_nothing(update: dict[str, Any]):
    assert read(**update) == []


@pytest.mark.parametrize(
    ("update", "reason"),
    [
        ({"my_chat_member": {"chat": GROUP}}, "new_chat_member is missing"),
        ({"my_chat_member": {"chat": GROUP, "new_chat_member": {"user": BOT}}}, "status is missing"),
        ({"message": {"migrate_to_chat_id": "secret"}}, "migrate_to_chat_id is no whole number"),
        ({"callback_query": press(id=5, data="secret")}, "id is no text"),
        ({"rapporteur": {"chat": "-1", "can_read": "secret"}}, "it is not what the bot writes of a chat"),
        ({"rapporteur": {"chat": "-1", "admins": [1]}}, "it is not what the bot writes of a chat"),
    ],
)
def test_malformed_notice_says_what_is_wrong(update: dict[str, Any], reason: str):
    with pytest.raises(UpdateError) as raised:
        read(**update)
    assert str(raised.value) == reason
