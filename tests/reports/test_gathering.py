from dataclasses import replace

from core.notes import Problem
from reports.gathering import gather
from tests.reports.conversation import fields_of, file_script, filed, record_of, report_of, sessions_of

# --- sessions ------------------------------------------------------------------------------------------------------


def test_note_belongs_to_the_session_that_it_names():
    assert file_script(
        "10:00 Ana: #session I: Opening",
        "10:01 Ana: #session II #conclusion On II",
        "10:02 Ana: #s2 #topic Also on II",
        "10:03 Ana: #topic On I",
    ) == {
        "I.main_topics": ["On I"],
        "II.main_topics": ["Also on II"],
        "II.conclusions": ["On II"],
    }


def test_note_belongs_to_its_authors_session_before_the_chats_last():
    assert file_script(
        "10:00 Ana: #session I: Opening",
        "10:01 Ben: #breakout 3B: Youth",
        "10:02 Ana: #topic Of Ana",
        "10:03 Ben: #topic Of Ben",
        "10:04 Eve: #topic Of Eve, who opened none",
        "10:05 Eve: #session one",
        "10:06 Eve: #topic Of Eve, who joined",
    ) == {
        "I.main_topics": ["Of Ana", "Of Eve, who joined"],
        "3B.main_topics": ["Of Ben", "Of Eve, who opened none"],
    }


def test_note_without_an_open_session_has_none():
    assert file_script(
        "10:00 Ana: #topic Before any",
        "10:01 Ana: #session I: Opening",
        "10:02 Ana: #endsession",
        "10:03 Ana: #topic After the end",
    ) == {"G.items": ["Before any", "After the end"]}


def test_end_of_a_session_is_for_everybody_and_falls_back_to_another():
    assert file_script(
        "10:00 Ana: #session I: Opening",
        "10:01 Ben: #session II: Means",
        "10:02 Ben: #endsession",
        "10:03 Ben: #topic Of Ben",
        "10:04 Ana: #topic Of Ana",
    ) == {"I.main_topics": ["Of Ben", "Of Ana"]}


def test_session_that_is_opened_again_is_the_one_opened_last():
    assert file_script(
        "10:00 Ana: #session I: Opening",
        "10:01 Ben: #session II: Means",
        "10:02 Ana: #endsession",
        "10:03 Eve: #session I",
        "10:04 Dan: #topic Of Dan",
        "10:05 Eve: #session two",
        "10:06 Dan: #topic Of Dan, where joining opens nothing",
    ) == {"I.main_topics": ["Of Dan", "Of Dan, where joining opens nothing"]}


def test_opening_a_session_closes_the_authors_former_one():
    assert file_script(
        "10:00 Ana: #session I: Opening",
        "10:01 Ben: #session one",
        "10:02 Ana: #session II: Means",
        "10:03 Ben: #topic Of Ben, whose session ended",
    ) == {"II.main_topics": ["Of Ben, whose session ended"]}


def test_who_joined_a_session_does_not_close_it_by_going_on():
    assert file_script(
        "10:00 Ana: #session I: Opening",
        "10:01 Ben: #session one",
        "10:02 Ben: #session II: Means",
        "10:03 Ana: #topic Of Ana",
    ) == {"I.main_topics": ["Of Ana"]}


def test_sessions_are_known_across_chats_by_label_but_open_in_their_own():
    assert file_script(
        "10:00 Ana@hall: #session II: Means",
        "10:01 Ben@desk: #topic Of a chat where none is open",
        "10:02 Ben@desk: #session 2",
        "10:03 Eve@desk: #topic Of a chat that joined",
        "10:04 Ana@desk: #topic Of Ana, in another chat",
    ) == {
        "G.items": ["Of a chat where none is open"],
        "II.main_topics": ["Of a chat that joined", "Of Ana, in another chat"],
    }


