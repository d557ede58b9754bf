"""The methods of the API by name, beside getUpdates (server.py). Here are those that ask, and set menus and webhook.

Each is (world, call) → result, and runs under the world's lock.
"""

import json
import re
from collections.abc import Callable
from typing import Any

from tests.telegram_server import sending
from tests.telegram_server.errors import bad_request
from tests.telegram_server.members import Member
from tests.telegram_server.parameters import as_bool, as_int
from tests.telegram_server.sending import world_chat
from tests.telegram_server.webhook import Webhook
from tests.telegram_server.world import Call, World

DOWNLOAD_LIMIT = 20 * 2**20
COMMAND = re.compile(r"[a-z0-9_]{1,32}")
SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")
LOOPBACK = re.compile(r"http://(127\.0\.0\.1|localhost)(:\d+)?(/|$)")
SCOPES = [
    "default",
    "all_private_chats",
    "all_group_chats",
    "all_chat_administrators",
    "chat",
    "chat_administrators",
    "chat_member",
]


def get_me(world: World, _call: Call) -> dict[str, Any]:
    rights = {"can_join_groups": True, "can_read_all_group_messages": not world.bot.privacy}
    return world.bot.json() | rights | {"supports_inline_queries": False, "has_main_web_app": False}


def get_chat(world: World, call: Call) -> dict[str, Any]:
    return world_chat(world, call).full_json()


def get_chat_member(world: World, call: Call) -> dict[str, Any]:
    chat = world_chat(world, call)
    person = world.people.get(as_int(call.parameters, "user_id"))
    if person is None:
        raise bad_request("PARTICIPANT_ID_INVALID")
    return chat.member(person).json(chat.kind)


def get_chat_administrators(world: World, call: Call) -> list[dict[str, Any]]:
    chat = world_chat(world, call)
    if chat.kind == "private":
        raise bad_request("there are no administrators in the private chat")

    def listed(member: Member) -> bool:
        return member.admin and (member.person is world.bot or not member.person.is_bot)

    return [member.json(chat.kind) for member in chat.members.values() if listed(member)]


def leave_chat(world: World, call: Call) -> bool:
    chat = world_chat(world, call)
    chat.set_status(world.bot, "left", world.bot)
    return True


def get_file(world: World, call: Call) -> dict[str, Any]:
    file = world.files.get(str(call.parameters.get("file_id")))
    if file is None:
        raise bad_request("invalid file_id")
    if len(file.content) > DOWNLOAD_LIMIT:
        raise bad_request("file is too big")
    return file.json() | {"file_path": file.path}


def set_my_commands(world: World, call: Call) -> bool:
    commands = call.parameters.get("commands") or []
    if len(commands) > 100:
        raise bad_request("BOT_COMMANDS_TOO_MUCH")
    for command in commands:
        if not COMMAND.fullmatch(command["command"]):
            raise bad_request("BOT_COMMAND_INVALID")
        if not 1 <= len(command["description"]) <= 256:
            raise bad_request("BOT_COMMAND_DESCRIPTION_INVALID")
    world.commands[_menu(call)] = commands
    return True


def get_my_commands(world: World, call: Call) -> list[dict[str, str]]:
    return world.commands.get(_menu(call), [])


def delete_my_commands(world: World, call: Call) -> bool:
    world.commands.pop(_menu(call), None)
    return True


def _menu(call: Call) -> tuple[str, str]:
    """Whose menu: the scope as JSON, and the language."""
    scope = call.parameters.get("scope") or {"type": "default"}
    language = str(call.parameters.get("language_code", ""))
    if scope.get("type") not in SCOPES:
        raise bad_request("can't parse BotCommandScope: unsupported type specified")
    if language and not re.fullmatch("[a-z]{2}", language):
        raise bad_request("invalid language code specified")
    return json.dumps(scope, sort_keys=True), language


def set_webhook(world: World, call: Call) -> bool:
    url, secret = str(call.parameters.get("url", "")), str(call.parameters.get("secret_token", ""))
    if not url:
        return delete_webhook(world, call)
    # plain HTTP on loopback is taken, as by a Bot API server of one's own that runs with --local
    if not url.startswith("https://") and not LOOPBACK.match(url):
        raise bad_request("bad webhook: An HTTPS URL must be provided for webhook")
    if secret and not SECRET.fullmatch(secret):
        raise bad_request("secret token contains unallowed characters")
    set_allowed(world, call)
    _drop_pending(world, call)
    world.webhook = Webhook(url, secret or None, as_int(call.parameters, "max_connections", 40))
    return True


def delete_webhook(world: World, call: Call) -> bool:
    _drop_pending(world, call)
    world.webhook = None
    return True


def get_webhook_info(world: World, _call: Call) -> dict[str, Any]:
    hook = world.webhook
    found: dict[str, Any] = {"url": hook.url if hook else "", "has_custom_certificate": False}
    found["pending_update_count"] = len(world.pending)
    if world.updates.allowed:
        found["allowed_updates"] = sorted(world.updates.allowed)
    if hook:
        found["max_connections"] = hook.max_connections
        if hook.last_error:
            found["last_error_date"], found["last_error_message"] = hook.last_error
    return found


def set_allowed(world: World, call: Call) -> None:
    """The kinds of update that are asked for from now on; where none are named, those of before."""
    allowed = call.parameters.get("allowed_updates")
    if allowed is not None:
        world.updates.allowed = frozenset(allowed)


def _drop_pending(world: World, call: Call) -> None:
    if as_bool(call.parameters, "drop_pending_updates"):
        world.updates.waiting.clear()


METHODS: dict[str, Callable[[World, Call], Any]] = {
    "answerCallbackQuery": sending.answer_callback_query,
    "deleteMessage": sending.delete_message,
    "deleteMyCommands": delete_my_commands,
    "deleteWebhook": delete_webhook,
    "editMessageReplyMarkup": sending.edit_message_reply_markup,
    "editMessageText": sending.edit_message_text,
    "getChat": get_chat,
    "getChatAdministrators": get_chat_administrators,
    "getChatMember": get_chat_member,
    "getFile": get_file,
    "getMe": get_me,
    "getMyCommands": get_my_commands,
    "getWebhookInfo": get_webhook_info,
    "leaveChat": leave_chat,
    "sendChatAction": sending.send_chat_action,
    "sendDocument": sending.send_document,
    "sendMessage": sending.send_message,
    "setMessageReaction": sending.set_message_reaction,
    "setMyCommands": set_my_commands,
    "setWebhook": set_webhook,
}
