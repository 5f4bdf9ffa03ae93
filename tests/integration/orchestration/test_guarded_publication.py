"""A publication rests on one run's tables and on that run's checks, whoever starts what."""

from collections.abc import Iterator
from pathlib import Path

import dagster as dg
import duckdb
import pytest

from orchestration.automation.runs import open_instance
from orchestration.definitions import build_definitions
from orchestration.publication import PublicationRefused, current_manifest
from orchestration.publication.assets import builder_of, has_passed
from orchestration.settings import Settings

COUNTIES = dg.AssetKey("dim_county")
COMPONENTS = dg.AssetKey("fct_income_components")


@pytest.fixture
def instance(
    changeable_home: Settings, monkeypatch: pytest.MonkeyPatch
) -> Iterator[dg.DagsterInstance]:
    for name in ("ZENGSHOU_HOME", "DAGSTER_HOME"):
        monkeypatch.setenv(name, str(changeable_home.home))
    with open_instance(changeable_home) as opened:
        yield opened


def test_model_rebuilt_alone_is_not_published(
    changeable_home: Settings, instance: dg.DagsterInstance
) -> None:
    before = current_manifest(changeable_home)
    with duckdb.connect(str(changeable_home.warehouse)) as connection:
        connection.execute("delete from dim_measure")
    builder = builder_of(instance, [COUNTIES, COMPONENTS])
    line = build_definitions(changeable_home).resolve_implicit_global_asset_job_def()

    alone = line.execute_in_process(instance=instance, asset_selection=[COUNTIES])

    assert alone.success
    assert {event.asset_key for event in alone.get_asset_materialization_events()} == {COUNTIES}
    with duckdb.connect(str(changeable_home.warehouse), read_only=True) as connection:
        assert connection.execute("from dim_measure").fetchall() == []  # only what was picked
    with pytest.raises(PublicationRefused, match="不是同一次运行"):
        builder_of(instance, [COUNTIES, COMPONENTS])
    refused = line.execute_in_process(
        instance=instance, asset_selection=[dg.AssetKey("published")], raise_on_error=False
    )
    assert not refused.success
    assert current_manifest(changeable_home) == before
    check = _some_check(instance, builder)
    assert has_passed(instance, check, builder)
    assert not has_passed(instance, check, alone.run_id)


def test_materialised_model_tells_rows_columns_and_their_origin(
    instance: dg.DagsterInstance,
) -> None:
    event = instance.get_latest_materialization_event(COMPONENTS)
    assert event is not None
    assert event.asset_materialization is not None
    metadata = event.asset_materialization.metadata
    assert metadata["dagster/row_count"].value > 0
    schema = {column.name: column for column in metadata["dagster/column_schema"].value.columns}
    assert schema["county_code"].type == "VARCHAR"
    assert schema["county_code"].description
    assert "county_code" in metadata["preview"].records[0].data
    origins = metadata["dagster/column_lineage"].value.deps_by_column["per_capita_verified"]
    assert [origin.asset_key for origin in origins] == [dg.AssetKey("int_county_components")]


def test_staging_columns_come_from_the_lake(instance: dg.DagsterInstance) -> None:
    event = instance.get_latest_materialization_event(dg.AssetKey("stg_household_roster"))
    assert event is not None
    assert event.asset_materialization is not None
    lineage = event.asset_materialization.metadata["dagster/column_lineage"].value
    assert lineage.deps_by_column["household_key"] == [
        dg.TableColumnDep(dg.AssetKey(["lake", "household_roster"]), "household_key")
    ]


def test_a_broken_rule_shows_its_rows_and_what_to_do(
    changeable_home: Settings, instance: dg.DagsterInstance
) -> None:
    with duckdb.connect(str(changeable_home.warehouse)) as connection:
        connection.execute(
            "update int_village_income set village_code = 'nowhere' where county_code = '640522'"
        )
    line = build_definitions(changeable_home).resolve_implicit_global_asset_job_def()

    result = line.execute_in_process(
        instance=instance, asset_selection=[dg.AssetKey("fct_village_income")], raise_on_error=False
    )

    failed = [check for check in result.get_asset_check_evaluations() if not check.passed]
    [check] = [check for check in failed if check.check_name.startswith("relationships")]
    assert "未通过" in str(check.description)
    [first, *_] = check.metadata["failing_rows"].records  # type: ignore[attr-defined]
    assert first.data == {"from_field": "nowhere"}
    assert "dim_village" in str(check.metadata["query"].value)
    assert "改正后重报" in str(check.metadata["what_to_do"].value)
    assert Path(str(check.metadata["runbook"].value)).exists()


def _some_check(instance: dg.DagsterInstance, run_id: str) -> dg.AssetCheckKey:
    for entry in instance.all_logs(run_id, of_type=dg.DagsterEventType.ASSET_CHECK_EVALUATION):
        event = entry.dagster_event
        if event is not None and event.asset_check_evaluation_data.asset_key == COMPONENTS:
            return event.asset_check_evaluation_data.asset_check_key
    raise AssertionError("no check of the components ran")
