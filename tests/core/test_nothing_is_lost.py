"""Properties of the cutting over generated messages in seven scripts: nothing is lost, nothing is invented."""

import re
import sys
from collections import Counter
from types import FrameType
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from core.cutting import cut_text
from core.messages import Attachment
from core.notes import Note, NoteKind
from core.segments import bare_words
from core.tags import TagKind, find_tags, vocabulary
from core.text import balance_bidi, clean_text

SCRIPTS = ["water", "financiación", "coopération", "água", "сотрудничество", "التعاون", "合作", "सहयोग", "👍"]
KNOWN = sorted(
    word
    for tag in vocabulary().tags.values()
    if tag.key not in ("offrecord", "ignore")
    for words in tag.spellings.values()
    for word in words
)
SECTIONS = [w for t in vocabulary().tags.values() if t.kind is TagKind.NOTE for ws in t.spellings.values() for w in ws]
TYPOS = ["recomendation", "chalenge", "oportunity", "рекомендаця", "particpants", "rapporteurx"]
UNKNOWN = ["HLPF", "foobar", "неттакого", "غيرموجود", "未知标签"]
CODES = ["SDG17", "SDG4.7", "ODD5", "a", "b2", "s2", "3B", "KEN", "目标13", "nonattrib"]
NAMES = ["Speaker:", "to:", "by:", "org:", "group:", "who:", "Оратор:", "المتحدث:", "发言人："]
NAMES += ["Organisation :", "À :", "Échéance :", "Срок:", "إلى:", "机构：", "致："]
BETWEEN = [
    " ",
    " ",
    " ",
    "  ",
    "\n",
    "\n\n",
    "\n- ",
    ", ",
    ". ",
    ": ",
    " – ",
    "; ",
    " (",
    ") ",
    "\u200f",
    " *",
    "* ",
    "… ",
    " II ",
]

SIGNS = st.sampled_from("##＃﹟")
PIECES = st.one_of(
    st.sampled_from(SCRIPTS),
    st.sampled_from(SCRIPTS),
    st.builds("{}{}".format, SIGNS, st.sampled_from(SECTIONS)),
    st.builds("{}{}".format, SIGNS, st.sampled_from(KNOWN)),
    st.builds("{}{}".format, SIGNS, st.sampled_from([*TYPOS, *UNKNOWN, *CODES])),
    st.sampled_from(NAMES),
    st.sampled_from(["#3", "C#", "`#rec`", "https://un.org/#rec", "#"]),
)
RAW = st.text(st.one_of(st.characters(), st.sampled_from([*"#＃﹟_-*`:;.,() \n\u200f\u202e\u202c0123abciIsSB"]))).map(
    clean_text
)


@st.composite
def messages(draw: st.DrawFn) -> str:
    """A text in which each plain word carries a number of its own, so that it can be followed."""
    parts: list[str] = []
    for place, piece in enumerate(draw(st.lists(PIECES, min_size=1, max_size=12))):
        parts += [f"{piece}{place:03}" if piece in SCRIPTS else piece, draw(st.sampled_from(BETWEEN))]
    return clean_text("".join(parts))


def all_words(notes: tuple[Note, ...]) -> str:
    values = [str(value) for note in notes for value in note.attributes.values()]
    return "\n".join([*(f"{note.text}\n{note.session}" for note in notes), *values])


def plain_words(text: str) -> list[str]:
    """The numbered words outside recognised tags."""
    found = [tag for tag in find_tags(text) if tag.meaning.kind is not TagKind.UNKNOWN]
    outside = list(text)
    for tag in found:
        outside[tag.start : tag.end] = " " * (tag.end - tag.start)
    return re.findall(rf"(?:{'|'.join(SCRIPTS)})\d{{3}}", "".join(outside))


@settings(max_examples=400)
@given(messages(), st.booleans())
@example("water000 #session II: water001 #rec water002", False)
@example("#nonattrib water000\n#title water001 #rec", False)
@example("#rec Speaker: water000 #foobar water001 – #trend (water002)", False)
def test_every_word_of_a_tagged_message_stands_somewhere(text: str, is_reply: bool):
    notes = cut_text(text, is_reply=is_reply)
    if any(tag.meaning.kind is TagKind.NOTE for tag in find_tags(text)):
        shown = all_words(notes)
        assert [word for word in plain_words(text) if word not in shown] == []


