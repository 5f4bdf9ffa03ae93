import bisect
from datetime import date, timedelta

import dagster as dg
import pytest

from orchestration.automation.freshness import deadline_cron
from orchestration.calendar import Quarter, quarters_between
from orchestration.contracts import load_contracts

QUARTERS = quarters_between(Quarter.of(2019, 1), Quarter.of(2024, 4))
DEADLINES = sorted({contract.deadline_days for contract in load_contracts().values()} | {28, 90})


@pytest.mark.parametrize("deadline_days", DEADLINES)
def test_tick_follows_the_deadline_of_every_quarter_within_days(deadline_days: int) -> None:
    ticks = _ticks(deadline_cron(deadline_days))
    for quarter in QUARTERS:
        first_late_day = quarter.end + timedelta(days=deadline_days + 1)
        tick = ticks[bisect.bisect_left(ticks, first_late_day)]
        assert tick - first_late_day <= timedelta(days=3), quarter


@pytest.mark.parametrize("deadline_days", DEADLINES)
def test_there_is_one_tick_per_quarter(deadline_days: int) -> None:
    ticks = _ticks(deadline_cron(deadline_days))
    assert len({Quarter.containing(tick) for tick in ticks}) == len(ticks)
    assert len(ticks) >= len(QUARTERS)


def test_counties_are_late_on_the_sixteenth() -> None:
    assert deadline_cron(15) == "0 0 16 1,4,7,10 *"


def _ticks(cron: str) -> list[date]:
    ticks = dg.TimeWindowPartitionsDefinition(
        start="2019-01-01", end="2025-12-31", cron_schedule=cron, fmt="%Y-%m-%d"
    )
    return [date.fromisoformat(key) for key in ticks.get_partition_keys()]
