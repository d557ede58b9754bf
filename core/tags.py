"""Tags: finding them in a text and telling what each means (rules.md, section 2; the words stand in tags.toml).

`find_tags` is what the cutting calls; `vocabulary` gives the words to whoever lists or teaches them.
"""

import re
import tomllib
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any

from core.sessions import read_label
from core.text import BIDI, match_key

LANGUAGES = ("en", "fr", "es", "pt", "ru", "ar", "zh")

_HASH = re.compile("[#＃﹟]")
_BODY = re.compile(f"[\\w\u200c\u00b7\\-{BIDI}]*")
_NO_BIDI = dict.fromkeys(map(ord, BIDI))
# longer than any spelling; of Chinese glued to its text only so much is looked at
_LONGEST = 100
_CODE = re.compile(r"```.*?```|`[^`\n]*`", re.DOTALL)
# where a link may stand: no spaces, and none of the East Asian characters, which may follow one without a space
_RUN = re.compile(r"[^\s<>\"\u1100-\u11ff\u2e80-\ua4cf\uac00-\ud7ff\uf900-\ufaff\ufe30-\ufe4f\uff00-\uffef]+")
# no link is without one of these
_LINK_SIGNS = ("/", "@", "www.", "mailto:")
_SCHEME_TAIL = re.compile(r"[A-Za-z0-9+.-]*$")
_DOMAIN = re.compile(r"[\w-]+(?:\.[\w-]+)*\.[^\W\d_]{2,}")
_MAIL = re.compile(r"[\w.+-][\w.+#-]*@[\w-]+\.[\w.-]+")
_THEME = re.compile(r"(?:theme[_-]?)?(a|b[_-]?(?:[1-4]|iv|i{1,3}))", re.IGNORECASE)
_ROMAN_THEMES = {"1": "i", "2": "ii", "3": "iii", "4": "iv"}
_SDG = re.compile(r"(\D+?)[_-]?(\d{1,2})(?:[_.-](\d{1,2}|[a-dA-D]))?")
# "#s2" names the session of a note, "#3B" only if there is such a session
_SESSION_CODE = re.compile(r"s(?P<own>\d{1,2}[a-z]?)|(?P<bare>\d{1,2}[a-z])", re.IGNORECASE)
_GLUED_NUMBER = re.compile(r"([^\W\d]+?)[_-]?(\d{1,2}[a-z]?|[ivx]+)", re.IGNORECASE)
_TARGET = re.compile(r"\.(\d{1,2}|[a-d])(?![^\W_])", re.IGNORECASE)
_HAN = re.compile("[\u3400-\u9fff\uf900-\ufaff]")


