"""Decisions of the desk: what holds, what has no effect, that nothing is lost and everything can be taken back."""

from dataclasses import replace
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from reports.attribution import hide_people
from reports.decisions import Refusal
from reports.duplicates import fold_text
from reports.gathering import gather
from reports.keeping import write_report
from reports.placement import settle
from reports.report import Grid, Item, Report
from tests.reports.conversation import TEMPLATES, json_of, record_of, report_of

BAPA = TEMPLATES.load("bapa40")

# 1 and 8 are no notes; R1 to R4 stand in 2, 3, 4 and 7
DAY = (
    "10:00 Ana: #session II: Means",
    "10:01 Ana: #recommendation Train more staff at local level to: Members",
    "10:02 Ben: #recommendation Train more of the staff at local level",
    "10:03 Ben: #recommendation Share data",
    "10:04 Cho: #challenge Costs are rising",
    "10:05 Cho: #need Rooms\n#need Chairs",
    "10:06 Dan: #recommendation share data!\n#recommendation Meet again",
    "10:07 Desk: /draft",
)


def stands(report: Report) -> dict[str, list[str]]:
    """The notes by part, then those that were dropped and came late; numbers before, other authors behind."""
    parts = {part.key: part.items for part in report.parts()}
    parts |= {f"{block.label}.{part.key}": part.items for block in report.session_blocks() for part in block.parts}
    parts |= {"dropped": report.dropped, "late": report.late}
    return {where: [_tell(item) for item in items] for where, items in parts.items() if items}


def _tell(item: Item) -> str:
    number = f"{item.number} " if item.number else ""
    return f"{number}{item.text} ({', '.join(item.authors)})"


def history(*script: str, **given: Any) -> list[tuple[str, ...]]:
    grid = report_of(*script, **given).history
    return [] if grid is None else [row[1:] for row in grid.rows]


def refusals(*script: str) -> list[Refusal | None]:
    return [ruling.refusal for ruling in settle(record_of(*script), BAPA).rulings]


RECOMMENDED = [
    "R1 Train more staff at local level (Ana)",
    "R2 Train more of the staff at local level (Ben)",
    "R3 Share data (Ben, Dan)",
    "R4 Meet again (Dan)",
]
OTHERS = {
    "C.challenges": ["Costs are rising (Cho)"],
    "E.needs": ["Rooms (Cho)", "Chairs (Cho)"],
}


def test_note_that_is_moved_stands_under_the_other_tag_and_keeps_its_number_for_its_return():
    assert stands(report_of(*DAY)) == {"B.items": RECOMMENDED, **OTHERS}
    moved = (*DAY, "10:08 Desk: /move R2 défi", "10:09 Ana: #recommendation More")
    assert stands(report_of(*moved)) == {
        "B.items": [RECOMMENDED[0], *RECOMMENDED[2:], "R5 More (Ana)"],
        "C.challenges": ["Train more of the staff at local level (Ben)", "Costs are rising (Cho)"],
        "E.needs": OTHERS["E.needs"],
    }
    assert stands(report_of(*moved, "10:10 Desk: /move r2 #rec"))["B.items"] == [*RECOMMENDED, "R5 More (Ana)"]


def test_note_is_moved_into_a_session():
    script = ("09:00 Ana: #session I", "09:01 Ana: #rec Zero", "09:02 Ana: #session II", "09:03 Desk: /draft")
    for words in ("/move R1 conclusion", "/move R1 conclusion I"):
        assert stands(report_of(*script, f"09:04 Desk: {words}")) == {"I.conclusions": ["Zero (Ana)"]}
    for words in ("II", "2", "#s2", "session 2", "two"):
        assert stands(report_of(*script, f"09:04 Desk: /move R1 conclusion {words}")) == {
            "II.conclusions": ["Zero (Ana)"]
        }


