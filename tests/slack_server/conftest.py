"""A server, a client of it, an app, and a channel for the tests of the server itself."""

from collections.abc import Iterator

import pytest

from tests.slack_server import SlackServer
from tests.slack_server.channels import Channel
from tests.slack_server.client import App, Client
from tests.slack_server.people import Person


@pytest.fixture
def slack() -> Iterator[SlackServer]:
    with SlackServer() as made:
        yield made


@pytest.fixture
def bot(slack: SlackServer) -> Iterator[Client]:
    client = Client(slack)
    yield client
    client.close()


@pytest.fixture
def ana(slack: SlackServer) -> Person:
    return slack.person("Ana", "fr-FR", "Europe/Paris", is_admin=True)


@pytest.fixture
def channel(slack: SlackServer, ana: Person) -> Channel:
    """A public channel with Ana and the bot in it; the bot has not heard of anything yet."""
    made = slack.add_channel("meeting")
    subscriptions, slack.subscriptions = slack.subscriptions, set()
    made.join(ana)
    made.invite_bot(ana)
    slack.subscriptions = subscriptions
    return made


@pytest.fixture
def app(slack: SlackServer) -> Iterator[App]:
    with App(slack) as made:
        slack.wait_until(lambda: slack.connections)
        yield made
