"""People and channels: asked for before an update is kept, remembered, and never waited for for long."""

import asyncio
import time
from typing import Any

import pytest

from bot.platforms.slack.lookup import describe_person, list_channels, list_users
from tests.bot.platforms.slack.bench import Inbox, connected, receiving, run
from tests.slack_server import SlackServer
from tests.slack_server.channels import Channel


def test_people_and_channels_are_found_once(slack: SlackServer, channel: Channel):
    ana = slack.person("Ana", "fr-FR", is_admin=True)
    guest = slack.person("Gus", guest_of="T99999")

    async def find(platform: Any) -> Any:
        return await platform.lookup.find({ana.id, guest.id, "U404"}, {channel.id, "C404"})

    first, second = run(slack, find, find)
    described = {
        ana.id: {"name": "Ana", "locale": "fr-FR", "is_admin": True, "is_stranger": False, "team": "T00001"},
        guest.id: {"name": "Gus", "locale": "en-US", "is_admin": False, "is_stranger": True, "team": "T99999"},
    }
    assert first == second == {"users": described, "channels": {channel.id: "meeting"}}
    # what is not there is not asked for again at once either
    assert [len(slack.calls_of(method)) for method in ("users.info", "conversations.info")] == [3, 2]


def test_owner_is_an_admin(slack: SlackServer):
    owner = slack.person("Olga", is_owner=True)
    [found] = run(slack, lambda platform: platform.lookup.find({owner.id}, set()))
    assert found["users"][owner.id]["is_admin"] is True


def test_patience_is_for_all_together_and_what_comes_late_is_there_next_time(slack: SlackServer, channel: Channel):
    ana = slack.person("Ana")

    async def scene() -> None:
        async with connected(slack) as platform:
            platform.lookup.patience = 0.2
            slack.fail("users.info", 3, "hang")
            begun = time.monotonic()
            found = await platform.lookup.find({ana.id, slack.bot.id, "U404"}, {channel.id})
            assert time.monotonic() - begun < 5
            assert found == {"users": {}, "channels": {channel.id: "meeting"}}

    asyncio.run(scene())


def test_update_is_kept_in_time_whatever_becomes_of_the_lookup(slack: SlackServer, channel: Channel):
    async def scene() -> None:
        inbox, ana = Inbox(), slack.person("Ana")
        async with connected(slack) as platform, receiving(slack, platform, inbox):
            platform.lookup.patience = 0.1
            slack.fail("users.info", 1, "hang")
            channel.join(ana)
            channel.say(ana, "one")
            await inbox.until(lambda i: i.texts == ["one"])
            assert [update["found"] for update in inbox.updates] == [{"users": {}, "channels": {}}] * 2

    asyncio.run(scene())


# a request that only asks is sent a second time by the library below, where an old connection turns out to be closed
FAULTS = [
    {"status": 500},
    {"status": "drop", "times": 2},
    {"status": 429, "retry_after": 1},
    {"error": "user_not_found"},
]


@pytest.mark.parametrize("fault", FAULTS)
def test_what_fails_is_left_out_and_not_asked_for_at_once(slack: SlackServer, fault: dict[str, Any]):
    ana = slack.person("Ana")

    async def scene() -> None:
        async with connected(slack) as platform:
            slack.fail("users.info", **{"times": 1} | fault)
            assert await platform.lookup.find({ana.id}, set()) == {"users": {}, "channels": {}}
            asked = len(slack.calls_of("users.info"))
            assert await platform.lookup.find({ana.id}, set()) == {"users": {}, "channels": {}}
            assert len(slack.calls_of("users.info")) == asked

    asyncio.run(scene())


@pytest.mark.parametrize("fault", FAULTS)
def test_what_failed_is_found_later(slack: SlackServer, fault: dict[str, Any]):
    ana = slack.person("Ana")

    async def scene() -> None:
        async with connected(slack) as platform, asyncio.timeout(8):
            platform.lookup.again = 0.0
            slack.fail("users.info", **{"times": 1} | fault)
            while not (await platform.lookup.find({ana.id}, set()))["users"]:
                await asyncio.sleep(0.01)

    asyncio.run(scene())


def test_same_person_is_asked_for_once_at_a_time(slack: SlackServer):
    ana = slack.person("Ana")

    async def scene() -> None:
        async with connected(slack) as platform:
            found = await asyncio.gather(*(platform.lookup.find({ana.id}, set()) for _ in range(20)))
            assert [list(one["users"]) for one in found] == [[ana.id]] * 20

    asyncio.run(scene())
    assert len(slack.calls_of("users.info")) == 1


def test_who_is_looked_up():
    message = {"type": "message", "user": "U1", "text": "<@U2> <@U3|x> <#C1> <#C2|> <#C3|need> &lt;@U9&gt;"}
    changed = {"type": "message", "channel": "C9", "message": {"user": "U4", "text": "<@U5>"}}
    bodies = [
        {"type": "event_callback", "event": message},
        {"type": "event_callback", "event": changed},
        {"command": "/draft", "user_id": "U6", "text": "<@U7> <#C4|>"},
        {"type": "block_actions", "user": {"id": "U8"}},
        {"type": "event_callback", "event": {"type": "app_home_opened", "user": "U1"}},
        {"event": "nonsense", "user": 5, "text": 7},
    ]
    assert [(sorted(list_users(body)), sorted(list_channels(body))) for body in bodies] == [
        (["U1", "U2", "U3"], ["C1", "C2"]),
        (["U4", "U5"], []),
        (["U6", "U7"], ["C4"]),
        (["U8"], []),
        (["U1"], []),
        ([], []),
    ]


def test_profile_without_a_display_name_gives_the_next_best():
    people = [
        {"profile": {"display_name": "", "real_name": "Ana Lima"}, "name": "ana.l"},
        {"real_name": "Ana L.", "name": "ana.l"},
        {"name": "ana.l", "locale": None},
        {},
    ]
    assert [describe_person(person)["name"] for person in people] == ["Ana Lima", "Ana L.", "ana.l", ""]