def test_note_that_is_merged_leaves_its_part_and_its_author_joins_the_other():
    script = (*DAY, "10:08 Desk: /merge R1, R2")
    report = report_of(*script)
    assert stands(report) == {
        "B.items": ["R1 Train more staff at local level (Ana, Ben)", *RECOMMENDED[2:]],
        **OTHERS,
    }
    assert [item.decisions for part in report.parts() for item in part.items if item.decisions] == [
        ("R2 (Ben, 2018-05-07 10:02): merged into R1 (Desk, 2018-05-07 10:08)",)
    ]
    assert history(*script) == [
        ("Desk", "R2 (Ben, 2018-05-07 10:02): merged into R1", "Train more of the staff at local level")
    ]


def test_note_that_was_merged_comes_back_when_the_other_is_withdrawn():
    script = (*DAY, "10:08 Desk: /merge R1 R2", "10:09 Ana delete 2:")
    assert stands(report_of(*script))["B.items"] == RECOMMENDED[1:]


def test_notes_that_are_merged_one_after_the_other_stand_under_the_last():
    script = (*DAY, "10:08 Desk: /merge R3 R1", "10:09 Desk: /merge R4 R3")
    assert stands(report_of(*script))["B.items"] == [RECOMMENDED[1], "R4 Meet again (Dan, Ben, Ana)"]


def test_note_that_is_dropped_is_listed_until_it_is_kept():
    script = (*DAY, "10:08 Desk: /drop R1", "10:09 Desk reply 5: /drop")
    assert stands(report_of(*script)) == {
        "B.items": RECOMMENDED[1:],
        "E.needs": OTHERS["E.needs"],
        "dropped": [RECOMMENDED[0], "Costs are rising (Cho)"],
    }
    kept = (*script, "10:10 Desk: /keep R1", "10:11 Desk reply 5: /keep")
    assert stands(report_of(*kept)) == {"B.items": RECOMMENDED, **OTHERS}
    assert report_of(*script).for_submission().dropped == ()


def test_equal_notes_that_stand_once_are_decided_on_together_and_later_ones_are_not():
    dropped = (*DAY, "10:08 Desk: /drop R3", "10:09 Eve: #recommendation Share data.")
    assert stands(report_of(*dropped)) == {
        "B.items": [*RECOMMENDED[:2], RECOMMENDED[3], "R5 Share data. (Eve)"],
        **OTHERS,
        "dropped": [RECOMMENDED[2]],
    }
    # 7 has the same words as R3 and no number of its own
    edited = (*DAY, "10:08 Desk reply 7: /edit 1 Share all data")
    assert stands(report_of(*edited))["B.items"] == [
        *RECOMMENDED[:2],
        "R3 Share all data (Ben, Dan)",
        RECOMMENDED[3],
    ]


def test_note_that_was_decided_on_by_itself_stays_so_when_its_author_makes_it_equal_to_another():
    script = (
        *DAY,
        "10:08 Desk: /drop R4",
        "10:09 Dan edit 7: #rec share data!\n#rec Train more staff at local level",
        "10:10 Desk: /edit R1 Train all",
    )
    report = stands(report_of(*script))
    assert (report["B.items"][0], report["dropped"]) == (
        "R1 Train all (Ana)",
        ["R4 Train more staff at local level (Dan)"],
    )
    assert "R4 Train more staff at local level (Dan)" in stands(report_of(*script, "10:11 Desk: /keep R4"))["B.items"]


def test_notes_that_are_merged_into_each_other_while_one_was_withdrawn_are_not_lost():
    script = (*DAY, "10:08 Desk: /merge R1 R2", "10:09 Desk: /merge R2 R1", "10:10 Desk: /draft", "10:11 Ana delete 2:")
    assert stands(report_of(*script))["B.items"] == RECOMMENDED[1:]


def test_new_words_are_read_like_a_note_and_what_they_do_not_say_stays():
    script = (*DAY, "10:08 Desk: /edit R1 Train all staff\n- and pay them by: 2020 #SDG17")
    items = [item for part in report_of(*script).parts() for item in part.items if item.number == "R1"]
    assert [(item.text, item.attributes, item.authors) for item in items] == [
        ("Train all staff\n- and pay them", {"to": "Members", "by": "2020", "sdg": ["17"]}, ("Ana",))
    ]
    assert history(*script, "10:09 Desk: /edit R1 Train", "10:10 Desk: /undo") == [
        ("Desk", "R1: reworded", "Train more staff at local level"),
        ("Desk", "R1: reworded", "Train all staff\n- and pay them"),
        ("Desk", "taken back: R1: reworded", "Train"),
    ]


