from collections.abc import Iterator

import pytest

from tests.bot.program import Program


@pytest.fixture(scope="session")
def program() -> Iterator[Program]:
    """The program, ready to run."""
    made = Program()
    yield made
    made.stop()
