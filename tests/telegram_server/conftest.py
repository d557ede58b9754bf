"""A server, a client of it, and a group for the tests of the server itself."""

from collections.abc import Iterator

import pytest

from tests.telegram_server import TelegramServer
from tests.telegram_server.client import Client
from tests.telegram_server.conversations import Group


@pytest.fixture(autouse=True)
def no_deprecated_seconds(monkeypatch: pytest.MonkeyPatch):
    """The library warns where retry_after is to be read as a number."""
    monkeypatch.setenv("PTB_TIMEDELTA", "true")


@pytest.fixture
def server() -> Iterator[TelegramServer]:
    with TelegramServer() as made:
        yield made


@pytest.fixture
def bot(server: TelegramServer) -> Iterator[Client]:
    client = Client(server)
    yield client
    client.close()


@pytest.fixture
def group(server: TelegramServer) -> Group:
    """A supergroup in which the bot sees everything; nothing is pending."""
    server.set_privacy(False)
    made = server.add_group("Meeting")
    made.add_bot()
    server.updates.waiting.clear()
    return made