def test_author_who_changes_a_note_after_the_desk_is_told_of_to_the_desk():
    script = (*DAY, "10:08 Desk: /edit R4 Meet in May", "10:09 Dan edit 7: #rec share data!\n#rec Meet in June")
    report = report_of(*script)
    assert stands(report)["B.items"][3] == "R4 Meet in May (Dan)"
    heading = "Notes that their authors changed after the desk did; the words of the desk stand"
    assert [check.lines for check in report.checks if check.heading == heading] == [
        ("R4: reworded – “Meet in May” – “Meet in June”",)
    ]
    assert json_of(*script)["review"] == [
        {"kind": "reworded", "message_id": "7", "text": "Meet again"},
        {"kind": "overtaken", "message_id": "7", "text": "Meet in June"},
    ]
    merged = (*DAY, "10:08 Desk: /merge R1 R2", "10:09 Ben edit 3: #rec Train those of the districts")
    assert [check.lines for check in report_of(*merged).checks if check.heading == heading] == [
        (
            "R2 (Ben, 2018-05-07 10:02): merged into R1 – “Train more of the staff at local level” – "
            "“Train those of the districts”",
        )
    ]
    # the words that the desk replaced, not those that came later
    assert history(*script) == [("Desk", "R4: reworded", "Meet again")]


def test_late_note_that_is_kept_stands_in_the_report():
    script = (*DAY, "10:08 Desk: /close", "10:09 Eve: #trend More data", "10:10 Cho edit 5: #challenge Costs fall")
    assert stands(report_of(*script)) == {
        "B.items": RECOMMENDED,
        **OTHERS,
        "late": ["Costs fall (Cho)", "More data (Eve)"],
    }
    kept = (*script, "10:11 Desk reply 10: /keep", "10:12 Desk reply 5: /keep")
    assert stands(report_of(*kept)) == {
        "B.items": RECOMMENDED,
        "C.trends": ["More data (Eve)"],
        "C.challenges": ["Costs fall (Cho)"],
        "E.needs": OTHERS["E.needs"],
    }
    dropped = (*kept, "10:13 Desk reply 10: /drop", "10:14 Desk: /undo", "10:15 Desk: /undo", "10:16 Desk: /undo")
    assert stands(report_of(*dropped)) == stands(report_of(*script))


def test_late_note_in_a_session_that_nobody_opened_stands_there():
    script = ("10:00 Desk: /close", "10:01 Eve: #s3 #conclusion Agreed", "10:02 Desk reply 2: /keep")
    assert stands(report_of(*script)) == {"III.conclusions": ["Agreed (Eve)"]}


def similar(*script: str) -> tuple[str, ...]:
    heading = "Notes that resemble each other, all kept"
    return next((check.lines for check in report_of(*script).checks if check.heading == heading), ())


def test_similar_notes_are_proposed_until_one_is_kept_and_again_when_one_changes():
    texts = "“Train more staff at local level” – “Train more of the staff at local level”"
    proposed = (f"R1, R2: {texts} – /merge R1 R2, or /keep R1",)
    assert similar(*DAY) == proposed
    for words in ("/keep R1", "/keep R2", "/merge R1 R2", "/drop R1"):
        assert similar(*DAY, f"10:08 Desk: {words}") == ()
        assert similar(*DAY, f"10:08 Desk: {words}", "10:09 Desk: /undo") == proposed
    changed = similar(*DAY, "10:08 Desk: /keep R1", "10:09 Ben edit 3: #rec Train more staff at the local level")
    assert changed == (
        "R1, R2: “Train more staff at local level” – “Train more staff at the local level” – /merge R1 R2, or /keep R1",
    )


