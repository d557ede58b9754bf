"""Fetching what a report shows from where it was posted: photographs, documents, lists of participants.

Called by `drafting` before a draft is rendered, and by the command line. Nothing that is off the record
or withdrawn is fetched, and what became so is removed. A draft is made without what does not come in time.
"""

import asyncio
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime

from bot.backoff import log_incident
from bot.platforms import BusyError, Platform, RefusedError, UnreachableError
from bot.posting import Post
from core.meetings import Record
from core.messages import Attachment
from reports.gathering import gather
from reports.pictures import is_photograph
from storage.files import Fetched, FileKey
from storage.store import Store, Work

# bytes of a file, and of all files of a meeting: a record is held in memory with them
LARGEST = 20_000_000
LARGEST_OF_ALL = 200_000_000
# seconds that a draft waits for its files
LONGEST_WAIT = 30.0
# files that are asked for at a time
_ABREAST = 4

# annexes whose files are shown or sent in
_ANNEXES = ("documents", "participants")


@dataclass(frozen=True, slots=True)
class Plan:
    """What of a meeting is to be fetched, in the order of the notes, and what is no longer to be kept.

    `room` is how many bytes may still be kept.
    """

    wanted: tuple[FileKey, ...] = ()
    stale: tuple[FileKey, ...] = ()
    room: int = LARGEST_OF_ALL


def plan_fetching(work: Work, meeting_id: int) -> Plan:
    """What the meeting's report shows and is not kept yet."""
    if not work.has_attachments(meeting_id):
        return Plan()
    kept = work.list_files(meeting_id)
    shown = dict.fromkeys(_list_shown(work.load_record(meeting_id)))
    stale = tuple(key for key in kept if key not in shown)
    room = LARGEST_OF_ALL - sum(size for key, size in kept.items() if key in shown)
    return Plan(tuple(key for key in shown if key not in kept), stale, room)


def _list_shown(record: Record) -> Iterator[FileKey]:
    """The photographs that came with notes, and what was posted for an annex; late notes may yet be kept."""
    gathered = gather(record)
    for filing in (*gathered.filings, *gathered.late):
        yield from _list_keys(filing.message.key.platform, filter(is_photograph, filing.message.attachments))
    for annex in _ANNEXES:
        for filing in gathered.annexes.get(annex, ()):
            yield from _list_keys(filing.message.key.platform, filing.message.attachments)


def _list_keys(platform: str, attachments: Iterable[Attachment]) -> Iterator[FileKey]:
    return ((platform, attachment.ref) for attachment in attachments if attachment.ref)


async def fetch_files(plan: Plan, platforms: Sequence[Platform], longest: float = LONGEST_WAIT) -> list[Fetched]:
    """What came of the plan in that many seconds. What may be had later is not in it, so that it is asked for again."""
    fetching = _Fetching({platform.name: platform for platform in platforms}, plan.room)
    with suppress(TimeoutError):
        async with asyncio.timeout(longest):
            await asyncio.gather(*map(fetching.fetch, plan.wanted))
    return fetching.fetched


@dataclass(slots=True)
class _Fetching:
    """Fetches a few files at a time. `platforms` are those that answer, `room` the bytes that may still be kept."""

    platforms: dict[str, Platform]
    room: int
    fetched: list[Fetched] = field(default_factory=list)
    _turn: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(_ABREAST))

    async def fetch(self, key: FileKey) -> None:
        async with self._turn:
            platform = self.platforms.get(key[0])
            if platform is None or self.room <= 0:
                return
            try:
                content = await platform.fetch(key[1], LARGEST)
            except RefusedError as error:
                self.fetched.append(Fetched(key, problem=str(error)))
            except (BusyError, UnreachableError):
                # it is left alone until the next draft
                self.platforms.pop(key[0], None)
            except Exception as error:
                log_incident("file cannot be fetched", error, platform=key[0])
            else:
                self._take(key, content)

    def _take(self, key: FileKey, content: bytes) -> None:
        if len(content) <= self.room:
            self.room -= len(content)
            self.fetched.append(Fetched(key, content))


async def refresh_files(post: Post, platforms: Sequence[Platform], meeting_id: int) -> None:
    """Fetch and keep what the meeting's report shows, and remove what it must not show any more."""
    plan = await post.read(lambda work: plan_fetching(work, meeting_id))
    fetched = await fetch_files(plan, platforms)
    if fetched or plan.stale:
        await post.write(lambda work: keep_fetched(work, meeting_id, plan, fetched, post.now()))


async def fetch_at_once(store: Store, platforms: Sequence[Platform], meeting_id: int, at: datetime) -> list[str]:
    """The same for the command line, which then lets go of the platforms; in words what cannot be had."""
    try:
        with store.read() as work:
            plan = plan_fetching(work, meeting_id)
        fetched = await fetch_files(plan, platforms)
    finally:
        for platform in platforms:
            await platform.close()
    with store.work() as work:
        keep_fetched(work, meeting_id, plan, fetched, at)
        return list(work.list_file_problems(meeting_id).values())


def keep_fetched(work: Work, meeting_id: int, plan: Plan, fetched: Sequence[Fetched], at: datetime) -> None:
    """Keep what was fetched, and remove what is not to be kept."""
    work.forget_files(meeting_id, plan.stale)
    work.keep_files(meeting_id, fetched, at)
