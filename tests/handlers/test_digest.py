"""The day in ten lines, as `/digest` and at the day's end: whole meetings in the seven languages, and what is told.

A meeting stands in `digests/LANGUAGE.txt` as a conversation (see `chat`), with what the bot says by itself. A line
"@ 2018-05-07 15:00" lets time go on until then, by the clocks of Addis Ababa, where these meetings are held.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.tags import LANGUAGES, TagKind, read_tag, vocabulary
from handlers import Context, Defaults
from handlers.due import do_due
from tests.handlers.chat import Chat, lines

DIGESTS = Path(__file__).parent / "digests"
ZONE = ZoneInfo("Africa/Addis_Ababa")
LONGEST = 10
# what everybody on a bus can read at once, about
LONGEST_LINE = 400


def wait_until(chat: Chat, moment: str) -> list[str]:
    """Let time go on until a moment in Addis Ababa, doing what is due on the way; the lines that the bot shows."""
    now = datetime.fromisoformat(moment).replace(tzinfo=ZONE)
    shown: list[str] = []
    while True:
        with chat.store.work() as work:
            waiting = work.take_due(now)
            if waiting is None:
                break
            at = waiting.due.at
            for reply in do_due(Context(work, chat.templates, Defaults()), waiting, at):
                if reply.renews:
                    continue
                shown.append(f"  ({at.astimezone(ZONE):%d %B, %H:%M})")
                chat.console.show(reply, shown.append)
                if reply.draft:
                    shown.append(f"  (draft: {', '.join(reply.draft)})")
    chat.clock = now
    return shown


def hold(chat: Chat, meeting: str) -> str:
    """Hold a meeting; the whole of it with what the bot says."""
    held: list[str] = []
    for part in re.split("^(?=@ )", meeting, flags=re.MULTILINE)[1:]:
        moment, _, conversation = part.rstrip("\n").partition("\n")
        held += [moment, *wait_until(chat, moment.removeprefix("@ "))]
        said = chat.hold(conversation)
        held += [said] if said else []
    return "\n".join(held)


def read_digest(chat: Chat) -> list[str]:
    """What `/digest` says."""
    return [line.strip() for line in chat.say("/digest")]


@contextmanager
def make_chat() -> Iterator[Chat]:
    """A chat of its own, for one of many examples."""
    with TemporaryDirectory() as folder:
        chat = Chat.on(Path(folder))
        yield chat
        chat.store.close()


# --- whole meetings ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
def test_digests_of_a_meeting_in_its_language(chat: Chat, language: str):
    meeting = (DIGESTS / f"{language}.txt").read_text("utf-8")
    assert hold(chat, meeting) == meeting.rstrip("\n")


def test_meetings_have_the_same_notes_with_the_tags_of_their_language():
    def list_tags(language: str) -> list[tuple[str, bool]]:
        typed = re.findall(r"> #(\w+)", (DIGESTS / f"{language}.txt").read_text("utf-8"))
        read = [read_tag(word) for word in typed]
        known = [meaning.key if meaning.kind is not TagKind.UNKNOWN else "" for meaning in read]
        first = {tag.key: tag.spellings[language][0] for tag in vocabulary().tags.values()}
        return [(key, first.get(key, word) == word) for key, word in zip(known, typed, strict=True)]

    assert {language: tags for language in LANGUAGES if (tags := list_tags(language)) != list_tags("en")} == {}
    assert ("", True) in list_tags("en")


# --- what is told --------------------------------------------------------------------------------------------------

OPENED = """
    > /open Consultation
    . zone: Africa/Addis_Ababa
    . days: 2
    . hours: 09:00-18:00
    . remind: off
    . close: 17:30
