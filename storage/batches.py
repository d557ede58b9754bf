"""Inserting rows by the batch: the statement is compiled once, and each row goes straight to the driver.

`Connection.execute` works out every parameter of every row anew, which costs as much as SQLite's own work.
"""

from collections.abc import Callable, Mapping, Sequence
from enum import Enum
from functools import lru_cache
from operator import itemgetter
from typing import Any

from sqlalchemy import Connection, Dialect, Table
from sqlalchemy.dialects import postgresql, sqlite


class OnConflict(Enum):
    """What becomes of a row that breaks a unique constraint."""

    FAIL = "fail"
    LEAVE = "leave"  # the row that is there stays
    CHANGE = "change"  # the row of the same id takes the new values


def insert_into(dialect: Dialect, table: Table) -> sqlite.Insert | postgresql.Insert:
    """An INSERT that can be told what to do on a conflict; both databases say it alike."""
    return sqlite.insert(table) if dialect.name == "sqlite" else postgresql.insert(table)


def insert_rows(
    connection: Connection,
    table: Table,
    rows: Sequence[Mapping[str, Any]],
    on_conflict: OnConflict = OnConflict.FAIL,
) -> int:
    """Inserts rows that all have the same columns; the number of those inserted or changed."""
    if not rows:
        return 0
    sql, convert = _prepare(connection.dialect, table, tuple(rows[0]), on_conflict)
    values = [convert(row) for row in rows]
    return connection.exec_driver_sql(sql, values, {"preserve_rowcount": True}).rowcount


# bounded, since every engine has a dialect of its own
@lru_cache(maxsize=64)
def _prepare(
    dialect: Dialect, table: Table, columns: tuple[str, ...], on_conflict: OnConflict
) -> tuple[str, Callable[[Mapping[str, Any]], Any]]:
    """The SQL, and what makes of a row the parameters that the driver takes with it."""
    statement = insert_into(dialect, table)
    if on_conflict is OnConflict.LEAVE:
        statement = statement.on_conflict_do_nothing()
    elif on_conflict is OnConflict.CHANGE:
        others = {name: statement.excluded[name] for name in columns if name != "id"}
        statement = statement.on_conflict_do_update(index_elements=["id"], set_=others)
    compiled = statement.compile(dialect=dialect, column_keys=list(columns), for_executemany=True)
    order = compiled.positiontup or columns
    processors = [table.c[name].type.dialect_impl(dialect).bind_processor(dialect) for name in order]
    converted = [(n, process) for n, process in enumerate(processors) if process]
    pick = itemgetter(*order)

    def convert_to_tuple(row: Mapping[str, Any]) -> Any:
        values = list(pick(row))
        for n, process in converted:
            values[n] = process(values[n])
        return tuple(values)

    def convert_to_dict(row: Mapping[str, Any]) -> Any:
        return dict(zip(order, convert_to_tuple(row), strict=True))

    return str(compiled), convert_to_tuple if compiled.positional else convert_to_dict
