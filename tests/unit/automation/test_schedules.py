import itertools
from datetime import datetime
from zoneinfo import ZoneInfo

import dagster as dg
import pytest

from orchestration.automation.jobs import QUARTERLY
from orchestration.automation.partitions import QUARTERS, quarters_in
from orchestration.automation.schedules import build_schedules
from orchestration.calendar import FIRST_QUARTER, Quarter

SHANGHAI = ZoneInfo("Asia/Shanghai")


@pytest.mark.parametrize(
    ("tick", "quarter"),
    [
        (datetime(2024, 10, 21, 6), "2024-07-01"),
        (datetime(2025, 1, 21, 6), "2024-10-01"),
        (datetime(2025, 4, 21, 6), "2025-01-01"),
        (datetime(2025, 7, 21, 6), "2025-04-01"),
    ],
)
def test_schedule_runs_the_quarter_that_just_ended(tick: datetime, quarter: str) -> None:
    (schedule,) = build_schedules()
    with dg.build_schedule_context(scheduled_execution_time=tick.replace(tzinfo=SHANGHAI)) as at:
        request = schedule(at)
    assert isinstance(request, dg.RunRequest)
    assert request.partition_key == quarter
    assert schedule.job_name == QUARTERLY
    assert QUARTERS.has_partition_key(quarter)


def test_partitions_are_exactly_the_ended_quarters() -> None:
    quarters = quarters_in(QUARTERS.get_partition_keys())
    assert quarters[0].start == FIRST_QUARTER
    assert all(later == quarter.shift(1) for quarter, later in itertools.pairwise(quarters))
    today = datetime.now(SHANGHAI).date()
    assert quarters[-1] == Quarter.containing(today).shift(-1)
