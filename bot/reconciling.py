"""Asking a platform for what was missed: its history is the truth of a meeting's chats. Run by `service`.

Updates are lost while nobody is there to take them, so the history is read at the start, whenever the platform says
that something may have been missed, and before each draft.
"""

import asyncio
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.backoff import Pace, Trouble, log_incident
from bot.platforms import BusyError, Keep, Platform, RefusedError, UnreachableError, Window
from core.errors import StoreError
from core.messages import Place
from storage.store import Store, Work

# for so long a draft waits for the history, and for what it brought to be taken, in seconds
PATIENCE = 60.0
_GLANCE = 0.05
_SETTLE = 0.5


@dataclass(slots=True, eq=False)
class Reconciler:
    """One platform's. Until it has a `keep` it is not connected, and does nothing."""

    store: Store
    platform: Platform
    pace: Pace
    keep: Keep | None = None
    _wanted: asyncio.Event = field(default_factory=asyncio.Event)
    _trouble: Trouble = field(default_factory=lambda: Trouble("history"))

    def want(self) -> None:
        """Something may have been missed."""
        self._wanted.set()

    async def run(self) -> None:
        """Read the history of all open meetings whenever that is wanted, again until it was read."""
        tries = 0
        while True:
            await self._wanted.wait()
            # a platform that reconnects says so several times
            await asyncio.sleep(_SETTLE)
            self._wanted.clear()
            try:
                await self._reconcile(None)
            except Exception as error:
                self._wanted.set()
                await self._wait(error, tries)
                tries += 1
            else:
                self._trouble.leave(self)
                tries = 0

    async def refresh(self, meeting_id: int) -> None:
        """Read the history of one meeting and have it taken, as far as that can be done now."""
        try:
            async with asyncio.timeout(PATIENCE):
                await self._reconcile(meeting_id)
                while await asyncio.to_thread(self.store.waiting):
                    await asyncio.sleep(_GLANCE)
        except Exception as error:
            # the draft is made of what is known; the rest comes later
            self._trouble.meet(self, error)
            self.want()

    async def _reconcile(self, meeting_id: int | None) -> None:
        if self.keep is None:
            return
        windows = await asyncio.to_thread(self._list_windows, meeting_id)
        if windows:
            await self.platform.reconcile(windows, self.keep)

    def _list_windows(self, meeting_id: int | None) -> list[Window]:
        with self.store.read() as work:
            return [window for id_ in _choose_meetings(work, meeting_id) for window in self._find_windows(work, id_)]

    def _find_windows(self, work: Work, meeting_id: int) -> list[Window]:
        since = work.load_meeting(meeting_id).opened_at
        mine = (self.platform.name, self.platform.workspace)
        chats = [place for place in work.chats_of(meeting_id) if place[:2] == mine]
        return (
            [Window(place, _find_start(work, place, since), work.list_ids(place)) for place in chats] if since else []
        )

    async def _wait(self, error: Exception, tries: int) -> None:
        if isinstance(error, BusyError):
            await self.pace.sleep(error.seconds)
            return
        if isinstance(error, UnreachableError | RefusedError | StoreError):
            self._trouble.meet(self, error)
        else:
            log_incident("history cannot be read", error, platform=self.platform.name)
        await self.pace.back_off(tries)


def _find_start(work: Work, place: Place, opened_at: datetime) -> datetime:
    """From when on the chat's history counts: since it feeds the meeting, and bears this name."""
    former = work.find_former(place)
    last = work.last_sent(former) if former else None
    begun = max(opened_at, work.linked_at(place) or opened_at)
    return max(begun, last + timedelta(milliseconds=1)) if last else begun


def _choose_meetings(work: Work, meeting_id: int | None) -> list[int]:
    """This meeting, or all open ones."""
    if meeting_id is not None:
        return [meeting_id]
    return [meeting.id for meeting in work.list_meetings() if meeting.is_open]
