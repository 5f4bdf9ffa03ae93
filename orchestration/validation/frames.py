"""Run a suite's query against the warehouse, read-only, and return the small frame to be judged.

Beside the models a query may use facts that no model holds: ``pipeline_current_submissions`` and
``pipeline_staging_rows`` (what the ledger and the staging models hold), ``pipeline_models`` (row
counts), ``pipeline_mart_columns`` (what is in the marts' text) and ``pipeline_published_rows`` (the
current publication). A fact is gathered only if a suite of the stage asks for it.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from itertools import groupby
from operator import itemgetter

import duckdb
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from orchestration.contracts import load_contracts
from orchestration.ingestion.lake import submissions_file
from orchestration.publication import current_manifest
from orchestration.settings import Settings
from orchestration.transformation.facts import materialised_tables
from orchestration.validation.suites import Suite

_IDENTITY_NUMBER = r"(^|[^0-9A-Za-z])[1-9][0-9]{16}[0-9Xx]($|[^0-9A-Za-z])"


@contextmanager
def open_warehouse(
    settings: Settings, suites: Iterable[Suite]
) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open the warehouse for reading, with all its schemas in view and the suites' facts beside."""
    with duckdb.connect(str(settings.warehouse), read_only=True) as connection:
        schemas = connection.execute(
            "select distinct table_schema from information_schema.tables "
            "where table_catalog = current_database() order by 1"
        ).fetchall()
        connection.execute(f"set search_path = '{','.join(name for (name,) in schemas)}'")
        queries = "\n".join(suite.query for suite in suites)
        for name, fact in _FACTS.items():
            if name in queries:
                connection.register(name, fact(connection, settings))
        yield connection


def read_frame(connection: duckdb.DuckDBPyConnection, suite: Suite) -> pd.DataFrame:
    """Return the frame of a suite; numbers are float64, never Decimal objects."""
    frame = connection.execute(suite.query).df()
    missing = [key for key in suite.keys if key not in frame.columns]
    if missing:
        raise KeyError(f"{suite.stage}/{suite.name}.sql does not return its keys {missing}")
    return frame


def _current_submissions(_: duckdb.DuckDBPyConnection, settings: Settings) -> pa.Table:
    submissions = pq.read_table(submissions_file(settings))
    return submissions.filter(submissions["is_current"])


def _staging_rows(connection: duckdb.DuckDBPyConnection, _: Settings) -> pa.Table:
    """Count the rows of every submission in its dataset's staging model, in one query."""
    built = connection.execute(
        "select view_name from duckdb_views() where database_name = current_database() order by 1"
    ).fetchall()
    wanted = {f"stg_{dataset}" for dataset in load_contracts()}
    counts = (
        f"select '{name.removeprefix('stg_')}' as dataset, submission_id, count(*) as row_count "  # noqa: S608
        f"from {name} group by submission_id"
        for (name,) in built
        if name in wanted
    )
    return connection.sql(" union all ".join(counts)).to_arrow_table()


def _model_rows(connection: duckdb.DuckDBPyConnection, _: Settings) -> pa.Table:
    """Count the rows of intermediate models and marts that are tables; a view would be run."""
    models = [
        name
        for name in materialised_tables(connection)
        if name.startswith(("int_", "dim_", "fct_"))
    ]
    return _row_counts({name: len(connection.table(name)) for name in models})


def _published_rows(_: duckdb.DuckDBPyConnection, settings: Settings) -> pa.Table:
    manifest = current_manifest(settings)
    return _row_counts(manifest.row_counts if manifest else {})


def _row_counts(counts: dict[str, int]) -> pa.Table:
    return pa.table(
        {
            "model": pa.array(counts.keys(), pa.string()),
            "row_count": pa.array(counts.values(), pa.int64()),
        }
    )


def _mart_columns(connection: duckdb.DuckDBPyConnection, _: Settings) -> pa.Table:
    """List the marts' columns, and how many text values look like an identity number."""
    columns = connection.execute(
        "select table_name, column_name, data_type from information_schema.columns "
        "where table_catalog = current_database() and regexp_matches(table_name, '^(dim|fct)_') "
        "order by table_name, ordinal_position"
    ).fetchall()
    found = []
    for table, group in groupby(columns, key=itemgetter(0)):
        members = [(column, data_type) for _, column, data_type in group]
        counts = ", ".join(
            f"count(*) filter (where regexp_matches(\"{column}\", '{_IDENTITY_NUMBER}'))"
            if data_type == "VARCHAR"
            else "0"
            for column, data_type in members
        )
        [matches] = connection.execute(f'select {counts} from "{table}"').fetchall()  # noqa: S608
        found += [
            {"model": table, "column_name": column, "identity_like_values": count}
            for (column, _), count in zip(members, matches, strict=True)
        ]
    schema = pa.schema(
        {"model": pa.string(), "column_name": pa.string(), "identity_like_values": pa.int64()}
    )
    return pa.Table.from_pylist(found, schema=schema)


_FACTS: dict[str, Callable[[duckdb.DuckDBPyConnection, Settings], pa.Table]] = {
    "pipeline_current_submissions": _current_submissions,
    "pipeline_staging_rows": _staging_rows,
    "pipeline_models": _model_rows,
    "pipeline_mart_columns": _mart_columns,
    "pipeline_published_rows": _published_rows,
}
