"""The lead: of all processes on one database, one has it at a time. Made by the Store, asked for by `bot`.

It is a lock that goes with the connection that holds it: free as soon as its process is gone, however that ended.
"""

from contextlib import suppress
from hashlib import sha256
from sqlite3 import SQLITE_BUSY
from typing import Any

from sqlalchemy import URL, Connection, Engine, NullPool, create_engine, text
from sqlalchemy.exc import DBAPIError, OperationalError

from core.errors import StoreError
from storage.database import begin
from storage.faults import translate_errors

_KEY = int.from_bytes(sha256(b"rapporteur leads").digest()[:8], signed=True)
# a network that is cut says nothing: the holder finds out first, then the server lets go of the lock (seconds, but for
# tcp_user_timeout: milliseconds)
_PATIENCE: dict[str, Any] = {
    "connect_timeout": 5,
    "tcp_user_timeout": 4000,
    "keepalives_idle": 2,
    "keepalives_interval": 1,
    "keepalives_count": 2,
}
_NO_PATIENCE: dict[str, Any] = {"timeout": 0, "check_same_thread": False}
_TRY = text(
    "SELECT pg_try_advisory_lock(:key), set_config('tcp_keepalives_idle', '5', false), "
    "set_config('tcp_keepalives_interval', '2', false), set_config('tcp_keepalives_count', '3', false)"
).bindparams(key=_KEY)
_FREE = text("SELECT pg_advisory_unlock(:key)").bindparams(key=_KEY)


class Leadership:
    """One candidate. For one thread at a time; two of them in one process exclude each other as well."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        # outside the engine's pool, kept open while the lead is held or waited for
        self._connection: Connection | None = None
        self._leads = False

    def try_lead(self) -> bool:
        """Take the lead if nobody has it, or say whether it is still ours. Who else has it is not waited for.

        False too where the connection that held it broke; the next call tries anew. A `StoreError` where who leads
        cannot be found out.
        """
        led, self._leads = self._leads, False
        try:
            connection = self._connection = self._connection or _connect(self._engine)
            # a database in memory is nobody else's
            self._leads = connection is None or (_is_there(connection) if led else _lock(connection))
        except StoreError:
            self.give_up()
            if not led:
                raise
        return self._leads

    def give_up(self) -> None:
        """Let another lead."""
        connection, self._connection = self._connection, None
        leads, self._leads = self._leads, False
        if connection is None:
            return
        # at once, not when the server notices that the connection was closed; one that is broken holds nothing
        with suppress(DBAPIError):
            if leads and connection.dialect.name == "postgresql":
                connection.execute(_FREE)
        connection.close()


def _connect(engine: Engine) -> Connection | None:
    """A connection of its own to where the lock is; None where there is no such place."""
    url, options = engine.url, _PATIENCE
    if engine.dialect.name == "sqlite":
        # a lock on the database itself would shut out all who read and write
        file = _find_file(engine)
        if not file:
            return None
        url, options = URL.create(url.drivername, database=f"{file}-leader"), _NO_PATIENCE
    # no transaction: one that is open for days would keep the server from cleaning up
    own = create_engine(
        url, poolclass=NullPool, isolation_level="AUTOCOMMIT", connect_args=options, hide_parameters=True
    )
    with translate_errors(url):
        return own.connect()


def _find_file(engine: Engine) -> str:
    """The whole path of a SQLite database, the same by whatever name it was opened; empty for one in memory."""
    with begin(engine, reading=True) as connection:
        rows = connection.exec_driver_sql("PRAGMA database_list").all()
    return next(str(row.file) for row in rows if row.name == "main")


def _lock(connection: Connection) -> bool:
    with translate_errors(connection.engine.url):
        if connection.dialect.name == "postgresql":
            return bool(connection.scalar(_TRY))
        try:
            connection.exec_driver_sql("BEGIN EXCLUSIVE")
        except OperationalError as error:
            if getattr(error.orig, "sqlite_errorcode", 0) & 0xFF == SQLITE_BUSY:
                return False
            raise
        return True


def _is_there(connection: Connection) -> bool:
    with translate_errors(connection.engine.url):
        return bool(connection.scalar(text("SELECT 1")))
