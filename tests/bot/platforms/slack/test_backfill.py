"""The history read back, from a Slack on loopback through the real client."""

import asyncio
import json
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from aiohttp import web

from bot.backoff import tell_time
from bot.platforms import RefusedError, UnreachableError, Window
from bot.platforms.slack.backfill import read_window, write_ts
from bot.platforms.slack.connection import make_client
from bot.platforms.slack.reading import SlackReader
from core.messages import Change, Message, Version, fold
from tests.slack_server import SlackServer
from tests.slack_server.channels import Channel
from tests.slack_server.messages import Message as Said

RECEIVED = datetime(2030, 1, 1, tzinfo=UTC)


@dataclass
class Names:
    """Finds everybody, except those that it does not know; notes what it was asked for."""

    unknown: set[str] = field(default_factory=set)
    asked: list[tuple[set[str], set[str]]] = field(default_factory=list)

    async def find(self, users: Collection[str], channels: Collection[str]) -> Mapping[str, Mapping[str, Any]]:
        self.asked.append((set(users), set(channels)))
        return {
            "users": {user: {"name": f"Person {user}", "team": "T1"} for user in users if user not in self.unknown},
            "channels": {channel: "challenge" for channel in channels if channel not in self.unknown},
        }


@dataclass
class Naps:
    """Waits without waiting."""

    seconds: list[float] = field(default_factory=list)

    async def sleep(self, seconds: float) -> None:
        self.seconds.append(seconds)


def when(ts: str) -> datetime:
    seconds, _, rest = ts.partition(".")
    return datetime.fromtimestamp(int(seconds), UTC) + timedelta(microseconds=int(rest))


def window_of(slack: SlackServer, channel: Channel, since: str, known: Collection[str] = ()) -> Window:
    return Window(("slack", slack.team_id, channel.id), when(since), frozenset(known))


def read_back(
    slack: SlackServer, window: Window, names: Names | None = None, naps: Naps | None = None
) -> dict[str, dict[str, Any]]:
    """The updates that come of a window, by their keys."""
    return asyncio.run(_read(slack, window, (names or Names()).find, (naps or Naps()).sleep))


async def _read(slack: SlackServer, window: Window, look_up: Any, sleep: Any) -> dict[str, dict[str, Any]]:
    client = make_client(slack.bot_token, slack.api_url)
    pairs = await read_window(client, window, slack.bot.id, look_up, tell_time, sleep)
    assert len(pairs) == len(dict(pairs))
    return {key: json.loads(payload) for key, payload in pairs}


def read_updates(slack: SlackServer, updates: Collection[Mapping[str, Any]]) -> list[Version]:
    reader = SlackReader(slack.team_id, slack.bot.id, slack.team_url, "draft")
    told = [one for update in updates for one in reader.read(json.dumps(update), RECEIVED)]
    return [one for one in told if isinstance(one, Version)]


def fold_all(versions: Collection[Version]) -> dict[str, Message]:
    names = sorted({one.key.id for one in versions})
    return {name: fold([one for one in versions if one.key.id == name]) for name in names}


def heard(slack: SlackServer) -> list[Version]:
    """What the bot was told of messages in events."""
    users = {person.id: {"name": f"Person {person.id}"} for person in slack.people.values()}
    bodies = [delivery.payload for delivery in slack.deliveries]
    return read_updates(slack, [{"body": body, "found": {"users": users}} for body in bodies])


def gone_of(updates: Mapping[str, Any]) -> list[str]:
    return [key for key in updates if key.startswith("gone:")]


