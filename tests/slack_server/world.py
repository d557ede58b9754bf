"""The world that the server shows: its clock, people, channels, files and deliveries, under one lock.

SlackServer (server.py) is a World that answers over HTTP; tests call the methods here from their own thread.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tests.slack_server.channels import Channel
from tests.slack_server.clock import MORNING
from tests.slack_server.deliveries import EVENTS
from tests.slack_server.direct import Direct
from tests.slack_server.people import Bot, File, Person
from tests.slack_server.scopes import SCOPES, SUBSCRIPTIONS
from tests.slack_server.text import read_mrkdwn, write_mrkdwn
from tests.slack_server.traffic import Traffic

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from tests.slack_server.deliveries import Delivery


@dataclass(eq=False)
class Ephemeral:
    """Words that only one person sees."""

    channel: Channel
    person: Person
    text: str
    blocks: list[dict[str, Any]] = field(default_factory=list)


class World(Traffic):
    """Everything there is."""

    port = 0
    verification = "verification-token"

    def __init__(
        self,
        *,
        team_id: str = "T00001",
        domain: str = "rapporteur-test",
        bot_token: str = "xoxb-1-test",
        app_token: str = "xapp-1-test",
        signing_secret: str = "8f742231b10e8888abcd99yyyzzz85a5",
        began: datetime | None = MORNING,
    ) -> None:
        super().__init__(began)
        self.team_id, self.domain = team_id, domain
        self.bot_token, self.app_token, self.signing_secret = bot_token, app_token, signing_secret
        self.bot = Bot("U0BOT", "rapporteur", team_id, is_bot=True, bot_id="B00001", app_id="A00001")
        self.scopes = set(SCOPES)  # that were granted
        self.subscriptions = set(SUBSCRIPTIONS)  # events that the app asks for
        self.people: dict[str, Person] = {self.bot.id: self.bot}
        self.channels: dict[str, Channel] = {}
        self.files: dict[str, File] = {}
        self.ephemerals: list[Ephemeral] = []
        self.empty_channel_names = False  # channel links come without the name
        self.page_size = 1000  # at most so many messages a page, whatever is asked for
        self.hidden_before = ""  # a free workspace shows no message older than this ts
        self.uploads: dict[str, int] = {}  # files that wait for their bytes or their completion, with their lengths
        self.share_delay = 0.0  # from the completion of an upload to its message
        self.triggers: dict[str, tuple[Person, float]] = {}  # whose screen each is for, and since when
        self.used_triggers: set[str] = set()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def api_url(self) -> str:
        """What slack_sdk calls base_url."""
        return f"{self.url}/api/"

    @property
    def team_url(self) -> str:
        return f"https://{self.domain}.slack.com/"

    # people and channels

    def person(
        self,
        name: str,
        locale: str = "en-US",
        tz: str = "UTC",
        *,
        is_admin: bool = False,
        is_owner: bool = False,
        is_restricted: bool = False,
        guest_of: str = "",
    ) -> Person:
        """An account; with `guest_of`, the id of another workspace from which it comes by Slack Connect."""
        with self.changing():
            person = Person(self.name("U"), name, guest_of or self.team_id, locale, tz, is_admin, is_owner)
            person.is_restricted, person.is_stranger = is_restricted, bool(guest_of)
            self.people[person.id] = person
        return person

    def add_channel(self, name: str, *, private: bool = False) -> Channel:
        """A channel without the bot (`channel.invite_bot(by)` brings it in)."""
        with self.changing():
            channel = Channel(self, self.name("C"), "private" if private else "public", name)
            self.channels[channel.id] = channel
        return channel

    def direct(self, person: Person) -> Direct:
        """The direct messages between a person and the bot; what is said there the person says."""
        with self.changing():
            for channel in self.channels.values():
                if isinstance(channel, Direct) and channel.person is person:
                    return channel
            channel = Direct(self, self.name("D"), person)
            self.channels[channel.id] = channel
        return channel

    def channel_id_change(self, channel: Channel) -> str:
        """The channel goes on under another id; gives the former one."""
        with self.changing():
            old, channel.id = channel.id, self.name("C")
            self.channels[channel.id] = self.channels.pop(old)
            event = {"type": "channel_id_changed", "old_channel_id": old, "new_channel_id": channel.id}
            channel.tell(event, "channel_id_changed")
        return old

    def keep(self, owner: Person, name: str, content: bytes | None) -> File:
        file = File(self.name("F"), name, owner, self.url, int(self.now()), content)
        self.files[file.id] = file
        return file

    def write(self, typed: str) -> str:
        """Typed text as Slack keeps it."""
        people = {person.name: person.id for person in self.people.values()}
        channels = self.public_names()
        return write_mrkdwn(typed, people, channels, empty=self.empty_channel_names)

    def read(self, text: str) -> str:
        """Kept text as it looks."""

        def name_of(found: str) -> str:
            known = self.people.get(found) or self.channels.get(found)
            return known.name if known else found

        return read_mrkdwn(text, name_of)

    def public_names(self) -> dict[str, str]:
        return {channel.name: channel.id for channel in self.channels.values() if channel.kind == "public"}

    def later(self, delay: float, work: Callable[[], None]) -> None:
        """Does something after a time; only a server has time that passes."""
        raise NotImplementedError

    # what the bot is told

    def emit(self, event: dict[str, Any], subscription: str, channel: Channel | None = None) -> None:
        """Queues an event, if the app asks for its kind and may see it."""
        if subscription in self.subscriptions and SUBSCRIPTIONS.get(subscription, "") in {*self.scopes, ""}:
            self.queue(EVENTS, self.envelope(event, channel))

    def envelope(self, event: dict[str, Any], channel: Channel | None = None) -> dict[str, Any]:
        """The outer payload of an event."""
        authorization = {"enterprise_id": None, "team_id": self.team_id, "user_id": self.bot.id, "is_bot": True}
        return {
            "token": self.verification,
            "team_id": self.team_id,
            "context_team_id": self.team_id,
            "context_enterprise_id": None,
            "api_app_id": self.bot.app_id,
            "event": event,
            "type": "event_callback",
            "event_id": self.name("Ev"),
            "event_time": int(self.now()),
            "authorizations": [authorization | {"is_enterprise_install": False}],
            "is_ext_shared_channel": bool(channel and channel.shared),
            "event_context": "4-eyJl",
        }

    def inject(self, event: dict[str, Any], /, **outer: Any) -> Delivery:
        """Queues an event just as given: kinds and shapes that no client makes. `outer` changes its envelope."""
        with self.changing():
            return self.queue(EVENTS, self.envelope(event) | outer)
