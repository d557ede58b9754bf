"""Meetings in a database, filled from made-up transcripts the way that live messages go. Used by the benchmarks."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.corpus import CHAT, make_lines
from bot.platforms.transcript import Transcript
from bot.worker import Worker
from core.meetings import Record
from handlers import Defaults
from reports.template import Template
from reports.template_reader import TemplateCatalog, load_templates
from storage.database import open_database
from storage.store import Store

TRANSCRIPT = Transcript("bench")
# how many updates a platform hands over at once while many wait
HANDED_OVER = 64

Update = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Bot:
    """A store with one open meeting that a chat feeds, and the worker that takes its messages, answering them."""

    path: Path
    store: Store
    templates: TemplateCatalog
    worker: Worker
    meeting_id: int

    @property
    def template(self) -> Template:
        return self.templates.load("bapa40")

    def put(self, updates: Sequence[Update]) -> None:
        """Into the inbox, a commit for each so many."""
        for start in range(0, len(updates), HANDED_OVER):
            self.store.put_updates(TRANSCRIPT.source, updates[start : start + HANDED_OVER])

    def capture(self, updates: Sequence[Update]) -> None:
        """The whole way: inbox, worker, notes and replies committed."""
        self.put(updates)
        self.worker.take_all()

    def load(self) -> Record:
        with self.store.read() as work:
            return work.load_record(self.meeting_id)


def open_bot(folder: Path) -> Bot:
    """A bot on a new SQLite file in this folder, as `rapporteur` opens it."""
    path = folder / "bench.db"
    store, templates = Store(open_database(f"sqlite:///{path}")), load_templates()
    with store.work() as work:
        meeting_id = work.create_meeting("bench", template="bapa40", zone="America/New_York", language="en", pinned={})
        work.link_chat(CHAT[0], TRANSCRIPT.name, CHAT[1], meeting_id)
    return Bot(path, store, templates, Worker(store, templates, Defaults(), TRANSCRIPT), meeting_id)


def make_updates(notes: int) -> list[Update]:
    """The messages of a meeting of so many notes as a platform would deliver them: delivery key and payload."""
    return [(str(number), line) for number, line in enumerate(make_lines(notes))]
