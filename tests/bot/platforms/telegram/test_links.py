"""Links to messages, by the kind of their chat."""

from typing import Any

import pytest

from bot.platforms.telegram.links import link_message

PUBLIC = {"id": -1001234567890, "type": "supergroup", "username": "rapporteurs"}
PRIVATE = {"id": -1001234567890, "type": "supergroup", "title": "Rapporteurs"}


@pytest.mark.parametrize(
    ("chat", "topic", "link"),
    [
        (PUBLIC, None, "https://t.me/rapporteurs/41"),
        (PUBLIC, 5, "https://t.me/rapporteurs/5/41"),
        (PRIVATE, None, "https://t.me/c/1234567890/41"),
        (PRIVATE, 5, "https://t.me/c/1234567890/5/41"),
        ({**PUBLIC, "type": "channel"}, None, "https://t.me/rapporteurs/41"),
        ({"id": -512, "type": "group", "title": "Rapporteurs"}, None, ""),
        ({"id": 1001, "type": "private", "username": "amina"}, None, ""),
    ],
)
def test_link_is_by_name_or_number(chat: dict[str, Any], topic: int | None, link: str):
    assert link_message(chat, 41, topic) == link
