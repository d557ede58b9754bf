"""What `rapporteur doctor` looks at in Telegram. Called by `bot.doctor`; changes nothing there."""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence

from telegram import Bot, ChatMember, ChatMemberAdministrator, ChatMemberRestricted, User, WebhookInfo
from telegram.error import InvalidToken, TelegramError

from bot.platforms.telegram.connection import Connection
from bot.platforms.telegram.faults import name_fault

Finding = tuple[bool, str]

_TWO_WAYS = (
    "make the bot an admin of the group, or send @BotFather /setprivacy, choose the bot, Disable, and then remove the "
    "bot from the group and add it again"
)


async def examine_telegram(
    token: str, api_url: str, webhook_url: str | None, chats: Sequence[str] = ()
) -> list[Finding]:
    """Whether each thing is good, and what it is or what to do. `chats` are the ids of those that feed meetings."""
    connection = Connection(token, api_url)
    try:
        return [finding async for finding in _examine(connection.bot, webhook_url, chats)]
    finally:
        await connection.close()


async def _examine(bot: Bot, webhook_url: str | None, chats: Sequence[str]) -> AsyncIterator[Finding]:
    try:
        me = await bot.get_me()
    except InvalidToken:
        yield False, "TELEGRAM_TOKEN: Telegram does not accept this token; copy it anew from @BotFather"
        return
    except TelegramError as error:
        yield False, f"Telegram cannot be reached: {name_fault(error)}. The bot waits and tries again by itself"
        return
    yield True, f"Telegram: the token is accepted, the bot is @{me.username}"
    yield True, _describe_privacy(me)
    yield await _attempt("the webhook", lambda: _examine_webhook(bot, webhook_url))
    for chat in dict.fromkeys(chat.partition("/")[0] for chat in chats):
        yield await _attempt(f"chat {chat}", lambda chat=chat: _examine_chat(bot, chat, me))  # type: ignore[misc]


async def _attempt(subject: str, look: Callable[[], Awaitable[Finding]]) -> Finding:
    try:
        return await look()
    except TelegramError as error:
        return False, f"Telegram: {subject} could not be looked at: {name_fault(error)}"


def _describe_privacy(me: User) -> str:
    if me.can_read_all_group_messages:
        return "Telegram: privacy mode is off: the bot gets all messages of groups that it is added to from now on"
    return f"Telegram: privacy mode is on: it hides #tag messages in groups. For each group: {_TWO_WAYS}"


async def _examine_webhook(bot: Bot, wanted: str | None) -> Finding:
    info = await bot.get_webhook_info()
    waiting = f"{info.pending_update_count} updates wait"
    if not wanted:
        if info.url:
            return False, f"Telegram: a webhook is set, so polling gets nothing; `rapporteur run` removes it. {waiting}"
        return True, f"Telegram: polling, no webhook is set, {waiting}"
    return _compare_webhook(info, wanted, waiting)


def _compare_webhook(info: WebhookInfo, wanted: str, waiting: str) -> Finding:
    if info.url != wanted:
        stands = "another webhook is set" if info.url else "the webhook is not set"
        return False, f"TELEGRAM_WEBHOOK_URL: {stands}; `rapporteur run` sets this one. {waiting}"
    # what went wrong last is told for ever; while nothing waits it is mended
    if info.last_error_message and info.pending_update_count:
        return False, (
            f"TELEGRAM_WEBHOOK_URL: Telegram does not get through: {info.last_error_message}. See that the address "
            f"leads to the bot's web server (WEB_HOST, WEB_PORT) and that it runs. {waiting}"
        )
    return True, f"Telegram: the webhook is set, {waiting}"


async def _examine_chat(bot: Bot, chat: str, me: User) -> Finding:
    try:
        member = await bot.get_chat_member(int(chat), me.id)
    except TelegramError as error:
        reason = name_fault(error).lower()
        if any(words in reason for words in ("not found", "not a member", "kicked", "upgraded", "migrated", "blocked")):
            return False, f"Telegram: the bot is not in chat {chat}; add it, or open the meeting anew where it is now"
        raise
    if member.status in (ChatMember.LEFT, ChatMember.BANNED):
        return False, f"Telegram: the bot is not in chat {chat}; add it"
    if not _may_write(member):
        return False, f"Telegram: the bot may not write in chat {chat}; allow it to in the chat's permissions"
    if member.status == ChatMember.MEMBER and not me.can_read_all_group_messages and chat.startswith("-"):
        return False, f"Telegram: privacy mode hides #tag messages in chat {chat}: {_TWO_WAYS}"
    return True, f"Telegram: the bot is in chat {chat} and may write there"


def _may_write(member: ChatMember) -> bool:
    if isinstance(member, ChatMemberRestricted):
        return member.is_member and member.can_send_messages
    # only in channels is it told of admins; None elsewhere
    return not isinstance(member, ChatMemberAdministrator) or member.can_post_messages is not False
