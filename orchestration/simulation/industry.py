"""Records of village collectives, industry projects and loans."""

import numpy as np
import pyarrow as pa

from orchestration.simulation.apportion import end_of
from orchestration.simulation.loans import borrowers, loan_book
from orchestration.simulation.population import numbered, quarter_at
from orchestration.simulation.world import (
    CountyWorld,
    payee_columns,
    place_columns,
    row_set,
    vouchers,
)

_SURPLUS, _DIVIDEND = 0.35, 0.20


def village_dividends(world: CountyWorld, t: int) -> pa.Table:
    """Dividends of collectives and assets and photovoltaic income, by voucher."""
    people, benefits = world.people, world.economy.benefits
    number = quarter_at(t).number
    nothing = np.zeros(people.households, dtype=np.int64)
    sources = {
        "collective": benefits.collective_dividend[:, t],
        "asset": np.where(benefits.asset_paid_in == number, benefits.asset_dividend, 0),
        "photovoltaic": benefits.photovoltaic if number in (2, 4) else nothing,
    }
    rows = {kind: np.flatnonzero(amount) for kind, amount in sources.items()}
    household = np.concatenate(list(rows.values()))
    kind = np.repeat(list(rows), [len(index) for index in rows.values()])
    order = np.argsort(people.village[household], kind="stable")
    household, kind = household[order], kind[order]
    amount = np.concatenate([sources[name][index] for name, index in rows.items()])[order]
    place = place_columns(world, people.village[household])
    names = [place.name.replace("村民委员会", "村委会") for place in people.places]
    payer = np.array([name.replace("村委会", "村") + "股份经济合作社" for name in names])
    rng = world.stream("dividends", t)
    return row_set(
        world,
        "village_dividends",
        **place,
        voucher_no=vouchers(world, "FH", t, len(household)),
        household_key=people.household_no[household],
        dividend_kind=kind,
        payer_name=payer[people.village[household]],
        amount=amount,
        paid_on=np.datetime64(quarter_at(t).start) + rng.integers(40, 88, len(household)),
    )


def village_collective_income(world: CountyWorld, t: int) -> pa.Table:
    """Income, surplus and dividends of each village collective since 1 January."""
    people, benefits = world.people, world.economy.benefits
    quarter = quarter_at(t)
    villages = len(people.places)
    year = benefits.village_income[:, quarter.start.year - 2022]
    share = (0.18, 0.42, 0.68, 1.0)[quarter.number - 1]
    income = np.round(year * share / 100).astype(np.int64) * 100
    surplus = np.round(income * _SURPLUS / 100).astype(np.int64) * 100
    to_low = np.bincount(
        people.village, weights=benefits.collective_dividend[:, t], minlength=villages
    ).astype(np.int64)
    paid = np.maximum(to_low, np.where(to_low > 0, surplus * _DIVIDEND, 0)).astype(np.int64)
    paid = np.round(paid / 100).astype(np.int64) * 100
    return row_set(
        world,
        "village_collective_income",
        **place_columns(world, np.arange(villages)),
        operating_income=income,
        surplus=surplus,
        dividends_paid=paid,
        dividends_low_income=to_low,
    )


