"""`rapporteur doctor`: what is wrong, and what to do. Looks, and changes nothing but the database's schema."""

import asyncio
import os
from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import make_url

from bot.platforms.slack import PLATFORM as SLACK
from bot.platforms.slack.examining import examine_slack
from bot.platforms.telegram import PLATFORM as TELEGRAM
from bot.platforms.telegram.examining import examine_telegram
from bot.settings import Settings, read_settings, reveal
from core.errors import RapporteurError
from core.messages import Place, find_parent
from core.phrases import phrase
from reports.template_reader import check_template, load_templates
from storage.database import open_database
from storage.store import Store


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at."""

    good: bool
    what: str


def examine(database_url: str | None) -> Iterator[Finding]:
    """Settings, templates, the folder for drafts and the database, in this order."""
    try:
        settings = read_settings()
    except RapporteurError as error:
        yield Finding(False, str(error))
        return
    yield Finding(True, "settings")
    try:
        catalog = load_templates(settings.templates_dir)
        for template_id, folder in sorted(catalog.folders.items()):
            problems = check_template(folder)
            yield Finding(not problems, "\n     ".join([f"template {template_id}", *problems]))
        if settings.template not in catalog.ids():
            yield Finding(False, f"TEMPLATE: there is no such template; templates are {', '.join(catalog.ids())}")
    except RapporteurError as error:
        yield Finding(False, str(error))
    parent = next(p for p in [settings.drafts_dir.absolute(), *settings.drafts_dir.absolute().parents] if p.exists())
    writable = parent.is_dir() and os.access(parent, os.W_OK)
    yield Finding(writable, "folder for drafts" if writable else "DRAFTS_DIR: the folder cannot be written to")
    try:
        store = Store(open_database(database_url or settings.database_url))
    except RapporteurError as error:
        yield Finding(False, str(error))
        return
    yield from _examine_database(store, database_url or settings.database_url)
    if settings.telegram_token:
        yield from _examine_telegram(settings, settings.telegram_token.get_secret_value(), store)
    if settings.slack_bot_token:
        yield from _examine_slack(settings, settings.slack_bot_token.get_secret_value(), store)
    if settings.telegram_token or settings.slack_bot_token:
        yield from _examine_organizers(settings, store)


def _examine_database(store: Store, url: str) -> Iterator[Finding]:
    waiting, dead = store.waiting(), store.dead_letters()
    with store.read() as work:
        failures = work.list_failures()
    yield Finding(True, f"database {make_url(url).render_as_string(hide_password=True)}, {waiting} updates waiting")
    if dead:
        reasons = ", ".join(sorted({f"{letter.source}: {letter.reason}" for letter in dead}))
        yield Finding(False, f"{len(dead)} updates could not be read and are kept: {reasons}")
    for (platform, _, chat), reason in failures:
        yield Finding(False, f"{platform} chat {chat}: something that the bot had to say was given up: {reason}")


def _examine_telegram(settings: Settings, token: str, store: Store) -> Iterator[Finding]:
    """Token, privacy, webhook; the chats that feed open meetings."""
    chats = _list_chats(store, TELEGRAM)
    with store.read() as work:
        deaf = [chat for chat in chats if work.load_chat(find_parent(chat) or chat).can_read is False]
    ids = [chat for _, _, chat in chats]
    found = asyncio.run(examine_telegram(token, settings.telegram_api_url, settings.telegram_webhook_url, ids))
    yield from (Finding(good, what) for good, what in found)
    for _, _, chat in deaf:
        yield Finding(
            False, f"Telegram: chat {chat} hid its notes from the bot when it came in. {phrase('cannot_read')}"
        )


def _examine_slack(settings: Settings, token: str, store: Store) -> Iterator[Finding]:
    """Tokens, scopes, socket; the chats that feed open meetings."""
    ids = [chat for _, _, chat in _list_chats(store, SLACK)]
    app_token, signing_secret = reveal(settings.slack_app_token), reveal(settings.slack_signing_secret)
    found = asyncio.run(examine_slack(token, app_token, signing_secret, settings.slack_api_url, ids))
    yield from (Finding(good, what) for good, what in found)


def _list_chats(store: Store, platform: str) -> list[Place]:
    """The platform's chats that feed open meetings."""
    with store.read() as work:
        open_meetings = [meeting.id for meeting in work.list_meetings() if meeting.is_open]
        return [place for id_ in open_meetings for place in work.chats_of(id_) if place[0] == platform]


def _examine_organizers(settings: Settings, store: Store) -> Iterator[Finding]:
    """Whether anybody may open a meeting."""
    with store.read() as work:
        claimed = settings.organizers or work.list_organizers(None)
    if not claimed:
        yield Finding(
            False, "nobody runs this bot yet: start `rapporteur run`, and send it the /claim line that it prints"
        )
