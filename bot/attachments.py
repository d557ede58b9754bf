"""`rapporteur files`: the photographs, voice notes and files of a meeting, fetched from where they are kept."""

from collections.abc import AsyncIterator, Sequence

from bot.platforms import BusyError, Platform, RefusedError, UnreachableError
from core.meetings import Record
from core.messages import Attachment, Message, in_time
from core.replies import DraftFile
from reports.gathering import gather

_MEDIA_TYPE = "application/octet-stream"


async def fetch_attachments(record: Record, platforms: Sequence[Platform]) -> AsyncIterator[DraftFile | str]:
    """Each file under its message's id and its name, or in words why it cannot be had; none that is off the record."""
    hidden = gather(record).off_record
    by_name = {platform.name: platform for platform in platforms}
    for message in sorted(record.messages, key=lambda m: in_time(m.sent_at, m.key)):
        if message.key in hidden or message.deleted_at is not None:
            continue
        for attachment in message.attachments:
            yield await _fetch(by_name.get(message.key.platform), message, attachment)


async def _fetch(platform: Platform | None, message: Message, attachment: Attachment) -> DraftFile | str:
    # a name comes from whoever sent the file: it must not lead out of the folder
    safe = attachment.name.replace("/", "_").replace("\\", "_").lstrip(".") or attachment.kind
    name = f"{message.key.id.replace(':', '-')}-{safe}"
    if platform is None or not attachment.ref:
        return f"{name}: it is known by its name only"
    try:
        return DraftFile(name, _MEDIA_TYPE, await platform.fetch(attachment.ref))
    except (BusyError, RefusedError, UnreachableError) as error:
        return f"{name}: {error}"
