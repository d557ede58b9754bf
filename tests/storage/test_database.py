"""The schema, its migration, and what is said when a database cannot be used."""

import os
import re
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import CheckConstraint, create_engine, inspect, text

import storage.database
from core.errors import StoreError
from core.messages import Author, Change, MessageKey, Version, fold
from core.replies import Outgoing, Reaction, Reply
from storage.database import HEAD, begin, open_database, upgrade
from storage.store import Store
from storage.tables import metadata
from tests.conftest import lend_database


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """One without tables, on both."""
    yield from lend_database(request, tmp_path, empty=True)


def explain(url: str, **options: float) -> str:
    """What is said of a database that cannot be opened."""
    with pytest.raises(StoreError) as error:
        open_database(url, **options)
    return str(error.value)


# a meeting with a message that was edited, and a reply that waits, as the first schema has them
OLD_ROWS = (
    "INSERT INTO meetings (name, template, zone, language, created_at) "
    "VALUES ('m', 'bapa40', 'UTC', 'en', '2018-05-07 10:00:00.000000+00:00')",
    "INSERT INTO chats (platform, workspace, chat, meeting_id) VALUES ('slack', 'T1', 'C1', 1)",
    "INSERT INTO people (platform, workspace, person, name) VALUES ('slack', 'T1', 'U1', 'Ana')",
    "INSERT INTO messages (chat_id, message_id, meeting_id, person_id, sent_at, text, first_text, seen, edited_at, "
    "many_versions, first_change) VALUES (1, '1', 1, 1, '2018-05-07 10:00:00.000000+00:00', '#need Rooms', "
    "'#need Staff', true, '2018-05-07 11:00:00.000000+00:00', true, 'sent')",
    "INSERT INTO versions (message, change, at, person_id, text) "
    "VALUES (1, 'sent', '2018-05-07 10:00:00.000000+00:00', 1, '#need Staff')",
    "INSERT INTO versions (message, change, at, person_id, text) "
    "VALUES (1, 'edited', '2018-05-07 11:00:00.000000+00:00', 1, '#need Rooms')",
    "INSERT INTO outbox (platform, workspace, chat, message_id, text, reaction, created_at) "
    "VALUES ('slack', 'T1', 'C1', '1', '', 'filed', '2018-05-07 10:00:00.000000+00:00')",
)


def words_of(rule: str) -> list[str]:
    """The words that a CHECK allows; PostgreSQL writes the rule its own way."""
    return sorted(set(re.findall(r"'(\w+)'", rule)))


def test_migrated_schema_is_that_of_the_tables(database_url: str) -> None:
    engine = open_database(database_url)
    with begin(engine) as connection:
        differences = compare_metadata(MigrationContext.configure(connection), metadata)
        kept = {
            (table, check["name"], *words_of(check["sqltext"]))
            for table in inspect(connection).get_table_names()
            for check in inspect(connection).get_check_constraints(table)
        }
    engine.dispose()
    # alembic does not compare CHECK constraints
    made = {
        (table.name, str(rule.name), *words_of(str(rule.sqltext)))
        for table in metadata.tables.values()
        for rule in table.constraints
        if isinstance(rule, CheckConstraint)
    }
    assert (differences, kept) == ([], made)


def test_head_is_the_newest_migration() -> None:
    folder = Path(storage.database.__file__).parent / "migrations"
    script = ScriptDirectory.from_config(
        Config(attributes={}, config_args={"script_location": str(folder), "path_separator": "os"})
    )
    assert script.get_current_head() == HEAD


def test_new_sqlite_file_has_what_the_migrations_make() -> None:
    """After a new migration, `UPDATE=1 pytest` on this test writes the file anew."""
    path = Path(storage.database.__file__).parent / "migrations" / "sqlite.sql"
    engine = create_engine("sqlite://")
    with engine.begin() as connection:
        upgrade(connection, None)
        made = connection.exec_driver_sql("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY rowid")
        statements = [" ".join(statement.split()) for (statement,) in made]
    engine.dispose()
    statements.append(f"INSERT INTO alembic_version (version_num) VALUES ('{HEAD}')")
    if os.environ.get("UPDATE"):
        path.write_text("\n".join(statements) + "\n", "utf-8")
    kept = path.read_text("utf-8").splitlines()
    assert list(map(list_clauses, kept)) == list(map(list_clauses, statements))


def list_clauses(statement: str) -> list[str]:
    """The parts of a statement: where Alembic copies a table, its constraints come in any order."""
    head, *constraints = statement.removesuffix(" )").split(", CONSTRAINT ")
    return [head, *sorted(constraints)]


