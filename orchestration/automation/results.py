"""Where the result lies, and one figure as an example, after a demo run."""

from pathlib import Path

import duckdb
from rich.console import Console
from rich.table import Table

from orchestration.publication.landing import landing_page
from orchestration.publication.manifest import DATABASE
from orchestration.publication.site import reported_quarters, site_index
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
    listed: list[tuple[str, Path | str]] = [
        ("报告 reports, all of them", landing_page(settings)),
        *(
            (f"{quarter.label} 报告 report site", site_index(settings, quarter))
            for quarter in reported_quarters(settings)[-1:]
        ),
        ("数据 DuckDB file", settings.published / DATABASE),
        ("数据 Parquet, manifest", settings.published),
        ("回执 receipts", settings.receipts),
        ("界面 Dagster UI", "make dev   (http://localhost:3000)"),
    ]
    for title, place in listed:
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
