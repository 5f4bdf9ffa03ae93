"""What the households of one county really earn, quarter by quarter.

Incomes are drawn from the top: a household's net income per person follows a compressed log-normal
with a persistent household effect; what rules fix (pensions, dibao, posts, dividends …) is taken
out, and the rest is split over wages, casual work, business, rent and remittances by shares of the
household's own. All amounts are whole fen (int64), ``[household, quarter]``; the income of a
payment that came late belongs to the quarter in which it was paid.
"""

from dataclasses import dataclass, field

import numpy as np

from orchestration.simulation.assumptions import Assumptions
from orchestration.simulation.benefits import (
    TRANSFER,
    Benefits,
    entitle,
    rule_flows,
    rule_income_of_year,
)
from orchestration.simulation.plants import (
    CONTRACT_GROWTH,
    POVERTY_LINE,
    TOP_UP_FROM,
    Planting,
)
from orchestration.simulation.population import Population
from orchestration.simulation.randomness import stream

WAGE = ("wage_migrant", "wage_local", "wage_public_post", "wage_casual")
BUSINESS = ("business_planting", "business_breeding", "business_other")
PROPERTY = ("property_dividend", "property_land_rent", "property_other")
SUB_ITEMS = (*WAGE, *BUSINESS, *PROPERTY, *TRANSFER)
HARVEST = ("business_planting", "business_breeding", "production_cost")
FLOWS = (*SUB_ITEMS, "production_cost", "cost_subsidy")

WORKPLACES = np.array(["outside_province", "outside_county", "in_county"])

# Share of a year's amount that falls into Q4, Q1, Q2, Q3 (the income year's order).
_PROFILES = {
    "wage_casual": (0.22, 0.08, 0.34, 0.36),
    "business_planting": (0.46, 0.04, 0.09, 0.41),
    "business_breeding": (0.31, 0.25, 0.16, 0.28),
    "business_other": (0.25, 0.25, 0.24, 0.26),
    "production_cost": (0.15, 0.17, 0.43, 0.25),
    "property_land_rent": (0.62, 0.18, 0.10, 0.10),
    "property_other": (0.25, 0.25, 0.25, 0.25),
    "transfer_other": (0.20, 0.40, 0.18, 0.22),
}
# Months that employees work in Q4, Q1, Q2, Q3.
_MONTHS = np.array(
    [[3, 3, 3, 3], [3, 2, 3, 3], [1.5, 1, 3, 3], [2, 0.5, 2.5, 3], [1, 0, 2, 3], [3, 1.5, 1, 2.5]]
)


@dataclass
class Employment:
    """Work of persons: ``months`` [person, quarter] in tenths, ``monthly_wage`` in fen."""

    workplace: np.ndarray
    channel: np.ndarray
    workshop: np.ndarray
    is_fujian: np.ndarray
    months: np.ndarray
    monthly_wage: np.ndarray

    @property
    def wages(self) -> np.ndarray:
        """Wages earned, [person, quarter]."""
        return self.months * self.monthly_wage // 10


@dataclass
class Economy:
    """The truth about a county's incomes."""

    benefits: Benefits
    employment: Employment
    is_hit: np.ndarray
    """[household, income year] whether illness or drought cut the year's income."""
    flows: dict[str, np.ndarray] = field(default_factory=dict)

    def year_to_date(self, name: str, t: int) -> np.ndarray:
        """Return an item's sum since the first day of the income year of quarter ``t``."""
        return self.flows[name][:, t - t % 4 : t + 1].sum(axis=1)

    def net_year_to_date(self, t: int) -> np.ndarray:
        """Return the households' true net income of the income year so far."""
        gross = sum(self.year_to_date(name, t) for name in SUB_ITEMS)
        cost = self.year_to_date("production_cost", t) - self.year_to_date("cost_subsidy", t)
        return np.asarray(gross - cost)