def test_chats_of_one_name_on_two_platforms_are_two():
    assert file_script(
        "10:00 Ana@slack/hall: #session II: Means",
        "10:01 Ben@telegram/hall: #topic Elsewhere",
        "10:02 Ben@slack/hall: #topic Here",
    ) == {"G.items": ["Elsewhere"], "II.main_topics": ["Here"]}


def test_a_bare_code_names_a_session_only_if_there_is_one():
    assert file_script(
        "10:00 Ana: #topic #3B Youth employment",
        "10:01 Ana: #topic #3D printing",
        "10:20 Ben: #breakout 3B: Youth",
    ) == {"3B.main_topics": ["Youth employment"], "G.items": ["#3D printing"]}


def test_labels_meet_in_all_their_spellings():
    report = report_of(
        "10:00 Ana: #session II: Means",
        "10:01 Ben: #session two",
        "10:02 Eve: #séance 2 : Moyens",
        "10:03 Eve: #topic T",
    )
    assert (sessions_of(report), filed(report)) == ([("II", "Moyens", "")], {"II.main_topics": ["T"]})


def test_sessions_stand_by_number_and_named_ones_where_they_began():
    report = report_of(
        "09:00 Ana: #session Plenary: Opening",
        "10:00 Ana: #session III",
        "11:00 Ana: #session I",
        "12:00 Ana: #breakout 3B",
        "13:00 Ana: #session Closing ceremony: Thanks",
    )
    assert sessions_of(report) == [
        ("Plenary", "Opening", ""),
        ("I", "", ""),
        ("III", "", ""),
        ("3B", "", ""),
        ("Closing ceremony", "Thanks", ""),
    ]


def test_theme_codes_are_spelled_out_and_other_words_stay():
    report = report_of(
        "10:00 Ana: #session I",
        "10:01 Ana: #theme b-iii",
        "11:00 Ana: #session II",
        "11:01 Ana: #theme Of our own",
        "12:00 Ana: #session III",
        "12:01 Ana: #tema (b)(i)",
    )
    assert sessions_of(report) == [
        ("I", "", "Sharing of experiences, best practices and success stories"),
        ("II", "", "Of our own"),
        ("III", "", "Comparative advantages of and opportunities for South-South cooperation"),
    ]


def test_theme_without_a_session_is_for_review():
    assert file_script("10:00 Ana: #theme b-ii") == {"review": ["no_session: #theme b-ii"]}


# --- replies -------------------------------------------------------------------------------------------------------


def test_reply_with_a_tag_files_talk_for_its_author():
    report = report_of("10:00 Ana: Costs are rising", "10:05 Ben reply 1: #challenge #SDG8")
    [item] = [item for part in report.parts() for item in part.items]
    assert (item.text, item.author, item.authors, item.message_id, item.attributes) == (
        "Costs are rising",
        "Ana",
        ("Ana",),
        "1",
        {"sdg": ["8"]},
    )


def test_reply_with_a_tag_files_notes_in_a_further_part():
    assert file_script("10:00 Ana: #challenge Costs", "10:05 Ben reply 1: #need #trend") == {
        "C.challenges": ["Costs"],
        "C.trends": ["Costs"],
        "E.needs": ["Costs"],
    }


def test_reply_with_a_tag_settles_what_waited_for_review():
    script = ["10:00 Ana: #chalenj Costs are rising"]
    assert file_script(*script) == {"review": ["unknown_tag: #chalenj Costs are rising"]}
    assert file_script(*script, "10:01 Ben reply 1: #challenge") == {"C.challenges": ["Costs are rising"]}


def test_reply_to_a_deleted_message_files_nothing():
    assert file_script("10:00 Ana: Costs", "10:01 Ben reply 1: #challenge", "10:02 Ana delete 1:") == {}


def test_reply_to_a_message_never_seen_is_for_review():
    assert file_script("10:00 Ben reply 7: #challenge") == {"review": ["unknown_reply: #challenge"]}
    assert file_script("10:00 Ana edit 7: Costs", "10:01 Ben reply 7: #challenge") == {
        "review": ["unknown_reply: #challenge"]
    }


