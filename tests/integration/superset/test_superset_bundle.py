"""The Superset bundle against the published marts: everything that it names is there and runs."""

import re
from collections.abc import Iterator
from typing import Any

import duckdb
import pytest

from bi.superset.bundle import charts_of, documents, sources
from orchestration.settings import Settings

CHINESE = re.compile(r"[\u4e00-\u9fff]")
URI = "duckdb:////nowhere/zengshou.duckdb"


@pytest.fixture(scope="module")
def marts(small_home: Settings) -> Iterator[duckdb.DuckDBPyConnection]:
    database = small_home.home / "published" / "zengshou.duckdb"
    with duckdb.connect(str(database), read_only=True) as connection:
        yield connection


@pytest.fixture(scope="module")
def bundle() -> dict[str, dict[str, Any]]:
    return documents(URI, "main")


@pytest.mark.parametrize("name", sources("datasets"))
def test_dataset_has_the_columns_it_describes(
    name: str, marts: duckdb.DuckDBPyConnection, bundle: dict[str, dict[str, Any]]
) -> None:
    bundled = bundle[f"datasets/zengshou/{name}.yaml"]
    given = {row[0] for row in marts.execute(f"describe {bundled['sql']}").fetchall()}
    for column in bundled["columns"]:
        assert column["column_name"] in given
        assert column["description"], column["column_name"]
        assert CHINESE.search(column["verbose_name"])


@pytest.mark.parametrize("name", sources("datasets"))
def test_metrics_run(name: str, marts: duckdb.DuckDBPyConnection) -> None:
    dataset = sources("datasets")[name]
    for title, metric in dataset.get("metrics", {}).items():
        assert CHINESE.search(title)
        marts.execute(f"select {metric['sql']} from ({dataset['sql']}) as d").fetchall()  # noqa: S608


@pytest.mark.parametrize("name", sources("charts"))
def test_chart_runs(name: str, marts: duckdb.DuckDBPyConnection) -> None:
    chart = sources("charts")[name]
    dataset = sources("datasets")[chart["dataset"]]
    columns, metrics = asked_for(chart["params"])
    assert columns <= set(dataset["columns"])
    assert metrics <= set(dataset.get("metrics", {}))
    fields = [*columns, *(f'{dataset["metrics"][m]["sql"]} as "{m}"' for m in metrics)]
    where = " and ".join(f"({condition})" for condition in chart.get("where", ["true"]))
    groups = f"group by {', '.join(columns)}" if columns and metrics else ""
    marts.execute(
        f"select {', '.join(fields)} from ({dataset['sql']}) as d where {where} {groups}"  # noqa: S608
    ).fetchall()


def test_region_figure_is_the_mart_s_own(marts: duckdb.DuckDBPyConnection) -> None:
    income = sources("datasets")["income"]
    metric = income["metrics"]["人均核实值（元）"]["sql"]
    rows = marts.execute(
        f"select max(per_capita_verified), {metric} from ({income['sql']}) as d "  # noqa: S608
        "where component = 'net_income' group by county_code, quarter"
    ).fetchall()
    assert any(own is not None for own, _ in rows)
    for own, counted in rows:
        assert (own is None) == (counted is None)
        assert own is None or abs(float(own) - float(counted)) < 0.01


def test_bundle_is_whole(bundle: dict[str, dict[str, Any]]) -> None:
    uuids = [document["uuid"] for document in bundle.values() if "uuid" in document]
    assert len(uuids) == len(set(uuids)) == len(bundle) - 1
    for name, document in bundle.items():
        for key in ("database_uuid", "dataset_uuid"):
            assert key not in document or document[key] in uuids, name
        title = document.get("dashboard_title") or document.get("slice_name") or "中"
        assert CHINESE.search(title), name
    shown = {chart for board in sources("dashboards").values() for chart in charts_of(board)}
    assert shown == set(sources("charts"))


@pytest.mark.parametrize("name", sources("dashboards"))
def test_filters_offer_a_column_and_spare_known_charts(name: str) -> None:
    dashboard = sources("dashboards")[name]
    for wanted in dashboard["filters"]:
        assert wanted["column"] in sources("datasets")[wanted["dataset"]]["columns"]
        assert set(wanted.get("leaves_alone", [])) <= set(charts_of(dashboard))


def asked_for(params: dict[str, Any]) -> tuple[set[str], set[str]]:
    """Return the columns and the metrics that a chart asks its dataset for."""
    columns: set[str] = set()
    metrics: set[str] = set()
    for key, value in params.items():
        values = value if isinstance(value, list) else [value]
        if key in ("x_axis", "groupby", "all_columns", "groupbyRows", "groupbyColumns"):
            columns |= set(values)
        if key in ("metric", "metrics", "timeseries_limit_metric"):
            metrics |= set(values)
    return columns, metrics
