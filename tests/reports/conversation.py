"""A meeting's chat written as a script, and where its notes went, as plain values to compare.

A script has a line a message, `TIME AUTHOR[@[PLATFORM/]CHAT] [CHANGE N]: TEXT`; N is the number of another line:

    10:00 Ana: #session I: Opening
    10:02 Ben@hall: #challenge Costs
    10:03 Ana reply 2: #need
    10:04 Ben@hall edit 2: #challenge Rising costs
    10:05 Ben@hall delete 2:
    10:30 Ana: /close
"""

import json
import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime
from itertools import count
from typing import Any
from zoneinfo import ZoneInfo

from core.cutting import cut_message
from core.meetings import REPLY_TO, Meeting, Record, Step, StepKind, follow_steps
from core.messages import Attachment, Author, Change, Message, MessageKey, Version, fold
from core.text import clean_text
from reports.decisions import DECIDING, WORDS
from reports.formats import load_format
from reports.placement import place
from reports.report import Part, Report
from reports.template import Template
from reports.template_reader import load_templates

TEMPLATES = load_templates()
_LINE = re.compile(
    r"(?P<time>[\d:]+) (?P<who>[^@:]+?)(?:@(?P<chat>[\w/]+))?(?: (?P<verb>\w+) (?P<at>\d+))?: ?(?P<text>.*)", re.DOTALL
)
_CHANGES = {"edit": Change.EDITED, "delete": Change.DELETED}


def record_of(*script: str, photos: dict[int, str] | None = None, **settings: Any) -> Record:
    """The record that these lines make; `photos` names what is attached to the message of a line."""
    zone = ZoneInfo(settings.get("zone", "UTC"))
    versions: dict[MessageKey, list[Version]] = {}
    for number, line in zip(count(1), script, strict=False):
        version = _read_line(line, str(number), zone)
        if photos and number in photos:
            version = replace(version, attachments=(Attachment("photo", photos[number]),))
        versions.setdefault(version.key, []).append(version)
    messages = tuple(fold(of_one) for of_one in versions.values())
    steps = tuple(step for message in messages if (step := _read_step(message)))
    taken = {step.message for step in steps}
    meeting = Meeting(**{"id": 1, "name": "m", "template": "bapa40", "zone": "UTC", **settings})
    return Record(
        meeting=follow_steps(meeting, steps),
        steps=steps,
        messages=messages,
        notes={m.key: () if m.key in taken else cut_message(m) for m in messages},
    )


def _read_line(line: str, number: str, zone: ZoneInfo) -> Version:
    read = _LINE.fullmatch(line)
    assert read, line
    hour, minute, *second = map(int, read["time"].split(":"))
    at = datetime(2018, 5, 7, hour, minute, *second, tzinfo=zone).astimezone(UTC)
    change = _CHANGES.get(read["verb"] or "", Change.SENT)
    *platform, chat = (read["chat"] or "room").split("/")
    message_id = number if change is Change.SENT else read["at"]
    key = MessageKey(platform[0] if platform else "telegram", "w", chat, message_id)
    author = Author(read["who"], read["who"])
    replied = read["at"] if read["verb"] == "reply" else None
    return Version(key, change, at, author, clean_text(read["text"]), replied)


def _read_step(message: Message) -> Step | None:
    """The step of a line such as `/set venue: Geneva`; values stand a line each, without `handlers`' checks."""
    kind, _, rest = message.first_text.removeprefix("/").partition(" ")
    if not message.first_text.startswith("/") or kind not in {kind.value for kind in StepKind}:
        return None
    if StepKind(kind) in DECIDING:
        replied = {REPLY_TO: message.reply_to} if message.reply_to else {}
        return Step(StepKind(kind), message.sent_at, message.key, {WORDS: rest, **replied})
    values = dict(line.split(": ", 1) for line in rest.split("\n") if line)
    return Step(StepKind(kind), message.sent_at, message.key, values)


def report_of(*script: str, template: Template | None = None, **settings: Any) -> Report:
    """The report of a script."""
    record = record_of(*script, **settings)
    return place(record, template or TEMPLATES.load(record.meeting.template))


def json_of(*script: str, **settings: Any) -> Any:
    """The JSON report of a script, read back."""
    return json.loads(load_format("json").render(report_of(*script, **settings)))


def filed(report: Report) -> dict[str, list[str]]:
    """The texts in every part that has any, those of a session's parts as "II.conclusions"."""
    told = {part.key: _texts(part) for part in report.parts()}
    told |= {f"{block.label}.{part.key}": _texts(part) for block in report.session_blocks() for part in block.parts}
    # the annex of all notes has them once more
    annexes = [annex for annex in report.annexes if annex.key != "notes"]
    told |= {f"annex.{annex.key}": [item.text for item in annex.items] for annex in annexes}
    told["late"] = [f"#{item.tag} {item.text}" for item in report.late]
    told["review"] = [f"{entry.kind}: {entry.text}" for entry in report.review]
    return {where: texts for where, texts in told.items() if texts}


def _texts(part: Part) -> list[str]:
    return [f"{item.number} {item.text}" if item.number else item.text for item in part.items]


def file_script(*script: str, **settings: Any) -> dict[str, list[str]]:
    """Where the notes of a script went."""
    return filed(report_of(*script, **settings))


def sessions_of(report: Report) -> Iterable[tuple[str, str, str]]:
    """Label, title and theme of each session block, in order."""
    return [(block.label, block.title, block.theme) for block in report.session_blocks()]


def fields_of(report: Report) -> dict[str, str]:
    """The metadata fields that are filled."""
    return {field.key: field.value for field in report.fields if field.value}
