"""Commands, buttons, shortcuts, modals and the home page, with a real app of slack_bolt at the other end."""

from typing import Any

import pytest

from tests.slack_server import SlackServer
from tests.slack_server.channels import Channel
from tests.slack_server.client import App, Client
from tests.slack_server.people import Person


def plain(text: str) -> dict[str, str]:
    return {"type": "plain_text", "text": text}


def option(label: str, value: str) -> dict[str, Any]:
    return {"text": plain(label), "value": value}


def asking(block_id: str, label: str, element: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"type": "input", "block_id": block_id, "label": plain(label), "element": element, **more}


SECTIONS = [option("Challenges", "challenge"), option("Recommendations", "recommendation")]
MODAL: dict[str, Any] = {
    "type": "modal",
    "callback_id": "file_note",
    "private_metadata": "C1 1.0",
    "title": plain("File this note"),
    "submit": plain("File"),
    "blocks": [
        asking("tag", "Section", {"type": "static_select", "action_id": "a", "options": SECTIONS}),
        asking("text", "Text", {"type": "plain_text_input", "action_id": "a", "initial_value": "as it was"}),
        asking("close", "Close", {"type": "timepicker", "action_id": "a", "initial_time": "18:00"}, optional=True),
        asking("session", "Session", {"type": "plain_text_input", "action_id": "a"}, optional=True),
    ],
}
HOME: dict[str, Any] = {
    "type": "home",
    "blocks": [
        {"type": "section", "text": {"type": "mrkdwn", "text": "Open meetings"}},
        {
            "type": "actions",
            "elements": [{"type": "button", "action_id": "a", "text": plain("Draft"), "value": "/draft"}],
        },
    ],
}


def trigger(slack: SlackServer, channel: Channel, person: Person) -> str:
    return str(slack.command("/rapporteur", "open", person, channel).payload["trigger_id"])


def test_command_payload(slack: SlackServer, ana: Person):
    private, guest = slack.add_channel("secret", private=True), slack.person("Gus Fox", guest_of="T9")
    payload = slack.command("/rapporteur", "open A & B\nzone: UTC", ana, private).payload
    assert payload == {
        "token": "verification-token",
        "team_id": "T00001",
        "team_domain": "rapporteur-test",
        "channel_id": private.id,
        "channel_name": "privategroup",
        "user_id": ana.id,
        "user_name": "ana",
        "command": "/rapporteur",
        "text": "open A &amp; B\nzone: UTC",
        "api_app_id": "A00001",
        "is_enterprise_install": "false",
        "response_url": payload["response_url"],
        "trigger_id": payload["trigger_id"],
    }
    assert slack.command("/draft", "", guest, private).payload["team_id"] == "T9"


def test_command_without_acknowledgement_times_out_and_is_not_tried_again(
    slack: SlackServer, channel: Channel, ana: Person
):
    command = slack.command("/draft", "", ana, channel)
    slack.wait_until(lambda: command.done)
    assert (command.state, command.tries, command.reason) == ("lost", 1, "connection_failed")


def test_press_on_a_message(slack: SlackServer, app: App, bot: Client, channel: Channel, ana: Person):
    bot.chat_postMessage(channel=channel.id, text="x", blocks=HOME["blocks"])
    (message,) = channel.from_bot
    press = slack.press(message, "Draft", ana)
    slack.wait_until(lambda: not slack.pending)
    payload = press.payload
    assert press.state == "acked"
    assert payload["container"] == {
        "type": "message",
        "message_ts": message.ts,
        "channel_id": channel.id,
        "is_ephemeral": False,
    }
    assert (payload["channel"]["id"], payload["message"]["ts"], payload["user"]["id"]) == (
        channel.id,
        message.ts,
        ana.id,
    )
    (action,) = payload["actions"]
    assert action == {
        "type": "button",
        "action_id": "a",
        "block_id": "block1",
        "text": plain("Draft"),
        "value": "/draft",
        "action_ts": action["action_ts"],
    }
    with pytest.raises(KeyError, match=r"no button 'Status'; there are \['Draft'\]"):
        slack.press(message, "Status", ana)


def test_home_is_opened_published_and_pressed(slack: SlackServer, app: App, bot: Client, ana: Person):
    slack.open_home(ana)
    bot.views_publish(user_id=ana.id, view=HOME)
    assert ana.home
    assert (ana.home.text, ana.home.buttons) == ("Open meetings", ["Draft"])
    slack.open_home(ana, "messages")
    press = slack.press(ana.home, "Draft", ana)
    slack.wait_until(lambda: not slack.pending)
    opened, again = [d.payload["event"] for d in slack.deliveries[:2]]
    assert (opened["type"], opened["user"], opened["tab"], "view" in opened) == (
        "app_home_opened",
        ana.id,
        "home",
        False,
    )
    assert (again["tab"], again["view"]["id"]) == ("messages", ana.home.id)
    assert press.payload["container"] == {"type": "view", "view_id": ana.home.id}
    assert "channel" not in press.payload
    old = ana.home.json["hash"]
    bot.views_publish(user_id=ana.id, view=HOME, hash=old)
    assert bot.refused("views_publish", user_id=ana.id, view=HOME, hash=old) == "hash_conflict"


