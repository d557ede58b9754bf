"""The direct messages between one person and the bot. Made by world.py."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.slack_server.channels import Channel

if TYPE_CHECKING:
    from tests.slack_server.messages import Message
    from tests.slack_server.people import Person
    from tests.slack_server.world import World


class Direct(Channel):
    """A channel of two, in which only the person is played."""

    def __init__(self, world: World, channel_id: str, person: Person) -> None:
        super().__init__(world, channel_id, "im", "directmessage")
        self.person = person
        self.members = [person, world.bot]

    def say(self, text: str = "", **more: Any) -> Message:  # type: ignore[override]  # who writes is known
        return super().say(self.person, text, **more)
