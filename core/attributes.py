"""What a note says of itself in words: "Speaker: Name, Organization – text", "to: …". Called by the cutting."""

import re
import tomllib
from collections.abc import Collection
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from unicodedata import category, east_asian_width

from core.text import BIDI, match_key
from core.values import ends_sentence, find_end

# where an attribute was taken away ("\0" is in no clean text), with the brackets that stood around it
_HOLE = re.compile(
    r"(?<! ) *+(?:\([\s,;]*\0[\s,;\0]*\)|（[\s,;，；]*\0[\s,;，；\0]*）|\[[\s,;]*\0[\s,;\0]*\])|\0[ \0]*",
)
_EDGES = f" \t\n\xa0\u202f,;.(（，；。،؛*{BIDI}"
_BEFORE = " \t\n\xa0\u202f,;，；،؛–—-"
_COMMA = re.compile(r"\s*[,，،]\s*")
_OPENED = re.compile(r"[(（][^)）]*\Z")
_COLON = re.compile("[:：]")
# where a value begins, behind emphasis and space
_VALUE = re.compile(rf"[^*_\s{BIDI}]")
_MARKS = f" \xa0\u202f*_{BIDI}"
# with the marks of emphasis and direction around it
_LONGEST_WORD = 40
_LONGEST_DOMAIN = 3
_LONGEST_VALUE = 120


@dataclass(frozen=True, slots=True)
class _Word:
    """A word with its colon that may name an attribute: "start" is where it begins, "end" where its value does.

    `clause` says that it does so only where a clause begins.
    """

    start: int
    end: int
    name: str
    clause: bool
    capital: bool


@cache
def _words() -> dict[str, tuple[str, bool]]:
    """What the words say by their key, and whether they do so only where a clause begins."""
    told = tomllib.loads(files("core").joinpath("attributes.toml").read_text("utf-8"))
    return {
        match_key(spelling): (name, table == "clause_words")
        for table in ("clause_words", "words")
        for name, spellings in told[table].items()
        for spelling in spellings
    }


@cache
def _spellings() -> tuple[str, ...]:
    """All spellings, the longest first."""
    told = tomllib.loads(files("core").joinpath("attributes.toml").read_text("utf-8"))
    words = (word for table in ("words", "clause_words") for spellings in told[table].values() for word in spellings)
    return tuple(sorted(words, key=len, reverse=True))


@cache
def _endings() -> tuple[str, ...]:
    """What stands right before a colon that may be an attribute's: most colons are told by it at once."""
    return tuple({spelling.split()[-1] for spelling in _spellings()})


@cache
def _pattern() -> re.Pattern[str]:
    """A word with its colon, behind what may stand before a clause or between words; a letter or an apostrophe may not.

    A mark without a space before its word closes something: "years.”speaker:", "合作。发言人：".
    """
    before = rf"(?:(?<=[\s(\[（【,;.!?…。！？；，、：،؛؟»”」』)\]）】–—•·▪{BIDI}])|(?<=\S[\"])|(?<=[.!?…]['’])|^)"
    # by their first letters, which tell most of them apart
    firsts = dict.fromkeys(word[0] for word in _spellings())
    words = "|".join(
        f"{first}(?:{'|'.join(re.escape(word[1:]) for word in _spellings() if word[0] == first)})" for first in firsts
    ).replace(r"\ ", r"[^\S\n]")
    marks = rf"[*_{BIDI}]{{0,3}}"
    return re.compile(rf"{before}{marks}({words}){marks}[^\S\n]?{marks}[:：]", re.IGNORECASE)


def _find_words(text: str, *, acts: bool) -> list[_Word]:
    """The words with a colon that may name attributes, in order; looked for from each colon backwards."""
    found: list[_Word] = []
    last = 0
    for colon in _COLON.finditer(text):
        start, end = max(last, colon.start() - _LONGEST_WORD), colon.end()
        last = end
        if not text[start : colon.start()].rstrip(_MARKS).lower().endswith(_endings()):
            continue
        match = _pattern().search(text, start, end)
        # letters that the pattern takes for others, as a dotless i, make another word
        meant = match and _words().get(match_key(re.sub(r"\s", " ", match[1])))
        value = _VALUE.search(text, end)
        if not match or not meant or not value or _is_in_address(text, match):
            continue
        name, clause = meant
        if name == "who":
            name = "to" if acts else "speaker"
        # a list below is the note's own
        if name in ("speaker", "org") or "\n" not in text[end : value.start()]:
            found.append(_Word(match.start(), value.start(), name, clause, match[1][0].isupper()))
    return found