def test_equal_notes_of_different_parts_are_proposed():
    script = ("10:00 Ana: #challenge Costs", "10:01 Ben: #need costs!")
    assert similar(*script) == ("“Costs” – “costs!” – reply /drop to one of them, or /keep",)
    assert similar(*script, "10:02 Desk reply 2: /keep") == ()


def test_undo_takes_back_the_last_the_last_on_a_note_and_what_it_replies_to():
    script = (*DAY, "10:08 Desk: /drop R1", "10:09 Desk: /drop R2", "10:10 Desk: /drop R4")
    taken_back = {
        "10:11 Desk: /undo": ["R1", "R2"],
        "10:11 Desk: /undo R1": ["R2", "R4"],
        "10:11 Desk reply 2: /undo": ["R2", "R4"],
        "10:11 Desk reply 10: /undo": ["R1", "R4"],
        "10:11 Desk: /undo R3": ["R1", "R2", "R4"],
    }
    for line, numbers in taken_back.items():
        assert [item.number for item in report_of(*script, line).dropped] == numbers
    assert [item.number for item in report_of(*script, *["10:11 Desk: /undo"] * 5).dropped] == []


def test_what_cannot_be_has_no_effect_and_says_why():
    wrong = {
        "Desk: /move": Refusal.HOW,
        "Desk: /move R1": Refusal.HOW,
        "Desk: /drop R1 R2": Refusal.HOW,
        "Desk: /merge R1": Refusal.HOW,
        "Desk reply 2: /merge": Refusal.UNNUMBERED,
        "Desk: /merge R1 R2 R3": Refusal.HOW,
        "Desk: /edit R1": Refusal.HOW,
        "Desk: /drop R9": Refusal.NUMBER,
        "Desk: /drop X1": Refusal.HOW,
        f"Desk: /drop R{'9' * 99}": Refusal.HOW,
        "Desk reply 1: /drop": Refusal.NO_NOTE,
        "Desk reply 8: /drop": Refusal.NO_NOTE,
        "Desk reply 99: /drop": Refusal.NO_NOTE,
        "Desk reply 6: /drop": Refusal.SEVERAL,
        "Desk reply 6: /drop 3": Refusal.SEVERAL,
        "Desk: /move R1 xyzzy": Refusal.TAG,
        "Desk: /move R1 title": Refusal.TAG,
        "Desk: /move R1 conclusion IX": Refusal.SESSION,
        "Desk: /edit R1 #challenge Costs": Refusal.WORDS,
        "Desk: /edit R1 One #rec Two": Refusal.WORDS,
        "Desk: /merge R1 R1": Refusal.SAME,
        "Desk: /undo": Refusal.NOTHING,
        "Desk: /undo R1": Refusal.NOTHING,
    }
    assert {line: refusals(*DAY, f"10:08 {line}") for line in wrong} == {line: [why] for line, why in wrong.items()}
    everything = [f"10:08 {line}" for line in wrong]
    assert report_of(*DAY, *everything) == report_of(*DAY)


def test_notes_that_are_out_or_part_of_another_are_not_decided_on():
    script = (*DAY, "10:08 Desk: /merge R1 R2", "10:09 Desk: /drop R3")
    late = ("/drop R2", "/merge R2 R4", "/merge R4 R2", "/edit R3 Words", "/drop R3", "/merge R4 R3", "/merge R2 R1")
    said = [Refusal.MERGED] * 3 + [Refusal.DROPPED] * 3 + [Refusal.MERGED]
    assert refusals(*script, *(f"10:10 Desk: {words}" for words in late)) == [None, None, *said]


def test_number_that_a_later_draft_gives_is_none_before_it():
    early = (*DAY[:-1], "10:06 Desk: /drop R1", DAY[-1])
    assert stands(report_of(*early)) == {"B.items": RECOMMENDED, **OTHERS}
    # a draft after the decision gives the next number, and no other note R1
    later = (*DAY, "10:08 Desk: /drop R1", "10:09 Ana: #rec More", "10:10 Desk: /draft", "10:11 Desk: /drop R5")
    assert stands(report_of(*later))["dropped"] == [RECOMMENDED[0], "R5 More (Ana)"]


