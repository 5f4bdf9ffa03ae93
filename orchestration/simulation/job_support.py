"""Records of what is done for workers: subsidies, services, transfers to Fujian, ranger posts.

Nothing here adds to anybody's income: subsidies are part of a household's other transfers, declared
wages are the wages of the economy.
"""

import numpy as np
import pyarrow as pa

from orchestration.simulation.benefits import old_age_allowance, payment_months
from orchestration.simulation.population import (
    identity_numbers,
    numbered,
    quarter_at,
    quarters_so_far,
)
from orchestration.simulation.work import employer_of, is_paid_in_cash
from orchestration.simulation.world import (
    CountyWorld,
    payee_columns,
    place_columns,
    row_set,
    vouchers,
)

# Share of a year's payments that falls into Q1 … Q4, and of a household's other transfers of the
# quarter that one payment may take up.
_PAID_IN = {
    "employment_award": (0.12, 0.24, 0.27, 0.37),
    "transport": (0.46, 0.20, 0.17, 0.17),
    "social_insurance": (0.25, 0.25, 0.25, 0.25),
    "startup": (0.15, 0.35, 0.30, 0.20),
}
_PART = {"employment_award": 0.45, "transport": 0.35, "social_insurance": 0.1, "startup": 0.1}

_FUJIAN = ["福建省福州市", "福建省厦门市", "福建省泉州市", "福建省漳州市", "福建省宁德市"]

LAST_WORKING_AGE = 59


def employment_subsidies(world: CountyWorld, t: int) -> pa.Table:
    """Awards, transport and other subsidies to workers, each kind once a year to a person."""
    people, work, quarter = world.people, world.economy.employment, quarter_at(t)
    support = world.assumptions.job_support
    works = (work.months[:, max(0, t - 1) : t + 1] > 0).any(axis=1) & people.present(t)
    is_away = work.workplace != "in_county"
    in_business = world.economy.flows["business_other"][:, t] > 0
    kinds = {
        "employment_award": (support.awards_per_year, support.award_yuan, works),
        "transport": (support.transport_per_year, support.transport_yuan, works & is_away),
        "social_insurance": (
            support.social_insurance_per_year,
            support.social_insurance_yuan,
            works & ~is_away,
        ),
        "startup": (
            support.startups_per_year,
            support.startup_yuan,
            works & in_business[people.household],
        ),
    }
    budget = _other_transfers(world, t)
    rng = world.stream("job subsidies", t)
    parts: list[tuple[str, np.ndarray, np.ndarray]] = []
    for kind, (yearly, yuan, is_entitled) in kinds.items():
        turn = world.stream("turn", kind, quarter.start.year).choice(
            4, len(works), p=_PAID_IN[kind]
        )
        limit = budget * _PART[kind] // 10_000 * 10_000
        fits = is_entitled & (turn == quarter.number - 1) & (limit[people.household] >= 10_000)
        candidate = rng.permutation(np.flatnonzero(fits))
        _, first = np.unique(people.household[candidate], return_index=True)
        count = world.scaled(yearly * _PAID_IN[kind][quarter.number - 1])
        person = candidate[np.sort(first)[:count]]
        amount = rng.choice(np.array(yuan) * 100, len(person))
        amount = np.minimum(amount, limit[people.household[person]])
        parts.append((kind, person, amount))
    person = np.concatenate([part[1] for part in parts])
    count = len(person)
    return row_set(
        world,
        "employment_subsidies",
        payment_no=vouchers(world, "JYBT", t, count),
        **payee_columns(world, person),
        subsidy_kind=np.repeat([part[0] for part in parts], [len(part[1]) for part in parts]),
        amount=np.concatenate([part[2] for part in parts]),
        paid_on=np.datetime64(quarter.start) + rng.integers(6, 88, count),
        service_mode=(
            rng.choice(
                ["no_application", "instant", "direct", "ordinary"], count, p=[0.3, 0.2, 0.35, 0.15]
            ),
            rng.random(count) < 0.05,
        ),
    )


def _other_transfers(world: CountyWorld, t: int) -> np.ndarray:
    """Return what households receive in transfers that no other register lists, in fen."""
    people = world.people
    allowance = payment_months(people, t) * old_age_allowance(people, t)
    listed = np.bincount(people.household, weights=allowance, minlength=people.households)
    return np.asarray(world.economy.flows["transfer_other"][:, t] - listed)


