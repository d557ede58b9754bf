"""Messages: what goes in comes out, in whatever order it came, with its history and its notes."""

import threading
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta, timezone
from itertools import permutations

import pytest

from core.messages import Attachment, Author, Change, Message, MessageKey, Version, fold
from core.notes import Note, NoteKind, Problem
from storage.store import Store

START = datetime(2017, 7, 9, 9, 0, tzinfo=UTC)
ANN = Author("U1", "Ann")
BEN = Author("U2", "Ben")
SCRIPTS = [
    "Recommendation: train the staff",
    "Рекомендация: обучить сотрудников, её ход",
    "التوصية: تدريب الموظفين سيُعتمد",
    "建議加強南南合作 建议加强南南合作",
    "सिफ़ारिश: कर्मचारियों को प्रशिक्षित करें",
    "המלצה: להכשיר את הצוות",
    "推奨：職員の研修を行う 권고",
    "👩🏽‍⚕️ 👨‍👩‍👧‍👦 🇪🇹 \U0001f600 می‌خواهم 10% %s %(x)s :name ? '' \\ \"",
]


def key_of(number: int, chat: str = "C1", workspace: str = "T1") -> MessageKey:
    return MessageKey("slack", workspace, chat, f"{number}.000")


def say(text: str = "words", **values: object) -> Version:
    """A version with what these tests do not care for filled in."""
    given: dict[str, object] = {"key": key_of(1), "change": Change.SENT, "at": START, "author": ANN, "text": text}
    return Version(**{**given, **values})  # type: ignore[arg-type]


def open_meeting(store: Store, name: str = "hlpf") -> int:
    with store.work() as work:
        return work.create_meeting(name, template="hlpf", zone="UTC", language="en", pinned={})


def save(store: Store, meeting: int, *messages: Message, notes: Sequence[Note] = ()) -> None:
    with store.work() as work:
        for message in messages:
            work.save_message(meeting, message, notes)


def load(store: Store, *keys: MessageKey) -> dict[MessageKey, tuple[int, Message]]:
    with store.work() as work:
        return work.load_messages(keys)


LATER = START + timedelta(microseconds=1)
ABROAD = datetime(2017, 7, 9, 5, 0, tzinfo=timezone(timedelta(hours=-4)))
PHOTO = (Attachment("photo", "hall.jpg"), Attachment("file", "список.pdf"))


@pytest.mark.parametrize(
    "versions",
    [
        [say()],
        [say(at=ABROAD, reply_to="7.000", attachments=PHOTO)],
        [say(text="")],
        [say(change=Change.EDITED)],
        [say(text="", change=Change.DELETED)],
        # what a deletion or an empty reply says besides is not in the message's state
        [say(text="gone", change=Change.DELETED, reply_to="7.000", attachments=PHOTO)],
        [say(reply_to="")],
        [say(), say("other", change=Change.EDITED, at=LATER, attachments=PHOTO)],
        [say(), say(change=Change.EDITED, at=LATER, author=Author("U1", "Ann B."))],
        [say(), say("", change=Change.DELETED, at=LATER, author=BEN)],
        [say("one", change=Change.EDITED), say("two", change=Change.EDITED, at=LATER)],
        [say(), say("other", author=Author("U1", "Another name"))],
        [say(attachments=(Attachment("photo", "hall.jpg", "AgACAgIAAx"),))],
        # the times and parts that only a version has
        [say(change=Change.EDITED, at=LATER, sent_at=ABROAD)],
        [say(change=Change.EDITED, sent_at=START)],
        [say(part="9")],
        [say(part="9", attachments=PHOTO), say("", part="10", attachments=PHOTO[:1])],
    ],
)
def test_message_comes_back_as_it_was_saved(store: Store, versions: list[Version]) -> None:
    meeting = open_meeting(store)
    message = fold(versions)
    save(store, meeting, message)
    with store.read() as work:
        record = work.load_record(meeting)
    assert load(store, message.key) == {message.key: (meeting, message)}
    assert (record.messages, record.notes) == ((message,), {message.key: ()})