def test_off_the_record_is_out_of_reach_and_leaves_no_trace():
    secret = (*DAY, "10:08 Desk: /drop R1", "10:09 Ana reply 2: #offrecord", "10:10 Desk: /keep R1")
    assert (history(*secret), "dropped" in stands(report_of(*secret))) == ([], False)
    command = (*DAY, "10:08 Desk: /edit R1 Secret", "10:09 Desk reply 9: #offrecord")
    assert (history(*command), stands(report_of(*command))["B.items"]) == ([], RECOMMENDED)


def test_undo_takes_back_the_same_decision_when_its_note_goes_off_the_record():
    script = (*DAY, "10:08 Desk: /drop R4", "10:09 Desk: /drop R1", "10:10 Desk: /undo")
    secret = (*script, "10:11 Ana reply 2: #offrecord")
    assert (stands(report_of(*secret))["dropped"], history(*secret)) == (
        ["R4 Meet again (Dan)"],
        [("Desk", "R4: taken out", "Meet again")],
    )


def test_chatham_house_rule_shows_the_history_without_names():
    quoted = "10:06 Eve: #recommendation Pay them. Speaker: Kowalczyk\nSpeaker: Okonkwo"
    script = (*DAY[:-1], quoted, DAY[-1], "10:08 Desk: /set rule: chatham", "10:09 Desk: /merge R1 R2")
    report = report_of(*script, "10:10 Desk: /drop R3", "10:11 Desk: /edit R5 Pay. Speaker: Okonkwo")
    report_again = report_of(*script, "10:11 Desk: /edit R5 Pay", "10:12 Desk: /edit R5 Pay all")
    everything = [*(item for part in report.parts() for item in part.items), *report.dropped]
    assert {(item.author, item.authors, item.decisions) for item in everything} == {("", (), ())}
    assert report.history == Grid(
        "",
        ("Time", "Decision", "Former words"),
        (
            ("2018-05-07 10:09", "R2: merged into R1", "Train more of the staff at local level"),
            ("2018-05-07 10:10", "R3: taken out", "Share data"),
            ("2018-05-07 10:11", "R5: reworded", "Pay them."),
        ),
    )
    told = write_report(report) + write_report(report_again)
    assert [name for name in ("Kowalczyk", "Okonkwo", "Ben", "Eve", "Desk") if name in told] == []


def test_history_of_a_draft_that_named_people_is_not_shown_under_the_chatham_house_rule():
    before = report_of(*DAY, "10:08 Desk: /merge R1 R2")
    hidden = hide_people(before)
    assert (hidden.history, [former.text for former in hidden.former]) == (
        None,
        ["Train more of the staff at local level"],
    )


def test_words_that_may_name_nobody_name_nobody_when_their_author_takes_them_out():
    script = ("10:00 Ana: #recommendation Pay them. Speaker: Okonkwo #nonattrib", "10:01 Desk: /draft")
    decided = (*script, "10:02 Desk: /edit R1 Pay", "10:03 Ana edit 1: Pay nobody. Speaker: Okonkwo #nonattrib")
    report = report_of(*decided)
    assert len(lapsed(report)) == 1
    assert "Okonkwo" not in write_report(report)


def test_json_lists_what_stands_in_no_part_any_more():
    decided = ("10:08 Desk: /merge R1 R2", "10:09 Desk: /edit R4 Meet in May", "10:10 Desk: /edit R4 Meet in June")
    listed = json_of(*DAY, *decided, "10:11 Desk: /drop R3")["review"]
    assert listed == [
        {"kind": "dropped", "message_id": "4", "text": "Share data"},
        {"kind": "merged", "message_id": "3", "text": "Train more of the staff at local level"},
        {"kind": "reworded", "message_id": "7", "text": "Meet again"},
        {"kind": "reworded", "message_id": "7", "text": "Meet in May"},
    ]
    assert json_of(*DAY, *decided, *[f"10:1{n} Desk: /undo" for n in range(1, 4)])["review"] == []


