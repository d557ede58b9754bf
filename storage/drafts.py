"""Drafts that were kept, their files and reports, and the numbers that they gave to notes.

Nothing here changes a draft that is kept: each takes the meeting's next number.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import func, insert, select

from core.messages import MessageKey
from core.replies import Draft, DraftFile, FileOfDraft
from storage.batches import OnConflict, insert_rows
from storage.tables import draft_files, drafts, meetings, numbers
from storage.transaction import Transaction

# (message, place in it, part) → number
Numbers = Mapping[tuple[MessageKey, int, str], int]


class Drafts(Transaction):
    """Queries on drafts, their files and numbers."""

    def keep_draft(
        self, meeting_id: int, at: datetime, numbers: Numbers, files: Sequence[DraftFile], report: str
    ) -> Draft:
        """Keeps a draft under the meeting's next number. A note that has a number keeps the one it has.

        `report` is what a later draft is compared with, as `reports.keeping` writes it.
        """
        # on PostgreSQL two processes would else take the same number
        self._connection.execute(select(meetings.c.id).where(meetings.c.id == meeting_id).with_for_update())
        last = self._connection.scalar(
            select(func.coalesce(func.max(drafts.c.number), 0)).where(drafts.c.meeting_id == meeting_id)
        )
        draft = Draft((last or 0) + 1, at, tuple(files))
        row = {"meeting_id": meeting_id, "number": draft.number, "at": at, "report": report}
        draft_id = self._connection.scalar(insert(drafts).returning(drafts.c.id), row)
        rows = [{"draft_id": draft_id, **file._asdict()} for file in files]
        insert_rows(self._connection, draft_files, rows)
        self._add_numbers({"meeting_id": meeting_id, "draft_id": draft_id}, numbers)
        return draft

    def load_report(self, meeting_id: int, number: int) -> str | None:
        """The report of a draft; None where there is no such draft, or an older version of the program kept it."""
        query = select(drafts.c.report).where(drafts.c.meeting_id == meeting_id, drafts.c.number == number)
        return self._connection.scalar(query)

    def list_reports(self, meeting_id: int) -> list[int]:
        """The numbers of the meeting's drafts whose reports were kept, in their order."""
        kept = select(drafts.c.number).where(drafts.c.meeting_id == meeting_id, drafts.c.report.is_not(None))
        return list(self._connection.scalars(kept.order_by(drafts.c.number)))

    def load_file(self, file: FileOfDraft) -> DraftFile:
        """One file of a kept draft."""
        query = (
            select(draft_files.c.name, draft_files.c.media_type, draft_files.c.content)
            .join(drafts, drafts.c.id == draft_files.c.draft_id)
            .where(drafts.c.meeting_id == file.meeting_id, drafts.c.number == file.number)
            .where(draft_files.c.name == file.name)
        )
        return DraftFile(*self._connection.execute(query).one())

    def load_drafts(self, meeting_id: int) -> list[Draft]:
        """The meeting's drafts, oldest first, with their files."""
        files: dict[int, list[DraftFile]] = {}
        query = (
            select(draft_files.c.draft_id, draft_files.c.name, draft_files.c.media_type, draft_files.c.content)
            .join(drafts, drafts.c.id == draft_files.c.draft_id)
            .where(drafts.c.meeting_id == meeting_id)
            .order_by(draft_files.c.id)
        )
        for draft_id, name, media_type, content in self._connection.execute(query):
            files.setdefault(draft_id, []).append(DraftFile(name, media_type, content))
        kept = select(drafts.c.id, drafts.c.number, drafts.c.at).where(drafts.c.meeting_id == meeting_id)
        return [
            Draft(number, at, tuple(files.get(id_, ())))
            for id_, number, at in self._connection.execute(kept.order_by(drafts.c.number))
        ]

    def _add_numbers(self, ids: dict[str, Any], given: Numbers) -> None:
        rows = [
            {**ids, **_write_key(key), "place": place, "part": part, "number": number}
            for (key, place, part), number in given.items()
        ]
        insert_rows(self._connection, numbers, rows, OnConflict.LEAVE)

    def _load_numbers(self, meeting_id: int) -> dict[tuple[MessageKey, int, str], int]:
        query = select(
            numbers.c.platform,
            numbers.c.workspace,
            numbers.c.chat,
            numbers.c.message_id,
            numbers.c.place,
            numbers.c.part,
            numbers.c.number,
        ).where(numbers.c.meeting_id == meeting_id)
        return {
            (MessageKey(platform, workspace, chat, id_), place, part): number
            for platform, workspace, chat, id_, place, part, number in self._connection.execute(query)
        }

    def _last_draft_at(self, meeting_id: int) -> datetime | None:
        query = select(drafts.c.at).where(drafts.c.meeting_id == meeting_id).order_by(drafts.c.number.desc())
        return self._connection.scalar(query.limit(1))


def _write_key(key: MessageKey) -> dict[str, str]:
    platform, workspace, chat, message_id = key
    return {"platform": platform, "workspace": workspace, "chat": chat, "message_id": message_id}
