"""Who is named in the bytes of a report, under each way in which a meeting may name people.

Every name of the meeting below is a word that stands nowhere else. Each test says which of them a file holds, those
that may be there too: a search that finds nothing would prove nothing.
"""

import re
import subprocess
import zlib
from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO
from zipfile import ZipFile

import pytest

from core.cutting import cut_message
from core.meetings import Record
from core.messages import Attachment
from reports.attribution import omit_speakers
from reports.formats import FORMATS, load_format
from reports.outputs import view
from reports.placement import place
from reports.report import Report
from tests.reports.conversation import TEMPLATES, record_of
from tests.reports.formats.sample import PNG

SCRIPT = (
    "10:00 zzopener@zzchat: #session II: Financing",
    "10:01 zzauthor@zzchat: #challenge Speaker: Zzspeaker, Zzministry – The costs rise.",
    "10:02 zzsecond@zzchat: #challenge The costs rise",
    "10:03 zzauthor@zzchat: #recommendation Speaker: Zzspeaker, Zzministry – Fund it. to: Member States",
    "10:04 zzauthor@zzchat: #conclusion Speaker: Zzspeaker, Zzministry – Agreed.",
    "10:05 zzauthor@zzchat: #recomendatoin? Speaker: Zzspeaker, Zzministry – Fund more.",
    "10:06 zzauthor@zzchat: #attendance 12 women, 13 men",
    "10:07 zzauthor@zzchat: #participants Zzdelegate, Zzagency, Kenya",
    "10:08 zzauthor@zzchat: #document Concept note",
    "10:09 zzauthor@zzchat: #topic What the chart shows",
    "10:10 zzauthor@zzchat: #participants The list",
    "10:11 zzediting@zzchat: #need Speaker: Zzspeaker, Zzministry – Mony.",
    "10:12 zzediting@zzchat edit 12: #need Speaker: Zzspeaker, Zzministry – Money.",
    "10:13 zzphoto@zzchat:",
    "10:14 zzauthor@zzchat: #need First. Speaker: Zzspeaker, Zzministry – Rooms. Speaker: Zzother, Zzfund – Chairs.",
    "10:15 zzauthor@zzchat: #need Speaker: Zzother, Zzfund",
    "10:16 zzauthor@zzchat: #trend Prices rise.",
    "10:17 zzauthor@zzchat: … Speaker: Zzother, Zzfund – And wages.",
    "10:20 zzdesk@zzchat: /draft",
    "10:21 zzdesk@zzchat: /edit R1 Fund it well. Speaker: Zzspeaker, Zzministry",
    "10:22 zzdesk@zzchat reply 5: /drop",
    "11:00 zzopener@zzchat: /close",
    "11:01 zzlate@zzchat: #challenge Speaker: Zzspeaker, Zzministry – Late words.",
)
FILES = {
    "9": Attachment("file", "zzconcept.pdf", "concept"),
    "10": Attachment("photo", "zzchart.png", "chart"),
    "11": Attachment("file", "zzroster.csv", "list"),
    "14": Attachment("photo", "zzwordless.png", "wordless"),
}
CONTENTS = {
    ("telegram", "concept"): b"%PDF-1.7 zzhidden",
    ("telegram", "chart"): PNG,
    ("telegram", "list"): b"Name,Organisation\nZzlisted,Zzbureau\n",
}

QUOTED = {"zzspeaker", "zzministry"}
PRESENT = {"zzdelegate", "zzagency", "zzlisted", "zzbureau"}
POSTED = {"zzconcept", "zzchart"}
# who wrote, as the desk is told
WROTE = {"zzauthor", "zzsecond", "zzediting", "zzphoto", "zzlate", "zzdesk"}
# a file without words waits for the desk
WAITING = {"zzwordless"}
# quoted in words that a note keeps as they are, while it may name people
QUOTED_WITHIN = {"zzother", "zzfund"}
EVERYBODY = QUOTED_WITHIN | QUOTED | PRESENT | POSTED | WROTE | WAITING | {"zzchat", "zzroster"}
NAMES = EVERYBODY | {"zzopener", "zzhidden"}

READ_BY_PEOPLE = sorted({FORMATS[name] for name in FORMATS} - {"json"})


