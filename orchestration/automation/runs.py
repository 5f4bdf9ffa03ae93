"""Runs in this process, on the deployment's own Dagster instance, so that the UI shows them.

A process can be killed at any moment. What it leaves behind in the instance (a run that is
"started" for ever, a taken pool slot) is cleared away before the next run.
"""

import fcntl
import os
import time
from collections.abc import Callable, Mapping
from pathlib import Path

import dagster as dg

from orchestration.environment import prepare_dagster_home, prepare_environment
from orchestration.settings import Settings

_STARTED = [
    dg.DagsterRunStatus.STARTING,
    dg.DagsterRunStatus.STARTED,
    dg.DagsterRunStatus.CANCELING,
]
# The UI finds a run of its code location by this tag; runs it starts itself carry it too.
_LOCATION_TAG = {".dagster/repository": "__repository__@zengshou"}
_POLL_SECONDS = 2


def open_instance(settings: Settings) -> dg.DagsterInstance:
    """Return the deployment's Dagster instance, configured as shipped."""
    prepare_environment(settings)
    prepare_dagster_home(settings)
    with (settings.dagster_home / ".lock").open("w") as lock:
        # Two processes that create the instance's database at once would trip over each other.
        fcntl.flock(lock, fcntl.LOCK_EX)
        return dg.DagsterInstance.get()


def execute(
    definitions: dg.Definitions,
    job: str,
    instance: dg.DagsterInstance,
    tags: Mapping[str, str] | None = None,
    run_config: Mapping[str, object] | None = None,
) -> dg.ExecuteInProcessResult:
    """Run a job in this process; a failed run is a result, not an exception."""
    return definitions.resolve_job_def(job).execute_in_process(
        instance=instance,
        tags={**_LOCATION_TAG, **(tags or {})},
        run_config=run_config,
        raise_on_error=False,
    )


def wait_for_turn(instance: dg.DagsterInstance, say: Callable[[str], object]) -> None:
    """Wait until no run of another process is under way; runs whose process is gone do not count.

    The UI's own runs wait likewise: ``dagster.yaml`` lets one run at a time leave the queue.
    """
    announced = None
    while True:
        clear_dead_runs(instance)
        runs = instance.get_runs(dg.RunsFilter(statuses=_STARTED), limit=1)
        if not runs:
            return
        if runs[0].run_id != announced:
            announced = runs[0].run_id
            say(f"{runs[0].job_name} {announced}")
        time.sleep(_POLL_SECONDS)


def clear_dead_runs(instance: dg.DagsterInstance) -> list[str]:
    """Mark runs whose process is gone as failed, free their pool slots, return their ids."""
    dead = [
        run
        for run in instance.get_runs(dg.RunsFilter(statuses=_STARTED))
        if _is_dead(instance, run.run_id)
    ]
    for run in dead:
        instance.report_run_failed(run, message="The process that executed this run is gone.")
        instance.event_log_storage.free_concurrency_slots_for_run(run.run_id)
    return [run.run_id for run in dead]


def _is_dead(instance: dg.DagsterInstance, run_id: str) -> bool:
    """Whether the process that logged the run's start is gone; its number may be in use again."""
    for entry in instance.all_logs(run_id, of_type=dg.DagsterEventType.RUN_START):
        event = entry.dagster_event
        if event is not None and event.pid is not None:
            started_at = _process_start(event.pid)
            return started_at is None or started_at > entry.timestamp
    return False


def _process_start(pid: int) -> float | None:
    """Return when a process started, in seconds since the epoch; None if there is none."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text("ascii", "replace").rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return None
    is_zombie, ticks = fields[0] == "Z", int(fields[19])
    boot = next(
        float(line.split()[1])
        for line in Path("/proc/stat").read_text("ascii").splitlines()
        if line.startswith("btime")
    )
    return None if is_zombie else boot + ticks / os.sysconf("SC_CLK_TCK")
