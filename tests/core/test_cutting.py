"""How a text becomes notes: the table of rules.md, section 3, row by row, and the edge cases of practice."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.attributes import read_attributes
from core.cutting import cut_text
from core.messages import Attachment
from core.notes import Note, NoteKind, Problem
from core.segments import bare_words
from core.text import clean_text

REC, CHALLENGE, TREND = ("recommendation",), ("challenge",), ("trend",)
PHOTO = (Attachment("photo", "board.jpg"),)


def note(place: int, tags: tuple[str, ...], text: str, **details: Any) -> Note:
    return Note(place, NoteKind.NOTE, tags=tags, text=text, **details)


def review(place: int, problem: Problem, text: str, **details: Any) -> Note:
    return Note(place, NoteKind.REVIEW, problem=problem, text=text, **details)


def session(place: int, label: str, title: str = "", **details: Any) -> Note:
    return Note(place, NoteKind.SESSION, session=label, text=title, **details)


def field(place: int, tag: str, text: str) -> Note:
    return Note(place, NoteKind.FIELD, tags=(tag,), text=text)


def annex(place: int, tag: str, text: str) -> Note:
    return Note(place, NoteKind.ANNEX, tags=(tag,), text=text)


def theme(place: int, text: str, **details: Any) -> Note:
    return Note(place, NoteKind.THEME, text=text, **details)


def check(cases: dict[str, tuple[Note, ...]], **how: Any) -> None:
    assert {text: cut_text(text, **how) for text in cases} == cases


# --- the table of rules.md, section 3 --------------------------------------------------------------------------------


def test_tags_before_one_text_make_one_note():
    check(
        {
            "#rec Do x": (note(0, REC, "Do x"),),
            "#rec #challenge Do x": (note(0, (*REC, *CHALLENGE), "Do x"),),
            "#rec, #challenge & #trend Do x": (note(0, (*REC, *CHALLENGE, *TREND), "Do x"),),
            "#rec\n#challenge\nDo x": (note(0, (*REC, *CHALLENGE), "Do x"),),
            "#rec #recs #recommendation Do x": (note(0, REC, "Do x"),),
            "#rec #rec #trend #gap Do x": (note(0, (*REC, *TREND, *CHALLENGE), "Do x"),),
        }
    )


def test_more_than_three_tags_ask_for_a_choice():
    check(
        {
            "#rec #trend #need #gap Do x": (review(0, Problem.TOO_MANY_TAGS, "#rec #trend #need #gap Do x"),),
            "Do x #rec #trend #need #gap": (review(0, Problem.TOO_MANY_TAGS, "#rec #trend #need #gap Do x"),),
            "#rec #trend #need #gap Do x #SDG17": (
                review(0, Problem.TOO_MANY_TAGS, "#rec #trend #need #gap #SDG17 Do x"),
            ),
            "#rec a\n#trend #need #gap #action b": (
                note(0, REC, "a"),
                review(1, Problem.TOO_MANY_TAGS, "#trend #need #gap #action b"),
            ),
        }
    )


def test_tag_text_tag_text_makes_two_notes():
    check(
        {
            "#rec Do x #challenge Too slow": (note(0, REC, "Do x"), note(1, CHALLENGE, "Too slow")),
            "#rec Do x #rec Do y": (note(0, REC, "Do x"), note(1, REC, "Do y")),
            "#建议加强合作 #挑战资金不足": (note(0, REC, "加强合作"), note(1, CHALLENGE, "资金不足")),
        }
    )


def test_tag_a_line_makes_a_note_a_line():
    check(
        {
            "#rec a\n#challenge b\n#trend c": (note(0, REC, "a"), note(1, CHALLENGE, "b"), note(2, TREND, "c")),
            "- #rec a\n- #challenge b": (note(0, REC, "a"), note(1, CHALLENGE, "b")),
            "1. #rec a\n2) #challenge b\n• #trend c": (note(0, REC, "a"), note(1, CHALLENGE, "b"), note(2, TREND, "c")),
        }
    )


def test_untagged_lines_continue_the_note_above():
    check(
        {
            "#rec a\n- b\n- c\n\nd\n#trend e\nf": (note(0, REC, "a\n- b\n- c\n\nd"), note(1, TREND, "e\nf")),
            "#rec\n1) a\n2) b": (note(0, REC, "1) a\n2) b"),),
            "Do x #rec\nand y": (note(0, REC, "Do x\nand y"),),
        }
    )


def test_tag_at_the_end_is_as_at_the_start():
    check(
        {
            "Do x #rec": (note(0, REC, "Do x"),),
            "Do x. Do y #rec #challenge": (note(0, (*REC, *CHALLENGE), "Do x. Do y"),),
            "Do x (#rec, #trend)": (note(0, (*REC, *TREND), "Do x"),),
            "Do x\nDo y\n#rec": (note(0, REC, "Do x\nDo y"),),
            "a #rec\nb #challenge": (note(0, REC, "a"), note(1, CHALLENGE, "b")),
            "#rec Do x #challenge": (note(0, (*REC, *CHALLENGE), "Do x"),),
            "#rec Do x\n#challenge": (note(0, (*REC, *CHALLENGE), "Do x"),),
        }
    )


def test_tag_alone_as_reply_files_what_it_replies_to():
    reply = NoteKind.REPLY
    check(
        {
            "#rec": (Note(0, reply, tags=REC),),
            "#rec #challenge": (Note(0, reply, tags=(*REC, *CHALLENGE)),),
            "\u200f#توصية": (Note(0, reply, tags=REC),),
            "#rec: ": (Note(0, reply, tags=REC),),
            "#rec #SDG17": (Note(0, reply, tags=REC, attributes={"sdg": ["17"]}),),
            "#rec #foobar": (Note(0, reply, tags=REC), review(1, Problem.UNKNOWN_TAG, "#foobar")),
            "#rec #s2": (Note(0, reply, tags=REC, session="II"),),
            "#rec #session II": (Note(0, reply, tags=REC, session="II"),),
            "#nonattrib": (Note(0, reply, nonattrib=True),),
            "#rec #trend #need #gap": (review(0, Problem.TOO_MANY_TAGS, "#rec #trend #need #gap"),),
            "#rec 👍": (note(0, REC, "👍"),),
            "#rec Do x": (note(0, REC, "Do x"),),
        },
        is_reply=True,
    )


def test_ignore_alone_as_reply_withdraws():
    assert cut_text("#ignore", is_reply=True) == (Note(0, NoteKind.REPLY, tags=("ignore",)),)
    assert cut_text("#忽略", is_reply=True) == (Note(0, NoteKind.REPLY, tags=("ignore",)),)


def test_ignore_otherwise_goes_to_review():
    texts = ["#ignore", "#ignore this", "#ignore #rec Do x", "#rec Do x #ignore", "#rec Do x\n#ignore"]
    check({text: (review(0, Problem.NEEDS_REPLY, text),) for text in texts})
    assert cut_text("#ignore this", is_reply=True) == (review(0, Problem.NEEDS_REPLY, "#ignore this"),)
    assert cut_text("#rec Do not #ignore women") == (note(0, REC, "Do not #ignore women"),)


def test_tag_alone_without_reply_files_nothing():
    texts = [
        "#rec",
        "#rec #challenge",
        "#rec …",
        "\u200f#توصية \u200f",
        "#建议：",
        "#rec #session II",
        "#rec #s2",
        "#title",
    ]
    check(
        {text: (review(0, Problem.EMPTY_NOTE, text),) for text in [*texts, "#session", "#theme", "#wg", "#attendance"]}
    )
    check({"#rec Do x #title": (note(0, REC, "Do x"), review(1, Problem.EMPTY_NOTE, "#title"))})


def test_untagged_text_is_talk():
    check({"Good morning": (), "": (), "Twitter #HLPF is loud": (), "We met #KEN": ()})


def test_untagged_text_with_an_ellipsis_may_continue():
    texts = ["… and more", "...and more", "… and #HLPF"]
    check({text: (Note(0, NoteKind.TALK, text=text),) for text in texts})


def test_caption_is_the_text():
    check({"#rec Do x": (note(0, REC, "Do x"),), "Good morning": ()}, attachments=PHOTO)


def test_attachment_without_words_goes_to_review():
    check(
        {text: (review(0, Problem.NEEDS_WORDS, text),) for text in ("", "#rec", "#rec #challenge")}, attachments=PHOTO
    )


def test_attachment_of_an_annex_needs_no_words():
    check({"#document": (annex(0, "document", "board.jpg"),)}, attachments=PHOTO)


def test_words_with_a_colon_are_attributes():
    who = {"speaker": "Ann Lee", "org": "UNDP"}
    check(
        {
            "#rec Speaker: Ann Lee, UNDP – Do x": (note(0, REC, "Do x", attributes=who),),
            "Speaker: Ann Lee, UNDP – Do x #rec": (note(0, REC, "Do x", attributes=who),),
            "#rec\nSpeaker: Ann Lee, UNDP – Do x": (note(0, REC, "Do x", attributes=who),),
            "#rec Do x to: UNOSSC by: 15 December 2018": (
                note(0, REC, "Do x", attributes={"to": "UNOSSC", "by": "15 December 2018"}),
            ),
            "#rec Do x\norg: UNDP\ngroup: women": (note(0, REC, "Do x", attributes={"org": "UNDP", "group": "women"}),),
            "#rec Speaker: A – a #challenge Speaker: B – b": (
                note(0, REC, "a", attributes={"speaker": "A"}),
                note(1, CHALLENGE, "b", attributes={"speaker": "B"}),
            ),
        }
    )


@pytest.mark.parametrize(
    ("text", "tag"),
    [("#title X", "title"), ("#date: X", "date"), ("#venue X", "venue"), ("#organiser X", "organizer")],
)
def test_metadata_tag_fills_a_field(text: str, tag: str):
    assert cut_text(text) == (field(0, tag, "X"),)


def test_metadata_tags_stand_together():
    check(
        {
            "#title A #date 9 July\n#rapporteur B": (
                field(0, "title", "A"),
                field(1, "date", "9 July"),
                field(2, "preparedby", "B"),
            ),
            "#title X #rec Do x": (field(0, "title", "X"), note(1, REC, "Do x")),
            "Palais des Nations #venue": (field(0, "venue", "Palais des Nations"),),
            "#title X\n#rec": (field(0, "title", "X"), review(1, Problem.EMPTY_NOTE, "#rec")),
        }
    )


def test_annex_tags_make_annexes():
    check(
        {
            "#attendance 112, 54 women": (annex(0, "attendance", "112, 54 women"),),
            "#participants\nAnn\nBob": (annex(0, "participants", "Ann\nBob"),),
            "#document Concept note": (annex(0, "document", "Concept note"),),
        }
    )


# --- edge cases of rapporteurs.md, section 3 -------------------------------------------------------------------------


def test_attribute_belongs_to_the_segment_it_stands_in():
    check(
        {
            "#rec a #SDG4 #challenge b #SDG5": (
                note(0, REC, "a", attributes={"sdg": ["4"]}),
                note(1, CHALLENGE, "b", attributes={"sdg": ["5"]}),
            ),
            "#rec a\n#SDG4 #challenge b": (note(0, REC, "a"), note(1, CHALLENGE, "b", attributes={"sdg": ["4"]})),
            "#rec a #s2 #challenge b": (note(0, REC, "a", session="II"), note(1, CHALLENGE, "b")),
            "#rec a #SDG4\n#challenge b #KEN": (
                note(0, REC, "a", attributes={"sdg": ["4"]}),
                note(1, CHALLENGE, "b", attributes={"country": ["KEN"]}),
            ),
        }
    )


def test_attribute_goes_at_an_edge_and_stays_a_word_inside():
    both = {"sdg": ["17.9", "4"]}
    check(
        {
            "#rec #SDG17 Do x": (note(0, REC, "Do x", attributes={"sdg": ["17"]}),),
            "#SDG17 #rec Do x": (note(0, REC, "Do x", attributes={"sdg": ["17"]}),),
            "#rec for #SDG17.9 do x #ODD4": (note(0, REC, "for SDG17.9 do x", attributes=both),),
            "#rec Do x\n#SDG4 #SDG4 #a": (note(0, REC, "Do x", attributes={"sdg": ["4"], "theme": ["a"]}),),
            "#SDG17 is late\n#rec Do x": (note(0, REC, "is late\nDo x", attributes={"sdg": ["17"]}),),
            "#SDG17\n#rec Do x": (note(0, REC, "Do x", attributes={"sdg": ["17"]}),),
            "#SDG17\n#title X\n#rec Do x": (field(0, "title", "X"), note(1, REC, "Do x", attributes={"sdg": ["17"]})),
        }
    )


def test_attribute_without_a_section_goes_to_review():
    check(
        {
            "#SDG17 is late": (review(0, Problem.NO_SECTION_TAG, "#SDG17 is late", attributes={"sdg": ["17"]}),),
            "We are late on #SDG17": (
                review(0, Problem.NO_SECTION_TAG, "We are late on #SDG17", attributes={"sdg": ["17"]}),
            ),
            "#s2 is late": (review(0, Problem.NO_SECTION_TAG, "#s2 is late", session="II"),),
            "#3B is late": (review(0, Problem.NO_SECTION_TAG, "#3B is late", hint="3B"),),
            "#KEN is late": (review(0, Problem.NO_SECTION_TAG, "#KEN is late", attributes={"country": ["KEN"]}),),
            "#nonattrib it is late": (review(0, Problem.NO_SECTION_TAG, "#nonattrib it is late", nonattrib=True),),
        }
    )


def test_unknown_tag_at_the_start_goes_to_review():
    texts = ["#foobar", "#foobar Do x", "- #foobar Do x", "\u200f#foobar Do x", "Hello\n#foobar Do x"]
    check({text: (review(0, Problem.UNKNOWN_TAG, text),) for text in texts})
    check(
        {
            "#rec a\n#foobar b\nc\n#trend d": (
                note(0, REC, "a"),
                review(1, Problem.UNKNOWN_TAG, "#foobar b\nc"),
                note(2, TREND, "d"),
            ),
            "#foobar a #rec b": (review(0, Problem.UNKNOWN_TAG, "#foobar a"), note(1, REC, "b")),
            "#tittle Consultation": (review(0, Problem.UNKNOWN_TAG, "#tittle Consultation", suggestions=("title",)),),
        }
    )


def test_unknown_tag_in_a_sentence_is_text():
    check(
        {
            "#rec Use Twitter #HLPF now": (note(0, REC, "Use Twitter #HLPF now"),),
            "#rec #HLPF is loud": (note(0, REC, "#HLPF is loud"),),
            "#HLPF is loud #rec": (note(0, REC, "#HLPF is loud"),),
        }
    )


def test_misspelt_tag_files_and_is_said():
    said = (("#recomendation", "recommendation"),)
    check(
        {
            "#recomendation Do x": (note(0, REC, "Do x", understood=said),),
            "#sesion2 Water": (session(0, "II", "Water"),),
            "#sesssion II": (session(0, "II", understood=(("#sesssion", "session"),)),),
            "#subthemme Water": (theme(0, "Water", understood=(("#subthemme", "theme"),)),),
        }
    )


def test_off_the_record_message_keeps_nothing():
    secret = (Note(0, NoteKind.OFFRECORD),)
    texts = ["#offrecord he said x", "#rec Do x #off-record", "#rec a\n#confidentiel b", "#offrecord", "#保密他说"]
    check(dict.fromkeys(texts, secret))


def test_misspelt_off_the_record_is_not_shown():
    shown = (review(0, Problem.UNKNOWN_TAG, "#ofrecord"),)
    texts = ["#ofrecord he said x", "#rec he said x #ofrecord", "#rec he #ofrecord said", "a\n#ofrecord b"]
    check(dict.fromkeys(texts, shown))


def test_not_for_attribution_is_for_the_whole_message():
    check(
        {
            "#nonattrib #rec Do x": (note(0, REC, "Do x", nonattrib=True),),
            "#rec Do x #anonymous": (note(0, REC, "Do x", nonattrib=True),),
            "#nonattrib\n#rec Do x": (note(0, REC, "Do x", nonattrib=True),),
            "#rec a\n#trend b #nonattrib": (
                note(0, REC, "a", nonattrib=True),
                note(1, TREND, "b", nonattrib=True),
            ),
        }
    )


def test_code_and_links_stay_as_typed():
    check(
        {
            "#rec `run #trend` at https://un.org/#need now": (
                note(0, REC, "`run #trend` at https://un.org/#need now"),
            ),
            "`#rec` Do x": (),
        }
    )


def test_only_tags_and_outer_spaces_go():
    check(
        {
            '  #rec   [a]  "b" teh  typo... ': (note(0, REC, '[a]  "b" teh  typo...'),),
            "[#rec] Do x": (note(0, REC, "Do x"),),
            "(#rec) Do (x)": (note(0, REC, "Do (x)"),),
            "#rec, do x": (note(0, REC, "do x"),),
            "#rec – do x": (note(0, REC, "do x"),),
            "#rec -5 % is too much": (note(0, REC, "-5 % is too much"),),
            "*#rec* Do *x*": (note(0, REC, "Do *x*"),),
            "We need a #plan for water": (note(0, ("framework",), "We need a plan for water"),),
            "我们 #建议加强合作": (note(0, REC, "我们 建议加强合作"),),
            "Back #SDG4 #plan now": (note(0, ("framework",), "Back SDG4 plan now", attributes={"sdg": ["4"]}),),
            "Back it #plan #3B": (note(0, ("framework",), "Back it #3B", hint="3B"),),
            "Back #3B #plan now": (note(0, ("framework",), "Back plan #3B now", hint="3B"),),
        }
    )


def test_words_above_the_first_tag_are_of_the_first_note():
    check(
        {
            "Intro\n#rec Do x": (note(0, REC, "Intro\nDo x"),),
            "Intro\n\n#title X\n#rec Do x\n#trend y": (
                field(0, "title", "X"),
                note(1, REC, "Intro\n\nDo x"),
                note(2, TREND, "y"),
            ),
            "Intro\n#foobar a\n#rec Do x": (review(0, Problem.UNKNOWN_TAG, "#foobar a"), note(1, REC, "Intro\nDo x")),
            "Here:\n#participants Ann": (annex(0, "participants", "Here:\nAnn"),),
        }
    )


def test_talk_before_a_session_or_field_is_no_part_of_it():
    check(
        {
            "Good morning\n#session II: Water": (session(0, "II", "Water"),),
            "We move to #session II: Water": (session(0, "II", "Water"),),
            "We move to #session II: Water\n#rec Do x": (session(0, "II", "Water"), note(1, REC, "We move to\nDo x")),
            "Hello all #title X": (field(0, "title", "X"),),
            "Late on #SDG4 today: #session II: Water\n#rec Do x": (
                session(0, "II", "Water"),
                note(1, REC, "Late on SDG4 today:\nDo x", attributes={"sdg": ["4"]}),
            ),
            "#rec Do x\nnow #session II: Water": (note(0, REC, "Do x\nnow"), session(1, "II", "Water")),
        }
    )


def test_direction_marks_cut_apart_are_closed():
    line = clean_text("#rec \u202ea #challenge b\u202c c")
    assert [n.text for n in cut_text(line)] == ["a", "b c"]
    assert [n.text for n in cut_text("#rec x \u202ea #challenge b\u202c c")] == ["x \u202ea\u202c", "b c"]
    spoken = cut_text("#rec Do x Speaker: A \u202eB – C\u202c")
    assert spoken == (note(0, REC, "Do x C", attributes={"speaker": "A \u202eB\u202c"}),)


# --- sessions and themes ---------------------------------------------------------------------------------------------


def test_session_tag_opens():
    check(
        {
            "#session II: Water": (session(0, "II", "Water"),),
            "#session two": (session(0, "II"),),
            "#session2 Water": (session(0, "II", "Water"),),
            "#breakout 3A Water": (session(0, "3A", "Water"),),
            "#wg 2: Water": (session(0, "Breakout 2", "Water"),),
            "#group B: Water": (session(0, "Breakout B", "Water"),),
            "#session Water for all": (session(0, "Water for all"),),
            "#session Water: Day one": (session(0, "Water", "Day one"),),
            "#plenary": (session(0, "Plenary"),),
            "Water for all #session": (session(0, "Water for all"),),
            "#会议第二场：融资": (session(0, "II", "融资"),),
            "#session II\n#rec a\n#trend b": (session(0, "II"), note(1, REC, "a"), note(2, TREND, "b")),
            "#session I: A\n#session II: B": (session(0, "I", "A"), session(1, "II", "B")),
        }
    )


def test_session_beside_a_note_is_that_notes_own():
    check(
        {
            "#session II #rec Do x": (note(0, REC, "Do x", session="II"),),
            "#rec Do x #session II": (note(0, REC, "Do x", session="II"),),
            "#rec #session II Do x": (note(0, REC, "Do x", session="II"),),
            "#rec #session II: Do x\n#trend y": (note(0, REC, "Do x", session="II"), note(1, TREND, "y")),
            "#rec Do x #s2": (note(0, REC, "Do x", session="II"),),
            "#s3b #rec Do x": (note(0, REC, "Do x", session="3B"),),
            "#session II: Water #rec Do x": (session(0, "II", "Water"), note(1, REC, "Do x", session="II")),
            "#rec #session Water for all": (note(0, REC, "Water for all"),),
        }
    )


def test_bare_code_stays_until_placement():
    check(
        {
            "#rec #3B Do x": (note(0, REC, "#3B Do x", hint="3B"),),
            "#rec Do #3B x": (note(0, REC, "Do #3B x", hint="3B"),),
            "#rec Do x #3B": (note(0, REC, "Do x #3B", hint="3B"),),
        }
    )


def test_theme_tag_gives_a_theme():
    check(
        {
            "#theme Water": (theme(0, "Water"),),
            "#theme (b)(ii)": (theme(0, "(b)(ii)"),),
            "#theme #b2": (theme(0, "b2"),),
            "#tema b-ii": (theme(0, "b-ii"),),
            "#tema Agua": (note(0, ("topic",), "Agua"),),
            "#theme 3 worlds #rec Do x": (theme(0, "3 worlds"), note(1, REC, "Do x")),
            "#rec #theme 2 taps": (note(0, REC, "2 taps"),),
            "#session II: Water #theme b2": (session(0, "II", "Water"), theme(1, "b2")),
        }
    )


def test_endsession_closes():
    end = NoteKind.ENDSESSION
    check(
        {
            "#endsession": (Note(0, end),),
            "Thanks all\n#endsession": (Note(0, end),),
            "Thanks all #endsession": (Note(0, end),),
            "#rec a\nThanks all #endsession": (note(0, REC, "a\nThanks all"), Note(1, end)),
            "#endsession\n#rec Do x": (Note(0, end), note(1, REC, "Do x")),
            "#endsession we met": (Note(0, end), review(1, Problem.NO_SECTION_TAG, "we met")),
        }
    )


# --- attributes in words ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "said", "left"),
    [
        ("Speaker: Ann Lee, UNDP – Do x", {"speaker": "Ann Lee", "org": "UNDP"}, "Do x"),
        ("Speaker: Jean-Paul Adam - Do x", {"speaker": "Jean-Paul Adam"}, "Do x"),
        ("who: Ann; Do x", {"speaker": "Ann"}, "Do x"),
        ("Intervenante: Anne, PNUD – faire x", {"speaker": "Anne", "org": "PNUD"}, "faire x"),
        ("Intervenant(e): Anne – faire x", {"speaker": "Anne"}, "faire x"),
        ("Oradora: Ana – hacer x", {"speaker": "Ana"}, "hacer x"),
        ("Оратор: Анна, ПРООН – делать", {"speaker": "Анна", "org": "ПРООН"}, "делать"),
        ("المتحدث: آنا – افعل", {"speaker": "آنا"}, "افعل"),
        ("发言人：李，开发署 – 加强", {"speaker": "李", "org": "开发署"}, "加强"),
        ("Speaker: Dr. A. Lee, UN\nDo x", {"speaker": "Dr. A. Lee", "org": "UN"}, "Do x"),
        ("Speaker: Ann. Do x", {"speaker": "Ann"}, "Do x"),
        ("Do x (to: UNOSSC, by: 2018)", {"to": "UNOSSC", "by": "2018"}, "Do x"),
        ("Do x (to: UNOSSC) now", {"to": "UNOSSC"}, "Do x now"),
        ("Call f() to: UNOSSC", {"to": "UNOSSC"}, "Call f()"),
        ("Do x\nto: UNOSSC\nby: 2018\nand y", {"to": "UNOSSC", "by": "2018"}, "Do x\nand y"),
        ("to: A; by: B; Do x", {"to": "A", "by": "B"}, "Do x"),
        ("Do x Speaker: Ann Speaker: Bob", {"speaker": "Ann"}, "Do x Speaker: Bob"),
        ("Respond to: the needs", {}, "Respond to: the needs"),
        ("to: UNOSSC do x", {}, "to: UNOSSC do x"),
        ("Two things: a, b", {}, "Two things: a, b"),
        (f"Do x to: {'A' * 121}", {}, f"Do x to: {'A' * 121}"),
    ],
)
def test_attributes_are_read_from_words(text: str, said: dict[str, str], left: str):
    assert read_attributes(text) == (said, left)


def test_bare_words_are_without_the_tags_before_them():
    texts = {"#foobar Do x": "Do x", "#rec #SDG4: Do #x y": "Do #x y", "Do x #rec": "Do x #rec", "#rec": "", "": ""}
    assert {text: bare_words(text) for text in texts} == texts


@given(st.sampled_from(["#rec", "#défi", "#topic", "#建议", "#توصية"]), st.text(max_size=60))
def test_plain_line_is_cut_as_the_long_way_does(tag: str, words: str):
    text = clean_text(f"{tag} {words}")
    # a line break before it keeps a text from the short way
    assert cut_text(text) == cut_text(f"\n{text}")


def test_session_title_is_one_line_and_what_stands_below_is_kept():
    check(
        {
            "#session II: Finance\nOpened by the chair\n#topic a": (
                session(0, "II", "Finance"),
                review(1, Problem.NO_SECTION_TAG, "Opened by the chair"),
                note(2, ("topic",), "a"),
            ),
        }
    )


def test_emoji_behind_a_tag_keeps_its_colons():
    check(
        {
            "#challenge :warning: No funds": (note(0, CHALLENGE, ":warning: No funds"),),
            "#challenge: No funds": (note(0, CHALLENGE, "No funds"),),
            "#challenge : No funds": (note(0, CHALLENGE, "No funds"),),
        }
    )


def test_speaker_may_end_with_a_colon():
    assert read_attributes("Speaker: Ann Lee, UNDP: Fund it") == ({"speaker": "Ann Lee", "org": "UNDP"}, "Fund it")


def test_separators_before_an_attribute_go_with_it():
    assert read_attributes("Draft plan – to: UNOSSC – by: 15 December 2018") == (
        {"to": "UNOSSC", "by": "15 December 2018"},
        "Draft plan",
    )
