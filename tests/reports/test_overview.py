"""What a report says of itself: sessions, the summary page, abbreviations; all in the notes' own words."""

from datetime import timedelta
from time import process_time

import pytest

from reports.overview import list_abbreviations, summarize, tabulate_sessions
from reports.report import Grid, Section
from tests.reports.conversation import TEMPLATES, report_of
from tests.reports.formats.hostile_texts import HOSTILE
from tests.reports.formats.sample import around, note, part, session

WORDS = {"abbreviation": "Abbreviation", "meaning": "Meaning"}
SCRIPT = (
    "09:00 Desk: /open title: Talks",
    "09:10 Ana: #attendance About 80",
    "09:11 Ana: #attendance 112, 54 women",
    "09:12 Ana: #keyconclusion #SDG17 Partnerships pay",
    "09:30 Ana: #session II: Means #theme b-ii",
    "09:31 Ana: #recommendation #b2 Scale up to: Members",
    "09:32 Ana: #recommendation #b2 #a Share data",
    "09:33 Ana: #conclusion Costs matter",
    "09:45 Ana: #divergence Some say otherwise",
    "09:46 Ana: #topic Rents",
    "10:00 Ana: #session III",
)


def abbreviations_of(*texts: str) -> list[tuple[str, ...]]:
    """The rows of the glossary of notes with these texts."""
    grid = list_abbreviations(WORDS, [note(text) for text in texts])
    assert grid is None or (grid.caption, grid.heads) == ("", ("Abbreviation", "Meaning"))
    return [*grid.rows] if grid else []


# --- the table of sessions -----------------------------------------------------------------------------------------


def test_sessions_are_tabulated_with_theme_time_and_numbers():
    report = report_of(*SCRIPT)
    assert report.overview == Grid(
        "Sessions",
        ("Session", "Theme", "Time", "Notes", "Conclusions"),
        (
            ("Session II: Means", TEMPLATES.load("bapa40").themes[2].label["en"], "2018-05-07 09:33–09:46", "3", "2"),
            ("Session III", "", "", "0", "0"),
        ),
    )
    assert report_of("10:00 Ana: #topic Costs").overview is None


def test_time_of_a_session_names_a_second_day_only_where_there_is_one():
    days = [[0], [0, 0], [0, 30], [0, 24 * 60]]
    blocks = [session("I", "", "", [part("conclusions", None, [note("x", at) for at in minutes])]) for minutes in days]
    grid = tabulate_sessions(around().words, [Section("F", "F", "Sessions", "", (), tuple(blocks))])
    first = note("x", 0).at
    day, later, next_day = (f"{first + timedelta(minutes=m):%Y-%m-%d %H:%M}" for m in (0, 30, 24 * 60))
    assert grid
    assert [row[2] for row in grid.rows] == [day, day, f"{day}–{later[-5:]}", f"{day} – {next_day}"]


# --- the summary page ----------------------------------------------------------------------------------------------


def test_summary_has_counts_sessions_conclusions_and_recommendations():
    summary = summarize(report_of(*SCRIPT))
    assert (summary.heading, summary.counts, summary.sessions) == (
        "Summary",
        (
            "Attendance: 112, 54 women",
            "Sessions: 2 · Notes: 6 · Recommendations: 2 · (a): 1 · (b) (ii): 2",
        ),
        ("Session II: Means", "Session III"),
    )
    assert [(p.heading, p.style, [(i.number, i.text) for i in p.items]) for p in summary.parts] == [
        ("Major conclusions reached", "bullets", [(None, "Partnerships pay")]),
        ("Final recommendations (the actions to be taken)", "table", [("R1", "Scale up"), ("R2", "Share data")]),
        ("Session II: Means", "bullets", [(None, "Costs matter"), (None, "Some say otherwise")]),
    ]


def test_summary_takes_from_a_mixed_part_what_is_concluded_and_recommended():
    script = ("10:00 Ana: #challenge Costs", "10:01 Ana: #recommendation Share data", "10:02 Ana: #conclusion Agreed")
    summary = summarize(report_of(*script, template=TEMPLATES.load("hlpf")))
    assert summary.counts == ("Notes: 3 · Recommendations: 1",)
    # not "numbered": there they have the numbers 2 and 3
    assert [(p.heading, p.style, [i.text for i in p.items]) for p in summary.parts] == [
        ("Points deliberated", "bullets", ["Share data", "Agreed"])
    ]


