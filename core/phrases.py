"""What the bot says to people, in the seven languages: fixed phrases in `wording/*.toml`, looked up by key.

Used by whoever answers a person, and by `UserError`, which is told in the language of whom it concerns.
"""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType

from core.text import shorten_text

FOLDER = Path(__file__).parent / "wording"
ENGLISH = "en"
RIGHT_TO_LEFT = frozenset({"ar"})
_LONGEST_QUOTE = 60
_ISOLATED = re.compile("(\u2066[^\u2069]*\u2069)")
_VALUE = re.compile(r"\{\w+\}")


@cache
def load_phrases() -> Mapping[str, Mapping[str, str]]:
    """All phrases by key and language. Every key stands in one file only."""
    phrases: dict[str, Mapping[str, str]] = {}
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
        values = {name: tell(value, language) for name, value in self.values.items()}
        words = wording.get(language, wording[ENGLISH])
        if language in RIGHT_TO_LEFT:
            words = _isolate_values(words)
        return words.format(**values)

    def __str__(self) -> str:
        return self.into(ENGLISH)


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
    """Words in a language: a phrase is put into it, anything else stays as it is."""
    return words.into(language) if isinstance(words, Phrase) else str(words)