LAPSED = "Decisions of the desk that hold no longer: the author changed the message, and its words stand"
PAIR = ("10:00 Cho: #recommendation Gamma\n#challenge Delta", "10:01 Ana: #recommendation Alpha", "10:02 Desk: /draft")


def lapsed(report: Report) -> tuple[str, ...]:
    return next((check.lines for check in report.checks if check.heading == LAPSED), ())


def test_decision_lapses_when_its_author_puts_another_note_in_the_place():
    for command, told, alpha in (
        ("/edit R1 Gamma better", "R1: reworded – “Gamma better” – “Delta only”", "R2 Alpha (Ana)"),
        ("/drop R1", "R1: taken out – “Gamma” – “Delta only”", "R2 Alpha (Ana)"),
        ("/move R1 need", "R1: moved to E. Needs/interests – “Gamma” – “Delta only”", "R2 Alpha (Ana)"),
        ("/merge R2 R1", "R1 (Cho, 2018-05-07 10:00): merged into R2 – “Gamma” – “Delta only”", "R2 Alpha (Ana)"),
    ):
        report = report_of(*PAIR, f"10:03 Desk: {command}", "10:04 Cho edit 1: #challenge Delta only")
        assert (stands(report), lapsed(report)) == (
            {"B.items": [alpha], "C.challenges": ["Delta only (Cho)"]},
            (told,),
        )
    reviewed = json_of(*PAIR, "10:03 Desk: /edit R1 Gamma better", "10:04 Cho edit 1: #challenge Delta only")["review"]
    assert reviewed == [{"kind": "lapsed", "message_id": "1", "text": "Gamma better"}]


def test_decision_lapses_when_its_note_is_edited_out_and_holds_again_when_it_is_back():
    edited = (*PAIR, "10:03 Desk reply 1: /edit 2 Delta better", "10:04 Cho edit 1: #recommendation Gamma")
    assert (stands(report_of(*edited)), lapsed(report_of(*edited))) == (
        {"B.items": ["R1 Gamma (Cho)", "R2 Alpha (Ana)"]},
        ("“Delta”: reworded – “Delta better” – “#recommendation Gamma”",),
    )
    back = (*edited, "10:05 Cho edit 1: #recommendation Gamma\n#challenge Delta!")
    assert stands(report_of(*back))["C.challenges"] == ["Delta better (Cho)"]
    assert lapsed(report_of(*back)) == ()


def test_notes_that_change_places_take_no_decision_along():
    script = ("10:00 Cho: #need Rooms\n#need Chairs", "10:01 Desk reply 1: /drop 1")
    assert stands(report_of(*script))["dropped"] == ["Rooms (Cho)"]
    for edit in ("#need Chairs\n#need Rooms", "#need Chairs", "#need Tables\n#need Rooms\n#need Chairs"):
        report = report_of(*script, f"10:02 Cho edit 1: {edit}")
        assert [item.text for item in report.dropped] == []
        assert len(lapsed(report)) == 1
    for edit in ("#need Rooms for all\n#need Chairs", "#need Rooms\n#need Chairs\n#need Tables"):
        report = report_of(*script, f"10:02 Cho edit 1: {edit}")
        assert ([item.text.partition(" ")[0] for item in report.dropped], lapsed(report)) == (["Rooms"], ())


def test_note_that_another_decision_lapsed_on_can_be_decided_on_again():
    script = (*PAIR, "10:03 Desk: /drop R1", "10:04 Cho edit 1: #challenge Delta only", "10:05 Desk reply 1: /drop")
    assert stands(report_of(*script)) == {"B.items": ["R2 Alpha (Ana)"], "dropped": ["R1 Delta only (Cho)"]}


def test_decision_on_a_note_of_a_closed_meeting_stays_whatever_its_author_edits_then():
    script = (*PAIR, "10:03 Desk: /close", "10:04 Cho edit 1: #challenge Late", "10:05 Desk: /drop R1")
    assert stands(report_of(*script)) == {
        "B.items": ["R2 Alpha (Ana)"],
        "C.challenges": ["Delta (Cho)"],
        "dropped": ["R1 Gamma (Cho)"],
        "late": ["Late (Cho)"],
    }


