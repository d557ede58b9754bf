"""What a package holds, and what is said of it: by the record that it is made of."""

import csv
import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from io import BytesIO, StringIO
from zipfile import ZipFile

import pytest

from bot.packaging import render_package
from core.cutting import cut_message
from core.meetings import Record
from core.messages import Attachment
from tests.reports.conversation import TEMPLATES, record_of
from tests.reports.test_pictures import PHOTO

AT = datetime(2018, 5, 8, tzinfo=UTC)
SCRIPT = (
    "10:00 Ana: #session II: Financing",
    "10:01 Ana: #challenge Speaker: Zoe, Ministry – =SUM(A1) costs rise",
    "10:02 Ben: #recommendation Fund it. to: Member States",
    "10:03 Ben: #conclusion What the chart shows",
    "10:04 Ana: #document The concept note",
    "10:05 Ana: #document Other papers",
    "10:06 Ben: #participants Who came",
    "10:07 Ana: #offrecord What nobody may read",
    "10:08 Ana: #nonattrib #need Speaker: Max, Agency – Staff",
    "10:09 Ana edit 3: #recommendation Fund it now. to: Member States",
)
POSTED = {
    "4": (Attachment("photo", "chart.jpg", "chart"), Attachment("voice", "voice.ogg", "voice")),
    "5": (Attachment("file", "../../Zoe's note.PDF", "note"),),
    "6": (Attachment("file", "agenda.docx", "agenda"), Attachment("file", "gone.docx", "gone")),
    "7": (Attachment("file", "participants.csv", "list"),),
    "8": (Attachment("photo", "secret.jpg", "secret"),),
}
LIST = b"Name;Organisation\nZoe;Ministry\n+49 30 1234;@Agency\n"
FILES = {
    ("telegram", "chart"): PHOTO,
    ("telegram", "note"): b"%PDF note",
    ("telegram", "agenda"): b"PK agenda",
    ("telegram", "list"): LIST,
    # kept before it went off the record
    ("telegram", "secret"): b"secret",
}
NAMING = ("for-the-secretariat/provenance.csv", "for-the-secretariat/transcript.jsonl")
OURS = ["MANIFEST.txt", "m.md", "m-summary.md", *NAMING]
NAMES_PEOPLE = "The folder for-the-secretariat/ names people: take it out before you pass the package on."


def record_with(files: Mapping[tuple[str, str], bytes] = FILES, **settings: str) -> Record:
    record = record_of(*SCRIPT, zone="Africa/Addis_Ababa", **settings)
    messages = tuple(replace(message, attachments=POSTED.get(message.key.id, ())) for message in record.messages)
    notes = {message.key: cut_message(message) for message in messages}
    return replace(record, messages=messages, notes=notes, files=files)


def package_of(record: Record, largest: int | None = None) -> tuple[dict[str, bytes], list[str]]:
    """The files of the package by name, and what is said with it."""
    template = TEMPLATES.load(record.meeting.template)
    made = render_package(record, template, ["md"], {}, AT, largest)
    [file] = made.files
    assert (file.name, file.media_type) == ("m-package.zip", "application/zip")
    assert render_package(record, template, ["md"], {}, AT, largest).files == made.files
    with ZipFile(BytesIO(file.content)) as packed:
        return {name: packed.read(name) for name in packed.namelist()}, [str(remark) for remark in made.remarks]


def rows(content: bytes) -> list[list[str]]:
    return list(csv.reader(StringIO(content.decode("utf-8-sig"), newline="")))


def test_package_holds_what_the_template_demands():
    held, remarks = package_of(record_with())
    assert list(held) == [
        *OURS,
        "documents/_.._Zoe's note.PDF",
        "documents/agenda.docx",
        "participants/participants.csv",
        "participants/participants-2.csv",
        "photographs/captions.csv",
        "photographs/chart.jpg",
    ]
    assert remarks == [
        "Files not in the package, since they could not be fetched from the chat: 1.",
        NAMES_PEOPLE,
        "Messages with notes that are not for attribution, left out of the transcript: 1.",
    ]
    assert held["documents/_.._Zoe's note.PDF"] == b"%PDF note"
    assert held["participants/participants-2.csv"] == LIST
    assert held["photographs/chart.jpg"] == PHOTO
    assert rows(held["photographs/captions.csv"]) == [["File", "Caption"], ["chart.jpg", "What the chart shows"]]
    # a telephone number is no formula
    assert rows(held["participants/participants.csv"]) == [
        ["Name", "Organisation"],
        ["Zoe", "Ministry"],
        ["+49 30 1234", "'@Agency"],
    ]


