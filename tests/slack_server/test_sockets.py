"""Socket Mode, with a real app of slack_bolt at the other end."""

import asyncio

import aiohttp
import pytest

from tests.slack_server import SlackServer
from tests.slack_server.channels import Channel
from tests.slack_server.client import App, Client
from tests.slack_server.people import Person


def settle(slack: SlackServer, timeout: float = 5) -> list[tuple[str, int]]:
    """How all that was delivered ended, and after how many tries."""
    slack.wait_until(lambda: not slack.pending, timeout)
    return [(delivery.state, delivery.tries) for delivery in slack.deliveries]


def test_message_is_delivered_and_acknowledged(slack: SlackServer, app: App, channel: Channel, ana: Person):
    channel.say(ana, "#recommendation x")
    assert settle(slack) == [("acked", 1)]
    assert app.got == [delivery.payload for delivery in slack.deliveries]
    assert "x-slack-retry-num" not in app.headers[0] or app.headers[0]["x-slack-retry-num"] == ["0"]


def test_command_is_answered_in_the_acknowledgement(slack: SlackServer, app: App, channel: Channel, ana: Person):
    app.answer = lambda body: f"heard {body['text']}"
    command = slack.command("/draft", "docx @Ana", ana, channel)
    assert settle(slack) == [("acked", 1)]
    assert command.answer == {"text": "heard docx <@U00001>"}
    assert [(e.channel, e.person, e.text) for e in slack.ephemerals] == [(channel, ana, "heard docx <@U00001>")]


def test_event_without_acknowledgement_comes_thrice_more(slack: SlackServer, channel: Channel, ana: Person):
    slack.patience, slack.retry_delays = 0.1, (0, 0.05, 0.1)
    with App(slack) as app:
        app.refusing = True
        slack.wait_until(lambda: slack.connections)
        channel.say(ana, "lost")
        command = slack.command("/draft", "", ana, channel)
        slack.wait_until(lambda: not slack.pending)
        assert [(d.kind, d.state, d.tries, d.reason) for d in slack.deliveries] == [
            ("events_api", "lost", 4, "timeout"),
            ("slash_commands", "lost", 1, "timeout"),
        ]
        tries = [(b["event_id"], h) for b, h in zip(app.got, app.headers, strict=True) if "event_id" in b]
        assert [(i, h["x-slack-retry-num"][0]) for i, h in tries] == [("Ev00001", str(n)) for n in range(4)]
        assert [h["x-slack-retry-reason"][0] for _, h in tries[1:]] == ["timeout"] * 3
        assert command.answer == {}


def test_events_without_a_connection_are_lost_after_their_retries(slack: SlackServer, channel: Channel, ana: Person):
    slack.retry_delays = (0, 0, 0)
    channel.say(ana, "unheard")
    assert settle(slack) == [("lost", 4)]


def test_network_goes_and_comes(slack: SlackServer, app: App, channel: Channel, ana: Person):
    slack.retry_delays = (0, 0, 0)
    slack.stop()
    channel.say(ana, "meanwhile")
    assert settle(slack) == [("lost", 4)]
    slack.start()
    slack.wait_until(lambda: slack.connections, 10)
    channel.say(ana, "again")
    assert settle(slack) == [("lost", 4), ("acked", 1)]
    assert app.texts() == ["again"]


def test_refresh_ends_all_connections_and_the_client_comes_back(
    slack: SlackServer, app: App, channel: Channel, ana: Person
):
    before = list(slack.sockets.open)
    slack.refresh()
    slack.wait_until(lambda: slack.connections and not set(before) & set(slack.sockets.open), 10)
    channel.say(ana, "after")
    assert settle(slack)[-1] == ("acked", 1)
    assert len({ticket for ticket, _ in slack.handshakes}) > 1


def test_cut_connection_is_built_again(slack: SlackServer, app: App, channel: Channel, ana: Person):
    (before,) = slack.sockets.open
    slack.cut_sockets()
    slack.wait_until(lambda: slack.connections and before not in slack.sockets.open, 10)
    channel.say(ana, "after")
    assert settle(slack)[-1][0] == "acked"


