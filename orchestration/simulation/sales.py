"""Records of consumption assistance: canteens, unions, the platform, events and all channels."""

import numpy as np
import pyarrow as pa

from orchestration.simulation.apportion import end_of, quota, scale_of, year_to_date
from orchestration.simulation.population import numbered, quarter_at
from orchestration.simulation.world import CountyWorld, row_set

_HOLIDAYS = (0.45, 0.60, 0.80, 1.0)
_HARVEST = (0.24, 0.42, 0.66, 1.0)
"""Part of a year's gifts and sales by the end of each quarter."""


def _of_year(
    world: CountyWorld, name: str, t: int, median: float, count: int, spread: float
) -> np.ndarray:
    """Return yearly yuan: each unit has its size, every year its own noise and some growth."""
    year = quarter_at(t).start.year
    size = world.stream(name, "size").normal(0, spread, count)
    noise = world.stream(name, year).normal(0, 0.12, count)
    return np.asarray(median * np.exp(size + noise) * 1.08 ** (year - 2024))


def canteen_procurement(world: CountyWorld, t: int) -> pa.Table:
    """What budget units buy for their canteens and reserve for lifted-out areas."""
    programmes, code = world.assumptions.programmes, world.people.county.code
    even = dict.fromkeys(world.assumptions.county_weights, 1.0)
    unit = quota(world, programmes.canteens, even, is_scaled=False)
    total = len(unit)
    purchases = year_to_date(
        _of_year(world, "canteens", t, programmes.canteen_purchases, total, 0.6), t
    )
    rng = world.stream("canteen shares")
    share = rng.uniform(0.155, 0.19, total)
    share = np.where(rng.random(total) < programmes.canteen_low_units, 0.10 + share / 4, share)
    bought = rng.uniform(0.75, 1.05, total)
    kind = np.array(["教育局", "人民医院", "财政局", "机关事务服务中心", "公安局", "水务局"])
    name = np.char.add(world.people.county.name, kind[np.arange(total) % 6])
    return row_set(
        world,
        "canteen_procurement",
        unit_no=numbered(f"YS{code}", np.arange(total) + 1, 3),
        unit_name_of_buyer=(name, rng.random(total) < 0.02),
        canteen_purchases=purchases,
        reserved_purchases=np.ceil(purchases * share / 10_000) * 10_000,
        platform_purchases=np.floor(purchases * share * bought / 10_000) * 10_000,
    )


def union_purchases(world: CountyWorld, t: int) -> pa.Table:
    """Holiday gifts that unions buy, and what of it comes from paired villages."""
    programmes, code = world.assumptions.programmes, world.people.county.code
    total = max(1, len(quota(world, programmes.unions)))
    gifts = year_to_date(
        _of_year(world, "unions", t, programmes.union_gifts, total, 0.7), t, _HOLIDAYS
    )
    rng = world.stream("union shares")
    paired = np.round(gifts * rng.beta(4, 3, total) / 10_000) * 10_000
    families = np.ceil(paired / 100 / rng.uniform(1_500, 4_000, total)).astype(np.int64)
    return row_set(
        world,
        "union_purchases",
        unit_no=numbered(f"GH{code}", np.arange(total) + 1, 4),
        welfare_purchases=gifts,
        paired_village_purchases=np.minimum(paired, gifts),
        families_reached=(families, rng.random(total) < 0.05),
    )