def test_provenance_has_every_note_with_its_edits():
    held, _ = package_of(record_with())
    head, *notes = rows(held["for-the-secretariat/provenance.csv"])
    assert head[:8] == ["No.", "Part", "Session", "Note", "Name", "Organisation", "Posted by", "Time"]
    at, actions = "2018-05-07 10:0{}:00+03:00", "Final recommendations (the actions to be taken)"
    assert [[*row[:8], row[9]] for row in notes] == [
        ["R1", actions, "II", "Fund it now.", "", "", "Ben", at.format(2), at.format(9)],
        ["", "Challenges", "II", "'=SUM(A1) costs rise", "Zoe", "Ministry", "Ana", at.format(1), ""],
        ["", "Needs/interests", "II", "Staff", "", "", "Ana", at.format(8), ""],
        ["", "Conclusions reached", "II", "What the chart shows", "", "", "Ben", at.format(3), ""],
        ["", "List of participants", "", "Who came", "", "", "Ben", at.format(6), ""],
        ["", "Concept note and other documents", "", "The concept note", "", "", "Ana", at.format(4), ""],
        ["", "Concept note and other documents", "", "Other papers", "", "", "Ana", at.format(5), ""],
    ]
    told = held["for-the-secretariat/transcript.jsonl"].decode()
    assert [word in told for word in ("Fund it now", "Speaker: Zoe", "What nobody may read", "Max", "Staff")] == [
        *(True, True),
        *(False, False, False),
    ]
    assert not any(b"What nobody may read" in content or content == b"secret" for content in held.values())


def test_package_under_the_chatham_house_rule_names_nobody():
    held, remarks = package_of(record_with(rule="chatham"))
    assert list(held) == [
        *("MANIFEST.txt", "m.md", "m-summary.md"),
        *("documents/document.pdf", "documents/document.docx"),
        *("photographs/captions.csv", "photographs/photograph.jpg"),
    ]
    assert remarks == [
        "Files not in the package, since they could not be fetched from the chat: 1.",
        "Under the Chatham House Rule the package names nobody: it has no participants, no provenance and no "
        "transcript.",
    ]
    names = (b"Ana", b"Ben", b"Zoe", b"Ministry", b"Max", b"Agency", b"chart.jpg", b"agenda")
    papers = {"documents/document.docx"}
    assert [(name, word) for name, content in held.items() for word in names if word in content] == [
        (name, b"agenda") for name in papers
    ]


@pytest.mark.parametrize(
    ("gone", "missing"),
    [
        ((), []),
        (("list",), ["participants"]),
        # one document alone may be anything
        (("note",), ["unsure"]),
        (("note", "agenda"), ["concept_note"]),
    ],
)
def test_what_the_template_demands_and_is_missing_is_said(gone: tuple[str, ...], missing: list[str]):
    files = {key: content for key, content in FILES.items() if key[1] not in gone}
    said = {
        "unsure": "The template asks for the concept note; agenda.docx may be it: post it again with #document concept "
        "note.",
        "concept_note": "The template asks for the concept note: post it with #document.",
        "participants": "The template asks for the list of participants: post it with #participants, as .xlsx, .csv or "
        "lines of text.",
    }
    held, remarks = package_of(record_with(files))
    assert remarks[: len(missing)] == [said[key] for key in missing]
    assert len(remarks) == len(missing) + 3
    assert held["MANIFEST.txt"].decode().split("\n")[2 : 2 + len(remarks)] == [f"- {remark}" for remark in remarks]


def test_two_documents_without_a_concept_note_are_none():
    script = [line.replace("The concept note", "Some papers") for line in SCRIPT]
    record = record_with()
    plain = record_of(*script, zone="Africa/Addis_Ababa")
    messages = tuple(replace(message, attachments=POSTED.get(message.key.id, ())) for message in plain.messages)
    messages = tuple(
        replace(message, attachments=(Attachment("file", "x.pdf", "note"),)) if message.key.id == "5" else message
        for message in messages
    )
    notes = {message.key: cut_message(message) for message in messages}
    _, remarks = package_of(replace(record, messages=messages, notes=notes))
    assert remarks[0] == "The template asks for the concept note: post it with #document."


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("Concept_Note-v2.docx", "Read this"),
        ("x.pdf", "Note conceptuelle"),
        ("x.pdf", "Nota conceptual"),
        ("x.pdf", "Nota conceitual"),
        ("x.pdf", "Концептуальная записка"),
        ("x.pdf", "المذكرة المفاهيمية"),
        ("概念说明.pdf", "请看"),
    ],
)
def test_concept_note_is_known_in_any_language(name: str, words: str):
    record = record_of(
        f"10:00 Ana: #document {words}", "10:01 Ana: #document Agenda", "10:02 Ana: #participants Ana, UN"
    )
    posted = {"1": (Attachment("file", name, "note"),), "2": (Attachment("file", "agenda.docx", "agenda"),)}
    messages = tuple(replace(message, attachments=posted.get(message.key.id, ())) for message in record.messages)
    notes = {message.key: cut_message(message) for message in messages}
    _, remarks = package_of(replace(record, messages=messages, notes=notes, files=FILES))
    assert remarks == [NAMES_PEOPLE]