def earn(people: Population, assumptions: Assumptions, planting: Planting, *, seed: int) -> Economy:
    """Let the county's households earn through all quarters."""
    rng = stream(seed, people.county.code, "economy")
    benefits = entitle(people, assumptions, planting, rng)
    flows = rule_flows(people, benefits)
    for name in FLOWS:
        flows.setdefault(name, np.zeros((people.households, people.quarters), dtype=np.int64))
    employment = _employment(people, assumptions, rng)
    years = -(-people.quarters // 4)
    per_person, is_hit = _per_person(people, assumptions, planting, years, seed)
    traits = _traits(people, assumptions, planting, seed)
    for y in range(years):
        draw = stream(seed, people.county.code, "year", y)
        income = per_person[:, y] * people.counted_size(4 * y) * 100
        by_rule = rule_income_of_year(people, benefits, y)
        months = _months(people, assumptions, employment, traits.pattern, y, draw)
        workers = np.bincount(
            people.household, weights=months.sum(axis=1) > 0, minlength=people.households
        )
        noise = draw.normal(0, assumptions.income.share_noise, traits.inclination.shape)
        part = _split(
            np.maximum(income - by_rule, 0.22 * income),
            workers,
            np.exp(traits.inclination + noise),
            assumptions,
        )
        wage = part["wage"] * planting.wage_factor[people.village, y]
        _pay_workers(people, employment, planting, wage, months, traits.skill, y, draw)
        yearly = _enterprise(people, assumptions, traits, part["business"], draw) | {
            "wage_casual": part["casual"],
            "property_land_rent": part["land_rent"],
            "property_other": part["other_property"],
            "transfer_other": part["other_transfer"],
        }
        _share_harvest(people, planting, yearly, y)
        for name, amount in yearly.items():
            values = _over_the_year(name, amount, draw)
            if name == "property_land_rent":
                values = _leased(traits, amount, values, is_first=y == 0)
                values = _at_standard(people, planting, values)
            window = flows[name][:, 4 * y : 4 * y + 4]
            if name in HARVEST:
                values = _of_coops(people, planting, values)
            if name == "business_planting" and y:
                by_contract = planting.contract_year[people.village] == y
                before = flows[name][by_contract, 4 * y - 4 : 4 * y]
                values[by_contract] = np.round(before * (1 + CONTRACT_GROWTH) / 100) * 100
            window += values[:, : window.shape[1]]
        _subsidise_cost(flows, yearly["production_cost"], y, draw)
    is_local = employment.workplace == "in_county"
    flows["wage_local"] = _by_household(people, employment.wages * is_local[:, None])
    flows["wage_migrant"] = _by_household(people, employment.wages * ~is_local[:, None])
    economy = Economy(benefits, employment, is_hit, flows)
    _top_up(people, planting, economy)
    return economy


@dataclass
class _Traits:
    """What is a household's or person's own and lasts over the years."""

    inclination: np.ndarray  # [household, 8] log weights of the kinds of income
    cost_ratio: np.ndarray
    planted: np.ndarray  # share of the land that is planted
    breeding: np.ndarray  # share of livestock in what is no crop
    has_lease: np.ndarray
    rent: np.ndarray  # fen per year of a running lease
    skill: np.ndarray  # [person] weight in the household's wages
    pattern: np.ndarray  # [person] which of the seasonal patterns


def _traits(people: Population, assumptions: Assumptions, planting: Planting, seed: int) -> _Traits:
    rng = stream(seed, people.county.code, "shares")
    households, persons = people.households, len(people.household)
    return _Traits(
        inclination=rng.normal(0, assumptions.income.share_sigma, (households, 8))
        * planting.spread[people.village][:, None],
        cost_ratio=rng.uniform(*assumptions.income.cost_ratio, households),
        planted=rng.uniform(0.55, 1.0, households),
        breeding=rng.beta(1.4, 1.2, households),
        has_lease=rng.random(households) < 0.7,
        rent=np.zeros(households, dtype=np.int64),
        skill=rng.lognormal(0, 0.22, persons),
        pattern=rng.integers(0, len(_MONTHS), persons),
    )


def _enterprise(
    people: Population,
    assumptions: Assumptions,
    traits: _Traits,
    net: np.ndarray,
    draw: np.random.Generator,
) -> dict[str, np.ndarray]:
    """Turn a year's net business income into gross income of three kinds and its cost."""
    count = people.households
    ratio = np.clip(traits.cost_ratio * np.exp(draw.normal(0, 0.08, count)), 0.1, 0.6)
    gross = net / (1 - ratio)
    per_mu = draw.uniform(*assumptions.income.planting_yuan_per_mu) * 100
    yields = np.exp(draw.normal(0, 0.15, count))
    crop = np.minimum(gross, people.land * traits.planted * per_mu * yields)
    share = np.clip(traits.breeding + draw.normal(0, 0.06, count), 0, 1)
    livestock = (gross - crop) * share
    return {
        "business_planting": crop,
        "business_breeding": livestock,
        "business_other": gross - crop - livestock,
        "production_cost": gross * ratio,
    }


def _over_the_year(name: str, amount: np.ndarray, draw: np.random.Generator) -> np.ndarray:
    """Spread a year's amounts over its quarters by season, in whole yuan.

    Households settle accounts in whole yuan; fen occur in bank payments alone.
    """
    spread = draw.gamma(40 * np.array(_PROFILES[name]), 1.0, (len(amount), 4))
    spread /= spread.sum(axis=1, keepdims=True)
    return np.round(amount[:, None] * spread / 100).astype(np.int64) * 100


def _leased(
    traits: _Traits, amount: np.ndarray, values: np.ndarray, *, is_first: bool
) -> np.ndarray:
    """Pay a running lease once after the harvest; it keeps its amount over the years."""
    whole = np.round(amount / 1000).astype(np.int64) * 1000
    if is_first:
        traits.rent = whole
    else:
        traits.rent = np.where(traits.has_lease & (traits.rent > 0), traits.rent, whole)
    once = traits.rent[:, None] * np.array([1, 0, 0, 0])
    return np.where(traits.has_lease[:, None], once, values)


def _share_harvest(
    people: Population, planting: Planting, yearly: dict[str, np.ndarray], y: int
) -> None:
    """Let a drought take its part of the year's harvest; the cost was spent before it came."""
    left = planting.harvest_factor[people.village, y]
    yearly["business_planting"] = yearly["business_planting"] * left
    yearly["business_breeding"] = yearly["business_breeding"] * (0.5 + 0.5 * left)


def coop_of(people: Population, planting: Planting) -> np.ndarray:
    """Return each household's cooperative, -1 for none: eight neighbours who share a harvest."""
    start = np.searchsorted(people.village, people.village)
    within = np.arange(people.households) - start
    is_member = planting.has_coop[people.village] & (within % 16 < 8)
    return np.where(is_member, people.village * 1_000 + within // 16, -1)


def _of_coops(people: Population, planting: Planting, values: np.ndarray) -> np.ndarray:
    """Give the members of a cooperative equal parts of what they earn together, in whole yuan."""
    coop = coop_of(people, planting)
    for number in np.unique(coop[coop >= 0]):
        members = np.flatnonzero(coop == number)
        values[members] = np.round(values[members].mean(axis=0) / 100).astype(np.int64) * 100
    return values


def _at_standard(people: Population, planting: Planting, values: np.ndarray) -> np.ndarray:
    """Let everybody in some villages let a part of the land, once a year at one price per mu."""
    standard = planting.rent_standard[people.village]
    rent = np.round(people.land * 0.4).astype(np.int64) * standard
    once = rent[:, None] * np.array([1, 0, 0, 0])
    return np.where(standard[:, None] > 0, once, values)


def _top_up(people: Population, planting: Planting, economy: Economy) -> None:
    """Pay households up to the line at the end of the income year where that is the policy."""
    starts = planting.top_ups_from[people.village]
    paid = economy.benefits.top_up
    for t in range(3, people.quarters, 4):
        size = people.counted_size(t)
        per_person = economy.net_year_to_date(t) / size
        gets = (starts >= 0) & (starts <= t)
        gets &= (per_person >= TOP_UP_FROM) & (per_person < POVERTY_LINE)
        missing = np.ceil((POVERTY_LINE - per_person) * size / 10_000).astype(np.int64) * 10_000
        paid[:, t] = np.where(gets, missing, 0)
        economy.flows["transfer_other"][:, t] += paid[:, t]


def _subsidise_cost(
    flows: dict[str, np.ndarray], cost: np.ndarray, y: int, draw: np.random.Generator
) -> None:
    """Give a few households in spring a subsidy that nets their production cost."""
    t = 4 * y + 2
    gets = draw.random(len(cost)) < 0.05
    subsidy = np.where(gets, np.round(cost * 0.12 / 10_000) * 10_000, 0).astype(np.int64)
    if t < flows["cost_subsidy"].shape[1]:
        flows["cost_subsidy"][:, t] += np.minimum(subsidy, flows["production_cost"][:, t])


def _by_household(people: Population, values: np.ndarray) -> np.ndarray:
    result = np.zeros((people.households, values.shape[1]), dtype=np.int64)
    np.add.at(result, people.household, values)
    return result


def _per_person(
    people: Population, assumptions: Assumptions, planting: Planting, years: int, seed: int
) -> tuple[np.ndarray, np.ndarray]:
    """Return every household's net income per person by year, in yuan, and who was hit."""
    income = assumptions.income
    rng = stream(seed, people.county.code, "effects")
    own_sigma = np.sqrt(income.total_sigma**2 - income.county_sigma**2 - income.village_sigma**2)
    county = rng.normal(0, income.county_sigma) - income.county_sigma**2 / 2
    village = rng.normal(0, income.village_sigma, len(people.places))[people.village]
    own = rng.normal(0, own_sigma, people.households)
    result = np.empty((people.households, years))
    is_hit = np.zeros((people.households, years), dtype=bool)
    for y in range(years):
        draw = stream(seed, people.county.code, "effect", y)
        if y:
            county += draw.normal(0, income.county_growth_sigma)
            kept = income.persistence
            own = kept * own + np.sqrt(1 - kept**2) * draw.normal(0, own_sigma, people.households)
        is_hit[:, y] = draw.random(people.households) < income.shock_share
        shock = np.where(
            is_hit[:, y],
            draw.uniform(*income.shock_factor, people.households),
            1.0,
        )
        season = draw.normal(0, income.village_growth_sigma, len(people.places))[people.village]
        variance = own_sigma**2 + income.village_sigma**2 + income.village_growth_sigma**2
        mean = income.mean_of(2023 + y)
        unlike = own * planting.spread[people.village]
        result[:, y] = mean * np.exp(county + village + season + unlike - variance / 2) * shock
    return result, is_hit


def _employment(
    people: Population, assumptions: Assumptions, rng: np.random.Generator
) -> Employment:
    labour = assumptions.labour
    persons = len(people.household)
    share = np.array([labour.workplaces[place] for place in WORKPLACES])
    place = rng.choice(WORKPLACES, persons, p=share / share.sum())
    in_workshop = (place == "in_county") & (rng.random(persons) < labour.workshop_share_in_county)
    is_fujian = (place == "outside_province") & (
        rng.random(persons) < labour.fujian_share_outside_province
    )
    channel = rng.choice(
        ["point_to_point", "self", "introduced", "other"], persons, p=[0.22, 0.46, 0.27, 0.05]
    )
    channel = np.where(in_workshop, "workshop", np.where(is_fujian, "point_to_point", channel))
    workshops = max(1, round(in_workshop.sum() / assumptions.assets.workshop_size / 3))
    workshop = np.where(in_workshop, rng.integers(0, workshops, persons), -1)
    shape = (persons, people.quarters)
    return Employment(
        place,
        channel,
        workshop,
        is_fujian,
        np.zeros(shape, dtype=np.int64),
        np.zeros(shape, dtype=np.int64),
    )


def _months(
    people: Population,
    assumptions: Assumptions,
    employment: Employment,
    pattern: np.ndarray,
    y: int,
    rng: np.random.Generator,
) -> np.ndarray:
    """Plan everybody's months of work in the four quarters of a year, in tenths."""
    t = min(4 * y, people.quarters - 1)
    labour = assumptions.labour
    ability = people.labour_ability(t)
    share = np.select(
        [np.isin(ability, ("ordinary", "skilled")), ability == "weak"],
        [labour.worker_share, np.where(people.age(t) < 70, labour.weak_worker_share, 0.0)],
        0.0,
    )
    # The same number decides each year, moved a little: few start or stop from year to year.
    mood = np.mod(people.chance * 7.31 + people.frailty * 3.17, 1.0)
    works = (np.mod(mood + rng.normal(0, 0.02, len(mood)), 1.0) < share) & people.present(t)
    works &= people.age(t) >= 16
    changes = rng.random(len(pattern)) < 0.25
    pattern[changes] = rng.integers(0, len(_MONTHS), changes.sum())
    months = _MONTHS[pattern] + rng.choice([-0.5, 0, 0, 0.5], (len(pattern), 4))
    months = np.clip(months, 0, 3)
    is_steady = employment.channel == "workshop"
    months = np.where(is_steady[:, None], np.maximum(months, 2.0), months)
    return np.where(works[:, None], np.round(months * 10), 0).astype(np.int64)


def _split(
    rest: np.ndarray, workers: np.ndarray, noise: np.ndarray, assumptions: Assumptions
) -> dict[str, np.ndarray]:
    names = ("wage", "casual", "business", "land_rent", "other_property", "other_transfer")
    working, idle = (
        np.array([shares.get(name, 0.0) for name in names])
        for shares in (
            assumptions.income.shares_with_workers,
            assumptions.income.shares_without_workers,
        )
    )
    share = np.where(workers[:, None] > 0, working, idle) * noise[:, : len(names)]
    share[:, 0] *= np.where(workers > 1, 1.5, 1.0)
    # Few rent out land or have other property; those who do have it for real.
    share[:, 3] = np.where(noise[:, 6] > 1.1, share[:, 3] * 2.6, 0)
    share[:, 4] = np.where(noise[:, 7] > 1.1, share[:, 4] * 2.6, 0)
    share /= share.sum(axis=1, keepdims=True)
    return {name: rest * share[:, i] for i, name in enumerate(names)}


def _pay_workers(
    people: Population,
    employment: Employment,
    planting: Planting,
    wages: np.ndarray,
    months: np.ndarray,
    weight: np.ndarray,
    y: int,
    rng: np.random.Generator,
) -> None:
    """Turn the households' wage income of a year into months and monthly wages of persons."""
    start, stop = 4 * y, min(4 * y + 4, people.quarters)
    premium = np.select(
        [employment.workplace == "outside_province", employment.workplace == "outside_county"],
        [1.3, 1.12],
        1.0,
    )
    claim = months.sum(axis=1) * weight * premium
    total = np.bincount(people.household, weights=claim, minlength=people.households)
    monthly = (
        wages[people.household] * weight * premium / np.maximum(total[people.household], 1) * 10
    )
    step = np.where(rng.random(len(weight)) < 0.7, 10_000, 5_000)
    monthly = np.clip(np.round(monthly / step) * step, 60_000, 1_500_000).astype(np.int64)
    if y:
        awarded = planting.wage_award_year[people.village[people.household]] == y
        awarded &= (employment.workplace == "in_county") & (employment.months[:, start - 4] > 0)
        before = employment.monthly_wage[:, start - 4]
        growth = 1 + planting.award_growth
        monthly = np.where(awarded, np.round(before * growth / 100).astype(np.int64) * 100, monthly)
        months = np.where(awarded[:, None], employment.months[:, start - 4 : start], months)
    for t in range(start, stop):
        is_there = people.present(t) & (people.left > t)
        employment.months[:, t] = np.where(is_there, months[:, t - start], 0)
        employment.monthly_wage[:, t] = monthly
