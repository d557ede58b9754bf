"""Whether what was sent arrived, found out after the sending was cut off."""

import asyncio

import pytest

from bot.platforms import RefusedError, UnreachableError
from bot.platforms.slack.platform import SlackPlatform
from core.replies import Button, DraftFile, FileOfDraft, Reply
from tests.bot.platforms.slack.bench import Inbox, connected, key_of, receiving, run, settled
from tests.slack_server import SlackServer
from tests.slack_server.channels import Channel

# as it is named when it is sent
FILE = DraftFile("report-draft-3.docx", "application/x", b"PK...")
OF_DRAFT = FileOfDraft(1, 3, "report.docx")


def find(slack: SlackServer, reply: Reply, mark: str = "0.000000", known: set[str] | None = None) -> str | None:
    return run(slack, lambda platform: platform.find_sent(reply, mark, known or set()))[0]


def cut_off(slack: SlackServer, channel: Channel, reply: Reply, file: DraftFile | None = None) -> str:
    """Send a reply that arrives without our knowing; the mark from before."""
    method = "files.completeUploadExternal" if file else "chat.postMessage"

    async def lose(platform: SlackPlatform) -> str:
        mark = platform.mark(reply.to)
        slack.fail(method, 1, "drop", after=True)
        with pytest.raises(UnreachableError):
            await platform.send(reply, file, None)
        return mark

    before = len(channel.from_bot)
    [mark] = run(slack, lose)
    slack.wait_until(lambda: len(channel.from_bot) == before + 1)
    return mark


def test_post_whose_answer_was_lost_is_found(slack: SlackServer, channel: Channel):
    """1.8: in doubt, a mark in the message's metadata is looked for; nothing is posted twice."""
    ana = slack.person("Ana")
    reply = Reply(key_of(channel), "The digest", buttons=((Button("More", "/status"),),))
    mark = cut_off(slack, channel, reply)
    channel.say(ana, "The digest")
    run(slack, lambda platform: platform.send(Reply(key_of(channel), "Another"), None, None))
    arrived = channel.from_bot[0].ts
    assert [
        find(slack, reply, mark),
        find(slack, reply, arrived),
        find(slack, reply, mark, {arrived}),
        find(slack, Reply(key_of(channel), "The other digest"), mark),
        find(slack, Reply(key_of(channel), "The digest"), mark),
    ] == [arrived, None, None, None, None]


def test_answer_in_a_thread_is_found_there(slack: SlackServer, channel: Channel):
    note = channel.say(slack.person("Ana"), "#need x")
    reply = Reply(key_of(channel, note), "Which?")
    mark = cut_off(slack, channel, reply)
    assert find(slack, reply, mark) == channel.from_bot[0].ts


def test_same_words_to_another_are_another_reply(slack: SlackServer, channel: Channel):
    ana = slack.person("Ana")
    one, two = (channel.say(ana, text) for text in ("#need x", "#need y"))
    mark = cut_off(slack, channel, Reply(key_of(channel, one), "Which?", thread=one.ts))
    assert find(slack, Reply(key_of(channel, two), "Which?", thread=one.ts), mark) is None


def test_found_on_any_page(slack: SlackServer, channel: Channel):
    ana = slack.person("Ana")
    reply = Reply(key_of(channel), "The digest")
    mark = cut_off(slack, channel, reply)
    for n in range(7):
        channel.say(ana, f"note {n}")
    slack.page_size = 2
    assert find(slack, reply, mark) == channel.from_bot[0].ts


def test_without_a_mark_what_is_known_is_one(slack: SlackServer, channel: Channel):
    reply = Reply(key_of(channel), "The same each day")
    sent = [run(slack, lambda platform: platform.send(reply, None, None))[0] for _ in range(3)]
    assert [find(slack, reply, known=set(sent[:n])) in sent[n:] for n in range(3)] == [True] * 3
    assert find(slack, reply, known={*sent, "file:F1"}) is None


def test_words_of_which_not_all_parts_arrived_did_not_arrive(slack: SlackServer, channel: Channel):
    reply = Reply(key_of(channel), "a\n" * 9000)

    async def send_part(platform: SlackPlatform) -> None:
        with pytest.raises(UnreachableError):
            await platform.send(reply, None, None)

    slack.fail("chat.postMessage", 1, 500)
    run(slack, send_part)
    cut_off(slack, channel, reply)
    assert find(slack, reply) is None
    [sent] = run(slack, lambda platform: platform.send(reply, None, None))
    assert (find(slack, reply), len(channel.from_bot)) == (sent, 3)


def test_file_is_found_by_its_name(slack: SlackServer, channel: Channel):
    ana = slack.person("Ana")
    channel.say(ana, files=[(FILE.name, b"hers")])
    reply = Reply(key_of(channel), "Draft 3", file=OF_DRAFT)
    mark = cut_off(slack, channel, reply, FILE)
    (message,) = channel.from_bot
    found = f"file:{message.files[0].id}"
    assert [
        find(slack, reply, mark),
        find(slack, reply, mark, {found}),
        find(slack, Reply(key_of(channel), file=FileOfDraft(1, 4, "report.docx")), mark),
    ] == [found, None, None]


def test_file_that_is_shared_late_is_waited_for(slack: SlackServer, channel: Channel):
    """1.6: the completion of an upload is answered before the file is shared."""
    reply = Reply(key_of(channel), file=OF_DRAFT)

    async def scene() -> str | None:
        async with connected(slack) as platform:
            platform.look_again = 0.5
            slack.share_delay = 0.3
            slack.fail("files.completeUploadExternal", 1, "drop", after=True)
            with pytest.raises(UnreachableError):
                await platform.send(reply, FILE, None)
            return await platform.find_sent(reply, "0.000000", set())

    found = asyncio.run(scene())
    assert [f"file:{message.files[0].id}" for message in channel.from_bot] == [found]


def test_home_page_is_published_again(slack: SlackServer):
    assert find(slack, Reply(key_of("home:U1"), "x")) is None
    assert slack.calls_of("conversations.history") == []


def test_channel_that_cannot_be_read_is_told(slack: SlackServer):
    with pytest.raises(RefusedError):
        find(slack, Reply(key_of("C404"), "x"))
    slack.stop()
    with pytest.raises(UnreachableError):
        run(slack)


def test_mark_is_the_newest_that_was_seen_in_the_channel(slack: SlackServer, channel: Channel):
    async def scene() -> list[str]:
        ana, inbox = slack.person("Ana"), Inbox()
        other = slack.add_channel("other")
        other.invite_bot(ana)
        async with connected(slack) as platform, receiving(slack, platform, inbox):
            first = channel.say(ana, "one")
            channel.say(ana, "two", thread=first)
            await settled(slack, *slack.deliveries)
            last = slack.deliveries[-1].payload["event"]["ts"]
            marks = [platform.mark(key_of(channel)) == last, platform.mark(key_of(other))]
            sent = await platform.send(Reply(key_of(other), "x"), None, None)
            return [*map(str, marks), str(platform.mark(key_of(other)) == sent), platform.mark(key_of("C404"))]

    slack.retry_delays = ()
    assert asyncio.run(scene()) == ["True", "0.000000", "True", "0.000000"]
