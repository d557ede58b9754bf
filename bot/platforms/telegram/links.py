"""Links to messages, by which a report shows where a note came from. Called by `reading`."""

from bot.fields import Json, need_number, take_name

# how the id of a supergroup or channel starts, which its links leave out
_SUPERGROUP = "-100"


def link_message(chat: Json, message_id: int, topic: int | None = None) -> str:
    """The link to a message of a chat; empty where there are none, as in basic groups and private chats."""
    if take_name(chat, "type") not in ("supergroup", "channel"):
        return ""
    place = f"{topic}/{message_id}" if topic is not None else f"{message_id}"
    if username := take_name(chat, "username"):
        return f"https://t.me/{username}/{place}"
    chat_id = str(need_number(chat, "id"))
    return f"https://t.me/c/{chat_id.removeprefix(_SUPERGROUP)}/{place}" if chat_id.startswith(_SUPERGROUP) else ""
