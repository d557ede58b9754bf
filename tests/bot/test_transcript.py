import json
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings

from bot.platforms.transcript import write_transcript
from bot.replay import load_record, replay_lines
from handlers import Defaults
from reports.formats import load_format
from reports.placement import place
from tests.bot.transcripts import TEMPLATES, Replays, line, replays, transcripts
from tests.handlers.chat import Chat
from tests.reports.conversation import filed

OFTEN = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture])


@pytest.fixture(scope="module")
def in_memory() -> Iterator[Replays]:
    with replays() as made:
        yield made


def export(in_memory: Replays, lines: list[str]) -> list[str]:
    """The transcript that an export of a replay of these lines gives."""
    replayed = replay_lines(lines, (in_memory.store, TEMPLATES, Defaults()), in_memory.name_next(), {})
    return list(write_transcript(load_record(in_memory.store, replayed.meeting_id)))


@settings(OFTEN, max_examples=60)
@given(transcripts)
def test_export_replayed_gives_the_same_report_and_export(in_memory: Replays, lines: list[str]):
    exported = export(in_memory, lines)
    assert in_memory.render(exported) == in_memory.render(lines)
    assert export(in_memory, exported) == exported


def test_export_writes_each_version_as_its_platform_gave_it(in_memory: Replays):
    lines = [
        line("#challenge R&amp;D &lt;b&gt;", 1, platform="slack", ts="2018-05-07T12:00:00+02:00"),
        line("#need Staff\nand more", 2, reply_to="1", attachments=[{"kind": "photo", "name": "a.jpg"}]),
        line("#need Rooms", 3, edit_of="2"),
        line("", 4, delete_of="2"),
    ]
    made = [json.loads(text) for text in export(in_memory, lines)]
    usual = {"platform": "telegram", "chat": "room", "author": "Ana"}
    assert made == [
        {
            **usual,
            "platform": "slack",
            "ts": "2018-05-07T10:00:00+00:00",
            "message_id": "1",
            "text": "#challenge R&amp;D &lt;b&gt;",
        },
        {
            **usual,
            "ts": "2018-05-07T10:02:00+00:00",
            "message_id": "2",
            "text": "#need Staff\nand more",
            "reply_to": "1",
            "attachments": [{"kind": "photo", "name": "a.jpg"}],
        },
        {**usual, "ts": "2018-05-07T10:03:00+00:00", "message_id": "2.1", "text": "#need Rooms", "edit_of": "2"},
        {**usual, "ts": "2018-05-07T10:04:00+00:00", "message_id": "2.2", "text": "", "delete_of": "2"},
    ]


def test_export_holds_nothing_that_is_or_was_off_the_record(in_memory: Replays):
    lines = [
        line("#challenge Costs", 1),
        line("#offrecord The minister resigns", 2),
        line("… the minister, on Monday", 3),
        line("#need", 4, author="Ben", reply_to="2"),
        line("#confidentiel The minister stays", 5, author="Ben"),
        line("#need Staff", 6, author="Ben", edit_of="5"),
        line("#need The minister goes", 7, author="Eve"),
        line("#need #offrecord The minister goes", 8, author="Eve", edit_of="7"),
    ]
    made = export(in_memory, lines)
    assert [(entry["message_id"], entry["text"]) for entry in map(json.loads, made)] == [
        ("1", "#challenge Costs"),
        ("5", ""),
        ("5.1", "#need Staff"),
    ]
    assert in_memory.render(made) == in_memory.render(lines)


def test_export_of_the_demo_gives_its_report(in_memory: Replays):
    demo = files("bot.demo").joinpath("pre-hlpf-2017.jsonl").read_text("utf-8").splitlines()
    assert in_memory.render(export(in_memory, demo)) == in_memory.render(demo)


def test_export_of_a_live_meeting_gives_its_report(in_memory: Replays, tmp_path: Path):
    chat = Chat.on(tmp_path)
    chat.hold(LIVE)
    record = chat.record()
    report = place(record, TEMPLATES.load(record.meeting.template))
    made = list(write_transcript(record))
    chat.store.close()
    assert filed(report) == {
        "C.challenges": ["Rising costs"],
        "B.items": ["R1 Share data", "R2 Train staff", "R3 Scale up"],
        "II.conclusions": ["Agreed … in full"],
        "late": ["#need Rooms"],
        "review": ["unknown_tag: #xyzzy What?"],
    }
    assert in_memory.render(made) == load_format("json").render(report)


# drafts are only ordered here; a live meeting that made them numbers alike (test_terminal.py)
LIVE = """\
> /open Consultation
. zone: Asia/Tokyo
> #challenge Costs
> #recommendation Share data
> /open Second
. zone: UTC
> /set venue: Geneva
. city: Geneva
> /draft
> edit 2: #challenge Rising costs
> #session II: Means
Ben> #conclusion Agreed
Ben> … in full
> #recommendation Train staff
> #offrecord The minister resigns
> … on Monday
> /draft pdf
> /set title: Talks
> #xyzzy What?
> Scale up
> reply 16: #rec
> /close
> /close
> #need Rooms
"""
