"""From which columns each column of a query is computed, read from its SQL.

Following the long models takes longer than running them, so what was found is kept by the SQL and
the columns that it was found in.
"""

import fcntl
import hashlib
import json
from collections.abc import Mapping
from pathlib import Path

from sqlglot import exp
from sqlglot.errors import SqlglotError
from sqlglot.lineage import lineage

Origins = dict[str, list[tuple[str, str]]]
"""For every column, the tables and columns that it is computed from."""

Schema = Mapping[str, Mapping[str, str]]
"""For every table that a query reads, its columns with their types."""


class KnownOrigins:
    """Finds origins; ``kept`` is the file that remembers them between runs.

    All deployments of a checkout share it: what was found depends on the SQL alone.
    """

    def __init__(self, kept: Path) -> None:
        self._kept = kept
        self._known = self._remembered()
        self._found: dict[str, Origins | None] = {}

    def _remembered(self) -> dict[str, Origins | None]:
        return json.loads(self._kept.read_text("utf-8")) if self._kept.exists() else {}

    def of(self, sql: str, schema: Schema) -> Origins | None:
        """Return where the columns of a query come from; None if the parser cannot follow it."""
        tables = {table: dict(columns) for table, columns in schema.items()}
        mark = hashlib.sha256(json.dumps([sql, tables]).encode()).hexdigest()
        if mark not in self._known:
            self._known[mark] = self._found[mark] = _origins(sql, tables)
        return self._known[mark]

    def save(self) -> None:
        """Remember what was found, beside what other processes have found meanwhile."""
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