def employer_wages(world: CountyWorld, t: int) -> pa.Table:
    """Wages that formal employers declared, by month of work."""
    people, work = world.people, world.economy.employment
    support = world.assumptions.job_support
    is_formal = world.stream("formal employers").random(len(people.household))
    rng = world.stream("declared wages", t)
    keeps = rng.random(len(people.household)) >= world.assumptions.records.missing_share
    keeps &= ~is_paid_in_cash(world)
    here = np.flatnonzero((is_formal < support.formal_share) & (work.months[:, t] > 0) & keeps)
    tenths = work.months[here, t]
    worked = np.clip(tenths[:, None] - 10 * np.arange(3), 0, 10)
    # Whoever begins in the quarter works at its end, others from its beginning.
    begins = work.months[here, t - 1] == 0 if t else np.zeros(len(here), dtype=bool)
    worked = np.where(begins[:, None], worked[:, ::-1], worked)
    row, column = np.nonzero(worked)
    person = here[row]
    error = 1 + rng.normal(0, support.declared_wage_error, len(person))
    wage = work.monthly_wage[person, t] * worked[row, column] / 10 * error
    return row_set(
        world,
        "employer_wages",
        **payee_columns(world, person),
        employer_no=numbered(f"91{people.county.code}MA", employer_of(person), 8),
        wage_month=np.datetime64(quarter_at(t).start, "M") + column,
        declared_wage=np.round(wage / 100) * 100,
    )


def fujian_transfers(world: CountyWorld, t: int) -> pa.Table:
    """Who was moved to work in Fujian, once a year: lifted-out labour and other people."""
    people, work, quarter = world.people, world.economy.employment, quarter_at(t)
    before = (work.months[:, quarters_so_far(t).start : t] > 0).any(axis=1)
    person = np.flatnonzero(work.is_fujian & (work.months[:, t] > 0) & ~before)
    rng = world.stream("fujian", t)
    share = (0.42, 0.28, 0.18, 0.12)
    others, done = (
        world.scaled(world.assumptions.job_support.fujian_others_per_year * part)
        for part in (sum(share[: quarter.number]), sum(share[: quarter.number - 1]))
    )
    # No birthday is used twice in a year, so nobody outside the roster is moved twice.
    days = world.stream("other transfers", quarter.start.year).permutation(12_000)[done:others]
    strangers = identity_numbers(
        np.datetime64("1970-01-01") + days, np.full(len(days), 970 + people.county.index)
    )
    names = people.name[rng.integers(0, len(people.name), len(days))]
    count = len(person) + len(days)
    return row_set(
        world,
        "fujian_transfers",
        person_key=np.r_[people.id_number[person], strangers],
        person_name=np.r_[people.name[person], names],
        started_on=np.datetime64(quarter.start) + rng.integers(2, 80, count),
        destination=(rng.choice(_FUJIAN, count), rng.random(count) < 0.06),
        is_lifted=np.arange(count) < len(person),
        is_point_to_point=(rng.random(count) < 0.8, rng.random(count) < 0.04),
    )


def employment_services(world: CountyWorld, t: int) -> pa.Table:
    """Able adults without work in the quarter, and what was offered to them since 1 January."""
    people, work, quarter = world.people, world.economy.employment, quarter_at(t)
    support = world.assumptions.job_support
    age = people.age(t)
    is_able = np.isin(people.labour_ability(t), ("ordinary", "skilled"))
    is_free = (work.months[:, t] == 0) & (world.economy.benefits.post == 0)
    here = np.flatnonzero(is_able & is_free & (age <= LAST_WORKING_AGE) & people.present(t))
    trait = world.stream("services", quarter.start.year)
    shape = len(people.household)
    is_willing = trait.random(shape) < support.willing_share
    first = np.searchsorted(np.cumsum(support.served_from), trait.random(shape)) + 1
    yearly = 1 + trait.poisson((3, 2.5, 2, 0.8), (shape, 4))
    is_served = (first <= quarter.number) & is_willing
    # What a person gets in a year is spread evenly over its quarters.
    received = np.where(is_served[:, None], -(-yearly * quarter.number // 4), 0)[here]
    rng = world.stream("found work", t)
    starts = work.months[here, t + 1] > 0
    return row_set(
        world,
        "employment_services",
        **payee_columns(world, here),
        is_willing=is_willing[here],
        policy_talks=np.maximum(received[:, 0], 1),
        guidance_sessions=received[:, 1],
        job_offers=received[:, 2],
        training_offers=(received[:, 3], rng.random(len(here)) < 0.05),
        is_employed_now=starts & (rng.random(len(here)) < 0.4),
    )


def ranger_posts(world: CountyWorld, t: int) -> pa.Table:
    """Who holds the post of a forest or grassland ranger at the quarter's end."""
    people, benefits = world.people, world.economy.benefits
    is_ranger = (benefits.post > 0) & (benefits.post_kind == "forest") & ~benefits.is_ghost
    rng = world.stream("rangers")
    persons = len(people.household)
    hired = np.datetime64("2018-01-01") + rng.integers(0, 1500, persons)
    area = np.round(rng.lognormal(7.2, 0.5, persons)) * 100
    is_unmeasured = rng.random(persons) < 0.05
    here = np.flatnonzero(is_ranger & people.present(t))
    return row_set(
        world,
        "ranger_posts",
        **place_columns(world, people.village[people.household[here]]),
        **payee_columns(world, here),
        post_no=numbered(f"GW{people.county.code}", here, 6),
        hired_on=hired[here],
        area_mu=(area[here], is_unmeasured[here]),
        yearly_pay=benefits.post[here] * 12,
    )
