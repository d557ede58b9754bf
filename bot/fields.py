"""The fields of raw JSON, by type. Called by the platforms that read updates.

What is missing or of another type is an `UpdateError` that names the field, never what stands in it.
"""

import json
from collections.abc import Mapping
from typing import Any

from core.errors import UpdateError
from core.text import clean_text

Json = Mapping[str, Any]


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


def take_list(source: Json, key: str) -> list[Any]:
    """The list of this name; empty where there is none."""
    value = source.get(key)
    if value is None:
        return []
    if not isinstance(value, list):
        raise UpdateError(f"{key} is no list")
    return value


def take_objects(source: Json, key: str) -> list[Json]:
    """The list of objects of this name; empty where there is none."""
    return [as_object(value, f"a part of {key}") for value in take_list(source, key)]


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


def take_number(source: Json, key: str) -> int | None:
    """The whole number of this name, if there is one."""
    value = source.get(key)
    if value is None:
        return None
    if type(value) is not int:
        raise UpdateError(f"{key} is no whole number")
    return value


def need_number(source: Json, key: str) -> int:
    """The whole number of this name, which must be there."""
    value = take_number(source, key)
    if value is None:
        raise UpdateError(f"{key} is missing")
    return value
