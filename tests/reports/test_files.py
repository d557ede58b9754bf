"""Files that came without words: what replies make of them, and what stands for their names where nobody is named."""

from dataclasses import replace

import pytest

from core.cutting import cut_message
from core.meetings import Record
from core.messages import Attachment
from reports.formats import load_format
from reports.keeping import write_report
from reports.placement import place
from reports.recalling import recall_report
from reports.report import Report
from tests.reports.conversation import TEMPLATES, filed, record_of, report_of

PDF = Attachment("file", "Concept note by Kowalczyk.pdf", "note")
PHOTO = Attachment("photo", "photo-2.jpg", "photo")
SHEET = Attachment("file", "list by Kowalczyk, Ana.xlsx", "list")


def record_with(posted: dict[str, tuple[Attachment, ...]], *script: str, **settings: str) -> Record:
    """The record of a script, with what is attached to its messages in all their versions."""
    record = record_of(*script, **settings)
    taken = {step.message for step in record.steps}
    messages = []
    for message in record.messages:
        files = posted.get(message.key.id, ())
        versions = tuple(replace(version, attachments=files) for version in message.versions)
        messages.append(replace(message, attachments=files, versions=versions))
    notes = {m.key: () if m.key in taken else cut_message(m) for m in messages}
    return replace(record, messages=tuple(messages), notes=notes)


def report_with(*script: str, **settings: str) -> Report:
    """The report of a script whose first message is a document, and the second a photograph."""
    posted = {"1": (PDF,), "2": (PHOTO,)}
    record = record_with(posted, "09:00 Ana:", "09:01 Ana:", *script, **settings)
    return place(record, TEMPLATES.load(record.meeting.template))


def show(report: Report) -> tuple[dict[str, list[str]], dict[str, list[str]]]:
    """Where the notes went, and the files that came with each note and annex."""
    items = {item.text: item for part in report.parts() for item in part.items}
    items |= {item.text: item for annex in report.annexes for item in annex.items}
    files = {text: [file.name for file in item.attachments] for text, item in items.items() if item.attachments}
    return {key: texts for key, texts in filed(report).items() if key != "annex.photographs"}, files


WAITS = "needs_words: file: Concept note by Kowalczyk.pdf"
PHOTO_WAITS = "needs_words: photo: photo-2.jpg"


@pytest.mark.parametrize(
    ("script", "notes", "files"),
    [
        ((), {"review": [WAITS, PHOTO_WAITS]}, {}),
        (
            ("10:00 Ben reply 1: #document",),
            {"annex.documents": [PDF.name], "review": [PHOTO_WAITS]},
            {PDF.name: [PDF.name]},
        ),
        (
            ("10:00 Ben reply 1: #document Concept note",),
            {"annex.documents": ["Concept note"], "review": [PHOTO_WAITS]},
            {"Concept note": [PDF.name]},
        ),
        (
            ("10:00 Ben reply 2: #challenge What the chart shows", "10:01 Ben reply 1: #participants"),
            {"C.challenges": ["What the chart shows"], "annex.participants": [PDF.name]},
            {"What the chart shows": [PHOTO.name], PDF.name: [PDF.name]},
        ),
        (
            ("10:00 Ben reply 2: #challenge #need",),
            {"C.challenges": [PHOTO.name], "E.needs": [PHOTO.name], "review": [WAITS]},
            {PHOTO.name: [PHOTO.name]},
        ),
        # the last wording of a reply counts
        (
            ("10:00 Ben reply 1: #document Agenda", "10:01 Ben edit 3: #document Concept note"),
            {"annex.documents": ["Concept note"], "review": [PHOTO_WAITS]},
            {"Concept note": [PDF.name]},
        ),
        # a reply that is gone, withdrawn or off the record asks for nothing
        (("10:00 Ben reply 1: #document Agenda", "10:01 Ben delete 3:"), {"review": [WAITS, PHOTO_WAITS]}, {}),
        (("10:00 Ben reply 1: #document Agenda", "10:01 Ben reply 3: #ignore"), {"review": [WAITS, PHOTO_WAITS]}, {}),
        (("10:00 Ben reply 1: #document", "10:01 Ben delete 3:"), {"review": [WAITS, PHOTO_WAITS]}, {}),
        # so does one to a file that is gone
        (
            ("10:00 Ben reply 1: #document Agenda", "10:01 Ana delete 1:"),
            {"annex.documents": ["Agenda"], "review": [PHOTO_WAITS]},
            {},
        ),
        (
            ("10:00 Ben reply 1: #document Agenda", "10:01 Ana reply 1: #ignore"),
            {"annex.documents": ["Agenda"], "review": [PHOTO_WAITS]},
            {},
        ),
        (
            ("10:00 Ben reply 1: #document Agenda", "10:01 Ana reply 1: #offrecord"),
            {"annex.documents": ["Agenda"], "review": [PHOTO_WAITS]},
            {},
        ),
        # talk beside it says nothing of it
        (("10:00 Ben reply 1: Thank you",), {"review": [WAITS, PHOTO_WAITS]}, {}),
        # after the close it is listed, and what waited goes on waiting
        (
            ("10:00 Ana: /close", "10:01 Ben reply 1: #document Concept note"),
            {"late": ["#document Concept note"], "review": [WAITS, PHOTO_WAITS]},
            {},
        ),
        (
            ("10:00 Ana: /close", "10:01 Ben reply 1: #document"),
            {"late": [f"#document {PDF.name}"], "review": [WAITS, PHOTO_WAITS]},
            {},
        ),
        (
            ("10:00 Ben reply 1: #document Concept note", "10:01 Ana: /close", "10:02 Ana edit 1: #need Staff"),
            {"annex.documents": ["Concept note"], "late": ["#need Staff"], "review": [PHOTO_WAITS]},
            {"Concept note": [PDF.name]},
        ),
    ],
)
def test_reply_files_a_file_without_words(
    script: tuple[str, ...], notes: dict[str, list[str]], files: dict[str, list[str]]
):
    assert show(report_with("09:30 Ana: Good morning", *_renumber(script))) == (notes, files)


