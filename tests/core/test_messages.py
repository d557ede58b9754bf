"""A message is the same, whatever the order of its versions and however often they come (rules.md, section 6)."""

from datetime import UTC, datetime, timedelta, timezone
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from core.messages import Attachment, Author, Change, Message, MessageKey, Version, fold, in_time

KEY = MessageKey("console", "w", "c", "1")
ANN, BOB = Author("1", "Ann"), Author("2", "Bob")
START = datetime(2017, 7, 9, 9, tzinfo=UTC)
PHOTO = (Attachment("photo", "board.jpg"),)


def version(change: Change, minute: int, text: str = "", **details: object) -> Version:
    return Version(KEY, change, START + timedelta(minutes=minute), **{"author": ANN, "text": text, **details})  # type: ignore[arg-type]


def sent(text: str, minute: int = 0, **details: object) -> Version:
    return version(Change.SENT, minute, text, **details)


def edited(text: str, minute: int, **details: object) -> Version:
    return version(Change.EDITED, minute, text, **details)


def deleted(minute: int) -> Version:
    return version(Change.DELETED, minute, author=Author("", ""))


def at(minute: int) -> datetime:
    return START + timedelta(minutes=minute)


def test_message_as_it_was_sent():
    original = sent("#rec x", reply_to="0", attachments=PHOTO)
    assert fold([original]) == Message(
        key=KEY,
        author=ANN,
        sent_at=START,
        text="#rec x",
        first_text="#rec x",
        reply_to="0",
        attachments=PHOTO,
        seen=True,
        edited_at=None,
        deleted_at=None,
        versions=(original,),
    )


def test_last_edit_wins_and_the_place_stays():
    message = fold([edited("c", 9), sent("a", attachments=PHOTO, reply_to="0"), edited("b", 5)])
    assert (message.text, message.first_text, message.sent_at, message.edited_at) == ("c", "a", START, at(9))
    assert (message.attachments, message.reply_to) == (PHOTO, "0")
    assert [v.text for v in message.versions] == ["a", "b", "c"]


def test_edit_with_the_same_text_is_none():
    message = fold([sent("see https://un.org"), edited("see https://un.org", 1)])
    assert (message.text, message.edited_at) == ("see https://un.org", None)
    assert fold([sent("a"), edited("b", 1), edited("b", 2)]).edited_at == at(1)


def test_edit_back_to_the_first_wording_is_one():
    message = fold([sent("a"), edited("b", 1), edited("a", 2)])
    assert (message.text, message.edited_at) == ("a", at(2))


def test_edit_before_its_original_is_kept():
    alone = fold([edited("b", 5)])
    assert (alone.seen, alone.text, alone.first_text, alone.sent_at, alone.edited_at) == (False, "b", "", at(5), None)
    both = fold([edited("b", 5), sent("a")])
    assert (both.seen, both.text, both.first_text, both.sent_at, both.edited_at) == (True, "b", "a", START, at(5))


def test_edit_at_the_time_of_the_original_comes_after_it():
    assert fold([edited("b", 0), sent("z")]).text == "b"


def test_edits_at_the_same_time_are_ordered_by_their_text():
    assert fold([sent("x"), edited("a", 1), edited("b", 1)]) == fold([edited("b", 1), edited("a", 1), sent("x")])
    assert fold([sent("x"), edited("b", 1), edited("a", 1)]).text == "b"


def test_deletion_is_final():
    message = fold([deleted(3), edited("b", 5), sent("a"), deleted(2)])
    assert (message.deleted_at, message.text, message.author, message.seen) == (at(2), "b", ANN, True)
    alone = fold([deleted(2)])
    assert (alone.deleted_at, alone.text, alone.seen) == (at(2), "", False)


def test_who_wrote_is_decided_by_the_original():
    assert fold([edited("b", 1, author=BOB), sent("a")]).author == ANN
    renamed = [sent("a"), sent("a", author=ANN._replace(name="Zoe"))]
    assert fold(renamed) == fold(renamed[::-1])


def test_times_compare_as_instants():
    east = timezone(timedelta(hours=3))
    versions = [sent("a"), Version(KEY, Change.EDITED, (START + timedelta(minutes=1)).astimezone(east), ANN, "early")]
    assert fold([*versions, edited("late", 2)]).text == "late"


VERSIONS = st.builds(
    version,
    st.sampled_from(Change),
    st.integers(0, 3),
    st.sampled_from(["", "a", "b", "#rec c"]),
    author=st.sampled_from([ANN, ANN._replace(name="Zoe"), BOB]),
    reply_to=st.sampled_from([None, "0", "9"]),
    attachments=st.sampled_from([(), PHOTO]),
)


@given(versions=st.lists(VERSIONS, min_size=1, max_size=8), repeats=st.integers(0, 8), random=st.randoms())
def test_order_and_repeats_make_no_difference(versions: list[Version], repeats: int, random: Random):
    again = versions + [random.choice(versions) for _ in range(repeats)]
    random.shuffle(again)
    assert fold(again) == fold(versions)


@given(versions=st.lists(VERSIONS, min_size=1, max_size=8), more=VERSIONS)
def test_deleted_message_stays_deleted(versions: list[Version], more: Version):
    message = fold([*versions, deleted(1), more])
    assert message.deleted_at is not None
    assert message.deleted_at <= at(1)


def test_messages_sort_by_time_then_by_the_numbers_in_their_ids():
    keys = [KEY._replace(id=name) for name in ("m10", "m9", "m1.2", "m1.10", f"m{'9' * 5000}", "x")]
    assert [key.id for key in sorted(keys, key=lambda key: in_time(START, key))] == [
        *("m1.2", "m1.10", "m9", "m10"),
        f"m{'9' * 5000}",
        "x",
    ]
    assert in_time(START, keys[0]) < in_time(at(1), keys[1])
