"""What starts a run because something happened, and what is told when one fails."""

import hashlib
import time
from pathlib import Path

import dagster as dg

from orchestration.automation.alerts import write_alert
from orchestration.automation.due import due_for_judgement, is_publication_current, line_state
from orchestration.automation.jobs import JOBS, PUBLISH, QUARTERLY, RECEIVE
from orchestration.automation.partitions import range_tags
from orchestration.receiving.receive import inbox_files
from orchestration.settings import Settings

_SETTLED_SECONDS = 30
"""A file younger than this may still be on its way into the inbox."""

_UNDER_WAY = [
    dg.DagsterRunStatus.QUEUED,
    dg.DagsterRunStatus.STARTING,
    dg.DagsterRunStatus.STARTED,
    dg.DagsterRunStatus.CANCELING,
]


def build_sensors(
    settings: Settings, settled_seconds: float = _SETTLED_SECONDS
) -> list[dg.SensorDefinition]:
    """Return the sensors of a deployment."""

    @dg.sensor(
        name="inbox",
        job_name=RECEIVE,
        minimum_interval_seconds=30,
        default_status=dg.DefaultSensorStatus.RUNNING,
        description="新文件到达收件箱 — files lie in the inbox: take them in.",
    )
    def inbox(context: dg.SensorEvaluationContext) -> dg.RunRequest | dg.SkipReason:
        files = inbox_files(settings)
        if not files:
            return dg.SkipReason("the inbox is empty")
        if time.time() - max(_changed_at(file) for file in files) < settled_seconds:
            return dg.SkipReason("files are still arriving")
        if (job := _job_under_way(context.instance)) is not None:
            return dg.SkipReason(f"a run of {job} is under way")
        return dg.RunRequest(run_key=_inbox_state(files))

    @dg.sensor(
        name="due",
        jobs=[job for job in JOBS if job.name != RECEIVE],
        minimum_interval_seconds=60,
        default_status=dg.DefaultSensorStatus.RUNNING,
        description=(
            "有待审核的报送 — submissions wait to be judged, or what is published is older than "
            "what was judged: run the line, once for each state of ledger and code."
        ),
    )
    def due(context: dg.SensorEvaluationContext) -> dg.RunRequest | dg.SkipReason:
        if (job := _job_under_way(context.instance)) is not None:
            return dg.SkipReason(f"a run of {job} is under way")
        submissions = due_for_judgement(settings)
        state = line_state(settings)
        if submissions:
            quarters = sorted(received.quarter for received in submissions)
            tags = range_tags(quarters[0], quarters[-1])
            return dg.RunRequest(run_key=state, job_name=QUARTERLY, tags=tags)
        if settings.ledger_file.exists() and not is_publication_current(settings):
            return dg.RunRequest(run_key=state, job_name=PUBLISH)
        return dg.SkipReason("everything is judged and published")

    @dg.run_failure_sensor(
        name="alert",
        monitor_all_code_locations=True,
        default_status=dg.DefaultSensorStatus.RUNNING,
        description="运行失败告警 — a run failed: one line in logs/alerts.log of the home folder.",
    )
    def alert(context: dg.RunFailureSensorContext) -> None:
        write_alert(settings, context.dagster_run, context.failure_event.message or "")

    return [inbox, due, alert]


def _job_under_way(instance: dg.DagsterInstance) -> str | None:
    runs = instance.get_runs(dg.RunsFilter(statuses=_UNDER_WAY), limit=1)
    return runs[0].job_name if runs else None


def _inbox_state(files: list[Path]) -> str:
    digest = hashlib.sha256()
    for file in files:
        status = file.stat()
        digest.update(f"{file} {status.st_size} {status.st_mtime_ns}\n".encode())
    return digest.hexdigest()


def _changed_at(file: Path) -> float:
    # mtime may be copied from elsewhere; ctime says when the file last changed in this folder.
    return file.stat().st_ctime
