"""What every subject's queries stand on: one transaction, and the few things that differ by database."""

from collections.abc import Iterator, Sequence
from typing import TypeVar

from sqlalchemy import Connection, Table, func, select, text

T = TypeVar("T")

# values asked for in one query; SQLite takes 32,766 parameters, PostgreSQL 65,535
CHUNK = 1000


class Transaction:
    """One transaction. `begin` commits it or rolls it back."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def flush(self) -> None:
        """Writes what was kept back; `Work` knows what there may be."""

    def _next_ids(self, table: Table, count: int) -> Sequence[int]:
        """Ids for that many new rows: all in one query, so that the rows can be inserted in one batch."""
        if self._connection.dialect.name == "sqlite":
            # there is one writer, and it is this transaction
            last = self._connection.scalar(select(func.coalesce(func.max(table.c.id), 0))) or 0
            return range(last + 1, last + 1 + count)
        query = text("SELECT nextval(pg_get_serial_sequence(:table, 'id')) FROM generate_series(1, :count)")
        return self._connection.scalars(query, {"table": table.name, "count": count}).all()


def in_chunks(values: Sequence[T]) -> Iterator[Sequence[T]]:
    """The values, as many at a time as one query asks for."""
    for start in range(0, len(values), CHUNK):
        yield values[start : start + CHUNK]