class TagKind(StrEnum):
    """What a tag asks for."""

    NOTE = "note"
    SESSION = "session"
    CONTROL = "control"
    FIELD = "field"
    ANNEX = "annex"
    ATTRIBUTE = "attribute"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Tag:
    """A canonical tag and its spellings by language. `fills` is the field or annex of a metadata tag."""

    key: str
    kind: TagKind
    fills: str
    spellings: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a hashtag's body means.

    `key` is the canonical tag, or for an attribute its name, with `value`. `used` counts the characters of the body
    that belong to the tag; the rest is note text glued to it. `corrected` marks a misspelt tag; `suggestions` are
    spellings near an unknown one. `number` is what was glued behind a session's tag ("#session2").
    """

    kind: TagKind
    key: str = ""
    value: str = ""
    used: int | None = None
    number: str = ""
    corrected: bool = False
    suggestions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Found:
    """A hashtag in a text: its span there (markers of emphasis around it included) and its meaning."""

    start: int
    end: int
    typed: str
    meaning: Meaning


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """All tags, and the key of each spelling."""

    tags: Mapping[str, Tag]
    by_key: Mapping[str, Tag]
    longest_chinese: int
    sdg: frozenset[str] = field(default_factory=frozenset)
    countries: frozenset[str] = field(default_factory=frozenset)


def _read_data(name: str) -> dict[str, Any]:
    return tomllib.loads(files("core").joinpath(name).read_text("utf-8"))


@cache
def vocabulary() -> Vocabulary:
    """The words of tags.toml and attributes.toml; read once."""
    tags, by_key = {}, {}
    for key, entry in _read_data("tags.toml").items():
        spellings = {language: tuple(entry[language]) for language in LANGUAGES if language in entry}
        tag = tags[key] = Tag(key, TagKind(entry["kind"]), entry.get("fills", ""), spellings)
        for words in spellings.values():
            by_key.update({match_key(word): tag for word in words})
    attributes = _read_data("attributes.toml")
    return Vocabulary(
        tags=tags,
        by_key=by_key,
        longest_chinese=max(len(key) for key in by_key if _HAN.match(key)),
        sdg=frozenset(match_key(word) for word in attributes["sdg"]),
        countries=frozenset(attributes["countries"]["codes"].split()),
    )


def section_tags() -> tuple[str, ...]:
    """The canonical tags that a template files."""
    return tuple(tag.key for tag in vocabulary().tags.values() if tag.kind is TagKind.NOTE)


def find_tags(text: str) -> list[Found]:
    """All hashtags of a text in order; none in code or links, none right after a letter or digit."""
    if not any(sign in text for sign in "#＃﹟"):
        return []
    return list(_scan(text, _quiet_spans(text)))


def _scan(text: str, quiet: list[tuple[int, int]]) -> Iterator[Found]:
    position, spans, quiet_to = 0, iter([*sorted(quiet), (len(text), 0)]), 0
    span = next(spans)
    while match := _HASH.search(text, position):
        start = match.start()
        while span[0] <= start:
            quiet_to, span = max(quiet_to, span[1]), next(spans)
        body = text[start + 1 : _body_end(text, start + 1)].rstrip("-")
        position = start + 1 + len(body)
        if start < quiet_to or _is_glued(text, start) or not any(char.isalpha() for char in body):
            continue
        found = _found(text, start, body)
        position = found.end
        yield found


def _body_end(text: str, end: int) -> int:
    """Where the body of a hashtag ends; combining marks, which `\\w` does not take, belong to it."""
    while True:
        end = marked = _BODY.match(text, end).end()  # type: ignore[union-attr]
        while marked < len(text) and unicodedata.category(text[marked])[0] == "M":
            marked += 1
        if marked == end:
            return end
        end = marked


def _is_glued(text: str, start: int) -> bool:
    """Whether a letter, digit or mark stands right before the sign ("C#"); emphasis marks and bidi controls may."""
    return start > 0 and unicodedata.category(text[start - 1])[0] in "LNM"


def _found(text: str, start: int, body: str) -> Found:
    word = body.rstrip("_")
    known = len(word) <= _LONGEST or _HAN.match(word.lstrip(BIDI))
    meaning = read_tag(word[:_LONGEST]) if known else Meaning(TagKind.UNKNOWN)
    end = start + 1 + len(word)
    if meaning.used is not None:
        end = start + 1 + meaning.used
    elif meaning.key == "sdg" and "." not in meaning.value and (target := _TARGET.match(text, end)):
        meaning = Meaning(TagKind.ATTRIBUTE, "sdg", f"{meaning.value}.{_read_target(target[1])}")
        end = target.end()
    typed = text[start:end]
    mark = text[start - 1] if start else ""
    if mark and mark in "*_~":
        while start and text[start - 1] == mark:
            start -= 1
        while end < len(text) and text[end] == mark:
            end += 1
    return Found(start, end, typed, meaning)


def _quiet_spans(text: str) -> list[tuple[int, int]]:
    """Where no tag counts: code and links."""
    spans = [match.span() for match in _CODE.finditer(text)] if "`" in text else []
    if not any(sign in text for sign in _LINK_SIGNS):
        return spans
    for run in _RUN.finditer(text):
        link = _link_start(run[0]) if "#" in run[0] else None
        if link is not None:
            spans.append((run.start() + link, run.end()))
    return spans


def _link_start(run: str) -> int | None:
    """Where in a run of characters without spaces a link or a mail address begins."""
    scheme = run.find("://")
    if scheme > 0:
        return scheme - len(_SCHEME_TAIL.search(run[max(0, scheme - 20) : scheme])[0])  # type: ignore[index]
    for start in ("www.", "mailto:"):
        if start in run:
            return run.index(start)
    head = run.split("/", 1)[0].lstrip("('")
    if "/" in run and len(head) < 256 and _DOMAIN.fullmatch(head):
        return 0
    return 0 if "@" in run and len(run) < 256 and _MAIL.match(run.lstrip("('")) else None


@lru_cache(maxsize=4096)
def read_tag(body: str) -> Meaning:
    """What the body of a hashtag means, without its sign."""
    attribute = _read_attribute(body.translate(_NO_BIDI))
    if attribute:
        return attribute
    key = match_key(body)
    tag = vocabulary().by_key.get(key) or (vocabulary().by_key.get(key[2:]) if key.startswith("ال") else None)
    if tag:
        return Meaning(tag.kind, tag.key)
    return _read_glued(body) or _read_plural(key) or _read_misspelt(key)


def _read_attribute(body: str) -> Meaning | None:
    """SDG, theme, session and country codes."""
    words = vocabulary()
    plain = unicodedata.normalize("NFKC", body)
    if sdg := _SDG.fullmatch(plain):
        key = match_key(sdg[1])
        if (key in words.sdg or key.removeprefix("ال") in words.sdg) and 1 <= int(sdg[2]) <= 17:
            target = f".{_read_target(sdg[3])}" if sdg[3] else ""
            return Meaning(TagKind.ATTRIBUTE, "sdg", f"{int(sdg[2])}{target}")
    if theme := _THEME.fullmatch(plain):
        return Meaning(TagKind.ATTRIBUTE, "theme", read_theme(theme[1]) or "")
    code = _SESSION_CODE.fullmatch(plain)
    label, _ = read_label(code["own"] or code["bare"]) if code else (None, "")
    if code and label:
        return Meaning(TagKind.ATTRIBUTE, "session" if code["own"] else "hint", str(label))
    if plain in words.countries:
        return Meaning(TagKind.ATTRIBUTE, "country", plain)
    return None


def _read_target(typed: str) -> str:
    """A target's number in plain figures, or its letter."""
    return str(int(typed)) if typed.isdecimal() else typed.lower()


