"""The two modals: to open a meeting, and to file a message. Opened at once, since Slack waits three seconds for it.

Called by `listening`; what was filled in is judged by `intake`, kept, and read by `interactions`.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from slack_sdk.web.async_client import AsyncWebClient

from bot.mrkdwn import list_tokens, read_mrkdwn
from bot.platforms.slack.commands import OWN_COMMAND
from bot.platforms.slack.faults import translate_errors
from bot.platforms.slack.forms import (
    FILE_NOTE,
    OPEN_LINES,
    OPEN_MEETING,
    SESSION,
    TAG,
    TEXT,
    TITLE,
    write_channel,
    write_target,
)
from bot.platforms.slack.interactions import find_session, read_field
from bot.platforms.slack.lookup import Lookup
from core.errors import UserError
from core.phrases import ENGLISH, Phrase, phrase, quote_typed, tell
from core.tags import LANGUAGES, TagKind, vocabulary
from handlers.settings import read_close, read_days, read_zone

_CHECKS = {"zone": read_zone, "days": read_days, "close": read_close}
# what a text field of Slack's holds
_LONGEST_TEXT = 3000

Json = dict[str, Any]


def opens_modal(body: Mapping[str, Any]) -> bool:
    """Whether this asks for a modal: the message shortcut, or the command to open a meeting with nothing behind it."""
    if body.get("type") == "message_action":
        return body.get("callback_id") == FILE_NOTE
    is_menu = body.get("command") == f"/{OWN_COMMAND}"
    return is_menu and str(body.get("text", "")).strip().lower() == "open"


class Modals:
    """Opens modals in the language of who asks, and judges what was filled in."""

    def __init__(self, client: AsyncWebClient, lookup: Lookup, templates: Sequence[str]) -> None:
        self._client, self._lookup, self._templates = client, lookup, templates

    async def open(self, body: Mapping[str, Any]) -> None:
        """Open the modal that is asked for."""
        asker, said = _person_of(body), str((body.get("message") or {}).get("text") or "")
        users, channels = list_tokens(said)
        found = await self._lookup.find({asker, *users}, channels)
        person = self._lookup.recall(asker)
        language = read_language(person)
        if body.get("type") == "message_action":
            names = {user: told["name"] for user, told in found["users"].items()}
            view = build_note_form(body, read_mrkdwn(said, names, found["channels"]), language)
        else:
            zone = person.get("tz")
            view = build_open_form(str(body.get("channel_id")), self._templates, str(zone or ""), language)
        with translate_errors():
            await self._client.views_open(trigger_id=str(body.get("trigger_id")), view=view)

    async def find_faults(self, body: Mapping[str, Any]) -> dict[str, str]:
        """What is wrong with what was filled in, by field, in the person's language; nothing where all is well."""
        view = body.get("view") or {}
        judges = {OPEN_MEETING: _judge_meeting, FILE_NOTE: _judge_note}
        judge = judges.get(str(view.get("callback_id")))
        faults = judge(view) if judge else {}
        if not faults:
            return {}
        language = await self._find_language(body)
        return {field: tell(words, language) for field, words in faults.items()}

    async def excuse(self, body: Mapping[str, Any]) -> str:
        """What is told where the modal cannot be opened."""
        return _excuse(await self._find_language(body))

    async def tell_outside(self, body: Mapping[str, Any]) -> str:
        """What is told where a slash command is given in a channel that the bot is not in."""
        return phrase("slack_outside").into(await self._find_language(body))

    async def _find_language(self, body: Mapping[str, Any]) -> str:
        person = _person_of(body)
        await self._lookup.find([person], [])
        return read_language(self._lookup.recall(person))


def _excuse(language: str) -> str:
    return phrase("form_failed").into(language)


def _judge_meeting(view: Json) -> dict[str, str | Phrase]:
    faults: dict[str, str | Phrase] = {} if read_field(view, TITLE).strip() else {TITLE: phrase("form_title_missing")}
    for field, check in _CHECKS.items():
        given = read_field(view, field).strip()
        try:
            if given:
                check(given)
        except UserError as error:
            faults[field] = error.words
    return faults