def test_ignore_withdraws_all_that_a_message_did():
    script = ["10:00 Ana: #session I: Opening\n#topic One\n#venue Geneva", "10:01 Ana: #topic Two"]
    assert file_script(*script) == {"I.main_topics": ["One", "Two"]}
    report = report_of(*script, "10:02 Ben reply 1: #ignore")
    assert (filed(report), fields_of(report)) == ({"G.items": ["Two"]}, {})


def test_reply_that_is_withdrawn_asks_for_nothing():
    script = ["10:00 Ana: Costs", "10:01 Ben reply 1: #challenge", "10:02 Ben reply 2: #ignore"]
    assert file_script(*script) == {}
    assert file_script(*script, "10:03 Ben reply 3: #ignore") == {"C.challenges": ["Costs"]}


def test_ignore_that_is_no_reply_is_for_review():
    assert file_script("10:00 Ana: #ignore") == {"review": ["needs_reply: #ignore"]}


# --- continuations -------------------------------------------------------------------------------------------------


def test_ellipsis_continues_the_authors_note_within_five_minutes():
    assert file_script(
        "10:00 Ana: #challenge Costs",
        "10:01 Ben: #need Staff",
        "10:02 Ana: Who has the figures?",
        "10:05 Ana: … of transport",
        "10:10 Ana: ...and of food",
        "10:15:01 Ana: … too late",
    ) == {"C.challenges": ["Costs … of transport ...and of food"], "E.needs": ["Staff"]}


def test_ellipsis_continues_nothing_in_another_chat_or_of_another_author():
    assert file_script("10:00 Ana: #challenge Costs", "10:01 Ana@hall: … a", "10:02 Ben: … b") == {
        "C.challenges": ["Costs"]
    }


def test_ellipsis_continues_a_field_and_what_waits_for_review():
    report = report_of(
        "10:00 Ana: #challenge Costs",
        "10:01 Ana: #venue Church Center,",
        "10:02 Ana: … New York",
        "10:03 Ana: #xyzzy What",
        "10:04 Ana: … is this?",
    )
    assert (filed(report), fields_of(report)) == (
        {"C.challenges": ["Costs"], "review": ["unknown_tag: #xyzzy What … is this?"]},
        {"venue": "Church Center, … New York"},
    )


def test_ellipsis_behind_a_session_is_talk():
    assert file_script("10:00 Ana: #challenge Costs", "10:01 Ana: #session I", "10:02 Ana: … here we go") == {
        "C.challenges": ["Costs"]
    }


def test_what_continued_a_withdrawn_note_does_not_go_to_the_one_above():
    script = ["10:00 Ana: #challenge Costs", "10:01 Ana: #need Staff", "10:02 Ana: … in the field"]
    assert file_script(*script, "10:03 Ana delete 2:") == {"C.challenges": ["Costs"]}
    assert file_script(*script, "10:03 Ben reply 2: #ignore") == {"C.challenges": ["Costs"]}


# --- fields --------------------------------------------------------------------------------------------------------


def test_last_value_of_a_field_wins_by_the_time_of_its_message():
    report = report_of(
        "10:05 Ana: #venue Third",
        "10:00 Ana: #venue First\n#date 9 July 2017",
        "10:03 Ben: /set venue: Second",
        "10:09 Ana edit 2: #venue Edited, but it keeps its place\n#date 10 July 2017",
        "10:06 Ben: /set prepared_by: Ben",
        "10:06 Ana: #preparedby Ana",
    )
    assert fields_of(report) == {"venue": "Third", "date": "10 July 2017", "prepared_by": "Ana"}


def test_values_of_one_second_go_by_the_number_of_their_message():
    script = [f"10:00 Ana: /set venue: {number}" for number in range(1, 12)]
    record = record_of(*script)
    assert gather(record).fields == {"venue": "11"}


