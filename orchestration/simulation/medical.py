"""Records of health insurance, what treatment cost and who is treated."""

import numpy as np
import pyarrow as pa

from orchestration.simulation.population import quarter_at
from orchestration.simulation.relief import falls_ill, has_dibao
from orchestration.simulation.rosters import listed_persons
from orchestration.simulation.world import CountyWorld, payee_columns, row_set, vouchers


def _is_enrolled(world: CountyWorld, t: int) -> np.ndarray:
    """Return who is insured; some pay the year's premium late, the newborn the quarter after."""
    people, quarter = world.people, quarter_at(t)
    roll = world.stream("enrolment", quarter.start.year).random(len(people.household))
    share = world.assumptions.safeguards.enrolled_share[quarter.number - 1]
    is_newborn = (people.entered == t) & (t > 0)
    return (roll < share) & ~(is_newborn & (people.chance < 0.4))


def _support(world: CountyWorld, t: int) -> np.ndarray:
    """Return everybody's reason of support: destitute, dibao, monitored or empty."""
    people, benefits = world.people, world.economy.benefits
    household = people.household
    return np.select(
        [
            benefits.is_destitute & (benefits.dibao > 0),
            has_dibao(world, t)[household],
            (people.household_type != "lifted")[household],
        ],
        ["destitute", "dibao", "monitored"],
        "",
    )


def insurance_enrolment(world: CountyWorld, t: int) -> pa.Table:
    """Everybody on the roster with their insurance and the subsidy to the premium."""
    people, cover = world.people, world.assumptions.safeguards
    person = listed_persons(world, t)
    age = people.age(t)
    employed = world.stream("employee insurance").random(len(people.household))
    is_employee = np.where(
        age >= 60,
        world.economy.benefits.is_employee_pension,
        (age >= 20) & (employed < cover.employee_insurance_share),
    )
    is_enrolled = _is_enrolled(world, t)
    support = _support(world, t)
    part = np.select(
        [support == name for name in cover.premium_subsidy], [*cover.premium_subsidy.values()], 0.0
    )
    pays = is_enrolled & ~is_employee
    subsidy = np.where(pays, np.round(part * cover.premium_of(quarter_at(t).start.year) * 100), 0)
    is_unknown = world.stream("enrolment gaps", t).random(len(person)) < 0.003
    return row_set(
        world,
        "insurance_enrolment",
        **payee_columns(world, person),
        is_enrolled=is_enrolled[person],
        enrolment_kind=(
            np.where(is_employee, "employee", "resident")[person],
            ~is_enrolled[person],
        ),
        premium_subsidy=(subsidy[person], is_unknown),
    )


def medical_expenses(world: CountyWorld, t: int) -> pa.Table:
    """Settlements of the quarter: total cost, the three reimbursements, and what is left."""
    people, cover = world.people, world.assumptions.safeguards
    quarter, rng = quarter_at(t), world.stream("medical", t)
    count = len(people.household)
    health = people.health(t)
    kinds = [health == name for name in cover.treatment_share]
    is_treated = rng.random(count) < np.select(kinds, [*cover.treatment_share.values()], 0.0)
    median = np.select(kinds, [cover.medical_median_yuan[n] for n in cover.treatment_share], 0.0)
    cost = median * rng.lognormal(0, cover.medical_sigma, count)
    patient = _patients(world, t)
    is_treated[patient] = True
    cost[patient] = rng.uniform(*cover.shock_cost_yuan, len(patient))
    total = np.round(cost * 100).astype(np.int64)
    is_enrolled = _is_enrolled(world, t)
    basic_share = np.where(is_enrolled, rng.uniform(*cover.basic_share, count), 0)
    basic = np.round(total * basic_share).astype(np.int64)
    above = np.maximum(total - basic - cover.major_threshold_yuan * 100, 0)
    major = np.where(is_enrolled, np.round(above * cover.major_share), 0).astype(np.int64)
    assistance = np.minimum(
        np.round((total - basic - major) * cover.assistance_share),
        cover.assistance_limit_yuan * 100,
    )
    assistance = np.where(_support(world, t) != "", assistance, 0).astype(np.int64)
    person = listed_persons(world, t)
    person = person[is_treated[person]]
    days = (quarter.end - quarter.start).days + 1
    paid = {"paid_basic": basic, "paid_major": major, "paid_assistance": assistance}
    return row_set(
        world,
        "medical_expenses",
        settlement_no=vouchers(world, "YL", t, len(person)),
        **payee_columns(world, person),
        total_cost=total[person],
        **{name: amount[person] for name, amount in paid.items()},
        self_paid=(total - basic - major - assistance)[person],
        settled_on=np.datetime64(quarter.start) + rng.integers(0, days, len(person)),
    )


def _patients(world: CountyWorld, t: int) -> np.ndarray:
    """Return the frailest member of each household whose income an illness cuts in ``t``."""
    people = world.people
    present = np.flatnonzero(people.present(t) & falls_ill(world, t)[people.household])
    ordered = present[np.lexsort((-people.frailty[present], people.household[present]))]
    _, first = np.unique(people.household[ordered], return_index=True)
    return ordered[first]


def serious_illness(world: CountyWorld, t: int) -> pa.Table:
    """The seriously and the chronically ill and whether they are treated."""
    people, cover = world.people, world.assumptions.safeguards
    rng = world.stream("illness")
    count = len(people.household)
    group = rng.choice(
        ["cancer", "heart", "kidney", "mental", "tuberculosis", "other_serious"],
        count,
        p=[0.22, 0.27, 0.11, 0.13, 0.07, 0.20],
    )
    days, roll = rng.integers(0, 5, count), rng.random(count)
    health = people.health(t)
    person = listed_persons(world, t)
    person = person[np.isin(health[person], ("serious", "chronic"))]
    is_chronic = health[person] == "chronic"
    # A chronic illness begins with the age from which the roster states it.
    onset = np.where(is_chronic, np.floor(220 * (1.02 - people.frailty[person])).astype(int) + 1, 0)
    month = people.born_on[person].astype("datetime64[M]") + 12 * np.maximum(onset, 0)
    born = people.born_on[person]
    diagnosed = np.maximum(month.astype("datetime64[D]"), born) + days[person]
    is_new = diagnosed >= np.datetime64(quarter_at(t).start)
    share = np.where(is_new, cover.newly_treated_share, cover.treated_share)
    return row_set(
        world,
        "serious_illness",
        **payee_columns(world, person),
        illness_group=np.where(is_chronic, "chronic", group[person]),
        diagnosed_on=diagnosed,
        is_treated=roll[person] < share,
    )
