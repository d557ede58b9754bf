"""Transcripts to replay: lines as JSON, generated ones, and their report as JSON bytes."""

import json
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import count
from typing import Any

from hypothesis import strategies as st

from bot.replay import load_record, replay_lines
from handlers import Defaults
from reports.formats import load_format
from reports.placement import place
from reports.report import Report
from reports.template_reader import load_templates
from storage.database import open_database
from storage.store import Store

TEMPLATES = load_templates()


def line(text: str, number: int = 1, /, **given: Any) -> str:
    """One line of a transcript, what is not given as usual. `minute` counts from ten o'clock, and may be broken."""
    minute = given.pop("minute", number)
    usual = {
        "ts": f"2018-05-07T{10 + int(minute) // 60:02}:{int(minute) % 60:02}:{int(minute % 1 * 60):02}+00:00",
        "platform": "telegram",
        "chat": "room",
        "author": "Ana",
        "message_id": str(number),
        "text": text,
    }
    return json.dumps({**usual, **given}, ensure_ascii=False)


class Replays:
    """Replays into one database in memory, each in a meeting of its own."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self._numbers = count(1)

    def name_next(self) -> str:
        """A name that no replay had yet."""
        return f"transcript {next(self._numbers)}"

    def replay(self, *parts: Sequence[str], **options: str) -> Report:
        """The report of lines; several sequences are replayed one after the other into the same meeting."""
        name = self.name_next()
        for lines in parts:
            replayed = replay_lines(lines, (self.store, TEMPLATES, Defaults()), name, options)
        record = load_record(self.store, replayed.meeting_id)
        return place(record, TEMPLATES.load(record.meeting.template))

    def render(self, *parts: Sequence[str], **options: str) -> bytes:
        """That report as JSON."""
        return load_format("json").render(self.replay(*parts, **options))


@contextmanager
def replays() -> Iterator[Replays]:
    """Replays in memory."""
    store = Store(open_database("sqlite://"))
    yield Replays(store)
    store.close()


TAGS = re.findall(
    r"\S+",
    "recommendation recs challenge défi need topic тема вывод conclusion 建议 أولوية recomendaton chalenge xyzzy "
    "SDG17 s2 3B b2 nonattrib offrecord ignore endsession venue title date attendance participants document",
)
OPENING = ("session II: Means", "session one", "breakout 3B: Youth", "theme b-ii", "theme Our own")
WORDS = (
    "Costs are rising",
    "costs are rising!",
    "Scale up to: Members",
    "Speaker: Jane Doe, UNOSSC – Share data",
    "5%",
    "",
)
COMMANDS = (
    "/open First",
    "/open Second\nzone: Asia/Tokyo\nclose: 17:30",
    "/open Third\ntemplate: nope",
    "/set venue: Vienna",
    "/set title: By command\nzone: America/New_York",
    "/set template: hlpf",
    "/set rule: chatham",
    "/set rule: none\nlanguage: fr",
    "/set city: Vienna",
    "/draft",
    "/draft html",
    "/close",
    "/reopen",
    "/status",
    "/opne Fourth",
)
TALK = (
    "Good morning",
    "… and so on",
    "... and more",
    "",
    "Twitter #HLPF",
    "see `#challenge`",
    "C# & R&amp;D <#C1|need> x",
)

noted = st.builds(
    lambda tags, words, more: " ".join([*(f"#{tag}" for tag in tags), words]) + more,
    st.lists(st.sampled_from((*TAGS, *OPENING)), min_size=1, max_size=4),
    st.sampled_from(WORDS),
    st.sampled_from(["", "", "\n#need Staff", "\n- one\n- two", " #challenge"]),
)
bodies = st.one_of(noted, noted, noted, st.sampled_from(TALK), st.sampled_from(COMMANDS))
# few of each, so that times tie, edits come without their original and one id is given twice
ids = st.integers(1, 9)


@st.composite
def lines_of_a_transcript(draw: st.DrawFn) -> str:
    """A message, an edit or a deletion."""
    message_id = draw(ids)
    given: dict[str, Any] = {
        "minute": draw(st.integers(0, 8)) + draw(st.sampled_from([0, 0, 0.5])),
        "platform": draw(st.sampled_from(["telegram", "slack"])),
        "chat": draw(st.sampled_from(["room", "room", "hall"])),
        "author": draw(st.sampled_from(["Ana", "Ben"])),
    }
    change = draw(st.sampled_from(["sent"] * 6 + ["edit", "edit", "delete", "reply", "reply"]))
    if change in ("edit", "delete"):
        given[f"{change}_of"] = str(message_id)
        message_id = 100 + message_id
    if change == "reply":
        given["reply_to"] = str(draw(ids))
    if draw(st.integers(0, 9)) == 0:
        given["attachments"] = [{"kind": "photo", "name": draw(st.sampled_from(["a.jpg", "b.jpg"]))}]
    return line("" if change == "delete" else draw(bodies), message_id, **given)


transcripts = st.lists(lines_of_a_transcript(), min_size=1, max_size=25)
