"""Settings, from the environment and a file `.env` in the current folder. Read by `app` once, when it starts."""

from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, ValidationError, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from core.errors import SettingError, UserError
from core.tags import LANGUAGES
from handlers import Defaults
from handlers.meetings import read_zone
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
        ("docx", "html", "md", "json"), description="formats of a draft where none are asked for"
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field("warning", description="how much is logged")

    @field_validator("draft_formats", mode="before")
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


def read_settings() -> Settings:
    """The settings; a `SettingError` names each variable that is wrong, never its value."""
    try:
        return Settings()
    except ValidationError as error:
        wrong = [f"{str(e['loc'][0]).upper()}: {_explain(e['type'], e['msg'])}" for e in error.errors()]
        raise SettingError("\n".join([*wrong, "Set them in the environment or in .env; see .env.example."])) from None


def _explain(kind: str, message: str) -> str:
    return "not one of the values it can have" if kind == "literal_error" else message.removeprefix("Value error, ")
