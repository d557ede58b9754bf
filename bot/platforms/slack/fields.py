"""The fields of raw JSON, by type. Called by all that reads updates.

What is missing or of another type is an `UpdateError` that names the field, never what stands in it.
"""

import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from core.errors import UpdateError
from core.text import clean_text

Json = Mapping[str, Any]

# an id and a time in one: seconds and the rest, never a float
TS = re.compile(r"(\d{1,12})\.(\d{1,9})", re.ASCII)


def parse_object(text: str, name: str) -> Json:
    """The object that a text in JSON is."""
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        raise UpdateError(f"{name} is not valid JSON") from None
    return as_object(value, name)


def as_object(value: Any, name: str) -> Json:
    """The value, if it is an object."""
    if not isinstance(value, dict):
        raise UpdateError(f"{name} is no object")
    return value


def take_object(source: Json, key: str) -> Json | None:
    """The object of this name, if there is one."""
    value = source.get(key)
    return None if value is None else as_object(value, key)


def need_object(source: Json, key: str) -> Json:
    """The object of this name, which must be there."""
    value = take_object(source, key)
    if value is None:
        raise UpdateError(f"{key} is missing")
    return value


def take_objects(source: Json, key: str) -> list[Json]:
    """The list of objects of this name; empty where there is none."""
    value = source.get(key)
    if value is None:
        return []
    if not isinstance(value, list):
        raise UpdateError(f"{key} is no list")
    return [as_object(part, f"a part of {key}") for part in value]


def take_text(source: Json, key: str) -> str:
    """The text of this name as it was sent; empty where there is none."""
    value = source.get(key)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise UpdateError(f"{key} is no text")
    return value


def take_name(source: Json, key: str) -> str:
    """The text of this name, clean and on one line."""
    return " ".join(clean_text(take_text(source, key)).split())


def need_name(source: Json, key: str) -> str:
    """The text of this name, clean and on one line, which must be there."""
    name = take_name(source, key)
    if not name:
        raise UpdateError(f"{key} is missing")
    return name


def need_ts(source: Json, key: str) -> str:
    """The id of a message, such as "1700000000.000100", which must be there."""
    ts = need_name(source, key)
    if not TS.fullmatch(ts):
        raise UpdateError(f"{key} is no time of Slack's")
    return ts


def need_time(source: Json, key: str) -> datetime:
    """The time that an id of Slack's is, to the microsecond; it must be there."""
    found = TS.fullmatch(need_ts(source, key))
    seconds, rest = found.groups() if found else ("", "")
    try:
        at = datetime.fromtimestamp(int(seconds), UTC) + timedelta(microseconds=int(rest[:6].ljust(6, "0")))
        # a day's room on either side, so that every zone can show it
        (at - timedelta(days=1), at + timedelta(days=1))
    except (OverflowError, OSError, ValueError):
        raise UpdateError(f"{key} is out of range") from None
    return at