"""


@pytest.fixture
def held(chat: Chat) -> Chat:
    """A chat with a meeting of two days, on the morning of the first."""
    wait_until(chat, "2018-05-07 09:00")
    chat.hold(lines(OPENED))
    return chat


def test_day_without_notes_has_no_digest_by_itself_and_says_so_when_asked(held: Chat):
    held.say("Good morning")
    assert wait_until(held, "2018-05-07 23:00") == []
    assert read_digest(held) == [
        "Consultation – day 1 of 2, Monday, 7 May 2018",
        "No notes filed today.",
        "Still empty, for tomorrow: A.\u00a0Objectives of the consultation; A.\u00a0Major conclusions reached; "
        "B.\u00a0Final recommendations; C.\u00a0Trends; C.\u00a0Challenges; C.\u00a0Opportunities; …",
    ]


def test_digest_of_a_meeting_under_the_chatham_house_rule_names_nobody(held: Chat):
    held.hold(
        lines(
            """
            > /set rule: chatham
            > #session II: Data
            > #topic Speaker: Jane Roe, Statistics Office - What surveys leave out
            > #endsession
            > #conclusion Speaker: Jane Roe, Statistics Office - Surveys must count unpaid work
            > #participants Jane Roe, Statistics Office
            > #catering Speaker: Jane Roe, Statistics Office - Lunch
            """
        )
    )
    told = [
        "Consultation – day 1 of 2, Monday, 7 May 2018",
        "2 notes filed",
        "A.\u00a0Major conclusions reached\u00a0(1)\u00a0· Session II: Data\u00a0(1)",
        "✓ Surveys must count unpaid work",
        "Still empty, for tomorrow: A.\u00a0Objectives of the consultation; B.\u00a0Final recommendations; "
        "C.\u00a0Trends; C.\u00a0Challenges; C.\u00a0Opportunities; D.\u00a0Priority areas of South-South…; "
        "E.\u00a0Needs/interests; …",
        "1 note waits for review",
        "No conclusion yet: Session II: Data",
    ]
    assert read_digest(held) == told
    assert wait_until(held, "2018-05-07 18:00") == ["  (07 May, 18:00)", *(f"  {line}" for line in told)]


def test_note_off_the_record_is_in_no_digest(held: Chat):
    held.say("#conclusion Surveys must count unpaid work")
    before = read_digest(held)
    held.say("#offrecord The minister is not happy")
    held.say("… nor is her deputy")
    said = len(held.payloads) + 1
    held.say("#conclusion The deputy resigns")
    held.say(f"reply {said}: #offrecord")
    assert read_digest(held) == before
    assert wait_until(held, "2018-05-07 18:00")[1:] == [f"  {line}" for line in before]


def test_note_that_two_people_file_counts_once(held: Chat):
    held.say("#recommendation Publish all survey data")
    before = read_digest(held)
    held.say("#recommendation publish all survey data.", "Ben")
    assert (read_digest(held), before[1]) == (before, "1 note filed")


def test_note_with_several_tags_counts_once_and_is_told_among_the_conclusions(held: Chat):
    held.say("#recommendation #conclusion Publish all survey data")
    assert read_digest(held)[1:4] == [
        "1 note filed",
        "A.\u00a0Major conclusions reached\u00a0(1)\u00a0· B.\u00a0Final recommendations\u00a0(1)",
        "✓ Publish all survey data",
    ]


def test_late_note_is_in_no_digest_until_the_meeting_is_reopened(held: Chat):
    held.say("#conclusion Surveys must count unpaid work")
    held.say("/close")
    before = read_digest(held)
    held.say("#challenge The interpreters had no texts")
    assert (read_digest(held), before[1]) == (before, "1 note filed")
    held.say("/reopen")
    assert read_digest(held)[1] == "2 notes filed"


def test_note_that_was_withdrawn_is_in_no_digest(held: Chat):
    held.say("#conclusion Surveys must count unpaid work")
    before = read_digest(held)
    said = len(held.payloads) + 1
    held.say("#conclusion Nobody pays")
    held.say(f"delete {said}")
    assert read_digest(held) == before


def test_digest_of_a_long_text_cuts_it_between_words(held: Chat):
    held.say("#conclusion " + "Guarantee funds " * 20)
    held.say("#conclusion " + "担保基金" * 40)
    assert read_digest(held)[3:5] == [f"✓ {' '.join(['Guarantee funds'] * 6)}…", "✓ " + "担保基金" * 12 + "担保…"]


def test_digest_at_night_is_of_the_day_before(held: Chat):
    held.say("#conclusion Surveys must count unpaid work")
    before = read_digest(held)
    wait_until(held, "2018-05-08 00:20")
    assert read_digest(held) == before


# --- whatever is said ----------------------------------------------------------------------------------------------

TAGS = st.sampled_from(sorted({tag.spellings[lang][0] for tag in vocabulary().tags.values() for lang in LANGUAGES}))
TEXTS = st.text(st.characters(codec="utf-8", exclude_characters="\r"), max_size=300)
SAID = st.tuples(st.sampled_from(["Ana", "Ben", "王芳", "آمنة"]), st.builds("#{} {}".format, TAGS, TEXTS))


@given(
    language=st.sampled_from(LANGUAGES),
    template=st.sampled_from(["bapa40", "hlpf"]),
    title=st.text(max_size=300),
    said=st.lists(SAID, max_size=14),
)
@settings(max_examples=20, deadline=None)
def test_digest_has_ten_lines_at_most_whatever_is_said(
    language: str, template: str, title: str, said: list[tuple[str, str]]
):
    with make_chat() as chat:
        chat.say(f"/open Consultation\nlanguage: {language}\ntemplate: {template}")
        for author, text in [("Ana", f"#title {title}"), *said]:
            chat.say(text, author)
        told = read_digest(chat)
    assert 2 <= len(told) <= LONGEST
    assert max(map(len, told)) <= LONGEST_LINE
