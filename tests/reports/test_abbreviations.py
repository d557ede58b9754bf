"""The glossary: what is an abbreviation, and what the notes themselves say that it means."""

from time import process_time

import pytest

from reports.abbreviations import list_abbreviations
from tests.reports.conversation import report_of
from tests.reports.formats.hostile_texts import HOSTILE

WORDS = {"abbreviation": "Abbreviation", "meaning": "Meaning"}


def abbreviations_of(*texts: str) -> list[tuple[str, ...]]:
    """The rows of the glossary of these texts."""
    grid = list_abbreviations(WORDS, texts)
    assert grid is None or (grid.caption, grid.heads) == ("", ("Abbreviation", "Meaning"))
    return [*grid.rows] if grid else []


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
        ("They said that IT IS VERY IMPORTANT to act, NOT later", []),
        ("MEMBER STATES MUST ACT, and UNDP, WFP, FAO too", ["FAO", "UNDP", "WFP"]),
        ("Information technology (IT) pays", ["IT"]),
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
        (
            ("Food and Agriculture Organization of the United Nations (FAO)",),
            ("FAO", "Food and Agriculture Organization of the United Nations"),
        ),
        (
            ("Ask FAO (Food and Agriculture Organization of the United Nations) for help",),
            ("FAO", "Food and Agriculture Organization of the United Nations"),
        ),
        (
            ("The African Continental Free Trade Area (AfCFTA) opens",),
            ("AfCFTA", "African Continental Free Trade Area"),
        ),
        (
            ("on technical cooperation among developing countries (TCDC)",),
            ("TCDC", "technical cooperation among developing countries"),
        ),
        (
            ("United Nations Office for South-South Cooperation (UNOSSC)",),
            ("UNOSSC", "United Nations Office for South-South Cooperation"),
        ),
        (
            ("le Sommet mondial sur l’action humanitaire (SMAH)",),
            ("SMAH", "Sommet mondial sur l’action humanitaire"),
        ),
        (("Union européenne（UE）",), ("UE", "Union européenne")),
        # nothing is guessed
        (("In Africa. Unions (AU)",), ("AU", "")),
        (("farms and orchards for the protection of land (FAO)",), ("FAO", "")),
        (("Sustainable goals (SDG)",), ("SDG", "")),
        (("Many delegates (EU) left",), ("EU", "")),
    ],
)
def test_abbreviations_are_explained_by_the_notes_alone(texts: tuple[str, ...], row: tuple[str, str]):
    assert abbreviations_of(*texts) == [row]


def test_without_abbreviations_there_is_no_glossary():
    assert list_abbreviations(WORDS, ["Costs rise"]) is None


@pytest.mark.parametrize("text", [*HOSTILE.values(), "(A)" * 10_000, "(" * 30_000, "A-" * 20_000, "AB (AB)" * 5_000])
def test_glossary_takes_any_text_in_linear_time(text: str):
    began = process_time()
    rows = abbreviations_of(text)
    assert process_time() - began < 1  # squared it would be minutes
    assert all(short in text and meaning in text for short, meaning in rows)


def test_glossary_reads_fields_addressees_and_organisations_that_are_named():
    report = report_of(
        "09:00 Desk: /set organized_by: Economic Commission for Africa (ECA)\nprepared_by: Ana SOUZA",
        "09:01 Ana: #recommendation Train people to: UNCTAD",
        "09:02 Ana: #topic Costs. organization: OECD",
        "09:03 Ana: #topic The ECA met",
    )
    [glossary] = [annex for annex in report.annexes if annex.key == "glossary"]
    assert glossary.grids[0].rows == (("ECA", "Economic Commission for Africa"), ("UNCTAD", ""))