@pytest.fixture
def said(slack: SlackServer, channel: Channel) -> list[Said]:
    """A meeting: notes, a thread, a broadcast, a file, an edit, a deletion and what a bot says."""
    ana, ben = slack.person("Ana"), slack.person("Ben")
    first = channel.say(ana, "#need Staff")
    reply = channel.say(ben, "#challenge", thread=first)
    broadcast = channel.say(ben, "#need Rooms", thread=first, broadcast=True)
    file = channel.say(ana, "#need Chairs", files=[("room.jpg", b"jpg")])
    second = channel.say(ana, "#gap Data")
    channel.edit(second, "#gap More data")
    third = channel.say(ben, "#need Nothing")
    channel.delete(third)
    late = channel.say(ana, "#trend Delays", thread=second)
    return [first, reply, broadcast, file, second, late]


@pytest.mark.parametrize("page_size", [1, 2, 3, 1000])
def test_whole_window_is_what_stands_whatever_the_page_size(
    slack: SlackServer, channel: Channel, said: list[Said], page_size: int
):
    slack.page_size = page_size
    updates = read_back(slack, window_of(slack, channel, said[0].ts))
    found = fold_all(read_updates(slack, updates.values()))
    assert list(found) == [one.ts for one in said]
    assert [one.text for one in found.values()] == [
        "#need Staff",
        "#challenge",
        "#need Rooms",
        "#need Chairs",
        "#gap More data",
        "#trend Delays",
    ]


def test_history_adds_nothing_to_what_was_heard(slack: SlackServer, channel: Channel, said: list[Said]):
    events = heard(slack)
    known = [one.ts for one in said]
    updates = read_back(slack, window_of(slack, channel, said[0].ts, known))
    assert gone_of(updates) == []
    assert fold_all([*events, *read_updates(slack, updates.values())]) == fold_all(events)


def test_outage_is_made_good(slack: SlackServer, channel: Channel, said: list[Said]):
    ana = slack.person("Ana")
    heard_before = heard(slack)
    known = [one.ts for one in said]
    # nobody hears of these
    slack.subscriptions.clear()
    missed = channel.say(ana, "#need Water")
    answer = channel.say(ana, "#rec Wells", thread=said[0])
    channel.edit(said[3], "#need More chairs")
    channel.delete(said[1])
    updates = read_back(slack, window_of(slack, channel, said[0].ts, known))
    assert gone_of(updates) == [f"gone:{channel.id}:{said[1].ts}"]
    found = fold_all([*heard_before, *read_updates(slack, updates.values())])
    standing = {name: one.text for name, one in found.items() if one.deleted_at is None}
    assert standing == {one.ts: one.plain for one in [said[0], *said[2:], missed, answer]}


def test_reading_again_gives_the_same_keys(slack: SlackServer, channel: Channel, said: list[Said]):
    window = window_of(slack, channel, said[0].ts)
    first = read_back(slack, window)
    assert list(read_back(slack, window)) == list(first)
    channel.edit(said[0], "#need More staff")
    again = read_back(slack, window)
    assert [key for key in again if key not in first] == [next(k for k in again if f":{said[0].ts}:" in k)]
    assert said[0].edited is not None
    assert next(k for k in again if k not in first).startswith(
        f"history:{channel.id}:{said[0].ts}:{said[0].edited['ts']}:"
    )


def test_message_that_lacked_a_name_is_taken_again_with_it(slack: SlackServer, channel: Channel, said: list[Said]):
    window = window_of(slack, channel, said[0].ts)
    ana = said[0].sender
    without = read_back(slack, window, Names(unknown={ana.id}))
    complete = read_back(slack, window)
    anew = [key for key in complete if key not in without]
    assert [complete[key]["found"]["users"] for key in anew] == [
        {ana.id: {"name": f"Person {ana.id}", "team": "T1"}} for one in said if one.sender is ana
    ]


def test_names_of_people_and_of_channels_without_names_are_looked_up_once(slack: SlackServer, channel: Channel):
    ana, ben = slack.person("Ana"), slack.person("Ben")
    other = slack.add_channel("challenge")
    slack.empty_channel_names = True
    first = channel.say(ana, "#challenge ask @Ben")
    names = Names()
    updates = read_back(slack, window_of(slack, channel, first.ts), names)
    assert names.asked == [({ana.id, ben.id}, {other.id})]
    assert [one.text for one in read_updates(slack, updates.values())] == [f"#challenge ask @Person {ben.id}"]


