"""Records of social help and customs: enterprises, volunteers, village rules, bride price."""

import numpy as np
import pyarrow as pa

from orchestration.simulation.apportion import days_between, end_of, quota, year_to_date
from orchestration.simulation.population import numbered, quarter_at
from orchestration.simulation.world import CountyWorld, place_columns, row_set


def enterprise_villages(world: CountyWorld, t: int) -> pa.Table:
    """Enterprises with their paired villages; a few have two."""
    programmes, villages = world.assumptions.programmes, len(world.people.places)
    total = max(1, len(quota(world, programmes.enterprises)))
    rng = world.stream("enterprises")
    joined = np.where(
        rng.random(total) < 0.6,
        np.datetime64("2021-06-30"),
        days_between(rng, "2022-10-01", "2026-06-30", total),
    )
    first = rng.integers(0, villages, total)
    has_second = rng.random(total) < 0.12
    enterprise = np.r_[np.arange(total), np.flatnonzero(has_second)]
    village = np.r_[first, (first[has_second] + 1) % villages]
    pairs = len(enterprise)
    kind = rng.choice(
        ["industry", "employment", "consumption", "donation", "other"],
        pairs,
        p=[0.35, 0.25, 0.2, 0.15, 0.05],
    )
    helped = np.ceil(rng.lognormal(1.9, 0.8, pairs)).astype(np.int64)
    is_stated = rng.random(pairs) > 0.06
    year = world.stream("enterprise help", quarter_at(t).start.year)
    invested = year_to_date(year.lognormal(10.9, 1.0, pairs), t, (0.15, 0.45, 0.7, 1.0))
    here = joined[enterprise] <= end_of(t)
    return row_set(
        world,
        "enterprise_villages",
        **place_columns(world, village[here]),
        enterprise_no=numbered(f"QY{world.people.county.code}", enterprise + 1, 4)[here],
        help_kind=kind[here],
        invested=invested[here],
        households_helped=(helped[here], ~is_stated[here]),
    )


def volunteer_aid(world: CountyWorld, t: int) -> pa.Table:
    """Projects of help by volunteers, charities and others in the quarter."""
    quarter = quarter_at(t)
    rng = world.stream("volunteers", t)
    share = world.people.households / world.assumptions.households_at_full_scale
    count = rng.poisson(world.assumptions.programmes.volunteer_projects_per_quarter * share)
    days = (end_of(t) - np.datetime64(quarter.start)).astype(int)
    money = np.round(rng.lognormal(8.6, 1.0, count) / 100) * 10_000
    return row_set(
        world,
        "volunteer_aid",
        project_no=numbered(
            f"ZY{world.people.county.code}{quarter.label}", np.arange(count) + 1, 4
        ),
        helper_kind=rng.choice(
            ["volunteers", "charity", "individual", "enterprise"], count, p=[0.55, 0.2, 0.1, 0.15]
        ),
        held_on=np.datetime64(quarter.start) + rng.integers(0, days + 1, count),
        persons_helped=np.ceil(rng.lognormal(3.4, 0.8, count)),
        money_and_goods=(money, rng.random(count) < 0.15),
    )


def village_customs(world: CountyWorld, t: int) -> pa.Table:
    """Which villages have rules with rewards and a council, and their activities this year."""
    villages = len(world.people.places)
    rng = world.stream("customs")
    rules = days_between(rng, "2022-10-01", "2027-06-30", villages)
    council = days_between(rng, "2022-10-01", "2025-12-31", villages)
    has_rules = (rng.random(villages) < 0.76) | (rules <= end_of(t))
    has_council = (rng.random(villages) < 0.85) | (council <= end_of(t))
    monthly = world.stream("activities", quarter_at(t).start.year).uniform(0.2, 1.2, villages)
    activities = np.round(monthly * 3 * quarter_at(t).number).astype(np.int64)
    return row_set(
        world,
        "village_customs",
        **place_columns(world, np.arange(villages)),
        has_reward_rules=has_rules,
        has_red_white_council=has_council,
        activities=(activities, world.stream("activities", t).random(villages) < 0.02),
    )


def bride_price_cases(world: CountyWorld, t: int) -> pa.Table:
    """Cases of high bride price found in the quarter; those not settled by its end are open."""
    quarter, end = quarter_at(t), end_of(t)
    rng = world.stream("bride price", t)
    count = rng.poisson(world.assumptions.programmes.bride_price_cases_per_quarter)
    days = (end - np.datetime64(quarter.start)).astype(int)
    found = np.datetime64(quarter.start) + rng.integers(0, days + 1, count)
    resolved = found + rng.integers(5, 50, count)
    is_resolved = resolved <= end
    stated = rng.integers(60, 140, count) * 200_000
    settled = np.round(stated * rng.uniform(0.35, 0.7, count) / 200_000) * 200_000
    return row_set(
        world,
        "bride_price_cases",
        **place_columns(world, rng.integers(0, len(world.people.places), count)),
        case_no=numbered(f"CL{world.people.county.code}{quarter.label}", np.arange(count) + 1, 3),
        found_on=found,
        stated_amount=stated,
        settled_amount=(settled.astype(np.int64), ~is_resolved),
        is_resolved=is_resolved,
        resolved_on=(resolved, ~is_resolved),
    )