def platform_sales(world: CountyWorld, t: int) -> pa.Table:
    """Sales of suppliers on the 832 platform and of the supply and marketing cooperatives."""
    programmes, code = world.assumptions.programmes, world.people.county.code
    total = max(2, len(quota(world, programmes.platform_suppliers)))
    sales = year_to_date(
        _of_year(world, "suppliers", t, programmes.platform_sales, total, 0.9), t, _HARVEST
    )
    rng = world.stream("supplier kinds")
    is_platform = rng.random(total) < 0.65
    is_platform[0] = True
    kind = rng.choice(["production", "supply", "credit", "none"], total, p=[0.3, 0.35, 0.1, 0.25])
    return row_set(
        world,
        "platform_sales",
        supplier_no=numbered(f"GY{code}", np.arange(total) + 1, 4),
        sales_channel=np.where(is_platform, "platform_832", "cooperative"),
        sales_amount=sales,
        cooperation_kind=(kind, rng.random(total) < 0.04),
        is_village_cooperative=(rng.random(total) < 0.35, rng.random(total) < 0.04),
    )


def consumption_assistance(world: CountyWorld, t: int) -> pa.Table:
    """Sales of the county's products by channel; platform, cooperatives and unions as they say."""
    programmes, people = world.assumptions.programmes, world.people
    suppliers = world.rows("platform_sales", t)
    is_platform = suppliers["sales_channel"].to_numpy(zero_copy_only=False) == "platform_832"
    sold = suppliers["sales_amount"].to_numpy()
    by_union = world.rows("union_purchases", t)["paired_village_purchases"].to_numpy().sum()
    others = list(programmes.other_channels)
    weights = world.assumptions.county_weights
    part = scale_of(world) * weights[people.county.code] / sum(weights.values())
    yearly = _of_year(world, "channels", t, 1.0, len(others), 0.3)
    yearly = yearly * np.array([programmes.other_channels[name] for name in others]) * part
    amount = np.r_[
        sold[is_platform].sum(),
        sold[~is_platform].sum(),
        by_union,
        year_to_date(yearly, t, _HARVEST),
    ]
    rng = world.stream("channel households")
    households = np.ceil(amount / 100 / rng.uniform(2_500, 6_000, len(amount)))
    households = np.minimum(households, people.households).astype(np.int64)
    return row_set(
        world,
        "consumption_assistance",
        sales_channel=np.array(["platform_832", "cooperative", "union", *others]),
        sales_amount=amount,
        lifted_households=(households, world.stream("channels", t).random(len(amount)) < 0.04),
    )


_CITIES = np.array(["北京市", "上海市", "福州市", "厦门市", "广州市", "西安市", "成都市", "南京市"])
_SERIES = {
    "boutique_tour": "宁夏精品中国行",
    "fujian_west": "宁品出塞、闽品西行",
    "central_units": "中央单位推介展销",
    "other": "特色产品推介会",
}


def promotion_events(world: CountyWorld, t: int) -> pa.Table:
    """At most one promotion event of the county's products in the quarter."""
    programmes, quarter = world.assumptions.programmes, quarter_at(t)
    rng = world.stream("promotion", t)
    per_county = programmes.promotion_events_per_quarter / len(world.assumptions.county_weights)
    season = (0.6, 0.9, 1.4, 1.1)[quarter.number - 1]
    count = int(rng.random() < per_county * season)
    series = rng.choice(list(_SERIES), count, p=[0.4, 0.25, 0.15, 0.2])
    place = _CITIES[rng.integers(0, len(_CITIES), count)]
    days = (end_of(t) - np.datetime64(quarter.start)).astype(int)
    title = np.array([_SERIES[name] for name in series], dtype=str)
    contracts = np.round(rng.lognormal(16.2, 0.8, count) / 10_000) * 1_000_000
    return row_set(
        world,
        "promotion_events",
        event_no=numbered(f"HD{world.people.county.code}{quarter.label}", np.arange(count) + 1, 2),
        event_name=np.char.add(np.char.add(title, place), f"{world.people.county.name}专场"),
        event_series=series,
        held_on=np.datetime64(quarter.start) + rng.integers(0, days + 1, count),
        place=(place, rng.random(count) < 0.05),
        contracts_amount=(contracts, rng.random(count) < 0.1),
        sales_amount=np.round(rng.lognormal(12.6, 0.7, count) / 100) * 10_000,
    )
