"""Events, commands and interactions over HTTP, with a real app of slack_bolt at the other end."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.slack_server import SlackServer
from tests.slack_server.channels import Channel
from tests.slack_server.client import App
from tests.slack_server.people import Person


@pytest.fixture
def served(slack: SlackServer) -> Iterator[App]:
    with App(slack, http=True) as app:
        assert slack.deliver_to(app.url) == ""
        yield app


def test_address_is_asked_for_a_challenge(slack: SlackServer, served: App):
    assert slack.deliver_to(served.url, "wrong secret")[:3] == "401"
    assert slack.deliver_to(served.url) == ""


def test_event_command_and_press(slack: SlackServer, served: App, channel: Channel, ana: Person):
    served.answer = lambda body: "heard" if "command" in body else None
    channel.say(ana, "x & y")
    slack.wait_until(lambda: not slack.pending)
    slack.command("/draft", "é & more", ana, channel)
    slack.wait_until(lambda: not slack.pending)
    message = channel.add(slack.bot, "", blocks=[button("Draft", "/draft")])
    slack.press(message, "Draft", ana)
    slack.wait_until(lambda: not slack.pending)
    assert [(d.state, d.tries, d.answer) for d in slack.deliveries] == [
        ("acked", 1, {}),
        ("acked", 1, {"text": "heard"}),
        ("acked", 1, {}),
    ]
    assert served.got == [delivery.payload for delivery in slack.deliveries]
    assert [e.text for e in slack.ephemerals] == ["heard"]


def test_retries_name_their_reason(slack: SlackServer, served: App, channel: Channel, ana: Person):
    slack.retry_delays = (0, 0, 0)
    served.refusing = True
    channel.say(ana, "x")
    slack.wait_until(lambda: not slack.pending)
    (delivery,) = slack.deliveries
    assert (delivery.state, delivery.tries, delivery.reason) == ("lost", 4, "http_error")
    assert [headers.get("x-slack-retry-num") for headers in served.headers] == [None, ["1"], ["2"], ["3"]]
    assert [headers.get("x-slack-retry-reason") for headers in served.headers[1:]] == [["http_error"]] * 3


def test_slow_answer_and_dead_network(slack: SlackServer, served: App, channel: Channel, ana: Person):
    slack.patience, slack.retry_delays = 0.2, (0,)
    served.slow = 1
    channel.say(ana, "x")
    slack.wait_until(lambda: not slack.pending)
    slack.stop()
    channel.say(ana, "y")
    slack.wait_until(lambda: not slack.pending)
    assert [(d.state, d.tries, d.reason) for d in slack.deliveries] == [
        ("lost", 2, "http_timeout"),
        ("lost", 2, "connection_failed"),
    ]


def test_forged_and_stale_signatures_are_refused_by_bolt(
    slack: SlackServer, served: App, channel: Channel, ana: Person
):
    event = slack.envelope({"type": "message", "channel": channel.id, "user": ana.id, "text": "x", "ts": "1.0"})
    command: dict[str, Any] = {"command": "/draft", "text": "", "user_id": ana.id, "channel_id": channel.id}
    assert [
        slack.forge(event)[0],
        slack.forge(event, secret=slack.signing_secret, age=600)[0],
        slack.forge(command, "slash_commands")[0],
        slack.forge({"type": "block_actions"}, "interactive")[0],
        slack.forge(event, secret=slack.signing_secret)[0],
    ] == [401, 401, 401, 401, 200]
    assert served.got == [event]


def button(label: str, value: str) -> dict[str, Any]:
    element = {"type": "button", "action_id": "a", "text": {"type": "plain_text", "text": label}, "value": value}
    return {"type": "actions", "block_id": "b", "elements": [element]}
