"""How long PostgreSQL takes to load all marts at full size, against a bare COPY of the same rows.

Households and villages of a publication are copied under other codes until there are as many as
the region has. Bare is what ``psql`` does with the rows as CSV files that lie there already: no
key, no index, no comment, no policy. Both in one run, on one server, twice in turn.
"""

import shutil
import subprocess
import time
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import duckdb
from psycopg import sql

from benchmarks.measure import write
from benchmarks.report_site import multiply_villages
from orchestration.publication.manifest import DATABASE, MANIFEST, current_manifest
from orchestration.publication.marts import open_marts
from orchestration.publication.postgresql import publish_to
from orchestration.publication.postgresql.tables import create, read_marts
from orchestration.settings import Settings
from orchestration.transformation.artifacts import read_manifest
from tests.integration.publication.postgresql_server import Server, running_server

HOUSEHOLDS = 200_000
_ROUNDS = 2


def ratio() -> dict[str, Any]:
    """Rows, MB of CSV, seconds of both and their ratio, of the faster round of each."""
    with TemporaryDirectory() as folder, running_server() as server:
        settings = Settings(home=Path(folder))
        original = Settings()
        shutil.copytree(original.published.resolve(), settings.published)
        shutil.copytree(original.home / "dbt", settings.home / "dbt")
        _multiply(settings)
        csv = settings.home / "csv"
        csv.mkdir()
        _write_csv(settings, csv)
        loads, bares = [], []
        for _ in range(_ROUNDS):
            _tidy(server, "zengshou")
            bares.append(_bare(settings, server, csv, "bare"))
            _tidy(server, "bare")
            started = time.perf_counter()
            loaded = publish_to(settings, server.uri(), "zengshou")
            loads.append(time.perf_counter() - started)
        result = {
            "tables": len(loaded.rows),
            "rows": sum(loaded.rows.values()),
            "csv_mb": round(sum(file.stat().st_size for file in csv.iterdir()) / 1e6),
            "bare_copy_seconds": round(min(bares), 1),
            "publish_seconds": round(min(loads), 1),
            "ratio": round(min(loads) / min(bares), 2),
            "rounds": [
                [round(bare, 1), round(load, 1)] for bare, load in zip(bares, loads, strict=True)
            ],
        }
    write("postgresql", result)
    return result


def _tidy(server: Server, schema: str) -> None:
    """Leave nothing of the other's load that the server would write or clean up meanwhile."""
    with server.connect("postgres") as connection:
        connection.execute(
            sql.SQL("drop schema if exists {} cascade").format(sql.Identifier(schema))
        )
        connection.execute("checkpoint")


def _multiply(settings: Settings) -> None:
    database, file = settings.published / DATABASE, settings.published / MANIFEST
    multiply_villages(database)
    manifest = current_manifest(settings)
    assert manifest is not None  # noqa: S101 - the home that was copied has a publication
    with duckdb.connect(str(database)) as connection:
        (present,) = connection.execute(
            "select count(distinct household_key) from fct_household_income"
        ).fetchall()[0]
        for (mart,) in connection.execute(
            "select distinct table_name from duckdb_columns() where column_name = 'household_key'"
        ).fetchall():
            connection.execute(
                f"insert into {mart} select rows.* replace (household_key || copy as household_key)"  # noqa: S608
                f" from {mart} as rows cross join range(1, $1) as copies (copy)",
                [-(-HOUSEHOLDS // present)],
            )
        marts = {
            name: replace(mart, rows=len(connection.table(name)))
            for name, mart in manifest.marts.items()
        }
    file.chmod(0o644)
    file.write_text(replace(manifest, marts=marts).to_json(), "utf-8")


def _write_csv(settings: Settings, csv: Path) -> None:
    with open_marts(settings) as published:
        for mart in published.manifest.marts:
            published.connection.execute(
                f"copy {mart} to '{csv / mart}.csv' (format csv, header false, nullstr '\\N')"
            )


def _bare(settings: Settings, server: Server, csv: Path, schema: str) -> float:
    with open_marts(settings) as published, server.connect() as connection:
        connection.execute(sql.SQL("create schema {}").format(sql.Identifier(schema)))
        for mart in read_marts(published.connection, read_manifest(settings), is_synthetic=True):
            connection.execute(create(schema, mart, set()))
    copies = [
        f"\\copy {schema}.{file.stem} from '{file}' (format csv, null '\\N')"
        for file in sorted(csv.iterdir())
    ]
    started = time.perf_counter()
    subprocess.run(
        ["psql", "-q", "-1", server.uri(), "-f", "-"],
        input="\n".join(copies),
        text=True,
        check=True,
    )
    return time.perf_counter() - started
