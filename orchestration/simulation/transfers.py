"""Records of what is paid by rule."""

import numpy as np
import pyarrow as pa

from orchestration.simulation.benefits import old_age_allowance, payment_months
from orchestration.simulation.population import numbered, quarter_at
from orchestration.simulation.world import CountyWorld, payee_columns, row_set, vouchers


def monthly_payments(
    world: CountyWorld, t: int, amount: np.ndarray, name: str, first_day: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Return person, pay month, day and amount of monthly payments of the quarter."""
    months = payment_months(world.people, t)
    due = np.where(np.arange(3)[None, :] < months[:, None], amount[:, None], 0)
    person, column = np.nonzero(due)
    month = np.datetime64(quarter_at(t).start, "M") + column
    rng = world.stream(name, t)
    day = month.astype("datetime64[D]") + rng.integers(first_day, first_day + 5, len(person))
    return person, month, day, due[person, column]


def pension_payments(world: CountyWorld, t: int) -> pa.Table:
    """Pensions paid by month."""
    people, benefits = world.people, world.economy.benefits
    amount = np.where(people.age(t) >= 60, benefits.pension, 0)
    person, month, day, paid = monthly_payments(world, t, amount, "pension", 8)
    return row_set(
        world,
        "pension_payments",
        **payee_columns(world, person),
        pension_kind=np.where(benefits.is_employee_pension[person], "employee", "resident"),
        pay_month=month,
        amount=paid,
        paid_on=day,
    )


def dibao_payments(world: CountyWorld, t: int) -> pa.Table:
    """Dibao and destitute support paid by month."""
    people, benefits = world.people, world.economy.benefits
    person, month, day, paid = monthly_payments(world, t, benefits.dibao, "dibao", 10)
    return row_set(
        world,
        "dibao_payments",
        household_key=people.household_no[people.household[person]],
        **payee_columns(world, person),
        relief_kind=np.where(benefits.is_destitute[person], "destitute", "dibao"),
        pay_month=month,
        amount=paid,
        paid_on=day,
    )


def disability_subsidies(world: CountyWorld, t: int) -> pa.Table:
    """The two disability subsidies paid by month."""
    benefits = world.economy.benefits
    parts = [
        (*monthly_payments(world, t, amount, kind, 12), kind)
        for kind, amount in (("living", benefits.living), ("nursing", benefits.nursing))
    ]
    person = np.concatenate([part[0] for part in parts])
    return row_set(
        world,
        "disability_subsidies",
        **payee_columns(world, person),
        subsidy_kind=np.repeat([part[4] for part in parts], [len(part[0]) for part in parts]),
        pay_month=np.concatenate([part[1] for part in parts]),
        amount=np.concatenate([part[3] for part in parts]),
        paid_on=np.concatenate([part[2] for part in parts]),
    )


def one_card_payments(world: CountyWorld, t: int) -> pa.Table:
    """Subsidies paid through the One-Card, those that wait included."""
    people, benefits = world.people, world.economy.benefits
    number = quarter_at(t).number
    rng = world.stream("one card", t)
    alive = people.size(t) > 0
    # (subsidy, household, person, due, paid, status)
    parts: list[tuple[str, np.ndarray, np.ndarray, np.ndarray, np.ndarray]] = []
    heads = people.heads(t)

    def add(subsidy: str, due: np.ndarray, is_paid: np.ndarray) -> None:
        household = np.flatnonzero(alive & (due > 0))
        parts.append((subsidy, household, heads[household], due[household], is_paid[household]))

    everyone = np.ones(people.households, dtype=bool)
    if number == 2:
        add("farmland_fertility", benefits.farmland, ~benefits.is_late[:, t])
    if number == 3 and t > 0:
        late = np.where(benefits.is_late[:, t - 1], benefits.farmland, 0)
        add("farmland_fertility", late, everyone)
    if number == 3:
        add("family_planning", benefits.family_planning, everyone)
    if number == 4:
        award = np.where(rng.random(people.households) < 0.14, 1, 0)
        award = award * rng.choice([60_000, 100_000, 150_000, 200_000], people.households)
        add("industry_award", award, everyone)
        machine = np.where(rng.random(people.households) < 0.01, 350_000, 0)
        add("farm_machinery", machine, everyone)
    add("other", benefits.top_up[:, t], everyone)
    old = payment_months(people, t) * old_age_allowance(people, t)
    person = np.flatnonzero(old)
    parts.append(
        ("old_age", people.household[person], person, old[person], np.ones(len(person), dtype=bool))
    )
    household = np.concatenate([part[1] for part in parts])
    due = np.concatenate([part[3] for part in parts])
    is_paid = np.concatenate([part[4] for part in parts])
    count = len(household)
    start = np.datetime64(quarter_at(t).start)
    due_on = start + rng.integers(20, 60, count)
    return row_set(
        world,
        "one_card_payments",
        payment_no=numbered(
            f"YKT{people.county.code}{quarter_at(t).label}", np.arange(count) + 1, 7
        ),
        household_key=people.household_no[household],
        **payee_columns(world, np.concatenate([part[2] for part in parts])),
        subsidy_code=np.repeat([part[0] for part in parts], [len(part[1]) for part in parts]),
        due_amount=due,
        amount=np.where(is_paid, due, 0),
        due_on=due_on,
        paid_on=(due_on + rng.integers(0, 25, count), ~is_paid),
        payment_status=np.where(is_paid, "paid", "pending"),
    )


def ecological_compensation(world: CountyWorld, t: int) -> pa.Table:
    """Grassland and forest compensation, once a year to each household."""
    people, benefits = world.people, world.economy.benefits
    pays = benefits.compensated_in == quarter_at(t).number
    grass, forest = (
        np.flatnonzero(pays & (amount > 0))
        for amount in (benefits.grassland, benefits.returned_farmland)
    )
    household = np.concatenate([grass, forest])
    rng = world.stream("ecological", t)
    return row_set(
        world,
        "ecological_compensation",
        voucher_no=vouchers(world, "ST", t, len(household)),
        household_key=people.household_no[household],
        compensation_kind=np.repeat(["grassland", "returned_farmland"], [len(grass), len(forest)]),
        area_mu=np.round(np.concatenate([people.grass[grass], people.forest[forest]]) * 100),
        amount=np.concatenate([benefits.grassland[grass], benefits.returned_farmland[forest]]),
        paid_on=np.datetime64(quarter_at(t).start) + rng.integers(30, 85, len(household)),
    )
