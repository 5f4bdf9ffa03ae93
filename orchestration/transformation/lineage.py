"""Where each column of a dbt model comes from, as Dagster shows it.

A staging model reads Parquet files, of which SQL says nothing; its columns are its source's.
"""

from collections.abc import Callable, Iterable
from pathlib import Path

import dagster as dg

from orchestration.transformation.artifacts import Node
from orchestration.transformation.facts import Columns
from orchestration.transformation.origins import KnownOrigins


class Lineage:
    """Finds the lineage of models; ``kept`` is the file that remembers it between runs."""

    def __init__(self, kept: Path, asset_key: Callable[[Node], dg.AssetKey]) -> None:
        self._origins = KnownOrigins(kept)
        self._asset_key = asset_key

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
        schema = {parent["alias"]: columns.get(parent["alias"], {}) for parent in parents}
        origins = self._origins.of(node["compiled_code"], schema)
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
        """Remember what was found for the next run."""
        self._origins.save()


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
