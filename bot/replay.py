"""Replaying a transcript: its lines go the way that live messages go, and come out as a report."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from hashlib import sha256
from itertools import islice

from bot.platforms.transcript import Transcript
from bot.worker import BATCH, Worker
from core.meetings import Record
from handlers import Defaults
from handlers.meetings import make_name
from handlers.settings import read_zone
from reports.placement import place
from reports.report import Report
from reports.template_reader import TemplateCatalog, load_templates
from storage.database import open_database
from storage.store import Store


@dataclass(frozen=True, slots=True)
class BadLine:
    """A line that could not be used, and why."""

    number: int
    reason: str


@dataclass(frozen=True, slots=True)
class Replay:
    """What came of a replay. `refused` are the commands that could not be done: message id and why."""

    meeting_id: int
    bad_lines: tuple[BadLine, ...]
    refused: tuple[tuple[str, str], ...]


def replay_lines(
    lines: Iterable[str],
    worker_parts: tuple[Store, TemplateCatalog, Defaults],
    name: str,
    options: dict[str, str],
    tell_progress: Callable[[int], None] = lambda _: None,
) -> Replay:
    """Take the lines as they come into the meeting of this replay, which is made if need be.

    The same lines again change nothing, so a replay that was broken off is just run again. `options` are settings that
    hold whatever the transcript says; `tell_progress` is called with the number of lines taken.
    """
    store, templates, defaults = worker_parts
    options = {key: read_zone(value) if key == "zone" else value for key, value in options.items()}
    if "template" in options:
        options["template"] = templates.load(options["template"]).id
    slug = f"replay-{make_name(name)}"
    transcript = Transcript(slug)
    with store.work() as work:
        meeting_id = work.find_meeting(slug)
        if meeting_id is None:
            # an earlier one of this name may have been purged: its lines are taken again
            work.drop_source(transcript.source)
            meeting_id = work.create_meeting(
                slug, template=defaults.template, zone=defaults.zone, language=defaults.language, pinned=options
            )
        work.pin_meeting(meeting_id, options)
    worker = Worker(store, templates, defaults, transcript, replay_of=meeting_id)
    numbers: dict[str, list[int]] = {}
    for batch in _batches(lines):
        updates = [(sha256(line.encode("utf-8", "surrogatepass")).hexdigest(), line) for _, line in batch]
        for (number, _), (key, _) in zip(batch, updates, strict=True):
            numbers.setdefault(key, []).append(number)
        store.put_updates(transcript.source, updates)
        worker.take_all()
        tell_progress(batch[-1][0])
    dead = {letter.key: letter.reason for letter in store.dead_letters() if letter.source == transcript.source}
    bad = sorted((number, dead[key]) for key, found in numbers.items() if key in dead for number in found)
    return Replay(meeting_id, tuple(BadLine(number, reason) for number, reason in bad), tuple(worker.refused))


def _batches(lines: Iterable[str]) -> Iterator[list[tuple[int, str]]]:
    """Lines that hold something, with their numbers, a batch at a time."""
    numbered = ((n, line.strip("\ufeff \t\r\n")) for n, line in enumerate(lines, start=1))
    filled = ((number, line) for number, line in numbered if line)
    while batch := list(islice(filled, BATCH)):
        yield batch


def replay_transcript(
    lines: Iterable[str], *, template: str | None = None, zone: str | None = None, name: str = "transcript"
) -> Report:
    """The report of a transcript, in memory; options given here hold whatever the transcript says."""
    given = {"template": template, "zone": zone}
    options = {key: value for key, value in given.items() if value}
    templates = load_templates()
    with closing(Store(open_database("sqlite://"))) as store:
        replayed = replay_lines(lines, (store, templates, Defaults()), name, options)
        record = load_record(store, replayed.meeting_id)
    return place(record, templates.load(record.meeting.template))


def load_record(store: Store, meeting_id: int) -> Record:
    """The record of a meeting, as one state of the database."""
    with store.read() as work:
        return work.load_record(meeting_id)
