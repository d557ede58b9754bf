import json
import subprocess
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile, is_zipfile

import pytest

from reports.formats import FORMATS, load_format
from reports.report import Output
from reports.template import Template
from reports.template_reader import read_template
from tests.reports.conversation import TEMPLATES, file_script, filed, json_of, report_of

OWN = """
title = "Own form"
[[fields]]
key = "title"
label = "Title:"
[[sections]]
id = "A"
heading = "For whom"
parts = [
  { name = "asks", heading = "Asks", style = "numbered", prefix = "P", group_by = "addressee" },
  { name = "days", heading = "By day", group_by = "time" },
  { name = "talks", heading = "By session", group_by = "session", limits = { items = 1, words = 3, characters = 9 } },
]
[routing.always]
A.asks = ["recommendation", "action"]
A.days = ["trend"]
A.talks = ["challenge"]
[annexes]
documents = "Papers"
"""


@pytest.fixture
def own(tmp_path: Path) -> Template:
    """A template that has no part for most tags and one annex only."""
    folder = tmp_path / "own"
    folder.mkdir()
    (folder / "template.toml").write_text(OWN)
    return read_template(folder)


# --- the whole report ----------------------------------------------------------------------------------------------


def test_report_in_json_is_as_the_rules_fix_it():
    made = json_of(
        "09:00 Desk: /open title: Consultation\nzone: Africa/Nairobi\nclose: 17:30",
        "09:30 Ana: #session II: Means of implementation",
        "09:31 Ana: #recommendation #SDG17 Speaker: Jane Doe, UNOSSC – Scale up. to: Members by: 2019",
        "09:32 Ben@slack/hall: #conclusion Agreed",
        "09:33 Ben@slack/hall: #attendance 112, 54 women",
        "09:34 Ben@slack/hall: #recommandaton",
        "18:00 Desk: /close",
        "18:01 Eve: #topic Coffee",
        zone="UTC",
        photos={4: "flipchart.jpg"},
    )
    note = {"id": None, "session": None, "platform": "slack", "chat": "hall", "attributes": {}, "edited": False}
    ben = {"author": "Ben", "authors": ["Ben"], **note}
    assert made == {
        "meeting": {
            "title": "Consultation",
            "zone": "Africa/Nairobi",
            "language": "en",
            "opened_at": "2018-05-07T12:00:00+03:00",
            "closed_at": "2018-05-07T21:00:00+03:00",
            "close": "17:30",
            "days": 1,
            "rule": "",
        },
        "template": "bapa40",
        "fields": {"title": "Consultation", "date": None, "venue": None, "organized_by": None, "prepared_by": None},
        "parts": {
            "A.objectives": [],
            "A.conclusions": [
                {
                    **ben,
                    "text": "Agreed",
                    "message_id": "4",
                    "at": "2018-05-07T12:32:00+03:00",
                    "attributes": {"attachments": [{"kind": "photo", "name": "flipchart.jpg"}]},
                }
            ],
            "B.items": [
                {
                    "id": "R1",
                    "text": "Scale up.",
                    "session": "II",
                    "message_id": "3",
                    "chat": "room",
                    "platform": "telegram",
                    "author": "Ana",
                    "at": "2018-05-07T12:31:00+03:00",
                    "attributes": {
                        "sdg": ["17"],
                        "speaker": "Jane Doe",
                        "org": "UNOSSC",
                        "to": "Members",
                        "by": "2019",
                    },
                    "authors": ["Ana"],
                    "edited": False,
                }
            ],
            **{key: [] for key in ("C.trends", "C.challenges", "C.opportunities", "D.items", "E.needs")},
            **{
                f"E.{key}": [] for key in ("institutional_arrangements", "resource_mobilization", "strategic_framework")
            },
            "G.items": [],
        },
        "sessions": [
            {
                "label": "II",
                "title": "Means of implementation",
                "theme": "",
                "parts": {"main_topics": [], "conclusions": [], "action_points": [], "additional": []},
            }
        ],
        "annexes": {
            "attendance": [
                {**ben, "text": "112, 54 women", "message_id": "5", "at": "2018-05-07T12:33:00+03:00"},
            ],
            "participants": [],
            "documents": [],
        },
        "late": [
            {
                **note,
                "text": "Coffee",
                "session": "II",
                "platform": "telegram",
                "chat": "room",
                "message_id": "8",
                "author": "Eve",
                "authors": ["Eve"],
                "at": "2018-05-07T21:01:00+03:00",
            }
        ],
        "review": [{"kind": "empty_note", "message_id": "6", "text": "#recommandaton"}],
        "empty": [
            "A.objectives",
            "C.trends",
            "C.challenges",
            "C.opportunities",
            "D.items",
            "E.needs",
            "E.institutional_arrangements",
            "E.resource_mobilization",
            "E.strategic_framework",
            "G.items",
        ],
    }