def test_second_opening_keeps_the_rows_and_does_not_load_alembic(database_url: str) -> None:
    engine = open_database(database_url)
    Store(engine).put_updates("console", [("1", "{}")])
    engine.dispose()
    program = (
        "import sys; from storage.database import open_database; from storage.store import Store\n"
        f"print(Store(open_database({database_url!r})).waiting(), 'alembic' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout == "1 False\n"


def test_two_processes_may_open_a_new_database_at_once(database_url: str) -> None:
    program = f"from storage.database import open_database; open_database({database_url!r}).dispose()"
    started = [subprocess.Popen([sys.executable, "-c", program], stderr=subprocess.PIPE, text=True) for _ in "12"]
    assert [(one.communicate()[1], one.returncode) for one in started] == [("", 0), ("", 0)]


def test_new_file_that_another_process_sets_up_is_waited_for(tmp_path: Path) -> None:
    path = tmp_path / "notes.db"
    other = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    # of this lock, unlike the others, SQLite says at once that it cannot switch to WAL
    other.execute("BEGIN IMMEDIATE")
    timer = threading.Timer(0.3, other.close)
    timer.start()
    engine = open_database(f"sqlite:///{path}")
    timer.join()
    with begin(engine) as connection:
        mode = connection.exec_driver_sql("PRAGMA journal_mode").scalar()
    engine.dispose()
    assert mode == "wal"


def test_sqlite_is_set_up_to_lose_nothing(tmp_path: Path) -> None:
    engine = open_database(f"sqlite:///{tmp_path}/notes.db")
    with begin(engine) as connection:
        found = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        }
    engine.dispose()
    assert found == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": 5000}


def test_database_in_memory_serves_several_threads() -> None:
    engine = open_database("sqlite://")
    store = Store(engine)

    def put(source: str) -> None:
        for number in range(50):
            store.put_updates(source, [(str(number), "{}")])

    threads = [threading.Thread(target=put, args=(name,)) for name in ("a", "b", "c")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    waiting = store.waiting()
    engine.dispose()
    assert waiting == 150


def test_reading_sees_one_state_and_holds_up_no_writer(store: Store) -> None:
    with store.read() as work:
        before = work.count_waiting()
        store.put_updates("console", [("1", "{}")])
        during = work.count_waiting()
    assert (before, during, store.waiting()) == (0, 0, 1)


def test_newer_schema_is_refused_and_left_alone(database_url: str) -> None:
    engine = open_database(database_url)
    with begin(engine) as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    said = explain(database_url)
    with begin(engine) as connection:
        revision = connection.scalar(text("SELECT version_num FROM alembic_version"))
    shown = (
        engine.url.database
        if engine.dialect.name == "sqlite"
        else f"postgresql+psycopg://postgres@/{engine.url.database}"
    )
    engine.dispose()
    assert revision == "9999"
    assert said == (
        f"The database {shown} has the schema '9999', which this version of the program (up to {HEAD!r}) does not "
        "know. Update the program, or name another database in DATABASE_URL."
    )


def test_database_of_the_first_schema_is_brought_on_with_its_rows(database_url: str) -> None:
    engine = create_engine(database_url.replace("postgresql://", "postgresql+psycopg://"))
    with engine.begin() as connection:
        config = Config(attributes={"connection": connection})
        config.set_main_option("script_location", str(Path(storage.database.__file__).parent / "migrations"))
        config.set_main_option("path_separator", "os")
        command.upgrade(config, "0001")
        for statement in OLD_ROWS:
            connection.execute(text(statement))
    engine.dispose()
    store = Store(open_database(database_url))
    with store.work() as work:
        [message] = work.load_record(1).messages
        replies = work.take_replies("slack", "T1", 9)
    store.close()
    key = MessageKey("slack", "T1", "C1", "1")
    ana = Author("U1", "Ana")
    at = datetime(2018, 5, 7, 10, tzinfo=UTC)
    versions = (
        Version(key, Change.SENT, at, ana, "#need Staff"),
        Version(key, Change.EDITED, at + timedelta(hours=1), ana, "#need Rooms"),
    )
    assert message == fold(versions)
    assert replies == [Outgoing(1, Reply(key, reaction=Reaction.FILED))]


def test_failed_migration_leaves_nothing_half_made(database_url: str) -> None:
    engine = open_database(database_url)
    with begin(engine) as connection:
        for name in [*reversed(metadata.sorted_tables), "alembic_version"]:
            connection.execute(text(f"DROP TABLE {name}"))
        connection.execute(text("CREATE TABLE versions (mine INTEGER)"))
    said = explain(database_url)
    with begin(engine) as connection:
        tables = inspect(connection).get_table_names()
    engine.dispose()
    assert tables == ["versions"]
    assert said.endswith("holds a table of another program. Name an empty database in DATABASE_URL.")


def test_file_that_is_no_database_is_refused_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "notes.db"
    path.write_bytes(b"This is not a database. " * 100)
    assert explain(f"sqlite:///{path}") == (
        f"The database {path} is not a SQLite file. Name another file in DATABASE_URL."
    )
    assert path.read_bytes() == b"This is not a database. " * 100


def test_damaged_file_is_told(tmp_path: Path) -> None:
    path = tmp_path / "notes.db"
    open_database(f"sqlite:///{path}").dispose()
    with path.open("r+b") as file:
        file.seek(100)
        file.write(b"\xff" * 4000)
    assert explain(f"sqlite:///{path}") == (
        f"The database {path} is damaged. Put back a copy of the file, or name another one in DATABASE_URL."
    )


def test_missing_folder_is_told_and_not_made(tmp_path: Path) -> None:
    path = tmp_path / "none" / "notes.db"
    assert explain(f"sqlite:///{path}") == (
        f"The database {path} cannot be opened: there is no folder {path.parent}. Create it, or change DATABASE_URL."
    )
    assert not path.parent.exists()


def test_folder_in_place_of_a_file_is_told(tmp_path: Path) -> None:
    assert explain(f"sqlite:///{tmp_path}") == (
        f"The database {tmp_path} is a folder, not a file. Name a file in DATABASE_URL."
    )


def test_folder_that_takes_no_file_is_told() -> None:
    assert explain("sqlite:////proc/notes.db") == (
        "The database /proc/notes.db cannot be opened. Let this user read and write the file and its folder."
    )


def test_read_only_file_is_told(tmp_path: Path) -> None:
    path = tmp_path / "notes.db"
    open_database(f"sqlite:///{path}").dispose()
    assert explain(f"sqlite:///file:{path}?mode=ro&uri=true") == (
        f"The database file:{path} is read-only. Let this user write to the file and to its folder."
    )


def test_locked_file_is_told_at_the_start_and_later(tmp_path: Path) -> None:
    path = tmp_path / "notes.db"
    engine = open_database(f"sqlite:///{path}", busy_timeout=0.05)
    store = Store(engine)
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    said = explain(f"sqlite:///{path}", busy_timeout=0.05)
    with pytest.raises(StoreError) as error:
        store.put_updates("console", [("1", "{}")])
    other.close()
    again = store.put_updates("console", [("1", "{}")])
    engine.dispose()
    assert (
        said
        == str(error.value)
        == (f"The database {path} is locked by another program. Close that one, or try again when it has finished.")
    )
    assert again == 1


def test_full_disk_is_told_and_nothing_is_half_written(tmp_path: Path) -> None:
    engine = open_database(f"sqlite:///{tmp_path}/notes.db")
    store = Store(engine)
    # the same error as of a full disk; the connection is the pool's only one and keeps the limit
    with begin(engine) as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar()
        connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(StoreError) as error:
        store.put_updates("console", [(str(number), "x" * 4000) for number in range(200)])
    waiting = store.waiting()
    engine.dispose()
    assert str(error.value) == (
        f"The database {tmp_path}/notes.db has no room left: the disk is full. Free some space and try again."
    )
    assert waiting == 0


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("mysql://root:secret@host/db", "DATABASE_URL names the database 'mysql', which this program cannot use. "),
        ("postgresql+asyncpg://u:secret@host/db", "DATABASE_URL names the database 'postgresql+asyncpg', which "),
        ("notes.db", "DATABASE_URL is not a database URL. "),
        ("postgresql://u:secret@host:port/db", "DATABASE_URL is not a database URL. "),
        ("sqlite://notes.db", "DATABASE_URL needs three slashes before a SQLite file's path, four where "),
    ],
)
def test_wrong_url_is_told_without_its_password(url: str, said: str) -> None:
    text_ = explain(url)
    assert (text_[: len(said)], "secret" in text_) == (said, False)