def test_trigger_holds_once_and_for_three_seconds(slack: SlackServer, bot: Client, channel: Channel, ana: Person):
    first, second = trigger(slack, channel, ana), trigger(slack, channel, ana)
    bot.views_open(trigger_id=first, view=MODAL)
    assert bot.refused("views_open", trigger_id=first, view=MODAL) == "exchanged_trigger_id"
    slack.advance(4)
    assert bot.refused("views_open", trigger_id=second, view=MODAL) == "expired_trigger_id"
    assert bot.refused("views_open", trigger_id="x", view=MODAL) == "invalid_trigger_id"


def test_shortcut_modal_and_submission(slack: SlackServer, app: App, bot: Client, channel: Channel, ana: Person):
    message = channel.say(ana, "x")
    shortcut = slack.shortcut(message, "file_note", ana)
    bot.views_open(trigger_id=shortcut.payload["trigger_id"], view=MODAL)
    assert ana.modal
    assert (ana.modal.title, ana.modal.labels) == ("File this note", ["Section", "Text", "Close", "Session"])
    assert ana.modal.options("Section") == ["Challenges", "Recommendations"]
    assert [ana.modal.preset(label) for label in ana.modal.labels] == [None, "as it was", "18:00", None]
    view_id = ana.modal.id
    submission = slack.submit(ana, {"Section": "Recommendations"})
    slack.wait_until(lambda: not slack.pending)
    assert (shortcut.payload["message"]["ts"], shortcut.payload["callback_id"]) == (message.ts, "file_note")
    view = submission.payload["view"]
    assert (view["id"], view["callback_id"], view["private_metadata"]) == (view_id, "file_note", "C1 1.0")
    assert view["state"] == {
        "values": {
            "tag": {"a": {"type": "static_select", "selected_option": option("Recommendations", "recommendation")}},
            "text": {"a": {"type": "plain_text_input", "value": "as it was"}},
            "close": {"a": {"type": "timepicker", "selected_time": "18:00"}},
            "session": {"a": {"type": "plain_text_input", "value": None}},
        }
    }
    assert ana.modal is None


def test_submission_is_refused_changed_and_taken(
    slack: SlackServer, app: App, bot: Client, channel: Channel, ana: Person
):
    bot.views_open(trigger_id=trigger(slack, channel, ana), view=MODAL)
    with pytest.raises(ValueError, match="'Section' is asked for"):
        slack.submit(ana)
    with pytest.raises(ValueError, match="'Other' cannot be chosen"):
        slack.submit(ana, {"Section": "Other"})
    answers = iter(
        [
            {"response_action": "errors", "errors": {"text": "too long"}},
            {"response_action": "update", "view": MODAL | {"title": plain("Again")}},
            {"response_action": "clear"},
        ]
    )
    app.answer = lambda body: next(answers) if body.get("type") == "view_submission" else None
    seen = []
    for _ in range(3):
        slack.submit(ana, {"tag": "challenge", "Text": "mine"})
        slack.wait_until(lambda: not slack.pending)
        seen.append((ana.modal.title, ana.modal.errors) if ana.modal else None)
    assert seen == [("File this note", {"text": "too long"}), ("Again", {}), None]
    with pytest.raises(ValueError, match="no modal is on the screen of Ana"):
        slack.submit(ana)


def test_modal_on_a_modal_and_answer_for_all(slack: SlackServer, app: App, bot: Client, channel: Channel, ana: Person):
    bot.views_open(trigger_id=trigger(slack, channel, ana), view=MODAL)
    pushed = MODAL | {"title": plain("On top")}
    slack.wait_until(lambda: not slack.pending)
    app.answer = lambda body: (
        {"response_action": "push", "view": pushed} if "view" in body else {"text": "hi", "response_type": "in_channel"}
    )
    slack.submit(ana, {"tag": "challenge"})
    slack.command("/draft", "", ana, channel)
    slack.wait_until(lambda: not slack.pending)
    assert ana.modal
    assert (ana.modal.title, slack.ephemerals) == ("On top", [])
    assert [(m.sender, m.text) for m in channel.messages] == [(slack.bot, "hi")]


def test_modal_that_is_turned_away_from(slack: SlackServer, bot: Client, channel: Channel, ana: Person):
    for notify in (False, True):
        view = MODAL | {"notify_on_close": notify}
        bot.views_open(trigger_id=trigger(slack, channel, ana), view=view)
        slack.close_modal(ana)
    assert ana.modal is None
    assert [d.payload["type"] for d in slack.deliveries if "type" in d.payload] == ["view_closed"]


def test_view_is_refused(slack: SlackServer, bot: Client, channel: Channel, ana: Person):
    select = {"type": "static_select", "action_id": "a", "options": SECTIONS, "initial_option": option("x", "x")}
    for view in (
        MODAL | {"title": plain("x" * 25)},
        {key: MODAL[key] for key in MODAL if key != "submit"},
        MODAL | {"private_metadata": "x" * 3001},
        MODAL | {"blocks": [asking("a", "Section", select)]},
        MODAL | {"blocks": [asking("a", "Section", select | {"options": [option("x" * 76, "x")]})]},
        MODAL | {"blocks": [asking("a", "Section", select | {"options": []})]},
        {"type": "page"},
    ):
        error = bot.refused("views_open", trigger_id=trigger(slack, channel, ana), view=view)
        assert error == "invalid_arguments"
    assert ana.modal is None
