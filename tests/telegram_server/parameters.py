"""What came with a request: strings of a form or query, values of a JSON body, files. Called by server.py."""

import json
from typing import Any

from aiohttp import BodyPartReader, web

from tests.telegram_server.errors import ApiError, bad_request

# parameters that are JSON in a form; all others are plain, also where a text looks like JSON
STRUCTURED = {
    "allowed_updates",
    "caption_entities",
    "commands",
    "entities",
    "link_preview_options",
    "reaction",
    "reply_markup",
    "reply_parameters",
    "scope",
}
UPLOAD_LIMIT = 50 * 2**20
Files = dict[str, tuple[str, bytes]]


async def read_parameters(request: web.Request) -> tuple[dict[str, Any], Files]:
    """Parameters and files of a request, in any of the four ways in which the API takes them."""
    found: dict[str, Any] = dict(request.query)
    files: Files = {}
    if request.content_type == "application/json":
        found |= await request.json()
    elif request.content_type == "multipart/form-data":
        async for part in await request.multipart():
            assert isinstance(part, BodyPartReader)
            content = bytes(await part.read())
            if len(content) > UPLOAD_LIMIT:
                raise ApiError(413, "Request Entity Too Large")
            if part.filename is not None:
                files[part.name or ""] = (part.filename, content)
            else:
                found[part.name or ""] = content.decode()
    else:
        found |= dict(await request.post())
    return {name: _decode(name, value) for name, value in found.items()}, files


def _decode(name: str, value: Any) -> Any:
    if name not in STRUCTURED or not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except ValueError:
        raise bad_request(f"can't parse {name} JSON object") from None


def as_int(parameters: dict[str, Any], name: str, default: int = 0) -> int:
    """A number; nonsense counts as not given, as in the API."""
    try:
        return int(parameters.get(name, default))
    except (TypeError, ValueError):
        return default


def as_bool(parameters: dict[str, Any], name: str) -> bool:
    return str(parameters.get(name, "")).lower() in ("true", "yes", "1")
