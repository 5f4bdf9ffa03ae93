"""Quarters as Dagster partitions: the one partition definition of the project."""

from collections.abc import Iterable

import dagster as dg

from orchestration.calendar import FIRST_QUARTER, Quarter

TIMEZONE = "Asia/Shanghai"

QUARTERS = dg.TimeWindowPartitionsDefinition(
    start=FIRST_QUARTER.isoformat(),
    cron_schedule="0 0 1 */3 *",
    fmt="%Y-%m-%d",
    timezone=TIMEZONE,
)
"""Quarters by their first day; a quarter becomes a partition when it has ended."""


def quarters_in(partition_keys: Iterable[str]) -> list[Quarter]:
    """Return the quarters that some partition keys name."""
    return [Quarter.parse(key) for key in partition_keys]


def range_tags(first: Quarter, last: Quarter) -> dict[str, str]:
    """Return the tags that make one run cover all quarters from ``first`` to ``last``."""
    return {
        "dagster/asset_partition_range_start": first.key,
        "dagster/asset_partition_range_end": last.key,
    }
