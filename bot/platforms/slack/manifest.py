"""The app's manifest: what a workspace's admin pastes to make the app. Called by the command line and by `examining`.

`slack-manifest.json` in the repository is what comes out for the usual settings. The app-level token is in no manifest;
it is made by hand.
"""

import json
from collections.abc import Sequence
from typing import Any

from bot.platforms.slack.commands import OWN_COMMAND
from bot.platforms.slack.forms import FILE_NOTE
from bot.platforms.slack.http import PATH
from core.errors import SettingError
from core.phrases import phrase
from handlers import Command

# what the bot asks to be allowed, and what for
SCOPES = {
    "channels:history": "messages of public channels that it is in, as they come and from the history",
    "channels:read": "names of public channels, where a tag was turned into a link; that it was invited",
    "chat:write": "answers, digests and status in words",
    "commands": "slash commands and the message shortcut",
    "files:read": "photographs, voice notes and files that came with notes, for the annex",
    "files:write": "drafts as files",
    "groups:history": "messages of private channels that it is in",
    "groups:read": "names of private channels that it is in; that it was invited",
    "im:history": "commands in a direct message to it",
    "reactions:read": "which of its signs a message has, after a crash",
    "reactions:write": "the sign that a note is filed",
    "users:read": "names, languages and time zones of those who write; who runs the workspace",
}
EVENTS = (
    "app_home_opened",
    "channel_id_changed",
    "member_joined_channel",
    "message.channels",
    "message.groups",
    "message.im",
)


def make_manifest(commands: Sequence[Command], command: str, *, http_url: str | None) -> dict[str, Any]:
    """The manifest. `command` is the name of the slash command for drafts; a `SettingError` where it is the other's.

    `http_url` is the public https address of the bot's web server; without one Slack is reached by Socket Mode.
    """
    name = command.removeprefix("/")
    if name == OWN_COMMAND:
        raise SettingError(f"SLACK_COMMAND: /{OWN_COMMAND} is the bot's other command; choose another name")
    url = None if http_url is None else f"{http_url.rstrip('/').removesuffix(PATH)}{PATH}"
    return {
        "_metadata": {"major_version": 2, "minor_version": 1},
        "display_information": {
            "name": "Rapporteur",
            "description": "Files tagged meeting notes into a report draft",
        },
        "features": {
            "app_home": {
                "home_tab_enabled": True,
                "messages_tab_enabled": True,
                "messages_tab_read_only_enabled": False,
            },
            "bot_user": {"display_name": OWN_COMMAND, "always_online": True},
            "shortcuts": [
                {
                    "name": "File this note",
                    "type": "message",
                    "callback_id": FILE_NOTE,
                    "description": "File or re-file this message into a section of the report",
                }
            ],
            "slash_commands": [_add_url(entry, url) for entry in _list_slash_commands(commands, name)],
        },
        "oauth_config": {"scopes": {"bot": list(SCOPES)}},
        "settings": {
            "event_subscriptions": {**({"request_url": url} if url else {}), "bot_events": list(EVENTS)},
            "interactivity": {"is_enabled": True, **({"request_url": url} if url else {})},
            "org_deploy_enabled": False,
            "socket_mode_enabled": url is None,
            "token_rotation_enabled": False,
        },
    }


def _list_slash_commands(commands: Sequence[Command], name: str) -> list[dict[str, Any]]:
    """The one for drafts, and the one for all else; in both, people and channels come by their ids."""
    draft = next(command for command in commands if command.name == "draft")
    said = draft.describe("en")
    argument = phrase(f"argument_{draft.argument}").into("en").lower()
    others = " | ".join(command.name for command in commands if command is not draft)
    return [
        {
            "command": f"/{name}",
            "description": said[:1].upper() + said[1:],
            "usage_hint": f"[{argument}]",
            "should_escape": True,
        },
        {
            "command": f"/{OWN_COMMAND}",
            "description": "Open, set and close a meeting, see its status and its tags",
            "usage_hint": others,
            "should_escape": True,
        },
    ]


def _add_url(entry: dict[str, Any], url: str | None) -> dict[str, Any]:
    return {**entry, "url": url} if url else entry


def format_manifest(manifest: dict[str, Any]) -> str:
    """The manifest as it is pasted."""
    return json.dumps(manifest, indent=2, ensure_ascii=False) + "\n"
