"""What a note says of itself in words: "Speaker: Name, Organization – text", "to: …". Called by the cutting."""

import re
import tomllib
from functools import cache
from importlib.resources import files

from core.text import match_key

_DASH = re.compile(r"(?<!\s)\s++[–—-]\s+|[–—]")
# a stop ends a value, but not that of a title or an initial: "Dr. A. Lee"
_TITLES = ("Dr", "Mr", "Ms", "St", "Sr", "Mrs", "Sra", "Dra", "Mme", "Prof")
_NO_TITLE = "".join(rf"(?<!\b{title})" for title in _TITLES)
_END = re.compile(rf"\n|;|\)|{_NO_TITLE}(?<!\b[^\W\d_a-z])\.\s")
# where an attribute was taken away ("\0" is in no clean text), with the brackets that stood around it
_HOLE = re.compile(r"(?<! ) *+\([\s,;]*\0[\s,;\0]*\)|\0[ \0]*")
# "Speaker: Name, Organization: text"
_COLON = re.compile(r"[:：]\s")
_EDGES = " \t\n,;.(，；。،"
_COMMA = re.compile(r"\s*[,，،]\s*")
_LONGEST_VALUE = 120


@cache
def _names() -> dict[str, str]:
    words = tomllib.loads(files("core").joinpath("attributes.toml").read_text("utf-8"))["words"]
    return {match_key(spelling): name for name, spellings in words.items() for spelling in spellings}


@cache
def _pattern() -> re.Pattern[str]:
    words = tomllib.loads(files("core").joinpath("attributes.toml").read_text("utf-8"))["words"]
    spellings = sorted((w for ws in words.values() for w in ws), key=len, reverse=True)
    return re.compile(rf"(?:(?<=[\s(,;])|^)({'|'.join(map(re.escape, spellings))})\s?[:：]\s*", re.IGNORECASE)


def read_attributes(text: str) -> tuple[dict[str, str], str]:
    """Attributes by name, and the words that are left.

    A value goes up to a dash, a semicolon, the end of its line or sentence, or the next attribute. Where nothing would
    be left for the note, the text stays as it is and there are none: words are never taken away.

    >>> read_attributes("Scale up to: UNOSSC by: 15 December 2018")
    ({'to': 'UNOSSC', 'by': '15 December 2018'}, 'Scale up')
    """
    if ":" not in text and "：" not in text:
        return {}, text
    said: dict[str, str] = {}
    kept, position = [], 0
    matches = list(_pattern().finditer(text))
    for match, following in zip(matches, [*matches[1:], None], strict=False):
        limit = following.start() if following else len(text)
        if match.start() < position:
            continue
        name = _names()[match_key(match[1])]
        stop, after = _value_end(text, match.end(), limit, colon=name == "speaker")
        value = text[match.end() : stop].strip(_EDGES)
        if not value or name in said or len(value) > _LONGEST_VALUE:
            continue
        if value[0].islower() and name != "group" and _is_in_sentence(text, position, match.start()):
            continue
        said[name] = value
        kept.append(text[position : match.start()].rstrip().rstrip(",;–—-").rstrip())
        position = after
    if not said:
        return {}, text
    left = _HOLE.sub(_close_hole, "\0".join([*kept, text[position:].lstrip(" ")]))
    if not any(char.isalnum() for char in left):
        return {}, text
    if _COMMA.search(said.get("speaker", "")) and "org" not in said:
        said["speaker"], said["org"] = _COMMA.split(said["speaker"], 1)
    return said, left.strip()


def _value_end(text: str, start: int, limit: int, *, colon: bool) -> tuple[int, int]:
    """Where a value ends and where the text goes on. A dash on its line wins: names may hold stops ("Dr. A.")."""
    line = text.find("\n", start, limit)
    line = limit if line < 0 else line
    dash = _DASH.search(text, start, line)
    if dash:
        return dash.start(), dash.end()
    if colon and (sign := _COLON.search(text, start, line)):
        return sign.start(), sign.end()
    end = _END.search(text, start, limit)
    return (end.start(), end.start() if end[0] in "\n)" else end.end()) if end else (limit, limit)


def _is_in_sentence(text: str, start: int, end: int) -> bool:
    """Whether the words before an attribute run straight into it: "respond to: the needs" names no addressee."""
    while end > start and text[end - 1] == " ":
        end -= 1
    return end > start and text[end - 1].isalnum()


def _close_hole(hole: re.Match[str]) -> str:
    """What stands where an attribute was: a space between words, nothing at the edge of a line or a bracket."""
    text, start, end = hole.string, hole.start(), hole.end()
    edge = start == 0 or end == len(text) or text[start - 1].isspace() or text[end] in " \n,.;:)"
    return "" if edge else " "
