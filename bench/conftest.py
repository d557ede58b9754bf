"""What the benchmarks share: meetings of three sizes, the table of figures, and its printing at the end."""

from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest
from rich.console import Console

from bench.figures import Figures
from bench.meetings import Bot, make_updates, open_bot

_FIGURES = pytest.StashKey[Figures]()


def pytest_configure(config: pytest.Config) -> None:
    config.stash[_FIGURES] = Figures()


def pytest_terminal_summary(config: pytest.Config) -> None:
    console = Console()
    console.width = max(console.width, 150)
    console.print(config.stash[_FIGURES].table())


@pytest.fixture
def figures(pytestconfig: pytest.Config) -> Figures:
    """The table that a benchmark adds its lines to."""
    return pytestconfig.stash[_FIGURES]


@pytest.fixture
def new_bot(tmp_path_factory: pytest.TempPathFactory) -> Callable[[], tuple[Bot]]:
    """Makes a bot with an empty meeting, as the arguments of one round."""
    return lambda: (open_bot(tmp_path_factory.mktemp("bot")),)


@pytest.fixture(scope="session")
def bot_of(tmp_path_factory: pytest.TempPathFactory) -> Callable[[int], Bot]:
    """The bot whose meeting has so many notes; each size is filled once."""

    @cache
    def fill(notes: int) -> Bot:
        bot = open_bot(Path(tmp_path_factory.mktemp(f"notes{notes}")))
        bot.capture(make_updates(notes))
        return bot

    return fill
