"""One meeting fed from several chats; guests; commands in private; the bot's own page."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from core.messages import Standing
from core.phrases import phrase
from core.replies import Button
from handlers import Guard
from handlers.dispatch import COMMANDS
from tests.handlers.group import Group

OPENING = "/open Consultation\ntemplate: bapa40\nzone: UTC\nclose: 18:00"
GUEST, ADMIN, PRIVATE = Standing(is_guest=True), Standing(is_admin=True), Standing(in_private=True)


@pytest.fixture
def group(tmp_path: Path) -> Iterator[Group]:
    made = Group.on(tmp_path)
    made.guard = Guard(organizers=frozenset({"telegram:ana"}))
    yield made
    made.store.close()


def code_of(told: list[str]) -> str:
    [line] = told
    return line.removeprefix("Send the command “join ").removesuffix("” in the other chat. The code holds once.")


def test_second_chat_feeds_the_meeting_whose_code_it_has(group: Group):
    group.say(OPENING)
    code = code_of(group.say("/join"))
    assert group.say("#need Staff", "ben", chat="-200") == []
    assert group.say(f"/join {code.lower()}", "ben", chat="-200") == ["This chat feeds the meeting now: Consultation."]
    assert group.say("#need Rooms", "ben", chat="-200") == ["✍ filed"]
    assert sorted(group.texts()) == sorted([OPENING, "/join", f"/join {code.lower()}", "#need Rooms"])
    wrong = ["🤔 not understood", str(phrase("join_wrong"))]
    assert group.say(f"/join {code}", "eve", chat="-300") == wrong
    assert group.say("#need Nothing", "eve", chat="-300") == []


def test_code_that_joins_does_not_claim_and_one_that_claims_does_not_join(group: Group):
    group.say(OPENING)
    code = code_of(group.say("/join"))
    assert group.say(f"/claim {code}", "eve", chat="eve") == ["🤔 not understood", str(phrase("claim_wrong"))]
    assert group.say(f"/join {code}", "ben", chat="-200") == ["This chat feeds the meeting now: Consultation."]


def test_join_is_refused_where_it_would_take_a_meeting_away_or_be_deaf(group: Group):
    group.say(OPENING)
    group.say(OPENING, chat="-200")
    code = code_of(group.say("/join"))
    assert group.say(f"/join {code}", chat="-200") == ["🤔 not understood", str(phrase("join_open_here"))]
    group.see("-300", can_read=False)
    assert group.say(f"/join {code}", "ben", chat="-300") == [
        "🤔 not understood",
        *str(phrase("cannot_read")).split("\n"),
    ]
    group.see("-300", can_read=True)
    # a refusal has not used it up
    assert group.say(f"/join {code}", "ben", chat="-300") == ["This chat feeds the meeting now: Consultation."]


def test_code_is_given_to_organizers_only(group: Group):
    group.say(OPENING)
    assert group.say("/join", "ben") == ["🤔 not understood", str(phrase("organizers_only", command="/join"))]


def test_guests_file_and_command_nothing(group: Group):
    group.say(OPENING)
    assert group.say("#need Staff", "gus", standing=GUEST) == ["✍ filed"]
    for command in COMMANDS:
        told = group.say(command.example, "gus", standing=GUEST)
        assert (command.name, told) == (command.name, ["🤔 not understood", str(phrase("guests_file_only"))])


def test_who_runs_the_workspace_runs_its_meetings(group: Group):
    assert group.say(OPENING, "ada", standing=ADMIN) == ["🤔 not understood", str(phrase("stranger"))]
    group.say(OPENING)
    assert group.say("/draft", "ben") == ["🤔 not understood", str(phrase("organizers_only", command="/draft"))]
    assert group.say("/draft", "ada", standing=ADMIN) == ["(draft: docx)"]


def test_in_private_the_one_meeting_that_a_person_runs_is_meant(group: Group):
    group.say(OPENING)
    assert group.say("/draft", chat="ana", standing=PRIVATE) == ["(draft: docx)"]
    assert group.say("/status", chat="ana", standing=PRIVATE)[0] == "Consultation (open, template bapa40)"
    assert group.say("/draft", "ben", chat="ben", standing=PRIVATE) == ["🤔 not understood", str(phrase("stranger"))]
    group.say(OPENING, chat="-200")
    # of two, none is
    assert group.say("/draft", chat="ana", standing=PRIVATE) == ["🤔 not understood", str(phrase("no_meeting_open"))]
    assert "/draft" in group.texts()


def test_own_page_shows_the_meetings_that_a_person_has_to_do_with(group: Group):
    assert group.open_home("ana") == ([str(phrase("home_empty"))], [])
    group.say(OPENING)
    group.say("#need Staff", "ben")
    lines, buttons = group.open_home("ana")
    assert (lines[:2], buttons) == (
        ["Consultation", "A 0 · B 0 · C 0 · D 0 · E 1 · G 0"],
        [[Button("/status · Consultation", "/status", "-100"), Button("/draft · Consultation", "/draft", "-100")]],
    )
    assert group.open_home("ben")[1] == [[Button("/status · Consultation", "/status", "-100")]]
    assert group.open_home("eve", "fr") == ([phrase("home_empty").into("fr")], [])
    group.say("/close")
    assert group.open_home("ana") == ([str(phrase("home_empty"))], [])


def test_reply_to_a_message_of_an_earlier_meeting_is_not_taken_for_filed(group: Group):
    group.say(OPENING)
    group.say("#need Staff", "ben")
    group.say("/close")
    group.say(OPENING)
    unknown = ["🤔 not understood", str(phrase("unknown_reply"))]
    assert group.say("#ignore", "ben", reply_to=2) == unknown
    assert group.say("#challenge", "ben", reply_to=2) == unknown


def test_topic_whose_own_meeting_is_closed_feeds_that_of_its_chat(group: Group):
    group.say(OPENING, chat="-100/7")
    group.say("/close", chat="-100/7")
    group.say("/open All of it\ntemplate: bapa40\nzone: UTC\nclose: 18:00")
    assert group.say("#need Staff", "ben", chat="-100/7") == ["✍ filed"]
    assert "#need Staff" in group.texts()


def test_settings_of_a_closed_meeting_have_no_buttons(group: Group):
    group.say("/open Consultation")
    assert len(group.buttons) == 5
    group.say("/close")
    assert group.buttons == []


def test_person_named_from_another_service_may(group: Group):
    group.say(OPENING)
    group.say("/allow telegram:ben7")
    assert group.say("/draft", "ben7") == ["(draft: docx)"]