def test_title_of_a_second_open_does_not_count():
    report = report_of("10:00 Ana: /open title: First", "10:01 Ana: /open title: Second\nzone: Asia/Tokyo")
    assert (report.meeting["title"], report.meeting["zone"], fields_of(report)) == ("First", "UTC", {"title": "First"})


# --- after the close -----------------------------------------------------------------------------------------------

THEME_B2 = (
    "Challenges and the strengthening of the institutional framework of South-South cooperation "
    "and triangular cooperation"
)
CLOSED = (
    "10:00 Ana: #challenge Costs",
    "10:01 Ana: Staff is short",
    "10:02 Ana: #need Rooms",
    "10:30 Desk: /close",
    "10:31 Ana: #trend Digital work",
    "10:32 Ana: #venue Geneva",
    "10:33 Ana: #session IV: Late\n#theme b-ii",
    "10:34 Ana edit 1: #challenge Rising costs",
    "10:35 Ben reply 2: #need",
    "10:36 Ana: Off we go",
    "10:37 Ana: #xyzzy Where to?",
)


def test_what_comes_after_the_close_is_listed_and_changes_nothing():
    report = report_of(*CLOSED)
    assert (filed(report), fields_of(report), sessions_of(report)) == (
        {
            "C.challenges": ["Costs"],
            "E.needs": ["Rooms"],
            "late": [
                "#challenge Rising costs",
                "#need Staff is short",
                "#trend Digital work",
                "#venue Geneva",
                "#session IV: Late",
                "#theme b-ii",
            ],
            "review": ["unknown_tag: #xyzzy Where to?"],
        },
        {},
        [],
    )


def test_reopening_takes_in_what_was_late():
    report = report_of(*CLOSED, "10:40 Desk: /reopen")
    assert (filed(report), fields_of(report), sessions_of(report)) == (
        {
            "C.challenges": ["Rising costs"],
            "C.trends": ["Digital work"],
            "E.needs": ["Staff is short", "Rooms"],
            "review": ["unknown_tag: #xyzzy Where to?"],
        },
        {"venue": "Geneva"},
        [("IV", "Late", THEME_B2)],
    )


def test_second_close_counts_from_its_own_time():
    script = [*CLOSED, "10:40 Desk: /reopen", "10:50 Desk: /close", "10:51 Desk: /close", "10:52 Ana: #trend More"]
    assert filed(report_of(*script)) == {**filed(report_of(*script[:-2])), "late": ["#trend More"]}


def test_withdrawing_after_the_close_takes_effect():
    script = ["10:00 Ana: #challenge Costs", "10:01 Ana: #need Rooms", "10:02 Ana: #trend T", "10:30 Desk: /close"]
    assert (
        file_script(*script, "10:31 Ana delete 1:", "10:32 Ben reply 2: #ignore", "10:33 Ana edit 3: Never mind") == {}
    )


def test_what_continues_a_note_after_the_close_is_late():
    assert file_script(
        "10:29 Ana: #challenge Costs", "10:30 Desk: /close", "10:31 Ana: … of food", "10:32 Ana: … and"
    ) == {
        "C.challenges": ["Costs"],
        "late": ["#challenge … of food … and"],
    }


# --- off the record ------------------------------------------------------------------------------------------------


def test_off_the_record_is_nowhere_with_what_continues_it():
    script = (
        "10:00 Ana: #challenge Costs",
        "10:01 Ana: #offrecord The minister resigns",
        "10:02 Ana: … on Monday",
        "10:03 Ben reply 2: #challenge",
        "10:04 Ben: Is that so?",
        "10:05 Ben reply 5: #offrecord",
        "10:06 Ben: #need Staff",
        "10:07 Eve: #trend Growth",
        "10:08 Eve edit 8: #trend Growth #offrecord",
    )
    record = record_of(*script)
    assert file_script(*script) == {"C.challenges": ["Costs"], "E.needs": ["Staff"]}
    assert {key.id for key in gather(record).off_record} == {"2", "3", "4", "5", "6", "8"}


