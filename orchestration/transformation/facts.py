"""What the warehouse says about its own tables after dbt has built them."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import duckdb

_SHOWN_ROWS, _SHOWN_COLUMNS = 10, 8

Rows = tuple[list[str], list[tuple[object, ...]]]
"""Names of columns, and rows."""

Columns = Mapping[str, Mapping[str, str]]
"""Types of the columns of every table or view, by its name, in the table's order."""


def read_columns(warehouse: Path) -> Columns:
    """Return the columns of all tables and views."""
    columns: dict[str, dict[str, str]] = {}
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        rows = connection.execute(
            "select table_name, column_name, data_type from duckdb_columns() "
            "where database_name = current_database() and not internal "
            "order by table_name, column_index"
        ).fetchall()
    for table, column, data_type in rows:
        columns.setdefault(table, {})[column] = data_type
    return columns


def read_row_counts(warehouse: Path, tables: Iterable[str]) -> dict[str, int]:
    """Return how many rows each of some tables has; views are left out, counting runs them."""
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        materialised = set(materialised_tables(connection))
        return {name: len(connection.table(name)) for name in tables if name in materialised}


def read_heads(warehouse: Path, tables: Iterable[str], columns: Columns) -> dict[str, Rows]:
    """Return the first columns of the first rows of some tables."""
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        return {
            name: read_head(connection, f'from "{name}"', list(columns[name])[:_SHOWN_COLUMNS])
            for name in tables
        }


def read_head(
    connection: duckdb.DuckDBPyConnection, query: str, columns: Sequence[str] = ()
) -> Rows:
    """Return the first rows of a query, of some of its columns or of all."""
    chosen = ", ".join(f'"{column}"' for column in columns) or "*"
    found = connection.execute(f"select {chosen} from ({query}) limit {_SHOWN_ROWS}")  # noqa: S608
    return [column[0] for column in found.description or []], found.fetchall()


def materialised_tables(connection: duckdb.DuckDBPyConnection) -> list[str]:
    """Return the names of all tables, in order, without the views."""
    rows = connection.execute(
        "select table_name from duckdb_tables() where database_name = current_database() order by 1"
    ).fetchall()
    return [name for (name,) in rows]
