"""What the bot looked up before it kept an update: names of people and channels. Called by all that reads updates.

What could not be found out in time is not there; an id then stands for the name.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from bot.fields import Json, as_object, take_name, take_object
from bot.platforms.slack import HOME
from core.messages import Author, Standing


@dataclass(frozen=True, slots=True)
class Found:
    """People by their ids, as `lookup` describes them, and the names of channels; `team` is the bot's own."""

    team: str
    people: Mapping[str, Json]
    channels: Mapping[str, str]

    @property
    def names(self) -> Mapping[str, str]:
        """The names of people."""
        return {person: name for person, told in self.people.items() if (name := take_name(told, "name"))}

    def author(self, person: str, typed: str = "") -> Author:
        """Who a person is; `typed` is what else they are known by."""
        return Author(person, take_name(self.people.get(person, {}), "name") or typed or person)

    def language(self, person: str) -> str:
        """The language of a person's client, of two letters; empty where it is not known."""
        language = take_name(self.people.get(person, {}), "locale").replace("_", "-").partition("-")[0].lower()
        return language if len(language) == 2 else ""

    def standing(self, person: str, chat: str, teams: Iterable[str] = ()) -> Standing:
        """What a person is in a chat; `teams` are those that the update names as theirs.

        Who belongs to another workspace is a guest here, whatever they are at home.
        """
        told = self.people.get(person, {})
        # an organization's id may stand where a workspace's is meant
        homes = [take_name(told, "team")] if told.get("team") else [team for team in teams if team.startswith("T")]
        is_guest = told.get("is_stranger") is True or any(home != self.team for home in homes)
        is_admin = not is_guest and any(told.get(key) is True for key in ("is_admin", "is_owner"))
        return Standing(is_admin=is_admin, is_guest=is_guest, in_private=is_private(chat))


def is_private(chat: str) -> bool:
    """Whether a chat is one of the bot with one person: a direct message, or the bot's page."""
    return chat.startswith(("D", HOME))


def read_found(found: Json | None, team: str) -> Found:
    """What stands in an update under `found`."""
    people, channels = ((found and take_object(found, key)) or {} for key in ("users", "channels"))
    return Found(
        team,
        {person: as_object(told, "a person found") for person, told in people.items()},
        {channel: name for channel in channels if (name := take_name(channels, channel))},
    )