def test_deletion_by_absence_is_of_known_messages_of_the_window_only(
    slack: SlackServer, channel: Channel, said: list[Said]
):
    channel.delete(said[3])
    earlier = write_ts(when(said[0].ts) - timedelta(seconds=1))
    known = [said[3].ts, said[4].ts, earlier, "command:1.2", "press:1531126800.000100", "note:V1"]
    updates = read_back(slack, window_of(slack, channel, said[0].ts, known))
    assert gone_of(updates) == [f"gone:{channel.id}:{said[3].ts}"]
    body = updates[f"gone:{channel.id}:{said[3].ts}"]["body"]
    assert {**body, "at": ""} == {
        "type": "rapporteur_gone",
        "team_id": slack.team_id,
        "channel": channel.id,
        "ts": said[3].ts,
        "at": "",
    }
    (deletion,) = read_updates(slack, [{"body": body}])
    assert (deletion.change, deletion.key.id) == (Change.DELETED, said[3].ts)


def test_tombstone_is_a_deletion_and_its_thread_goes_on(slack: SlackServer, channel: Channel, said: list[Said]):
    channel.delete(said[0])
    known = [said[0].ts, said[1].ts]
    updates = read_back(slack, window_of(slack, channel, said[0].ts, known))
    assert gone_of(updates) == [f"gone:{channel.id}:{said[0].ts}"]
    assert [one.key.id for one in read_updates(slack, updates.values())] == [
        *(one.ts for one in said[1:]),
        said[0].ts,
    ]


def test_late_reply_to_a_message_before_the_window_is_found(slack: SlackServer, channel: Channel):
    ana = slack.person("Ana")
    before = channel.say(ana, "Notes of tomorrow go here")
    slack.advance(24 * 3600)
    opened = channel.say(ana, "Good morning")
    late = channel.say(ana, "#need Staff", thread=before)
    updates = read_back(slack, window_of(slack, channel, opened.ts, [opened.ts, late.ts]))
    assert [one.key.id for one in read_updates(slack, updates.values())] == [opened.ts, late.ts]


def test_known_reply_in_a_thread_older_than_what_is_read_is_not_deleted(slack: SlackServer, channel: Channel):
    ana = slack.person("Ana")
    before = channel.say(ana, "Notes of next month go here")
    slack.advance(30 * 24 * 3600)
    opened = channel.say(ana, "Good morning")
    late, other, removed = (channel.say(ana, f"#need {what}", thread=before) for what in ("Staff", "Rooms", "x"))
    channel.delete(removed)
    updates = read_back(slack, window_of(slack, channel, opened.ts, [opened.ts, late.ts, removed.ts]))
    # with the one that is known, the others of its thread are found
    assert [one.key.id for one in read_updates(slack, updates.values())] == [opened.ts, late.ts, other.ts, removed.ts]
    assert gone_of(updates) == [f"gone:{channel.id}:{removed.ts}"]


def test_free_workspace_that_hides_its_history_deletes_nothing(slack: SlackServer, channel: Channel, said: list[Said]):
    channel.delete(said[3])
    slack.hidden_before = said[4].ts
    updates = read_back(slack, window_of(slack, channel, said[0].ts, [one.ts for one in said]))
    assert gone_of(updates) == []
    assert [one.key.id for one in read_updates(slack, updates.values())] == [said[4].ts, said[5].ts]


@pytest.mark.parametrize("method", ["conversations.history", "conversations.replies"])
def test_retry_after_is_obeyed_by_waiting(slack: SlackServer, channel: Channel, said: list[Said], method: str):
    slack.fail(method, 2, 429, retry_after=7)
    naps = Naps()
    updates = read_back(slack, window_of(slack, channel, said[0].ts), naps=naps)
    assert (naps.seconds, len(updates)) == ([7.0, 7.0], len(said))


