"""Methods of files: an address to upload to, its completion, what is known of a file. Found by methods.py."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.slack_server.asking import find_channel
from tests.slack_server.errors import SlackError, invalid
from tests.slack_server.parameters import as_int, as_text, needed
from tests.slack_server.sending import find_thread
from tests.slack_server.traffic import Call

if TYPE_CHECKING:
    from tests.slack_server.people import File
    from tests.slack_server.world import World


def get_upload_url(world: World, call: Call) -> dict[str, Any]:
    name, length = needed(call.parameters, "filename"), as_int(call.parameters, "length", 0)
    if length < 1:
        raise invalid("invalid_arguments", "must be greater than 0 [json-pointer:/length]")
    file = world.keep(world.bot, name, None)
    world.uploads[file.id] = length
    return {"upload_url": f"{world.url}/upload/v1/{file.id}", "file_id": file.id}


def complete_upload(world: World, call: Call) -> dict[str, Any]:
    """Shares what was uploaded, once. The message comes when Slack has looked at the file."""
    given = call.parameters.get("files")
    if not isinstance(given, list) or not given:
        raise invalid("invalid_arguments", "missing required field: files")
    files = []
    for entry in given:
        file = world.files.get(entry.get("id"))
        if file is None or file.content is None or world.uploads.pop(file.id, None) is None:
            raise SlackError("file_not_found")
        file.title = entry.get("title") or file.name
        files.append(file)
    channels = as_text(call.parameters, "channels").split(",")
    for channel_id in filter(None, [as_text(call.parameters, "channel_id"), *channels]):
        _share(world, call, channel_id, files)
    return {"files": [file.json() for file in files]}


def _share(world: World, call: Call, channel_id: str, files: list[File]) -> None:
    channel = find_channel(world, Call(call.method, {"channel": channel_id}, call.at), member=True)
    if channel.archived:
        raise SlackError("is_archived")
    thread, text = find_thread(channel, call), as_text(call.parameters, "initial_comment")

    def appear() -> None:
        with world.changing():
            channel.tell_written(
                channel.add(world.bot, text, subtype="file_share", files=list(files), thread=thread),
            )

    world.later(world.share_delay, appear)


def files_info(world: World, call: Call) -> dict[str, Any]:
    file = world.files.get(needed(call.parameters, "file"))
    if file is None or file.content is None:
        raise SlackError("file_not_found")
    return {"file": file.full_json()}
