"""Attachments that were fetched from their platforms for a meeting's report, or why they cannot be had.

Called by `bot.fetching`; `Work.load_record` hands them to who renders. A purge removes them with the meeting.
"""

from collections.abc import Collection
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import delete, func, insert, select, tuple_

from storage.tables import files, messages
from storage.transaction import Transaction, in_chunks

# an attachment's platform, and what that gives it out for
FileKey = tuple[str, str]


class Fetched(NamedTuple):
    """An attachment as it was fetched: what it holds, or in words why it cannot be had."""

    key: FileKey
    content: bytes | None = None
    problem: str | None = None


class Files(Transaction):
    """Queries on the attachments that were fetched."""

    def keep_files(self, meeting_id: int, fetched: Collection[Fetched], at: datetime) -> None:
        """Keeps these, in place of what was kept of them before."""
        self.forget_files(meeting_id, [file.key for file in fetched])
        # one by one: together they may be more than a driver takes
        for (platform, ref), content, problem in fetched:
            row = {"platform": platform, "ref": ref, "content": content, "problem": problem}
            self._connection.execute(insert(files), row | {"meeting_id": meeting_id, "fetched_at": at})

    def forget_files(self, meeting_id: int, keys: Collection[FileKey]) -> None:
        """Removes what was kept of these."""
        for chunk in in_chunks(list(keys)):
            among = tuple_(files.c.platform, files.c.ref).in_(chunk)
            self._connection.execute(delete(files).where(files.c.meeting_id == meeting_id, among))

    def list_files(self, meeting_id: int) -> dict[FileKey, int]:
        """How many bytes are kept of each file; 0 of one that cannot be had."""
        size = func.coalesce(func.length(files.c.content), 0)
        query = select(files.c.platform, files.c.ref, size).where(files.c.meeting_id == meeting_id)
        return {(platform, ref): length for platform, ref, length in self._connection.execute(query)}

    def list_file_problems(self, meeting_id: int) -> dict[FileKey, str]:
        """Why those cannot be had that cannot."""
        query = select(files.c.platform, files.c.ref, files.c.problem).where(files.c.meeting_id == meeting_id)
        rows = self._connection.execute(query.where(files.c.problem.is_not(None)))
        return {(platform, ref): problem for platform, ref, problem in rows}

    def has_attachments(self, meeting_id: int) -> bool:
        """Whether something was posted with a message of the meeting, or anything is kept of what was."""
        self.flush()
        posted = select(messages.c.id).where(messages.c.meeting_id == meeting_id, messages.c.attachments.is_not(None))
        kept = select(files.c.id).where(files.c.meeting_id == meeting_id)
        return any(self._connection.scalar(query.limit(1)) is not None for query in (posted, kept))

    def _load_files(self, meeting_id: int) -> dict[FileKey, bytes]:
        query = select(files.c.platform, files.c.ref, files.c.content).where(files.c.meeting_id == meeting_id)
        rows = self._connection.execute(query.where(files.c.content.is_not(None)))
        return {(platform, ref): content for platform, ref, content in rows}
