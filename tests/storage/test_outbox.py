"""The outbox: replies in their order, each until it was sent."""

import pytest

from core.messages import MessageKey
from core.replies import Button, FileOfDraft, Outgoing, Reaction, Reply
from storage.store import Store


def to(number: int, platform: str = "slack", workspace: str = "T1") -> MessageKey:
    return MessageKey(platform, workspace, "C1", str(number))


def test_replies_come_back_in_order_until_they_are_finished(store: Store) -> None:
    replies = [Reply(to(number), reaction=reaction) for number, reaction in enumerate(Reaction)]
    replies += [Reply(to(7), text="Nothing filed: 建议 👍"), Reply(to(8), text="Draft", draft=("docx", "md"))]
    replies += [
        Reply(to(9), "Settings", card="settings", renews=True, buttons=((Button("hlpf", "/set template: hlpf"),),)),
        Reply(to(9), "Draft 1", file=FileOfDraft(7, 1, "a.docx"), language="fr"),
    ]
    with store.work() as work:
        work.add_replies(replies[:2])
        work.add_replies(replies[2:])
        seen = [reply for _, reply, _ in work.take_replies("slack", "T1", 100)]
    with store.work() as work:
        for id_, *_ in work.take_replies("slack", "T1", 2):
            work.finish_reply(id_)
        rest = [reply for _, reply, _ in work.take_replies("slack", "T1", 3)]
    assert (seen, rest) == (replies, replies[2:5])


def test_replies_are_taken_for_one_workspace_only(store: Store) -> None:
    replies = [Reply(to(1)), Reply(to(1, workspace="T2")), Reply(to(1, platform="telegram"))]
    with store.work() as work:
        work.add_replies(replies)
    with store.work() as work:
        taken = [
            [reply for _, reply, _ in work.take_replies(platform, workspace, 10)]
            for platform, workspace in (("slack", "T1"), ("slack", "T2"), ("telegram", "T1"), ("telegram", "9"))
        ]
    assert taken == [[replies[0]], [replies[1]], [replies[2]], []]


def test_reply_that_was_tried_comes_with_its_intent_and_what_was_sent_is_known(store: Store) -> None:
    with store.work() as work:
        work.add_replies([Reply(to(number), "words") for number in range(3)])
        first, second, third = work.take_replies("slack", "T1", 3)
        work.begin_reply(second.id, "41")
        work.finish_reply(first.id, sent_id="42")
        work.finish_reply(third.id, failure="the bot is not in the chat")
    with store.read() as work:
        sent = (work.list_sent(to(0).place), work.list_sent(to(0, workspace="T2").place), work.list_failures())
    with store.work() as work:
        assert work.take_replies("slack", "T1", 9) == [Outgoing(second.id, second.reply, "41")]
    assert sent == ({"42"}, set(), [(to(0).place, "the bot is not in the chat")])


def test_card_of_a_chat_is_the_message_kept_last(store: Store) -> None:
    place = to(0).place
    with store.work() as work:
        found = [work.find_card(place, "status")]
        for message_id in ("41", "42"):
            work.keep_card(place, "status", message_id)
            found.append(work.find_card(place, "status"))
        found += [work.find_card(place, "settings"), work.find_card(to(0, workspace="T2").place, "status")]
    assert found == [None, "41", "42", None, None]


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_two_senders_take_different_replies(store: Store) -> None:
    replies = [Reply(to(number)) for number in range(3)]
    with store.work() as work:
        work.add_replies(replies)
    with store.work() as one, store.work() as other:
        taken = [[reply for _, reply, _ in sender.take_replies("slack", "T1", 2)] for sender in (one, other)]
    assert taken == [replies[:2], replies[2:]]