# --- order ---------------------------------------------------------------------------------------------------------


def test_notes_of_a_part_stand_by_session_then_time_then_place_in_the_message():
    assert file_script(
        "11:00 Ana: #session II",
        "11:01 Ana: #challenge C\n#challenge D",
        "11:02 Ana: #session I",
        "11:03 Ana: #challenge A",
        "11:03 Ana: #challenge B",
        "10:00 Ana: #challenge None yet",
        "12:00 Ana: #s2 #challenge E",
    ) == {"C.challenges": ["None yet", "A", "B", "C", "D", "E"]}


def test_times_of_different_zones_compare_as_instants():
    utc = report_of("10:00 Ana: #trend T", zone="UTC")
    tokyo = report_of("19:00 Ana: #trend T", zone="Asia/Tokyo")
    [at, local] = [r.parts()[3].items[0].at for r in (utc, tokyo)]
    assert (at, at.isoformat(), local.isoformat()) == (
        local,
        "2018-05-07T10:00:00+00:00",
        "2018-05-07T19:00:00+09:00",
    )


# --- equal and similar notes ---------------------------------------------------------------------------------------


def test_same_words_stand_once_with_all_their_authors():
    report = report_of(
        "10:00 Ana: #challenge Costs are rising.",
        "10:01 Ben: #challenge costs  are rising",
        "10:02 Ana: #challenge «Costs are rising!»",
        "10:03 Ben: #need Costs are rising",
    )
    assert filed(report) == {"C.challenges": ["Costs are rising."], "E.needs": ["Costs are rising"]}
    assert [(item.text, item.author, item.authors) for part in report.parts() for item in part.items] == [
        ("Costs are rising.", "Ana", ("Ana", "Ben")),
        ("Costs are rising", "Ben", ("Ben",)),
    ]


def test_same_words_in_two_session_blocks_stand_in_both():
    assert file_script(
        "10:00 Ana: #session I", "10:01 Ana: #topic Costs", "10:02 Ana: #session II", "10:03 Ana: #topic costs"
    ) == {"I.main_topics": ["Costs"], "II.main_topics": ["costs"]}


@pytest.mark.parametrize(
    ("one", "other"), [("growth of 5%", "growth of 5"), ("a change of -5", "a change of 5"), ("C", "C++"), ("#5", "5")]
)
def test_punctuation_that_matters_keeps_notes_apart(one: str, other: str):
    assert file_script(f"10:00 Ana: #topic On {one}", f"10:01 Ben: #topic On {other}") == {
        "G.items": [f"On {one}", f"On {other}"]
    }


def test_similar_notes_are_flagged_and_both_kept():
    texts = ["We need a better coordination mechanism", "We need a better national coordination mechanism"]
    report = report_of(*(f"10:0{n} Ana: #challenge {text}" for n, text in enumerate(texts)))
    assert filed(report) == {"C.challenges": texts}
    assert [c.lines for c in report.checks if c.heading == report.words["check_similar"]] == [
        (f"“{texts[0]}” – “{texts[1]}” – reply /drop to one of them, or /keep",)
    ]


