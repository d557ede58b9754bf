"""What becomes of what people type, and how the result looks to them. Called by channels.py, sending.py, views.py."""

import re
import unicodedata
from collections.abc import Callable, Mapping
from typing import Any

# the names of a few; others go by their name in Unicode
EMOJI = {"👍": "+1", "👎": "-1", "🎉": "tada", "✅": "white_check_mark", "🤔": "thinking_face", "✍": "writing_hand"}
TYPED = re.compile(
    r"(?P<code>```.*?```|`[^`\n]+`)"
    r"|(?P<url>https?://[^\s<>|]+)"
    r"|(?<![\w&])(?P<hash>#(?P<channel>[\w-]+))"
    r"|(?<!\w)(?P<at>@[\w][\w .-]*)"
    r"|(?P<emoji>[\u2600-\u27bf\U0001f300-\U0001faff]\ufe0f?)",
    re.DOTALL,
)
TOKEN = re.compile(r"<([^<>]*)>")


def escape(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def unescape(text: str) -> str:
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def write_mrkdwn(typed: str, people: Mapping[str, str], channels: Mapping[str, str], *, empty: bool = False) -> str:
    """What Slack keeps of a typed text: names of people and of public channels linked, by their ids; `& < >` escaped.

    `empty`: channel links come without the name, as they at times do.
    """

    def write(found: re.Match[str]) -> str:
        whole = found[0]
        if url := found["url"]:
            return f"<{escape(url)}>"
        if (channel := found["channel"]) in channels:
            return f"<#{channels[channel]}|{'' if empty else channel}>"
        if found["at"]:
            return _mention(whole, people)
        if found["emoji"]:
            bare = whole.rstrip("\ufe0f")
            return f":{EMOJI.get(bare) or unicodedata.name(bare).lower().replace(' ', '_')}:"
        return escape(whole)

    parts, end = [], 0
    for found in TYPED.finditer(typed):
        parts += [escape(typed[end : found.start()]), write(found)]
        end = found.end()
    return "".join([*parts, escape(typed[end:])])


def _mention(typed: str, people: Mapping[str, str]) -> str:
    """The longest name that this begins with, linked."""
    if special := re.match(r"@(here|channel|everyone)\b", typed):
        return f"<!{special[1]}>" + escape(typed[special.end() :])
    for name in sorted(people, key=len, reverse=True):
        if re.match(re.escape("@" + name) + r"(?!\w)", typed):
            return f"<@{people[name]}>" + escape(typed[len(name) + 1 :])
    return escape(typed)


def link_channels(text: str, channels: Mapping[str, str]) -> str:
    """What Slack makes of an app's mrkdwn that is not verbatim: names of channels become links."""

    def link(found: re.Match[str]) -> str:
        name = found[1]
        return f"<#{channels[name]}|{name}>" if name in channels else found[0]

    parts = re.split(r"(<[^<>]*>)", text)
    return "".join(part if i % 2 else re.sub(r"(?<![\w&])#([\w-]+)", link, part) for i, part in enumerate(parts))


def read_mrkdwn(text: str, name_of: Callable[[str], str]) -> str:
    """How a text looks: tokens as what they stand for, `& < >` themselves. Marks of bold and italics stay."""

    def read(found: re.Match[str]) -> str:
        token, _, label = found[1].partition("|")
        if token.startswith(("#", "@")):
            return token[0] + (label or name_of(token[1:]))
        if token.startswith("!"):
            return label or "@" + token[1:]
        return label or token

    return unescape(TOKEN.sub(read, text))


def make_rich_text(text: str) -> list[dict[str, Any]]:
    """The block that a client sends beside a typed text; it tells nothing that the text does not."""
    elements: list[dict[str, Any]] = []
    for index, part in enumerate(re.split(r"<([^<>]*)>", text)):
        token = part.partition("|")[0]
        if index % 2 == 0:
            elements += [{"type": "text", "text": unescape(part)}] if part else []
        elif token.startswith("#"):
            elements.append({"type": "channel", "channel_id": token[1:]})
        elif token.startswith("@"):
            elements.append({"type": "user", "user_id": token[1:]})
        elif token.startswith("!"):
            elements.append({"type": "broadcast", "range": token[1:]})
        else:
            elements.append({"type": "link", "url": unescape(token)})
    section = {"type": "rich_text_section", "elements": elements}
    return [{"type": "rich_text", "block_id": "b1", "elements": [section]}] if elements else []
