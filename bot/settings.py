"""Settings, from the environment and a file `.env` in the current folder. Read by `app` once, when it starts."""

import re
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from core.errors import SettingError, UserError
from core.tags import LANGUAGES
from handlers import Defaults, Guard
from handlers.settings import read_zone
from reports.formats import FORMATS, load_format


class Settings(BaseSettings):
    """What may be set; `.env.example` lists the same, and a test holds the two together."""

    model_config = SettingsConfigDict(env_file=".env", env_file_encoding="utf-8", env_ignore_empty=True, extra="ignore")

    database_url: str = Field("sqlite:///rapporteur.db", description="where notes are kept")
    templates_dir: Path | None = Field(None, description="a folder of your own template folders")
    drafts_dir: Path = Field(Path("drafts"), description="where the console writes drafts")
    template: str = Field("bapa40", description="template of a meeting that names none")
    timezone: str = Field("UTC", description="time zone of a meeting that names none")
    language: str = Field("en", description="language of a meeting that names none")
    draft_formats: Annotated[tuple[str, ...], NoDecode] = Field(
        ("docx",), description="formats of a draft where none are asked for"
    )
    keep_updates_days: int = Field(
        30, ge=0, le=36_500, description="for how many days raw updates are kept; 0 for ever"
    )
    keep_meetings_days: int = Field(
        0, ge=0, le=36_500, description="for how many days a closed meeting is kept; 0 for ever"
    )
    organizers: Annotated[tuple[str, ...], NoDecode] = Field(
        (), description="who may open meetings beforehand, such as telegram:1001,slack:U0123"
    )
    allowed_chats: Annotated[tuple[str, ...], NoDecode] = Field(
        (), description="the only chats that the bot works in, such as telegram:-1001234567890; empty for all"
    )
    telegram_token: SecretStr | None = Field(None, description="the bot's token, from @BotFather")
    telegram_api_url: str = Field("https://api.telegram.org", description="the Bot API server")
    telegram_webhook_url: str | None = Field(
        None, description="the public https address at which Telegram reaches the bot's web server; empty for polling"
    )
    telegram_webhook_secret: SecretStr | None = Field(
        None, description="a secret of your own, of letters, digits, _ and -, which Telegram sends with every update"
    )
    slack_bot_token: SecretStr | None = Field(None, description="Slack's bot token, xoxb-…")
    slack_app_token: SecretStr | None = Field(None, description="Slack's app-level token, xapp-…, for Socket Mode")
    slack_signing_secret: SecretStr | None = Field(
        None, description="Slack's signing secret, where Slack calls the bot's web server; not with SLACK_APP_TOKEN"
    )
    slack_api_url: str = Field("https://slack.com/api", description="Slack's Web API")
    slack_command: str = Field("draft", description="the name of the slash command for drafts")
    web_host: str = Field("127.0.0.1", description="where the bot's web server listens, if it is needed")
    web_port: int = Field(8080, ge=0, le=65535, description="and its port")
    log_level: Literal["debug", "info", "warning", "error"] = Field("info", description="how much is logged")

    @field_validator("draft_formats", "organizers", "allowed_chats", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        return tuple(value.replace(",", " ").split()) if isinstance(value, str) else value

    @field_validator("draft_formats")
    @classmethod
    def _check_formats(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        try:
            formats = tuple(dict.fromkeys(load_format(name).NAME for name in value))
        except UserError:
            formats = ()
        if not formats:
            raise ValueError(f"formats are wanted, of {', '.join(FORMATS)}")
        return formats

    @field_validator("organizers", "allowed_chats")
    @classmethod
    def _check_names(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        if not all(re.fullmatch(r"[a-z]+:[^\s:]+", name) for name in value):
            raise ValueError("names with their platform are wanted, such as telegram:1001")
        return value

    @field_validator("telegram_token")
    @classmethod
    def _check_token(cls, value: SecretStr | None) -> SecretStr | None:
        if value and not re.fullmatch(r"\d+:[\w-]+", value.get_secret_value()):
            raise ValueError("a token such as 123456:ABC-DEF is wanted; @BotFather gives it")
        return value

    @field_validator("slack_bot_token")
    @classmethod
    def _check_bot_token(cls, value: SecretStr | None) -> SecretStr | None:
        if value and not value.get_secret_value().startswith("xoxb-"):
            raise ValueError("a bot token, which starts with xoxb-, is wanted; it stands under OAuth & Permissions")
        return value

    @field_validator("slack_app_token")
    @classmethod
    def _check_app_token(cls, value: SecretStr | None) -> SecretStr | None:
        if value and not value.get_secret_value().startswith("xapp-"):
            raise ValueError(
                "an app-level token, which starts with xapp-, is wanted; it stands under Basic Information"
            )
        return value

    @field_validator("slack_command")
    @classmethod
    def _check_slash_command(cls, value: str) -> str:
        if not re.fullmatch(r"/?[a-z0-9_-]{1,31}", value):
            raise ValueError("a name of small letters, digits, _ and - is wanted, such as draft")
        return value.removeprefix("/")

    @field_validator("telegram_api_url", "telegram_webhook_url", "slack_api_url")
    @classmethod
    def _check_url(cls, value: str | None) -> str | None:
        if value and not re.fullmatch(r"https?://[^\s/]+(/\S*)?", value):
            raise ValueError("an address that starts with https:// is wanted")
        return value.rstrip("/") if value else value

    @field_validator("slack_api_url")
    @classmethod
    def _check_slack_api(cls, value: str) -> str:
        if not value.endswith("/api"):
            raise ValueError("an address that ends with /api is wanted, such as https://slack-gov.com/api")
        return value

    @field_validator("telegram_webhook_secret")
    @classmethod
    def _check_secret(cls, value: SecretStr | None) -> SecretStr | None:
        if value and not re.fullmatch(r"[\w-]{1,256}", value.get_secret_value(), re.ASCII):
            raise ValueError("letters, digits, _ and - are wanted, up to 256")
        return value

    @model_validator(mode="after")
    def _check_pairs(self) -> Self:
        if self.telegram_webhook_url and not self.telegram_webhook_secret:
            raise ValueError("TELEGRAM_WEBHOOK_SECRET: is wanted with TELEGRAM_WEBHOOK_URL")
        if self.slack_bot_token and not (self.slack_app_token or self.slack_signing_secret):
            raise ValueError("SLACK_APP_TOKEN: is wanted with SLACK_BOT_TOKEN, or SLACK_SIGNING_SECRET")
        return self

    @field_validator("log_level", mode="before")
    @classmethod
    def _lower(cls, value: object) -> object:
        return value.lower() if isinstance(value, str) else value

    @field_validator("timezone")
    @classmethod
    def _check_zone(cls, value: str) -> str:
        try:
            return read_zone(value)
        except UserError:
            raise ValueError("a time zone such as Africa/Addis_Ababa is wanted") from None

    @field_validator("language")
    @classmethod
    def _check_language(cls, value: str) -> str:
        if value not in LANGUAGES:
            raise ValueError(f"one of {', '.join(LANGUAGES)} is wanted")
        return value

    def defaults(self) -> Defaults:
        """What handlers need of the settings."""
        return Defaults(self.template, self.timezone, self.language, self.draft_formats)

    def guard(self) -> Guard:
        """Who may do what on platforms that anybody can reach."""
        return Guard(frozenset(self.organizers), frozenset(self.allowed_chats))


def reveal(secret: SecretStr | None) -> str | None:
    """A secret as its service wants it, if it is set."""
    return secret.get_secret_value() if secret else None


def read_settings() -> Settings:
    """The settings; a `SettingError` names each variable that is wrong, never its value."""
    try:
        return Settings()
    except ValidationError as error:
        # what concerns two variables names them itself
        wrong = [
            "".join([*(f"{str(name).upper()}: " for name in e["loc"][:1]), _explain(e["type"], e["msg"])])
            for e in error.errors()
        ]
        raise SettingError("\n".join([*wrong, "Set them in the environment or in .env; see .env.example."])) from None


def _explain(kind: str, message: str) -> str:
    return "not one of the values it can have" if kind == "literal_error" else message.removeprefix("Value error, ")