# --- who said it ---------------------------------------------------------------------------------------------------

WHO = "#challenge Speaker: Jane Doe, Acme Institute – Costs are rising"
SECRETS = (b"Jane Doe", b"Acme Institute")


def test_nonattrib_takes_speaker_and_organization_away_and_leaves_the_text():
    for tag in ("", "#nonattrib "):
        [note] = json_of(f"10:00 Ana: {tag}{WHO} group: women")["parts"]["C.challenges"]
        named = {} if tag else {"speaker": "Jane Doe", "org": "Acme Institute"}
        assert (note["text"], note["attributes"]) == ("Costs are rising", {**named, "group": "women"})


def test_nonattrib_as_a_reply_takes_them_away_too():
    [note] = json_of(f"10:00 Ana: {WHO}", "10:01 Ben reply 1: #nonattrib")["parts"]["C.challenges"]
    assert (note["text"], note["attributes"]) == ("Costs are rising", {})


CHATHAM = (
    "09:00 Desk: /open title: Talks\nrule: chatham",
    f"10:00 Ana: {WHO}",
    f"10:01 Ana: {WHO.replace('#challenge', '#xyzzy')}",
    "10:02 Ana: #participants Jane Doe, Acme Institute",
    f"10:03 Ana edit 77: {WHO}",
    f"10:04 Ana: #SDG8 {WHO.removeprefix('#challenge ')}",
    "10:30 Desk: /close",
    f"10:31 Ana: {WHO.replace('Costs', 'Rents')}",
    "10:32 Ana: #participants Jane Doe, Acme Institute",
)


@pytest.mark.parametrize("name", sorted(FORMATS))
@pytest.mark.parametrize("template", ["bapa40", "hlpf"])
def test_chatham_house_rule_names_no_speaker_in_any_format(name: str, template: str):
    made = _unpack(load_format(name).render(report_of(*CHATHAM, template=TEMPLATES.load(template))))
    assert b"Costs are rising" in made
    assert [secret for secret in SECRETS if secret in made] == []


def test_chatham_house_rule_lists_no_participants(own: Template):
    expected = {
        "C.challenges": ["Costs are rising"],
        "late": ["#challenge Rents are rising"],
        "review": [
            "unknown_tag: #xyzzy Costs are rising",
            "orphan_edit: #challenge Costs are rising",
            "no_section_tag: #SDG8 Costs are rising",
        ],
    }
    assert file_script(*CHATHAM) == expected
    assert filed(report_of(*CHATHAM, template=own)) == {
        **{key: texts for key, texts in expected.items() if key != "C.challenges"},
        "A.talks": ["Costs are rising"],
    }


def _unpack(content: bytes) -> bytes:
    """All that is in a file, also where it is an archive; of a PDF its text, as a reader takes it out."""
    if content.startswith(b"%PDF"):
        return subprocess.run(["pdftotext", "-", "-"], input=content, capture_output=True, check=True).stdout
    if not is_zipfile(BytesIO(content)):
        return content
    with ZipFile(BytesIO(content)) as archive:
        return b"".join(archive.read(name) for name in archive.namelist())


@pytest.mark.parametrize("name", sorted(FORMATS))
def test_off_the_record_is_in_no_format(name: str):
    report = report_of(
        "10:00 Ana: #challenge Costs",
        "10:01 Ana: #offrecord The minister resigns",
        "10:02 Ana: … the minister, on Monday",
        "10:03 Ana: #trend The minister stays",
        "10:04 Ana edit 4: #trend #confidentiel The minister stays",
        "10:05 Ana: #ofrecord The minister again",
    )
    made = _unpack(load_format(name).render(report))
    assert (b"Costs" in made, b"minister" in made) == (True, False)


# --- templates -----------------------------------------------------------------------------------------------------


