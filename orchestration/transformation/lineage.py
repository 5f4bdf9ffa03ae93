"""Where each column of a dbt model comes from, read from its compiled SQL.

A staging model reads Parquet files, of which SQL says nothing; its columns are its source's.
Following the long models takes longer than running them, so what was found is kept by the SQL and
the columns that it was found in.
"""

import fcntl
import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

import dagster as dg
from sqlglot import exp
from sqlglot.errors import SqlglotError
from sqlglot.lineage import lineage

from orchestration.transformation.facts import Columns

Node = Mapping[str, Any]
"""A node of dbt's manifest."""


Origins = dict[str, list[tuple[str, str]]]
"""For every column, the tables and columns that it is computed from."""


class Lineage:
    """Finds the lineage of models; ``kept`` is the file that remembers it between runs.

    It says nothing of a deployment but what is in its SQL, so that all of a project share it.
    """

    def __init__(self, kept: Path, asset_key: Callable[[Node], dg.AssetKey]) -> None:
        self._kept = kept
        self._asset_key = asset_key
        self._known = self._remembered()
        self._found: dict[str, Origins | None] = {}

    def _remembered(self) -> dict[str, Origins | None]:
        return json.loads(self._kept.read_text("utf-8")) if self._kept.exists() else {}

    def of(
        self, node: Node, parents: Iterable[Node], columns: Columns
    ) -> dg.TableColumnLineage | None:
        """Return a model's lineage; None for a seed, and for SQL that the parser cannot follow.

        ``columns`` holds the columns of every table of the warehouse with their types.
        """
        parents = list(parents)
        sources = [parent for parent in parents if parent["resource_type"] == "source"]
        if sources:
            return _passed_through(columns.get(node["alias"], {}), sources, self._asset_key)
        if node["resource_type"] != "model":
            return None
        schema = {parent["alias"]: dict(columns.get(parent["alias"], {})) for parent in parents}
        content = json.dumps([node["compiled_code"], schema])
        mark = hashlib.sha256(content.encode()).hexdigest()
        if mark not in self._known:
            self._known[mark] = self._found[mark] = _origins(node["compiled_code"], schema)
        origins = self._known[mark]
        if origins is None:
            return None
        keys = {parent["alias"]: self._asset_key(parent) for parent in parents}
        return dg.TableColumnLineage(
            {
                column: [dg.TableColumnDep(keys[table], name) for table, name in found]
                for column, found in origins.items()
            }
        )

    def save(self) -> None:
        """Remember what was found for the next run, beside what others have found meanwhile."""
        if not self._found:
            return
        self._kept.parent.mkdir(parents=True, exist_ok=True)
        with self._kept.with_suffix(".lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            unfinished = self._kept.with_suffix(".tmp")
            unfinished.write_text(json.dumps(self._remembered() | self._found), "utf-8")
            unfinished.replace(self._kept)


def _origins(sql: str, schema: dict[str, dict[str, str]]) -> Origins | None:
    try:
        found = lineage(None, sql, schema, dialect="duckdb")
    except SqlglotError:
        return None
    return {
        column: sorted(
            {
                (leaf.source.name, exp.to_column(leaf.name).name)
                for leaf in root.walk()
                if not leaf.downstream
                and isinstance(leaf.source, exp.Table)
                and leaf.source.name in schema
            }
        )
        for column, root in found.items()
    }


def _passed_through(
    columns: Iterable[str], sources: list[Node], asset_key: Callable[[Node], dg.AssetKey]
) -> dg.TableColumnLineage:
    return dg.TableColumnLineage(
        {
            column: [
                dg.TableColumnDep(asset_key(source), column)
                for source in sources
                if column in source["columns"]
            ]
            for column in columns
        }
    )