def test_note_that_came_on_the_record_by_an_edit_is_filed():
    script = ["10:00 Ana: #offrecord Costs rise", "10:01 Ana edit 1: #challenge Costs rise"]
    assert file_script(*script) == {"C.challenges": ["Costs rise"]}


# --- edits ---------------------------------------------------------------------------------------------------------


def test_edit_changes_words_and_tags_but_not_the_place():
    report = report_of(
        "10:00 Ana: #challenge One",
        "10:01 Ana: #challenge Two",
        "10:02 Ana edit 1: #challenge First",
        "10:03 Ana edit 2: #need Second",
    )
    assert filed(report) == {"C.challenges": ["First"], "E.needs": ["Second"]}
    assert [(i.text, i.edited) for p in report.parts() for i in p.items] == [("First", True), ("Second", True)]


def test_edit_with_the_same_text_is_none():
    report = report_of("10:00 Ana: #challenge One", "10:01 Ana edit 1: #challenge One")
    assert [(i.text, i.edited) for p in report.parts() for i in p.items] == [("One", False)]


def test_edit_of_a_message_never_seen_is_for_review_if_it_has_a_tag():
    record = record_of("10:00 Ana edit 9: #challenge One", "10:01 Ana edit 8: Talk", "10:02 Ana edit 7: … more")
    assert [(d.problem, d.message.key.id, d.text) for d in gather(record).doubts] == [
        (Problem.ORPHAN_EDIT, "9", "#challenge One")
    ]


def test_message_ids_of_any_length_have_an_order():
    long = "9" * 5000  # more figures than int() takes
    ids = [long, "10", "9", "09", "a2b", "a10b"]
    record = record_of(*(f"10:00 Ana: #challenge {number}" for number in range(len(ids))))
    keys = {m.key: m.key._replace(id=id_) for m, id_ in zip(record.messages, ids, strict=True)}
    messages = [replace(m, key=keys[m.key]) for m in record.messages]
    notes = {keys[key]: of_it for key, of_it in record.notes.items()}
    for order in (messages, messages[::-1]):
        gathered = gather(replace(record, messages=tuple(order), notes=notes))
        assert [f.message.key.id for f in gathered.filings] == ["09", "9", "10", long, "a2b", "a10b"]


def test_reply_to_the_message_that_opened_a_session_is_in_its_thread():
    report = report_of(
        "10:00 Ana: #session 3B: Break",
        "10:01 Bob: #session I: Main",
        "10:02 Zed reply 1: #topic in the thread",
        "10:03 Zed: #topic in the hall",
    )
    assert {b.label: [i.text for p in b.parts for i in p.items] for b in report.session_blocks()} == {
        "I": ["in the hall"],
        "3B": ["in the thread"],
    }


def test_joining_another_group_does_not_end_the_one_that_was_opened():
    report = report_of(
        "10:00 Ana: #session 3A: One",
        "10:01 Bob: #session 3B: Two",
        "10:02 Zed: #session 3A",
        "10:03 Ana: #session 3B",
        "10:04 Zed: #topic x",
    )
    assert {b.label: [i.text for p in b.parts for i in p.items] for b in report.session_blocks()} == {
        "3A": ["x"],
        "3B": [],
    }


def test_late_note_keeps_the_session_that_it_names_and_makes_no_block():
    report = report_of(
        "10:00 Ana: #session II: F", "10:10 Ana: /close", "10:11 Bob: #rec late #s2", "10:12 Bob: #rec later #s9"
    )
    assert [(item.text, item.session) for item in report.late] == [("late", "II"), ("later", "IX")]
    assert [block.label for block in report.session_blocks()] == ["II"]


def test_duplicate_that_is_not_to_be_attributed_hides_the_speaker_of_both():
    report = report_of("10:00 Ana: #rec Speaker: A, U – Same", "10:01 Bob: #rec #nonattrib Speaker: A, U – same!")
    assert [(i.text, dict(i.attributes), i.authors) for p in report.parts() for i in p.items] == [
        ("Same", {}, ("Ana", "Bob"))
    ]