@settings(max_examples=400)
@given(messages())
@example("water000 #3B #objective water003")
@example("water000 #objective water001 #目标13\u200fwater002")
def test_no_note_says_what_its_author_did_not(text: str):
    notes = [note for note in cut_text(text) if note.kind is NoteKind.NOTE]
    # a tag may be a word of its sentence; what is glued to it is none of it
    apart = text
    for tag in reversed(find_tags(text)):
        apart = f"{apart[: tag.start]} {tag.typed} {apart[tag.end :]}"
    typed = Counter(re.findall(r"\w+", apart))
    assert Counter(word for note in notes for word in re.findall(r"\w+", note.text)) - typed == Counter()
    assert [note for note in notes if not note.text.strip()] == []


@settings(max_examples=200)
@given(messages())
def test_every_section_tag_is_filed_or_told(text: str):
    wanted = {tag.meaning.key for tag in find_tags(text) if tag.meaning.kind is TagKind.NOTE}
    notes = cut_text(text)
    filed = {key for note in notes for key in note.tags}
    told = any(note.kind in (NoteKind.REVIEW, NoteKind.THEME) for note in notes)
    assert wanted <= filed or told


@settings(max_examples=400)
@given(RAW, st.booleans(), st.sampled_from([(), (Attachment("photo", "a.jpg"),)]))
@example("#", False, ())
@example("#s0 #rec", True, ())
@example("#_#-#\u200f", False, ())
@example("#rec\n#rec #session\u202e", False, ())
def test_any_text_can_be_cut(text: str, is_reply: bool, attachments: Any):
    notes = cut_text(text, is_reply=is_reply, attachments=attachments)
    assert [note.place for note in notes] == list(range(len(notes)))
    assert [note for note in notes if note.kind is NoteKind.REVIEW and note.problem is None] == []
    assert [note.text for note in notes] == [balance_bidi(note.text) for note in notes]
    assert cut_text(text, is_reply=is_reply, attachments=attachments) == notes
    assert bare_words(text) in text


# --- hostile texts ---------------------------------------------------------------------------------------------------

HOSTILE = {
    "#a": "#a",
    "spaced codes": "#a ",
    "backticks": "`",
    "signs": "#",
    "hyphens": "a-",
    "to": "to: ",
    "speakers": "Speaker: x ",
    "organizations": "Speaker: A, x Organization: ",
    "initials": "Speaker: A. B. Then ",
    "open brackets": "to: A (",
    "tags": "#rec ",
    "lines of tags": "#rec\n",
    "notes": "#rec x ",
    "lines of notes": "#rec x\n",
    "code and notes": "`x` #rec x\n",
    "codes in a note": "#rec x #SDG4 y ",
    "sessions": "#session II: x #rec y ",
    "unknown": "#foobarx ",
    "lines unknown": "#rec x\n#foobarx y\n",
    "glued": "#建议加强，",
    "bidi": "\u202e#rec x\u202c ",
    "marks": "#e\u0301",
    "emphasis": "*#rec* ",
    "fields": "#title x ",
    "stars": "**#",
    "underscores": "_",
    "digits": "1",
    "letters": "i",
    "spaces": " ",
    "newlines": "\n",
    "brackets": "( ",
    "links": "a://#b",
    "domains": "a.",
}


def count_calls(text: str) -> int:
    """How many calls, of Python's own functions too, it takes to cut a text."""
    calls = 0

    def count(_frame: FrameType, event: str, _arg: object) -> None:
        nonlocal calls
        calls += event in ("call", "c_call")

    sys.setprofile(count)
    try:
        cut_text(text)
    finally:
        sys.setprofile(None)
    return calls


@pytest.mark.parametrize("name", HOSTILE)
@pytest.mark.parametrize("frame", ["{}", "#rec {}", "{}#rec x", "#{}!"])
def test_work_grows_with_the_length_of_the_text(name: str, frame: str):
    short, long = (frame.format(HOSTILE[name] * (length // len(HOSTILE[name]))) for length in (1_000, 4_000))
    count_calls(short)  # what is remembered of words is no matter here
    assert count_calls(long) <= 5 * count_calls(short) + 200


@pytest.mark.parametrize("name", HOSTILE)
def test_40_000_characters_are_cut(name: str):
    text = clean_text("#rec " + (HOSTILE[name] * 40_000)[:40_000] + " x")
    kinds = {note.kind for note in cut_text(text)}
    assert kinds
    assert kinds <= {NoteKind.NOTE, NoteKind.REVIEW, NoteKind.SESSION, NoteKind.FIELD}
