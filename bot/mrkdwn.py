"""Slack's mrkdwn as its API gives it, to plain text and back. Used by whatever reads or writes Slack's texts."""

import re
from html import unescape

_TOKEN = re.compile(r"<([^<>]*)>")
_SAFE_SCHEMES = ("http://", "https://", "mailto:", "tel:", "ftp://")


def read_mrkdwn(text: str) -> str:
    """The plain text of a Slack message: channel and user tokens, links and entities as people see them.

    `<#C1|name>` is `#name` again: Slack turns a typed tag into a channel link where a channel has that name. Source:
    docs.slack.dev, "Formatting text for app surfaces".
    """
    return _unescape(_TOKEN.sub(lambda token: _read_token(token[1]), text))


def write_mrkdwn(text: str) -> str:
    """A plain text as Slack's API would give it."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _unescape(text: str) -> str:
    # Slack escapes these three and no others; "&eacute;" was typed as it stands
    return re.sub(r"&(?:amp|lt|gt);", lambda entity: unescape(entity[0]), text)


def _read_token(token: str) -> str:
    target, _, label = token.partition("|")
    if target.startswith("#"):
        return f"#{label or target[1:]}"
    if target.startswith("@"):
        return f"@{label.removeprefix('@') or target[1:]}"
    if target.startswith("!"):
        return label or f"@{target[1:].split('^')[0]}"
    if not target.startswith(_SAFE_SCHEMES):
        # no link of Slack's: an unsafe scheme loses the link, not the words
        return label or target
    bare = target.removeprefix("mailto:").removeprefix("tel:")
    if not label or label == target or bare.endswith(label):
        return bare
    return f"{label} ({bare})"
