"""Databases for the tests: a SQLite file, and a real PostgreSQL server that is started once and stopped at the end."""

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import psycopg
import pytest

from storage.database import open_database
from storage.store import Store

NO_POSTGRESQL = "PostgreSQL is not installed: no initdb and pg_ctl in PATH or /usr/lib/postgresql/*/bin"
MODEL = "model"
# `guarded` is the one user that needs a password
HBA = "local all guarded scram-sha-256\nlocal all all trust\n"
# a test that waits for a lock that it holds itself fails, and does not hang
SETTINGS = "-c listen_addresses='' -c lock_timeout=10s -c fsync=off -c synchronous_commit=off -c full_page_writes=off"


class Server:
    """A PostgreSQL server on a Unix socket of its own, with as many databases as are asked for."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._numbers = count(1)
        self._has_model = False

    def url_of(self, name: str, user: str = "postgres") -> str:
        return f"postgresql://{user}@/{name}?host={self.folder}"

    def execute(self, statement: str) -> None:
        with psycopg.connect(self.url_of("postgres"), autocommit=True) as connection:
            connection.execute(statement)

    def make_database(self, *, empty: bool = False) -> str:
        """A new one, with the program's tables unless it is to be empty: copied, since the migrations take longer."""
        number = next(self._numbers)
        if not empty and not self._has_model:
            self.execute(f"CREATE DATABASE {MODEL}")
            open_database(self.url_of(MODEL)).dispose()
            self._has_model = True
        name = f"test_{number}"
        self.execute(f"CREATE DATABASE {name} TEMPLATE {'template1' if empty else MODEL}")
        return name


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The tests with kills take longest: first, so that no process waits for another at the end."""
    items.sort(key=lambda item: "kill" not in item.nodeid)


@pytest.fixture(scope="session")
def postgresql() -> Iterator[Server]:
    """The server; where there is none to start, its tests are skipped, and fail under CI."""
    programs = find_postgresql()
    if programs is None:
        if os.environ.get("CI") == "true":
            pytest.fail(NO_POSTGRESQL)
        pytest.skip(NO_POSTGRESQL)
    # short, since a socket's path may have 107 characters only
    folder = Path(tempfile.mkdtemp(prefix="pg-", dir="/tmp"))
    as_owner: list[str] = []
    if os.geteuid() == 0:
        owner = pwd.getpwnam("postgres")
        os.chown(folder, owner.pw_uid, owner.pw_gid)
        as_owner = ["runuser", "-u", "postgres", "--"]
    data = folder / "data"

    def run(program: str, *arguments: str) -> None:
        # a pipe would stay open in the server, so the output goes to a file
        with Path(folder, "log").open("ab") as log:
            command = [*as_owner, programs[program], "-D", str(data), *arguments]
            subprocess.run(command, check=True, cwd="/", stdin=subprocess.DEVNULL, stdout=log, stderr=log)

    try:
        run("initdb", "--username=postgres", "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync")
        (data / "pg_hba.conf").write_text(HBA)
        run("pg_ctl", "start", "--wait", "--silent", "-o", f"-k {folder} {SETTINGS}")
        yield Server(folder)
        run("pg_ctl", "stop", "--mode=immediate", "--silent")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def find_postgresql() -> dict[str, str] | None:
    """Where initdb and pg_ctl are: in PATH, else where Debian puts them, the newest of several."""
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda p: float(p.parent.name), reverse=True)
    folders = os.pathsep.join([os.environ.get("PATH", ""), *map(str, debian)])
    found = {program: shutil.which(program, path=folders) for program in ("initdb", "pg_ctl")}
    return {program: path for program, path in found.items() if path} if all(found.values()) else None


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Says why tests on PostgreSQL were skipped, also where skips are not listed."""
    if "skipped" in terminalreporter.stats and find_postgresql() is None:
        terminalreporter.write_line(f"Tests on PostgreSQL were skipped. {NO_POSTGRESQL}")


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A database of the test's own with nothing in it: a SQLite file, then one on PostgreSQL."""
    yield from lend_database(request, tmp_path)


def lend_database(request: pytest.FixtureRequest, tmp_path: Path, *, empty: bool = False) -> Iterator[str]:
    """A database until the test is over, on PostgreSQL with the program's tables unless it is to be empty."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path}/notes.db"
    else:
        server: Server = request.getfixturevalue("postgresql")
        name = server.make_database(empty=empty)
        yield server.url_of(name)
        server.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def store(database_url: str) -> Iterator[Store]:
    """A Store on a database of the test's own."""
    engine = open_database(database_url)
    yield Store(engine)
    engine.dispose()
