"""Text as the platform sees it: HTML that a bot sends, and the entities that it finds by itself in what is written.

Offsets count UTF-16 code units, as the API does. Called by chats.py and sending.py.
"""

import re
from html import unescape
from typing import Any

from tests.telegram_server.errors import ApiError, bad_request

Entity = dict[str, Any]

TAGS = {
    **dict.fromkeys(("b", "strong"), "bold"),
    **dict.fromkeys(("i", "em"), "italic"),
    **dict.fromkeys(("u", "ins"), "underline"),
    **dict.fromkeys(("s", "strike", "del"), "strikethrough"),
    **dict.fromkeys(("span", "tg-spoiler"), "spoiler"),
    "code": "code",
    "pre": "pre",
    "a": "text_link",
    "blockquote": "blockquote",
}
TAG = re.compile(r"<(/?)([a-zA-Z0-9-]*)([^<>]*)>?")
REFERENCE = re.compile(r"&(?:lt|gt|amp|quot|#\d+|#x[0-9a-fA-F]+);")
HREF = re.compile(r"""\bhref\s*=\s*["']?([^"'\s>]+)""")
FOUND = re.compile(
    r"""(?P<url>https?://[^\s<>]+)
      | (?P<email>[\w.+-]+@[\w-]+\.[\w.-]+\w)
      | (?<![\w/<>])(?P<bot_command>/[A-Za-z0-9_]{1,64}(?:@\w{3,32})?)(?![\w/])
      | (?<!\w)(?P<mention>@[A-Za-z]\w{3,31})(?!\w)
      | (?<![\w#])(?P<hashtag>\#(?=\w*[^\W\d_])[\w\u200c\u00b7]{1,256}(?:@\w{3,32})?)(?!\#)""",
    re.VERBOSE,
)


def units(text: str) -> int:
    """UTF-16 code units."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def find_entities(text: str) -> list[Entity]:
    """Commands, hashtags, mentions, links and e-mail addresses in plain text."""
    return [
        {"type": found.lastgroup, "offset": units(text[: found.start()]), "length": units(found[0])}
        for found in FOUND.finditer(text)
    ]


def parse_html(source: str) -> tuple[str, list[Entity]]:
    """Text and entities of HTML; a tag that is unknown, open at the end or closed out of order is refused."""
    text, entities, opened, at = "", [], list[tuple[str, int, Entity]](), 0
    while at < len(source):
        if source[at] == "&" and (reference := REFERENCE.match(source, at)):
            text += unescape(reference[0])
            at = reference.end()
        elif source[at] == "<":
            tag = TAG.match(source, at)
            assert tag is not None
            closing, name = tag[1], tag[2].lower()
            if closing:
                entities.append(_close(source, at, name, opened, text))
            elif name not in TAGS:
                raise _unparsable(f'Unsupported start tag "{name}" at byte offset {_byte(source, at)}')
            else:
                href = HREF.search(tag[3])
                link = {"url": unescape(href[1])} if name == "a" and href else {}
                opened.append((name, at, {"type": TAGS[name], "offset": units(text), **link}))
            at = tag.end()
        else:
            text += source[at]
            at += 1
    if opened:
        raise _unparsable(f'Can\'t find end tag corresponding to start tag "{opened[-1][0]}"')
    return text, sorted((e for e in entities if e["length"]), key=lambda e: (e["offset"], -e["length"]))


def _close(source: str, at: int, name: str, opened: list[tuple[str, int, Entity]], text: str) -> Entity:
    if not opened:
        raise _unparsable(f"Unexpected end tag at byte offset {_byte(source, at)}")
    expected, _, entity = opened.pop()
    if name and name != expected:
        place = f"at byte offset {_byte(source, at)}"
        raise _unparsable(f'Unmatched end tag {place}, expected "</{expected}>", found "</{name}>"')
    return {**entity, "length": units(text) - entity["offset"]}


def _byte(source: str, at: int) -> int:
    return len(source[:at].encode())


def _unparsable(reason: str) -> ApiError:
    return bad_request(f"can't parse entities: {reason}")
