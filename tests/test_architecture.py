"""What ARCHITECTURE.md and README.md say of the code, held against the code."""

import re
import tomllib
from pathlib import Path

import reports.formats
from bot.cli import app
from handlers.dispatch import COMMANDS
from reports.template_reader import load_templates

ROOT = Path(__file__).parent.parent
PACKAGES = ("bot", "core", "handlers", "reports", "storage")
PLATFORMS = re.compile(r"\b(slack|telegram)\b", re.IGNORECASE)


def read(name: str) -> str:
    return (ROOT / name).read_text("utf-8")


def test_platforms_are_known_to_bot_alone():
    inner = [p for package in PACKAGES if package != "bot" for p in (ROOT / package).rglob("*.py")]
    assert [p.relative_to(ROOT).as_posix() for p in inner if PLATFORMS.search(p.read_text("utf-8"))] == []


def test_every_format_module_is_named():
    folder = ROOT / "reports" / "formats"
    # a module with RENDER's contract is a format; the others serve them
    modules = {p.stem if p.suffix else p.name for p in folder.iterdir() if p.name not in ("__init__.py", "__pycache__")}
    formats = {name for name in modules if "\nMEDIA_TYPE = " in _source(folder / name)}
    assert formats == set(reports.formats.FORMATS.values())


def _source(module: Path) -> str:
    file = module.with_suffix(".py") if module.with_suffix(".py").exists() else module / "__init__.py"
    return file.read_text("utf-8") if file.exists() else ""


def test_every_template_folder_is_shipped():
    folders = sorted(p.name for p in (ROOT / "reports" / "templates").iterdir() if p.is_dir())
    assert list(load_templates().ids()) == folders


def test_paths_of_the_table_exist():
    table = read("ARCHITECTURE.md").split("## One place to touch")[1].split("## Decisions")[0]
    paths = [path.replace("<name>", "bapa40") for path in re.findall(r"`([\w./<>]+(?:\.py|\.toml|/|example))`", table)]
    missing = [p for p in paths if not (ROOT / p.replace("<language>", "fr")).exists()]
    # these two are to be written by who adds a platform or a format
    assert missing == ["bot/platforms/bapa40.py", "reports/formats/bapa40.py"]


def test_readme_names_every_command():
    chat = re.findall(r"`/(\w+)`", read("README.md").split("In the chat:")[1].split("\n")[0])
    assert chat == [command.name for command in COMMANDS]
    listed = set(re.findall(r"^\| `rapporteur (\w+)", read("README.md"), re.MULTILINE))
    commands = {command.name or command.callback.__name__ for command in app.registered_commands if command.callback}
    assert listed == commands | {"templates", "slack"}


def test_requirements_name_no_host():
    for name in ("run", "dev"):
        assert re.findall(r"https?://|--(?:extra-)?index-url|--find-links", read(f"requirements/{name}.txt")) == []


def test_requirements_pin_every_dependency_with_hashes():
    project = tomllib.loads(read("pyproject.toml"))["project"]
    wanted = {re.split(r"[\[<>=]", name)[0].lower() for name in project["dependencies"]}
    pinned = {
        m[1] for m in re.finditer(r"^([\w-]+)(?:\[\w+\])?==\S+.*\\\n\s+--hash=", read("requirements/run.txt"), re.M)
    }
    assert wanted - pinned == set()


def test_changelog_has_the_version():
    assert re.search(r"^## \[Unreleased\]", read("CHANGELOG.md"), re.MULTILINE)
