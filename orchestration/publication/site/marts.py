"""Reading the current publication: rows of marts as plain dictionaries, over one connection."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from orchestration.publication.manifest import DATABASE, Manifest, current_manifest
from orchestration.settings import Settings

Row = dict[str, Any]


class NothingPublished(RuntimeError):  # noqa: N818 - a state, not a malfunction
    """There is no publication to report on."""


@dataclass(frozen=True)
class Marts:
    """An open publication; it keeps its files even if another is published meanwhile."""

    connection: duckdb.DuckDBPyConnection
    manifest: Manifest

    def rows(self, sql: str, **parameters: object) -> list[Row]:
        """Return the rows of a query; ``$name`` in it is a parameter."""
        found = self.connection.execute(sql, parameters or None)
        names = [column[0] for column in found.description]
        return [dict(zip(names, values, strict=True)) for values in found.fetchall()]

    def row(self, sql: str, **parameters: object) -> Row:
        """Return the only row of a query."""
        (row,) = self.rows(sql, **parameters)
        return row


@contextmanager
def open_marts(settings: Settings) -> Iterator[Marts]:
    """Open the current publication.

    Raises:
        NothingPublished: nothing has been published yet.
    """
    manifest = current_manifest(settings)
    if manifest is None:
        raise NothingPublished("还没有发布过数据，请先运行 zengshou run (nothing is published yet)")
    # The link moves on with the next publication; the folder behind it stays what it is.
    folder: Path = settings.published.resolve()
    with duckdb.connect(str(folder / DATABASE), read_only=True) as connection:
        yield Marts(connection, manifest)
