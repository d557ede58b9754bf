"""Methods that write: messages, documents, edits, deletions, reactions, answers to buttons. Found by methods.py."""

from typing import Any

from telegram.constants import ReactionEmoji

from tests.telegram_server.chats import Chat, describe
from tests.telegram_server.conversations import Group
from tests.telegram_server.errors import bad_request
from tests.telegram_server.messages import Message, Topic
from tests.telegram_server.parameters import as_bool, as_int
from tests.telegram_server.people import File
from tests.telegram_server.text import find_entities, parse_html
from tests.telegram_server.world import Call, World

TEXT_LIMIT, CAPTION_LIMIT, DATA_LIMIT, ANSWER_LIMIT = 4096, 1024, 64, 200
DELETABLE_FOR = 48 * 3600
EMOJI = {emoji.value for emoji in ReactionEmoji}
ACTIONS = [
    "typing",
    "upload_photo",
    "record_video",
    "upload_video",
    "record_voice",
    "upload_voice",
    "upload_document",
    "choose_sticker",
    "find_location",
    "record_video_note",
    "upload_video_note",
]


def send_message(world: World, call: Call) -> dict[str, Any]:
    chat = writable_chat(world, call)
    text, entities = read_text(call.parameters, "text", "entities", "parse_mode")
    if not text:
        raise bad_request("message text is empty")
    if len(text) > TEXT_LIMIT:
        raise bad_request("message is too long")
    return _send(world, chat, call, text, entities, {})


def send_document(world: World, call: Call) -> dict[str, Any]:
    chat = writable_chat(world, call)
    text, entities = read_text(call.parameters, "caption", "caption_entities", "parse_mode")
    if len(text) > CAPTION_LIMIT:
        raise bad_request("message caption is too long")
    file = _document(world, call)
    more = {"document": file, "fields": {"document": describe(file)}}
    return _send(world, chat, call, text or None, entities, more)


def _document(world: World, call: Call) -> File:
    given = str(call.parameters.get("document", ""))
    upload = call.files.get(given.removeprefix("attach://") if given else "document")
    if upload:
        if not upload[1]:
            raise bad_request("file must be non-empty")
        return world.keep(upload[0], "application/octet-stream", upload[1])
    if not given:
        raise bad_request("there is no document in the request")
    if given not in world.files:
        raise bad_request("wrong file identifier/HTTP URL specified")
    return world.files[given]


def _send(
    world: World, chat: Chat, call: Call, text: str | None, entities: list[dict[str, Any]], more: dict[str, Any]
) -> dict[str, Any]:
    """The end of every send: reply and topic are looked up, the rate counted, the message added."""
    markup = read_markup(call.parameters)
    topic, reply = _place(chat, call.parameters)
    world.rates.count(world.now(), None if chat.kind == "private" else chat.id)
    sender = None if chat.kind == "channel" else world.bot
    fields = more.pop("fields", {}) | ({"sender_chat": chat.json()} if chat.kind == "channel" else {})
    message = chat.add(
        sender, text, entities=entities, reply_to=reply, topic=topic, markup=markup, fields=fields, **more
    )
    return message.json()


def _place(chat: Chat, parameters: dict[str, Any]) -> tuple[Topic | None, Message | None]:
    """The topic that is named, else that of the message replied to; and that message."""
    topic = None
    if thread_id := as_int(parameters, "message_thread_id"):
        if not (isinstance(chat, Group) and chat.forum):
            raise bad_request("message thread not found")
        topic = chat.topic_of(thread_id)
    wanted = parameters.get("reply_parameters")
    if not wanted:
        return topic, None
    reply = chat.find(int(wanted["message_id"]))
    if reply is None and not wanted.get("allow_sending_without_reply"):
        raise bad_request("message to be replied not found")
    return topic or (reply.topic if reply else None), reply


def edit_message_text(world: World, call: Call) -> dict[str, Any]:
    chat = writable_chat(world, call)
    message = own_message(world, chat, call, "edit")
    text, entities = read_text(call.parameters, "text", "entities", "parse_mode")
    if not text:
        raise bad_request("message text is empty")
    if len(text) > TEXT_LIMIT:
        raise bad_request("message is too long")
    if message.document:
        raise bad_request("there is no text in the message to edit")
    return _change(world, call, message, text, entities)


def edit_message_reply_markup(world: World, call: Call) -> dict[str, Any]:
    message = own_message(world, writable_chat(world, call), call, "edit")
    return _change(world, call, message, message.text, message.entities)


