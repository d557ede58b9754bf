"""Whom the bot writes to by itself, and what it says of what came late or never."""

import re
from datetime import timedelta
from pathlib import Path

import pytest

from core.messages import MessageKey
from core.phrases import phrase
from core.replies import Reply
from handlers import Guard
from handlers.addressing import LATE, address_chats, address_organizers, tell_failure, tell_lateness
from tests.handlers.group import START, Group, place

TOLD = phrase("set_how")
DUE = START + timedelta(hours=8)


@pytest.fixture
def met(tmp_path: Path) -> Group:
    """A meeting of two groups that Ana opened and that Ben may run too."""
    group = Group.on(tmp_path)
    group.guard = Guard(frozenset({"telegram:ana"}))
    group.say("/open Consultation\nlanguage: es\nzone: UTC")
    with group.store.work() as work:
        work.name_organizer(*place("")[:2], "ben", 1)
    [code] = re.findall(r"\w{4}-\w{4}", group.say("/join")[0])
    group.say(f"/join {code}", "cy", chat="-200")
    return group


def address(group: Group, besides: str = "") -> list[tuple[str, str, int | None]]:
    with group.store.work() as work:
        replies = address_organizers(work, 1, TOLD, besides=place(besides))
    return [(reply.to.chat, reply.text, reply.meeting_id) for reply in replies]


def test_organizers_are_told_where_they_write_to_the_bot_alone_in_their_language(met: Group):
    met.say("/help", "ana", chat="ana")
    met.say("/help", "ben", chat="ben")
    met.say("/language fr", "ben")
    # who runs nothing is told nothing
    met.say("/help", "cy", chat="cy")
    assert address(met) == [("ana", TOLD.into("es"), 1), ("ben", TOLD.into("fr"), 1)]
    assert address(met, besides="ana") == [("ben", TOLD.into("fr"), 1)]


def test_organizers_of_whom_no_chat_is_known_are_told_in_the_meeting(met: Group):
    assert address(met) == [("-100", TOLD.into("es"), 1)]
    assert address(met, besides="-100") == [("-200", TOLD.into("es"), 1)]


def test_all_chats_are_told_the_first_one_first(met: Group):
    reply = Reply(MessageKey("", "", "", ""), "x")
    with met.store.work() as work:
        told = [(one.to, one.meeting_id) for one in address_chats(work, 1, reply)]
    assert told == [(MessageKey(*place("-100"), ""), 1), (MessageKey(*place("-200"), ""), 1)]


def test_what_comes_late_says_so_after_the_last_of_it(met: Group):
    words = Reply(MessageKey(*place("-100"), ""), "x", meeting_id=1, language="es", due_at=DUE)
    late = [Reply(words.to, phrase("said_late", day=DUE.date(), time="18:00").into("es"), language="es", meeting_id=1)]
    with met.store.work() as work:
        work.add_replies([words, words])
    with met.store.work() as work:
        first, second = work.take_replies("telegram", "", 10)
        told = [
            tell_lateness(work, first.id, words, DUE + 2 * LATE),
            tell_lateness(work, second.id, words, DUE + 2 * LATE),
            tell_lateness(work, second.id, words, DUE + LATE),
            tell_lateness(work, second.id, Reply(words.to, "an answer", meeting_id=1), DUE + 2 * LATE),
        ]
    assert told == [[], late, [], []]


def test_chat_that_cannot_be_reached_is_told_elsewhere_once_a_meeting(met: Group):
    words = Reply(MessageKey(*place("-100"), ""), "x", meeting_id=1, language="es", due_at=DUE)
    gone = phrase("chat_gone", platform="Telegram", meeting="Consultation").into("es")
    with met.store.work() as work:
        work.add_replies([words, words])
    with met.store.work() as work:
        first, second = work.take_replies("telegram", "", 10)
        told = [[reply.text for reply in tell_failure(work, first.reply)]]
        work.finish_reply(first.id, failure="gone")
        told += [[reply.text for reply in tell_failure(work, second.reply)]]
        # an answer that cannot be given concerns who asked alone
        told += [[reply.text for reply in tell_failure(work, Reply(words.to, "an answer", meeting_id=1))]]
    assert told == [[gone], [], []]