def test_what_is_too_large_for_a_chat_is_left_out_and_said():
    large = {key: bytes(3_000_000) for key in FILES}
    large["telegram", "list"] = LIST
    said = (
        "The package is too large for a chat; photographs and files left out: {}. Who runs the bot can make it whole: "
        "rapporteur package."
    )
    held, remarks = package_of(record_with(large), 8_000_000)
    assert [name for name in held if "/" in name and name not in NAMING] == [
        *("documents/_.._Zoe's note.PDF", "documents/agenda.docx"),
        *("participants/participants.csv", "participants/participants-2.csv"),
    ]
    assert remarks[-1] == said.format(1)
    held, remarks = package_of(record_with(large), 4_000_000)
    assert [name for name in held if "/" in name and name not in NAMING] == [
        "participants/participants.csv",
        "participants/participants-2.csv",
    ]
    assert remarks[-1] == said.format(3)
    assert sum(map(len, package_of(record_with(large))[0].values())) > 9_000_000


def test_single_document_under_the_chatham_house_rule_is_not_named_as_missing():
    record = _posted({"1": _file("Agenda by Zoe.pdf", "agenda")}, "10:00 Ana: #document", rule="chatham")
    held, remarks = package_of(record)
    assert [name for name in held if "/" in name] == ["documents/document.pdf"]
    assert remarks[0] == "The template asks for the concept note: post it with #document."
    assert not any(b"Zoe" in content for content in held.values())


def test_concept_note_is_known_by_the_name_of_its_file_where_nobody_is_named():
    record = _posted({"1": _file("Concept note by Zoe.pdf", "note")}, "10:00 Ana: #document", rule="chatham")
    held, remarks = package_of(record)
    assert [remark for remark in remarks if "concept note" in remark] == []
    assert "- Document 1\n" in held["m.md"].decode()
    assert not any(b"Zoe" in content for content in held.values())


def test_list_that_cannot_be_read_is_said_with_the_reason():
    posted = {"1": _file("broken.xlsx", "agenda"), "2": _file("Concept note.pdf", "note")}
    record = _posted(posted, "10:00 Ana: #participants", "10:01 Ana: #document")
    broken = {("telegram", "agenda"): b"PK\x03\x04 broken"}
    held, remarks = package_of(replace(record, files={**FILES, **broken}))
    assert remarks == [
        "A list of participants was not read in full. broken.xlsx: the spreadsheet is damaged. Save it anew and post "
        "it with #participants.",
        NAMES_PEOPLE,
    ]
    assert f"- {remarks[0]}\n" in held["MANIFEST.txt"].decode()


def test_file_without_words_is_sent_in_with_the_words_of_a_reply():
    posted = {"1": _file("a1.pdf", "note"), "2": (Attachment("photo", "p.jpg", "chart"),), "3": _file("c.csv", "list")}
    script = (
        *("10:00 Ana:", "10:01 Ana:", "10:02 Ana:"),
        "10:03 Ben reply 1: #document Concept note",
        "10:04 Ben reply 2: #conclusion What the chart shows",
        "10:05 Ben reply 3: #participants",
    )
    held, remarks = package_of(_posted(posted, *script))
    assert {name: content for name, content in held.items() if "/" in name and name not in NAMING} == {
        "documents/a1.pdf": b"%PDF note",
        "participants/participants.csv": held["participants/participants.csv"],
        "participants/c.csv": LIST,
        "photographs/captions.csv": held["photographs/captions.csv"],
        "photographs/p.jpg": PHOTO,
    }
    assert rows(held["photographs/captions.csv"])[1:] == [["p.jpg", "What the chart shows"]]
    assert remarks == [NAMES_PEOPLE]


def test_commands_on_notes_not_for_attribution_are_left_out_of_the_transcript():
    script = (
        "10:00 Ana: #recommendation Share data",
        "10:01 Ana: #nonattrib #recommendation Hire staff",
        "10:02 Ben: /draft",
        "10:03 Ben: /edit R2 Hire more staff speaker: Secretman org: Hiddenorg",
        "10:04 Ben reply 2: /edit Hire staff speaker: Secretman",
        "10:05 Ben reply 5: /undo",
        "10:06 Ben: /edit #r2 speaker: Secretman",
        "10:07 Ben: /edit R1 Share all data speaker: Zoe",
        "10:08 Ben reply 2: /frobnicate speaker: Secretman",
    )
    held, remarks = package_of(_posted({}, *script))
    told = [json.loads(line) for line in held[NAMING[1]].decode().splitlines()]
    assert [line["text"] for line in told] == [
        "#recommendation Share data",
        "/draft",
        "/edit R1 Share all data speaker: Zoe",
    ]
    assert remarks[-1] == "Messages with notes that are not for attribution, left out of the transcript: 6."
    assert not any(b"Secretman" in content or b"Hiddenorg" in content for content in held.values())


def _file(name: str, ref: str) -> tuple[Attachment, ...]:
    return (Attachment("file", name, ref),)


def _posted(posted: Mapping[str, tuple[Attachment, ...]], *script: str, **settings: str) -> Record:
    """The record of a script with these files in its messages."""
    record = record_of(*script, **settings)
    messages = tuple(replace(message, attachments=posted.get(message.key.id, ())) for message in record.messages)
    taken = {step.message for step in record.steps}
    notes = {message.key: () if message.key in taken else cut_message(message) for message in messages}
    return replace(record, messages=messages, notes=notes, files=FILES)