def test_text_in_seven_scripts_comes_back_as_it_was(store: Store) -> None:
    meeting = open_meeting(store)
    said = [
        fold([say(text, key=key_of(number), author=Author(text, text), attachments=(Attachment("file", text),))])
        for number, text in enumerate([*SCRIPTS, "x" * 40_000, "\t\n\x85\u2028\u200f\u202e"])
    ]
    save(store, meeting, *said)
    assert load(store, *[message.key for message in said]) == {m.key: (meeting, m) for m in said}


def test_versions_in_any_order_make_the_same_message(store: Store) -> None:
    meeting = open_meeting(store)
    said = [
        say("first"),
        say("second", change=Change.EDITED, at=LATER, author=BEN),
        say("third", change=Change.EDITED, at=LATER + timedelta(seconds=1)),
        say("", change=Change.DELETED, at=LATER + timedelta(seconds=2)),
    ]
    for number, order in enumerate(permutations(said)):
        key = key_of(number)
        for version in [*order, order[0]]:
            with store.work() as work:
                arrived = Version(key, *[getattr(version, name) for name in Version.__slots__[1:]])
                known = [v for _, message in work.load_messages([key]).values() for v in message.versions]
                message = fold([*known, arrived])
                work.save_message(meeting, message, [Note(0, NoteKind.NOTE, ("trend",), message.text)])
    with store.read() as work:
        record = work.load_record(meeting)
    keys = [key_of(number) for number in range(24)]
    moved = [[Version(key, *[getattr(v, n) for n in Version.__slots__[1:]]) for v in said] for key in keys]
    assert {m.key: m for m in record.messages} == {versions[0].key: fold(versions) for versions in moved}
    assert record.notes == {key: (Note(0, NoteKind.NOTE, ("trend",), "third"),) for key in keys}


def test_all_kinds_of_notes_come_back_as_they_were(store: Store) -> None:
    meeting = open_meeting(store)
    notes = tuple(Note(place, kind, text=SCRIPTS[place % 8]) for place, kind in enumerate(NoteKind))
    notes += tuple(Note(len(notes) + place, NoteKind.REVIEW, problem=problem) for place, problem in enumerate(Problem))
    notes += (
        Note(
            len(notes),
            NoteKind.NOTE,
            tags=("challenge", "trend"),
            text="Финансирование",
            attributes={"sdg": ["17", "17.9"], "speaker": "Ms Иванова", "theme": ["b.ii"]},
            session="II",
            hint="3B",
            nonattrib=True,
            understood=(("chalenge", "challenge"), ("тренд", "trend")),
            suggestions=("need", "needs"),
        ),
    )
    message = fold([say()])
    save(store, meeting, message, notes=notes[::-1])
    with store.read() as work:
        assert work.load_record(meeting).notes == {message.key: notes}


def test_saving_again_replaces_state_meeting_and_notes(store: Store) -> None:
    first, second = open_meeting(store, "first"), open_meeting(store, "second")
    other = fold([say(key=key_of(2))])
    save(store, first, fold([say()]), other, notes=[Note(0, NoteKind.NOTE, ("trend",)), Note(1, NoteKind.TALK)])
    changed = fold([say(), say("other", change=Change.EDITED, at=LATER)])
    save(store, second, changed, notes=[Note(0, NoteKind.NOTE, ("need",))])
    with store.read() as work:
        records = [work.load_record(meeting) for meeting in (first, second)]
    assert [(record.messages, record.notes) for record in records] == [
        ((other,), {other.key: (Note(0, NoteKind.NOTE, ("trend",)), Note(1, NoteKind.TALK))}),
        ((changed,), {changed.key: (Note(0, NoteKind.NOTE, ("need",)),)}),
    ]


def test_history_that_shrinks_to_one_version_is_forgotten(store: Store) -> None:
    meeting = open_meeting(store)
    save(store, meeting, fold([say(), say("other", change=Change.EDITED, at=LATER)]))
    save(store, meeting, fold([say()]))
    assert load(store, key_of(1)) == {key_of(1): (meeting, fold([say()]))}


