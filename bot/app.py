"""Putting the parts together: settings → database, templates, worker. The only place where that is done."""

from dataclasses import dataclass

from bot.settings import Settings, read_settings
from reports.template_reader import TemplateCatalog, load_templates
from storage.database import open_database
from storage.store import Store


@dataclass(frozen=True, slots=True)
class App:
    """The parts that every command works with."""

    settings: Settings
    store: Store
    templates: TemplateCatalog


def build_app(database_url: str | None = None) -> App:
    """Read the settings, open the database (migrated to this program's schema) and find the templates."""
    settings = read_settings()
    templates = load_templates(settings.templates_dir)
    return App(settings, Store(open_database(database_url or settings.database_url)), templates)
