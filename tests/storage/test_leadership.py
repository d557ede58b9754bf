"""The lead: one at a time on a database, and free at once when its holder is gone."""

import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import text

from core.errors import StoreError
from storage.database import begin, open_database
from storage.leadership import Leadership

ROOT = Path(__file__).parents[2]
HOLDER = """
import sys
from storage.database import open_database
from storage.leadership import Leadership

print(Leadership(open_database(sys.argv[1])).try_lead(), flush=True)
sys.stdin.read()
"""


@contextmanager
def candidate(url: str) -> Iterator[Leadership]:
    engine = open_database(url)
    leadership = Leadership(engine)
    yield leadership
    leadership.give_up()
    engine.dispose()


def wait_for(leadership: Leadership) -> bool:
    """Whether it leads in the end: a server needs a moment to notice that a client is gone."""
    deadline = time.monotonic() + 10
    while not (leads := leadership.try_lead()) and time.monotonic() < deadline:
        time.sleep(0.01)
    return leads


def cut_connections(url: str) -> None:
    """Have the server end all others' connections to this database, and wait until they are gone."""
    engine = open_database(url)
    with begin(engine) as connection:
        connection.execute(
            text(
                "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity "
                "WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        )
    engine.dispose()


def test_one_leads_until_it_gives_up(database_url: str) -> None:
    with candidate(database_url) as one, candidate(database_url) as other:
        told = [one.try_lead(), other.try_lead(), one.try_lead(), other.try_lead()]
        one.give_up()
        told += [other.try_lead(), one.try_lead()]
    assert told == [True, False, True, False, True, False]


def test_who_leads_holds_up_no_work_on_the_database(database_url: str) -> None:
    engine = open_database(database_url, busy_timeout=0.1)
    with candidate(database_url) as one:
        assert one.try_lead()
        with begin(engine) as connection:
            connection.execute(text("UPDATE alembic_version SET version_num = version_num"))
    engine.dispose()


def test_holder_that_is_killed_leads_no_more(database_url: str) -> None:
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLDER, database_url], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert holder.stdout
    led = holder.stdout.readline()
    with candidate(database_url) as one:
        before = one.try_lead()
        holder.send_signal(signal.SIGKILL)
        holder.communicate()
        after = wait_for(one)
    assert (led, before, after) == ("True\n", False, True)


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_holder_whose_connection_is_cut_says_so_and_may_lead_again(database_url: str) -> None:
    with candidate(database_url) as one, candidate(database_url) as other:
        assert one.try_lead()
        cut_connections(database_url)
        told = [one.try_lead(), other.try_lead(), one.try_lead()]
        other.give_up()
        told.append(one.try_lead())
        # what is broken can be given up too
        cut_connections(database_url)
        one.give_up()
        told.append(other.try_lead())
    assert told == [False, True, False, True, True]


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_who_stands_by_says_when_its_connection_is_cut_and_tries_anew(database_url: str) -> None:
    with candidate(database_url) as one, candidate(database_url) as other:
        told = [one.try_lead(), other.try_lead()]
        cut_connections(database_url)
        with pytest.raises(StoreError, match="was shut down by its server"):
            other.try_lead()
        told += [other.try_lead(), one.try_lead()]
    assert told == [True, False, True, False]


def test_same_file_by_another_name_has_the_same_lead(tmp_path: Path) -> None:
    (tmp_path / "link.db").symlink_to(tmp_path / "notes.db")
    with candidate(f"sqlite:///{tmp_path}/notes.db") as one, candidate(f"sqlite:///{tmp_path}/link.db") as other:
        assert (one.try_lead(), other.try_lead()) == (True, False)


def test_side_file_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "notes.db-leader").mkdir()
    with candidate(f"sqlite:///{tmp_path}/notes.db") as one, pytest.raises(StoreError) as error:
        one.try_lead()
    path = f"{tmp_path}/notes.db-leader"
    assert str(error.value) == f"The database {path} is a folder, not a file. Name a file in DATABASE_URL."


def test_databases_in_memory_lead_each_for_themselves() -> None:
    with candidate("sqlite://") as one, candidate("sqlite://") as other:
        assert (one.try_lead(), other.try_lead(), one.try_lead()) == (True, True, True)