@pytest.mark.parametrize("language", ["en", "fr", "es", "pt", "ru", "ar", "zh"])
def test_summary_says_nothing_that_nobody_wrote(language: str):
    report = report_of(*SCRIPT, language=language)
    summary = summarize(report)
    notes = {item.text for p in (*report.parts(), *report.session_blocks()[0].parts) for item in p.items}
    assert {item.text for p in summary.parts for item in p.items} <= notes
    headings = {p.heading for p in report.parts()} | {s.heading for s in report.sections}
    assert {p.heading for p in summary.parts} <= headings | {b.heading for b in report.session_blocks()}


def test_summary_has_no_files():
    report = report_of("10:00 Ana: #keyconclusion See the chart", photos={1: "chart.jpg"})
    [shown] = summarize(report).parts
    kept = [item.attachments for p in report.parts() for item in p.items]
    assert ([item.attachments for item in shown.items], [a[0].name for a in kept]) == ([()], ["chart.jpg"])


def test_summary_of_an_empty_meeting_says_so():
    summary = summarize(report_of("09:00 Desk: /open title: Talks"))
    assert (summary.counts, summary.sessions, summary.parts) == (("Notes: 0 · Recommendations: 0",), (), ())


# --- abbreviations -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (
            "UN DESA and the LDCs met MGoS on BAPA+40 and COVID-19.",
            ["BAPA+40", "COVID-19", "DESA", "LDC", "MGoS", "UN"],
        ),
        ("ООН и ЦУР", ["ООН", "ЦУР"]),
        ("需要UNDP支持", ["UNDP"]),
        ("المجلس ECOSOC", ["ECOSOC"]),
        ("HLPF/ECOSOC, an NGO's role; CO2", ["CO2", "ECOSOC", "HLPF", "NGO"]),
        # none: names, numbers of sessions, addresses, symbols, what is shouted
        ("McDonald, iPad, A4, Session II and XIV, OK", []),
        ("Twitter #HLPF http://UN.org/AB mail@UN.org A/RES/71/243", []),
        ("THIS IS VERY IMPORTANT FOR US ALL", []),
    ],
)
def test_abbreviations_are_found(text: str, found: list[str]):
    assert [short for short, _ in abbreviations_of(text)] == found


@pytest.mark.parametrize(
    ("texts", "row"),
    [
        (("More South-South cooperation (SSC)",), ("SSC", "South-South cooperation")),
        (("SSC pays", "SSC (South-South cooperation) pays"), ("SSC", "South-South cooperation")),
        (("The voluntary national reviews (VNRs)",), ("VNR", "voluntary national reviews")),
        (("La coopération Sud-Sud (CSS)",), ("CSS", "coopération Sud-Sud")),
        (("Организация Объединенных Наций (ООН)",), ("ООН", "Организация Объединенных Наций")),
        (
            ("The Department of Economic and Social Affairs (DESA)",),
            ("DESA", "Department of Economic and Social Affairs"),
        ),
        # nothing is guessed
        (("Sustainable goals (SDG)",), ("SDG", "")),
        (("Many delegates (EU) left",), ("EU", "")),
    ],
)
def test_abbreviations_are_explained_by_the_notes_alone(texts: tuple[str, ...], row: tuple[str, str]):
    assert abbreviations_of(*texts) == [row]


def test_without_abbreviations_there_is_no_glossary():
    assert list_abbreviations(WORDS, [note("Costs rise")]) is None


@pytest.mark.parametrize("text", [*HOSTILE.values(), "(A)" * 10_000, "(" * 30_000, "A-" * 20_000, "AB (AB)" * 5_000])
def test_glossary_takes_any_text_in_linear_time(text: str):
    began = process_time()
    rows = abbreviations_of(text)
    assert process_time() - began < 1  # squared it would be minutes
    assert all(short in text and meaning in text for short, meaning in rows)
