"""When a run starts by the clock."""

import dagster as dg

from orchestration.automation.jobs import QUARTERLY
from orchestration.automation.partitions import TIMEZONE
from orchestration.calendar import Quarter

AFTER_DEADLINES = "0 6 21 1,4,7,10 *"
"""Counties and departments file within 20 days of the quarter's end; surveys follow later."""


def build_schedules() -> list[dg.ScheduleDefinition]:
    """Return the quarterly schedule."""

    @dg.schedule(
        name="after_deadlines",
        job_name=QUARTERLY,
        cron_schedule=AFTER_DEADLINES,
        execution_timezone=TIMEZONE,
        description=(
            "每季度截止日后 — runs the quarter that just ended once its deadlines have passed, so "
            "that missing submissions show even if nobody sent anything."
        ),
    )
    def after_deadlines(context: dg.ScheduleEvaluationContext) -> dg.RunRequest:
        quarter = Quarter.containing(context.scheduled_execution_time.date()).shift(-1)
        return dg.RunRequest(run_key=quarter.key, partition_key=quarter.key)

    return [after_deadlines]