def meeting(**settings: str) -> Record:
    """The record of the script with its attachments, under these settings."""
    record = record_of(*SCRIPT, **settings)
    messages = tuple(
        replace(message, attachments=(FILES[message.key.id],)) if message.key.id in FILES else message
        for message in record.messages
    )
    notes = {message.key: cut_message(message) for message in messages if not message.first_text.startswith("/")}
    return replace(record, messages=messages, notes=notes, files=CONTENTS)


def report_of(**settings: str) -> Report:
    return place(meeting(**settings), TEMPLATES.load("bapa40"))


def list_names(report: Report, module: str) -> set[str]:
    """The names that stand anywhere in the file of a report."""
    name = next(name for name in FORMATS if FORMATS[name] == module)
    content = load_format(name).render(report)
    read = "\n".join(_read_all(content)).lower()
    return {name for name in NAMES if name in read}


def _read_all(content: bytes) -> Iterator[str]:
    """All that the bytes of a file hold: as they stand, unpacked, and as a reader of PDF sees them."""
    yield content.decode("latin-1")
    if content.startswith(b"PK"):
        with ZipFile(BytesIO(content)) as package:
            for entry in package.infolist():
                yield f"{entry.filename} {entry.comment!r}"
                yield package.read(entry).decode("latin-1")
    if content.startswith(b"%PDF"):
        for stream in re.findall(rb"stream\r?\n(.*?)endstream", content, re.DOTALL):
            try:
                yield zlib.decompressobj().decompress(stream).decode("latin-1")
            except zlib.error:
                continue
        read = subprocess.run(["pdftotext", "-", "-"], input=content, capture_output=True, check=True)
        # a long word may go on in the next line
        yield re.sub(r"[-\u00ad\u2010]?\n", "", read.stdout.decode())
        yield read.stdout.decode()


@pytest.mark.parametrize("module", READ_BY_PEOPLE)
@pytest.mark.parametrize(
    ("attribution", "credited"), [("", set()), ("organisation", {"zzministry"}), ("named", QUOTED)]
)
def test_report_for_submission_names_whom_the_meeting_names(module, attribution, credited):
    report = report_of(attribution=attribution)
    assert list_names(report.for_submission(), module) == credited | QUOTED_WITHIN | PRESENT | POSTED | {"zzroster"}


@pytest.mark.parametrize("module", [*READ_BY_PEOPLE, "json"])
def test_report_for_the_desk_says_who_wrote_and_who_is_quoted(module):
    unread = {"zzlisted", "zzbureau"} if module == "json" else set()
    unsaid = {"zzphoto", "zzdesk"} if module == "json" else set()
    assert list_names(report_of(), module) == EVERYBODY - unread - unsaid


@pytest.mark.parametrize("module", [*READ_BY_PEOPLE, "json"])
@pytest.mark.parametrize("attribution", ["", "named"])
def test_chatham_house_report_names_nobody(module, attribution):
    report = report_of(rule="chatham", attribution=attribution)
    # the chat says where to look, not who spoke
    left = {"zzchat"} if module == "json" else set()
    assert list_names(report, module) == left
    assert list_names(report.for_submission(), module) == left


@pytest.mark.parametrize("module", READ_BY_PEOPLE)
def test_summary_names_whom_the_meeting_names(module):
    def name(**settings: str) -> set[str]:
        return list_names(view(report_of(**settings), "summary"), module)

    assert name() == set()
    assert name(attribution="named") == QUOTED
    assert name(rule="chatham", attribution="named") == set()


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("Speaker: Ana, Health – Fund it.", "Fund it."),
        ("First. Speaker: Ana, Health – Rooms. Orador: Ben – Chairs. to: UNOSSC", "First. Rooms. Chairs. to: UNOSSC"),
        ("Speaker: Ana Souza, Ministry of Health", "…"),
        ("Intervenant : Ana\nSpeaker: Ben", "…"),
        ("Costs (Speaker: Ana) rise", "Costs rise"),
        ("Two things: rooms\nto: UNOSSC", "Two things: rooms\nto: UNOSSC"),
        ("", ""),
    ],
)
def test_omit_speakers_leaves_all_other_words(text, left):
    assert omit_speakers(text) == left
