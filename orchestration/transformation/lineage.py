"""Where each column of a dbt model comes from, read from its compiled SQL.

A staging model reads Parquet files, of which SQL says nothing; its columns are its source's.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import dagster as dg
from sqlglot import exp
from sqlglot.errors import SqlglotError
from sqlglot.lineage import lineage

from orchestration.transformation.facts import Columns

Node = Mapping[str, Any]
"""A node of dbt's manifest."""


def column_lineage(
    node: Node,
    parents: Iterable[Node],
    columns: Columns,
    asset_key: Callable[[Node], dg.AssetKey],
) -> dg.TableColumnLineage | None:
    """Return a model's lineage; None for a seed, and for SQL that the parser does not follow.

    ``columns`` holds the columns of every table of the warehouse with their types.
    """
    parents = list(parents)
    sources = [parent for parent in parents if parent["resource_type"] == "source"]
    if sources:
        return _passed_through(columns.get(node["alias"], {}), sources, asset_key)
    if node["resource_type"] != "model":
        return None
    keys = {parent["alias"]: asset_key(parent) for parent in parents}
    schema = {name: dict(columns.get(name, {})) for name in keys}
    try:
        found = lineage(None, node["compiled_code"], schema, dialect="duckdb")
    except SqlglotError:
        return None
    return dg.TableColumnLineage(
        {
            column: sorted(
                {
                    dg.TableColumnDep(keys[leaf.source.name], exp.to_column(leaf.name).name)
                    for leaf in root.walk()
                    if not leaf.downstream
                    and isinstance(leaf.source, exp.Table)
                    and leaf.source.name in keys
                },
                key=lambda dep: (dep.asset_key, dep.column_name),
            )
            for column, root in found.items()
        }
    )


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
