"""Whether a reply arrived whose sending was cut off. Called by `platform`.

Telegram shows a bot no history, but it tells whose a message is by how it refuses an edit.
"""

import asyncio
from collections.abc import Collection
from enum import Enum, auto

from telegram import Bot, InlineKeyboardMarkup
from telegram.constants import MessageLimit
from telegram.error import BadRequest, ChatMigrated, RetryAfter

from bot.platforms.telegram.faults import read_wait
from bot.platforms.telegram.splitting import split_text
from bot.platforms.telegram.spots import Spot, make_markup
from core.replies import Reply

# after an outage the chat may have gone on by hundreds of messages that the bot has not seen yet
_AT_MOST = 1000
# so many ids without a message, beyond all that was seen, and there is nothing more
_GAP = 10


class _Standing(Enum):
    NONE = auto()
    OWN = auto()
    OTHERS = auto()


async def probe_messages(
    bot: Bot, spot: Spot, reply: Reply, after: int, known: Collection[int], seen: int
) -> int | None:
    """The id of the first message of the bot's after this id that is not known; of long words, that of the last part.

    `seen` is the highest message id that was seen in the chat. Words of which not all parts arrived did not arrive.
    """
    markup = make_markup(reply.buttons)
    wanted = max(1, len(split_text(reply.text, MessageLimit.MAX_TEXT_LENGTH))) if not (reply.draft or reply.file) else 1
    found = gap = 0
    for message in range(after + 1, after + 1 + _AT_MOST):
        if message in known:
            gap = 0
            continue
        # the edit must change nothing if the message is this reply: buttons stand below its last part
        try:
            standing = await _probe(bot, spot.chat, message, markup if found + 1 == wanted else None)
        except ChatMigrated:
            return None
        found += standing is _Standing.OWN
        if found == wanted:
            return message
        gap = gap + 1 if standing is _Standing.NONE and message > seen else 0
        if gap == _GAP:
            break
    return None


async def _probe(bot: Bot, chat: int, message: int, markup: InlineKeyboardMarkup | None) -> _Standing:
    try:
        await bot.edit_message_reply_markup(chat, message, reply_markup=markup)
    except RetryAfter as error:
        # to begin anew later would take as many calls again
        await asyncio.sleep(read_wait(error))
        return await _probe(bot, chat, message, markup)
    except BadRequest as error:
        reason = error.message.lower()
        if "chat not found" in reason:
            raise
        if "not modified" in reason:
            return _Standing.OWN
        return _Standing.NONE if "not found" in reason or "message_id_invalid" in reason else _Standing.OTHERS
    return _Standing.OWN
