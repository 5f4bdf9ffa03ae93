"""Run a suite's query against the warehouse, read-only, and return the small frame to be judged.

Beside the models a query may use facts that no model holds: ``pipeline_current_submissions`` and
``pipeline_staging_rows`` (what the ledger and the staging models hold), ``pipeline_models`` (row
counts), ``pipeline_mart_columns`` (what is in the marts' text) and ``pipeline_published_rows`` (the
current publication).
"""

from collections.abc import Iterator
from contextlib import contextmanager

import duckdb
import pandas as pd
import pyarrow as pa

from orchestration.contracts import load_contracts
from orchestration.ingestion.lake import submissions_file
from orchestration.publication import current_manifest
from orchestration.settings import Settings
from orchestration.validation.suites import Suite

_IDENTITY_NUMBER = r"(^|[^0-9A-Za-z])[1-9][0-9]{16}[0-9Xx]($|[^0-9A-Za-z])"


@contextmanager
def open_warehouse(settings: Settings) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open the warehouse for reading, with all its schemas in view and the facts beside it."""
    with duckdb.connect(str(settings.warehouse), read_only=True) as connection:
        schemas = connection.execute(
            "select distinct table_schema from information_schema.tables "
            "where table_catalog = current_database() order by 1"
        ).fetchall()
        connection.execute(f"set search_path = '{','.join(name for (name,) in schemas)}'")
        _add_facts(connection, settings)
        yield connection


def read_frame(connection: duckdb.DuckDBPyConnection, suite: Suite) -> pd.DataFrame:
    """Return the frame of a suite; numbers are float64, never Decimal objects."""
    frame = connection.execute(suite.query).df()
    missing = [key for key in suite.keys if key not in frame.columns]
    if missing:
        raise KeyError(f"{suite.stage}/{suite.name}.sql does not return its keys {missing}")
    return frame


def _add_facts(connection: duckdb.DuckDBPyConnection, settings: Settings) -> None:
    connection.execute(
        "create temp table pipeline_current_submissions as "
        "from read_parquet(?) select * where is_current",
        [str(submissions_file(settings))],
    )
    tables = [
        name
        for (name,) in connection.execute(
            "select table_name from information_schema.tables "
            "where table_catalog = current_database() order by 1"
        ).fetchall()
    ]
    _staging_rows(connection, tables)
    _models(connection, tables)
    _mart_columns(connection)
    manifest = current_manifest(settings)
    published = manifest.row_counts if manifest else {}
    connection.register(
        "pipeline_published_rows",
        pa.table(
            {
                "model": pa.array(published.keys(), pa.string()),
                "row_count": pa.array(published.values(), pa.int64()),
            }
        ),
    )


def _staging_rows(connection: duckdb.DuckDBPyConnection, tables: list[str]) -> None:
    """Count the rows of every submission in its dataset's staging model."""
    connection.execute(
        "create temp table pipeline_staging_rows "
        "(dataset varchar, submission_id varchar, row_count bigint)"
    )
    for dataset in load_contracts():
        if f"stg_{dataset}" in tables:
            rows = connection.table(f"stg_{dataset}").aggregate(
                f"'{dataset}' as dataset, submission_id, count(*) as row_count"
            )
            rows.insert_into("pipeline_staging_rows")


def _models(connection: duckdb.DuckDBPyConnection, tables: list[str]) -> None:
    """Count the rows of every intermediate model and mart."""
    names = [name for name in tables if name.startswith(("int_", "dim_", "fct_"))]
    counts = [len(connection.table(name)) for name in names]
    connection.register(
        "pipeline_models",
        pa.table(
            {
                "model": pa.array(names, pa.string()),
                "row_count": pa.array(counts, pa.int64()),
            }
        ),
    )


def _mart_columns(connection: duckdb.DuckDBPyConnection) -> None:
    """List the marts' columns, and how many text values look like an identity number."""
    columns = connection.execute(
        "select table_name, column_name, data_type from information_schema.columns "
        "where table_catalog = current_database() and regexp_matches(table_name, '^(dim|fct)_') "
        "order by table_name, ordinal_position"
    ).fetchall()
    found = []
    for table, column, data_type in columns:
        matches = 0
        if data_type == "VARCHAR":
            relation = connection.table(table).filter(
                f"regexp_matches(\"{column}\", '{_IDENTITY_NUMBER}')"
            )
            matches = len(relation)
        found.append({"model": table, "column_name": column, "identity_like_values": matches})
    schema = pa.schema(
        {"model": pa.string(), "column_name": pa.string(), "identity_like_values": pa.int64()}
    )
    connection.register("pipeline_mart_columns", pa.Table.from_pylist(found, schema=schema))
