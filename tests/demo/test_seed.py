"""The demo against its source: the report on the pre-HLPF meeting of 9 July 2017, made by hand from notes.

`SEED` and `SEED_OUTPUTS` are that report's numbered lists as they stand in it, typos and all; the reports
made from the demo's messages must hold each entry once, in the words of its source, and nothing else.
"""

import json
import re
from importlib.resources import files
from typing import Any

import pytest

from bot.replay import replay_transcript
from reports.formats import load_format

SEED = {
    1: "On ways improve the method of consultation. The current method is not efficient in terms of"
    " participation of CSO representatives, which needs to be improves, for better credibility,"
    " transparency",
    2: "We need a better coordination mechanism, to promote participation of CSOs at national level, (the"
    " national level coordination is not efficient, in terms of ensuring all group representation in most"
    " of the countries), for example, VNR- many participants said, they did not know the purpose, or the"
    " government process, , on how to engage ",
    3: "Lack of official channel for CSO to participate in VNR process, formalize, institutional setting so"
    " CSO can participate",
    4: "Need of creating more capacity at local level",
    5: " We still need local of efforts at national level to participate in VNR. The UN system, and other"
    " cooperation agency must also be involving to allocate resource on skill development",
    6: "parallel reporting model- whether or not we want to have a parallel reporting, some call it shadow"
    " report, if Geneva model can be represented in HLPF. Time for us to start thinking on better"
    " parallel reporting process.",
    7: "relevance of multi lateral dimensions, how to enhance the structure of discussion, relevance of UN system",
    8: "balance between formal and informal opportunities",
    9: "how-to be engaged in formal VNR sessions",
    10: "how to improve with better coordination mechanism ‘how to value the informal way of engagements",
    11: "in touch with social network",
    12: "the importance of govt. and citizenship, how to enhances of ground level people, how to make the"
    " connection and facilitating the space",
    13: "how to channelize is strategy, opportunity and challenge",
    14: "to use better online platform, parallel report, webinars, how to increase Capacities of peers",
    15: "three dimension of SDG is also a challenge and we keep on leading to learn from each other",
    16: "collective work, not enough through two weeks but whole year process is important to remain in"
    " touch, to improve strategy in next years",
    17: "Better communication strategies, Twitter #HLPF, Facebook apart from daily reporting",
}
SEED_OUTPUTS = (
    "Austria and Jamaica are going to be part of Ministerial negotiations",
    "Summary of the president of the ECOSOC, seek to capture the points and recommendations",
    "Second SDG progress report (UN statistics decisions), will be introduced to the HLPF",
)

# number of the point in the seed → the note's text in the report
POINTS = {
    1: "On ways improve the method of consultation. The current method is not efficient in terms of"
    " participation of CSO representatives, which needs to be improves, for better credibility,"
    " transparency",
    2: "We need a better coordination mechanism, to promote participation of CSOs at national level (the"
    " national level coordination is not efficient, in terms of ensuring all group representation in most"
    " of the countries), for example, VNR - many participants said, they did not know the purpose, or the"
    " government process, on how to engage",
    3: "Lack of official channel for CSO to participate in VNR process, formalize, institutional setting so"
    " CSO can participate",
    4: "Need of creating more capacity at local level",
    5: "We still need local of efforts at national level to participate in VNR. The UN system, and other"
    " cooperation agency must also be involving to allocate resource on skill development",
    6: "Parallel reporting model - whether or not we want to have a parallel reporting, some call it shadow"
    " report, if Geneva model can be represented in HLPF. Time for us to start thinking on better"
    " parallel reporting process.",
    7: "Relevance of multi lateral dimensions, how to enhance the structure of discussion, relevance of UN system",
    8: "Balance between formal & informal opportunities",
    9: "How-to be engaged in formal VNR sessions",
    10: "How to improve with better coordination mechanism, how to value the informal way of engagements",
    11: "In touch with social network",
    12: "The importance of govt. and citizenship, how to enhances of ground level people, how to make the"
    " connection and facilitating the space",
    13: "How to channelize is strategy, opportunity and challenge",
    14: "To use better online platform, parallel report, webinars, how to increase Capacities of peers",
    15: "Three dimension of SDG is also a challenge and we keep on leading to learn from each other",
    16: "Collective work, not enough through two weeks but whole year process is important to remain in"
    " touch, to improve strategy in next years",
    17: "Better communication strategies, Twitter #HLPF, Facebook apart from daily reporting",
}
# the points as the report orders them: Session II, groups 3A, 3B and 3C, Session IV; by time in each
ORDER = (2, 3, 4, 5, 9, 6, 12, 13, 1, 8, 10, 16, 7, 15, 14, 11, 17)

FACTS = (
    "Sunday, 9 July 2017",
    "from 9:00 to 15:00",
    "Church Center (777 UN Plaza, New York), second floor",
    "UN DESA Division for Sustainable Development and the MGoS HLPF Coordination Mechanism organized a"
    " pre-HLPF preparatory meeting",
    "The full-day preparatory meeting promoted understanding of the HLPF, the 2030 Agenda for Sustainable"
    " Development, the opportunities and procedures for engagement throughout the HLPF",
    "peer-to-peer learning sessions and exchanges among representatives of major groups and other stakeholders",
    "a good moment to network, become familiar with one another, and share experiences in implementation efforts",
    "as well as for identifying common ground and different perspectives",
    "The meeting deliberated the proposed outputs of HLPF 2017",
    "140 side events",
    "VNR, shrinking civil society spaces (paragraph 89), MGoS engagement, science policy interface and"
    " communication strategies in various groups",
)

