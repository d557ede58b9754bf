"""What the bot finds out of a chat before it keeps an update from there: who its admins are, and what it can read.

It goes into the inbox as an update of our own, before the one that needs it, so that handlers never ask Telegram.
Called by `intake`.
"""

import asyncio
import json
import time
from collections.abc import Iterable, Sequence
from typing import NamedTuple

import structlog
from telegram import Bot

from bot.platforms.telegram.notices import is_present
from bot.platforms.telegram.outline import Outline, part_of, whole_number
from bot.platforms.telegram.reading import is_written
from core.errors import UpdateError

# seconds; whoever was just made an admin should not be refused for long
_REMEMBERED = 5.0


class _Facts(NamedTuple):
    """What a chat's list of admins told, and when."""

    at: float
    admins: tuple[str, ...]
    is_admin: bool


class Enricher:
    """Finds out, and remembers for a moment. `patience` is for how many seconds an update waits for it at most."""

    patience = 5.0

    def __init__(self, bot: Bot) -> None:
        self._bot = bot
        self._facts: dict[int, _Facts] = {}
        self._privacy_off: tuple[float, bool] | None = None
        self._proven: set[int] = set()

    async def enrich(self, batch: Sequence[Outline]) -> list[tuple[str, str]]:
        """The delivery keys and payloads of these updates, with what was found out before those that need it."""
        for outline in batch:
            if outline.kind == "my_chat_member" and outline.chat is not None:
                self._forget(outline.chat)
        wanted = dict.fromkeys(o.chat for o in batch if o.chat is not None and (_asks(o) or _stands(o)))
        if wanted:
            await self._find_out(wanted)
        found: list[tuple[str, str]] = []
        proving: set[int] = set()
        for outline in batch:
            if (payload := self._describe(outline, proving)) is not None:
                found.append((f"seen:{outline.key}", payload))
            found.append((outline.key, outline.payload))
        return found

    def settle(self, batch: Sequence[Outline]) -> None:
        """These updates are kept, with what was found out."""
        self._proven.update(o.chat for o in batch if o.chat is not None and self._proves(o))

    def _forget(self, chat: int) -> None:
        """The bot stands in another way here than before."""
        self._facts.pop(chat, None)
        self._privacy_off = None
        self._proven.discard(chat)

    def _describe(self, outline: Outline, proving: set[int]) -> str | None:
        """An update of our own on the chat of this one, if there is something to tell."""
        chat = outline.chat
        if chat is None:
            return None
        facts = self._facts.get(chat)
        privacy_off = self._privacy_off[1] if self._privacy_off else None
        if _stands(outline) and facts:
            reads_all = facts.is_admin or privacy_off
            return _write(chat, reads_all, facts.admins, added_by=_find_adder(outline))
        if _asks(outline) and facts:
            # the privacy in force is that of when the bot was added, which nothing tells now
            can_read = True if facts.is_admin else None
            return _write(chat, can_read, facts.admins, privacy_off=privacy_off)
        if self._proves(outline) and chat not in self._proven | proving:
            proving.add(chat)
            return _write(chat, True, None)
        return None

    def _proves(self, outline: Outline) -> bool:
        """Whether the message would not have come if privacy mode hid messages."""
        message = outline.message
        if outline.kind != "message" or not outline.is_shared or message.get("is_automatic_forward") is True:
            return False
        text = message.get("text") or message.get("caption") or ""
        # replies in a chain that began with the bot come in any case; in a topic all replies to what opened it
        replies = "reply_to_message" in message and "forum_topic_created" not in part_of(message, "reply_to_message")
        name = f"@{self._bot.username}".casefold()
        if replies or "via_bot" in message or not isinstance(text, str) or text.startswith("/"):
            return False
        try:
            return name not in text.casefold() and is_written(message)
        except UpdateError:
            return False

    async def _find_out(self, chats: Iterable[int]) -> None:
        """Ask for what is not known of these chats, as long as patience lasts; what fails stays unknown."""
        old = time.monotonic() - _REMEMBERED
        self._facts = {chat: facts for chat, facts in self._facts.items() if facts.at > old}
        asked = [self._find_facts(chat) for chat in chats if chat not in self._facts]
        if self._privacy_off is None or self._privacy_off[0] <= old:
            self._privacy_off = None
            asked.append(self._find_privacy())
        try:
            async with asyncio.timeout(self.patience):
                results = await asyncio.gather(*asked, return_exceptions=True)
        except TimeoutError as error:
            results = [error]
        # whatever goes wrong here, the updates themselves are kept
        if faults := {type(result).__name__ for result in results if isinstance(result, BaseException)}:
            structlog.get_logger().info("chat not looked up", platform="telegram", faults=sorted(faults))

    async def _find_facts(self, chat: int) -> None:
        members = await self._bot.get_chat_administrators(chat)
        admins = tuple(str(member.user.id) for member in members if not member.user.is_bot)
        is_admin = any(member.user.id == self._bot.id for member in members)
        self._facts[chat] = _Facts(time.monotonic(), admins, is_admin)

    async def _find_privacy(self) -> None:
        me = await self._bot.get_me()
        self._privacy_off = time.monotonic(), me.can_read_all_group_messages is True


def _asks(outline: Outline) -> bool:
    """Whether somebody gives a command, for which handlers must know who runs the chat."""
    if not outline.is_shared:
        return False
    text = outline.message.get("text")
    is_command = isinstance(text, str) and text.startswith("/") and outline.kind in ("message", "channel_post")
    return is_command or outline.kind == "callback_query"


def _stands(outline: Outline) -> bool:
    """Whether the bot came into a chat that several share, or has other rights there."""
    return outline.kind == "my_chat_member" and outline.is_shared and _is_in(outline, "new_chat_member")


def _find_adder(outline: Outline) -> str | None:
    """Who brought the bot in, where it was not there before."""
    person = whole_number(part_of(outline.body, "from").get("id"))
    return None if person is None or _is_in(outline, "old_chat_member") else str(person)


def _is_in(outline: Outline, which: str) -> bool:
    try:
        return is_present(part_of(outline.body, which))
    except UpdateError:
        return False


def _write(chat: int, can_read: bool | None, admins: tuple[str, ...] | None, **more: object) -> str:
    """An update of our own, which `notices` reads."""
    told = {"chat": str(chat), "can_read": can_read, "admins": admins, "added_by": None, **more}
    return json.dumps({"rapporteur": told})
