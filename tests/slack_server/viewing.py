"""Methods of views: modals and home pages. Found by methods.py."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.slack_server.errors import SlackError
from tests.slack_server.parameters import as_text, needed
from tests.slack_server.views import View, check_view

if TYPE_CHECKING:
    from tests.slack_server.people import Person
    from tests.slack_server.traffic import Call
    from tests.slack_server.world import World

TRIGGER_LIFE = 3.0


def open_view(world: World, call: Call) -> dict[str, Any]:
    person = _exchange(world, needed(call.parameters, "trigger_id"))
    person.modal = make_view(world, check_view(call.parameters.get("view")))
    return {"view": person.modal.json}


def _exchange(world: World, trigger_id: str) -> Person:
    """Whose screen a trigger is for; it holds once, for three seconds."""
    if trigger_id not in world.triggers:
        raise SlackError("invalid_trigger_id" if trigger_id not in world.used_triggers else "exchanged_trigger_id")
    person, made = world.triggers.pop(trigger_id)
    world.used_triggers.add(trigger_id)
    if world.now() - made > TRIGGER_LIFE:
        raise SlackError("expired_trigger_id")
    return person


def update_view(world: World, call: Call) -> dict[str, Any]:
    view_id, given_hash = needed(call.parameters, "view_id"), as_text(call.parameters, "hash")
    for person in world.people.values():
        shown = person.modal
        if shown and shown.id == view_id:
            if given_hash and given_hash != shown.json["hash"]:
                raise SlackError("hash_conflict")
            replace_view(world, shown, call.parameters.get("view"))
            return {"view": shown.json}
    raise SlackError("not_found")


def publish_view(world: World, call: Call) -> dict[str, Any]:
    person = world.people.get(needed(call.parameters, "user_id"))
    if person is None or person is world.bot:
        raise SlackError("user_not_found")
    view, given_hash = check_view(call.parameters.get("view")), as_text(call.parameters, "hash")
    if view["type"] != "home":
        raise SlackError("invalid_arguments")
    if person.home and given_hash and given_hash != person.home.json["hash"]:
        raise SlackError("hash_conflict")
    if person.home:
        replace_view(world, person.home, view)
    else:
        person.home = make_view(world, view)
    return {"view": person.home.json}


def make_view(world: World, view: dict[str, Any]) -> View:
    return _fill(world, View(world.name("V"), {}), view)


def replace_view(world: World, shown: View, view: Any) -> None:
    """Another content in the same place."""
    shown.errors = {}
    _fill(world, shown, check_view(view))


def _fill(world: World, shown: View, view: dict[str, Any]) -> View:
    usual: dict[str, Any] = {
        "callback_id": "",
        "private_metadata": "",
        "close": None,
        "submit": None,
        "clear_on_close": False,
    }
    usual |= {"notify_on_close": False, "external_id": "", "title": None}
    outer: dict[str, Any] = {
        "id": shown.id,
        "team_id": world.team_id,
        "app_id": world.bot.app_id,
        "bot_id": world.bot.bot_id,
    }
    outer |= {"app_installed_team_id": world.team_id, "root_view_id": shown.id, "previous_view_id": None}
    shown.json = {**usual, **view, **outer, "state": {"values": {}}, "hash": world.name("hash")}
    return shown
