"""Records of land that households let, idle land and what it is used for."""

import numpy as np
import pyarrow as pa

from orchestration.simulation.apportion import days_between, end_of
from orchestration.simulation.population import numbered, quarter_at, quarters_so_far
from orchestration.simulation.world import CountyWorld, place_columns, row_set


def land_transfers(world: CountyWorld, t: int) -> pa.Table:
    """Contracts of households that let land, with this year's rent due and paid.

    The rent paid is the household's income from rent. Most leases fall due after the harvest and
    are paid then; some are due earlier and paid late, some are paid short.
    """
    people, programmes = world.people, world.assumptions.programmes
    quarter = quarter_at(t)
    year, number = quarter.start.year, quarter.number
    rent = world.economy.flows["property_land_rent"]
    paying = rent > 0
    is_let = paying[:, max(0, t - 3) : t + 4].any(axis=1)
    rng = world.stream("leases")
    households = people.households
    # The first rent says when the contract was signed.
    first = paying.argmax(axis=1)
    starts = np.array([np.datetime64(quarter_at(q).start) for q in range(people.quarters)])
    before = np.where(
        first == 0, rng.integers(60, 1_500, households), rng.integers(5, 85, households)
    )
    signed = starts[first] - before
    per_mu = np.round(rng.uniform(*programmes.rent_per_mu, households)) * 100
    standard = world.planting.rent_standard[people.village]
    per_mu = np.where(standard > 0, standard, per_mu)
    yearly = rent.sum(axis=1) / np.maximum(paying.sum(axis=1), 1)
    # A running lease is paid once a year, others by the quarter.
    is_yearly = np.asarray(~(paying & (np.arange(people.quarters) % 4 > 0)).any(axis=1))
    yearly = np.where(is_yearly, yearly, yearly * 4)
    area = np.clip(np.round(yearly / per_mu, 1), 0.3, np.maximum(people.land, 0.3))
    so_far = list(quarters_so_far(t))
    paid = rent[:, so_far].sum(axis=1)
    is_late = is_yearly & (rng.random(households) < programmes.late_rent_share)
    is_short = rng.random(households) < programmes.short_rent_share
    short = np.where(is_short, rng.uniform(1.1, 1.6, households), 1.0)
    after_harvest = min(t + 4 - number, people.quarters - 1)
    expected = np.where(is_late & (number == 3), rent[:, after_harvest], 0)
    due = np.round((paid + expected) * short / 100).astype(np.int64) * 100
    due_on = np.where(
        is_late, np.datetime64(f"{year}-09-20"), np.datetime64(f"{year}-11-30")
    ) - rng.integers(0, 15, households)
    last_paid = np.full(households, np.datetime64("NaT"), dtype="datetime64[D]")
    for q in so_far:
        day = starts[q] + world.stream("rent days", q).integers(5, 45, households)
        last_paid = np.where(paying[:, q], day, last_paid)
    lessee = np.array(["农业发展", "牧业", "草畜", "种植专业合作社", "家庭农场"])
    lessee = np.char.add(people.county.name, lessee[rng.integers(0, 5, households)])
    has_lessee = rng.random(households) > 0.03
    years = rng.choice([3, 5, 10, 15], households, p=[0.2, 0.4, 0.3, 0.1])
    ends = np.maximum(signed, np.datetime64("2022-06-30")) + years * 365 + 1_900
    has_end = rng.random(households) > 0.08
    here = np.flatnonzero(is_let & (signed <= end_of(t)))
    return row_set(
        world,
        "land_transfers",
        **place_columns(world, people.village[here]),
        contract_no=np.char.add("LZ", people.household_no[here]),
        household_key=people.household_no[here],
        area_mu=np.round(area[here] * 100),
        lessee_name=(np.char.add(lessee, "（虚构）")[here], ~has_lessee[here]),
        signed_on=signed[here],
        ends_on=(ends[here], ~has_end[here]),
        rent_due_on=(due_on[here], ~is_yearly[here]),
        rent_due=due[here],
        rent_paid=paid[here],
        last_paid_on=(last_paid[here], np.isnat(last_paid[here])),
    )


_AREAS = {  # mu, from and to
    "farmland": (3, 60),
    "forest": (20, 220),
    "grassland": (30, 320),
    "wasteland": (10, 150),
    "homestead": (0.3, 0.8),
    "house": (0.2, 0.5),
}
_YUAN_PER_MU = {
    "farmland": 260,
    "forest": 40,
    "grassland": 12,
    "wasteland": 60,
    "homestead": 4_000,
    "house": 14_000,
}


def idle_land(world: CountyWorld, t: int) -> pa.Table:
    """Parcels and houses that were idle, and which of them are used again."""
    rng = world.stream("idle land")
    villages = len(world.people.places)
    village = np.repeat(
        np.arange(villages), rng.poisson(world.assumptions.programmes.parcels_per_village, villages)
    )
    total = len(village)
    kind = rng.choice(list(_AREAS), total, p=[0.3, 0.1, 0.1, 0.2, 0.2, 0.1])
    bounds = np.array([_AREAS[name] for name in kind]).reshape(-1, 2)
    area = np.round(rng.uniform(bounds[:, 0], bounds[:, 1]), 2)
    # Three quarters are used by the end of 2026.
    since = days_between(rng, "2021-03-01", "2026-12-31", total)
    is_used = (rng.random(total) < 0.75) & (since <= end_of(t))
    price = np.array([_YUAN_PER_MU[name] for name in kind]) * rng.uniform(0.7, 1.4, total)
    states_income = rng.random(total) > 0.1
    return row_set(
        world,
        "idle_land",
        **place_columns(world, village),
        parcel_no=numbered(f"PH{world.people.county.code}", np.arange(total) + 1, 5),
        resource_kind=kind,
        area_mu=np.round(area * 100),
        is_in_use=is_used,
        used_since=(since, ~is_used),
        yearly_income=(np.round(area * price / 10) * 1_000, ~(is_used & states_income)),
    )