def test_reply_takes_out_one_copy_and_a_number_all_that_say_the_same():
    script = ("10:00 Ana: #need Rooms", "10:01 Ben: #need rooms!", "10:02 Cho: #rec Pay", "10:03 Dan: #rec pay")
    assert stands(report_of(*script))["E.needs"] == ["Rooms (Ana, Ben)"]
    second = report_of(*script, "10:04 Desk reply 2: /drop")
    assert stands(second) == {"B.items": ["R1 Pay (Cho, Dan)"], "E.needs": ["Rooms (Ana)"], "dropped": ["rooms! (Ben)"]}
    first = (*script, "10:04 Desk reply 1: /drop")
    assert (stands(report_of(*first))["E.needs"], stands(report_of(*first))["dropped"]) == (
        ["rooms! (Ben)"],
        ["Rooms (Ana)"],
    )
    # what is left can be worked on, and the copy comes back to it
    assert stands(report_of(*first, "10:05 Desk reply 2: /edit Halls"))["E.needs"] == ["Halls (Ben)"]
    assert stands(report_of(*first, "10:05 Desk reply 1: /keep")) == stands(report_of(*script))
    numbered = report_of(*script, "10:04 Desk: /draft", "10:05 Desk: /drop R1")
    assert stands(numbered)["dropped"] == ["R1 Pay (Cho, Dan)"]
    assert refusals(*script, "10:04 Desk: /draft", "10:05 Desk: /drop R1", "10:06 Desk reply 4: /drop") == [
        None,
        Refusal.DROPPED,
    ]


WAITING = (
    "10:00 Ana: #session II: Means",
    "10:01 Ana: #xyzzy Nobody knows",
    "10:02 Ana: #need #challenge #trend #opportunity #rec Many at once",
    "10:03 Ana: We should build bridges",
    "10:04 Ana: #need",
)


def test_what_waits_for_review_is_moved_to_a_part_or_taken_out_by_a_reply():
    assert [entry["kind"] for entry in json_of(*WAITING)["review"]] == ["unknown_tag", "too_many_tags", "empty_note"]
    moves = (f"10:1{line} Desk reply {line}: /move need" for line in (2, 3, 4))
    moved = (*WAITING, *moves, "10:15 Desk reply 5: /drop")
    report = report_of(*moved)
    assert stands(report) == {
        "E.needs": ["Nobody knows (Ana)", "Many at once (Ana)", "We should build bridges (Ana)"],
        "dropped": ["#need (Ana)"],
    }
    assert report.review == ()
    assert stands(report_of(*moved, "10:20 Desk reply 4: /move conclusion"))["II.conclusions"] == [
        "We should build bridges (Ana)"
    ]
    assert stands(report_of(*moved, "10:20 Desk reply 3: /edit Many"))["E.needs"][1] == "Many (Ana)"
    undone = (*moved, *(f"10:2{n} Desk: /undo" for n in range(4)))
    assert (stands(report_of(*undone)), report_of(*undone).review) == ({}, report_of(*WAITING).review)


def test_what_waits_and_is_moved_stays_in_its_session_and_follows_its_author():
    moved = (*WAITING, "10:10 Desk reply 2: /move conclusion")
    assert stands(report_of(*moved)) == {"II.conclusions": ["Nobody knows (Ana)"]}
    assert [entry["kind"] for entry in json_of(*moved)["review"]] == ["too_many_tags", "empty_note"]
    mended = report_of(*moved, "10:11 Ana edit 2: #trend Nobody knows")
    assert (stands(mended), lapsed(mended)) == (
        {"C.trends": ["Nobody knows (Ana)"]},
        ("“#xyzzy Nobody knows”: moved to F. Conclusions reached (II) – “#xyzzy Nobody knows” – “Nobody knows”",),
    )


