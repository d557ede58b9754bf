"""Presses and forms: raw JSON in, what their person would have written out; and what the core makes of that."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from bot.platforms.slack.forms import (
    FILE_NOTE,
    OPEN_MEETING,
    SESSION,
    TAG,
    TEXT,
    write_channel,
    write_press,
    write_target,
)
from bot.platforms.slack.interactions import find_session
from bot.platforms.slack.reading import SlackReader
from core.cutting import cut_message
from core.errors import UpdateError
from core.messages import Author, Change, MessageKey, Standing, Version, fold
from core.notes import NoteKind
from core.sessions import Label

READER = SlackReader("T1", "UBOT", "https://hlpf.slack.com/", "draft")
TS, REPLY_TS = "1531126800.000100", "1531126860.000000"
RECEIVED = datetime(2018, 7, 9, 9, 5, tzinfo=UTC)
FOUND = {"users": {"U1": {"name": "Amina Diallo", "locale": "fr-FR", "is_admin": True, "team": "T1"}}}
USER = {"id": "U1", "username": "amina", "name": "amina", "team_id": "T1"}
LINK = "https://hlpf.slack.com/archives/C1/p1531126800000100"
SHOWN = "Funds come late"


def read(body: dict[str, Any], found: dict[str, Any] | None = None) -> list[Any]:
    payload = json.dumps({"body": body, "found": FOUND if found is None else found})
    return list(READER.read(payload, RECEIVED))


def press(*actions: dict[str, Any], **fields: Any) -> dict[str, Any]:
    """Somebody presses a button below a message of the channel."""
    return {
        "type": "block_actions",
        "user": USER,
        "api_app_id": "A1",
        "container": {"type": "message", "message_ts": TS, "channel_id": "C1", "is_ephemeral": False},
        "trigger_id": "12.34.ab",
        "team": {"id": "T1", "domain": "hlpf"},
        "channel": {"id": "C1", "name": "meeting"},
        "message": {"type": "message", "user": "UBOT", "bot_id": "B1", "ts": TS, "text": "Ready"},
        "actions": list(actions),
        **fields,
    }


def button(command: str, chat: str = "", **fields: Any) -> dict[str, Any]:
    usual = {"type": "button", "action_id": "0:0", "block_id": "b", "action_ts": "1531127100.123456"}
    return {**usual, "value": write_press(command, chat), **fields}


def version(text: str, name: str, **values: Any) -> Version:
    key = MessageKey("slack", "T1", values.pop("chat", "C1"), name)
    return Version(
        **{"key": key, "change": Change.SENT, "at": RECEIVED, "author": Author("U1", "Amina Diallo")}
        | values
        | {"text": text}
    )


PRESSED = "press:1531127100.123456:U1"


def test_press_is_the_command_of_who_pressed():
    (one,) = read(press(button("/set template: hlpf")))
    assert one == version("/set template: hlpf", PRESSED)
    assert (one.language, one.standing) == ("fr", Standing(is_admin=True, pressed=TS))


def test_press_for_another_chat_is_given_there():
    in_thread = {"message": {"ts": REPLY_TS, "thread_ts": TS}}
    assert read(press(button("/draft", "C2"), **in_thread)) == [version("/draft", PRESSED, chat="C2")]


def test_press_in_a_thread_is_answered_there():
    in_thread = {"message": {"ts": REPLY_TS, "thread_ts": TS}}
    assert read(press(button("/status"), **in_thread)) == [version("/status", PRESSED, reply_to=TS)]


def test_press_on_the_page_of_the_bot_is_in_the_chat_that_the_button_names():
    home = {"container": {"type": "view", "view_id": "V1"}, "channel": None, "message": None}
    assert read(press(button("/status", "C1"), **home)) == [version("/status", PRESSED)]
    (own,) = read(press(button("/help"), **home))
    assert (own.key.chat, own.standing) == ("home:U1", Standing(is_admin=True, in_private=True))


def test_press_without_a_time_has_the_id_of_its_trigger():
    assert read(press(button("/status", action_ts=None))) == [version("/status", "press:12.34.ab:U1")]


def test_choices_and_links_are_no_presses():
    chosen = {"type": "static_select", "action_id": "tag", "selected_option": {"value": "need"}, "action_ts": TS}
    assert read(press(chosen, {"type": "button", "url": "https://un.org", "action_ts": TS})) == []


def test_press_with_a_value_that_is_not_ours_cannot_be_read():
    with pytest.raises(UpdateError, match="the button's value is not valid JSON"):
        read(press(button("", value="/draft")))


def test_press_of_who_is_of_another_workspace_is_a_guests():
    (one,) = read(press(button("/close"), user={**USER, "team_id": "T9"}), {})
    assert (one.author, one.standing) == (Author("U1", "amina"), Standing(is_guest=True, pressed=TS))


def test_press_in_another_workspace_tells_nothing():
    assert read(press(button("/close"), team={"id": "T9"})) == []


def submit(form: str, about: str, fields: dict[str, str], **view: Any) -> dict[str, Any]:
    """Somebody submits a form with these fields; the tag and the template are chosen, the rest is typed."""
    values = {
        name: {name: {"type": "static_select", "selected_option": {"text": {}, "value": value}}}
        if name in (TAG, "template")
        else {name: {"type": "plain_text_input", "value": value or None}}
        for name, value in fields.items()
    }
    made = {"id": "V1", "type": "modal", "callback_id": form, "hash": "1.abc", "private_metadata": about}
    return {
        "type": "view_submission",
        "team": {"id": "T1", "domain": "hlpf"},
        "user": USER,
        "trigger_id": "12.34.cd",
        "view": {**made, "state": {"values": values}, "app_installed_team_id": "T1", **view},
    }


def file_note(tag: str, session: str = "", text: str = SHOWN, thread: str = "") -> dict[str, Any]:
    about = write_target("C1", TS, thread, SHOWN)
    return submit(FILE_NOTE, about, {TAG: tag, SESSION: session, TEXT: text})


@pytest.mark.parametrize(
    ("fields", "text"),
    [
        (("challenge",), "#challenge"),
        (("#challenge",), "#challenge"),
        (("challenge", "", f" {SHOWN}\n"), "#challenge"),
        (("challenge", "", ""), "#challenge"),
        (("challenge", "II"), "#challenge #session II"),
        (("challenge", "session 2"), "#challenge #session II"),
        (("challenge", "breakout 2"), "#challenge #breakout 2"),
        (("challenge", "3b"), "#challenge #session 3B"),
        (("challenge", "", "Funds come too late"), "#challenge Funds come too late"),
        (("challenge", "II", "Funds come too late"), "#challenge #session II: Funds come too late"),
        # the tag chosen takes the place of that typed
        (("challenge", "", "#need Funds"), "#challenge Funds"),
        # no number of a session, and not lost
        (("challenge", "Opening", "Funds"), "#challenge Opening: Funds"),
    ],
)
def test_note_is_written_as_its_person_would(fields: tuple[str, ...], text: str):
    assert read(file_note(*fields)) == [version(text, "note:V1", reply_to=TS, link=LINK)]


def test_note_on_a_reply_leads_into_its_thread():
    (one,) = read(file_note("need", thread="1531126700.000000"))
    assert one.link == f"{LINK}?thread_ts=1531126700.000000&cid=C1"


@pytest.mark.parametrize(("session", "label"), [("", None), ("2", "II"), ("3B", "3B"), ("group 2", "Breakout 2")])
def test_note_with_its_text_untouched_files_the_others_words(session: str, label: str | None):
    (note,) = cut_message(fold(read(file_note("need", session))))
    assert (note.kind, note.tags, note.session) == (NoteKind.REPLY, ("need",), label)


@pytest.mark.parametrize(("session", "label"), [("", None), ("2", "II"), ("3B", "3B"), ("group 2", "Breakout 2")])
def test_note_with_another_text_is_its_persons(session: str, label: str | None):
    (note,) = cut_message(fold(read(file_note("need", session, "5 staff\nand rooms"))))
    assert (note.kind, note.tags, note.session, note.text) == (NoteKind.NOTE, ("need",), label, "5 staff\nand rooms")


@pytest.mark.parametrize(
    ("typed", "label"),
    [
        ("2", Label(2)),
        ("II", Label(2)),
        (" 3b ", Label(3, "B")),
        ("second", Label(2)),
        ("Session IV", Label(4)),
        ("#session2", Label(2)),
        ("séance 2", Label(2)),
        ("#s2", Label(2)),
        ("breakout 2", Label(2, breakout=True)),
        ("", None),
        ("Opening", None),
        ("session Opening", None),
        ("theme a", None),
        ("II Financing", None),
    ],
)
def test_session_is_named_by_its_number(typed: str, label: Label | None):
    assert find_session(typed) == label


def test_opened_meeting_is_the_command_with_its_lines():
    fields = {
        "title": "Pre-HLPF\nmeeting",
        "template": "bapa40",
        "zone": "Africa/Nairobi",
        "days": "",
        "close": "17:30",
    }
    expected = "/open Pre-HLPF meeting\ntemplate: bapa40\nzone: Africa/Nairobi\nclose: 17:30"
    assert read(submit(OPEN_MEETING, write_channel("C1"), fields)) == [version(expected, "command:V1")]


def test_other_forms_tell_nothing():
    assert read(submit("survey", "", {})) == []


def test_form_belongs_to_the_workspace_that_installed_the_app():
    # in a shared channel somebody of another workspace may fill it in
    body = file_note("need") | {"team": {"id": "T9"}, "user": {**USER, "team_id": "T9"}}
    assert [one.standing for one in read(body, {})] == [Standing(is_guest=True)]
    assert read(submit(OPEN_MEETING, write_channel("C1"), {}, app_installed_team_id="T9")) == []


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (submit(FILE_NOTE, "", {}), "private_metadata is not valid JSON"),
        (submit(FILE_NOTE, write_channel("C1"), {}), "ts is missing"),
        (submit(FILE_NOTE, write_target("C1", TS, "", ""), {}, state=None), "state is missing"),
        (press(button("/x"), user=None), "user is missing"),
    ],
)
def test_what_cannot_be_read_is_an_error_that_names_the_field(body: dict[str, Any], reason: str):
    with pytest.raises(UpdateError) as caught:
        read(body)
    assert str(caught.value) == reason
