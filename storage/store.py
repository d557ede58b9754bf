"""The Store: everything that is asked of the database, in transactions. Used by `bot` and `handlers`."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime

from sqlalchemy import Engine

from core.meetings import Record, follow_steps
from core.replies import DeadLetter
from storage.access import Access
from storage.agenda import Agenda
from storage.database import begin, erase_traces
from storage.drafts import Drafts
from storage.files import Files
from storage.inbox import Inbox
from storage.leadership import Leadership
from storage.meetings import Meetings
from storage.messages import Messages
from storage.outbox import Outbox
from storage.retention import Retention


class Work(Inbox, Retention, Meetings, Messages, Drafts, Files, Outbox, Access, Agenda):
    """One transaction with every query. It hands out core types, and its reads see its own writes."""

    def load_record(self, meeting_id: int, *, files: bool = False) -> Record:
        """All that a report of this meeting is made of; with `files` also the attachments that were fetched for it."""
        steps = self._load_steps(meeting_id)
        messages, notes = self._load_all(meeting_id)
        return Record(
            meeting=follow_steps(self._load_base(meeting_id), steps),
            steps=steps,
            messages=messages,
            notes=notes,
            numbers=self._load_numbers(meeting_id),
            numbered_to=self._last_draft_at(meeting_id),
            files=self._load_files(meeting_id) if files else {},
        )

    def flush(self) -> None:
        """Writes what was kept back; the Store does so before it commits."""
        self._flush_messages()
        self._flush_outbox()
        self._flush_inbox()


class Store:
    """The database, for any thread. Whatever it cannot do is a `StoreError`, with nothing half-written."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    @property
    def url(self) -> str:
        """Where the database is, with its password: for another process of this program, and for nobody's eyes."""
        return self._engine.url.render_as_string(hide_password=False)

    def close(self) -> None:
        """Lets go of the database's connections; one in memory is gone then."""
        self._engine.dispose()

    def leadership(self) -> Leadership:
        """A candidate for the lead among the processes on this database."""
        return Leadership(self._engine)

    @contextmanager
    def work(self) -> Iterator[Work]:
        """One transaction that may write: committed at the end, rolled back by an exception."""
        with begin(self._engine) as connection:
            work = Work(connection)
            yield work
            work.flush()

    @contextmanager
    def read(self) -> Iterator[Work]:
        """One transaction that only reads: it sees one state of the database and holds up no writer."""
        with begin(self._engine, reading=True) as connection:
            yield Work(connection)

    def put_updates(self, source: str, updates: Sequence[tuple[str, str]], at: datetime | None = None) -> int:
        """Keeps (delivery key, payload) pairs that came in now, or `at`, committed on return; how many were new."""
        with begin(self._engine) as connection:
            return Work(connection).put_updates(source, updates, at)

    def erase_traces(self) -> None:
        """Nothing of what was deleted can be read in a SQLite file any more; a `StoreError` where some of it may."""
        erase_traces(self._engine)

    def waiting(self) -> int:
        """How many updates wait in the inbox."""
        with self.read() as work:
            return work.count_waiting()

    def dead_letters(self) -> list[DeadLetter]:
        """The updates that could not be read, oldest first, with the time they came in."""
        with self.read() as work:
            return work.list_dead_letters()
