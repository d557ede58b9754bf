"""Sessions: their labels, and which one a note belongs to (rules.md, section 4). Called by cutting and gathering."""

import re
import tomllib
import unicodedata
from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from importlib.resources import files
from typing import Any

from core.messages import Author
from core.text import match_key

# a number ("2", "2nd") or a word for one; then a breakout's letter, glued or behind "-" or "."
_LABEL = re.compile(
    r"\(?#?(?P<number>\d{1,3}|[^\W\d_]+?)(?:(?<=\d)(?:st|nd|rd|th|[eè]me|[ºª]))?"
    r"(?:[-.]?(?P<letter>(?<=[\d.-])[A-Za-z]|(?<=[IVX])[A-HJ-UWYZ]))?\)?"
    r"(?=$|[\s:：.,،、–—-])"
)
_CHINESE = re.compile(r"第?([一二三四五六七八九十]{1,2})(?:场|次|组)?(?=$|[\s:：.,、–—-])")
_BETWEEN = re.compile(r"[\s:：.,،、–—-]*")
_NAMED = re.compile(r"(?P<label>[^:：\n]{1,40}?)\s*[:：]\s*(?P<title>.*)", re.DOTALL)
_ROMAN = re.compile(r"x{0,3}(?:ix|iv|v?i{0,3})", re.IGNORECASE)
_ROMAN_VALUES = ((10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"))


@dataclass(frozen=True, slots=True)
class Label:
    """A session's number: 2 is "II", breakout 3B is (3, "B"); a breakout with a plain number is not a session."""

    number: int
    letter: str = ""
    breakout: bool = False

    def __str__(self) -> str:
        if self.letter:
            return f"{self.number}{self.letter}"
        return f"Breakout {self.number}" if self.breakout else to_roman(self.number)


@dataclass(slots=True)
class Session:
    """One session of a meeting as the messages so far make it.

    `number` orders those that have one; `announced` is False while only notes have named the session.
    """

    label: str
    number: tuple[int, str] | None
    opened_at: datetime
    opened_by: Author
    title: str = ""
    theme: str = ""
    open: bool = True
    announced: bool = True


def to_roman(number: int) -> str:
    """Roman numeral up to 39, figures above."""
    if not 0 < number < 40:
        return str(number)
    digits = ""
    for value, letters in _ROMAN_VALUES:
        while number >= value:
            digits, number = digits + letters, number - value
    return digits


def _from_roman(word: str) -> int | None:
    if not word or not (word.isupper() or word.islower()) or not _ROMAN.fullmatch(word):
        return None
    values = {"x": 10, "v": 5, "i": 1}
    figures = [values[letter] for letter in word.lower()]
    return sum(-here if here < after else here for here, after in zip(figures, [*figures[1:], 0], strict=True))


@cache
def _number_words() -> Mapping[str, int]:
    data: Mapping[str, Any] = tomllib.loads(files("core").joinpath("labels.toml").read_text("utf-8"))
    return {
        match_key(word): number
        for kind in ("cardinals", "ordinals")
        for number, words in enumerate(data[kind], start=1)
        for word in words
    }


@cache
def unnumbered_words() -> frozenset[str]:
    """Keys of the words that name a session without a number ("plenary")."""
    data = tomllib.loads(files("core").joinpath("labels.toml").read_text("utf-8"))
    return frozenset(match_key(word) for word in data["unnumbered"])


def read_number(word: str) -> int | None:
    """The number that a word says: figures of any script, roman numerals, words in seven languages."""
    word = unicodedata.normalize("NFKC", word)
    if word.isdecimal():
        return int(word) or None
    return _from_roman(word) or _number_words().get(match_key(word))


def read_label(text: str, *, breakout: bool = False) -> tuple[Label | None, str]:
    """The session number at the head of a text, and the text after it.

    >>> read_label("II: Financing")
    (Label(number=2, letter='', breakout=False), 'Financing')
    """
    match = _LABEL.match(text)
    number = read_number(match["number"]) if match else None
    letter = (match["letter"] or "").upper() if match else ""
    if number is None and (match := _CHINESE.match(text)):
        number = read_number(match[1])
    if match is None or number is None:
        return None, text
    rest = text[_BETWEEN.match(text, match.end()).end() :]  # type: ignore[union-attr]
    return Label(number, letter, breakout and not letter), rest


def read_session(text: str, *, breakout: bool = False) -> tuple[str, str]:
    """Label and title of what stands behind #session or #breakout; both empty where nothing does.

    Without a number the words before a colon are the label, or else the whole text is.
    """
    label, title = read_label(text, breakout=breakout)
    if label:
        return str(label), title
    named = _NAMED.match(text)
    name, title = (named["label"].strip(), named["title"].strip()) if named else (text.strip(), "")
    if breakout and len(name) == 1 and name.isalpha():
        name = f"Breakout {name.upper()}"
    return name, title


def number_of(label: str) -> tuple[int, str] | None:
    """What orders a numbered session among the others; None for one with a name only."""
    read, rest = read_label(label)
    if read and not rest:
        return read.number, read.letter
    match = re.fullmatch(r"Breakout (\d+)", label)
    return (int(match[1]), " ") if match else None


@dataclass(slots=True)
class SessionLog:
    """The sessions of one meeting while its messages are gone through in the order of their time."""

    sessions: dict[str, Session] = field(default_factory=dict)
    _by_author: dict[str, str] = field(default_factory=dict)
    _by_chat: dict[Hashable, list[str]] = field(default_factory=dict)

    def open(self, label: str, title: str, author: Author, chat: Hashable, at: datetime) -> Session:
        """Open the session of this label, or join it. Opening closes the one that the author opened before.

        A title given later replaces one given before. Joining closes nothing: who looks into another group does not
        end the group that they leave.
        """
        key = match_key(label)
        session = self.sessions.get(key)
        former = self._by_author.get(author.id)
        opens = session is None or not session.open
        if opens and former and former != key and self.sessions[former].opened_by.id == author.id:
            self.sessions[former].open = False
        opened = self._by_chat.setdefault(chat, [])
        if session is None:
            session = self.sessions[key] = Session(label, number_of(label), at, author)
        elif not session.open:
            session.open, session.opened_by, session.announced = True, author, True
            # opened again, it is the last one opened in this chat
            opened[:] = [other for other in opened if other != key]
        session.title = title or session.title
        if key not in opened:
            opened.append(key)
        self._by_author[author.id] = key
        return session

    def name(self, label: str, author: Author, at: datetime) -> Session:
        """The session that a note names itself, made known if nobody opened it."""
        key = match_key(label)
        if key not in self.sessions:
            self.sessions[key] = Session(label, number_of(label), at, author, open=False, announced=False)
        return self.sessions[key]

    def find(self, label: str) -> Session | None:
        """The session of this label, if there is one."""
        return self.sessions.get(match_key(label))

    def current(self, author: Author, chat: Hashable) -> Session | None:
        """Where a note of this author in this chat belongs: their own session, else the chat's last, if open."""
        own = self._by_author.get(author.id)
        if own and self.sessions[own].open:
            return self.sessions[own]
        for key in reversed(self._by_chat.get(chat, ())):
            if self.sessions[key].open:
                return self.sessions[key]
        return None

    def end(self, author: Author, chat: Hashable) -> None:
        """Close the author's session; for one who has been in none, that of the chat.

        Said twice it closes no second one: beside it another group may still be at work.
        """
        own = self._by_author.get(author.id)
        session = self.sessions[own] if own else self.current(author, chat)
        if session:
            session.open = False

    def in_order(self) -> list[Session]:
        """Named sessions where they began, numbered ones by their number in the places left."""
        by_time = sorted(self.sessions.values(), key=lambda s: (s.opened_at, s.label))
        numbered = iter(sorted((s for s in by_time if s.number), key=lambda s: s.number or ()))
        return [next(numbered) if session.number else session for session in by_time]
