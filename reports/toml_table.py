"""TOML read with care: every problem is collected, with its file, its key, what is wrong and what to do.

`reports.template_reader` reads template folders with it.
"""

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from difflib import get_close_matches
from pathlib import Path

_KINDS = {
    str: "text",
    bool: "true or false",
    int: "a whole number",
    float: "a number",
    list: "a list",
    dict: "a table",
}


def read_toml(path: Path, problems: list[str]) -> dict[str, object] | None:
    """The file's content, or None with the reason added to the problems. A byte order mark does no harm."""
    try:
        return tomllib.loads(path.read_text("utf-8-sig"))
    except FileNotFoundError:
        problems.append(f"{path.name}: there is no such file in the folder; every template needs one")
    except UnicodeDecodeError:
        problems.append(f"{path.name}: is not UTF-8 text; save it as UTF-8")
    except OSError as error:
        problems.append(f"{path.name}: cannot be read ({error.strerror})")
    except tomllib.TOMLDecodeError as error:
        what, _, where = str(error).partition(" (at ")
        problems.append(f"{path.name}: {where.rstrip(')') or 'somewhere'}: this is not TOML: {what}")
    return None


def _flatten(data: Mapping[str, object], path: str = "") -> Iterator[tuple[str, object]]:
    # C.trends means the same with quotes (one key) and without (a table in a table)
    for key, value in data.items():
        if isinstance(value, dict):
            yield from _flatten(value, f"{path}{key}.")
        else:
            yield f"{path}{key}", value


def name_near(name: str, known: Iterable[str], kind: str) -> str:
    """What to do about an unknown name: "did you mean trend?", or all the names there are."""
    names = tuple(known)
    near = get_close_matches(name, names, n=1)
    if near:
        return f"did you mean {near[0]}?"
    return f"{kind} are {', '.join(names)}" if names else f"there are no {kind}"


class Table:
    """One table of a TOML file, read key by key. When it is closed, keys not asked for are unknown keys."""

    def __init__(self, data: Mapping[str, object], file: str, problems: list[str], path: str = "") -> None:
        self.file = file
        self._data = data
        self._problems = problems
        self._path = path
        self._asked: dict[str, None] = {}

    def blame(self, key: str, what: str) -> None:
        """Add a problem with this key."""
        self._problems.append(f"{self.file}: {self._path}{key}: {what}")

    def has(self, key: str) -> bool:
        """Whether the key is there at all."""
        return key in self._data

    def text(self, key: str, missing: str = "") -> str:
        """Text without outer space; "" if it is not there. `missing` says why it must be there."""
        value = self._take(key, str, missing)
        if not isinstance(value, str):
            return ""
        if missing and not value.strip():
            self.blame(key, f"is empty; {missing}")
        return value.strip()

    def name(self, key: str, pattern: str, rule: str, missing: str = "") -> str:
        """Text of this pattern; `rule` says it in words."""
        value = self.text(key, missing)
        if value and not re.fullmatch(pattern, value):
            self.blame(key, f'"{value}" will not do; {rule}')
        return value

    def flag(self, key: str, default: bool) -> bool:
        """True or false."""
        value = self._take(key, bool)
        return value if isinstance(value, bool) else default

    def choice(self, key: str, choices: Sequence[str], default: str) -> str:
        """One of these words."""
        value = self.text(key) or default
        if value != default and value not in choices:
            self.blame(key, f'there is no {key} "{value}"; {name_near(value, choices, "choices")}')
        return value

    def table(self, key: str, missing: str = "") -> "Table":
        """A table within, empty if it is not there."""
        value = self._take(key, dict, missing)
        data = value if isinstance(value, dict) else {}
        return Table(data, self.file, self._problems, f"{self._path}{key}.")

    def tables(self, key: str, name: str, missing: str = "") -> list["Table"]:
        """The tables of a list, each called by the text that its key `name` holds, or else by its number."""
        value = self._take(key, list, missing)
        found = []
        for number, data in enumerate(value if isinstance(value, list) else [], 1):
            if isinstance(data, dict):
                called = data.get(name) if isinstance(data.get(name), str) else number
                found.append(Table(data, self.file, self._problems, f"{self._path}{key}.{called}."))
            else:
                self.blame(f"{key}.{number}", f"must be a table, not {_kind(data)}")
        if isinstance(value, list) and missing and not value:
            self.blame(key, f"is empty; {missing}")
        return found

    def texts(self) -> dict[str, str]:
        """All that stands here as text by dotted key."""
        found = {}
        for key, value in self._leaves():
            if isinstance(value, str):
                found[key] = value.strip()
            else:
                self.blame(key, f"must be text, not {_kind(value)}")
        return found

    def lists(self) -> dict[str, list[str]]:
        """All that stands here as lists of text by dotted key."""
        found = {}
        for key, value in self._leaves():
            if isinstance(value, list) and all(isinstance(entry, str) for entry in value):
                found[key] = value
            else:
                self.blame(key, f'must be a list of text such as ["challenge"], not {_kind(value)}')
        return found

    def entries(self, key: str, missing: str) -> list[str]:
        """A list of text; `missing` says why it must be there."""
        value = self._take(key, list, missing)
        if not isinstance(value, list):
            return []
        if not all(isinstance(entry, str) for entry in value):
            self.blame(key, f'must be a list of text such as ["A"], not {_kind(value)}')
            return []
        if not value:
            self.blame(key, f"is empty; {missing}")
        return value

    def counts(self, known: Sequence[str]) -> dict[str, int]:
        """All that stands here as whole numbers from 1 by key; the keys must be known ones."""
        found = {}
        for key in known:
            value = self._take(key, int)
            if isinstance(value, int) and value < 1:
                self.blame(key, f"must be 1 or more, not {value}")
            elif isinstance(value, int):
                found[key] = value
        self.close()
        return found

    def close(self) -> None:
        """Blame the keys that nobody asked for."""
        for key in self._data:
            if key not in self._asked:
                self.blame(key, f"there is no such key; {name_near(key, self._asked, 'keys here')}")

    def _leaves(self) -> Iterator[tuple[str, object]]:
        seen = set()
        for key, value in _flatten(self._data):
            if key in seen:
                self.blame(key, "stands here twice, with and without quotes; keep one")
            else:
                yield key, value
            seen.add(key)

    def _take(self, key: str, kind: type, missing: str = "") -> object:
        self._asked[key] = None
        value = self._data.get(key)
        if value is None:
            if missing:
                self.blame(key, f"is missing; {missing}")
        elif type(value) is not kind:  # not isinstance: true is no number here
            self.blame(key, f"must be {_KINDS[kind]}, not {_kind(value)}")
            return None
        return value


def _kind(value: object) -> str:
    if isinstance(value, list) and not all(isinstance(entry, str) for entry in value):
        return "a list with something else in it"
    return _KINDS.get(type(value), "a date or time")
