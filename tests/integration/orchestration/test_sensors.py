"""The sensors start the right run, once."""

import dagster as dg
import pytest

from orchestration.automation.alerts import write_alert
from orchestration.automation.due import due_for_judgement
from orchestration.automation.jobs import QUARTERLY
from orchestration.automation.sensors import build_sensors
from orchestration.contracts import load_contracts
from orchestration.receiving.receive import receive_inbox
from orchestration.settings import Settings


@pytest.fixture
def instance() -> dg.DagsterInstance:
    return dg.DagsterInstance.ephemeral()


def test_empty_inbox_starts_nothing(settings: Settings, instance: dg.DagsterInstance) -> None:
    assert _skip(settings, "inbox", instance) == "the inbox is empty"
    assert _skip(settings, "due", instance) == "everything is judged and published"


def test_files_start_one_run_per_state_of_the_inbox(
    settings: Settings, instance: dg.DagsterInstance
) -> None:
    settings.inbox.mkdir(parents=True)
    (settings.inbox / "a.xlsx").write_bytes(b"a")
    assert "arriving" in _skip(settings, "inbox", instance)
    first = _evaluate(settings, "inbox", instance, settled_seconds=0)
    again = _evaluate(settings, "inbox", instance, settled_seconds=0)
    (settings.inbox / "b.xlsx").write_bytes(b"b")
    other = _evaluate(settings, "inbox", instance, settled_seconds=0)
    assert first.run_key == again.run_key != other.run_key


def test_one_run_at_a_time(settings: Settings, instance: dg.DagsterInstance) -> None:
    settings.inbox.mkdir(parents=True)
    (settings.inbox / "a.xlsx").write_bytes(b"a")

    @dg.job
    def slow() -> None:
        pass

    run = instance.create_run_for_job(slow, status=dg.DagsterRunStatus.STARTED)
    assert "slow" in _skip(settings, "inbox", instance, settled_seconds=0)
    instance.report_run_failed(run)
    assert _evaluate(settings, "inbox", instance, settled_seconds=0).run_key


def test_received_submissions_start_the_line_over_their_quarters(
    unrun_home: Settings, instance: dg.DagsterInstance
) -> None:
    receive_inbox(unrun_home, load_contracts())
    request = _evaluate(unrun_home, "due", instance)
    assert request.job_name == QUARTERLY
    assert request.tags["dagster/asset_partition_range_start"] == "2023-07-01"
    assert request.tags["dagster/asset_partition_range_end"] == "2024-07-01"
    assert request.run_key == _evaluate(unrun_home, "due", instance).run_key
    quarters = {submission.quarter.label for submission in due_for_judgement(unrun_home)}
    assert quarters == {"2023Q3", "2023Q4", "2024Q1", "2024Q2", "2024Q3"}


def test_published_home_is_left_in_peace(
    small_home: Settings, instance: dg.DagsterInstance
) -> None:
    assert _skip(small_home, "due", instance) == "everything is judged and published"


def test_alert_is_one_line(settings: Settings) -> None:
    @dg.job
    def broken() -> None:
        pass

    run = dg.DagsterInstance.ephemeral().create_run_for_job(broken)
    write_alert(settings, run, "first line\nsecond line")
    write_alert(settings, run, "again")
    lines = (settings.home / "logs" / "alerts.log").read_text("utf-8").splitlines()
    assert len(lines) == 2
    assert "first line second line" in lines[0]
    assert "broken" in lines[0]


def _evaluate(
    settings: Settings, name: str, instance: dg.DagsterInstance, settled_seconds: float = 30
) -> dg.RunRequest:
    result = _result(settings, name, instance, settled_seconds)
    assert isinstance(result, dg.RunRequest), result
    return result


def _skip(
    settings: Settings, name: str, instance: dg.DagsterInstance, settled_seconds: float = 30
) -> str:
    result = _result(settings, name, instance, settled_seconds)
    assert isinstance(result, dg.SkipReason), result
    return result.skip_message or ""


def _result(
    settings: Settings, name: str, instance: dg.DagsterInstance, settled_seconds: float
) -> object:
    sensors = {sensor.name: sensor for sensor in build_sensors(settings, settled_seconds)}
    return sensors[name](dg.build_sensor_context(instance=instance))
