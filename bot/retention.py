"""What the settings say of how long things are kept, applied. Called once an hour by `clock`.

One line in the log for each thing that was deleted, with counts and no names.
"""

from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime, timedelta

import structlog

from core.errors import StoreError
from storage.store import Store, Work

# rows deleted in one transaction, so that others get their turn
_BATCH = 5000


def apply_retention(store: Store, keep_updates_days: int, keep_meetings_days: int, now: datetime) -> None:
    """Forget updates and replies of so many days ago, and purge meetings closed for as long; 0 keeps them for ever."""
    if keep_updates_days:
        before = now - timedelta(days=keep_updates_days)
        updates = _forget(store, lambda work: work.forget_updates(before, _BATCH))
        replies = _forget(store, lambda work: work.forget_replies(before, _BATCH))
        if updates or replies:
            structlog.get_logger().info("updates forgotten", updates=updates, replies=replies)
    if keep_meetings_days:
        _purge_closed(store, now - timedelta(days=keep_meetings_days))


def _forget(store: Store, forget: Callable[[Work], int]) -> int:
    count, gone = 0, _BATCH
    while gone == _BATCH:
        with store.work() as work:
            gone = forget(work)
        count += gone
    return count


def _purge_closed(store: Store, before: datetime) -> None:
    with store.read() as work:
        closed = work.list_purgeable(before)
    for meeting_id in closed:
        with store.work() as work:
            # it may have been reopened meanwhile
            if meeting_id not in work.list_purgeable(before):
                continue
            purged = work.purge_meeting(meeting_id)
        structlog.get_logger().info("meeting purged", **asdict(purged))
    if closed:
        try:
            store.erase_traces()
        except StoreError as error:
            structlog.get_logger().warning("traces of purged meetings may stay in the file", reason=str(error))
