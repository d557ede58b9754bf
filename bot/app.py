"""Putting the parts together: settings → database, templates, worker. The only place where that is done."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.settings import Settings, read_settings, reveal
from handlers.dispatch import COMMANDS
from reports.template_reader import TemplateCatalog, load_templates
from storage.database import open_database
from storage.store import Store

if TYPE_CHECKING:
    from bot.platforms import Platform


@dataclass(frozen=True, slots=True)
class App:
    """The parts that every command works with."""

    settings: Settings
    store: Store
    templates: TemplateCatalog


def build_platforms(settings: Settings, templates: TemplateCatalog) -> "list[Platform]":
    """The chat services that the settings give a token for; none where there is only the terminal."""
    platforms: list[Platform] = []
    if settings.telegram_token:
        from bot.platforms.telegram.platform import TelegramPlatform  # noqa: PLC0415 - takes a while to load

        platforms.append(
            TelegramPlatform(
                settings.telegram_token.get_secret_value(),
                api_url=settings.telegram_api_url,
                commands=COMMANDS,
                webhook_url=settings.telegram_webhook_url,
                webhook_secret=reveal(settings.telegram_webhook_secret),
            )
        )
    if settings.slack_bot_token:
        from bot.platforms.slack.platform import SlackPlatform  # noqa: PLC0415 - likewise

        platforms.append(
            SlackPlatform(
                settings.slack_bot_token.get_secret_value(),
                app_token=reveal(settings.slack_app_token),
                signing_secret=reveal(settings.slack_signing_secret),
                api_url=settings.slack_api_url,
                command=settings.slack_command,
                templates=templates.ids(),
            )
        )
    return platforms


def build_app(database_url: str | None = None) -> App:
    """Read the settings, open the database (migrated to this program's schema) and find the templates."""
    settings = read_settings()
    templates = load_templates(settings.templates_dir)
    return App(settings, Store(open_database(database_url or settings.database_url)), templates)
