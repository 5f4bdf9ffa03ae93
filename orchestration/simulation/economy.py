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
from orchestration.simulation.plants import Planting
from orchestration.simulation.population import DIED, Population, quarter_at
from orchestration.simulation.randomness import stream

WAGE = ("wage_migrant", "wage_local", "wage_public_post", "wage_casual")
BUSINESS = ("business_planting", "business_breeding", "business_other")
PROPERTY = ("property_dividend", "property_land_rent", "property_other")
TRANSFER = (
    "transfer_family_planning",
    "transfer_dibao",
    "transfer_destitute",
    "transfer_pension",
    "transfer_ecological",
    "transfer_farm_subsidy",
    "transfer_disability",
    "transfer_other",
)
SUB_ITEMS = (*WAGE, *BUSINESS, *PROPERTY, *TRANSFER)
FLOWS = (*SUB_ITEMS, "production_cost", "cost_subsidy")

WORKPLACES = np.array(["outside_province", "outside_county", "in_county"])
CHANNELS = np.array(["point_to_point", "workshop", "self", "introduced", "other"])

# Share of a year's amount that falls into Q4, Q1, Q2, Q3 (the income year's order).
_PROFILES = {
    "casual": (0.22, 0.08, 0.34, 0.36),
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
class Benefits:
    """Who is entitled to what: persons and households with yearly or monthly amounts in fen."""

    pension: np.ndarray  # [person] monthly, 0 for none; paid from age 60
    is_employee_pension: np.ndarray
    dibao: np.ndarray  # [person] monthly
    is_destitute: np.ndarray  # [person] the dibao amount is destitute support
    living: np.ndarray  # [person] monthly
    nursing: np.ndarray
    post: np.ndarray  # [person] monthly pay of a public post
    post_kind: np.ndarray
    is_ghost: np.ndarray  # [person] the post goes on being paid after the holder's death
    farmland: np.ndarray  # [household] yearly
    family_planning: np.ndarray
    grassland: np.ndarray
    returned_farmland: np.ndarray
    compensated_in: np.ndarray  # [household] number of the quarter in which both are paid
    photovoltaic: np.ndarray  # [household] per half year
    asset_dividend: np.ndarray  # [household] yearly
    asset_paid_in: np.ndarray  # [household] number of the quarter
    collective_dividend: np.ndarray  # [household, quarter]
    village_income: np.ndarray  # [village, calendar year from 2022] of the collective, fen
    is_late: np.ndarray  # [household, quarter] farm subsidy of the quarter came a quarter later
    is_post_late: np.ndarray  # [household, quarter] the last month's post pay came a quarter later


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
    benefits = _benefits(people, assumptions, planting, rng)
    flows = _rule_flows(people, benefits)
    employment = _employment(people, assumptions, rng)
    years = -(-people.quarters // 4)
    effect = _household_effects(people, assumptions, years, seed)
    share_rng = stream(seed, people.county.code, "shares")
    base_noise = share_rng.normal(0, assumptions.income.share_sigma, (people.households, 8))
    cost_ratio = share_rng.uniform(*assumptions.income.cost_ratio, people.households)
    planted = share_rng.uniform(0.55, 1.0, people.households)
    breeds = share_rng.beta(1.4, 1.2, people.households)
    has_lease = share_rng.random(people.households) < 0.7
    rent = np.zeros(people.households, dtype=np.int64)
    weight = share_rng.lognormal(0, 0.22, len(people.household))
    pattern = share_rng.integers(0, len(_MONTHS), len(people.household))
    for name in FLOWS:
        flows.setdefault(name, np.zeros((people.households, people.quarters), dtype=np.int64))
    for y in range(years):
        start, stop = 4 * y, min(4 * y + 4, people.quarters)
        year_rng = stream(seed, people.county.code, "year", y)
        whole_year = _whole_year(people, benefits, y)
        income = effect[:, y] * people.counted_size(start) * 100
        rest = np.maximum(income - whole_year, 0.22 * income)
        months = _months(people, assumptions, employment, pattern, y, year_rng)
        workers = np.bincount(
            people.household, weights=months.sum(axis=1) > 0, minlength=people.households
        )
        noise = np.exp(
            base_noise + year_rng.normal(0, assumptions.income.share_noise, base_noise.shape)
        )
        part = _split(rest, workers, noise, assumptions)
        _pay_workers(people, employment, planting, part["wage"], months, weight, y, year_rng)
        ratio = np.clip(cost_ratio * np.exp(year_rng.normal(0, 0.08, len(cost_ratio))), 0.1, 0.6)
        gross = part["business"] / (1 - ratio)
        price = year_rng.uniform(*assumptions.income.planting_yuan_per_mu) * 100
        crop = np.minimum(
            gross,
            people.land * planted * price * np.exp(year_rng.normal(0, 0.15, len(gross))),
        )
        livestock = (gross - crop) * np.clip(breeds + year_rng.normal(0, 0.06, len(gross)), 0, 1)
        yearly = {
            "wage_casual": part["casual"],
            "business_planting": crop,
            "business_breeding": livestock,
            "business_other": gross - crop - livestock,
            "production_cost": gross * ratio,
            "property_land_rent": part["land_rent"],
            "property_other": part["other_property"],
            "transfer_other": part["other_transfer"],
        }
        for name, amount in yearly.items():
            profile = np.array(_PROFILES["casual" if name == "wage_casual" else name])
            spread = year_rng.gamma(40 * profile[None, :], 1.0, (people.households, 4))
            spread /= spread.sum(axis=1, keepdims=True)
            # Households settle accounts in whole yuan; fen occur in bank payments alone.
            values = np.round(amount[:, None] * spread / 100).astype(np.int64) * 100
            if name == "property_land_rent":
                # A lease is paid once after the harvest, and keeps its amount over the years.
                whole = np.round(amount / 1000).astype(np.int64) * 1000
                rent = np.where(has_lease & (rent > 0), rent, whole) if y else whole
                values = np.where(has_lease[:, None], rent[:, None] * [1, 0, 0, 0], values)
            flows[name][:, start:stop] += values[:, : stop - start]
        gets = year_rng.random(people.households) < 0.05
        subsidy = np.where(gets, np.round(gross * 0.04 / 10_000) * 10_000, 0).astype(np.int64)
        if start + 2 < people.quarters:
            flows["cost_subsidy"][:, start + 2] += np.minimum(
                subsidy, flows["production_cost"][:, start + 2]
            )
    is_local = employment.workplace == "in_county"
    flows["wage_local"] = _by_household(people, employment.wages * is_local[:, None])
    flows["wage_migrant"] = _by_household(people, employment.wages * ~is_local[:, None])
    return Economy(benefits, employment, flows)


def payment_months(people: Population, t: int) -> np.ndarray:
    """Return for every person how many monthly payments fall into quarter ``t``.

    Somebody who leaves in the quarter is paid up to and including the month of leaving.
    """
    start = np.datetime64(quarter_at(t).start, "M")
    paid = np.where(people.present(t), 3, 0)
    leaves_now = (people.left == t) & (people.entered <= t)
    last = (people.left_on.astype("datetime64[M]") - start).astype(int) + 1
    return np.where(leaves_now, np.clip(last, 0, 3), paid)


def _by_household(people: Population, values: np.ndarray) -> np.ndarray:
    result = np.zeros((people.households, values.shape[1]), dtype=np.int64)
    np.add.at(result, people.household, values)
    return result


def _yuan(
    rng: np.random.Generator, bounds: tuple[float, float], size: int, step: int
) -> np.ndarray:
    """Draw amounts between two bounds in whole steps of yuan, as fen."""
    return np.round(rng.uniform(*bounds, size) / step).astype(np.int64) * step * 100


def _benefits(
    people: Population, assumptions: Assumptions, planting: Planting, rng: np.random.Generator
) -> Benefits:
    relief, assets = assumptions.relief, assumptions.assets
    persons, households = len(people.household), people.households
    age = people.age(0)
    gets_pension = age >= 60 - people.quarters // 4 - 1
    pension = np.where(gets_pension, _yuan(rng, relief.pension_monthly, persons, 5), 0)
    pension += np.where(gets_pension, rng.integers(0, 500, persons), 0)
    is_employee = gets_pension & (rng.random(persons) < relief.employee_pension_share)
    pension = np.where(
        is_employee, _yuan(rng, relief.employee_pension_monthly, persons, 10), pension
    )
    needy = rng.random(households) < np.where(
        people.household_type == "lifted",
        relief.dibao_household_share * 0.85,
        relief.dibao_household_share * 2.5,
    )
    size = people.size(0)
    is_old = np.bincount(people.household, weights=age < 60, minlength=households) == 0
    destitute = is_old & (size <= 2) & (rng.random(households) < relief.destitute_share)
    covered = needy[people.household] & (rng.random(persons) < 0.8)
    dibao = np.where(covered, _yuan(rng, relief.dibao_monthly, households, 10)[people.household], 0)
    is_destitute = destitute[people.household]
    dibao = np.where(is_destitute, 76_000, dibao)
    living = np.where(
        people.is_disabled & needy[people.household], round(relief.living_subsidy * 100), 0
    )
    nursing = np.where(people.is_severe, round(relief.nursing_subsidy * 100), 0)

    post = np.zeros(persons, dtype=np.int64)
    ability = people.labour_ability(0)
    candidate = np.flatnonzero(
        ((ability == "weak") | (people.chance > 0.8)) & (age >= 30) & (age < 68) & people.present(0)
    )
    candidate = rng.permutation(candidate)
    _, first = np.unique(people.household[candidate], return_index=True)
    chosen = candidate[np.sort(first)][
        : round(households * assumptions.labour.public_posts_per_household)
    ]
    post[chosen] = rng.choice([50_000, 60_000, 80_000, 100_000, 120_000], len(chosen))
    is_ghost = _ghosts(people, planting)
    post[is_ghost] = 100_000
    kinds = np.array(["cleaning", "forest", "road", "water", "care", "other"])

    villages = len(people.places)
    grows = rng.lognormal(0.09, 0.10, (villages, 6)).cumprod(axis=1)
    village_income = (
        np.round(rng.lognormal(12.25, 0.75, villages)[:, None] * grows).astype(np.int64) * 100
    )
    collective = np.zeros((households, people.quarters), dtype=np.int64)
    flat = planting.flat_dividends
    in_village = np.bincount(people.village, minlength=villages)
    for t in range(people.quarters):
        if quarter_at(t).number != 4:
            continue
        y = quarter_at(t).start.year - 2022
        pool = np.where(village_income[:, y] > 20_000_000, village_income[:, y] * 0.35 * 0.20, 0)
        each = (pool * 0.5 / in_village / 1000).astype(np.int64) * 1000
        each = np.where(flat > 0, flat, each)
        needed = each * in_village / (0.5 * 0.35 * 0.20)
        village_income[:, y] = np.maximum(village_income[:, y], needed.astype(np.int64))
        collective[:, t] = each[people.village]
    has_pv = rng.random(households) < assets.photovoltaic_household_share
    has_asset = rng.random(households) < assets.asset_dividend_share
    is_late = rng.random((households, people.quarters)) < assumptions.records.late_payment_share
    return Benefits(
        pension=pension,
        is_employee_pension=is_employee,
        dibao=dibao,
        is_destitute=is_destitute,
        living=living,
        nursing=nursing,
        post=post,
        post_kind=rng.choice(kinds, persons, p=[0.42, 0.2, 0.14, 0.08, 0.06, 0.1]),
        is_ghost=is_ghost,
        farmland=np.round(people.land * relief.farmland_yuan_per_mu * 100).astype(np.int64),
        family_planning=np.where(rng.random(households) < 0.04, 96_000, 0).astype(np.int64),
        grassland=np.round(people.grass * relief.grassland_yuan_per_mu * 100).astype(np.int64),
        returned_farmland=np.round(
            people.forest * relief.returned_farmland_yuan_per_mu * 100
        ).astype(np.int64),
        compensated_in=rng.choice(4, households, p=[0.15, 0.2, 0.4, 0.25]) + 1,
        asset_paid_in=rng.choice(4, households, p=[0.3, 0.15, 0.1, 0.45]) + 1,
        photovoltaic=np.where(has_pv, round(assets.photovoltaic_yearly * 50), 0).astype(np.int64),
        asset_dividend=np.where(
            has_asset, rng.choice([50_000, 60_000, 80_000, 100_000, 150_000], households), 0
        ).astype(np.int64),
        collective_dividend=collective,
        village_income=village_income,
        is_late=is_late,
        is_post_late=is_late | planting.late_payroll[people.village],
    )


def _ghosts(people: Population, planting: Planting) -> np.ndarray:
    """Choose, where it is planted, the dead whose public post goes on being paid."""
    is_ghost = np.zeros(len(people.household), dtype=bool)
    for village in np.flatnonzero(planting.ghosts):
        lives_here = people.village[people.household] == village
        dead = np.flatnonzero(lives_here & (people.leave_reason == DIED) & (people.left >= 4))
        first = dead[np.argsort(people.left[dead], kind="stable")][: planting.ghosts[village]]
        is_ghost[first] = True
    return is_ghost


def _rule_flows(people: Population, benefits: Benefits) -> dict[str, np.ndarray]:
    """Return the flows of what is paid by rule."""
    shape = (people.households, people.quarters)
    names = [name for name in SUB_ITEMS if name.startswith("transfer_")]
    flows = {name: np.zeros(shape, dtype=np.int64) for name in names}
    flows["wage_public_post"] = np.zeros(shape, dtype=np.int64)
    flows["property_dividend"] = benefits.collective_dividend.copy()
    for t in range(people.quarters):
        months = payment_months(people, t)
        number = quarter_at(t).number

        def add(name: str, per_person: np.ndarray, t: int = t) -> None:
            flows[name][:, t] += np.bincount(
                people.household, weights=per_person, minlength=people.households
            ).astype(np.int64)

        add("transfer_pension", months * np.where(people.age(t) >= 60, benefits.pension, 0))
        add("transfer_dibao", months * np.where(benefits.is_destitute, 0, benefits.dibao))
        add("transfer_destitute", months * np.where(benefits.is_destitute, benefits.dibao, 0))
        add("transfer_disability", months * (benefits.living + benefits.nursing))
        add("transfer_other", months * old_age_allowance(people, t))
        add("wage_public_post", post_payments(people, benefits, t, with_ghosts=False).sum(axis=1))
        if number == 2:
            flows["transfer_farm_subsidy"][:, t] += np.where(
                benefits.is_late[:, t], 0, benefits.farmland
            )
        if number == 3:
            flows["transfer_farm_subsidy"][:, t] += np.where(
                benefits.is_late[:, t - 1], benefits.farmland, 0
            )
            flows["transfer_family_planning"][:, t] += benefits.family_planning
        flows["transfer_ecological"][:, t] += np.where(
            benefits.compensated_in == number, benefits.grassland + benefits.returned_farmland, 0
        )
        flows["property_dividend"][:, t] += np.where(
            benefits.asset_paid_in == number, benefits.asset_dividend, 0
        )
        if number in (2, 4):
            flows["property_dividend"][:, t] += benefits.photovoltaic
    return flows


def old_age_allowance(people: Population, t: int) -> np.ndarray:
    """Return the monthly allowance of everybody from 80 on, in fen."""
    return np.where(people.age(t) >= 80, 10_000, 0)


def post_payments(
    people: Population, benefits: Benefits, t: int, *, with_ghosts: bool
) -> np.ndarray:
    """Return public-post pay received in quarter ``t``: [person, 4] fen.

    Column 0 is the month before the quarter if it was paid late, columns 1 to 3 are the quarter's
    months that were paid in time. What is paid for the dead is no income of anybody's, but it
    stands in payroll and report.
    """
    months = payment_months(people, t)
    if with_ghosts:
        months = np.where(benefits.is_ghost & (people.left <= t), 3, months)
    late_now = benefits.is_post_late[people.household, t]
    paid = np.zeros((len(people.household), 4), dtype=np.int64)
    for month in (1, 2, 3):
        in_time = (months >= month) & ~((month == 3) & late_now)
        paid[:, month] = np.where(in_time, benefits.post, 0)
    if t > 0:
        before = payment_months(people, t - 1) >= 3
        was_late = benefits.is_post_late[people.household, t - 1]
        paid[:, 0] = np.where(before & was_late, benefits.post, 0)
    return paid


def _whole_year(people: Population, benefits: Benefits, y: int) -> np.ndarray:
    """Return what rules pay a household in a whole income year, whether simulated yet or not."""
    t = min(4 * y, people.quarters - 1)
    present = people.present(t)
    monthly = np.where(people.age(t) >= 60, benefits.pension, 0) + benefits.dibao
    monthly = monthly + benefits.living + benefits.nursing + old_age_allowance(people, t)
    monthly = monthly + benefits.post
    persons = np.bincount(
        people.household, weights=12 * monthly * present, minlength=people.households
    )
    yearly = benefits.farmland + benefits.family_planning + benefits.grassland
    yearly = yearly + benefits.returned_farmland + 2 * benefits.photovoltaic
    yearly = yearly + benefits.asset_dividend
    return np.asarray(persons + yearly + benefits.collective_dividend[:, t])


def _household_effects(
    people: Population, assumptions: Assumptions, years: int, seed: int
) -> np.ndarray:
    """Return the net income per person of every household and year, in yuan."""
    income = assumptions.income
    rng = stream(seed, people.county.code, "effects")
    own_sigma = np.sqrt(income.total_sigma**2 - income.county_sigma**2 - income.village_sigma**2)
    county = rng.normal(0, income.county_sigma) - income.county_sigma**2 / 2
    village = rng.normal(0, income.village_sigma, len(people.places))[people.village]
    own = rng.normal(0, own_sigma, people.households)
    result = np.empty((people.households, years))
    for y in range(years):
        draw = stream(seed, people.county.code, "effect", y)
        if y:
            county += draw.normal(0, income.county_growth_sigma)
            kept = income.persistence
            own = kept * own + np.sqrt(1 - kept**2) * draw.normal(0, own_sigma, people.households)
        shock = np.where(
            draw.random(people.households) < income.shock_share,
            draw.uniform(*income.shock_factor, people.households),
            1.0,
        )
        season = draw.normal(0, income.village_growth_sigma, len(people.places))[people.village]
        variance = own_sigma**2 + income.village_sigma**2 + income.village_growth_sigma**2
        mean = income.mean_of(2023 + y)
        result[:, y] = mean * np.exp(county + village + season + own - variance / 2) * shock
    return result


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
