"""What Dagster shows of a dbt model beside its SQL: columns, rows, where each column comes from.

dagster-dbt finds column lineage by parsing SQL against the tables of the warehouse. A staging model
reads Parquet files, of which the warehouse knows nothing; its columns are those of its source. And
parsing the long models takes longer than running them, so lineage is kept until the SQL changes.
"""

import hashlib
import json
import os
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import dagster as dg
from dagster_dbt import DagsterDbtTranslator, DbtCliInvocation
from dagster_dbt.core.dbt_event_iterator import DbtEventIterator
from dbt.adapters.duckdb.connections import DuckDBConnectionManager

_LINEAGE = "dagster/column_lineage"
_SCHEMA = "dagster/column_schema"

Model = dg.Output[Any]


def with_metadata(
    invocation: DbtCliInvocation, models: Iterable[Model], translator: DagsterDbtTranslator
) -> Iterator[Model]:
    """Add columns, row counts and column lineage to the models that a finished dbt call has built.

    dbt must have ended: counts and columns are read from the file that it wrote.
    """
    models = list(models)
    if not models:
        return
    lineages = _Lineages(invocation, translator)
    try:
        described = _iterator(invocation, models).fetch_row_counts()
        for model in described.fetch_column_metadata(with_column_lineage=False):
            yield model.with_metadata({**model.metadata, **lineages.of(model)})
    finally:
        lineages.save()
        # dbt's adapter in this process would keep the file open, and the next dbt process could
        # not write it.
        DuckDBConnectionManager.env().close()


def _iterator(invocation: DbtCliInvocation, models: Iterable[Model]) -> Any:
    return DbtEventIterator(iter(models), invocation)


class _Lineages:
    """Column lineage of the models of one dbt call, taken from where it was kept if it holds."""

    def __init__(self, invocation: DbtCliInvocation, translator: DagsterDbtTranslator) -> None:
        self._invocation = invocation
        self._translator = translator
        self._compiled = invocation.get_artifact("manifest.json")["nodes"]
        self._file = Path(invocation.project_dir) / "target" / "column_lineage.json"
        self._kept = json.loads(self._file.read_text("utf-8")) if self._file.exists() else {}

    def of(self, model: Model) -> dict[str, dg.TableColumnLineage]:
        """Return the model's lineage as metadata."""
        name = str(model.metadata["unique_id"].value)
        sources = self._sources(name)
        if sources:
            return {_LINEAGE: self._passed_through(model, sources)}
        made_from = self._made_from(name, model)
        if self._kept.get(name, {}).get("made_from") != made_from:
            (parsed,) = _iterator(self._invocation, [model]).fetch_column_metadata()
            found = parsed.metadata.get(_LINEAGE)
            columns = _as_json(found.value) if found else {}
            self._kept[name] = {"made_from": made_from, "columns": columns}
        columns = self._kept[name]["columns"]
        return {_LINEAGE: _from_json(columns)} if columns else {}

    def save(self) -> None:
        """Keep what was found for the next call."""
        unfinished = self._file.with_suffix(f".{os.getpid()}.tmp")
        unfinished.write_text(json.dumps(self._kept, indent=1, sort_keys=True), "utf-8")
        unfinished.replace(self._file)

    def _sources(self, name: str) -> list[Mapping[str, Any]]:
        manifest = self._invocation.manifest
        parents = manifest["parent_map"].get(name, [])
        return [manifest["sources"][parent] for parent in parents if parent in manifest["sources"]]

    def _passed_through(
        self, model: Model, sources: list[Mapping[str, Any]]
    ) -> dg.TableColumnLineage:
        return dg.TableColumnLineage(
            {
                column: [
                    dg.TableColumnDep(self._translator.get_asset_key(source), column)
                    for source in sources
                    if column in source["columns"]
                ]
                for column in _columns(model)
            }
        )

    def _made_from(self, name: str, model: Model) -> str:
        sql = self._compiled[name].get("compiled_code") or ""
        return hashlib.sha256(json.dumps([sql, _columns(model)]).encode()).hexdigest()


def _columns(model: Model) -> list[str]:
    schema: Any = model.metadata[_SCHEMA].value
    return [column.name for column in schema.columns]


def _as_json(lineage: Any) -> dict[str, list[list[str]]]:
    return {
        column: [[dep.column_name, *dep.asset_key.path] for dep in deps]
        for column, deps in lineage.deps_by_column.items()
    }


def _from_json(columns: dict[str, list[list[str]]]) -> dg.TableColumnLineage:
    return dg.TableColumnLineage(
        {
            column: [dg.TableColumnDep(dg.AssetKey(path), name) for name, *path in deps]
            for column, deps in columns.items()
        }
    )
