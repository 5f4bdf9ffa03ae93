"""The dbt project as a whole: it builds, warns of nothing, says what its columns are."""

import json
import subprocess

import duckdb
import pytest
from small_region import LAST, XINGQING, Dbt, Lake, Query

from orchestration.calendar import Quarter
from orchestration.contracts import load_contracts
from orchestration.ingestion.lake import PROVENANCE, write_anchors
from orchestration.settings import Settings


def test_builds_with_every_test_and_no_warning(built: subprocess.CompletedProcess[str]) -> None:
    assert built.returncode == 0, built.stdout
    assert "ERROR=0" in built.stdout
    assert "WARN=0" in built.stdout
    assert "eprecat" not in built.stdout
    assert "[WARNING]" not in built.stdout


def test_staging_holds_what_the_contracts_store(query: Query) -> None:
    provenance = [item.name for item in PROVENANCE]
    for dataset, contract in load_contracts().items():
        columns = [row[0] for row in query(f"describe stg_{dataset}")]
        stored = [column.name for column in contract.stored_columns]
        assert columns == [*stored, *provenance, "quarter"]


def test_every_model_and_column_is_described(
    built: subprocess.CompletedProcess[str], lake: Lake, query: Query
) -> None:
    assert built.returncode == 0
    manifest = json.loads((lake.settings.home / "target/manifest.json").read_text("utf-8"))
    models = [node for node in manifest["nodes"].values() if node["resource_type"] == "model"]
    for node in models:
        assert node["description"], node["name"]
        columns = {row[0] for row in query(f"describe {node['name']}")}
        assert columns == set(node["columns"]), node["name"]
        for column in node["columns"].values():
            assert column["description"], (node["name"], column["name"])
        is_mart = node["name"].startswith(("dim_", "fct_"))
        assert node["contract"]["enforced"] == is_mart, node["name"]
        assert ("county_rows" in node["config"]["meta"]) == is_mart, node["name"]


def test_comments_reach_the_warehouse(query: Query) -> None:
    [(comment,)] = query("select comment from duckdb_tables() where table_name = 'dim_county'")
    assert comment.startswith("One row per county")


def test_running_again_gives_the_same_marts(lake: Lake, query: Query) -> None:
    marts = [
        name
        for (name,) in query("select table_name from duckdb_tables()")
        if name.startswith(("dim_", "fct_"))
    ]
    before = {mart: sorted(map(repr, query(f"from {mart}"))) for mart in marts}
    copy = Settings(home=lake.settings.home.parent / "again")
    copy.home.mkdir()
    (copy.home / "lake").symlink_to(lake.settings.lake)
    done = Dbt(copy)("build", "--exclude-resource-type", "unit_test", "test")
    assert done.returncode == 0, done.stdout
    with duckdb.connect(str(copy.warehouse), read_only=True) as connection:
        for mart in marts:
            rows = connection.execute(f"from {mart}").fetchall()
            assert sorted(map(repr, rows)) == before[mart], mart


def test_an_empty_lake_builds(tmp_path_factory: pytest.TempPathFactory) -> None:
    settings = Settings(home=tmp_path_factory.mktemp("empty"))
    write_anchors(settings, load_contracts())
    done = Dbt(settings)("build", "--exclude-resource-type", "unit_test")
    assert done.returncode == 0, done.stdout
    with duckdb.connect(str(settings.warehouse), read_only=True) as connection:
        assert connection.execute("select count(*) from fct_household_income").fetchone() == (0,)
        assert connection.execute("select count(*) from dim_county").fetchone() == (23,)


def test_a_broken_rule_is_named(tmp_path_factory: pytest.TempPathFactory) -> None:
    lake = Lake(Settings(home=tmp_path_factory.mktemp("broken")))
    nobody = {"county_code": XINGQING, "person_key": None, "died_on": LAST.start}
    lake.submit("deaths", "civil_affairs", Quarter.of(2023, 4), [nobody])
    lake.close()
    done = Dbt(lake.settings)("build", "--select", "stg_deaths", "--store-failures")
    assert done.returncode == 1, done.stdout
    with duckdb.connect(str(lake.settings.warehouse), read_only=True) as connection:
        failures = connection.execute(
            "select * from main_dbt_test__audit.stg_deaths_rules"
        ).fetchall()
    assert failures == [("person_key is not null", 1)]
