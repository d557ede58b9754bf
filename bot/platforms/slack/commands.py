"""Commands as people give them on Slack: by slash command, by mention of the bot, by direct message to it.

Called by `reading`. What comes out is what the core reads everywhere: "/draft docx".
"""

import re
from collections.abc import Mapping
from difflib import get_close_matches

from bot.mrkdwn import read_mrkdwn
from bot.platforms.slack.found import Found
from core.tags import find_tags
from core.text import clean_text
from handlers.dispatch import COMMANDS, read_command

# the bot's slash command for all but drafts
OWN_COMMAND = "rapporteur"

_FIRST_WORD = re.compile(r"/?([A-Za-z_]+)(?=\s|$)(.*)", re.DOTALL)
_MENTION = re.compile(r"<@(\w+)(?:\|[^<>]*)?>")
# how near a mistyped command is, so that "thanks" is none
_NEAR = 0.75


def read_said(raw: str, bot: str, found: Found, *, in_private: bool, alone: bool) -> str:
    """The plain text of a message; a command where it begins with a mention of the bot, or is written to it in private.

    `alone` is whether nothing but the text came, no file. The mention itself goes: it is no part of what was said.
    """
    mention = re.match(rf"\s*<@{re.escape(bot)}(?:\|[^<>]*)?>[\s:,]*", raw)
    said = raw[mention.end() :] if mention else raw.lstrip() if in_private else raw
    if mention and not said and alone:
        return "/help"
    word = _FIRST_WORD.match(said) if mention or in_private else None
    if word and _is_meant(word[1], said):
        return _write_command(word[1], word[2], found.names, found.channels)
    return clean_text(read_mrkdwn(said, found.names, found.channels))


def read_slash(command: str, raw: str, own: str, found: Found) -> str:
    """The command that a slash command stands for; `own` is the name of the one for drafts."""
    text = raw.strip()
    if command == f"/{own.removeprefix('/')}" != f"/{OWN_COMMAND}":
        return _write_command("draft", f" {text}" if text else "", found.names, found.channels)
    word = _FIRST_WORD.match(text)
    if word and read_command(f"/{word[1]}"):
        return _write_command(word[1], word[2], found.names, found.channels)
    # the handlers say what there is, and what is near
    typed = text.split(maxsplit=1)[:1]
    return clean_text(" ".join(["/help", *(read_mrkdwn(one, found.names, found.channels) for one in typed)]))


def _is_meant(name: str, said: str) -> bool:
    """Whether the first word said to the bot is a command, or a mistyped one with nothing to file behind it."""
    if read_command(f"/{name}"):
        return True
    near = get_close_matches(name.lower(), [command.name for command in COMMANDS], n=1, cutoff=_NEAR)
    return bool(near) and not find_tags(said)


def _write_command(name: str, rest: str, names: Mapping[str, str], channels: Mapping[str, str]) -> str:
    if any(command.name == name.lower() and command.argument == "person" for command in COMMANDS):
        # a person is named by their id, which no other has
        rest = _MENTION.sub(r"\1", rest)
    return clean_text(f"/{name}{read_mrkdwn(rest, names, channels)}")
