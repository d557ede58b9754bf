"""Replies on their way to Telegram: words, reactions, files, answers to pressed buttons. Called by `platform`."""

import asyncio
from dataclasses import dataclass

from telegram import Bot, InlineKeyboardMarkup, InputFile, LinkPreviewOptions, ReplyParameters
from telegram.constants import CallbackQueryLimit, MessageLimit, ReactionEmoji
from telegram.error import BadRequest

from bot.platforms import BusyError, NoReactionError, NoReactionsError
from bot.platforms.telegram.faults import name_fault, translate_errors
from bot.platforms.telegram.reading import PRESS
from bot.platforms.telegram.splitting import cut_lines, split_text
from bot.platforms.telegram.spots import Spot, Spots, make_markup
from core.messages import MessageKey
from core.replies import DraftFile, Reaction, Reply

# Telegram has a fixed list; the ticks and crosses that one would like are not on it
SIGNS = {
    Reaction.FILED: ReactionEmoji.WRITING_HAND,
    Reaction.CHANGED: ReactionEmoji.OK_HAND_SIGN,
    Reaction.NOT_UNDERSTOOD: ReactionEmoji.THINKING_FACE,
    Reaction.WITHDRAWN: ReactionEmoji.THUMBS_DOWN,
}
_NO_PREVIEW = LinkPreviewOptions(is_disabled=True)
# an edit that these refuse is one that cannot be made: the message is gone, or is no text of the bot's
_GONE = ("not found", "can't be edited", "message_id_invalid", "no text in the message")


@dataclass(frozen=True, slots=True)
class Sender:
    """Sends replies; whatever it sends is noted in the tracker."""

    bot: Bot
    spots: Spots

    async def send(self, reply: Reply, file: DraftFile | None, card: str | None) -> str:
        """Send a file, else words, else a reaction; the id of the message, the last one where the words take several.

        An answer to a press and a reaction have no id.
        """
        with translate_errors():
            if reply.to.id.startswith(PRESS):
                is_brief = not (file or card or reply.card or reply.buttons)
                # a press is answered once, and its words are what counts
                if is_brief and not reply.text:
                    return ""
                if await self._answer_press(reply.to.id, reply.text if is_brief else "") and is_brief:
                    return ""
            if file:
                return await self._send_file(reply, file)
            if reply.text:
                return await self._send_words(reply, card)
            if reply.reaction:
                await self.spots.call(reply.to, lambda spot: self._react(spot, reply))
            return ""

    async def _answer_press(self, press: str, words: str) -> bool:
        """Show words to who pressed, and end the waiting that the button shows; False where it is too late for that."""
        shown = cut_lines(words, CallbackQueryLimit.ANSWER_CALLBACK_QUERY_TEXT_LENGTH)
        try:
            return await self.bot.answer_callback_query(press.removeprefix(PRESS), shown or None)
        except BadRequest:
            return False

    async def _react(self, spot: Spot, reply: Reply) -> None:
        if spot.message is None or reply.reaction is None:
            raise NoReactionError("the message cannot be found")
        try:
            await self.bot.set_message_reaction(spot.chat, spot.message, SIGNS[reply.reaction])
        except BadRequest as error:
            if "chat not found" in error.message.lower():
                raise
            # "not found" is of this message; anything else says what the chat allows
            off = NoReactionError if "not found" in error.message.lower() else NoReactionsError
            raise off(name_fault(error)) from None

    async def _send_file(self, reply: Reply, file: DraftFile) -> str:
        caption = cut_lines(reply.text, MessageLimit.CAPTION_LENGTH)

        async def send(spot: Spot) -> str:
            message = await self.bot.send_document(
                spot.chat,
                InputFile(file.content, filename=file.name),
                caption=caption or None,
                message_thread_id=spot.topic,
                reply_parameters=_refer(spot),
                reply_markup=make_markup(reply.buttons),
            )
            return self._note(message.chat_id, message.message_id)

        return await self.spots.call(reply.to, send)

    async def _send_words(self, reply: Reply, card: str | None) -> str:
        """In place of the card where it stands and the words fit; else as messages of their own."""
        parts, markup = split_text(reply.text, MessageLimit.MAX_TEXT_LENGTH), make_markup(reply.buttons)
        if card and len(parts) == 1:
            renewed = await self.spots.call(reply.to, lambda spot: self._renew(spot, card, parts[0], markup))
            if renewed:
                return card
        sent = ""
        for number, part in enumerate(parts, 1):
            below = markup if number == len(parts) else None
            sent = await self._send_part(reply.to, part, below, follows=number > 1)
        return sent

    async def _send_part(self, to: MessageKey, part: str, markup: InlineKeyboardMarkup | None, *, follows: bool) -> str:
        async def send(spot: Spot) -> str:
            message = await self.bot.send_message(
                spot.chat,
                part,
                message_thread_id=spot.topic,
                reply_parameters=None if follows else _refer(spot),
                reply_markup=markup,
                link_preview_options=_NO_PREVIEW,
            )
            return self._note(message.chat_id, message.message_id)

        while True:
            try:
                with translate_errors():
                    return await self.spots.call(to, send)
            except BusyError as error:
                # to ask for a try of the whole would bring the first parts twice
                if not follows:
                    raise
                await asyncio.sleep(error.seconds)

    async def _renew(self, spot: Spot, card: str, text: str, markup: InlineKeyboardMarkup | None) -> bool:
        """Whether the card now says this."""
        if spot.moved:
            return False
        try:
            await self.bot.edit_message_text(
                text, spot.chat, int(card), reply_markup=markup, link_preview_options=_NO_PREVIEW
            )
        except BadRequest as error:
            reason = error.message.lower()
            if "not modified" in reason:
                return True
            if any(words in reason for words in _GONE) and "chat not found" not in reason:
                return False
            raise
        return True

    def _note(self, chat: int, message: int) -> str:
        self.spots.tracker.note_message(chat, message)
        return str(message)


def _refer(spot: Spot) -> ReplyParameters | None:
    """What a message replies to; it is sent also where that was deleted."""
    return ReplyParameters(spot.message, allow_sending_without_reply=True) if spot.message else None
