"""A whole meeting on a fake Slack, over sockets and over HTTP: the report is the one that `replay` makes of it."""

import json
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from typing import Any

import pytest

from bot.platforms.slack.lookup import Lookup
from bot.replay import replay_transcript
from reports.formats import load_format
from tests.bot.live import LiveBot, wait_until
from tests.bot.test_live_meeting import OPENING, TAGS, first_draft_of, report_of, with_changes, words_of
from tests.slack_server import SlackServer
from tests.slack_server.messages import Message


class Meeting:
    """What people write in a channel, kept as the lines of a transcript too."""

    def __init__(self, slack: SlackServer) -> None:
        self.slack = slack
        self.people = [slack.person(name) for name in ("Ana", "Ben", "Wei", "Inès", "Omar")]
        self.channel = slack.add_channel("consultation")
        for person in self.people:
            self.channel.join(person)
        self.channel.invite_bot(self.people[0])
        self.lines: list[str] = []

    def say(
        self, who: int, text: str, *, thread: Message | None = None, files: list[tuple[str, bytes]] | None = None
    ) -> Message:
        self.slack.advance(20)
        message = self.channel.say(self.people[who], text, thread=thread, files=files or [])
        line = self._line(message, who, float(message.ts), message.ts)
        if thread:
            line["reply_to"] = thread.ts
        if files:
            line["attachments"] = [{"kind": "photo", "name": name} for name, _ in files]
        self.lines.append(json.dumps(line, ensure_ascii=False))
        return message

    def edit(self, who: int, message: Message, text: str) -> None:
        self.slack.advance(20)
        self.channel.edit(message, text)
        edited = message.json()["edited"]["ts"]
        line = self._line(message, who, float(edited), f"{message.ts}.edit")
        line |= {"edit_of": message.ts, "sent_at": _iso(float(message.ts))}
        self.lines.append(json.dumps(line, ensure_ascii=False))

    def delete(self, message: Message) -> None:
        self.slack.advance(20)
        self.channel.delete(message)
        line = self._line(message, 0, self.slack.now(), f"{message.ts}.gone") | {"delete_of": message.ts, "text": ""}
        self.lines.append(json.dumps(line, ensure_ascii=False))

    def order_draft(self) -> None:
        """By mention, as in threads; the bot reads it as the command."""
        self.say(0, "@rapporteur draft")
        self.lines[-1] = json.dumps(json.loads(self.lines[-1]) | {"text": "/draft"})

    def _line(self, message: Message, who: int, at: float, message_id: str) -> dict[str, Any]:
        return {
            "ts": _iso(at),
            "platform": "slack",
            "chat": self.channel.id,
            "author": self.people[who].name,
            "message_id": message_id,
            "text": message.text,
            "link": message.link,
        }

    def hold(self) -> None:
        """A hundred messages and more: sessions, notes, edits, deletions, threads, files."""
        random = Random(7)
        said: list[tuple[int, Message]] = []
        for n in range(110):
            who = random.randrange(len(self.people))
            if n % 25 == 3:
                self.say(who, f"#session {n // 25 + 1}: Part {n // 25 + 1}")
            files = [(f"sheet-{n}.png", b"sheet")] if n % 30 == 9 else None
            said.append((who, self.say(who, TAGS[n % len(TAGS)].format(n=n), files=files)))
            writer, older = said[random.randrange(len(said))]
            if n % 9 == 4 and not older.deleted:
                self.edit(writer, older, f"#recommendation Changed in the light of day, no {n}")
            if n % 13 == 5 and not older.deleted:
                self.say(who, "#opportunity", thread=older.thread or older)
            if n % 17 == 6 and not older.deleted and not older.replies:
                self.delete(older)
        self.say(0, "/set venue: Addis Ababa\ndate: 7 May 2018")


def _iso(at: float) -> str:
    return datetime.fromtimestamp(at, UTC).isoformat()


def find_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def listens(port: int) -> bool:
    with socket.socket() as client:
        return client.connect_ex(("127.0.0.1", port)) == 0


@contextmanager
def bot_on(
    slack: SlackServer, url: str, organizer: str, *, http: bool = False, busy_timeout: float = 5.0
) -> Iterator[LiveBot]:
    more: dict[str, object] = {"organizers": [f"slack:{organizer}"], "busy_timeout": busy_timeout}
    port = find_port()
    if http:
        more |= {"slack_signing_secret": slack.signing_secret, "web_port": port}
    with LiveBot(None, url, slack=slack, **more) as bot:  # type: ignore[arg-type]
        if http:
            wait_until(lambda: listens(port), 20)
            slack.deliver_to(f"http://127.0.0.1:{port}/slack/events")
        else:
            slack.wait_until(lambda: slack.connections, timeout=20)
        yield bot


@pytest.mark.parametrize("http", [False, True], ids=["sockets", "http"])
def test_meeting_on_slack_gives_the_report_of_its_transcript(
    tmp_path: Path, http: bool, monkeypatch: pytest.MonkeyPatch
):
    # on a machine that is busy names come late; what is kept without one has tests of its own
    monkeypatch.setattr(Lookup, "patience", 30.0)
    with SlackServer() as slack:
        # a deletion that is given up and found in the history later is known to be later than it was
        slack.patience = 30.0
        meeting = Meeting(slack)
        with bot_on(slack, f"sqlite:///{tmp_path}/notes.db", meeting.people[0].id, http=http) as bot:
            meeting.say(0, OPENING)
            # of a deletion that comes in before the meeting is opened, only the history tells, and not when it was
            bot.settle(90)
            meeting.hold()
            bot.settle(90)
            meeting.order_draft()
            bot.settle(90)
            meeting.say(3, "#recommendation One more, after the first draft")
            meeting.say(0, "/close")
            bot.settle(90)
            live, first = report_of(bot), first_draft_of(bot)
        files = [file for message in meeting.channel.from_bot for file in message.files]
    replayed = replay_transcript(meeting.lines, template="bapa40", zone="Africa/Addis_Ababa")
    assert [file.name for file in files] == [f"regional-consultation-draft-{n}.docx" for n in (1, 2)]
    for name in ("json", "html", "md", "docx"):
        made = load_format(name)
        assert made.render(live) == made.render(replayed), name
    content = files[1].content
    assert content is not None
    assert words_of(content) == words_of(load_format("docx").render(with_changes(first, live, replayed)))
