"""Outputs: what is asked for, and what of the report stands in each of them."""

import json
from dataclasses import replace

import pytest

from core.errors import UserError
from handlers.drafts import render_files
from reports.outputs import choose_files, split_file, view
from reports.overview import summarize
from reports.report import Report
from tests.reports.conversation import TEMPLATES, filed, report_of

SCRIPT = (
    "09:00 Desk: /open title: Abidjan",
    "09:01 Ana: #objective Hear the region",
    "09:02 Ana: #keyconclusion Risks grow",
    "09:03 Ana: #session I: Innovation",
    "09:04 Ana: #topic Early warning",
    "09:05 Ana: #recommendation Fund early warning to: Donors",
    "09:06 Ana: #conclusion Cities need help",
    "09:07 Ana: #attendance 200, 24 countries",
    "09:08 Ana: #xyzzy What?",
    "09:30 Desk: /close",
    "09:31 Ana: #topic Too late",
)


@pytest.fixture(scope="module")
def report() -> Report:
    """A regional consultation, which has a short summary of its own, with something for the desk."""
    return report_of(*SCRIPT, template=TEMPLATES.load("whs"))


@pytest.mark.parametrize(
    ("asked", "files"),
    [
        ("", ("docx", "json")),
        ("html", ("html",)),
        ("markdown md", ("md",)),
        ("report", ("docx", "json")),
        ("summary", ("summary/docx", "summary/json")),
        ("HTML Summary", ("summary/html",)),
        ("co-chairs html docx report", ("co-chairs/html", "co-chairs/docx", "html", "docx")),
    ],
)
def test_files_are_chosen_by_outputs_and_formats_in_any_order(asked: str, files: tuple[str, ...]):
    assert choose_files(asked.split(), ["co-chairs"], ("docx", "json")) == files


def test_files_tell_their_output_and_format():
    assert [split_file(wanted) for wanted in ("docx", "summary/docx")] == [("report", "docx"), ("summary", "docx")]


def test_unknown_output_names_those_there_are(report: Report):
    with pytest.raises(UserError) as caught:
        view(report, "executive")
    assert str(caught.value) == "There is no output 'executive'. Outputs: report, summary, co-chairs."


def test_report_is_the_whole(report: Report):
    assert view(report, "report") is report


def test_summary_stands_alone(report: Report):
    summary = view(report, "summary")
    form = {"subtitle": "", "preamble": "", "footnote": "", "sections": (), "annexes": (), "overview": None}
    desk = {"checks": (), "late": (), "review": (), "provenance": ()}
    assert summary == replace(report, title="Abidjan", fields=(), **form, **desk, summary=summarize(report))


def test_summary_has_the_meetings_title_and_the_fields_that_are_filled():
    summary = view(report_of(SCRIPT[0], "09:01 Ana: #venue Church Center"), "summary")
    assert [(field.key, field.value) for field in summary.fields] == [("venue", "Church Center")]
    form = view(report_of("09:00 Ana: #topic Costs"), "summary")
    assert (form.title, form.fields) == (TEMPLATES.load("bapa40").title["en"], ())


def test_summary_is_in_json_too(report: Report):
    [file] = render_files(report, "m", ["summary/json"])
    made = json.loads(file.content)
    assert (file.name, made["parts"], made["sessions"], made["late"]) == ("m-summary.json", {}, [], [])
    parts = made["summary"].pop("parts")
    assert made["summary"] == {
        "counts": ["Attendance: 200, 24 countries", "Sessions: 1 · Notes: 5 · Recommendations: 1"],
        "sessions": ["Session I: Innovation"],
    }
    assert [(part["part"], part["heading"], [note["text"] for note in part["notes"]]) for part in parts] == [
        ("findings.conclusions", "Common observations", ["Risks grow"]),
        ("recommendations.items", "Recommendations", ["Fund early warning"]),
        ("conclusions", "Session I: Innovation", ["Cities need help"]),
    ]


def test_own_output_has_its_sections_under_its_title(report: Report):
    short = view(report, "co-chairs")
    assert (short.title, short.subtitle, [section.id for section in short.sections]) == (
        "Co-chairs’ summary",
        "",
        ["overview", "findings", "recommendations"],
    )
    assert filed(short) == {
        "overview.items": ["Hear the region"],
        "findings.conclusions": ["Risks grow"],
        "recommendations.items": ["R1 Fund early warning"],
    }
    assert (short.checks, short.annexes, short.provenance, short.overview) == ((), (), (), None)
    assert short.fields == report.fields


def test_files_of_outputs_have_names_of_their_own_and_leave_the_desk_out(report: Report):
    files = {
        file.name: file.content.decode() for file in render_files(report, "m", ["md", "summary/md", "co-chairs/md"])
    }
    told = ("Fund early warning", "Early warning", "Too late", "What?", "24 countries")
    assert {name: [text in content for text in told] for name, content in files.items()} == {
        "m.md": [True, True, True, True, True],
        "m-summary.md": [True, False, False, False, True],
        "m-co-chairs.md": [True, False, False, False, False],
    }
