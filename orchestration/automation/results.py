"""Where the result lies, and one figure as an example, after a demo run."""

from pathlib import Path

import duckdb
from rich.console import Console
from rich.table import Table

from orchestration.publication.manifest import DATABASE
from orchestration.settings import Settings

_EXAMPLE = """
select component, per_capita_reported, per_capita_recomputed, per_capita_verified
from fct_income_components
where county_code = '640522' and income_year = 2024
  and is_income_year_end and component = 'net_income'
"""


def show_results(settings: Settings) -> None:
    """Print the places a newcomer wants to open, and the answer to one question."""
    console = Console()
    places = Table(show_header=False, box=None, padding=(0, 2))
    for title, place in (
        ("数据 DuckDB file", settings.published / DATABASE),
        ("数据 Parquet, manifest", settings.published),
        ("校验报告 Data Docs", settings.reports / "data_docs" / "index.html"),
        ("模型文档 dbt docs", settings.dbt_docs),
        ("回执 receipts", settings.receipts),
        ("界面 Dagster UI", "make dev   (http://localhost:3000)"),
    ):
        places.add_row(title, f"{_short(place)}")
    console.print(places)
    _show_example(console, settings.published / DATABASE)


def _short(place: Path | str) -> str:
    if isinstance(place, Path) and place.is_relative_to(Path.cwd()):
        return str(place.relative_to(Path.cwd()))
    return str(place)


def _show_example(console: Console, database: Path) -> None:
    with duckdb.connect(str(database), read_only=True) as connection:
        row = connection.execute(_EXAMPLE).fetchone()
    if row is None:
        return
    table = Table(
        "上报 reported",
        "复算 recomputed",
        "核实 verified",
        title="海原县 2024收入年度 人均纯收入（元） per-capita net income, income year 2024",
        title_justify="left",
    )
    table.add_row(*("—" if value is None else f"{value:,.2f}" for value in row[1:]))
    console.print(table)
    console.print(f"[dim]{' '.join(_EXAMPLE.split())}[/]", soft_wrap=True)
