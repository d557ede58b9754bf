"""A Slack of its own for each test, and a channel that the bot is in."""

from collections.abc import Iterator

import pytest

from tests.slack_server import SlackServer
from tests.slack_server.channels import Channel


@pytest.fixture
def slack() -> Iterator[SlackServer]:
    with SlackServer() as made:
        made.retry_delays = (0.0, 0.1, 0.2)
        yield made


@pytest.fixture
def channel(slack: SlackServer) -> Channel:
    """A channel with the bot in it; nothing of that waits to be delivered."""
    made = slack.add_channel("meeting")
    made.invite_bot(slack.person("Olga"))
    slack.wait_until(lambda: not slack.pending and not slack.outgoing)
    return made
