"""The English consultation as a desk gets it: with provenance, tables, photographs, changes and decisions."""

from dataclasses import replace
from datetime import timedelta

from reports.report import Annex, Change, Changes, Grid, Item, Picture, Report, Trace
from tests.reports.formats.consultations import english
from tests.reports.formats.sample import JPEG, PNG, START, note

MOMENT = START + timedelta(minutes=90)
AGES = Grid("Participants by age", ("Age", "Count"), (("0–18", "4"), ("19–30", "20")))
ABBREVIATIONS = Grid("", ("Abbreviation", "Meaning"), (("HLPF", ""), ("SSC", "South-South cooperation")))
OVERVIEW = Grid(
    "Sessions",
    ("Session", "Theme", "Time", "Notes", "Conclusions"),
    (
        ("Session I: Participation", "Challenges and opportunities", "2017-07-09 10:15–10:20", "5", "1"),
        ("Session II: Means of implementation", "", "", "0", "0"),
    ),
)
DROPPED = note("Off the point.", 80, number="R4", decisions=("Taken out by Amina Fictional, 18:02, 2017-07-09",))


def traced() -> Item:
    """A recommendation of which all is known that a comment can tell."""
    return note(
        "Establish an official channel.",
        35,
        number="R1",
        tag="recommendation",
        session="II",
        attributes={
            "to": "Member States",
            "by": "15 December 2018",
            "speaker": "Ana Souza",
            "org": "Ministry of Health",
        },
        authors=("Amina Fictional", "李虚构"),
        edits=(MOMENT, MOMENT + timedelta(minutes=1)),
        decisions=("Words changed by Jorge Fictional, 18:01, 2017-07-09",),
        link="https://example.org/archives/C1/p35",
    )


def desk_report() -> Report:
    """Everything that `english` has not."""
    report = english()
    attendance, participants, documents = report.annexes
    annexes = (
        replace(attendance, grids=(AGES,)),
        participants,
        documents,
        Annex("photographs", "Photographs", (), (), _pictures()),
        Annex("glossary", "Abbreviations", (), (ABBREVIATIONS,)),
        Annex("notes", "All notes", (note("First.", 1), _second())),
    )
    aims, *sections = report.sections[1:]
    tabled = replace(aims.parts[0], style="table")
    return replace(
        report,
        sections=(report.sections[0], replace(aims, parts=(tabled,)), *sections),
        annexes=annexes,
        overview=OVERVIEW,
        provenance=(Trace("2017-07-09 09:40", "Amina Fictional", "R1 Establish", "console · main · 135"),),
        dropped=(DROPPED,),
        history=Grid("", ("Time", "Who", "What"), (("18:02", "Amina Fictional", "R4 taken out"),)),
        changes=Changes(1, "Changes since draft 1", (Change("new", "R12", "B. Final recommendations", "", "A fund."),)),
    )


def _second() -> Item:
    return note("Second.", 2, session="II", number="R2", attributes={"to": "UNOSSC", "by": "2018"})


def _pictures() -> tuple[Picture, ...]:
    chart = Picture("chart.png", "Coordination leaves\ngroups out.", PNG)
    return (
        chart,
        Picture("hall.jpg", "", JPEG),
        replace(chart, caption="The same chart again."),
        Picture("voice.png", "No picture, whatever its name says.", b"RIFF0000WEBPVP8 "),
        Picture("lost.jpg", "Not fetched."),
    )