def _judge_note(view: Json) -> dict[str, str | Phrase]:
    faults: dict[str, str | Phrase] = {} if read_field(view, TAG) else {TAG: phrase("form_tag_missing")}
    session = read_field(view, SESSION).strip()
    if session and not find_session(session):
        faults[SESSION] = phrase("form_session_wrong", session=quote_typed(session))
    return faults


def read_language(person: Mapping[str, Any]) -> str:
    """The language of a person's client, of the seven."""
    code = str(person.get("locale") or "").partition("-")[0].lower()
    return code if code in LANGUAGES else ENGLISH


def build_open_form(channel: str, templates: Sequence[str], zone: str, language: str) -> Json:
    """The modal that opens a meeting in this channel."""
    labels = {
        "template": phrase("form_template"),
        "zone": phrase("form_zone"),
        "days": phrase("form_days"),
        "close": phrase("form_close"),
    }
    elements = {
        "template": _select("template", [(name, name) for name in templates]),
        "zone": _text("zone", zone),
        "days": _text("days", "1"),
        "close": _text("close"),
    }
    hints = {"close": phrase("form_close_hint")}
    title = _input(TITLE, phrase("form_title").into(language), _text(TITLE) | {"focus_on_load": True}, needed=True)
    others = [
        _input(key, labels[key].into(language), elements[key], hint=tell(hints.get(key, ""), language))
        for key in OPEN_LINES
        if key != "template" or templates
    ]
    form = _modal(OPEN_MEETING, phrase("form_open").into(language), phrase("form_open_submit").into(language), language)
    return form | {"private_metadata": write_channel(channel), "blocks": [title, *others]}


def build_note_form(body: Mapping[str, Any], text: str, language: str) -> Json:
    """The modal that files the message of this shortcut, which has this plain text."""
    message, channel = body.get("message") or {}, body.get("channel") or {}
    shown = text[:_LONGEST_TEXT]
    target = write_target(str(channel.get("id")), str(message.get("ts")), str(message.get("thread_ts") or ""), shown)
    tags = [
        (f"#{tag.spellings[language][0]}", tag.spellings[ENGLISH][0])
        for tag in vocabulary().tags.values()
        if tag.kind is TagKind.NOTE
    ]
    session_hint = phrase("form_session_hint").into(language)
    blocks = [
        _input(TAG, phrase("form_tag").into(language), _select(TAG, tags), needed=True),
        _input(SESSION, phrase("form_session").into(language), _text(SESSION), hint=session_hint),
        _input(TEXT, phrase("form_text").into(language), _text(TEXT, shown) | {"multiline": True}),
    ]
    form = _modal(FILE_NOTE, phrase("form_note").into(language), phrase("form_note_submit").into(language), language)
    return form | {"private_metadata": target, "blocks": blocks}


def _modal(name: str, title: str, submit: str, language: str) -> Json:
    return {
        "type": "modal",
        "callback_id": name,
        "title": _plain(title),
        "submit": _plain(submit),
        "close": _plain(phrase("form_cancel").into(language)),
    }


def _input(field: str, label: str, element: Json, *, hint: str = "", needed: bool = False) -> Json:
    block = {"type": "input", "block_id": field, "label": _plain(label), "element": element, "optional": not needed}
    return block | ({"hint": _plain(hint)} if hint else {})


def _text(field: str, value: str = "") -> Json:
    return {"type": "plain_text_input", "action_id": field} | ({"initial_value": value} if value else {})


def _select(field: str, options: Sequence[tuple[str, str]]) -> Json:
    """A choice of so many words, each with what it stands for."""
    listed = [{"text": _plain(words), "value": value} for words, value in options]
    return {"type": "static_select", "action_id": field, "options": listed}


def _plain(text: str) -> Json:
    return {"type": "plain_text", "text": text, "emoji": False}


def _person_of(body: Mapping[str, Any]) -> str:
    user = body.get("user")
    return str(body.get("user_id") or (user.get("id") if isinstance(user, dict) else user) or "")
