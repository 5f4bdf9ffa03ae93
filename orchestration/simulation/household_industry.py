"""Land, herds, leading industries and courtyards of households."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from orchestration.simulation.population import quarter_at
from orchestration.simulation.rosters import listed_households
from orchestration.simulation.world import CountyWorld, place_columns, row_set

_ACCEPTED_IN = (0.08, 0.34, 0.36, 0.22)
_FIRST_YEAR, _YEARS = 2022, 6


@dataclass(frozen=True)
class Holding:
    """What households hold in a quarter; land in mu, herds in animals."""

    planted: np.ndarray
    herds: dict[str, np.ndarray]
    incomes: dict[str, np.ndarray]
    """Gross income of the income year by kind of business, fen."""


def holding_of(world: CountyWorld, t: int) -> Holding:
    """Return land and herds that explain what the households earn in the income year."""
    people, holdings = world.people, world.assumptions.holdings
    year = slice(t - t % 4, t - t % 4 + 4)
    incomes = {
        name: world.economy.flows[f"business_{name}"][:, year].sum(axis=1)
        for name in ("planting", "breeding", "other")
    }
    rng = world.stream("holdings")
    count = people.households
    share = rng.uniform(*holdings.planted_share, count)
    needed = incomes["planting"] / (holdings.most_yuan_per_mu * 100)
    planted = np.minimum(np.maximum(people.land * share, needed), people.land)
    names = list(holdings.herd_shares)
    kind = rng.choice(names, count, p=list(holdings.herd_shares.values()))
    breeding = incomes["breeding"]
    kind = np.where(breeding < holdings.least_herd_yuan * 100, "poultry", kind)
    herds = {}
    for name in names:
        per_head = rng.uniform(*holdings.yuan_per_head[name], count) * 100
        head = np.ceil(breeding / per_head).astype(np.int64)
        herds[name] = np.where(kind == name, head, 0)
    return Holding(np.round(planted, 2), herds, incomes)


def is_able_to_develop(world: CountyWorld, t: int) -> np.ndarray:
    """Return which households have a member who can run an industry."""
    people = world.people
    is_able = np.isin(people.labour_ability(t), ("ordinary", "skilled", "weak"))
    is_able &= people.present(t) & (people.age(t) < 75)
    return np.bincount(people.household[is_able], minlength=people.households) > 0


def leading_industry(world: CountyWorld, t: int) -> np.ndarray:
    """Return the code of every household's leading industry, an empty text for none."""
    holding = holding_of(world, t)
    count = world.people.households
    rng = world.stream("industries")
    crop = rng.choice(
        ["planting", "vegetables", "goji", "grape", "other"], count, p=[0.6, 0.22, 0.11, 0.02, 0.05]
    )
    stock = np.select(
        [holding.herds[name] > 0 for name in ("cattle", "sheep")], ["cattle", "sheep"], "other"
    )
    income = np.stack(list(holding.incomes.values()))
    largest = income.argmax(axis=0)
    industry = np.where(largest == 0, crop, np.where(largest == 1, stock, "services"))
    is_stable = income.max(axis=0) >= world.assumptions.holdings.least_industry_yuan * 100
    return np.where(is_stable & is_able_to_develop(world, t), industry, "")


def household_assets(world: CountyWorld, t: int) -> pa.Table:
    """What each household on the roster plants and keeps, and its leading industry."""
    people = world.people
    listed = listed_households(world, t)
    holding = holding_of(world, t)
    industry = leading_industry(world, t)[listed]
    planted = holding.planted[listed]
    trait = world.stream("greenhouses")
    size, has_one = trait.uniform(0.1, 0.4, people.households), trait.random(people.households)
    is_grower = (industry == "vegetables") & (has_one[listed] < 0.5)
    greenhouse = np.where(is_grower, np.round(planted * size[listed], 2), 0)
    rng = world.stream("assets", t)
    herds = {name: head[listed] for name, head in holding.herds.items()}
    is_blank = (herds["poultry"] == 0) & (rng.random(len(listed)) < 0.05)
    return row_set(
        world,
        "household_assets",
        **place_columns(world, people.village[listed]),
        household_key=people.household_no[listed],
        planted_land_mu=np.round(planted * 100),
        beef_cattle=herds["cattle"],
        sheep=herds["sheep"],
        pigs=herds["pigs"],
        poultry=(herds["poultry"], is_blank),
        greenhouse_mu=(np.round(greenhouse * 100), ~is_grower & (rng.random(len(listed)) < 0.3)),
        is_able_to_develop=is_able_to_develop(world, t)[listed],
        leading_industry=(industry, industry == ""),
    )


def courtyard_economy(world: CountyWorld, t: int) -> pa.Table:
    """Courtyards supported in the quarter: new ones once, upgrades of existing ones later."""
    people, quarter = world.people, quarter_at(t)
    holdings = world.assumptions.holdings
    count = people.households
    rng = world.stream("courtyards")
    share = {"new": holdings.new_courtyard_share, "upgraded": holdings.upgraded_courtyard_share}
    year = {
        kind: _FIRST_YEAR + (rng.random(count) / part).astype(int) for kind, part in share.items()
    }
    # A courtyard is upgraded after it was supported; where none was, there had been one before.
    first, later = (pick(year["new"], year["upgraded"]) for pick in (np.minimum, np.maximum))
    is_both = later < _FIRST_YEAR + _YEARS
    year["new"] = np.where(is_both, first, year["new"])
    year["upgraded"] = np.where(is_both, later + (later == first), year["upgraded"])
    alive = people.size(t) > 0
    parts = []
    for kind in share:
        turn = rng.choice(4, count, p=_ACCEPTED_IN) + 1
        now = alive & (year[kind] == quarter.start.year) & (turn == quarter.number)
        parts.append(np.flatnonzero(now))
    household = np.concatenate(parts)
    kinds = np.repeat(list(share), [len(part) for part in parts])
    business = rng.choice(
        ["planting", "breeding", "processing", "tourism", "other"],
        count,
        p=[0.42, 0.38, 0.09, 0.06, 0.05],
    )
    area = np.round(rng.uniform(60, 700, count))
    draw = world.stream("courtyards", t)
    rows = len(household)
    is_accepted = draw.random(rows) < holdings.accepted_share
    amount = draw.choice([50_000, 80_000, 100_000, 150_000, 200_000], rows)
    return row_set(
        world,
        "courtyard_economy",
        **place_columns(world, people.village[household]),
        household_key=people.household_no[household],
        support_kind=kinds,
        courtyard_business=business[household],
        area_m2=(area[household] * 100, draw.random(rows) < 0.04),
        support_amount=np.where(is_accepted, amount, 0),
        supported_on=np.datetime64(quarter.start) + draw.integers(8, 88, rows),
        is_accepted=is_accepted,
    )
