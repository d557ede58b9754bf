"""Replies on their way to Slack: words, reactions, files, home pages. Called by `platform`."""

import asyncio
from collections import OrderedDict
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.platforms import BusyError, NoReactionError
from bot.platforms.slack import COMMAND, HOME, NOTE, PRESS
from bot.platforms.slack.blocks import Blocks, make_home, make_rows, make_sections, split_words
from bot.platforms.slack.faults import read_code, translate_errors
from bot.platforms.slack.naming import name_commands
from bot.platforms.slack.tracking import Tracker, is_ts
from core.messages import MessageKey
from core.replies import DraftFile, Reaction, Reply

# Slack's names of emoji
SIGNS = {
    Reaction.FILED: "writing_hand",
    Reaction.CHANGED: "ok_hand",
    Reaction.NOT_UNDERSTOOD: "thinking_face",
    Reaction.WITHDRAWN: "thumbsdown",
}
# the type of the metadata that every post of the bot's carries, by which it is found again
POSTED = "rapporteur"
# the id of a file that was sent starts so: of its message Slack does not tell
FILE = "file:"
_NO_REACTION = {
    "message_not_found": "the message is gone",
    "bad_timestamp": "the message is gone",
    "thread_locked": "the thread is locked",
    "too_many_emoji": "the message has as many reactions as there can be",
    "too_many_reactions": "the message has as many reactions as there can be",
    "not_reactable": "the message cannot have reactions",
    "no_item_specified": "the message cannot have reactions",
}
# an update that these refuse is one that cannot be made: the card is gone, or is no message of the bot's
_GONE = frozenset({"message_not_found", "cant_update_message", "edit_window_closed", "is_inactive"})
# who pressed is not in the channel, as on the bot's own page
_NOT_THERE = frozenset({"user_not_in_channel", "not_in_channel"})
# how the id of a chat with one person starts
_PRIVATE = "D"
# the signs of so many messages are remembered
_REMEMBERED = 10_000