def test_work_sees_what_it_saved_and_the_last_of_two_holds(store: Store) -> None:
    meeting = open_meeting(store)
    before, after = fold([say("before")]), fold([say("after")])
    with store.work() as work:
        nothing = work.load_messages([before.key])
        work.save_message(meeting, before, [Note(0, NoteKind.NOTE), Note(1, NoteKind.NOTE)])
        work.save_message(meeting, after, [Note(0, NoteKind.NOTE)])
        buffered = work.load_messages([before.key, key_of(2)])
        counted = work.count_notes(meeting)
        written = work.load_messages([before.key, key_of(2)])
        work.save_message(meeting, before, [])
        recounted = work.count_notes(meeting)
    assert (nothing, buffered, written) == ({}, {after.key: (meeting, after)}, {after.key: (meeting, after)})
    assert (counted, recounted) == (1, 0)
    assert load(store, before.key) == {before.key: (meeting, before)}


def test_same_id_in_another_chat_or_workspace_is_another_message(store: Store) -> None:
    meeting = open_meeting(store)
    places = [("C1", "T1"), ("C2", "T1"), ("C1", "T2")]
    said = [
        fold([say(chat + workspace, key=key_of(1, chat, workspace), author=Author("U1", workspace))])
        for chat, workspace in places
    ]
    save(store, meeting, *said)
    keys = [message.key for message in said]
    assert load(store, *keys, key_of(1, "C3")) == {m.key: (meeting, m) for m in said}


def test_thousands_of_messages_are_looked_up_at_once(store: Store) -> None:
    meeting = open_meeting(store)
    said = [
        fold([say(str(number), key=key_of(number, f"C{number % 3}"), author=Author(f"U{number}", "x"))])
        for number in range(2500)
    ]
    save(store, meeting, *said)
    edited = [fold([*m.versions, Version(m.key, Change.EDITED, LATER, ANN, "edited")]) for m in said[::2]]
    save(store, meeting, *edited)
    expected = {m.key: (meeting, m) for m in said} | {m.key: (meeting, m) for m in edited}
    assert load(store, *[m.key for m in said]) == expected


def test_count_is_of_filed_notes_of_messages_that_stand(store: Store) -> None:
    meeting, other = open_meeting(store), open_meeting(store, "other")
    every = [Note(place, kind) for place, kind in enumerate(NoteKind)]
    save(store, meeting, fold([say(key=key_of(1))]), notes=every)
    gone = [say(key=key_of(2)), say("", key=key_of(2), change=Change.DELETED, at=LATER)]
    save(store, meeting, fold(gone), notes=every)
    save(store, other, fold([say(key=key_of(3))]), notes=every[:1])
    with store.read() as work:
        assert [work.count_notes(meeting), work.count_notes(other)] == [3, 1]


def test_two_workers_never_lose_a_version_of_the_same_message(store: Store) -> None:
    meeting = open_meeting(store)
    ready = threading.Barrier(2)

    def follow(mine: Sequence[Version]) -> None:
        for version in mine:
            ready.wait(timeout=10)
            with store.work() as work:
                known = [v for _, m in work.load_messages([version.key]).values() for v in m.versions]
                work.save_message(meeting, fold([*known, version]), [])

    sent = [say(key=key_of(number)) for number in range(20)]
    edited = [say("other", key=key_of(n), change=Change.EDITED, at=LATER, author=BEN) for n in range(20)]
    threads = [threading.Thread(target=follow, args=(versions,)) for versions in (sent, edited)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with store.read() as work:
        found = {message.key: message for message in work.load_record(meeting).messages}
    assert found == {one.key: fold([one, two]) for one, two in zip(sent, edited, strict=True)}


def test_ids_and_newest_time_of_a_chat(store: Store) -> None:
    with store.work() as work:
        meeting = work.create_meeting("m", template="hlpf", zone="UTC", language="en", pinned={})
        place = ("slack", "T1", "C7")
        assert (work.list_ids(place), work.last_sent(place)) == (frozenset(), None)
        for number in range(3):
            key, at = MessageKey(*place, str(number)), START + timedelta(minutes=number)
            said = [Version(key, Change.SENT, at, Author("U1", "Ana"), "#need Staff")]
            if number == 1:
                said.append(Version(key, Change.DELETED, at + timedelta(hours=1), Author("U1", "Ana")))
            work.save_message(meeting, fold(said), ())
        assert (work.list_ids(place), work.last_sent(place)) == ({"0", "2"}, START + timedelta(minutes=2))
        assert work.list_ids(("slack", "T2", "C7")) == frozenset()
