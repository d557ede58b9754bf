"""What updates tell of chats: that they move, and how the bot stands in them. Called by `reading`."""

from collections.abc import Iterator

from bot.fields import Json, need_name, need_number, need_object, take_list, take_number, take_object
from bot.platforms.telegram import PLATFORM, WORKSPACE
from core.errors import UpdateError
from core.messages import Place
from core.notices import ChatMoved, ChatSeen


def read_move(message: Json) -> Iterator[ChatMoved]:
    """A group became a supergroup with another id. Either chat tells of it."""
    moved_to, moved_from = (take_number(message, f"migrate_{way}_chat_id") for way in ("to", "from"))
    if moved_to is None and moved_from is None:
        return
    here = need_number(need_object(message, "chat"), "id")
    yield ChatMoved(
        old=_place(here if moved_from is None else moved_from), new=_place(here if moved_to is None else moved_to)
    )


def read_standing(change: Json) -> Iterator[ChatSeen]:
    """The bot is in a chat, newly or with other rights; that it left tells nothing."""
    chat, member = need_object(change, "chat"), need_object(change, "new_chat_member")
    if not is_present(member):
        return
    reads_all = need_name(member, "status") in ("administrator", "creator") or chat.get("type") == "private"
    came = not is_present(need_object(change, "old_chat_member"))
    yield ChatSeen(
        _place(need_number(chat, "id")),
        can_read=True if reads_all else None,
        added_by=str(need_number(need_object(change, "from"), "id")) if came else None,
    )


def is_present(member: Json) -> bool:
    """Whether who has this membership is in the chat; who is restricted may be or not."""
    status = need_name(member, "status")
    return status not in ("left", "kicked") and (status != "restricted" or member.get("is_member") is True)


def read_found_out(update: Json) -> Iterator[ChatSeen]:
    """What the bot itself found out of a chat before it kept an update from there (`enriching`)."""
    found = take_object(update, "rapporteur")
    if found is None:
        return
    can_read, admins, added_by = found.get("can_read"), take_list(found, "admins"), found.get("added_by")
    if not isinstance(can_read, bool | None) or not all(isinstance(name, str) for name in [*admins, added_by or ""]):
        raise UpdateError("it is not what the bot writes of a chat")
    yield ChatSeen(
        (PLATFORM, WORKSPACE, need_name(found, "chat")),
        can_read=can_read,
        admins=None if found.get("admins") is None else tuple(admins),
        added_by=added_by,
    )


def _place(chat: int) -> Place:
    return PLATFORM, WORKSPACE, str(chat)