def name_reply(reply: Reply) -> str:
    """What tells a reply from others, as its posts carry it."""
    said = "\n".join([*reply.to, reply.text, *(button.command for row in reply.buttons for button in row)])
    return sha256(said.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def find_thread(reply: Reply) -> str | None:
    """The message in whose thread a reply stands: where the one answered stands, else below it; none in private."""
    if reply.to.chat.startswith(_PRIVATE):
        return None
    if reply.thread:
        return reply.thread
    return reply.to.id if is_ts(reply.to.id) else None


@dataclass(frozen=True, slots=True)
class Sender:
    """Sends replies; whatever it posts is noted in the tracker."""

    client: AsyncWebClient
    tracker: Tracker
    draft_command: str
    # what the bot has put on a message, as far as it is remembered
    _signs: OrderedDict[MessageKey, str] = field(default_factory=OrderedDict)

    async def send(self, reply: Reply, file: DraftFile | None, card: str | None, bot_user_id: str) -> str:
        """Send a file, else words, else a reaction; the id of the message, the last one where the words take several.

        A home page and a reaction have no id.
        """
        with translate_errors():
            if reply.to.chat.startswith(HOME):
                return await self._publish(reply)
            if file:
                return await self._send_file(reply, file)
            if reply.text:
                is_brief = reply.to.id.startswith(PRESS) and not (card or reply.card or reply.buttons)
                if is_brief and await self._whisper(reply):
                    return ""
                return await self._send_words(reply, card)
            if reply.reaction:
                await self._react(reply, reply.reaction, bot_user_id)
            return ""

    def _word(self, reply: Reply) -> str:
        return name_commands(reply.text, self.draft_command)

    async def _whisper(self, reply: Reply) -> bool:
        """Show words to who pressed a button, and to nobody else; whether that could be done."""
        user = reply.to.id.rpartition(":")[2]
        [pieces, *_] = split_words(self._word(reply))
        try:
            await self.client.chat_postEphemeral(channel=reply.to.chat, user=user, **_say(pieces, []))
        except SlackApiError as error:
            if read_code(error) in _NOT_THERE:
                return False
            raise
        return True

    async def _publish(self, reply: Reply) -> str:
        if reply.text:
            view = make_home(self._word(reply), reply.buttons)
            await self.client.views_publish(user_id=reply.to.chat.removeprefix(HOME), view=view)
        return ""

    async def _send_file(self, reply: Reply, file: DraftFile) -> str:
        comment = split_words(self._word(reply))
        answer = await self.client.files_upload_v2(
            channel=reply.to.chat,
            content=file.content,
            filename=file.name,
            title=file.name,
            initial_comment="\n".join(comment[0]) if comment else None,
            thread_ts=find_thread(reply),
        )
        return f"{FILE}{answer['files'][0]['id']}"

    async def _send_words(self, reply: Reply, card: str | None) -> str:
        """In place of the card where it stands and the words fit; else as messages of their own."""
        messages, rows = split_words(self._word(reply)), make_rows(reply.buttons)
        if card and not reply.renews and reply.to.id.startswith((COMMAND, PRESS)):
            # nothing of theirs stands in the channel that a sign could be put on: the card comes down to them
            with suppress(SlackApiError):
                await self.client.chat_delete(channel=reply.to.chat, ts=card)
            card = None
        if card and len(messages) == 1 and await self._renew(reply, card, messages[0], rows):
            return card
        sent = ""
        for number, pieces in enumerate(messages, 1):
            is_last = number == len(messages)
            sent = await self._post(reply, pieces, rows if is_last else [], (number, len(messages)))
        return sent

    async def _post(self, reply: Reply, pieces: Sequence[str], rows: Blocks, part: tuple[int, int]) -> str:
        number, of = part
        payload: dict[str, Any] = {"reply": name_reply(reply), "part": number, "of": of}
        while True:
            try:
                with translate_errors():
                    answer = await self.client.chat_postMessage(
                        channel=reply.to.chat,
                        thread_ts=find_thread(reply),
                        unfurl_links=False,
                        unfurl_media=False,
                        metadata={"event_type": POSTED, "event_payload": payload},
                        **_say(pieces, rows),
                    )
                    ts = str(answer["ts"])
            except BusyError as error:
                # to ask for a try of the whole would bring the first parts twice
                if number == 1:
                    raise
                await asyncio.sleep(error.seconds)
            else:
                self.tracker.note(reply.to.chat, ts)
                return ts

    async def _renew(self, reply: Reply, card: str, pieces: Sequence[str], rows: Blocks) -> bool:
        """Whether the card now says this."""
        try:
            await self.client.chat_update(channel=reply.to.chat, ts=card, **_say(pieces, rows))
        except SlackApiError as error:
            if read_code(error) in _GONE:
                return False
            raise
        return True

    async def _react(self, reply: Reply, reaction: Reaction, bot_user_id: str) -> None:
        """One sign of ours on a message: the new one, and then no other."""
        channel, ts = reply.to.chat, reply.to.id
        if reply.to.id.startswith(NOTE):
            # filed by the shortcut: the sign is for the message that it was filed from
            ts = reply.thread
        if not is_ts(ts):
            # a command or a press is no message that a sign could stand on; what is to be said comes in words
            return
        key, sign = reply.to._replace(id=ts), SIGNS[reaction]
        former = await self._find_signs(key, bot_user_id)
        try:
            await _call_off("already_reacted", self.client.reactions_add(channel=channel, timestamp=ts, name=sign))
            for other in former - {sign}:
                await _call_off("no_reaction", self.client.reactions_remove(channel=channel, timestamp=ts, name=other))
        except SlackApiError as error:
            self._signs.pop(key, None)
            raise _refuse_reaction(error) from None
        self._signs[key] = sign
        self._signs.move_to_end(key)
        if len(self._signs) > _REMEMBERED:
            self._signs.popitem(last=False)

    async def _find_signs(self, key: MessageKey, bot_user_id: str) -> set[str]:
        """The signs of ours that may stand on a message; an earlier run may have put them there."""
        if key in self._signs:
            return {self._signs[key]}
        try:
            answer = await self.client.reactions_get(channel=key.chat, timestamp=key.id, full=True)
        except SlackApiError as error:
            raise _refuse_reaction(error) from None
        reactions = (answer.get("message") or {}).get("reactions") or []
        ours = {reaction["name"] for reaction in reactions if bot_user_id in reaction["users"]}
        return ours & set(SIGNS.values())


async def _call_off(settled: str, call: Any) -> None:
    """Make a call, for which this refusal is as good as done."""
    try:
        await call
    except SlackApiError as error:
        if read_code(error) != settled:
            raise


def _refuse_reaction(error: SlackApiError) -> Exception:
    reason = _NO_REACTION.get(read_code(error))
    return NoReactionError(reason) if reason else error


def _say(pieces: Sequence[str], rows: Blocks) -> dict[str, Any]:
    """The arguments for a message of these escaped words: blocks, and for notifications the text."""
    return {"text": "\n".join(pieces), "blocks": [*make_sections(pieces), *rows]}