def read_theme(text: str) -> str | None:
    """The canonical theme code ("a", "b.ii") that a text is, if it is nothing else."""
    plain = re.sub(r"[\s()._-]", "", text.lower())
    match = re.fullmatch(r"a|b(?:([1-4])|(iv|i{1,3}))", plain)
    if not match:
        return None
    roman = _ROMAN_THEMES[match[1]] if match[1] else match[2]
    return f"b.{roman}" if roman else "a"


def _read_glued(body: str) -> Meaning | None:
    """Chinese with its text behind it, or a session's tag with its number."""
    words = vocabulary()
    if _HAN.match(body.lstrip(BIDI)):
        for length in range(min(len(body), words.longest_chinese + 2), 0, -1):
            tag = words.by_key.get(match_key(body[:length]))
            if tag:
                return Meaning(tag.kind, tag.key, used=length)
    numbered = _GLUED_NUMBER.fullmatch(body.strip(BIDI))
    tag = words.by_key.get(match_key(numbered[1])) if numbered else None
    if numbered and tag and tag.key in ("session", "breakout"):
        return Meaning(tag.kind, tag.key, number=numbered[2])
    return None


def _read_plural(key: str) -> Meaning | None:
    """A plural that is not in the lists. No control tag has one: they are rare words and stay so."""
    for ending in ("s", "es"):
        tag = vocabulary().by_key.get(key.removesuffix(ending)) if key.endswith(ending) else None
        if tag and tag.kind is not TagKind.CONTROL:
            return Meaning(tag.kind, tag.key)
    return None


def _read_misspelt(key: str) -> Meaning:
    """The one tag that the nearest spellings mean, or unknown with what is near.

    Never towards metadata and control tags: a wrong match there would lose a note or overwrite a field in silence.
    """
    near = near_spellings(key)
    tags = {vocabulary().by_key[spelling].key for spelling in near}
    tag = vocabulary().tags[tags.pop()] if len(tags) == 1 else None
    if tag and tag.kind in (TagKind.NOTE, TagKind.SESSION):
        return Meaning(tag.kind, tag.key, corrected=True)
    return Meaning(TagKind.UNKNOWN, suggestions=near)


def near_spellings(key: str) -> tuple[str, ...]:
    """Keys of the nearest spellings: same first letter, one slip away, two from nine letters; none below six."""
    reach = 0 if len(key) < 6 else 1 if len(key) < 9 else 2
    letters = set(key)
    found: dict[int, list[str]] = {}
    for spelling, its_letters in _by_initial().get(key[:1], ()) if reach else ():
        # a slip brings in one letter and takes away one at most: most words are told apart without comparing them
        if abs(len(spelling) - len(key)) > reach or len(letters - its_letters) > reach:
            continue
        if (slips := distance(spelling, key, limit=reach)) <= reach:
            found.setdefault(slips, []).append(spelling)
    return tuple(found[min(found)]) if found else ()


@cache
def _by_initial() -> Mapping[str, tuple[tuple[str, frozenset[str]], ...]]:
    """Keys of all spellings, and their letters, by their first letter."""
    initials: dict[str, list[tuple[str, frozenset[str]]]] = {}
    for spelling in vocabulary().by_key:
        initials.setdefault(spelling[0], []).append((spelling, frozenset(spelling)))
    return {initial: tuple(spellings) for initial, spellings in initials.items()}


def distance(one: str, other: str, *, limit: int = 64) -> int:
    """Slips between two words: letters put in, left out, replaced, or two neighbours swapped.

    Counting stops beyond a limit, and any number above it is given.
    """
    far, width = limit + 1, len(other) + 1
    before: list[int] = []
    row = list(range(width))
    for i, a in enumerate(one, start=1):
        last, before, row = before, row, [far] * width
        row[0] = i
        for j in range(max(1, i - limit), min(width, i + limit + 1)):
            b = other[j - 1]
            cost = before[j - 1] if a == b else 1 + min(before[j], row[j - 1], before[j - 1])
            if i > 1 and j > 1 and a == other[j - 2] and one[i - 2] == b:
                cost = min(cost, last[j - 2] + 1)
            row[j] = cost
        if min(row) > limit and min(before) > limit:
            return far
    return row[-1]
