"""Records of project assets, photovoltaic stations and the posts that stations pay for."""

import numpy as np
import pyarrow as pa

from orchestration.simulation.apportion import days_between, end_of, quota, year_to_date
from orchestration.simulation.population import numbered, quarter_at
from orchestration.simulation.world import CountyWorld, payee_columns, place_columns, row_set

_SUNSHINE = (0.24, 0.53, 0.80, 1.0)
"""Part of a year's generation by the end of each quarter."""

_RETIRED_SHARE = 0.03


def project_assets(world: CountyWorld, t: int) -> pa.Table:
    """Assets of assistance projects, and which idle ones were put to use again by now."""
    people, programmes = world.people, world.assumptions.programmes
    rng = world.stream("project assets")
    villages, end = len(people.places), end_of(t)
    village = np.repeat(
        np.arange(villages), 1 + rng.poisson(programmes.assets_per_village - 1, villages)
    )
    total = len(village)
    kind = rng.choice(["operating", "public", "household"], total, p=[0.5, 0.38, 0.12])
    is_operating = kind == "operating"
    value = np.round(np.clip(rng.lognormal(12.9, 0.9, total), 8_000, 3e7) / 100) * 10_000
    roll = rng.random(total)
    idle_since = days_between(rng, "2019-03-01", "2026-03-31", total)
    is_troubled = (roll < programmes.troubled_asset_share * 2) & is_operating & (idle_since <= end)
    trouble = np.where(rng.random(total) < 0.45, "idle", "inefficient")
    revived_on = np.maximum(idle_since, np.datetime64("2022-06-01")) + rng.integers(
        120, 1_300, total
    )
    is_revived = is_troubled & (revived_on <= end)
    retired_on = days_between(rng, "2021-01-01", "2028-12-31", total)
    is_retired = (roll > 1 - _RETIRED_SHARE) & (retired_on <= end)
    state = np.select(
        [is_retired, is_revived, is_troubled], ["retired", "revived", trouble], "normal"
    )
    # What the village's assets bring is a part of what its collective earns.
    year = quarter_at(t).start.year - 2022
    weight = value * is_operating
    share = (
        weight / np.maximum(np.bincount(village, weights=weight, minlength=villages), 1)[village]
    )
    part = rng.uniform(0.2, 0.5, villages)[village]
    yearly = world.economy.benefits.village_income[village, year] / 100 * part * share
    yearly = yearly * np.select([state == "inefficient", state == "revived"], [0.3, 0.8], 1.0)
    yearly = np.where(np.isin(state, ("idle", "retired")), 0, yearly)
    is_owned = np.where(is_operating, rng.random(total) < 0.85, kind == "public")
    planned_on = days_between(rng, "2022-01-01", "2027-12-31", total)
    has_plan = (rng.random(total) < 0.6) | (planned_on <= end)
    way = numbered("way_", rng.integers(1, 9, total), 1)
    what = np.array(["肉牛养殖场", "设施温棚", "冷库", "加工车间", "仓储库房", "饲草基地"])
    public = np.array(
        ["村内道路", "安全饮水工程", "文化广场", "灌溉渠系", "太阳能路灯", "污水管网"]
    )
    pick = rng.integers(0, 6, total)
    name = np.select([is_operating, kind == "public"], [what[pick], public[pick]], "到户圈棚")
    has_name, states_income = rng.random(total) > 0.01, rng.random(total) > 0.02
    return row_set(
        world,
        "project_assets",
        **place_columns(world, village),
        asset_no=numbered(f"ZC{people.county.code}", np.arange(total) + 1, 5),
        asset_name=(name, ~has_name),
        asset_kind=kind,
        original_value=value,
        asset_state=state,
        revival_way=(way, state != "revived"),
        idle_since=(idle_since, ~is_troubled | is_retired),
        revived_on=(revived_on, state != "revived"),
        income_in_year=(year_to_date(yearly, t), ~(is_operating & states_income)),
        is_village_owned=is_owned,
        has_distribution_plan=(has_plan, ~(is_operating & is_owned)),
    )


