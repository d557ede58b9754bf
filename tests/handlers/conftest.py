from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.handlers.chat import Chat
from tests.handlers.group import Group


@pytest.fixture
def chat(tmp_path: Path) -> Iterator[Chat]:
    """A chat with no meeting yet."""
    made = Chat.on(tmp_path)
    yield made
    made.store.close()


@pytest.fixture
def group(tmp_path: Path) -> Iterator[Group]:
    """Chats with a bot that nobody runs yet."""
    made = Group.on(tmp_path)
    yield made
    made.store.close()


@pytest.fixture
def opened(chat: Chat) -> Chat:
    """A chat with a meeting."""
    chat.hold("> /open Consultation")
    return chat