def projects(world: CountyWorld) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Return project numbers, which operate, which have a linkage, and every household's project.

    The last array is [household, 2]: a first and, for a few, a second project (-1 for none).
    """
    people, assets = world.people, world.assumptions.assets
    rng = world.stream("projects")
    share = people.households / world.assumptions.households_at_full_scale
    total = max(2, round(assets.projects_at_full_scale * share))
    number = numbered(f"XM{people.county.code}", np.arange(total) + 1, 4)
    operates = rng.random(total) < assets.operating_share
    operates[0] = True
    has_linkage = rng.random(total) < assets.linkage_share
    running = np.flatnonzero(operates)
    chosen = running[rng.integers(0, len(running), (people.households, 2))]
    chosen[rng.random(people.households) > assets.carried_share, 0] = -1
    is_single = (rng.random(people.households) > 0.12) | (chosen[:, 0] == chosen[:, 1])
    chosen[is_single | (chosen[:, 0] < 0), 1] = -1
    return number, operates, has_linkage, chosen


def carried_households(world: CountyWorld, t: int) -> tuple[np.ndarray, np.ndarray]:
    """Return (household, project) pairs of the quarter; coverage grows over the first two years."""
    _, _, _, chosen = projects(world)
    joins = world.stream("joining").random(len(chosen))
    is_in = joins < min(1.0, 0.90 + 0.0125 * t)
    household, column = np.nonzero((chosen >= 0) & is_in[:, None])
    alive = world.people.size(t)[household] > 0
    return household[alive], chosen[household, column][alive]


def industry_projects(world: CountyWorld, t: int) -> pa.Table:
    """The projects with their state and how many households they carry."""
    people = world.people
    number, operates, has_linkage, _ = projects(world)
    household, project = carried_households(world, t)
    total = len(number)
    rng = world.stream("project details")
    batch = np.where(
        operates,
        rng.choice(["consolidate", "upgrade"], total, p=[0.7, 0.3]),
        rng.choice(["revive", "adjust"], total),
    )
    mode = rng.choice(
        ["leading_enterprise", "cooperative_farm", "two_leaders", "industrial_park"],
        total,
        p=[0.25, 0.45, 0.2, 0.1],
    )
    kinds = np.array(
        ["肉牛养殖", "滩羊养殖", "冷凉蔬菜", "枸杞", "黄花菜", "马铃薯", "中药材", "光伏", "冷链"]
    )
    per_project = np.bincount(project, minlength=total)
    borrows = borrowers(people, world.assumptions, seed=world.seed)
    loans = np.bincount(project, weights=borrows[household], minlength=total)
    return row_set(
        world,
        "industry_projects",
        project_no=number,
        project_name=np.char.add(
            np.char.add(people.county.name, kinds[rng.integers(0, len(kinds), total)]), "产业项目"
        ),
        project_batch=batch,
        is_operating=operates,
        bridging_funds=np.round(rng.lognormal(13.3, 0.8, total)).astype(np.int64) * 100,
        has_linkage=has_linkage,
        linkage_mode=(mode, ~has_linkage),
        households_carried=per_project,
        microloan_households=np.floor(loans * 0.6),
    )


def industry_project_households(world: CountyWorld, t: int) -> pa.Table:
    """Which household is carried by which project, and how."""
    people = world.people
    number, _, _, _ = projects(world)
    household, project = carried_households(world, t)
    rng = world.stream("benefit kinds")
    kind = rng.choice(
        ["employment", "dividend", "order", "land_rent", "custody"],
        people.households,
        p=[0.25, 0.3, 0.22, 0.13, 0.1],
    )
    yearly = rng.lognormal(6.9, 0.6, people.households)
    amount = np.round(yearly * quarter_at(t).number / 40).astype(np.int64) * 1000
    return row_set(
        world,
        "industry_project_households",
        project_no=number[project],
        household_key=people.household_no[household],
        benefit_kind=kind[household],
        benefit_amount=amount[household],
    )


def microloans(world: CountyWorld, t: int) -> pa.Table:
    """Loans that are open or fell due in the quarter."""
    people = world.people
    book = loan_book(people, world.assumptions, t, seed=world.seed)
    heads = people.heads(t)
    household = np.flatnonzero(book.is_open & (heads >= 0))
    is_due = book.due[household] <= end_of(t)
    overdue = is_due & book.is_bad[household]
    number = np.char.add(people.household_no[household], book.turn[household].astype(str))
    return row_set(
        world,
        "microloans",
        loan_no=np.char.add("JJ", number),
        household_key=people.household_no[household],
        **payee_columns(world, heads[household]),
        loan_kind=book.kind[household],
        principal=book.principal[household],
        disbursed_on=book.disbursed[household],
        due_on=book.due[household],
        balance=np.where(is_due & ~overdue, 0, book.principal[household]),
        is_overdue=overdue,
    )
