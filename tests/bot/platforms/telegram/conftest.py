"""The platform on a server of its own, with quick waits."""

from collections.abc import Iterator

import pytest

from tests.telegram_server import TelegramServer
from tests.telegram_server.client import Client
from tests.telegram_server.conversations import Group


@pytest.fixture(autouse=True)
def own_environment(monkeypatch: pytest.MonkeyPatch):
    """The platform sets this variable; it goes with the test."""
    monkeypatch.setenv("PTB_TIMEDELTA", "false")


@pytest.fixture
def server() -> Iterator[TelegramServer]:
    with TelegramServer() as made:
        yield made


@pytest.fixture
def group(server: TelegramServer) -> Group:
    """A supergroup in which the bot sees everything; nothing is pending."""
    server.set_privacy(False)
    made = server.add_group("Meeting")
    made.add_bot()
    server.updates.waiting.clear()
    return made


@pytest.fixture
def bot(server: TelegramServer) -> Iterator[Client]:
    """The client library as it is, to put the world in order."""
    client = Client(server)
    yield client
    client.close()
