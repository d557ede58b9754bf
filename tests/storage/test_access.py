"""Organizers, claims, languages, and how the bot stands in its chats."""

from storage.access import ChatState
from storage.store import Store

GROUP, MOVED = ("telegram", "", "-1"), ("telegram", "", "-1001")


def make_meeting(store: Store) -> int:
    with store.work() as work:
        return work.create_meeting("m", template="bapa40", zone="UTC", language="en", pinned={})


def test_organizers_are_named_once_for_a_meeting_or_for_all(store: Store) -> None:
    meeting = make_meeting(store)
    with store.work() as work:
        named = [work.name_organizer("telegram", "", "7", scope) for scope in (None, None, meeting, meeting)]
        listed = (work.list_organizers(None), work.list_organizers(meeting))
        dropped = [work.drop_organizer("telegram", "", person, None) for person in ("7", "7", "8")]
        left = (work.list_organizers(None), work.list_organizers(meeting))
    one = {("telegram", "", "7")}
    assert (named, listed, dropped, left) == ([True, False] * 2, (one, one), [True, False, False], (set(), one))


def test_claim_holds_once_and_takes_the_others_with_it(store: Store) -> None:
    with store.work() as work:
        for code_hash in ("a", "b"):
            work.keep_claim(code_hash)
        used = [work.use_claim(code_hash) for code_hash in ("wrong", "b", "b", "a")]
    assert used == [False, True, False, False]


def test_language_is_the_one_chosen_last(store: Store) -> None:
    with store.work() as work:
        found = [work.language_of("telegram", "", "7")]
        for language in ("fr", "ar"):
            work.choose_language("telegram", "", "7", language)
            found.append(work.language_of("telegram", "", "7"))
        found.append(work.language_of("slack", "T1", "7"))
    assert found == [None, "fr", "ar", None]


def test_chat_is_known_as_it_was_last_seen(store: Store) -> None:
    with store.work() as work:
        states = [work.load_chat(GROUP)]
        work.see_chat(GROUP)
        states.append(work.load_chat(GROUP))
        work.see_chat(GROUP, can_read=False)
        work.see_chat(GROUP, admins=["1", "2"])
        states.append(work.load_chat(GROUP))
        work.see_chat(GROUP, can_read=True)
        states.append(work.load_chat(GROUP))
    assert states == [
        ChatState(),
        ChatState(),
        ChatState(None, False, ("1", "2")),
        ChatState(None, True, ("1", "2")),
    ]


def test_chat_that_moves_takes_its_meeting_along_once(store: Store) -> None:
    meeting = make_meeting(store)
    with store.work() as work:
        work.link_chat(*GROUP, meeting)
        work.see_chat(GROUP, can_read=True, admins=["1"])
        work.move_chat(GROUP, MOVED)
        moved = work.load_chat(MOVED)
        other = work.create_meeting("n", template="bapa40", zone="UTC", language="en", pinned={})
        work.link_chat(*MOVED, other)
        # both chats tell of it, perhaps late
        work.move_chat(GROUP, MOVED)
        after = work.load_chat(MOVED)
    assert (moved, after) == (ChatState(meeting, True, ("1",)), ChatState(other, True, ("1",)))


def test_code_that_joins_is_no_claim_and_holds_once(store: Store) -> None:
    meeting = make_meeting(store)
    with store.work() as work:
        work.keep_claim("bot")
        work.keep_claim("meeting", meeting)
        used = [work.use_claim("meeting"), work.use_join("bot"), work.use_join("meeting"), work.use_join("meeting")]
        assert (used, work.use_claim("bot")) == ([False, None, meeting, None], True)
