"""`rapporteur doctor`: what is wrong, and what to do. Looks, and changes nothing but the database's schema."""

import os
from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import make_url

from bot.settings import read_settings
from core.errors import RapporteurError
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
    yield from _examine_database(database_url or settings.database_url)


def _examine_database(url: str) -> Iterator[Finding]:
    try:
        store = Store(open_database(url))
        waiting, dead = store.waiting(), store.dead_letters()
    except RapporteurError as error:
        yield Finding(False, str(error))
        return
    yield Finding(True, f"database {make_url(url).render_as_string(hide_password=True)}, {waiting} updates waiting")
    if dead:
        reasons = ", ".join(sorted({f"{letter.source}: {letter.reason}" for letter in dead}))
        yield Finding(False, f"{len(dead)} updates could not be read and are kept: {reasons}")