def test_only_what_waits_or_can_be_filed_is_within_reach_of_a_reply():
    wrong = {
        "reply 1: /move need": Refusal.NO_NOTE,
        "reply 2: /keep": Refusal.NO_NOTE,
        "reply 2: /edit Words": Refusal.NO_NOTE,
        "reply 4: /drop": Refusal.NO_NOTE,
        "reply 5: /move need": Refusal.NO_NOTE,
    }
    assert {line: refusals(*WAITING, f"10:10 Desk {line}") for line in wrong} == {k: [v] for k, v in wrong.items()}


def test_word_is_a_number_only_where_the_template_gives_such():
    script = ("10:00 Ana: #challenge Costs", "10:01 Desk reply 1: /edit G20 members pay", "10:02 Desk: /draft")
    assert stands(report_of(*script)) == {"C.challenges": ["G20 members pay (Ana)"]}


# --- whatever is decided -------------------------------------------------------------------------------------------

_NUMBERS = st.sampled_from(["R1", "R2", "R3", "R4", "R9"])
_DECIDED = st.one_of(
    st.builds("Desk: /move {} {}".format, _NUMBERS, st.sampled_from(["challenge", "rec", "conclusion II", "document"])),
    st.builds("Desk: /merge {} {}".format, _NUMBERS, _NUMBERS),
    st.builds("Desk: /{} {}".format, st.sampled_from(["drop", "keep"]), _NUMBERS),
    st.builds("Desk: /edit {} {}".format, _NUMBERS, st.sampled_from(["New words", "Share data", "Share data to: All"])),
    st.builds("Desk reply {}: /{}".format, st.integers(1, 9), st.sampled_from(["drop", "keep", "move need", "drop 2"])),
    st.builds("Desk reply {}: /merge {}".format, st.integers(1, 9), _NUMBERS),
    st.sampled_from(["Desk: /undo", "Desk: /draft", "Ana: #rec Share data", "Ana: #need Rooms"]),
    st.sampled_from(["Dan edit 7: #challenge Meet #xyzzy", "Ben edit 3: #rec Train", "Cho edit 6: #need Chairs"]),
)
_DECISIONS = st.lists(_DECIDED, max_size=8)


def _after(decided: list[str]) -> tuple[str, ...]:
    return (*DAY, *(f"10:{10 + index} {line}" for index, line in enumerate(decided)))


@settings(max_examples=25, deadline=None)
@given(decided=_DECISIONS)
def test_no_decision_loses_a_note_or_gives_a_number_twice(decided: list[str]):
    script = _after(decided)
    settled = settle(record_of(*script), BAPA)
    report = settled.report
    blocks = [part for block in report.session_blocks() for part in block.parts]
    items = [item for part in (*report.parts(), *blocks) for item in part.items]
    told = [item.text for item in (*items, *report.dropped)]
    told += [former.text for former in report.former]
    posted = [filing.text for filing in gather(record_of(*script)).filings]
    assert set(map(fold_text, posted)) - set(map(fold_text, told)) == set()
    numbered = [(number, part) for (_, _, part), number in settled.numbers.items()]
    assert len(numbered) == len(set(numbered))
    assert {(item.number, item.note) for item in items if item.number} <= {
        (label, "/".join(key) + f"#{place}") for (key, place), label in settled.labels.items()
    }


@settings(max_examples=25, deadline=None)
@given(decided=st.lists(_DECIDED.filter(lambda line: "/draft" not in line and "#" not in line), max_size=8))
def test_as_many_undos_give_the_first_report_again(decided: list[str]):
    script = _after(decided)
    undone = (*script, *(f"10:{30 + index} Desk: /undo" for index in range(len(decided))))
    assert replace(report_of(*undone), history=None) == report_of(*DAY)


@settings(max_examples=12, deadline=None)
@given(decided=_DECISIONS, seed=st.randoms(use_true_random=False))
def test_order_of_the_record_makes_no_difference_to_decisions(decided: list[str], seed: Any):
    record = record_of(*_after(decided))
    messages, steps = list(record.messages), list(record.steps)
    seed.shuffle(messages)
    seed.shuffle(steps)
    turned = replace(record, messages=tuple(messages), steps=tuple(steps))
    assert settle(turned, BAPA) == settle(record, BAPA)
