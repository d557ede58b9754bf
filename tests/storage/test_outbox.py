"""The outbox: replies in their order, each until it was sent."""

import pytest

from core.messages import MessageKey
from core.replies import Reaction, Reply
from storage.store import Store


def to(number: int, platform: str = "slack", workspace: str = "T1") -> MessageKey:
    return MessageKey(platform, workspace, "C1", str(number))


def test_replies_come_back_in_order_until_they_are_finished(store: Store) -> None:
    replies = [Reply(to(number), reaction=reaction) for number, reaction in enumerate(Reaction)]
    replies += [Reply(to(7), text="Nothing filed: 建议 👍"), Reply(to(8), text="Draft", draft=("docx", "md"))]
    with store.work() as work:
        work.add_replies(replies[:2])
        work.add_replies(replies[2:])
        seen = [reply for _, reply in work.take_replies("slack", "T1", 100)]
    with store.work() as work:
        for id_, _ in work.take_replies("slack", "T1", 2):
            work.finish_reply(id_)
        rest = [reply for _, reply in work.take_replies("slack", "T1", 3)]
    assert (seen, rest) == (replies, replies[2:5])


def test_replies_are_taken_for_one_workspace_only(store: Store) -> None:
    replies = [Reply(to(1)), Reply(to(1, workspace="T2")), Reply(to(1, platform="telegram"))]
    with store.work() as work:
        work.add_replies(replies)
    with store.work() as work:
        taken = [
            [reply for _, reply in work.take_replies(platform, workspace, 10)]
            for platform, workspace in (("slack", "T1"), ("slack", "T2"), ("telegram", "T1"), ("telegram", "9"))
        ]
    assert taken == [[replies[0]], [replies[1]], [replies[2]], []]


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_two_senders_take_different_replies(store: Store) -> None:
    replies = [Reply(to(number)) for number in range(3)]
    with store.work() as work:
        work.add_replies(replies)
    with store.work() as one, store.work() as other:
        taken = [[reply for _, reply in sender.take_replies("slack", "T1", 2)] for sender in (one, other)]
    assert taken == [replies[:2], replies[2:]]