def read_attributes(text: str, *, acts: bool = False, only: Collection[str] = ()) -> tuple[dict[str, str], str]:
    """Attributes by name, and the words that are left. `acts` says that the note is an action.

    Where `only` names some, the others stay in the text as they were typed.

    A value goes up to a dash, a semicolon, the end of its line or sentence, or the next attribute. Where nothing would
    be left for the note, the text stays as it is and there are none: words are never taken away.

    >>> read_attributes("Scale up to: UNOSSC by: 15 December 2018")
    ({'to': 'UNOSSC', 'by': '15 December 2018'}, 'Scale up')
    """
    if ":" not in text and "：" not in text:
        return {}, text
    said: dict[str, str] = {}
    kept, position = [], 0
    words = _find_words(text, acts=acts)
    for place, word in enumerate(words):
        if word.start < position or word.name in said or (only and word.name not in only):
            continue
        limit = _find_limit(text, words, place)
        stop, after = find_end(text, word.end, limit, spoken=word.name == "speaker")
        value = text[word.end : stop].strip(_EDGES)
        if len(value) > _LONGEST_VALUE or not any(char.isalnum() for char in value):
            continue
        broken = ends_sentence(text, stop, after) and after < limit
        if not _counts(text, word, position, value, broken=broken):
            continue
        said[word.name] = value
        kept.append(text[position : word.start].rstrip(_BEFORE))
        position = after
    if not said:
        return {}, text
    left = _HOLE.sub(_close_hole, "\0".join([*kept, text[position:].lstrip(" ")]))
    if not any(char.isalnum() for char in left):
        return {}, text
    comma = _COMMA.search(said.get("speaker", ""))
    if comma and "org" not in said and not _OPENED.search(said["speaker"], 0, comma.start()):
        said["speaker"], said["org"] = _COMMA.split(said["speaker"], 1)
    return said, left.strip()


def _is_in_address(text: str, match: re.Match[str]) -> bool:
    """Whether a short word is part of an address, as in "example.org: the site"."""
    start, word = match.start(), match[1]
    short = len(word) <= _LONGEST_DOMAIN and word.islower()
    return short and start > 1 and text[start - 1] == "." and text[start - 2].isalnum()


def _find_limit(text: str, words: list[_Word], place: int) -> int:
    """Where the next attribute begins, which ends a value at the latest.

    "Ann Lee, World Health Organization: Fund it" has no second one: behind a comma the word ends a name.
    """
    start = words[place].end
    for following in words[place + 1 :]:
        near = following.start - start <= _LONGEST_VALUE
        if not (near and following.name == "org" and following.clause and _runs_on(text, start, following.start)):
            return following.start
        if not _COMMA.search(text, start, following.start):
            return following.start
    return len(text)


def _counts(text: str, word: _Word, position: int, value: str, *, broken: bool) -> bool:
    """Whether a word with its colon is no part of the sentence around it. `broken` says that prose follows its value.

    "respond to: the needs" names no addressee, "the Organization: Staff" no organization.
    """
    if word.name == "group" and broken:
        return False
    if _runs_on(text, position, word.start):
        if word.clause and not (word.name in ("to", "by") and word.capital):
            return False
        return word.name == "group" or not value[0].islower()
    if word.clause and not _follows(text, position, word.start):
        # what has no capital may be a sentence, which is left alone unless it ends the line as an addressee does
        sentence = not (value[0].isupper() or value[0].isdecimal())
        return not (sentence and broken) and not (word.name in ("org", "speaker") and value[0].islower())
    return True


def _follows(text: str, position: int, start: int) -> bool:
    """Whether nothing but another attribute, or the bracket that holds it, stands before a word."""
    between = text[position:start].strip(_BEFORE)
    return (position > 0 and not between) or between.endswith(("(", "（", "["))


def _runs_on(text: str, start: int, end: int) -> bool:
    """Whether the words before an attribute run straight into it. Chinese has a space only between clauses."""
    spaced = end
    while end > start and text[end - 1] in " \xa0\u202f":
        end -= 1
    if end <= start or (end < spaced and east_asian_width(text[end - 1]) == "W"):
        return False
    return text[end - 1].isalnum() or category(text[end - 1]).startswith("M")


def _close_hole(hole: re.Match[str]) -> str:
    """What stands where an attribute was: a space between words, nothing at the edge of a line or a bracket."""
    text, start, end = hole.string, hole.start(), hole.end()
    edge = start == 0 or end == len(text) or text[start - 1].isspace() or text[end] in " \n,.;:)"
    return "" if edge or _is_wide_mark(text[start - 1]) or _is_wide_mark(text[end]) else " "


def _is_wide_mark(char: str) -> bool:
    """Whether a character is a Chinese mark, which no space stands beside."""
    return east_asian_width(char) in "WF" and not char.isalnum()
