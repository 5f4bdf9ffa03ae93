"""What the warehouse says about its own tables after dbt has built them."""

from collections.abc import Iterable, Mapping
from pathlib import Path

import duckdb

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


def materialised_tables(connection: duckdb.DuckDBPyConnection) -> list[str]:
    """Return the names of all tables, in order, without the views."""
    rows = connection.execute(
        "select table_name from duckdb_tables() where database_name = current_database() order by 1"
    ).fetchall()
    return [name for (name,) in rows]
