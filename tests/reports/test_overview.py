"""What a report says of itself: sessions and the summary page; all in the notes' own words."""

from dataclasses import replace

import pytest

from reports.formats.wording import describe_note
from reports.overview import summarize, tabulate_sessions
from reports.report import Annex, Grid, Section
from tests.reports.conversation import TEMPLATES, report_of
from tests.reports.formats.sample import around, note, part, session, words

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


# --- the table of sessions -----------------------------------------------------------------------------------------


def test_sessions_are_tabulated_with_theme_time_and_numbers():
    report = report_of(*SCRIPT)
    assert report.overview == Grid(
        "Sessions",
        ("Session", "Theme", "Time", "Notes", "Conclusions"),
        (
            ("Session II: Means", TEMPLATES.load("bapa40").themes[2].label["en"], "7 May 2018, 09:31–09:46", "5", "1"),
            ("Session III", "", "", "0", "0"),
        ),
    )
    assert report_of("10:00 Ana: #topic Costs").overview is None


@pytest.mark.parametrize(
    ("language", "day", "days"),
    [
        ("en", "9 July 2017, 09:05–09:35", "9 July 2017, 09:05\n10 July 2017, 09:05"),
        ("fr", "9 juillet 2017, 09:05–09:35", "9 juillet 2017, 09:05\n10 juillet 2017, 09:05"),
        ("es", "9 de julio de 2017, 09:05–09:35", "9 de julio de 2017, 09:05\n10 de julio de 2017, 09:05"),
        ("ar", "9 يوليو 2017، 09:05–09:35", "9 يوليو 2017، 09:05\n10 يوليو 2017، 09:05"),
        ("zh", "2017年7月9日 09:05–09:35", "2017年7月9日 09:05\n2017年7月10日 09:05"),
    ],
)
def test_time_of_a_session_is_told_by_day(language: str, day: str, days: str):
    def tell(*minutes: int) -> str:
        notes = [note("x", at, session="I") for at in minutes]
        section = Section("F", "F", "Sessions", "", (), (session("I", "", "", [part("conclusions", None, notes)]),))
        grid = tabulate_sessions(words(language), [section], language)
        assert grid
        return grid.rows[0][2]

    assert [tell(0, 0, 30), tell(0, 24 * 60), tell()] == [day, days, ""]
    # what is said after midnight belongs to the evening
    assert tell(0, 16 * 60) == day.replace("09:35", "01:05")


def test_notes_of_a_session_count_once_wherever_they_stand():
    report = report_of(
        "09:30 Ana: #session II: Means",
        "09:31 Ana: #challenge #need Costs",
        "09:32 Ana: #topic #conclusion Agreed",
        "09:33 Ana: #outcome Partnerships",
        "09:34 Ana: #conclusion #divergence Some disagree",
    )
    assert report.overview
    assert report.overview.rows[0][3:] == ("4", "2")
    assert "Sessions without conclusions" not in {check.heading for check in report.checks}


def test_only_conclusions_count_where_a_form_puts_all_notes_of_a_topic_together():
    script = ("09:30 Ana: #session 1: Soil", "09:31 Ana: #question Who pays?", "09:32 Ana: #divergence Not all agree")
    report = report_of(*script, template=TEMPLATES.load("fssd"))
    assert report.overview
    assert report.overview.rows[0][3:] == ("2", "0")
    assert [check.lines for check in report.checks if check.heading == "Sessions without conclusions"] == [
        (report.session_blocks()[0].heading,)
    ]
    assert summarize(report).parts == ()


def test_divergent_view_is_told_apart_where_it_stands_among_others():
    script = ("09:30 Ana: #session 1: Soil", "09:31 Ana: #divergence Not all agree", "09:32 Ana: #conclusion Most do")

    def lines(template: str, language: str) -> list[tuple[str, ...]]:
        report = report_of(*script, template=TEMPLATES.load(template), language=language)
        items = [item for part in report.session_blocks()[0].parts for item in part.items]
        return [describe_note(item, report) for item in sorted(items, key=lambda item: item.at)]

    assert lines("bapa40", "en") == [("Divergent view",), ()]
    assert lines("bapa40", "fr") == [("Avis divergent",), ()]
    assert lines("fssd", "en") == [(), ()]


# --- the summary page ----------------------------------------------------------------------------------------------


def test_summary_has_counts_sessions_conclusions_and_recommendations():
    summary = summarize(report_of(*SCRIPT))
    assert (summary.heading, summary.counts, summary.sessions) == (
        "Summary",
        (
            "Attendance: About 80",
            "Attendance: 112, 54 women",
            "Sessions: 2 · Notes: 6 · Recommendations: 2 · (a): 1 · (b) (ii): 2",
        ),
        ("Session II: Means", "Session III"),
    )
    assert [(p.heading, p.style, [(i.number, i.text) for i in p.items]) for p in summary.parts] == [
        ("Major conclusions reached", "bullets", [(None, "Partnerships pay")]),
        ("Final recommendations (the actions to be taken)", "table", [("R1", "Scale up"), ("R2", "Share data")]),
        ("Session II: Means", "bullets", [(None, "Costs matter")]),
    ]


def test_summary_tells_of_which_day_who_was_there():
    day = 24 * 60
    items = [note("84", 0), note("Day 2: 79", day), note("81", 2 * day)]
    report = replace(around(language="fr"), annexes=(Annex("attendance", "Participation", tuple(items)),))
    assert summarize(report).counts[:-1] == (
        "Participation\u00a0: 9 juillet 2017\u00a0: 84",
        "Participation\u00a0: Day 2: 79",
        "Participation\u00a0: 11 juillet 2017\u00a0: 81",
    )


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