def test_refused_ticket_never_holds_again(slack: SlackServer, app: App):
    """The client goes on knocking with the one that it has: nothing but a new client helps."""
    slack.refuse_sockets(1)
    (before,) = slack.sockets.open
    slack.cut_sockets()
    slack.wait_until(lambda: before not in slack.sockets.open and len(slack.handshakes) >= 4, 10)
    assert slack.handshakes[:4] == [("ticket1", True), *[("ticket2", False)] * 3]
    assert len(slack.calls_of("apps.connections.open")) == 2


def test_each_payload_goes_to_any_one_connection(slack: SlackServer, channel: Channel, ana: Person):
    with App(slack, sockets=2) as app:
        slack.wait_until(lambda: slack.connections == 2)
        for number in range(20):
            channel.say(ana, str(number))
        assert settle(slack) == [("acked", 1)] * 20
        assert sorted(app.texts(), key=int) == [str(number) for number in range(20)]


def test_redelivery_is_the_same_event_once_more(slack: SlackServer, app: App, channel: Channel, ana: Person):
    for text in "ab":
        channel.say(ana, text)
    settle(slack)
    slack.redeliver(1)
    settle(slack)
    last = max(range(2), key=lambda i: app.got[i]["event_id"])
    assert app.got[2] == app.got[last]
    assert app.headers[2]["x-slack-retry-num"] == ["1"]


def test_lost_acknowledgement_makes_a_redelivery(slack: SlackServer, app: App, channel: Channel, ana: Person):
    slack.lose_acks = 1
    channel.say(ana, "x")
    assert settle(slack) == [("acked", 2)]
    assert app.texts() == ["x", "x"]


def test_shuffled_events_come_out_of_order(slack: SlackServer, app: App, channel: Channel, ana: Person):
    slack.shuffle = True
    message = channel.say(ana, "a")
    for number in range(9):
        channel.edit(message, str(number))
    assert settle(slack) == [("acked", 1)] * 10
    came = [body["event"]["event_ts"] for body in app.got]
    assert came != sorted(came)
    assert sorted(came) == [delivery.payload["event"]["event_ts"] for delivery in slack.deliveries]


@pytest.mark.parametrize(("anywhere", "state"), [(True, "acked"), (False, "lost")])
def test_acknowledgement_on_another_connection(
    slack: SlackServer, channel: Channel, ana: Person, anywhere: bool, state: str
):
    """What Slack makes of it is not known, so both can be had."""
    slack.acks_anywhere, slack.retry_delays = anywhere, ()
    slack.patience = 5 if anywhere else 0.3

    async def answer_on_the_other() -> None:
        async with aiohttp.ClientSession() as session:
            sockets = [await session.ws_connect(slack.sockets.issue_url()) for _ in range(2)]
            hellos = [(await socket.receive_json())["type"] for socket in sockets]
            assert hellos == ["hello", "hello"]
            waiting = [asyncio.create_task(socket.receive_json()) for socket in sockets]
            await asyncio.to_thread(slack.wait_until, lambda: slack.connections == 2)
            channel.say(ana, "x")
            done, _ = await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
            (envelope,) = (task.result() for task in done)
            other = sockets[1 - waiting.index(done.pop())]
            await other.send_json({"envelope_id": envelope["envelope_id"]})
            await asyncio.to_thread(slack.wait_until, lambda: not slack.pending)

    asyncio.run(answer_on_the_other())
    assert [delivery.state for delivery in slack.deliveries] == [state]


def test_eleventh_connection_is_turned_away(slack: SlackServer):
    async def connect() -> list[str]:
        async with aiohttp.ClientSession() as session:
            sockets = [await session.ws_connect(slack.sockets.issue_url()) for _ in range(10)]
            first = [await socket.receive_json() for socket in sockets]
            last = await (await session.ws_connect(slack.sockets.issue_url())).receive_json()
            return [*{hello["type"] for hello in first}, last["reason"]]

    assert asyncio.run(connect()) == ["hello", "too_many_websockets"]


def test_wrong_token_for_a_socket(slack: SlackServer):
    for token, error in (("xapp-nonsense", "invalid_auth"), (slack.bot_token, "not_allowed_token_type")):
        client = Client(slack, token)
        assert client.refused("apps_connections_open", app_token=token) == error
        client.close()
