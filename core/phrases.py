"""What the bot says to people, in the seven languages: fixed phrases in `wording/*.toml`, looked up by key.

A phrase with a count may have a form for each of the language's plurals; dates are told as the language does (CLDR,
by Babel). Used by whoever answers a person, and by `UserError`, which is told in the language of whom it concerns.
"""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from core.tags import LANGUAGES
from core.text import shorten_text

if TYPE_CHECKING:
    from babel import Locale

FOLDER = Path(__file__).parent / "wording"
ENGLISH = "en"
RIGHT_TO_LEFT = frozenset({"ar"})
_LONGEST_QUOTE = 60
_ISOLATED = re.compile("(\u2066[^\u2069]*\u2069)")
_VALUE = re.compile(r"\{\w+\}")
# the languages whose figures, dates and plurals are not those of the locale that bears their name alone
_LOCALES = {"en": "en_GB", "pt": "pt_PT", "zh": "zh_Hans"}
# what chooses the plural's form
COUNT = "count"

# in a language: the words, or a form for each of its plurals
Wording = str | Mapping[str, str]


@cache
def load_phrases() -> Mapping[str, Mapping[str, Wording]]:
    """All phrases by key and language. Every key stands in one file only."""
    phrases: dict[str, Mapping[str, Wording]] = {}
    for path in sorted(FOLDER.glob("*.toml")):
        phrases |= tomllib.loads(path.read_text("utf-8"))
    return MappingProxyType(phrases)


@dataclass(frozen=True, slots=True)
class Phrase:
    """A fixed phrase with what is filled in; that may be a phrase in turn."""

    key: str
    values: Mapping[str, object]

    def into(self, language: str) -> str:
        """The words in this language, in English where they are not known in it."""
        wording = load_phrases()[self.key]
        known = language if language in wording else ENGLISH
        words = _choose_form(wording[known], known, self.values.get(COUNT))
        values = {name: tell(value, language) for name, value in self.values.items()}
        if language in RIGHT_TO_LEFT:
            words = _isolate_values(words)
        return words.format(**values)

    def __str__(self) -> str:
        return self.into(ENGLISH)


def _choose_form(wording: Wording, language: str, count: object) -> str:
    if isinstance(wording, str):
        return wording
    if not isinstance(count, int):
        raise TypeError("a phrase with plurals wants its count as a whole number")
    return wording[find_plural(language, count)]


def find_plural(language: str, count: int) -> str:
    """The plural that a language has for a count: one, few, many, other and so on."""
    return str(_load_locale(language).plural_form(count))


@cache
def _load_locale(language: str) -> "Locale":
    from babel import Locale  # noqa: PLC0415 - takes a while to load, and most that is said needs none of it

    return Locale.parse(_LOCALES.get(language, language))


@cache
def _isolate_values(wording: str) -> str:
    """The wording with what is filled in between isolates, so that "/" and "#" before Latin words keep their side.

    What is isolated already stays as it is: a command has no sign within it.
    """
    pieces = _ISOLATED.split(wording)
    return "".join(piece if n % 2 else _VALUE.sub("\u2068\\g<0>\u2069", piece) for n, piece in enumerate(pieces))


def phrase(key: str, /, **values: object) -> Phrase:
    """The phrase of this key with these values filled in."""
    return Phrase(key, values)


def quote_typed(text: str) -> str:
    """What somebody typed, on one line and short enough to be repeated to them."""
    return shorten_text(text, _LONGEST_QUOTE)


def tell(words: object, language: str) -> str:
    """Words in a language: a phrase is put into it, and a date; anything else stays as it is."""
    if isinstance(words, date):
        from babel.dates import format_date  # noqa: PLC0415 - as above

        return str(format_date(words, "full", _load_locale(language if language in LANGUAGES else ENGLISH)))
    return words.into(language) if isinstance(words, Phrase) else str(words)


def tell_date(day: date, language: str) -> str:
    """A date as the language writes it, without the day of the week: "5 September 2018"."""
    from babel.dates import format_date  # noqa: PLC0415 - as above

    return str(format_date(day, "long", _load_locale(language if language in LANGUAGES else ENGLISH)))