def test_tag_that_the_template_has_no_part_for_is_for_review(own: Template):
    report = report_of(
        "10:00 Ana: #priority Youth",
        "10:01 Ana: #challenge Costs",
        "10:02 Ana: #participants Ana, Ben",
        "10:03 Ana: #document Concept note",
        "10:04 Ana: #need #trend Staff",
        "10:05 Ana: #venue Geneva",
        template=own,
    )
    assert filed(report) == {
        "A.days": ["Staff"],
        "A.talks": ["Costs"],
        "annex.documents": ["Concept note"],
        "review": ["not_in_template: Youth", "not_in_template: Ana, Ben", "not_in_template: Geneva"],
    }


def test_attendance_participants_and_documents_are_annexes():
    assert file_script(
        "10:00 Ana: #attendance 112, 54 women",
        "10:01 Ana: #participants Ana (Kenya)",
        "10:02 Ana: #document",
        photos={3: "agenda.pdf"},
    ) == {
        "annex.attendance": ["112, 54 women"],
        "annex.participants": ["Ana (Kenya)"],
        "annex.documents": ["agenda.pdf"],
    }


GROUPED = (
    "10:00 Ana: #session I: Opening",
    "10:01 Ana: #recommendation Train staff to: Members",
    "10:02 Ana: #recommendation Share data",
    "10:03 Ana: #recommendation Publish results to: UNOSSC",
    "10:04 Ana: #action Meet again to: Members",
    "10:05 Ana: #trend Digital work",
    "23:30 Ana: #trend Remote work",
    "10:06 Ana: #challenge Costs",
    "11:00 Ana: #session II: Means",
    "11:01 Ana: #challenge High rents",
    "09:00 Ana: #challenge First words",
)


def test_parts_are_grouped_as_the_template_says(own: Template):
    report = report_of(*GROUPED, template=own, zone="Asia/Tokyo")
    assert {
        part.key: [(group.heading, [item.text for item in group.items]) for group in part.groups]
        for part in report.parts()
    } == {
        "A.asks": [
            # not below the heading of others
            (None, ["Share data"]),
            ("To: Members", ["Train staff", "Meet again"]),
            ("To: UNOSSC", ["Publish results"]),
        ],
        "A.days": [("2018-05-07", ["Digital work", "Remote work"])],
        "A.talks": [
            (None, ["First words"]),
            ("Session I: Opening", ["Costs"]),
            ("Session II: Means", ["High rents"]),
        ],
    }


def test_grouping_by_time_goes_by_the_day_in_the_meetings_zone(own: Template):
    script = ("08:00 Ana: #trend Morning", "12:00 Ana: #trend Noon", "23:00 Ana: #trend Night")
    days = {
        zone: [group.heading for part in report_of(*script, template=own, zone=zone).parts() for group in part.groups]
        for zone in ("UTC", "Pacific/Auckland")
    }
    assert days == {"UTC": ["2018-05-07"], "Pacific/Auckland": ["2018-05-07"]}
    shifted = report_of("08:00 Desk: /set zone: Pacific/Auckland", *script, template=own)
    assert [(g.heading, [i.text for i in g.items]) for g in shifted.parts()[1].groups] == [
        ("2018-05-07", ["Morning"]),
        ("2018-05-08", ["Noon", "Night"]),
    ]


def test_limits_are_told_and_nothing_is_cut(own: Template):
    report = report_of(*GROUPED, template=own)
    [over] = [part.over for part in report.parts() if part.key == "A.talks"]
    assert filed(report)["A.talks"] == ["First words", "Costs", "High rents"]
    assert over == ("26 characters, limit 9", "5 words, limit 3", "3 items, limit 1")


NUMBERED = """
title = "Report"
number_paragraphs = true
[[sections]]
id = "A"
heading = "All"
parts = [
  { name = "talks", heading = "Talks", style = "paragraphs" },
  { name = "asks", heading = "Asks", prefix = "R" },
  { name = "plans", heading = "Plans", style = "actions" },
  { name = "rest", heading = "Rest" },
]
[routing.always]
A.talks = ["topic"]
A.asks = ["recommendation"]
A.plans = ["action"]
A.rest = ["trend"]
"""


