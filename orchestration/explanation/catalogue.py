"""What dbt's manifest and the publication say about marts: columns, keys, parents, origins."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import duckdb

from orchestration.explanation.address import ExplanationError
from orchestration.settings import Settings
from orchestration.transformation.artifacts import (
    Node,
    compiled_sql,
    key_rules,
    origins_file,
    read_manifest,
    tests_of,
)
from orchestration.transformation.origins import KnownOrigins

_NUMERIC = ("DECIMAL", "INTEGER", "BIGINT", "HUGEINT", "DOUBLE", "SMALLINT", "UBIGINT", "FLOAT")
_NO_FIGURES = {
    *("income_year", "calendar_year", "income_year_quarter", "calendar_quarter", "applies_to_year"),
    *("measure_no", "action_no", "position", "submission_version", "bin"),
    *("claim_row", "record_row"),
}
"""Numbers that name something instead of counting or measuring it."""

Step = tuple[str, str]
"""A table and one of its columns."""


@dataclass
class Trace:
    """Where a column comes from: step by step, down to the staging models and seeds it ends in."""

    levels: list[dict[str, set[str]]] = field(default_factory=list)
    registers: dict[str, set[str]] = field(default_factory=dict)
    seeds: dict[str, set[str]] = field(default_factory=dict)


class Catalogue:
    """The models behind the marts, by name."""

    def __init__(self, settings: Settings, connection: duckdb.DuckDBPyConnection) -> None:
        self._settings = settings
        self._connection = connection
        try:
            self._manifest = read_manifest(settings)
        except FileNotFoundError as error:
            raise ExplanationError("找不到 dbt 的模型清单，请先运行 zengshou run") from error
        self._nodes = {
            node["alias"]: node
            for node in self._manifest["nodes"].values()
            if node["resource_type"] in ("model", "seed")
        }

    def __contains__(self, model: str) -> bool:
        return model in self._nodes

    @cached_property
    def marts(self) -> dict[str, dict[str, str]]:
        """The published marts, with the types of their columns."""
        return self._columns("published", "^(dim|fct)_")

    @cached_property
    def tables(self) -> dict[str, dict[str, str]]:
        """All tables and views of the warehouse, with the types of their columns."""
        return self._columns("warehouse", "")

    def figures(self, mart: str) -> list[str]:
        """Return the columns of a mart that hold figures: numbers that are no keys and no names."""
        keys = {*self.key(mart), *_NO_FIGURES}
        return [
            column
            for column, data_type in self.marts[mart].items()
            if data_type.startswith(_NUMERIC) and column not in keys
        ]

    def key(self, mart: str) -> list[str]:
        """Return the columns that identify a row of a mart: what its test of uniqueness names."""
        rules = key_rules(self._manifest, self._nodes[mart])
        return rules.get("unique_key") or self._telling(mart)

    def _telling(self, mart: str) -> list[str]:
        """Return the first columns of a mart that together tell its rows apart."""
        told = 1
        chosen: list[str] = []
        for column, data_type in self.marts[mart].items():
            if data_type not in ("VARCHAR", "DATE", "INTEGER"):
                continue
            columns = ", ".join(f'"{name}"' for name in [*chosen, column])
            found = self._connection.execute(
                f"select count(*) from (select distinct {columns} from published.{mart})"
            ).fetchone()
            if found and found[0] > told:
                told = found[0]
                chosen.append(column)
        return chosen

    def tests(self, model: str) -> list[Node]:
        """Return dbt's tests that look at a model, those of their own file included."""
        node = self._nodes.get(model)
        return tests_of(self._manifest, node) if node else []

    def describe(self, model: str, column: str | None = None) -> str:
        """Return dbt's description of a model or of one of its columns."""
        node = self._nodes.get(model, {})
        if column is not None:
            node = node.get("columns", {}).get(column, {})
        return " ".join((node.get("description") or "").split())

    def sql(self, model: str) -> str | None:
        """Return a model's SQL as the last run executed it."""
        node = self._nodes.get(model)
        return compiled_sql(self._settings, node) if node else None

    def file(self, model: str) -> str:
        """Return where a model or seed stands in the repository."""
        node = self._nodes[model]
        if node["resource_type"] == "seed":
            return f"seeds/{node['original_file_path'].rsplit('/', 1)[-1]}"
        return f"dbt_project/{node['original_file_path']}"

    def parents(self, model: str) -> list[Node]:
        """Return what a model reads: models, seeds and sources."""
        node = self._nodes.get(model)
        if node is None:
            return []
        known = {**self._manifest["nodes"], **self._manifest["sources"]}
        return [known[name] for name in self._manifest["parent_map"][node["unique_id"]]]

    def seeds_of(self, model: str) -> list[str]:
        """Return the seeds that a model reads itself."""
        return [
            parent["alias"] for parent in self.parents(model) if parent["resource_type"] == "seed"
        ]

    def trace(self, steps: Iterable[Step]) -> Trace:
        """Follow columns up the models to where they enter the warehouse.

        A column that no other is named for (a count of rows, a rank) goes the way of its table's
        keys, and if these lead nowhere, of everything that the table reads.
        """
        trace = Trace()
        seen: set[Step] = set()
        current = set(steps)
        while current:
            level: dict[str, set[str]] = {}
            following: set[Step] = set()
            for table, column in sorted(current - seen):
                level.setdefault(table, set()).add(column)
                if (node := self._nodes.get(table)) is None:
                    continue
                parents = self.parents(table)
                if node["resource_type"] == "seed":
                    trace.seeds.setdefault(table, set()).add(column)
                elif any(parent["resource_type"] == "source" for parent in parents):
                    trace.registers.setdefault(table, set()).add(column)
                else:
                    following.update(self._origins(table, column, parents))
            seen |= current
            current = following - seen
            if level:
                trace.levels.append(level)
        return trace

    def _origins(self, table: str, column: str, parents: list[Node]) -> list[Step]:
        schema = {parent["alias"]: self.tables.get(parent["alias"], {}) for parent in parents}
        sql = self.sql(table)
        found = self._known.of(sql, schema) if sql else None
        if found is None:
            return [(parent, name) for parent, names in schema.items() for name in names]
        # What was kept as JSON comes back as lists.
        if origins := found.get(column):
            return [(parent, name) for parent, name in origins]
        keys = [(parent, name) for key in _key_columns(found) for parent, name in found[key]]
        if keys:
            return keys
        return [(parent, name) for parent, names in schema.items() for name in _key_columns(names)]

    @cached_property
    def _known(self) -> KnownOrigins:
        return KnownOrigins(origins_file(self._settings))

    def _columns(self, database: str, pattern: str) -> dict[str, dict[str, str]]:
        rows = self._connection.execute(
            "select table_name, column_name, data_type from duckdb_columns() "
            "where database_name = ? and not internal and regexp_matches(table_name, ?) "
            "order by table_name, column_index",
            [database if database == "published" else self._settings.warehouse.stem, pattern],
        ).fetchall()
        columns: dict[str, dict[str, str]] = {}
        for table, column, data_type in rows:
            columns.setdefault(table, {})[column] = data_type
        return columns


def _key_columns(columns: Iterable[str]) -> list[str]:
    wanted = ("household_key", "person_key", "village_code", "county_code", "quarter")
    return [name for name in wanted if name in set(columns)]


def value_kind(column: str) -> str | None:
    """Return which of the three values a column holds."""
    for kind in ("reported", "recomputed", "verified"):
        if column == kind or column.endswith(f"_{kind}"):
            return kind
    return None


def unit_of(column: str, row: dict[str, Any], description: str) -> str:
    """Return a figure's unit in Chinese, from its row or else from its column's description."""
    if row.get("unit_zh") and column not in ("causing_submission_count",):
        return row["unit_zh"]
    for mark, unit in _UNITS.items():
        if mark in description:
            return unit
    return ""


_UNITS = {
    "元 or a fraction": "元或比例",
    "yuan or a fraction": "元或比例",
    **{f"({unit})": unit for unit in ("元", "户", "人", "个", "行", "天", "条")},
    "fraction": "比例",
    "比例": "比例",
    "yuan": "元",
    "元": "元",
}
