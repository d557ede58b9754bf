"""Folding what a platform said of a message: the same message, whatever came when and how often."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from core.messages import Attachment, Author, Change, Message, MessageKey, Version, fold

KEY = MessageKey("p", "w", "c", "1")
START = datetime(2017, 7, 9, 9, tzinfo=UTC)
ANN = Author("U1", "Ann")


def minute(number: int) -> datetime:
    return START + timedelta(minutes=number)


def say(text: str = "", at: int = 0, change: Change = Change.SENT, **values: object) -> Version:
    return Version(KEY, change, minute(at), ANN, text, **values)  # type: ignore[arg-type]


def edit(text: str, at: int, **values: object) -> Version:
    return say(text, at, Change.EDITED, **values)


def stands(message: Message) -> tuple[object, ...]:
    return message.text, message.first_text, message.seen, message.sent_at, message.edited_at, message.deleted_at


VERSIONS = st.builds(
    Version,
    key=st.just(KEY),
    change=st.sampled_from(Change),
    at=st.integers(0, 3).map(minute),
    author=st.sampled_from([ANN, Author("U1", "Ann B.")]),
    text=st.sampled_from(["", "a", "b"]),
    reply_to=st.sampled_from([None, "7"]),
    attachments=st.sampled_from([(), (Attachment("photo", "a.jpg", "f1"),), (Attachment("photo", "a.jpg", "f2"),)]),
    sent_at=st.sampled_from([None, minute(0), minute(1)]),
    part=st.sampled_from(["", "9", "10", "010"]),
)


@given(st.lists(VERSIONS, min_size=1, max_size=7), st.randoms(use_true_random=False))
def test_order_and_repetition_make_no_difference(versions: list[Version], random: object):
    again = [*versions, *versions[: len(versions) // 2]]
    random.shuffle(again)  # type: ignore[attr-defined]
    assert fold(again) == fold(versions)


@given(st.lists(VERSIONS, min_size=2, max_size=7))
def test_versions_may_be_folded_as_they_come(versions: list[Version]):
    message = fold(versions[:1])
    for version in versions[1:]:
        message = fold([*message.versions, version])
    assert message == fold(versions)


def test_edit_that_tells_when_it_was_sent_makes_the_message_known():
    assert stands(fold([edit("b", 5, sent_at=START)])) == ("b", "", True, START, minute(5), None)
    assert stands(fold([edit("b", 5)])) == ("b", "", False, minute(5), None, None)


def test_original_that_comes_after_its_edit_has_the_first_word():
    told = [edit("b", 5, sent_at=START), say("a"), edit("c", 6, sent_at=START)]
    assert stands(fold(told)) == ("c", "a", True, START, minute(6), None)
    assert stands(fold([edit("a", 5, sent_at=START), say("a")])) == ("a", "a", True, START, None, None)


def test_message_shown_unchanged_was_not_edited():
    assert stands(fold([edit("a", 0, sent_at=START)])) == ("a", "", True, START, None, None)


def photo(part: str) -> Attachment:
    return Attachment("photo", part)


def test_parts_are_joined_in_their_order():
    told = [
        say("", 1, part="10", attachments=(photo("10"),)),
        say("words", 1, part="9", attachments=(photo("9"),), reply_to="7"),
        say("", 0, part="11", attachments=(photo("11"),)),
        edit("other words", 5, part="9", attachments=(photo("9b"),)),
        edit("and more", 6, part="10", attachments=(photo("10"),)),
    ]
    message = fold(told)
    assert stands(message) == ("other words\nand more", "words", True, START, minute(6), None)
    assert (message.reply_to, message.attachments) == ("7", (photo("9b"), photo("10"), photo("11")))


def test_deleted_part_goes_and_the_message_with_the_last():
    told = [
        say("one", 0, part="1"),
        say("two", 0, part="2", attachments=(photo("2"),)),
        say("", 3, Change.DELETED, part="1"),
    ]
    gone = say("", 4, Change.DELETED, part="2")
    assert stands(fold(told)) == ("two", "one\ntwo", True, START, None, None)
    assert stands(fold([*told, gone])) == ("one\ntwo", "one\ntwo", True, START, None, minute(4))