# where the same points stand in the other template: part → their numbers, in the part's order
BAPA40_PARTS = {
    "B.items": [10, 14, 17],
    "C.trends": [],
    "C.challenges": [1, 15],
    "C.opportunities": [8],
    "D.items": [12],
    "E.needs": [2, 4, 5],
    "E.institutional_arrangements": [3],
    "E.resource_mobilization": [5],
    "E.strategic_framework": [13],
}
BAPA40_SESSIONS = {
    "II": {"main_topics": [9], "action_points": [6], "additional": [6]},
    "3A": {"main_topics": [12]},
    "3B": {"conclusions": [16]},
    "3C": {"main_topics": [7]},
    "IV": {"action_points": [11]},
}


def _replay(template: str) -> dict[str, Any]:
    """The demo's report by this template, in the JSON format."""
    transcript = files("bot.demo").joinpath("pre-hlpf-2017.jsonl").read_text("utf-8")
    report = replay_transcript(transcript.splitlines(), template=template, zone="America/New_York")
    parsed: dict[str, Any] = json.loads(load_format("json").render(report))
    return parsed


@pytest.fixture(scope="module")
def hlpf() -> dict[str, Any]:
    return _replay("hlpf")


@pytest.fixture(scope="module")
def bapa40() -> dict[str, Any]:
    return _replay("bapa40")


def _texts(notes: list[dict[str, Any]]) -> list[str]:
    return [note["text"] for note in notes]


def _words(text: str) -> list[str]:
    return re.findall(r"[a-z0-9]+", text.replace("&", "and").casefold())


def test_hlpf_points_are_the_seventeen_of_the_seed(hlpf: dict[str, Any]) -> None:
    assert _texts(hlpf["parts"]["points.items"]) == [POINTS[number] for number in ORDER]


def test_hlpf_outputs_are_the_three_of_the_seed(hlpf: dict[str, Any]) -> None:
    assert _texts(hlpf["parts"]["outputs.items"]) == list(SEED_OUTPUTS)


@pytest.mark.parametrize("number", SEED)
def test_hlpf_point_keeps_the_words_of_the_seed(hlpf: dict[str, Any], number: int) -> None:
    note = hlpf["parts"]["points.items"][ORDER.index(number)]
    assert _words(note["text"]) == _words(SEED[number])


@pytest.mark.parametrize("fact", FACTS)
def test_hlpf_introduction_holds_the_facts_of_the_seed(hlpf: dict[str, Any], fact: str) -> None:
    introduction = "\n".join(
        text for part, notes in hlpf["parts"].items() if part.startswith("intro") for text in _texts(notes)
    )
    assert fact.casefold() in introduction.casefold()


def test_hlpf_fields_are_those_of_the_seed(hlpf: dict[str, Any]) -> None:
    fields = {key: hlpf["fields"][key] for key in ("title", "date", "venue", "organized_by")}
    assert fields == {
        "title": "MGoS Pre HLPF Event",
        "date": "Sunday, 9 July 2017, 9:00 to 15:00",
        "venue": "Church Center, 777 UN Plaza, New York, second floor",
        "organized_by": "UN DESA Division for Sustainable Development and the MGoS HLPF Coordination Mechanism",
    }


def test_hlpf_late_note_waits_outside_the_points(hlpf: dict[str, Any]) -> None:
    assert _texts(hlpf["late"]) == [
        "Back on my phone, so that it is not forgotten: more capacity at local level",
    ]


def test_bapa40_parts_hold_the_points_by_their_tags(bapa40: dict[str, Any]) -> None:
    filed = {part: _texts(bapa40["parts"][part]) for part in BAPA40_PARTS}
    assert filed == {part: [POINTS[number] for number in numbers] for part, numbers in BAPA40_PARTS.items()}


def test_bapa40_conclusions_are_the_three_outputs(bapa40: dict[str, Any]) -> None:
    assert _texts(bapa40["parts"]["A.conclusions"]) == list(SEED_OUTPUTS)


def test_bapa40_recommendations_are_numbered_through_the_sessions(bapa40: dict[str, Any]) -> None:
    numbered = [(note["id"], note["session"]) for note in bapa40["parts"]["B.items"]]
    assert numbered == [("R1", "3B"), ("R2", "IV"), ("R3", "IV")]


def test_bapa40_sessions_hold_the_points_by_their_tags(bapa40: dict[str, Any]) -> None:
    filed = {
        session["label"]: {part: _texts(notes) for part, notes in session["parts"].items() if notes}
        for session in bapa40["sessions"]
    }
    expected = {
        label: {part: [POINTS[number] for number in numbers] for part, numbers in parts.items()}
        for label, parts in BAPA40_SESSIONS.items()
    }
    opening = {"additional": ["The meeting deliberated the proposed outputs of HLPF 2017", "140 side events"]}
    assert filed == {"I": opening, **expected}


def test_bapa40_sessions_carry_the_topics_of_the_seed(bapa40: dict[str, Any]) -> None:
    assert [(session["label"], session["title"]) for session in bapa40["sessions"]] == [
        ("I", "Opening and proposed outputs of HLPF 2017"),
        ("II", "VNR"),
        ("3A", "Shrinking civil society spaces (paragraph 89)"),
        ("3B", "MGoS engagement"),
        ("3C", "Science policy interface"),
        ("IV", "Communication strategies"),
    ]


def test_bapa40_shows_what_the_seed_does_not_give(bapa40: dict[str, Any]) -> None:
    assert bapa40["empty"] == ["C.trends"]
    assert not bapa40["fields"]["prepared_by"]
    assert bapa40["annexes"] == {"attendance": [], "participants": [], "documents": []}


def test_bapa40_review_list_holds_what_has_no_place(bapa40: dict[str, Any]) -> None:
    assert [item["kind"] for item in bapa40["review"]] == ["unknown_tag", "needs_words"]
