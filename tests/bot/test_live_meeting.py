"""A whole meeting on a fake Telegram: what people get, and that the report is the one that `replay` makes of it."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from io import BytesIO
from random import Random
from typing import TYPE_CHECKING, Any

import docx

from bot.replay import load_record, replay_transcript
from reports.changes import compare
from reports.formats import load_format
from reports.keeping import read_report
from reports.placement import place
from reports.report import Report
from reports.template_reader import load_templates
from tests.bot.live import LiveBot
from tests.telegram_server import TelegramServer
from tests.telegram_server.messages import Message

if TYPE_CHECKING:
    from tests.telegram_server.conversations import Group

OPENING = "/open Regional consultation\ntemplate: bapa40\nzone: Africa/Addis_Ababa\nclose: 18:00"
TAGS = (
    "#recommendation Scale up concessional funding, no {n}",
    "#challenge Data come late, no {n} #SDG17",
    "Interest rates have doubled, no {n} #trend",
    "#conclusion Agreed by all, no {n}",
    "#action Set up working group {n}. to: Secretariat by: June",
    "#建议 加强能力建设 {n}",
    "#توصية تعزيز التعاون {n}",
    "#xyzzy Nobody knows this tag {n}",
    "just talk, no {n}",
    "#need Staff for unit {n}",
)


class Meeting:
    """What people write in a group, kept as the lines of a transcript too."""

    def __init__(self, server: TelegramServer) -> None:
        self.server = server
        self.group: Group = server.add_group("Consultation")
        self.people = [server.person(name) for name in ("Ana", "Ben", "Wei", "Inès", "Omar")]
        self.lines: list[str] = []

    def say(self, who: int, text: str, *, reply_to: Message | None = None, photo: bytes | None = None) -> Message:
        self.server.advance(20)
        message = self.group.say(self.people[who], text, reply_to=reply_to, photo=photo)
        line = self._line(message, who, message.date, str(message.message_id), text)
        if reply_to:
            line["reply_to"] = str(reply_to.message_id)
        if photo:
            line["attachments"] = [{"kind": "photo", "name": f"photo-{message.message_id}.jpg"}]
        self.lines.append(json.dumps(line, ensure_ascii=False))
        return message

    def edit(self, who: int, message: Message, text: str) -> None:
        self.server.advance(20)
        self.group.edit(message, text)
        assert message.edit_date
        line = self._line(message, who, message.edit_date, f"{message.message_id}.edit", text)
        line |= {"edit_of": str(message.message_id), "sent_at": _iso(message.date)}
        self.lines.append(json.dumps(line, ensure_ascii=False))

    def _line(self, message: Message, who: int, at: int, message_id: str, text: str) -> dict[str, Any]:
        chat = str(self.group.id)
        return {
            "ts": _iso(at),
            "platform": "telegram",
            "chat": chat,
            "author": self.people[who].name,
            "message_id": message_id,
            "text": text,
            "link": f"https://t.me/c/{chat.removeprefix('-100')}/{message.message_id}",
        }

    def hold(self) -> None:
        """A hundred messages and more: sessions, notes, edits, replies that tag and withdraw, photos, fields."""
        random = Random(7)
        said: list[tuple[int, Message]] = []
        for n in range(110):
            who = random.randrange(len(self.people))
            if n % 25 == 3:
                self.say(who, f"#session {n // 25 + 1}: Part {n // 25 + 1}")
            said.append((who, self.say(who, TAGS[n % len(TAGS)].format(n=n), photo=b"sheet" if n % 30 == 9 else None)))
            writer, older = said[random.randrange(len(said))]
            if n % 9 == 4:
                self.edit(writer, older, f"#recommendation Changed in the light of day, no {n}")
            if n % 13 == 5:
                self.say(who, "#opportunity", reply_to=older)
            if n % 29 == 11:
                self.say(who, "#ignore", reply_to=older)
        self.say(0, "/set venue: Addis Ababa\ndate: 7 May 2018")


def _iso(at: int) -> str:
    return datetime.fromtimestamp(at, UTC).isoformat()


def report_of(bot: LiveBot) -> Report:
    with bot.store.read() as work:
        [meeting] = work.list_meetings()
    record = load_record(bot.store, meeting.id)
    return place(record, load_templates().load("bapa40"))


def first_draft_of(bot: LiveBot) -> str:
    """What the first draft kept of its report."""
    with bot.store.read() as work:
        [meeting] = work.list_meetings()
        kept = work.load_report(meeting.id, 1)
    assert kept is not None
    return kept


def with_changes(first: str, live: Report, replayed: Report) -> Report:
    """The report of a replay, which makes no drafts, with what changed in the live one since its first."""
    before = read_report(first)
    assert before is not None
    return replace(replayed, changes=compare(before, live, 1))


def words_of(content: bytes) -> list[str]:
    """All that stands in a Word file, paragraph by paragraph and cell by cell."""

    def walk() -> Iterator[str]:
        document = docx.Document(BytesIO(content))
        yield from (paragraph.text for paragraph in document.paragraphs)
        yield from (cell.text for table in document.tables for row in table.rows for cell in row.cells)

    return list(walk())


def test_meeting_over_the_wire_gives_the_report_of_its_transcript(database_url: str):
    with TelegramServer(privacy=False) as server:
        meeting = Meeting(server)
        ana = meeting.people[0]
        meeting.group.add_bot(by=ana)
        with LiveBot(server, database_url, organizers=[f"telegram:{ana.id}"]) as bot:
            meeting.say(0, OPENING)
            meeting.hold()
            meeting.say(0, "/draft")
            bot.settle(90)
            meeting.say(3, "#recommendation One more, after the first draft")
            meeting.say(0, "/close")
            bot.settle(90)
            live, first = report_of(bot), first_draft_of(bot)
            drafts = [message.document for message in meeting.group.from_bot if message.document]
    replayed = replay_transcript(meeting.lines, template="bapa40", zone="Africa/Addis_Ababa")
    names = ("json", "html", "md", "docx")
    assert [file.name for file in drafts] == [f"regional-consultation-draft-{n}.docx" for n in (1, 2)]
    assert len(meeting.lines) > 130
    for name in names:
        made = load_format(name)
        assert made.render(live) == made.render(replayed), name
    assert words_of(drafts[1].content) == words_of(load_format("docx").render(with_changes(first, live, replayed)))
