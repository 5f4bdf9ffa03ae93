"""Reading the current publication: rows of marts as plain dictionaries, over one connection."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from orchestration.publication.manifest import DATABASE, Manifest, current_manifest
from orchestration.settings import Settings

Row = dict[str, Any]

REGION = "640000"
"""The code under which marts hold the whole region."""


class NothingPublished(RuntimeError):  # noqa: N818 - a state, not a malfunction
    """There is no publication to report on."""


@dataclass(frozen=True)
class Marts:
    """An open publication; it keeps its files even if another is published meanwhile."""

    connection: duckdb.DuckDBPyConnection
    manifest: Manifest

    def rows(self, sql: str, **parameters: object) -> list[Row]:
        """Return the rows of a query; ``$name`` in it is a parameter."""
        return fetch_rows(self.connection, sql, parameters)


def fetch_rows(
    connection: duckdb.DuckDBPyConnection,
    sql: str,
    parameters: Sequence[object] | Mapping[str, object] = (),
) -> list[Row]:
    """Run a query and return its rows by column name."""
    found = connection.execute(sql, parameters)
    names = [column[0] for column in found.description or []]
    return [dict(zip(names, values, strict=True)) for values in found.fetchall()]


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
