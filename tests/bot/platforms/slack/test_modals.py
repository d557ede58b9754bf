"""The two modals: opened within Slack's three seconds, in the language of who asks; bad input is told in them."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime

import pytest
from structlog.testing import capture_logs

from bot.platforms.slack.modals import build_note_form, build_open_form
from bot.platforms.slack.platform import SlackPlatform
from bot.platforms.slack.reading import SlackReader
from core.tags import LANGUAGES
from tests.bot.platforms.slack.bench import Inbox, connected, receiving, settled, until
from tests.slack_server import SlackServer
from tests.slack_server.channels import Channel
from tests.slack_server.people import Person
from tests.slack_server.views import View, check_view

NOW = datetime(2026, 3, 1, tzinfo=UTC)
Scene = Callable[[SlackPlatform, Inbox], Awaitable[None]]


def play(slack: SlackServer, scene: Scene, *, http: bool = False) -> Inbox:
    inbox = Inbox()

    async def run() -> None:
        async with connected(slack, http=http) as platform, receiving(slack, platform, inbox):
            await scene(platform, inbox)

    asyncio.run(run())
    return inbox


async def modal_of(slack: SlackServer, person: Person) -> View:
    return await until(slack, lambda: person.modal)  # type: ignore[return-value]


def read_texts(slack: SlackServer, inbox: Inbox) -> list[tuple[str, str, str | None]]:
    """What the core makes of the submissions: the chat, the text, what it answers."""
    reader = SlackReader(slack.team_id, slack.bot.id, slack.team_url, "draft")
    submissions = [u for u in inbox.updates if u["body"].get("type") == "view_submission"]
    versions = [v for update in submissions for v in reader.read(json.dumps(update), NOW)]
    return [(v.key.chat, v.text, v.reply_to) for v in versions]


@pytest.mark.parametrize("http", [False, True])
def test_open_without_anything_behind_it_opens_the_modal(slack: SlackServer, channel: Channel, http: bool):
    ana = slack.person("Ana", "fr-FR", "Africa/Nairobi")

    async def scene(_: SlackPlatform, inbox: Inbox) -> None:
        asked = slack.command("/rapporteur", " open ", ana, channel)
        modal = await modal_of(slack, ana)
        assert await settled(slack, asked) == ["acked"]
        assert (modal.title, modal.labels) == (
            "Ouvrir une réunion",
            ["Titre", "Modèle", "Fuseau horaire", "Nombre de jours", "Heure de clôture"],
        )
        assert {name: modal.preset(name) for name in ("title", "template", "zone", "days", "close")} == {
            "title": None,
            "template": None,
            "zone": "Africa/Nairobi",
            "days": "1",
            "close": None,
        }
        assert (modal.options("template"), inbox.kept) == (["bapa40", "hlpf"], {})
        given = {"title": "Pré-HLPF", "template": "hlpf", "days": "2", "close": "17:30"}
        assert await settled(slack, slack.submit(ana, given)) == ["acked"]
        assert (ana.modal, len(inbox.kept)) == (None, 1)

    inbox = play(slack, scene, http=http)
    opening = "/open Pré-HLPF\ntemplate: hlpf\nzone: Africa/Nairobi\ndays: 2\nclose: 17:30"
    assert read_texts(slack, inbox) == [(channel.id, opening, None)]


def test_open_with_something_behind_it_is_a_command(slack: SlackServer, channel: Channel):
    ana = slack.person("Ana")

    async def scene(_: SlackPlatform, inbox: Inbox) -> None:
        texts = ["open Pre-HLPF", "open\nzone: UTC", "status", ""]
        states = await settled(slack, *(slack.command("/rapporteur", text, ana, channel) for text in texts))
        assert (states, sorted(inbox.texts)) == (["acked"] * 4, sorted(texts))

    play(slack, scene)
    assert slack.calls_of("views.open") == []


def test_bad_input_is_told_in_the_modal_and_not_kept(slack: SlackServer, channel: Channel):
    ana = slack.person("Ana", "es-ES")

    async def scene(_: SlackPlatform, inbox: Inbox) -> None:
        slack.command("/rapporteur", "open", ana, channel)
        modal = await modal_of(slack, ana)
        bad = {"title": "   ", "zone": "Nairobbi", "days": "400", "close": "25:99"}
        assert await settled(slack, slack.submit(ana, bad)) == ["acked"]
        assert (sorted(modal.errors), inbox.kept) == (["close", "days", "title", "zone"], {})
        assert (modal.errors["title"], "Africa/Nairobi" in modal.errors["zone"]) == (
            "Ponga un título a la reunión.",
            True,
        )
        assert await settled(slack, slack.submit(ana, {"title": "X", "zone": "Nairobi", "days": "", "close": ""})) == [
            "acked"
        ]
        assert (ana.modal, len(inbox.kept)) == (None, 1)

    inbox = play(slack, scene)
    assert read_texts(slack, inbox)[0][1].splitlines()[:2] == ["/open X", "zone: Nairobi"]


def test_shortcut_files_a_message_as_it_was_left(slack: SlackServer, channel: Channel):
    ana, ben = slack.person("Ana"), slack.person("Ben", "fr-FR")
    note = channel.say(ana, "More <b>funding</b> & *staff*, says @Ben")

    async def scene(_: SlackPlatform, inbox: Inbox) -> None:
        asked = slack.shortcut(note, "file_note", ben)
        modal = await modal_of(slack, ben)
        assert await settled(slack, asked) == ["acked"]
        assert (modal.title, modal.labels) == ("Classer cette note", ["Rubrique", "Séance", "Texte"])
        assert (modal.preset("text"), "#besoin" in modal.options("tag")) == (
            "More <b>funding</b> & *staff*, says @Ben",
            True,
        )
        assert await settled(slack, slack.submit(ben, {"tag": "#besoin"})) == ["acked"]
        slack.shortcut(note, "file_note", ben)
        await modal_of(slack, ben)
        given = {"tag": "challenge", "session": "II", "text": "Funding is short"}
        assert await settled(slack, slack.submit(ben, given)) == ["acked"]

    inbox = play(slack, scene)
    assert read_texts(slack, inbox) == [
        (channel.id, "#need", note.ts),
        (channel.id, "#challenge #session II: Funding is short", note.ts),
    ]


def test_session_that_is_no_number_is_told_in_the_modal(slack: SlackServer, channel: Channel):
    ana = slack.person("Ana")
    note = channel.say(ana, "x")

    async def scene(_: SlackPlatform, inbox: Inbox) -> None:
        slack.shortcut(note, "file_note", ana)
        modal = await modal_of(slack, ana)
        assert await settled(slack, slack.submit(ana, {"tag": "need", "session": "the long one"})) == ["acked"]
        wrong = "I cannot read the long one as a session’s number. Write it as II or 3B, or leave it empty."
        assert (modal.errors, inbox.kept) == ({"session": wrong}, {})

    play(slack, scene)


def test_text_that_is_longer_than_a_field_holds_is_cut(slack: SlackServer, channel: Channel):
    ana = slack.person("Ana")
    note = channel.say(ana, "word " * 1000)

    async def scene(_: SlackPlatform, __: Inbox) -> None:
        slack.shortcut(note, "file_note", ana)
        assert (await modal_of(slack, ana)).preset("text") == ("word " * 1000)[:3000]
        assert await settled(slack, slack.submit(ana, {"tag": "need"})) == ["acked"]

    # left as it was, it files the whole message
    assert read_texts(slack, play(slack, scene)) == [(channel.id, "#need", note.ts)]


@pytest.mark.parametrize("fault", [{"status": 500}, {"status": 429}, {"error": "expired_trigger_id"}])
def test_modal_that_cannot_be_opened_is_told_to_who_asked(
    slack: SlackServer, channel: Channel, fault: dict[str, object]
):
    """1.12: a trigger holds for three seconds, and once."""
    ana = slack.person("Ana", "pt-BR")

    async def scene(_: SlackPlatform, inbox: Inbox) -> None:
        slack.fail("views.open", 1, **fault)  # type: ignore[arg-type]
        asked = slack.command("/rapporteur", "open", ana, channel)
        assert await settled(slack, asked) == ["acked"]
        await until(slack, lambda: slack.ephemerals)
        assert ([e.text for e in slack.ephemerals], inbox.kept) == (
            ["Não foi possível abrir o formulário. Tente novamente."],
            {},
        )

    with capture_logs() as logs:
        play(slack, scene)
    assert [line["event"] for line in logs] == ["modal not opened"]


def test_modal_is_opened_while_people_cannot_be_looked_up(slack: SlackServer, channel: Channel):
    ana = slack.person("Ana", "fr-FR")

    async def scene(platform: SlackPlatform, _: Inbox) -> None:
        platform.lookup.patience = 0.1
        slack.fail("users.info", 10, "hang")
        slack.command("/rapporteur", "open", ana, channel)
        modal = await modal_of(slack, ana)
        assert (modal.title, modal.preset("zone")) == ("Open a meeting", None)

    play(slack, scene)


@pytest.mark.parametrize("language", LANGUAGES)
def test_modals_keep_to_the_limits_in_every_language(language: str):
    message = {"channel": {"id": "C1"}, "message": {"ts": "1.000001"}}
    forms = [build_note_form(message, "x", language), build_open_form("C1", ("bapa40",), "UTC", language)]
    assert [check_view(form)["callback_id"] for form in forms] == ["file_note", "open_meeting"]


def test_modal_without_templates_asks_for_none():
    names = [block["block_id"] for block in build_open_form("C1", (), "", "en")["blocks"]]
    assert names == ["title", "zone", "days", "close"]
