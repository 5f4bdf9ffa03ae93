"""Records of need and of the relief that is no regular income: reviews, emergencies, disasters."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from orchestration.simulation.population import quarter_at
from orchestration.simulation.rosters import is_listed, listed_persons
from orchestration.simulation.world import CountyWorld, payee_columns, row_set, vouchers


def has_dibao(world: CountyWorld, t: int) -> np.ndarray:
    """Return which households have a member on dibao in quarter ``t``; not destitute support."""
    people, benefits = world.people, world.economy.benefits
    person = people.present(t) & (benefits.dibao > 0) & ~benefits.is_destitute
    return np.bincount(people.household[person], minlength=people.households) > 0


def is_hit_by(world: CountyWorld, t: int, cause: str) -> np.ndarray:
    """Return which households' incomes ``illness`` or ``drought`` cut in the year of ``t``."""
    year = t // 4
    share = world.assumptions.relief.illness_share_of_shocks
    is_illness = world.stream("shock cause", year).random(world.people.households) < share
    return world.economy.is_hit[:, year] & (is_illness == (cause == "illness"))


def falls_ill(world: CountyWorld, t: int) -> np.ndarray:
    """Return the households in which the illness that cuts the year's income is in ``t``."""
    when = world.stream("illness quarter", t // 4).integers(0, 4, world.people.households)
    return is_hit_by(world, t, "illness") & (when == t % 4)


def temporary_relief(world: CountyWorld, t: int) -> pa.Table:
    """Help in emergencies: after an illness that cuts the income, and for other causes."""
    people, relief = world.people, world.assumptions.relief
    quarter, rng = quarter_at(t), world.stream("temporary relief", t)
    count = people.households
    present = people.present(t)
    has_student, has_disabled = (
        np.bincount(people.household[present & trait], minlength=count) > 0
        for trait in (people.is_student(t) & (people.age(t) >= 16), people.is_disabled)
    )
    is_helped = rng.random(count) < relief.temporary_share_of_hit
    is_ill = is_helped & falls_ill(world, t)
    is_dry = is_helped & is_hit_by(world, t, "drought") & (quarter.number == 3)
    is_other = rng.random(count) < relief.temporary_share / 4
    roll = rng.random(count)
    cause = np.select(
        [is_ill, is_dry, has_disabled & (roll < 0.6), has_student & (roll > 0.5)],
        ["illness", "disaster", "disability", "education"],
        rng.choice(["accident", "other", "illness"], count, p=[0.5, 0.3, 0.2]),
    )
    heads = people.heads(t)
    household = np.flatnonzero((is_ill | is_dry | is_other) & (heads >= 0) & is_listed(world, t))
    kind = rng.choice(
        ["temporary", "emergency", "special_care", "collective", "social"],
        count,
        p=[0.60, 0.22, 0.08, 0.05, 0.05],
    )
    amount = rng.uniform(*relief.temporary_yuan, count) / 100
    days = (quarter.end - quarter.start).days + 1
    return row_set(
        world,
        "temporary_relief",
        payment_no=vouchers(world, "LJ", t, len(household)),
        household_key=people.household_no[household],
        **payee_columns(world, heads[household]),
        relief_kind=kind[household],
        relief_cause=cause[household],
        amount=np.round(amount[household]) * 10_000,
        paid_on=np.datetime64(quarter.start) + rng.integers(0, days, len(household)),
    )


def relief_reviews(world: CountyWorld, t: int) -> pa.Table:
    """Reviews of dibao: every household that has it once a year, and those that apply."""
    people, relief = world.people, world.assumptions.relief
    quarter, rng = quarter_at(t), world.stream("reviews", t)
    count = people.households
    is_its_turn = world.stream("review turn").integers(1, 5, count) == quarter.number
    has, had = has_dibao(world, t), has_dibao(world, max(0, t - 4))
    roll = rng.random(count)
    applies = ~has & (roll < (relief.refused_share + relief.not_yet_granted_share) / 4)
    ends = ~has & had & is_its_turn
    qualifies = has | (applies & ~ends & (roll < relief.not_yet_granted_share / 4))
    outcome = rng.choice(["kept", "raised", "lowered", "added"], count, p=[0.86, 0.07, 0.04, 0.03])
    reviewed = ((has & is_its_turn) | ends | applies) & is_listed(world, t) & (people.size(t) > 0)
    household = np.flatnonzero(reviewed)
    return row_set(
        world,
        "relief_reviews",
        household_key=people.household_no[household],
        reviewed_on=np.datetime64(quarter.start) + rng.integers(5, 85, len(household)),
        is_eligible=qualifies[household],
        is_granted=has[household],
        review_result=np.select([has, ends], [outcome, "ended"], "refused")[household],
    )


def disability_register(world: CountyWorld, t: int) -> pa.Table:
    """Holders of a disability certificate and which of the two subsidies is due to them.

    To a few in monitored households the living subsidy is due and not paid.
    """
    people, benefits = world.people, world.economy.benefits
    quarter, rng = quarter_at(t), world.stream("disability")
    count = len(people.household)
    grade = np.where(
        people.is_severe, rng.choice(["grade_1", "grade_2"], count, p=[0.4, 0.6]), "grade_3"
    )
    grade = np.where(~people.is_severe & (rng.random(count) < 0.55), "grade_4", grade)
    kind = rng.choice(
        ["visual", "hearing", "speech", "physical", "intellectual", "mental", "multiple"],
        count,
        p=[0.13, 0.12, 0.02, 0.53, 0.08, 0.09, 0.03],
    )
    certified = np.datetime64("2010-01-01") + rng.integers(0, 4600, count)
    is_forgotten = rng.random(count) < world.assumptions.relief.subsidy_unpaid_share
    is_monitored = people.household_type[people.household] != "lifted"
    is_unpaid = (benefits.living + benefits.nursing == 0) & is_monitored & is_forgotten
    person = listed_persons(world, t)
    person = person[people.is_disabled[person]]
    # The year's help to the families is given little by little.
    help_share = (0.2, 0.45, 0.72, 0.93)[quarter.number - 1]
    helped = world.stream("family help", quarter.start.year).random(people.households) < help_share
    is_missing = world.stream("family help known", t).random(len(person)) < 0.01
    return row_set(
        world,
        "disability_register",
        **payee_columns(world, person),
        disability_grade=grade[person],
        disability_kind=kind[person],
        certified_on=np.maximum(certified, people.born_on + 30)[person],
        is_living_due=((benefits.living > 0) | is_unpaid)[person],
        is_nursing_due=(benefits.nursing > 0)[person],
        is_family_helped=(helped[people.household[person]], is_missing),
    )


@dataclass(frozen=True)
class _Losses:
    """What one summer's disasters cost: parallel arrays of households, fen."""

    household: np.ndarray
    kind: np.ndarray
    loss: np.ndarray
    relief: np.ndarray
    happened_on: np.ndarray
    paid_on: np.ndarray


def _losses_of_summer(world: CountyWorld, t: int) -> _Losses:
    """Return the losses of the third quarter ``t``: hit villages, and drought elsewhere."""
    people, relief = world.people, world.assumptions.relief
    rng = world.stream("disaster", t)
    villages, count = len(people.places), people.households
    hit = np.zeros(villages, dtype=bool)
    hit[rng.choice(villages, max(1, round(villages * relief.hit_village_share)), False)] = True
    kind = rng.choice(["hail", "drought", "flood"], villages, p=[0.5, 0.35, 0.15])
    start = np.datetime64(quarter_at(t).start)
    day = start + rng.integers(0, 55, villages)
    is_dry = is_hit_by(world, t, "drought")
    in_hit_village = hit[people.village] & (rng.random(count) < relief.hit_household_share)
    loss = np.round(rng.uniform(*relief.disaster_loss_yuan, count) / 10) * 1000
    loss = loss * np.where(is_dry, 2, 1)
    share = rng.uniform(*relief.disaster_relief_share, count)
    delay = rng.integers(10, 60, count)
    household = np.flatnonzero((in_hit_village | is_dry) & is_listed(world, t))
    village = people.village[household]
    happened = np.where(hit[village], day[village], start + 20)
    return _Losses(
        household,
        np.where(hit[village], kind[village], "drought"),
        loss[household],
        np.round((loss * share)[household] / 1000) * 1000,
        happened,
        happened + delay[household],
    )


def disaster_relief(world: CountyWorld, t: int) -> pa.Table:
    """Relief for the summer's losses; a part is paid in autumn only."""
    quarter = quarter_at(t)
    # The summer before; whatever the quarter, only what is paid in it is listed.
    losses = _losses_of_summer(world, t - (t + 1) % 4)
    paid = losses.paid_on
    now = (paid >= np.datetime64(quarter.start)) & (paid <= np.datetime64(quarter.end))
    return row_set(
        world,
        "disaster_relief",
        payment_no=vouchers(world, "SZ", t, int(now.sum())),
        household_key=world.people.household_no[losses.household[now]],
        disaster_kind=losses.kind[now],
        loss_amount=losses.loss[now],
        amount=losses.relief[now],
        happened_on=losses.happened_on[now],
        paid_on=paid[now],
    )
