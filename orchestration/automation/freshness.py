"""How fresh an asset must be, from the deadlines that the contracts state."""

from datetime import date, timedelta
from functools import cache

import dagster as dg

from orchestration.automation.partitions import TIMEZONE
from orchestration.calendar import Quarter

_GRACE = timedelta(days=3)
_SHORTEST_MONTH = 28


@cache  # Dagster tries out a cron line for years ahead, and dozens of datasets share a deadline.
def freshness_policy(deadline_days: int) -> dg.FreshnessPolicy:
    """Return the policy of a dataset that is due that many days after the end of its quarter.

    Once the deadline has passed, the asset must have been materialised after its quarter ended.
    """
    return dg.FreshnessPolicy.cron(
        deadline_cron=deadline_cron(deadline_days),
        lower_bound_delta=timedelta(days=deadline_days) + _GRACE,
        timezone=TIMEZONE,
    )


def deadline_cron(deadline_days: int) -> str:
    """Return the quarterly cron tick, at midnight, by which every quarter's deadline has passed.

    Quarters and months differ in length, a cron line does not: the latest of the four days counts.
    """
    late_days = [_first_late_day(Quarter.of(2022, number), deadline_days) for number in range(1, 5)]
    month_in_quarter, day = max(((late.month - 1) % 3, late.day) for late in late_days)
    if day > _SHORTEST_MONTH:
        month_in_quarter, day = month_in_quarter + 1, 1
    months = sorted((3 * number + month_in_quarter) % 12 + 1 for number in range(4))
    return f"0 0 {day} {','.join(map(str, months))} *"


def _first_late_day(quarter: Quarter, deadline_days: int) -> date:
    return quarter.end + timedelta(days=deadline_days + 1)
