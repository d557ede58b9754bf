from reports.template import join_label
from tests.reports.conversation import TEMPLATES, report_of


def checks_of(*script: str, template: str = "hlpf", **settings: str) -> dict[str, tuple[str, ...]]:
    report = report_of(*script, template=TEMPLATES.load(template), **settings)
    return {check.heading: check.lines for check in report.checks}


def test_checks_say_what_is_missing_waits_and_looks_doubtful():
    assert checks_of(
        "09:00 Desk: /open title: Consultation",
        "09:10 Ana: #session I: Opening",
        "09:11 Ana: #recommendation Train more staff at local level",
        "09:12 Ben: #recommendation Train more of the staff at local level to: Members",
        "09:13 Ben: #recommendation Share data",
        "09:14 Ana: #recommendation share data!",
        "09:15 Ana: #s2 #challenge Costs",
        "09:16 Ana: #xyzzy Where does this go?",
        "09:17 Ana: #session III: Close",
        "09:18 Ana: #conclusion Agreed",
        "17:00 Desk: /close",
        "17:01 Eve: #trend Digital work",
        template="bapa40",
    ) == {
        "Fields to be completed": (
            "Date of consultation",
            "Venue, city, country",
            "Organized by",
            "Brief/report prepared by: (name, email, telephone no.)",
        ),
        "Parts with no notes": (
            "A. Objectives of the consultation",
            "A. Major conclusions reached",
            "C. Trends",
            "C. Opportunities",
            "D. Priority areas of South-South cooperation and triangular cooperation identified",
            "E. Needs/interests",
            "E. Institutional arrangements",
            "E. Resource mobilization strategies",
            "E. Strategic framework/plans",
            "G. Additional information",
        ),
        "Sessions without conclusions": ("Session I: Opening", "Session II"),
        "Sessions that notes name, but nobody opened": ("II",),
        "Notes that a person must look at": ("#xyzzy Where does this go? (Ana)",),
        "Notes that came after the close": ("Digital work (Eve)",),
        "Notes posted more than once, kept once": ("Share data (Ben, Ana)",),
        "Notes that resemble each other, all kept": (
            "R1, R2: “Train more staff at local level” – “Train more of the staff at local level” – "
            "/merge R1 R2, or /keep R1",
        ),
        "Recommendations without an addressee": ("R1: Train more staff at local level", "R3: Share data"),
    }


def test_nothing_is_said_of_what_is_in_order():
    fields = "\n".join(f"{key}: X" for key in ("title", "venue", "date", "organized_by", "prepared_by"))
    assert (
        checks_of(
            f"09:00 Desk: /set {fields}",
            "09:01 Ana: #objective O",
            "09:02 Ana: #outcome P",
            "09:03 Ana: #recommendation Q to: Members",
        )
        == {}
    )


def test_quote_needs_a_speaker_but_where_nobody_may_know_who():
    script = (
        "09:01 Ana: #quote Enough of plans",
        "09:02 Ana: #quote We pay. speaker: Ben",
        "09:03 Ana: #quote #nonattrib We do not. speaker: Cléo",
        "09:04 Ana: #quote We may. organization: WHO",
    )
    assert checks_of(*script)["Quotes without a speaker"] == ("Enough of plans (Ana)",)
    assert "Quotes without a speaker" not in checks_of(*script, rule="chatham")


def test_field_that_may_be_empty_is_neither_marked_nor_told():
    report = report_of("09:01 Ana: #topic Costs", template=TEMPLATES.load("addressee"), language="fr")
    last = report.fields[-1]
    assert (last.key, last.required, last.value, last.placeholder) == ("prepared_by", False, None, "")
    assert report.checks[0].lines == ("Titre de la réunion", "Date", "Lieu, ville, pays", "Organisée par")


def test_lines_have_the_marks_of_the_language():
    told = checks_of(
        "09:11 Ana: #recommandation Former plus de personnel",
        "09:12 Ben: #recommandation Former plus de ce personnel",
        template="bapa40",
        language="fr",
    )
    assert list(told.values())[-2:] == [
        (
            "R1, R2\u00a0: «\u00a0Former plus de personnel\u00a0» – «\u00a0Former plus de ce personnel\u00a0» – "
            "/merge R1 R2, ou /keep R1",
        ),
        ("R1\u00a0: Former plus de personnel", "R2\u00a0: Former plus de ce personnel"),
    ]


def test_recommendation_in_two_parts_is_told_once():
    assert checks_of(
        "09:01 Ana: #objective O", "09:02 Ana: #recommendation #outcome Q", "09:03 Desk: /set title: T"
    ) == {
        "Fields to be completed": ("Venue", "Date and time", "Organized by", "Prepared by"),
        "Recommendations without an addressee": ("Q",),
    }


def test_long_texts_are_told_by_their_beginning():
    told = checks_of("09:01 Ana: #xyzzy " + "word " * 100)["Notes that a person must look at"]
    assert told == (f"{('#xyzzy ' + 'word ' * 100)[:90].rstrip()}… (Ana)",)


def test_join_label_takes_the_direction_of_the_text():
    assert [join_label("C", "Trends"), join_label("", "Points"), join_label("C", "الاتجاهات")] == [
        "C. Trends",
        "Points",
        "\u200fC. الاتجاهات",
    ]
