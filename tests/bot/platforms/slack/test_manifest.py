"""The app's manifest, held against the limits of Slack's schema (slackapi/manifest-schema, v2)."""

import json
from pathlib import Path
from typing import Any

import pytest

from bot.platforms.slack.manifest import EVENTS, SCOPES, format_manifest, make_manifest
from core.errors import SettingError
from handlers.dispatch import COMMANDS
from tests.slack_server.scopes import SUBSCRIPTIONS

MANIFEST = Path(__file__).parents[4] / "slack-manifest.json"


def make(command: str = "draft", http_url: str | None = None) -> dict[str, Any]:
    return make_manifest(COMMANDS, command, http_url=http_url)


def test_manifest_in_the_repository_is_the_one_that_is_made():
    assert MANIFEST.read_text("utf-8") == format_manifest(make()), (
        "make it anew: rapporteur slack manifest > slack-manifest.json"
    )


@pytest.mark.parametrize("http_url", [None, "https://bot.example.org"])
def test_manifest_keeps_within_slacks_limits(http_url: str | None):
    made = make("a" * 31, http_url)
    shown, features = made["display_information"], made["features"]
    assert (len(shown["name"]) <= 35, len(shown["description"]) <= 140) == (True, True)
    assert len(features["bot_user"]["display_name"]) <= 80
    (shortcut,) = features["shortcuts"]
    assert (len(shortcut["name"]) <= 24, len(shortcut["callback_id"]) <= 255) == (True, True)
    assert 1 <= len(shortcut["description"]) <= 150
    for entry in features["slash_commands"]:
        assert entry["command"][0] == "/"
        assert 2 <= len(entry["command"]) <= 32
        assert 1 <= len(entry["description"]) <= 2000
        assert 1 <= len(entry["usage_hint"]) <= 1000
    assert len(made["settings"]["event_subscriptions"]["bot_events"]) <= 100
    assert len(made["oauth_config"]["scopes"]["bot"]) <= 255


def test_commands_are_those_of_the_table():
    draft, own = make("/report-draft")["features"]["slash_commands"]
    assert draft["command"] == "/report-draft"
    others = [command.name for command in COMMANDS if command.name != "draft"]
    assert (own["command"], own["usage_hint"].split(" | ")) == ("/rapporteur", others)


def test_every_event_has_the_scope_that_it_needs():
    assert {SUBSCRIPTIONS[event] for event in EVENTS} - {""} <= set(SCOPES)
    assert json.loads(MANIFEST.read_text("utf-8"))["oauth_config"]["scopes"]["bot"] == sorted(SCOPES)


def test_socket_mode_is_on_where_slack_has_no_address_of_the_bot():
    made = make()
    assert made["settings"]["socket_mode_enabled"] is True
    assert "url" not in json.dumps(made)


@pytest.mark.parametrize("address", ["https://bot.example.org", "https://bot.example.org/slack/events"])
def test_over_http_everything_comes_to_one_address(address: str):
    made = make(http_url=address)
    url = "https://bot.example.org/slack/events"
    settings = made["settings"]
    assert settings["socket_mode_enabled"] is False
    assert [entry["url"] for entry in made["features"]["slash_commands"]] == [url, url]
    told = [settings[key]["request_url"] for key in ("event_subscriptions", "interactivity")]
    assert told == [url, url]


def test_command_for_drafts_cannot_have_the_name_of_the_other():
    with pytest.raises(SettingError, match="SLACK_COMMAND: /rapporteur is the bot's other command"):
        make("rapporteur")
