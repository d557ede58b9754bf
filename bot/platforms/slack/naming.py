"""Commands as they are typed in Slack, which has one name for each app. Called by `sending`."""

import re

from handlers.dispatch import COMMANDS

_NAMES = "|".join(command.name for command in COMMANDS)
# a path or an address has something before its slash
_COMMAND = re.compile(rf"(?<![\w/.])/({_NAMES})\b")
_DRAFT = "draft"


def name_commands(text: str, draft_command: str) -> str:
    """The text with its commands as Slack knows them: "/rapporteur open", and "/draft" by the name that it has here."""
    return _COMMAND.sub(lambda m: f"/{draft_command}" if m[1] == _DRAFT else f"/rapporteur {m[1]}", text)
