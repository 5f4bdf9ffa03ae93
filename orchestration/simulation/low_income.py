"""Which of the plan's 13 actions reached which low-income household."""

import numpy as np
import pyarrow as pa

from orchestration.simulation.benefits import payment_months
from orchestration.simulation.economy import SUB_ITEMS
from orchestration.simulation.population import quarter_at
from orchestration.simulation.world import CountyWorld, place_columns, row_set, texts


def low_income_households(world: CountyWorld, year: int) -> np.ndarray:
    """Return which households were reported poor, or poorer than before, for an income year."""
    now = _per_person(world, year)
    is_low = now < world.assumptions.low_income.line_yuan * 100
    return is_low if year == 0 else is_low | (now < _per_person(world, year - 1))


def _per_person(world: CountyWorld, year: int) -> np.ndarray:
    reports, last = world.reports, 4 * year + 3
    gross = sum(reports.year_to_date(name, last) for name in SUB_ITEMS)
    cost = reports.year_to_date("production_cost", last) - reports.year_to_date(
        "cost_subsidy", last
    )
    return np.asarray((gross - cost) / world.people.counted_size(last))


def low_income_actions(world: CountyWorld, t: int) -> pa.Table:
    """Actions that began in the quarter for households low in the last complete income year.

    What an action rests on stands in the registers of the quarter: dibao for those who draw it, a
    post for those who hold one. Before the second year there is no report to go by but the first.
    """
    people, knobs = world.people, world.assumptions.low_income
    cycle = t // 4
    is_low = low_income_households(world, max(cycle - 1, 0)) & (people.size(t) > 0)
    rng = world.stream("actions", cycle)
    count = people.households
    wanted = rng.choice(len(knobs.number_of_actions), count, p=knobs.number_of_actions)
    turn = rng.choice(4, count, p=knobs.quarters)
    fits = possible_actions(world, t)
    codes = np.array(list(fits))
    priority = rng.random((count, len(codes)))
    priority = np.where(np.stack(list(fits.values()), axis=1), priority, 2.0)
    order = np.argsort(priority, axis=1)
    rank = np.empty_like(order)
    np.put_along_axis(rank, order, np.arange(len(codes))[None, :], axis=1)
    is_taken = (priority <= 1) & (rank < wanted[:, None]) & (is_low & (turn == t % 4))[:, None]
    household, action = np.nonzero(is_taken)
    rows = len(household)
    draw = world.stream("action rows", t)
    return row_set(
        world,
        "low_income_actions",
        **place_columns(world, people.village[household]),
        household_key=people.household_no[household],
        action_code=codes[action],
        started_on=np.datetime64(quarter_at(t).start) + draw.integers(3, 88, rows),
        expected_increase=(
            np.round(draw.lognormal(7.4, 0.6, rows) / 100) * 10_000,
            draw.random(rows) < 0.08,
        ),
        helper_id=(people.collector[household], draw.random(rows) < 0.03),
    )


def possible_actions(world: CountyWorld, t: int) -> dict[str, np.ndarray]:
    """Return by action which households it fits, as the registers of the quarter say."""
    people, economy = world.people, world.economy
    benefits, work = economy.benefits, economy.employment
    is_paid = payment_months(people, t) > 0
    works = people.present(t) & (work.months[:, t] > 0)

    def of_persons(person: np.ndarray) -> np.ndarray:
        return np.bincount(people.household[person], minlength=people.households) > 0

    def homes_of(dataset: str, column: str, keep: str | None = None) -> np.ndarray:
        """Return whose households stand in a register, in rows of which ``keep`` is not 0."""
        table = world.rows(dataset, t)
        keys = texts(table, column)
        if keep:
            keys = keys[table[keep].to_numpy(zero_copy_only=False).astype(bool)]
        if column == "household_key":
            return np.isin(people.household_no, keys)
        return of_persons(np.isin(people.id_number, keys))

    cards = world.rows("one_card_payments", t)
    awarded = texts(cards, "household_key")[texts(cards, "subsidy_code") == "industry_award"]
    business = economy.flows["business_planting"][:, t] + economy.flows["business_breeding"][:, t]
    trait = world.stream("sales")
    sells, keeps = (trait.random(people.households) < share for share in (0.35, 0.2))
    return {
        "specialty_award": np.isin(people.household_no, awarded),
        "courtyard": homes_of("courtyard_economy", "household_key", "is_accepted"),
        "consumption": sells & (business > 0),
        "trusteeship": keeps & (people.land > 2),
        "employment": of_persons(works),
        "public_post": of_persons(is_paid & (benefits.post > 0) & ~benefits.is_ghost),
        "workshop": of_persons(works & (work.channel == "workshop")),
        "graduate": homes_of("graduates", "person_key", "is_employed"),
        "dibao": of_persons(is_paid & (benefits.dibao > 0)),
        "disability": of_persons(is_paid & (benefits.living + benefits.nursing > 0)),
        "insurance": homes_of("insurance_policies", "household_key"),
        "medical": homes_of("medical_expenses", "person_key", "paid_assistance"),
        "linkage": homes_of("industry_project_households", "household_key"),
    }