def _change(
    world: World, call: Call, message: Message, text: str | None, entities: list[dict[str, Any]]
) -> dict[str, Any]:
    markup = read_markup(call.parameters)  # none given: the buttons go
    if (text, entities, markup) == (message.text, message.entities, message.markup):
        raise bad_request(
            "message is not modified: specified new message content and reply markup are exactly the same "
            "as a current content and reply markup of the message"
        )
    world.rates.count(world.now(), None if message.chat.kind == "private" else message.chat.id)
    message.chat.apply_edit(message, text, entities)
    message.markup = markup
    return message.json()


def delete_message(world: World, call: Call) -> bool:
    chat = world_chat(world, call)
    message = find_message(chat, call, "delete")
    admin = chat.member(world.bot).admin
    old = message.date + DELETABLE_FOR < world.now() and chat.kind != "channel"
    if (message.sender is not world.bot and not admin) or (old and not admin):
        raise bad_request("message can't be deleted")
    message.deleted = True
    return True


def set_message_reaction(world: World, call: Call) -> bool:
    chat = world_chat(world, call)
    message = find_message(chat, call, "react")
    if album := message.fields.get("media_group_id"):
        message = next(m for m in chat.messages if m.fields.get("media_group_id") == album)
    reaction = call.parameters.get("reaction") or []
    if len(reaction) > 1:
        raise bad_request("REACTIONS_TOO_MANY")
    allowed = EMOJI if chat.allowed_reactions is None else EMOJI & set(chat.allowed_reactions)
    if any(r.get("type") != "emoji" or r.get("emoji") not in allowed for r in reaction) or message.service:
        raise bad_request("REACTION_INVALID")
    message.by_person.pop(world.bot.id, None)
    if reaction:
        message.by_person[world.bot.id] = reaction[0]["emoji"]
    return True


def send_chat_action(world: World, call: Call) -> bool:
    writable_chat(world, call)
    if call.parameters.get("action") not in ACTIONS:
        raise bad_request("wrong parameter action in request")
    return True


def answer_callback_query(world: World, call: Call) -> bool:
    press = world.presses.get(str(call.parameters.get("callback_query_id")))
    if press is None or press.answer is not None:
        raise bad_request("query is too old and response timeout expired or query ID is invalid")
    text = str(call.parameters.get("text", ""))
    if len(text) > ANSWER_LIMIT:
        raise bad_request("MESSAGE_TOO_LONG")
    press.answer = {"text": text, "show_alert": as_bool(call.parameters, "show_alert")}
    return True


def world_chat(world: World, call: Call) -> Chat:
    """The chat that is named by its number or @name, if the bot is in it."""
    given = str(call.parameters.get("chat_id", ""))
    if not given:
        raise bad_request("chat_id is empty")
    for chat in world.chats.values():
        if given == str(chat.id) or (chat.username and given.lower() == f"@{chat.username}".lower()):
            chat.check_bot()
            return chat
    raise bad_request("chat not found")


def writable_chat(world: World, call: Call) -> Chat:
    chat = world_chat(world, call)
    chat.check_bot_may_write()
    return chat


def find_message(chat: Chat, call: Call, purpose: str) -> Message:
    message = chat.find(as_int(call.parameters, "message_id"))
    if message is None:
        raise bad_request(f"message to {purpose} not found")
    return message


def own_message(world: World, chat: Chat, call: Call, purpose: str) -> Message:
    message = find_message(chat, call, purpose)
    if message.sender is not (None if chat.kind == "channel" else world.bot):
        raise bad_request(f"message can't be {purpose}ed")
    return message


def read_text(parameters: dict[str, Any], name: str, entities: str, mode: str) -> tuple[str, list[dict[str, Any]]]:
    """A text with its entities: those given or marked up, and those that the platform finds."""
    text, marked = str(parameters.get(name, "")), parameters.get(entities) or []
    if parse_mode := parameters.get(mode):
        if parse_mode.upper() != "HTML":
            raise bad_request("unsupported parse_mode")  # no other one is made here
        text, marked = parse_html(text)
    if not marked:
        text = text.strip()
    taken = [range(e["offset"], e["offset"] + e["length"]) for e in marked if e["type"] in ("code", "pre", "text_link")]
    found = [e for e in find_entities(text) if not any(e["offset"] in span for span in taken)]
    return text, marked + found


def read_markup(parameters: dict[str, Any]) -> dict[str, Any] | None:
    markup = parameters.get("reply_markup")
    for button in [b for row in (markup or {}).get("inline_keyboard", []) for b in row]:
        if not button.get("text"):
            raise bad_request("can't parse inline keyboard button: text must be non-empty")
        if not {"callback_data", "url"} & set(button):
            raise bad_request("can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard")
        if not 0 < len(button.get("callback_data", "-").encode()) <= DATA_LIMIT:
            raise bad_request("BUTTON_DATA_INVALID")
    return markup or None
