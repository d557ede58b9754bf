"""What databases say when they fail, told as `StoreError`s. Used by `database` and by every transaction."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import URL
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from core.errors import StoreError

# https://www.sqlite.org/rescode.html
_SQLITE = {
    sqlite3.SQLITE_BUSY: "is locked by another program. Close that one, or try again when it has finished",
    sqlite3.SQLITE_LOCKED: "is locked by another program. Close that one, or try again when it has finished",
    sqlite3.SQLITE_READONLY: "is read-only. Let this user write to the file and to its folder",
    sqlite3.SQLITE_PERM: "may not be used by this user. Let this user read and write the file and its folder",
    sqlite3.SQLITE_AUTH: "may not be used by this user. Let this user read and write the file and its folder",
    sqlite3.SQLITE_FULL: "has no room left: the disk is full. Free some space and try again",
    sqlite3.SQLITE_CORRUPT: "is damaged. Put back a copy of the file, or name another one in DATABASE_URL",
    sqlite3.SQLITE_NOTADB: "is not a SQLite file. Name another file in DATABASE_URL",
    sqlite3.SQLITE_IOERR: "cannot be read or written: the disk reports an error. Look at the system's log",
}

# https://www.postgresql.org/docs/current/errcodes-appendix.html, by class or whole code, the whole code first
_POSTGRESQL = {
    "28": "refuses this user or password. Look at both in DATABASE_URL",
    "3D000": "does not exist on its server. Create it, or name another one in DATABASE_URL",
    "53100": "has no room left: the server's disk is full. Free some space and try again",
    "53300": "takes no more connections. Raise max_connections on the server, or close other programs",
    "25006": "is read-only. Use a server that can be written to",
    "42501": "may not be changed by this user. Let this user create and use tables in it",
    "40": "is in use by another process at the same place. Try again",
    "55P03": "is locked by another process. Try again when that has finished",
    "57P": "was shut down by its server. Try again when the server is back",
    "08": "cannot be reached. See that the server runs and that host and port in DATABASE_URL are right",
    "42P07": "holds a table of another program. Name an empty database in DATABASE_URL",
}


def show_url(url: URL) -> str:
    """The database's name for a person: a path, or the URL without any password."""
    if url.get_backend_name() == "sqlite":
        return url.database or "in memory"
    return url.set(query={}).render_as_string(hide_password=True)


@contextmanager
def translate_errors(url: URL) -> Iterator[None]:
    """Turns what the database cannot do into a `StoreError` that says what is wrong and what to do.

    A breach of a constraint is a fault of this program and stays what it is.
    """
    try:
        yield
    except (IntegrityError, DataError):
        raise
    except PoolTimeoutError as error:
        raise StoreError(f"The database {show_url(url)} is busy. Try again.") from error
    except (DBAPIError, sqlite3.Error) as error:
        said = error.orig if isinstance(error, DBAPIError) else error
        raise StoreError(f"The database {show_url(url)} {_describe(said, url)}.") from error


def _describe(error: BaseException | None, url: URL) -> str:
    code = getattr(error, "sqlite_errorcode", None)
    if code is not None:
        # the low byte is the primary result code
        return _describe_sqlite(code & 0xFF, error, url)
    return _describe_postgresql(getattr(error, "sqlstate", None), _first_line(error))


def _describe_sqlite(code: int, error: BaseException | None, url: URL) -> str:
    if code == sqlite3.SQLITE_CANTOPEN:
        path = Path(url.database or "")
        if path.is_dir():
            return "is a folder, not a file. Name a file in DATABASE_URL"
        if not path.parent.is_dir():
            return f"cannot be opened: there is no folder {path.parent}. Create it, or change DATABASE_URL"
        return "cannot be opened. Let this user read and write the file and its folder"
    text = _first_line(error)
    if code == sqlite3.SQLITE_ERROR and "already exists" in text:
        return _POSTGRESQL["42P07"]
    return _SQLITE.get(code, f"cannot be used: {text}")


def _describe_postgresql(state: str | None, text: str) -> str:
    # a connection that never came about has no code, only libpq's words
    if state is None and ("authentication failed" in text or "no password supplied" in text):
        state = "28000"
    elif state is None and "does not exist" in text:
        state = "3D000"
    elif state is None:
        return f"{_POSTGRESQL['08']} ({text})"
    for length in (5, 3, 2):
        if found := _POSTGRESQL.get(state[:length]):
            return found
    return f"cannot be used: {text}"


def _first_line(error: BaseException | None) -> str:
    return (str(error).strip().splitlines() or ["no reason given"])[0].rstrip(".")
