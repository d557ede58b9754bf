"""What came with a request: a form's or query's strings, a JSON body's values. Called by web_api.py and methods."""

import json
from typing import Any

from aiohttp import web

from tests.slack_server.errors import SlackError, invalid

# parameters that are JSON in a form
STRUCTURED = {"attachments", "blocks", "files", "metadata", "view"}


async def read_parameters(request: web.Request) -> dict[str, Any]:
    """Parameters of a request, in any of the ways in which Slack takes them."""
    found: dict[str, Any] = dict(request.query)
    if request.content_type == "application/json":
        try:
            body = await request.json()
        except ValueError:
            raise SlackError("invalid_json") from None
        if not isinstance(body, dict):
            raise SlackError("json_not_object")
        found |= body
    else:
        found |= dict(await request.post())
    return {name: _decode(name, value) for name, value in found.items()}


def _decode(name: str, value: Any) -> Any:
    if name not in STRUCTURED or not isinstance(value, str):
        return value
    try:
        return json.loads(value) if value else None
    except ValueError:
        raise SlackError(f"invalid_{name}" if name == "blocks" else "invalid_arguments") from None


def as_text(parameters: dict[str, Any], name: str) -> str:
    value = parameters.get(name)
    return "" if value is None else str(value)


def as_bool(parameters: dict[str, Any], name: str) -> bool:
    return as_text(parameters, name).lower() in ("true", "1")


def as_int(parameters: dict[str, Any], name: str, default: int) -> int:
    given = as_text(parameters, name)
    try:
        return int(given) if given else default
    except ValueError:
        raise SlackError(f"invalid_{name}") from None


def needed(parameters: dict[str, Any], name: str) -> str:
    """A parameter that must be there."""
    if value := as_text(parameters, name):
        return value
    raise invalid("invalid_arguments", f"missing required field: {name}")