def test_unreachable_server_is_told_without_the_password() -> None:
    said = explain("postgresql://ann:secret@127.0.0.1:1/notes?sslpassword=hidden")
    assert said.startswith(
        "The database postgresql+psycopg://ann:***@127.0.0.1:1/notes cannot be reached. See that the server runs "
        "and that host and port in DATABASE_URL are right (connection failed: "
    )
    assert ("secret" in said, "hidden" in said) == (False, False)


def test_wrong_password_and_missing_database_are_told(request: pytest.FixtureRequest) -> None:
    server = request.getfixturevalue("postgresql")
    server.execute("CREATE ROLE guarded LOGIN PASSWORD 'right'")
    wrong = explain(server.url_of("postgres", user="guarded:wrong"))
    missing = explain(server.url_of("none"))
    assert wrong == (
        "The database postgresql+psycopg://guarded:***@/postgres refuses this user or password. "
        "Look at both in DATABASE_URL."
    )
    assert missing == (
        "The database postgresql+psycopg://postgres@/none does not exist on its server. "
        "Create it, or name another one in DATABASE_URL."
    )


def test_errors_never_show_what_was_to_be_written(tmp_path: Path) -> None:
    engine = open_database(f"sqlite:///{tmp_path}/notes.db")
    with begin(engine) as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar()
        connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(StoreError) as error:
        Store(engine).put_updates("console", [("1", "confidential" + os.linesep * 4_000_000)])
    engine.dispose()
    assert "confidential" not in f"{error.value} {error.value.__cause__}"
