"""Publication and warehouse, opened for reading only, and the places that their rows name."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

import duckdb

from orchestration.calendar import Quarter
from orchestration.explanation.address import ExplanationError
from orchestration.explanation.answer import FILE, KEPT_AT, ROW, SHEET, Row, Table
from orchestration.explanation.catalogue import Catalogue
from orchestration.publication.manifest import DATABASE, Manifest, current_manifest
from orchestration.publication.marts import fetch_rows
from orchestration.publication.serving_copy import literal
from orchestration.receiving.senders import Senders, load_senders
from orchestration.receiving.submission import landing_file
from orchestration.settings import Settings

_COUNTIES = ("县", "登记所在县", "计入县")
_PLACE = ("submission_id", "source_sheet", "source_row")


@dataclass(frozen=True)
class Home:
    """What an explanation reads from: one connection over publication and warehouse.

    Tables of the warehouse go by their name, those of the publication by ``published.<name>``.
    ``limit`` is how many rows a table lists; None lists all.
    """

    settings: Settings
    connection: duckdb.DuckDBPyConnection
    catalogue: Catalogue
    manifest: Manifest
    limit: int | None = 20
    _answers: dict[tuple[str, str], list[Row]] = field(default_factory=dict, repr=False)

    @cached_property
    def senders(self) -> Senders:
        """Counties and departments by name."""
        return load_senders(self.settings.seeds)

    @cached_property
    def submissions(self) -> dict[str, dict[str, Any]]:
        """Every submission by its id: dataset, sender, quarter, file."""
        found = self.rows(
            "select submissions.*, datasets.title_zh from stg_submissions as submissions "
            "left join datasets using (dataset) "
            "where outcome not in ('duplicate', 'unrecognised')"
        )
        return {row["submission_id"]: row for row in found}

    @cached_property
    def sub_items(self) -> dict[str, list[str]]:
        """The sub-items of each component of income."""
        items: dict[str, list[str]] = {}
        for row in self.rows("select component, sub_item from income_sub_items order by all"):
            items.setdefault(row["component"], []).append(row["sub_item"])
        return items

    def rows(self, sql: str, values: Sequence[Any] | Mapping[str, Any] = ()) -> list[Row]:
        """Run a query and return its rows by column name; asked again, it is not run again."""
        question = (sql, repr(values))
        if question not in self._answers:
            self._answers[question] = fetch_rows(self.connection, sql, values)
        return list(self._answers[question])

    def first(self, sql: str, values: Sequence[Any] | Mapping[str, Any] = ()) -> Row | None:
        """Run a query and return its first row, None if there is none."""
        found = self.rows(sql, values)
        return found[0] if found else None

    def table(
        self,
        title: str,
        sql: str,
        values: Mapping[str, Any] | None = None,
        order: str = "",
        note: str = "",
    ) -> Table:
        """Run a query and list its first rows under a title; places in files are spelled out.

        ``order`` is what decides which rows are first; columns named in Chinese are shown as they
        are, ``submission_id``, ``source_sheet`` and ``source_row`` become file, sheet and row.
        """
        limited = "" if self.limit is None else f"limit {self.limit}"
        ordered = f"order by {order}" if order else ""
        found = self.rows(
            f"select *, count(*) over () as total from ({sql}) {ordered} {limited}", values or {}
        )
        total = found[0]["total"] if found else 0
        return Table(title, [self.located(row) for row in found], total, note)

    def located(self, row: Row) -> Row:
        """Return a row with the place in its file spelled out."""
        shown = {
            name: self._named(value) if name in _COUNTIES else value
            for name, value in row.items()
            if name not in (*_PLACE, "total")
        }
        submission = self.submissions.get(row.get("submission_id") or "")
        if submission is None:
            return shown
        return {
            **shown,
            "数据集": submission["title_zh"],
            "报送单位": self.senders.name_zh(submission["sender"]),
            "报送季度": Quarter(submission["quarter"]).label,
            FILE: submission["file_name"],
            SHEET: row["source_sheet"],
            ROW: row["source_row"],
            KEPT_AT: self.kept_at(submission["file_sha256"], submission["file_name"]),
        }

    def _named(self, county: str | None) -> str | None:
        """Return a county's code with its name."""
        name = self.senders.counties.get(county or "")
        return f"{name}（{county}）" if name else county

    def kept_at(self, sha256: str, file_name: str) -> str:
        """Return where a submitted file lies as it came, within the home folder."""
        file = landing_file(self.settings, sha256, Path(file_name).suffix)
        return file.relative_to(self.settings.home).as_posix()


@dataclass(frozen=True)
class Subject:
    """The figure asked for, found: its row in the mart with everything the row holds."""

    mart: str
    column: str
    key: Row
    row: Row

    @property
    def value(self) -> Any:
        """The figure."""
        return self.row[self.column]

    @property
    def quarter(self) -> Quarter | None:
        """The quarter of the row, if it has one."""
        day = self.row.get("quarter")
        return Quarter(day) if isinstance(day, date) else None


@contextmanager
def opened(settings: Settings, limit: int | None) -> Iterator[Home]:
    """Open what is published and the warehouse behind it.

    Raises:
        ExplanationError: nothing is published, the warehouse is missing or being written.
    """
    manifest = current_manifest(settings)
    if manifest is None:
        raise ExplanationError("还没有发布的数字，请先运行 zengshou run")
    if not settings.warehouse.exists():
        raise ExplanationError("数仓不存在，无法追溯，请先运行 zengshou run")
    with duckdb.connect() as connection:
        _attach(connection, settings.published / DATABASE, "published", "发布库打不开")
        _attach(
            connection, settings.warehouse, settings.warehouse.stem, "数仓正在被写入，请稍后再试"
        )
        # The compiled models name the warehouse by its file, as dbt does.
        connection.execute(f'use "{settings.warehouse.stem}"')
        yield Home(settings, connection, Catalogue(settings, connection), manifest, limit)


def _attach(connection: duckdb.DuckDBPyConnection, file: Path, name: str, problem: str) -> None:
    try:
        connection.execute(f'attach {literal(str(file))} as "{name}" (read_only)')
    except duckdb.IOException as error:
        raise ExplanationError(f"{problem}：{file}") from error
