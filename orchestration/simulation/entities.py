"""Records of farm entities, industry parks and the counties' plans for industries."""

import numpy as np
import pyarrow as pa

from orchestration.simulation.apportion import days_between, end_of, quota, scale_of
from orchestration.simulation.population import MOUNTAIN_COUNTIES, numbered
from orchestration.simulation.world import CountyWorld, place_columns, row_set

_FIRST_OF_PLAN, _QUARTERS_OF_PLAN = 5, 8
"""Index of 2024Q1, the first quarter of the plan, and how many it has."""

_TITLES = {
    "beef_ranch": "肉牛家庭牧场",
    "sheep_ranch": "滩羊家庭牧场",
    "family_farm": "家庭农场",
    "cooperative": "农民专业合作社",
}
_WORDS = np.array(["兴牧", "丰裕", "塬上", "清水", "金穗", "众合", "绿源", "福盛", "北塬", "新塬"])


def farm_entities(world: CountyWorld, t: int) -> pa.Table:
    """Ranches, farms and cooperatives on the register, and the households they carry."""
    people = world.people
    kind, established = _register(world)
    total = len(kind)
    rng = world.stream("farm entity details")
    # A few stop, not before the second year; a few are registered a quarter late.
    stops = np.where(rng.random(total) < 0.06, rng.integers(400, 2_400, total), 99_999)
    is_late = rng.random(total) < world.assumptions.records.late_registration_share
    is_late &= established.astype("datetime64[M]").astype(int) % 12 < 9
    is_ranch = np.isin(kind, ("beef_ranch", "sheep_ranch"))
    few, many = rng.integers(1, 16, total), np.clip(rng.lognormal(3.0, 0.7, total), 3, 400)
    led = np.where(is_ranch, few, many).astype(np.int64)
    led += led * t // 100
    is_demonstration = np.zeros(total, dtype=bool)
    ordinal = quota(world, world.assumptions.programmes.demonstration_entities)
    chosen = np.flatnonzero(~is_ranch)[: len(ordinal)]
    ordinal = ordinal[: len(chosen)]
    is_large = ordinal % 5 < 3
    larger = np.where(
        is_large, 51 + rng.gamma(1.5, 40, len(chosen)), rng.integers(10, 45, len(chosen))
    ).astype(np.int64)
    led[chosen] = np.where(is_large, larger + larger * t // 100, larger)
    since = _FIRST_OF_PLAN + (ordinal * 7 % _QUARTERS_OF_PLAN)
    is_demonstration[chosen] = np.where(ordinal % 5 == 4, 0, since) <= t
    lifted = np.round(led * rng.uniform(0.2, 0.8, total)).astype(np.int64)
    title = np.select([kind == name for name in _TITLES], list(_TITLES.values()), "")
    word = np.char.add(people.county.name, _WORDS[rng.integers(0, len(_WORDS), total)])
    name = np.char.add(np.char.add(word, title), "（虚构）")
    village = rng.integers(0, len(people.places), total)
    has_name, states_lifted = rng.random(total) > 0.01, rng.random(total) > 0.03
    here = np.flatnonzero(established + np.where(is_late, 75, 0) <= end_of(t))
    return row_set(
        world,
        "farm_entities",
        township_name=place_columns(world, village[here])["township_name"],
        entity_no=numbered(f"JY{people.county.code}", np.arange(total) + 1, 5)[here],
        entity_name=(name[here], ~has_name[here]),
        entity_kind=kind[here],
        is_demonstration=is_demonstration[here],
        established_on=established[here],
        households_led=led[here],
        lifted_households_led=(lifted[here], ~states_lifted[here]),
        is_running=(established + stops > end_of(t))[here],
    )


def _register(world: CountyWorld) -> tuple[np.ndarray, np.ndarray]:
    """Return kind and day of establishment of every entity there will ever be.

    New ranches of the plan's kind are built in the lifted-out counties alone.
    """
    programmes = world.assumptions.programmes
    weights = world.assumptions.county_weights
    mountain = {code: weight for code, weight in weights.items() if code in MOUNTAIN_COUNTIES}
    rng = world.stream("farm entities")
    kinds, days = [], []
    for kind, regional in (
        ("family_farm", programmes.family_farms),
        ("cooperative", programmes.cooperatives),
    ):
        count = len(quota(world, regional))
        kinds.append(np.full(count, kind))
        days.append(days_between(rng, "2011-03-01", "2022-09-30", count))
    for kind, by_year in (
        ("beef_ranch", programmes.new_beef_ranches),
        ("sheep_ranch", programmes.new_sheep_ranches),
    ):
        for year, regional in by_year.items():
            count = len(quota(world, regional, mountain))
            kinds.append(np.full(count, kind))
            days.append(days_between(rng, f"{year}-02-20", f"{year}-12-10", count))
    return np.concatenate(kinds), np.concatenate(days)


def industry_parks(world: CountyWorld, t: int) -> pa.Table:
    """The county's parks: candidates, and one that is recognised in five counties."""
    people = world.people
    total = 2 if people.county.code in MOUNTAIN_COUNTIES else 1
    days = world.assumptions.programmes.parks_recognised_on
    ordinal = quota(world, len(days), is_scaled=False)[:1]
    recognised = np.full(total, np.datetime64("NaT"), dtype="datetime64[D]")
    recognised[: len(ordinal)] = np.array([days[i] for i in ordinal], dtype="datetime64[D]")
    is_recognised = recognised <= end_of(t)
    rng = world.stream("parks")
    scale = scale_of(world)
    entities = rng.integers(6, 40, total) + t
    households = np.round(rng.uniform(600, 2_600, total) * scale * (1 + 0.02 * t)) + 3
    kind = np.array(["肉牛", "滩羊", "枸杞", "冷凉蔬菜", "葡萄酒"])[rng.integers(0, 5, total)]
    name = np.char.add(np.char.add(people.county.name, kind), "产业园（虚构）")
    return row_set(
        world,
        "industry_parks",
        park_no=numbered(f"YQ{people.county.code}", np.arange(total) + 1, 2),
        park_name=name,
        recognised_on=(recognised, ~is_recognised),
        entities_in_park=(entities, rng.random(total) < 0.1),
        households_led=households,
        has_linkage_mechanism=is_recognised | (rng.random(total) < 0.5),
    )


_INDUSTRIES = {
    "cattle": "肉牛产业",
    "sheep": "滩羊产业",
    "goji": "枸杞产业",
    "vegetables": "冷凉蔬菜产业",
    "planting": "特色种植产业",
    "dairy": "奶产业",
    "grape": "葡萄酒产业",
    "services": "乡村服务业",
}


def county_plans(world: CountyWorld, t: int) -> pa.Table:
    """The plan documents in force, one for a kind of industry, from 2024Q2 on."""
    people, programmes = world.people, world.assumptions.programmes
    rng = world.stream("county plans")
    total = int(rng.integers(*programmes.plans_per_county))
    kind = rng.permutation(list(_INDUSTRIES))[:total]
    issued = np.sort(days_between(rng, "2024-04-20", "2025-11-20", total))
    issued[0] = days_between(rng, "2024-04-15", "2024-08-30", 1)[0]
    projects = quota(world, world.assumptions.assets.projects_at_full_scale)
    covered = np.round(len(projects) * rng.dirichlet(np.full(total, 6.0))).astype(np.int64)
    title = np.array([f"{people.county.name}{_INDUSTRIES[name]}帮扶方案" for name in kind])
    here = issued <= end_of(t)
    return row_set(
        world,
        "county_plans",
        document_no=numbered(f"FA{people.county.code}", np.arange(total) + 1, 2)[here],
        document_title=title[here],
        industry_kind=kind[here],
        issued_on=issued[here],
        projects_covered=(covered[here], (rng.random(total) < 0.1)[here]),
    )