@pytest.mark.parametrize(
    ("status", "error", "raised"),
    [
        (500, None, UnreachableError),
        ("drop", None, UnreachableError),
        (200, "internal_error", UnreachableError),
        (200, "not_in_channel", RefusedError),
        (200, "missing_scope", RefusedError),
    ],
)
def test_error_in_any_part_deletes_nothing(
    slack: SlackServer, channel: Channel, said: list[Said], status: Any, error: str | None, raised: type[Exception]
):
    channel.delete(said[3])
    slack.page_size = 1
    window = window_of(slack, channel, said[0].ts, [said[3].ts])
    slack.calls.clear()
    assert gone_of(read_back(slack, window)) == [f"gone:{channel.id}:{said[3].ts}"]
    calls = [call.method for call in slack.calls]
    # four pages, two threads of two replies and one, and the missing message itself
    assert calls == ["conversations.history"] * 4 + ["conversations.replies"] * 4
    for good in range(len(calls)):
        with pytest.raises(raised):
            asyncio.run(_read_until(slack, window, good, lambda: slack.fail("*", float("inf"), status, error)))
        slack.heal()


async def _read_until(slack: SlackServer, window: Window, good: int, spoil: Callable[[], object]) -> None:
    """Read a window while all goes wrong after so many calls that were good."""
    client = make_client(slack.bot_token, slack.api_url)
    call, left = client.api_call, good

    async def count(*args: Any, **named: Any) -> Any:
        nonlocal left
        if left == 0:
            spoil()
        left -= 1
        return await call(*args, **named)

    client.api_call = count  # type: ignore[method-assign]
    await read_window(client, window, slack.bot.id, Names().find, tell_time)


def test_channel_that_the_bot_was_taken_out_of_is_refused(slack: SlackServer, channel: Channel, said: list[Said]):
    channel.remove_bot(slack.person("Ana"))
    with pytest.raises(RefusedError, match=r"invite it with /invite"):
        read_back(slack, window_of(slack, channel, said[0].ts, [one.ts for one in said]))


def test_persons_page_of_the_bot_has_no_history(slack: SlackServer):
    window = Window(("slack", slack.team_id, "home:U1"), RECEIVED, frozenset())
    assert (read_back(slack, window), slack.calls) == ({}, [])


@pytest.mark.parametrize(
    "answer",
    [
        {"ok": True},
        {"ok": True, "messages": [7]},
        {"ok": True, "messages": [{"type": "message", "text": "no ts"}]},
        {"ok": True, "messages": [], "has_more": True},
    ],
)
def test_answer_that_is_not_slacks_deletes_nothing(answer: dict[str, Any]):
    async def run() -> None:
        app = web.Application()
        app.router.add_post("/api/conversations.history", _answer_with(answer))
        runner = web.AppRunner(app, shutdown_timeout=0.1)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        try:
            client = make_client("xoxb-1", f"http://127.0.0.1:{runner.addresses[0][1]}/api/")
            window = Window(("slack", "T1", "C1"), RECEIVED, frozenset({write_ts(RECEIVED)}))
            await read_window(client, window, "UBOT", Names().find, tell_time)
        finally:
            await runner.cleanup()

    with pytest.raises(UnreachableError):
        asyncio.run(run())


def _answer_with(answer: dict[str, Any]) -> Any:
    async def handle(_: web.Request) -> web.Response:
        return web.json_response(answer)

    return handle


def test_time_is_written_to_the_microsecond():
    assert write_ts(datetime(2018, 7, 9, 9, 0, 0, 100, UTC)) == "1531126800.000100"
    assert write_ts(datetime(1970, 1, 1, tzinfo=UTC)) == "0000000000.000000"
