"""Figures about a whole county: what it claims, what the survey estimates, national comparators."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from orchestration.seeds import seed_rows
from orchestration.simulation.benefits import payment_months
from orchestration.simulation.claims_of_people import people_counts
from orchestration.simulation.claims_of_projects import project_counts
from orchestration.simulation.claims_of_work import work_counts
from orchestration.simulation.industry import (
    carried_households,
    microloans,
    projects,
    village_collective_income,
)
from orchestration.simulation.population import quarter_at, quarters_so_far
from orchestration.simulation.work import unpaid_posts
from orchestration.simulation.world import CountyWorld, row_set


def income_survey(world: CountyWorld, t: int) -> pa.Table:
    """The sample estimates of both calibers, off by what their standard error says."""
    people, quarter = world.people, quarter_at(t)
    rng = world.stream("survey", t)
    relative = world.assumptions.records.survey_relative_error
    truth = world.economy.net_year_to_date(t).sum() / people.counted_size(t).sum()
    # The other caliber: all rural residents, calendar year; invented and only loosely related.
    rural = 17_770 * 1.075 ** (quarter.start.year - 2023) * quarter.number / 4 * 100
    mean = np.array([truth, rural])
    error = relative * np.array([1.0, 0.8])
    return row_set(
        world,
        "income_survey",
        caliber=np.array(["net", "disposable"]),
        period_start=np.array(
            [np.datetime64(quarter.income_year_start), np.datetime64(f"{quarter.start.year}-01-01")]
        ),
        period_end=np.full(2, np.datetime64(quarter.end)),
        sample_households=np.minimum([140, 120], people.households),
        estimate=np.round(mean * (1 + rng.normal(0, error))),
        standard_error=np.round(mean * error),
    )


@dataclass(frozen=True)
class Indicator:
    """What a county's measure report says about an indicator besides its value."""

    indicator_id: str
    title: str
    unit: str


@cache
def load_indicators(seeds: Path) -> tuple[Indicator, ...]:
    """Read the indicators' codes, names and units."""
    return tuple(
        Indicator(row["indicator_id"], row["title_zh"], row["unit_zh"])
        for row in seed_rows("indicators", seeds)
    )


def honest_counts(world: CountyWorld, t: int) -> dict[str, float]:
    """Return the county's figure of every indicator, counted over its records since 1 January."""
    people, economy = world.people, world.economy
    benefits, work = economy.benefits, economy.employment
    year = quarters_so_far(t)
    window = slice(year[0], t + 1)
    works = (work.months[:, window] > 0).any(axis=1)
    _, operates, has_linkage, _ = projects(world)
    household, project = carried_households(world, t)

    def ever(entitled: np.ndarray) -> int:
        return int(np.any([(payment_months(people, q) > 0) & entitled for q in year], axis=0).sum())

    photovoltaic = [q for q in year if quarter_at(q).number in (2, 4)]
    loans = microloans(world, t)
    borrowers = loans["household_key"].filter(pc.greater(loans["balance"], 0))
    income = village_collective_income(world, t)
    rich = income["operating_income"].to_numpy() > 20_000_000
    surplus = income["surplus"].to_numpy()[rich].sum()
    due = sum((payment_months(people, q) * benefits.post).sum() for q in year)
    waiting = (unpaid_posts(world, t) * benefits.post).sum()
    late_farmland = benefits.farmland[benefits.is_late[:, t]].sum() / benefits.farmland.sum()
    own = {
        "M01-01": operates.sum(),
        "M01-02": len(np.unique(household)),
        "M01-03": len(pc.unique(borrowers)),
        "M03-01": has_linkage.sum(),
        "M03-02": len(np.unique(household[has_linkage[project]])),
        "M06-01": works.sum(),
        "M06-02": (works & (work.workplace == "outside_province")).sum(),
        "M06-03": (works & (work.workplace == "outside_county")).sum(),
        "M06-04": (works & (work.workplace == "in_county")).sum(),
        "M06-05": (works & work.is_fujian).sum(),
        "M08-01": (works & (work.channel == "workshop")).sum(),
        "M09-01": ever(benefits.post > 0),
        "M09-02": 1 - waiting / due if due else 1.0,
        "M12-01": ever((benefits.dibao > 0) & ~benefits.is_destitute),
        "M12-02": ever(benefits.living + benefits.nursing > 0),
        "M14-01": 1 - late_farmland if quarter_at(t).number == 2 else 1.0,
        "M16-01": income["dividends_paid"].to_numpy()[rich].sum() / surplus if surplus else 0.0,
        "M17-01": (benefits.photovoltaic > 0).sum() if photovoltaic else 0,
        "M17-02": benefits.photovoltaic.sum() * len(photovoltaic) / 100,
    }
    others = project_counts(world, t) | people_counts(world, t) | work_counts(world, t)
    return own | others


def county_measure_report(world: CountyWorld, t: int) -> pa.Table:
    """What the county claims for each indicator: its own count, nearly."""
    rng = world.stream("claims", t)
    counts = honest_counts(world, t)
    listed = [row for row in load_indicators(world.seeds) if row.indicator_id in counts]
    value = np.array([float(counts[row.indicator_id]) for row in listed])
    is_ratio = np.array([row.unit == "比例" for row in listed])
    error = rng.normal(0, world.assumptions.records.claim_error, len(listed))
    planted = world.planting.inflated_claims
    factor = np.array([planted.get(row.indicator_id, 1.0) for row in listed])
    claimed = np.where(is_ratio, value, np.round(value * factor * (1 + error)))
    return row_set(
        world,
        "county_measure_report",
        indicator_id=np.array([row.indicator_id for row in listed]),
        indicator_name=np.array([row.title for row in listed]),
        value=np.round(np.maximum(claimed, 0) * 10_000),
        unit_name=np.array([row.unit for row in listed]),
    )


def national_comparators(t: int) -> pa.Table:
    """Return the national figures known at the end of quarter ``t``; invented, and saying so."""
    known = [y for y in range(2022, 2028) if y <= quarter_at(t).income_year - (t % 4 < 3)]
    ids, years, values = [], [], []
    for year in known:
        level = 14_000 * 1.145 ** (year - 2022)
        for name, value in (
            ("net_income_per_capita", round(level, -1)),
            ("net_income_growth", 0.145),
            ("low_income_decline_share", round(0.48 - 0.01 * (year - 2022), 4)),
        ):
            ids.append(name)
            years.append(year)
            values.append(round(value * 10_000))
    return pa.table(
        {
            "comparator_id": ids,
            "income_year": pa.array(years, pa.int64()),
            "value": pa.array(values, pa.int64()),
            "source_citation": ["模拟数据，非官方统计，不得引用"] * len(ids),
        }
    )