def test_paragraphs_are_numbered_through_the_report_but_for_notes_with_numbers_and_tables(tmp_path: Path):
    (tmp_path / "template.toml").write_text(NUMBERED)
    script = [
        f"10:0{n} Ana: #{tag} Note {n}"
        for n, tag in enumerate(("trend", "topic", "action", "recommendation", "topic #trend"))
    ]
    report = report_of(*script, template=read_template(tmp_path))
    assert [(part.key, [(item.number, item.paragraph) for item in part.items]) for part in report.parts()] == [
        ("A.talks", [(None, 1), (None, 2)]),
        ("A.asks", [("R1", None)]),
        ("A.plans", [(None, None)]),
        ("A.rest", [(None, 3), (None, 4)]),
    ]


def test_photographs_abbreviations_and_all_notes_are_annexes():
    report = report_of(
        "10:00 Ana: #session I",
        "10:05 Ben: #topic SSC (South-South cooperation) pays",
        "10:02 Ana: #challenge #need Costs",
        "10:03 Ana: #participants Ben",
        photos={3: "chart.jpg"},
    )
    annexes = {annex.key: annex for annex in report.annexes}
    assert [*annexes] == ["attendance", "participants", "documents", "photographs", "glossary", "notes"]
    assert [(picture.name, picture.caption) for picture in annexes["photographs"].pictures] == [("chart.jpg", "Costs")]
    assert [grid.rows for grid in annexes["glossary"].grids] == [(("SSC", "South-South cooperation"),)]
    # a note that is filed twice stands there once, and what the table of participants holds
    assert [(item.text, item.session) for item in annexes["notes"].items] == [
        ("Costs", "I"),
        ("Ben", None),
        ("SSC (South-South cooperation) pays", "I"),
    ]


def test_report_tells_the_outputs_of_its_template():
    report = report_of(template=TEMPLATES.load("whs"), language="fr")
    assert report.outputs == (
        Output("co-chairs", "Résumé des coprésidents", ("overview", "findings", "recommendations")),
    )


def test_missing_fields_and_empty_parts_say_so():
    report = report_of("10:00 Ana: #venue Geneva")
    assert [(field.key, field.value, field.placeholder) for field in report.fields] == [
        ("title", None, "[to be completed: Title of consultation]"),
        ("date", None, "[to be completed: Date of consultation]"),
        ("venue", "Geneva", "[to be completed: Venue, city, country]"),
        ("organized_by", None, "[to be completed: Organized by]"),
        ("prepared_by", None, "[to be completed: Brief/report prepared by]"),
    ]
    assert {part.empty for part in report.parts()} == {"No notes recorded"}
    assert [section.empty for section in report.sections if section.sessions == ()] == ["No sessions recorded"]


def test_another_template_places_the_same_notes_anew():
    script = ("10:00 Ana: #session I", "10:01 Ana: #topic T", "10:02 Ana: #objective O", "10:03 Ana: #outcome P")
    assert filed(report_of(*script, template=TEMPLATES.load("hlpf"))) == {
        "introduction.items": ["O"],
        "outputs.items": ["P"],
        "points.items": ["T"],
    }


def test_same_record_gives_the_same_bytes():
    one, other = (load_format("json").render(report_of(*GROUPED)) for _ in range(2))
    assert one == other
    assert json.loads(one)["template"] == "bapa40"


def test_review_says_which_line_of_the_form_an_unknown_tag_names():
    script = ("10:00 Ana: #moderator Ana Souza", "10:01 Ana: #of Ana", "10:02 Ana: #issues Costs\n#xyzzy Where?")
    unknown = "The tag is not known. File the note under a known tag, or leave it out."
    line = f"{unknown} The form has a line for it: /set moderator: …"
    assert [entry.advice for entry in report_of(*script, template=TEMPLATES.load("igf")).review][:2] == [line, unknown]
