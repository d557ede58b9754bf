"""A chat with the bot: the real worker on a real SQLite file, with the console as platform.

A conversation is text: what people type stands behind "> " (or "Ben> "), lines that go on behind ". ", and what the
bot shows is indented. `hold` gives the same text with what the bot said in truth.
"""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from textwrap import dedent
from typing import Self

from bot.platforms.console import CHAT, PLATFORM, WORKSPACE, Console
from bot.worker import Worker
from core.meetings import Record
from handlers import Defaults
from reports.placement import place
from reports.report import Report
from reports.template_reader import TemplateCatalog, load_templates
from storage.database import open_database
from storage.store import Store

START = datetime(2018, 5, 7, 10, tzinfo=UTC)


@dataclass(slots=True)
class Chat:
    """One console chat; every message is a minute after the one before."""

    store: Store
    templates: TemplateCatalog
    console: Console = field(default_factory=lambda: Console("Ana"))
    clock: datetime = START
    payloads: list[tuple[str, str]] = field(default_factory=list)

    @classmethod
    def on(cls, folder: Path) -> Self:
        """A chat on a database file in this folder."""
        return cls(Store(open_database(f"sqlite:///{folder}/chat.db")), load_templates())

    def say(self, text: str, author: str = "Ana") -> list[str]:
        """Type a message; the lines that the bot shows."""
        self.console.author = author
        self.payloads.append(self.console.write_update(text, self.clock))
        self.clock += timedelta(minutes=1)
        return self.deliver(*self.payloads[-1])

    def deliver(self, key: str, payload: str) -> list[str]:
        """Hand in an update as a platform does; the lines that the bot shows."""
        self.store.put_updates(self.console.source, [(key, payload)])
        defaults = Defaults(formats=("docx", "json"))
        Worker(self.store, self.templates, defaults, self.console).take_all()
        shown: list[str] = []
        with self.store.work() as work:
            for reply_id, reply, _ in work.take_replies(PLATFORM, WORKSPACE, 100):
                # as in the terminal, what stands above cannot be changed any more
                if not reply.renews:
                    self.console.show(reply, shown.append)
                    shown += (f"  {' '.join(f'[{button.label}]' for button in line)}" for line in reply.buttons)
                if reply.draft:
                    shown.append(f"  (draft: {', '.join(reply.draft)})")
                work.finish_reply(reply_id)
        return shown

    def hold(self, conversation: str) -> str:
        """Say what people say in this conversation; the whole of it with what the bot says."""
        lines: list[str] = []
        for turn in _turns(conversation):
            lines += turn
            author, _, first = turn[0].partition("> ")
            said = "\n".join([first, *(line.removeprefix(". ") for line in turn[1:])])
            lines += self.say(said, author or "Ana")
        return "\n".join(lines)

    def record(self) -> Record:
        """The record of the meeting that the chat feeds now."""
        with self.store.read() as work:
            meeting_id = work.meeting_of_chat(PLATFORM, WORKSPACE, CHAT)
            assert meeting_id is not None
            return work.load_record(meeting_id)

    def report(self) -> Report:
        """The report of that meeting."""
        record = self.record()
        return place(record, self.templates.load(record.meeting.template))


def _turns(conversation: str) -> list[list[str]]:
    turns: list[list[str]] = []
    for line in conversation.split("\n"):
        if "> " in line[:8] and not line.startswith(" "):
            turns.append([line])
        elif line.startswith(". "):
            turns[-1].append(line)
    return turns


def lines(conversation: str) -> str:
    """A conversation written in a test, without the indentation of the test."""
    return dedent(conversation).strip("\n")