def _renumber(script: tuple[str, ...]) -> list[str]:
    """The script with one line more before it: its own first line is the fourth."""
    return [line.replace(" 3:", " 4:") for line in script]


def test_reply_with_an_annex_tag_alone_files_the_words_of_a_message():
    script = ("10:00 Ana: Zoe, Ministry\nMax, Agency", "10:01 Ben reply 1: #participants #document")
    assert filed(report_of(*script)) == {
        "annex.documents": ["Zoe, Ministry\nMax, Agency"],
        "annex.participants": ["Zoe, Ministry\nMax, Agency"],
    }
    # its own file is what a reply's tag is about
    record = record_with({"2": (PDF,)}, "10:00 Ana: See this", "10:01 Ben reply 1: #document")
    assert filed(place(record, TEMPLATES.load("bapa40"))) == {"annex.documents": [PDF.name]}


def test_reply_to_a_file_with_a_note_of_its_own_leaves_the_file_there():
    record = record_with({"1": (PDF,)}, "10:00 Ana: #document", "10:01 Ben reply 1: #question Who wrote it?")
    report = place(record, TEMPLATES.load("bapa40"))
    assert show(report)[1] == {PDF.name: [PDF.name]}
    assert len(report.review) == 0


def test_names_of_files_are_in_no_output_where_nobody_is_named():
    posted = {"1": (PDF,), "2": (PHOTO,), "3": (PDF, SHEET), "5": (PDF,), "6": (SHEET,)}
    script = (
        *("10:00 Ana: #document", "10:01 Ana: #challenge #document", "10:02 Ana: #document", "10:03 Ana: #need Staff"),
        *("10:04 Ana:", "10:05 Ana: #document Other papers", "10:06 Ben reply 5: #trend"),
    )
    record = record_with(posted, *script, rule="chatham")
    report = place(record, TEMPLATES.load("bapa40"))
    assert [item.text for annex in report.annexes if annex.key == "documents" for item in annex.items] == [
        *("Document 1", "Photograph 2", "Document 3", "Other papers")
    ]
    for name in ("md", "html", "json"):
        written = load_format(name).render(report).decode()
        assert [word in written for word in ("Kowalczyk", "photo-2", "Document 4")] == [False, False, True]
    # where somebody is named, the name stays
    named = place(record_with(posted, *script), TEMPLATES.load("bapa40"))
    assert "Kowalczyk" in load_format("md").render(named).decode()


def test_earlier_draft_does_not_tell_the_names_of_files():
    posted = {"1": (PDF,), "2": (PHOTO,), "3": (SHEET,)}
    script = ("10:00 Ana: #document", "10:01 Ana: #document", "10:02 Ana: #document Other papers")
    template = TEMPLATES.load("bapa40")
    kept = write_report(place(record_with(posted, *script), template))
    assert "Kowalczyk" in kept
    recalled = recall_report(kept, place(record_with(posted, *script[1:], rule="chatham"), template), "")
    assert recalled
    assert "Kowalczyk" not in write_report(recalled)
    assert "photo-2" not in write_report(recalled)
