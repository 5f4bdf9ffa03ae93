"""Who wants credit, who is insured, and what insurers paid."""

import numpy as np
import pyarrow as pa

from orchestration.simulation.household_industry import holding_of
from orchestration.simulation.population import quarter_at
from orchestration.simulation.world import CountyWorld, row_set, texts, vouchers

FARM = ("grain_full_cost", "grain_income", "planting", "specialty", "crop_guarantee", "breeding")
PERSONAL = ("accident", "illness_cost", "health")

# Share of a kind's policies that are signed in Q1 … Q4.
_SPRING, _ALL_YEAR, _NEW_YEAR = (
    (0.35, 0.6, 0.05, 0.0),
    (0.2, 0.35, 0.3, 0.15),
    (0.55, 0.1, 0.05, 0.3),
)
# Part of the planted land that a policy covers; together they never exceed it.
_COVERED = {"grain_full_cost": 0.55, "grain_income": 0.2, "planting": 0.25}
_YUAN_PER_MU, _YUAN_PER_HEAD = 26, 48


def credit_demand(world: CountyWorld, t: int) -> pa.Table:
    """Households that were asked for credit; granted are those with a loan on the books."""
    people, finance = world.people, world.assumptions.finance
    has_loan = np.isin(people.household_no, texts(world.rows("microloans", t), "household_key"))
    rng = world.stream("credit", quarter_at(t).start.year)
    lot = rng.random(people.households)
    edges = np.cumsum([finance.waiting_share, finance.unwilling_share, finance.unfit_share])
    answer = np.where(has_loan, 3, np.searchsorted(edges, lot, side="right"))
    answer = np.where(~has_loan & (lot >= edges[-1]), -1, answer)
    # 0 waits, 1 does not want, 2 does not qualify, 3 has a loan
    here = np.flatnonzero((answer >= 0) & (people.size(t) > 0))
    answer = answer[here]
    unfit = rng.choice(["credit_record", "age", "no_project", "other"], people.households)[here]
    waits = rng.choice(["in_process", "no_project", "other"], people.households, p=[0.7, 0.2, 0.1])
    reason = np.where(answer == 0, waits[here], np.where(answer == 2, unfit, ""))
    is_blank = world.stream("credit", t).random(len(here)) < 0.05
    return row_set(
        world,
        "credit_demand",
        household_key=people.household_no[here],
        is_eligible=answer != 2,
        is_willing=answer != 1,
        is_granted=answer == 3,
        refusal_reason=(reason, (reason == "") | is_blank),
    )


def insurance_policies(world: CountyWorld, t: int) -> pa.Table:
    """Policies signed in the quarter; a household keeps its kinds and its season for years."""
    people, finance, quarter = world.people, world.assumptions.finance, quarter_at(t)
    holding = holding_of(world, t)
    head = sum(holding.herds.values())
    count = people.households
    rng = world.stream("insurance")
    churn = world.stream("insurance", quarter.start.year)
    alive = people.size(t) > 0
    parts: list[np.ndarray] = []
    for kind in (*FARM, *PERSONAL):
        season = _ALL_YEAR
        if kind in PERSONAL:
            season = _NEW_YEAR
        elif kind != "breeding":
            season = _SPRING
        signs = rng.random(count) < finance.insured[kind]
        signs ^= churn.random(count) < 0.05
        turn = rng.choice(4, count, p=season) + 1
        fits = alive & signs & (turn == quarter.number)
        if kind == "breeding":
            fits &= head > 0
        elif kind in FARM:
            fits &= holding.planted >= 1
        parts.append(np.flatnonzero(fits))
    household = np.concatenate(parts)
    kinds = np.repeat([*FARM, *PERSONAL], [len(part) for part in parts])
    rows = len(household)
    draw = world.stream("policies", t)
    covered = np.select([kinds == name for name in _COVERED], list(_COVERED.values()), 0.0)
    area = np.floor(holding.planted[household] * covered * draw.uniform(0.8, 1.0, rows) * 10) / 10
    animals = np.where(kinds == "breeding", np.asarray(head)[household], 0)
    by_size = area * _YUAN_PER_MU + np.minimum(animals, 20) * _YUAN_PER_HEAD
    flat = draw.choice([60, 100, 120, 150, 200], rows)
    premium = np.clip(np.round(np.where(by_size > 0, by_size, flat)), *finance.premium) * 100
    own = np.where(np.isin(kinds, PERSONAL), draw.choice([0.5, 0.8, 1.0], rows), 0.2)
    signed = np.datetime64(quarter.start) + draw.integers(1, 89, rows)
    return row_set(
        world,
        "insurance_policies",
        policy_no=vouchers(world, "BX", t, rows),
        household_key=people.household_no[household],
        insurance_kind=kinds,
        insured_area_mu=(np.round(area * 100), covered == 0),
        insured_head=(animals, animals == 0),
        premium=premium,
        premium_self_paid=np.round(premium * own),
        signed_on=signed,
        ends_on=signed + 364,
    )


def insurance_claims(world: CountyWorld, t: int) -> pa.Table:
    """Claims paid in the quarter on policies of the two quarters before."""
    finance, quarter = world.assumptions.finance, quarter_at(t)
    policies = pa.concat_tables(
        [world.rows("insurance_policies", q) for q in (t - 2, t - 1) if q >= 0]
        or [world.rows("insurance_policies", t).slice(0, 0)]
    )
    rng = world.stream("claims on policies", t)
    people = world.people
    household = np.searchsorted(people.household_no, texts(policies, "household_key"))
    is_hit = world.economy.is_hit[household, t // 4]
    share = np.where(is_hit, finance.hit_claim_share, finance.claim_share)
    chosen = np.flatnonzero(rng.random(policies.num_rows) < share)
    policies = policies.take(pa.array(chosen))
    rows = policies.num_rows
    kind = texts(policies, "insurance_kind")
    weather = rng.choice(
        ["drought", "hail", "frost", "flood"], rows, p=_WEATHER[quarter.number - 1]
    )
    person = np.where(kind == "accident", "accident", "illness")
    cause = np.where(np.isin(kind, PERSONAL), person, weather)
    cause = np.where(kind == "breeding", "disease", cause)
    cause = np.where(rng.random(rows) < 0.05, "other", cause)
    start = np.datetime64(quarter.start)
    signed = policies["signed_on"].to_numpy()
    happened = np.maximum(start + rng.integers(-40, 50, rows), signed + 2)
    amount = np.round(rng.lognormal(np.log(finance.claim_yuan), 0.6, rows)) * 100
    return row_set(
        world,
        "insurance_claims",
        claim_no=vouchers(world, "PA", t, rows),
        policy_no=texts(policies, "policy_no"),
        household_key=texts(policies, "household_key"),
        loss_cause=cause,
        claim_amount=amount,
        happened_on=happened,
        paid_on=np.maximum(happened, start) + rng.integers(6, 36, rows),
    )


_WEATHER = (
    (0.2, 0.0, 0.8, 0.0),
    (0.45, 0.2, 0.35, 0.0),
    (0.5, 0.25, 0.0, 0.25),
    (0.3, 0.05, 0.55, 0.1),
)
"""Shares of drought, hail, frost and flood among losses of crops in Q1 … Q4."""
