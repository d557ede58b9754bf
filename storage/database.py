"""The engine: opened, set up and migrated here; and the one way to begin a transaction.

Used by `bot`, which opens, and by the Store, which begins.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from time import monotonic, sleep
from typing import Any

from sqlalchemy import (
    URL,
    Connection,
    Engine,
    QueuePool,
    create_engine,
    event,
    inspect,
    make_url,
    text,
)
from sqlalchemy.exc import ArgumentError

from core.errors import StoreError
from storage.faults import show_url, translate_errors

# the newest revision in migrations/versions: Alembic is imported only when there is something to migrate
HEAD = "0005"
_MIGRATIONS = Path(__file__).parent / "migrations"
# what the migrations make of an empty SQLite file, a statement a line: a new one need not go through them all, which
# takes half a second; `tests/storage/test_database.py` compares the two
_SCHEMA = _MIGRATIONS / "sqlite.sql"
# any number that no other program on the same server is likely to lock
_MIGRATION_LOCK = 7_092_017
_DRIVERS = {
    "sqlite": "sqlite+pysqlite",
    "sqlite+pysqlite": "sqlite+pysqlite",
    "postgresql": "postgresql+psycopg",
    "postgres": "postgresql+psycopg",
    "postgresql+psycopg": "postgresql+psycopg",
}
_READING: dict[str, dict[str, Any]] = {
    "sqlite": {"begin_with": "BEGIN"},
    "postgresql": {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True},
}


def open_database(url: str, *, busy_timeout: float = 5.0) -> Engine:
    """The database of this URL, migrated to the newest schema.

    `busy_timeout` is for how many seconds another program's lock is waited for. Raises `StoreError`, with
    the database left as it was.
    """
    engine = view_database(url, busy_timeout=busy_timeout)
    try:
        _migrate(engine)
    except BaseException:
        engine.dispose()
        raise
    return engine


def view_database(url: str, *, busy_timeout: float = 5.0) -> Engine:
    """The same as it is, where another process of this program has opened it: nothing is migrated."""
    parsed = _parse_url(url)
    return _make_sqlite(parsed, busy_timeout) if parsed.get_backend_name() == "sqlite" else _make_other(parsed)


@contextmanager
def begin(engine: Engine, *, reading: bool = False) -> Iterator[Connection]:
    """One transaction: committed at the end, rolled back by an exception. Its errors are `StoreError`s.

    With `reading` it sees one state of the database throughout, holds up no writer, and must not write.
    """
    with translate_errors(engine.url), engine.connect() as connection:
        if reading:
            connection.execution_options(**_READING[engine.dialect.name])
        with connection.begin():
            yield connection


def erase_traces(engine: Engine) -> None:
    """Has SQLite write its file anew and empty its log, so that nothing can be read of what was deleted.

    PostgreSQL does so by itself, in its own time. Raises `StoreError`.
    """
    if engine.dialect.name != "sqlite":
        return
    # not in a transaction
    with translate_errors(engine.url), closing(engine.raw_connection()) as connection:
        cursor = connection.cursor()
        cursor.execute("VACUUM")
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        result = cursor.fetchone()
    # the first figure of it: whether the log could not be emptied
    if result and result[0]:
        raise StoreError(f"The database {show_url(engine.url)} is being read by another program. Close that one.")


def _parse_url(url: str) -> URL:
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError):
        # the text may hold a password: it is not repeated, and neither is the error that quotes it
        raise StoreError(
            "DATABASE_URL is not a database URL. Write sqlite:///notes.db or postgresql://user:password@host/name."
        ) from None
    driver = _DRIVERS.get(parsed.drivername)
    if driver is None:
        raise StoreError(
            f"DATABASE_URL names the database {parsed.drivername!r}, which this program cannot use. "
            "Write sqlite:///notes.db or postgresql://user:password@host/name."
        )
    if driver.startswith("sqlite") and parsed.host:
        raise StoreError(
            "DATABASE_URL needs three slashes before a SQLite file's path, four where the path is absolute: "
            "sqlite:///notes.db, sqlite:////var/lib/notes.db."
        )
    return parsed.set(drivername=driver)


def _make_sqlite(url: URL, busy_timeout: float) -> Engine:
    """An engine whose transactions are real: BEGIN is ours, the driver's own is switched off.

    https://docs.sqlalchemy.org/en/21/dialects/sqlite.html#enabling-non-legacy-sqlite-transactional-modes
    A writer takes the lock when it begins; one that first reads could not take it after another has written.
    """
    options: dict[str, Any] = {"connect_args": {"timeout": busy_timeout}, "hide_parameters": True}
    if url.database in (None, "", ":memory:"):
        # the one connection is the database; a second thread waits for its turn
        options |= {"poolclass": QueuePool, "pool_size": 1, "max_overflow": 0, "pool_timeout": busy_timeout}
        options["connect_args"]["check_same_thread"] = False
    engine = create_engine(url, **options)

    @event.listens_for(engine, "connect")
    def set_up(connection: sqlite3.Connection, _record: object) -> None:
        connection.isolation_level = None
        _use_wal(connection, busy_timeout)
        connection.execute("PRAGMA synchronous = FULL").close()
        connection.execute("PRAGMA foreign_keys = ON").close()
        # what is deleted is overwritten; some builds of SQLite do so by themselves, others do not
        connection.execute("PRAGMA secure_delete = ON").close()

    @event.listens_for(engine, "begin")
    def begin_transaction(connection: Connection) -> None:
        connection.exec_driver_sql(connection.get_execution_options().get("begin_with", "BEGIN IMMEDIATE"))

    return engine


def _use_wal(connection: sqlite3.Connection, busy_timeout: float) -> None:
    """Switches the file to WAL; where another process is just doing so, SQLite gives up at once, so wait here."""
    deadline = monotonic() + busy_timeout
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL").close()
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or monotonic() > deadline:
                raise
        else:
            return
        sleep(0.01)


def _make_other(url: URL) -> Engine:
    """An engine that finds out, before it is used, whether the server has dropped a connection."""
    return create_engine(url, connect_args={"connect_timeout": 10}, pool_pre_ping=True, hide_parameters=True)


def _migrate(engine: Engine) -> None:
    """Brings the schema to HEAD in one transaction, so that a failure leaves the old one."""
    with begin(engine) as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _MIGRATION_LOCK})
        revision = _read_revision(connection)
        if revision == HEAD:
            # changes no row, but finds out at the start, not at the first message, that nothing can be written
            connection.execute(text("UPDATE alembic_version SET version_num = version_num WHERE 1 = 0"))
        elif engine.dialect.name == "sqlite" and not inspect(connection).get_table_names():
            for statement in _SCHEMA.read_text("utf-8").splitlines():
                connection.exec_driver_sql(statement)
        else:
            upgrade(connection, revision)


def _read_revision(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    revision: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
    return revision


def upgrade(connection: Connection, revision: str | None) -> None:
    """Run the migrations from this revision on, from none on an empty database."""
    from alembic import command  # noqa: PLC0415 - Alembic takes a while to load
    from alembic.config import Config  # noqa: PLC0415
    from alembic.util import CommandError  # noqa: PLC0415

    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    try:
        command.upgrade(config, "head")
    except CommandError as error:
        raise StoreError(
            f"The database {show_url(connection.engine.url)} has the schema {revision!r}, which this version "
            f"of the program (up to {HEAD!r}) does not know. Update the program, or name another database in "
            "DATABASE_URL."
        ) from error
