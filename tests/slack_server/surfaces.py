"""What people do beside writing: commands, buttons, shortcuts, modals, the bot's page. Part of the server's world."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.slack_server.deliveries import COMMANDS, INTERACTIVE, Delivery
from tests.slack_server.viewing import make_view, replace_view
from tests.slack_server.views import View, find_buttons
from tests.slack_server.world import Ephemeral, World

if TYPE_CHECKING:
    from tests.slack_server.channels import Channel
    from tests.slack_server.messages import Message
    from tests.slack_server.people import Person

RESPONSES = 5  # of a response_url


class Surfaces(World):
    """A world with screens. What people do here comes to nothing for them where it is not acknowledged in time."""

    def __init__(self, **world: Any) -> None:
        super().__init__(**world)
        self.response_urls: dict[str, tuple[Channel, Person, int]] = {}

    def command(self, name: str, text: str, person: Person, channel: Channel) -> Delivery:
        """Somebody gives a slash command, in a channel where the bot need not be."""
        with self.changing():
            visible = channel.kind == "public" or self.bot in channel.members
            payload: dict[str, Any] = {
                "token": self.verification,
                "team_id": self.team_id,
                "team_domain": self.domain,
                "channel_id": channel.id,
                "channel_name": channel.name if visible else "privategroup",
                "user_id": person.id,
                "user_name": person.username,
                "command": name,
                "text": self.write(text),
                "api_app_id": self.bot.app_id,
                "is_enterprise_install": "false",
                "response_url": self._make_response_url(channel, person),
                "trigger_id": self._make_trigger(person),
            }
            if person.team != self.team_id:
                payload["team_id"] = person.team
            return self.queue(COMMANDS, payload)

    def press(self, where: Message | View, label: str, person: Person) -> Delivery:
        """Somebody presses a button of a message or of their home page, named by its words."""
        with self.changing():
            found = {button["text"]["text"]: button for button in find_buttons(where.blocks)}
            if label not in found:
                raise KeyError(f"no button {label!r}; there are {list(found)}")
            action = {
                key: found[label][key] for key in ("action_id", "block_id", "text", "value") if key in found[label]
            }
            payload = self._interaction("block_actions", person)
            payload["actions"] = [action | {"type": "button", "action_ts": self.next_ts()}]
            if isinstance(where, View):
                payload |= {"container": {"type": "view", "view_id": where.id}, "view": where.json}
            else:
                channel = where.channel
                container = {"type": "message", "message_ts": where.ts, "channel_id": channel.id, "is_ephemeral": False}
                payload |= self._of_message(where, person) | {"container": container, "state": {"values": {}}}
            return self.queue(INTERACTIVE, payload)

    def shortcut(self, message: Message, callback_id: str, person: Person) -> Delivery:
        """Somebody takes a shortcut from a message's menu."""
        with self.changing():
            payload = self._interaction("message_action", person) | self._of_message(message, person)
            more = {"callback_id": callback_id, "message_ts": message.ts, "action_ts": self.next_ts()}
            return self.queue(INTERACTIVE, payload | more)

    def submit(self, person: Person, values: dict[str, str] | None = None) -> Delivery:
        """Somebody fills in the modal on their screen and submits it.

        `values` by label, block id or action id; what is not named stays as preset. When it is acknowledged, the modal
        is gone, or shows `errors`, or is another one, as the bot says.
        """
        with self.changing():
            modal = self._modal_of(person)
            modal.json |= {"state": {"values": modal.fill(values or {})}}
            payload = self._interaction("view_submission", person)
            return self.queue(INTERACTIVE, payload | {"view": modal.json, "response_urls": []})

    def close_modal(self, person: Person) -> None:
        """Somebody turns away from the modal; the bot hears of it only if it asked to."""
        with self.changing():
            modal, person.modal = self._modal_of(person), None
            if modal.json["notify_on_close"]:
                self.queue(INTERACTIVE, self._interaction("view_closed", person) | {"view": modal.json})

    def open_home(self, person: Person, tab: str = "home") -> None:
        """Somebody looks at the bot's own page, or at its messages."""
        with self.changing():
            event: dict[str, Any] = {"type": "app_home_opened", "user": person.id, "channel": self.direct(person).id}
            event |= {"tab": tab, "event_ts": self.next_ts()}
            self.emit(event | ({"view": person.home.json} if person.home else {}), "app_home_opened")

    def settle(self, delivery: Delivery, state: str, answer: dict[str, Any]) -> None:
        """What an acknowledgement does on the screen of the person."""
        with self.changing():
            super().settle(delivery, state, answer)
            payload = delivery.payload
            if state != "acked":
                return
            if payload.get("type") == "view_submission":
                self._settle_submission(self.people[payload["user"]["id"]], payload["view"]["id"], answer)
            elif delivery.kind == COMMANDS and (answer.get("text") or answer.get("blocks")):
                self._show(self.channels[payload["channel_id"]], self.people[payload["user_id"]], answer)

    def _settle_submission(self, person: Person, view_id: str, answer: dict[str, Any]) -> None:
        modal = person.modal
        if modal is None or modal.id != view_id:
            return
        match answer.get("response_action"):
            case "errors":
                modal.errors = dict(answer["errors"])
            case "update":
                replace_view(self, modal, answer["view"])
            case "push":
                person.modal = make_view(self, answer["view"])
            case _:
                person.modal = None

    def respond(self, name: str, answer: dict[str, Any]) -> str:
        """What comes to a response_url; gives the error, if any."""
        with self.changing():
            channel, person, left = self.response_urls.get(name, (None, None, 0))
            if channel is None or person is None:
                return "expired_url"
            if not left:
                return "used_url"
            self.response_urls[name] = (channel, person, left - 1)
            self._show(channel, person, answer)
            return ""

    def _show(self, channel: Channel, person: Person, answer: dict[str, Any]) -> None:
        text, blocks = str(answer.get("text", "")), answer.get("blocks") or []
        if answer.get("response_type") == "in_channel":
            channel.add(self.bot, text, blocks=blocks)
        else:
            self.ephemerals.append(Ephemeral(channel, person, text, blocks))

    def _modal_of(self, person: Person) -> View:
        if person.modal is None:
            raise ValueError(f"no modal is on the screen of {person.name}")
        return person.modal

    def _interaction(self, kind: str, person: Person) -> dict[str, Any]:
        """What all interactions have."""
        user = {"id": person.id, "username": person.username, "name": person.username, "team_id": person.team}
        return {
            "type": kind,
            "team": {"id": self.team_id, "domain": self.domain},
            "user": user,
            "api_app_id": self.bot.app_id,
            "token": self.verification,
            "trigger_id": self._make_trigger(person),
            "enterprise": None,
            "is_enterprise_install": False,
        }

    def _of_message(self, message: Message, person: Person) -> dict[str, Any]:
        channel = message.channel
        url = self._make_response_url(channel, person)
        where = {"id": channel.id, "name": channel.name}
        return {"channel": where, "message": message.json(), "response_url": url}

    def _make_trigger(self, person: Person) -> str:
        trigger = f"{self.name('1')}.{self.name('2')}.trigger"
        self.triggers[trigger] = (person, self.now())
        return trigger

    def _make_response_url(self, channel: Channel, person: Person) -> str:
        name = self.name("R")
        self.response_urls[name] = (channel, person, RESPONSES)
        return f"{self.url}/response/{name}"
