"""Slack's mrkdwn as its API gives it, to plain text and back. Used by whatever reads or writes Slack's texts.

What was read, written and read again is the same: transcripts rely on it.
"""

import re
from collections.abc import Iterator, Mapping
from html import unescape

from core.tags import find_tags

_TOKEN = re.compile(r"<([^<>]*)>")
_SAFE_SCHEMES = ("http://", "https://", "mailto:", "tel:", "ftp://")
_NO_NAMES: Mapping[str, str] = {}
# COMBINING GRAPHEME JOINER: shows nothing, and a sign behind a mark is no tag's
_MARK = "\u034f"
_SIGN = re.compile("[#＃﹟]")
_CODE = re.compile(r"```.*?```|`[^`\n]*`", re.DOTALL)
# emphasis that begins right before a tag, and any that may end: a word or a stop stands before it, no word behind
_OPENING = re.compile(r"(?<![\w*~])[*_~]+(?=[#＃﹟])")
_CLOSING = re.compile(r"(?<=[^\s*_~])[*_~]+(?![\w*~#＃﹟])")
# bullets of the inner lists that Slack makes, which are none to the core
_BULLET = re.compile(r"^([ \t]*)(?:◦|▪\ufe0e)(?=[ \t])", re.MULTILINE)


def read_mrkdwn(text: str, users: Mapping[str, str] = _NO_NAMES, channels: Mapping[str, str] = _NO_NAMES) -> str:
    """The plain text of a Slack message: channel and user tokens, links and entities as people see them.

    `<#C1|name>` is `#name` again: Slack turns a typed tag into a channel link where a channel has that name. The name
    may be missing; `users` and `channels` give names by id. Words of links and people's names give no tag. Emphasis
    around a tag or from a tag on is dropped, all other is left. Source: docs.slack.dev, "Formatting text for app
    surfaces".
    """
    plain = _unescape(_TOKEN.sub(lambda token: _read_token(token[1], users, channels), text))
    return _BULLET.sub(r"\1•", _drop_emphasis(plain))


def write_mrkdwn(text: str) -> str:
    """A plain text as Slack's API would give it."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def list_tokens(text: str) -> tuple[set[str], set[str]]:
    """The ids of the users mentioned in a text, and of the channels whose names it does not tell."""
    tokens = [token[1].partition("|") for token in _TOKEN.finditer(text)]
    users = {target[1:] for target, _, _ in tokens if target.startswith("@")}
    return users - {""}, {target[1:] for target, _, label in tokens if target.startswith("#") and not label} - {""}


def _unescape(text: str) -> str:
    # Slack escapes these three and no others; "&eacute;" was typed as it stands
    return re.sub(r"&(?:amp|lt|gt);", lambda entity: unescape(entity[0]), text)


def _read_token(token: str, users: Mapping[str, str], channels: Mapping[str, str]) -> str:
    target, _, label = token.partition("|")
    if target.startswith("#"):
        return f"#{label or channels.get(target[1:]) or target[1:]}"
    if target.startswith("@"):
        return f"@{_hush(users.get(target[1:]) or label.removeprefix('@') or target[1:])}"
    if target.startswith("!"):
        return _hush(label or f"@{target[1:].split('^')[0]}")
    if not target.startswith(_SAFE_SCHEMES):
        # no link of Slack's: an unsafe scheme loses the link, not the words
        return _hush(label or target)
    bare = target.removeprefix("mailto:").removeprefix("tel:")
    if not label or label == target or bare.endswith(label):
        return _hush(bare)
    return f"{_hush(label)} ({_hush(bare)})"


def _hush(words: str) -> str:
    """The words, in which no tag is read any more: nobody tagged a remark with a link or a name."""
    # backticks may pair with others outside of these words
    if not _SIGN.search(words) or not find_tags(words.replace("`", "'")):
        return words
    return _SIGN.sub(rf"{_MARK}\g<0>", words)


def _drop_emphasis(text: str) -> str:
    """The text without the marks of bold, italics and strike that begin right before a tag; in code they stay."""
    if not _OPENING.search(text):
        return text
    # code is as its author typed it
    masked = _CODE.sub(lambda code: re.sub(r"[^\n]", "`", code[0]), text)
    dropped: set[int] = set()
    position = 0
    for line in masked.split("\n"):
        dropped.update(_pair_marks(masked, position, position + len(line)))
        position += len(line) + 1
    return "".join(char for index, char in enumerate(text) if index not in dropped)


def _pair_marks(text: str, start: int, end: int) -> Iterator[int]:
    """Where on a line the marks stand that begin before a tag, and those that end them."""
    runs = [(match, False) for match in _OPENING.finditer(text, start, end)]
    runs += [(match, True) for match in _CLOSING.finditer(text, start, end)]
    waiting: dict[str, list[int]] = {}
    for run, closes in sorted(runs, key=lambda found: found[0].start()):
        for index in range(run.start(), run.end()):
            opened = waiting.setdefault(text[index], [])
            if not closes:
                opened.append(index)
            elif opened:
                yield from (opened.pop(), index)
