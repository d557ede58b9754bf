import re
from pathlib import Path

import pytest

from bot.settings import Settings, read_settings
from core.errors import SettingError
from handlers import Defaults, Guard

EXAMPLE = Path(__file__).parents[2] / ".env.example"


@pytest.fixture(autouse=True)
def nothing_set(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No setting of the tester's own, and no .env."""
    monkeypatch.chdir(tmp_path)
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)


def test_defaults_are_those_of_the_example():
    lines = re.findall(r"^#? ?([A-Z_]+)=(.*)$", EXAMPLE.read_text("utf-8"), re.MULTILINE)
    shown = {name.lower(): value for name, value in lines}
    settings = read_settings()
    assert list(shown) == list(Settings.model_fields)
    assert shown == {
        name: ",".join(value) if isinstance(value, tuple) else "" if value is None else str(value)
        for name, value in settings.model_dump().items()
    }


def test_every_line_of_the_example_has_a_comment_above():
    blocks = EXAMPLE.read_text("utf-8").strip().split("\n\n")
    assert [block for block in blocks if not block.startswith("# ")] == []


def test_the_example_can_be_used_as_it_stands(tmp_path: Path):
    usual = read_settings()
    (tmp_path / ".env").write_bytes(EXAMPLE.read_bytes())
    assert read_settings() == usual


def test_environment_wins_over_the_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    (tmp_path / ".env").write_text("TEMPLATE=hlpf\nTIMEZONE=asia/tokyo\nDRAFT_FORMATS=md markdown, docx\nOTHER=1\n")
    monkeypatch.setenv("TEMPLATE", "bapa40")
    assert read_settings().defaults() == Defaults("bapa40", "Asia/Tokyo", "en", ("md", "docx"))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("TIMEZONE", "geheim/Nowhere"),
        ("LANGUAGE", "geheim"),
        ("DRAFT_FORMATS", "docx,geheim"),
        ("LOG_LEVEL", "geheim"),
        ("KEEP_UPDATES_DAYS", "geheim"),
        ("ORGANIZERS", "telegram:1001,geheim"),
        ("ALLOWED_CHATS", "geheim"),
        ("TELEGRAM_TOKEN", "geheim"),
        ("TELEGRAM_API_URL", "geheim"),
        ("TELEGRAM_WEBHOOK_URL", "geheim"),
        ("TELEGRAM_WEBHOOK_SECRET", "geheim geheim"),
        ("WEB_PORT", "geheim"),
    ],
)
def test_wrong_value_is_told_by_its_name_and_not_repeated(monkeypatch: pytest.MonkeyPatch, name: str, value: str):
    monkeypatch.setenv(name, value)
    with pytest.raises(SettingError) as raised:
        read_settings()
    assert str(raised.value).startswith(f"{name}: ")
    assert "geheim" not in str(raised.value)
    assert raised.value.__cause__ is None


def test_names_are_read_with_their_platforms(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("ORGANIZERS", "telegram:1001, slack:U0123")
    monkeypatch.setenv("ALLOWED_CHATS", "telegram:-1001234567890")
    guard = Guard(frozenset({"telegram:1001", "slack:U0123"}), frozenset({"telegram:-1001234567890"}))
    assert read_settings().guard() == guard


def test_webhook_needs_its_secret(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("TELEGRAM_WEBHOOK_URL", "https://bot.example.org/telegram")
    with pytest.raises(SettingError) as raised:
        read_settings()
    assert str(raised.value).split("\n")[0] == "TELEGRAM_WEBHOOK_SECRET: is wanted with TELEGRAM_WEBHOOK_URL"
    monkeypatch.setenv("TELEGRAM_WEBHOOK_SECRET", "s3cret")
    settings = read_settings()
    # neither is shown where settings are printed
    assert (settings.telegram_webhook_url, "s3cret" in repr(settings)) == ("https://bot.example.org/telegram", False)


def test_all_wrong_values_are_told_at_once(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("LANGUAGE", "xx")
    monkeypatch.setenv("LOG_LEVEL", "loud")
    with pytest.raises(SettingError) as raised:
        read_settings()
    assert str(raised.value).split("\n") == [
        "LANGUAGE: one of en, fr, es, pt, ru, ar, zh is wanted",
        "LOG_LEVEL: not one of the values it can have",
        "Set them in the environment or in .env; see .env.example.",
    ]