def photovoltaic_stations(world: CountyWorld, t: int) -> pa.Table:
    """Stations of the villages whose households get photovoltaic income, and what they earn."""
    people, programmes = world.people, world.assumptions.programmes
    benefits = world.economy.benefits
    villages = len(people.places)
    half_year = np.bincount(people.village, weights=benefits.photovoltaic, minlength=villages)
    village = _station_villages(world)
    posts = np.zeros(villages, dtype=np.int64)
    pay = np.zeros(villages)
    holder, _ = _post_holders(world, t)
    np.add.at(posts, people.village[people.household[holder]], 1)
    np.add.at(pay, people.village[people.household[holder]], benefits.post[holder] * 12)
    rng = world.stream("stations")
    margin = rng.uniform(*programmes.photovoltaic_income_margin, villages)
    usual = 2 * half_year * margin / 100
    weather = world.stream("sunshine", quarter_at(t).start.year).normal(1, 0.02, villages)
    income = (usual * np.clip(weather, 0.97, 1.05) + pay / 100)[village]
    kwh = income / programmes.photovoltaic_yuan_per_kwh
    capacity = usual[village] / programmes.photovoltaic_yuan_per_kwh / programmes.photovoltaic_hours
    distributed = half_year[village] * (quarter_at(t).number // 2)
    return row_set(
        world,
        "photovoltaic_stations",
        **place_columns(world, village),
        station_no=_station_numbers(world, village),
        capacity_kw=np.round(np.maximum(capacity, 10) * 10) * 10,
        generation_kwh=year_to_date(kwh, t, _SUNSHINE),
        income=year_to_date(income, t, _SUNSHINE),
        distributed=distributed,
        posts=posts[village],
        is_operating=np.ones(len(village), dtype=bool),
    )


def photovoltaic_posts(world: CountyWorld, t: int) -> pa.Table:
    """Holders of public posts whom a station pays."""
    people, benefits = world.people, world.economy.benefits
    person, hired = _post_holders(world, t)
    village = people.village[people.household[person]]
    # Without a township a village's name is not always unique: the file gives codes.
    codes = np.array([place.code for place in people.places])
    return row_set(
        world,
        "photovoltaic_posts",
        village_code=codes[village],
        station_no=_station_numbers(world, village),
        **payee_columns(world, person),
        post_no=numbered(f"GF{people.county.code}", person, 6),
        hired_on=hired,
        monthly_pay=benefits.post[person],
    )


def _station_villages(world: CountyWorld) -> np.ndarray:
    people = world.people
    has_income = world.economy.benefits.photovoltaic > 0
    return np.unique(people.village[has_income])


def _station_numbers(world: CountyWorld, village: np.ndarray) -> np.ndarray:
    return numbered(f"DZ{world.people.county.code}", village + 1, 4)


def _post_holders(world: CountyWorld, t: int) -> tuple[np.ndarray, np.ndarray]:
    """Return the persons with a post of a station and the days on which they took it up.

    More posts are given over the years, about as many as holders leave.
    """
    people, benefits = world.people, world.economy.benefits
    fits = (benefits.post > 0) & np.isin(people.village[people.household], _station_villages(world))
    target = len(quota(world, world.assumptions.programmes.photovoltaic_posts))
    share = max(target, 1) / max(1, (fits & people.present(0)).sum())
    rng = world.stream("station posts")
    turn = np.ceil(np.maximum(rng.random(len(fits)) / share - 1, 0) * 100).astype(np.int64)
    days = rng.integers(0, 90, len(fits))
    starts = np.array([np.datetime64(quarter_at(q).start) for q in range(people.quarters)])
    later = starts[np.minimum(turn, people.quarters - 1)] + days
    hired = np.where(turn == 0, np.datetime64("2021-01-10") + 7 * days, later)
    person = np.flatnonzero(fits & (turn <= t) & people.present(t))
    return person, hired[person]
