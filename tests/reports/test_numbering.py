from dataclasses import replace

from reports.placement import place_numbered
from reports.report import Report
from tests.reports.conversation import TEMPLATES, filed, record_of, report_of

BAPA = TEMPLATES.load("bapa40")


def numbered(report: Report) -> list[str]:
    return filed(report).get("B.items", [])


DAY = (
    "10:00 Ana: #session I",
    "10:01 Ana: #recommendation One",
    "10:02 Ana: #session II",
    "10:03 Ana: #recommendation Two",
    "10:04 Ana: #recommendation Three",
)


def test_notes_are_numbered_straight_through_in_the_reports_order():
    assert numbered(report_of(*DAY, "09:00 Ana: #rec Zero")) == ["R1 Zero", "R2 One", "R3 Two", "R4 Three"]


def test_numbers_follow_the_order_until_a_draft_is_asked_for():
    assert numbered(report_of(*DAY, "10:09 Ana: #s1 #rec More")) == ["R1 One", "R2 More", "R3 Two", "R4 Three"]


def test_number_stays_when_an_earlier_session_gets_a_note_after_a_draft():
    script = (*DAY, "10:05 Desk: /draft", "10:06 Ana: #session I", "10:07 Ana: #recommendation More")
    assert numbered(report_of(*script)) == ["R1 One", "R4 More", "R2 Two", "R3 Three"]
    again = (*script, "10:08 Desk: /close", "10:09 Desk: /reopen", "10:10 Ana: #s1 #rec Last")
    assert numbered(report_of(*again)) == ["R1 One", "R4 More", "R5 Last", "R2 Two", "R3 Three"]


def test_number_of_a_withdrawn_note_is_not_given_again():
    script = (*DAY, "10:05 Desk: /draft", "10:06 Ana delete 5:", "10:07 Ana: #recommendation More")
    assert numbered(report_of(*script)) == ["R1 One", "R2 Two", "R4 More"]


def test_number_stays_when_the_words_change():
    script = (*DAY, "10:05 Desk: /draft", "10:06 Ana edit 2: #rec First", "10:07 Ana edit 4: #need Two\n#rec New")
    assert numbered(report_of(*script)) == ["R1 First", "R4 New", "R3 Three"]


def test_note_that_was_a_recommendation_at_the_draft_keeps_its_number_for_its_return():
    script = (*DAY, "10:05 Desk: /draft", "10:06 Ana edit 2: #need One")
    assert numbered(report_of(*script)) == ["R2 Two", "R3 Three"]
    assert numbered(report_of(*script, "10:07 Ana edit 2: #rec One", "10:08 Ana: #rec More")) == [
        "R1 One",
        "R2 Two",
        "R3 Three",
        "R4 More",
    ]


def test_note_in_two_parts_has_its_number_in_both():
    assert filed(report_of("10:00 Ana: #rec #challenge Costs", "10:01 Ana: #rec Staff")) == {
        "B.items": ["R1 Costs", "R2 Staff"],
        "C.challenges": ["R1 Costs"],
    }


def test_numbers_that_drafts_kept_win_over_those_of_a_replay():
    record = record_of(*DAY)
    _, first = place_numbered(record, BAPA)
    assert {key.id: number for (key, _, _), number in first.items()} == {"2": 1, "4": 2, "5": 3}
    kept = {key: number + 6 for key, number in first.items()}
    at = max(message.sent_at for message in record.messages)
    later = record_of(*DAY, "10:06 Ana: #s1 #recommendation More")
    report, numbers = place_numbered(replace(later, numbers=kept, numbered_to=at), BAPA)
    assert numbered(report) == ["R7 One", "R10 More", "R8 Two", "R9 Three"]
    assert {key.id: number for (key, _, _), number in numbers.items()} == {"2": 7, "4": 8, "5": 9, "6": 10}


def test_order_of_the_record_makes_no_difference():
    record = record_of(*DAY, "10:05 Desk: /draft", "10:06 Ana: #session I", "10:07 Ana: #rec More", "10:08 Ana: /close")
    turned = replace(record, messages=record.messages[::-1], steps=record.steps[::-1])
    assert place_numbered(turned, BAPA) == place_numbered(record, BAPA)
