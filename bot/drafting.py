"""Making the draft that a reply asks for: rendered apart, then kept and put into the outbox in one go.

Used by `sender`.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

from bot.backoff import log_incident
from bot.fetching import refresh_files
from bot.platforms import BusyError, Platform, RefusedError, UnreachableError
from bot.posting import Post
from bot.rendering import Kept, Order, Rendered, Renderer, RenderingError
from core.errors import UserError
from core.phrases import phrase
from core.replies import FileOfDraft, Outgoing, Reply
from handlers import find_meeting
from handlers.addressing import list_chats
from handlers.drafts import head_draft
from storage.store import Work


@dataclass(frozen=True, slots=True)
class DraftMaker:
    """Makes drafts of this database in the templates of these folders for all platforms.

    `refresh` has the platforms' histories read first.

    One at a time: the second then has the numbers that the first gave.
    """

    folders: Mapping[str, Path]
    database_url: str
    refresh: Callable[[int], Awaitable[None]]
    # where the files that a report shows are fetched from
    platforms: Sequence[Platform] = ()
    renderer: Renderer = field(default_factory=Renderer)
    _turn: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def make(self, post: Post, platform: Platform, row: Outgoing) -> None:
        """Make a draft, and finish the row; its files then wait in the outbox, or words that it could not be made."""
        try:
            # it is made also where nobody sees that it is being made
            with suppress(UnreachableError, BusyError, RefusedError):
                await platform.show_work(row.reply.to)
            async with self._turn:
                await self._make(post, row)
        except Exception as error:
            reason = {"reason": str(error)} if isinstance(error, RenderingError) else {}
            incident = log_incident("draft failed", error, platform=platform.name, **reason)
            await post.write(lambda work: _own_up(work, row, incident))

    async def _make(self, post: Post, row: Outgoing) -> None:
        meeting_id = row.reply.meeting_id
        if meeting_id is None:
            meeting_id = await post.read(lambda work: find_meeting(work, row.reply.to.place))
        if meeting_id is None:
            raise UserError("The chat feeds no meeting.")
        await self.refresh(meeting_id)
        await refresh_files(post, self.platforms, meeting_id)
        at = post.now()
        source = Kept(self.database_url, meeting_id)
        rendered = await self.renderer.render(Order(source, self.folders, row.reply.draft, row.reply.language, at))
        await post.write(lambda work: _keep(work, row, meeting_id, rendered, at))


def _keep(work: Work, row: Outgoing, meeting_id: int, rendered: Rendered, at: datetime) -> None:
    """Keep the draft, and have its files sent to who asked for it, or to all chats of the meeting."""
    reply = row.reply
    draft = work.keep_draft(meeting_id, at, rendered.numbers, rendered.files, rendered.kept)
    files = [FileOfDraft(meeting_id, draft.number, file.name) for file in draft.files]
    captions = [head_draft(draft.number, rendered.told, reply.language)] + [""] * (len(files) - 1)
    others = [to for to in list_chats(work, meeting_id) if to.place != reply.to.place] if reply.everywhere else []
    work.add_replies(
        [
            replace(
                reply, to=to, draft=(), everywhere=False, meeting_id=meeting_id, text=text, file=file, thread=thread
            )
            for to, thread in [(reply.to, reply.thread), *((other, "") for other in others)]
            for file, text in zip(files, captions, strict=True)
        ]
    )
    work.finish_reply(row.id)


def _own_up(work: Work, row: Outgoing, incident: str) -> None:
    reply = row.reply
    work.add_replies(
        [Reply(reply.to, phrase("draft_failed", incident=incident).into(reply.language), language=reply.language)]
    )
    work.finish_reply(row.id, failure=f"incident {incident}: the draft could not be made")
