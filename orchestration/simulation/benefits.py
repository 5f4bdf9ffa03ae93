"""What rules pay: who is entitled to how much, and when it arrives.

Pensions, relief, subsidies, public posts and dividends of one county, in whole fen. A payment that
comes late belongs to the quarter in which it comes.
"""

from dataclasses import dataclass

import numpy as np

from orchestration.simulation.assumptions import Assumptions
from orchestration.simulation.plants import Planting
from orchestration.simulation.population import DIED, Population, quarter_at

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
    second_from: np.ndarray  # [person] quarter from which a second post is paid too, -1 never
    top_up: np.ndarray  # [household, quarter] paid to reach the line
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


def entitle(
    people: Population, assumptions: Assumptions, planting: Planting, rng: np.random.Generator
) -> Benefits:
    """Draw who is entitled to what, look-alikes and ghosts of the planting included."""
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
        second_from=_second_posts(people, planting, post),
        top_up=np.zeros((households, people.quarters), dtype=np.int64),
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


def _second_posts(people: Population, planting: Planting, post: np.ndarray) -> np.ndarray:
    """Choose, where it is planted, holders of a post who are paid for another one as well."""
    since = np.full(len(people.household), -1)
    for village in np.flatnonzero(planting.second_posts.any(axis=1)):
        first = int(planting.second_posts[village].argmax())
        holds = (post > 0) & (people.village[people.household] == village)
        holders = np.flatnonzero(holds & people.present(min(first + 8, people.quarters - 1)))
        since[holders[: planting.second_posts[village, first]]] = first
    return since


def second_post_payments(people: Population, benefits: Benefits, t: int) -> np.ndarray:
    """Return what is paid in each of three months of ``t`` for second posts, [person, 3] fen."""
    is_paid = (benefits.second_from >= 0) & (benefits.second_from <= t)
    months = np.where(is_paid, payment_months(people, t), 0)
    return np.where(np.arange(3) < months[:, None], benefits.post[:, None], 0)


def rule_flows(people: Population, benefits: Benefits) -> dict[str, np.ndarray]:
    """Return the flows of what is paid by rule."""
    shape = (people.households, people.quarters)
    flows = {name: np.zeros(shape, dtype=np.int64) for name in TRANSFER}
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


def rule_income_of_year(people: Population, benefits: Benefits, y: int) -> np.ndarray:
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


def payment_months(people: Population, t: int) -> np.ndarray:
    """Return for every person how many monthly payments fall into quarter ``t``.

    Somebody who leaves in the quarter is paid up to and including the month of leaving.
    """
    start = np.datetime64(quarter_at(t).start, "M")
    paid = np.where(people.present(t), 3, 0)
    leaves_now = (people.left == t) & (people.entered <= t)
    last = (people.left_on.astype("datetime64[M]") - start).astype(int) + 1
    return np.where(leaves_now, np.clip(last, 0, 3), paid)


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


def old_age_allowance(people: Population, t: int) -> np.ndarray:
    """Return the monthly allowance of everybody from 80 on, in fen."""
    return np.where(people.age(t) >= 80, 10_000, 0)


def _yuan(
    rng: np.random.Generator, bounds: tuple[float, float], size: int, step: int
) -> np.ndarray:
    """Draw amounts between two bounds in whole steps of yuan, as fen."""
    return np.round(rng.uniform(*bounds, size) / step).astype(np.int64) * step * 100
