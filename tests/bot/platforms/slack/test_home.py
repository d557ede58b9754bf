"""The bot's own page for each person."""

import asyncio
import json
from datetime import UTC, datetime

from bot.platforms.slack.reading import SlackReader
from core.messages import Version
from core.notices import HomeOpened
from core.replies import Button, Reply
from tests.bot.platforms.slack.bench import Inbox, connected, key_of, receiving, send, settled
from tests.slack_server import SlackServer
from tests.slack_server.channels import Channel

NOW = datetime(2026, 3, 1, tzinfo=UTC)


def test_page_is_published_for_who_looks_at_it(slack: SlackServer, channel: Channel):
    """1.12: app_home_opened gives a notice; what answers it is published, and published anew."""
    ana = slack.person("Ana", "fr-FR")

    async def scene() -> None:
        inbox = Inbox()
        async with connected(slack) as platform, receiving(slack, platform, inbox):
            reader = SlackReader(slack.team_id, slack.bot.id, slack.team_url, "draft")
            slack.open_home(ana)
            await inbox.until(lambda i: len(i.kept) == 1)
            [notice] = reader.read(json.dumps(inbox.updates[0]), NOW)
            assert notice == HomeOpened(("slack", "T00001", f"home:{ana.id}"), ana.id, "fr")
            buttons = ((Button("/status · A", "/status", channel.id), Button("/draft · A", "/draft", channel.id)),)
            page = key_of(f"home:{ana.id}")
            sent = [
                await platform.send(Reply(page, text, buttons=row), None, None)
                for text, row in (("No meeting", ()), ("A < B\n3 notes\n\nC", buttons))
            ]
            assert (sent, ana.home and ana.home.texts) == (["", ""], ["A &lt; B\n3 notes", "C"])
            assert ana.home is not None
            press = slack.press(ana.home, "/draft · A", ana)
            assert await settled(slack, press) == ["acked"]
            [version] = reader.read(json.dumps(inbox.updates[1]), NOW)
            assert isinstance(version, Version)
            assert (version.key.chat, version.text, version.author.name) == (channel.id, "/draft", "Ana")

    asyncio.run(scene())


def test_page_keeps_to_the_limits(slack: SlackServer):
    ana = slack.person("Ana")
    text = "\n\n".join(f"Meeting {n}" for n in range(150))
    send(
        slack,
        Reply(key_of(f"home:{ana.id}"), text, buttons=tuple((Button(f"B{n}", "/status", "C1"),) for n in range(60))),
    )
    assert ana.home is not None
    assert (len(ana.home.blocks), len(ana.home.texts), len(ana.home.buttons)) == (100, 60, 40)


def test_page_has_no_reactions(slack: SlackServer):
    assert send(slack, Reply(key_of("home:U1"), "")) == ""
    assert slack.calls_of("views.publish") == []
