"""Records of bridging funds, support funds and work-for-relief with its wages."""

import numpy as np
import pyarrow as pa

from orchestration.simulation.apportion import (
    days_between,
    end_of,
    quota,
    year_to_date,
)
from orchestration.simulation.population import numbered, quarter_at
from orchestration.simulation.world import CountyWorld, payee_columns, place_columns, row_set


def bridging_projects(world: CountyWorld, t: int) -> pa.Table:
    """The year's projects with bridging funds that have been allotted so far."""
    people, programmes = world.people, world.assumptions.programmes
    quarter = quarter_at(t)
    year, number = quarter.start.year, quarter.number
    total = len(quota(world, programmes.bridging_projects))
    rng = world.stream("bridging projects", year)
    kinds = programmes.bridging_kinds
    kind = rng.choice(list(kinds), total, p=list(kinds.values()))
    allotted = rng.choice([1, 2, 3, 4], total, p=[0.45, 0.40, 0.13, 0.02])
    budget = np.clip(rng.lognormal(np.log(programmes.bridging_budget), 0.8, total), 3e4, 5e7)
    budget = np.round(budget / 100) * 100
    pace = rng.uniform(0.8, 1.0, total) * np.where(allotted == number, 0.6, 1.0)
    spent = year_to_date(budget * pace, t, (0.12, 0.45, 0.75, 0.98))
    # Some agreements are signed a quarter after the money came.
    signed = allotted + (rng.random(total) < 0.2)
    will_link = rng.random(total) < np.where(
        kind == "operating", programmes.bridging_linkage_share, 0.3
    )
    is_construction = np.isin(kind, ("construction", "living_environment"))
    uses_relief = is_construction & (rng.random(total) < programmes.bridging_work_relief_share)
    benefits = np.ceil(rng.lognormal(3.0, 0.8, total)).astype(np.int64)
    what = np.array(["养殖圈棚", "设施农业", "冷链仓储", "村道硬化", "渠系配套", "人居环境整治"])
    pick = np.select([kind == "living_environment", is_construction], [5, 3], 0) + np.where(
        kind == "operating", rng.integers(0, 3, total), 0
    )
    name = np.char.add(np.char.add(people.county.name, what[pick]), "项目")
    is_stated = rng.random(total) > 0.03
    here = allotted <= number
    return row_set(
        world,
        "bridging_projects",
        project_no=numbered(f"XJ{people.county.code}{year}", np.arange(total) + 1, 4)[here],
        project_name=name[here],
        project_kind=kind[here],
        budget=(budget * 100)[here],
        spent=spent[here],
        has_linkage=(will_link & (signed <= number))[here],
        uses_work_relief=uses_relief[here],
        beneficiary_households=(benefits[here], ~is_stated[here]),
    )


def support_payments(world: CountyWorld) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return village, fen and day of every payment to the supported villages, 2024 and 2025.

    Most villages are paid in two parts.
    """
    programmes, villages = world.assumptions.programmes, len(world.people.places)
    rng = world.stream("support funds")
    village = rng.permutation(villages)[: len(quota(world, programmes.support_villages))]
    count = len(village)
    first = days_between(rng, "2024-04-20", "2025-06-20", count)
    second = first + rng.integers(90, 180, count)
    is_split = rng.random(count) < 0.7
    whole = programmes.support_per_village * 100
    part = np.where(is_split, whole * 6 // 10, whole)
    return (
        np.r_[village, village[is_split]],
        np.r_[part, whole - part[is_split]],
        np.r_[first, second[is_split]],
    )


def village_support_funds(world: CountyWorld, t: int) -> pa.Table:
    """What was paid in the quarter to villages for their collective economy."""
    village, amount, day = support_payments(world)
    number = numbered(f"FC{world.people.county.code}", np.arange(len(village)) + 1, 4)
    here = (day >= np.datetime64(quarter_at(t).start)) & (day <= end_of(t))
    return row_set(
        world,
        "village_support_funds",
        **place_columns(world, village[here]),
        voucher_no=number[here],
        amount=amount[here],
        paid_on=day[here],
    )


_RELIEF_MONTHS = {1: (3,), 2: (4, 5, 6), 3: (7, 8, 9), 4: (10, 11)}
"""Months in which the ground is not frozen, by quarter."""


def _relief_crew(world: CountyWorld, year: int) -> tuple[np.ndarray, np.ndarray]:
    """Return the persons whom the year's projects employ, and their projects' indexes.

    They are adults without a job or a post, one of a household that earns enough casually in the
    year: what they are paid is a part of that casual income.
    """
    people, economy = world.people, world.economy
    programmes = world.assumptions.programmes
    first = 4 * (year - 2023) + 1
    window = slice(max(first, 0), first + 4)
    casual = economy.flows["wage_casual"][:, window]
    has_enough = casual.sum(axis=1) >= programmes.work_relief_least_casual * 100
    fits = has_enough[people.household] & people.present(window.start)
    fits &= (economy.employment.months[:, window] == 0).all(axis=1) & (economy.benefits.post == 0)
    age = people.age(window.start)
    fits &= (age >= 18) & (age < 65) & ~people.is_severe & ~people.is_student(window.start)
    rng = world.stream("work relief", year)
    candidate = rng.permutation(np.flatnonzero(fits))
    _, position = np.unique(people.household[candidate], return_index=True)
    count = len(quota(world, programmes.work_relief_persons))
    person = candidate[np.sort(position)][:count]
    projects = max(1, round(len(person) / programmes.work_relief_crew))
    return person, rng.integers(0, projects, len(person))


def _project_numbers(world: CountyWorld, year: int, project: np.ndarray) -> np.ndarray:
    return numbered(f"YG{world.people.county.code}{year}", project + 1, 4)


def _started_on(world: CountyWorld, year: int, project: np.ndarray) -> np.ndarray:
    """Return the day on which work began, between March and June."""
    rng = world.stream("work relief starts", year)
    count = int(project.max(initial=0)) + 1
    return days_between(rng, f"{year}-03-01", f"{year}-06-25", count)[project]


def work_relief_wages(world: CountyWorld, t: int) -> pa.Table:
    """Wages of work-for-relief by person and month: a part of what the family earns casually."""
    quarter = quarter_at(t)
    year = quarter.start.year
    programmes = world.assumptions.programmes
    person, project = _relief_crew(world, year)
    casual = world.economy.flows["wage_casual"][world.people.household[person], t]
    rng = world.stream("work relief shares", year)
    budget = casual * rng.uniform(*programmes.work_relief_share_of_casual, len(person))
    months = _RELIEF_MONTHS[quarter.number]
    # Nobody works on every day: a few months are left out, and the pay of the others is no higher.
    draw = world.stream("work relief months", t)
    month = np.array([np.datetime64(f"{year}-{m:02d}", "M") for m in months])
    works = draw.random((len(person), len(months))) < 0.8
    started = _started_on(world, year, project).astype("datetime64[M]")
    works &= started[:, None] <= month[None, :]
    works &= world.people.present(t)[person][:, None]
    each = np.floor(budget / np.maximum(works.sum(axis=1), 1) / 1000).astype(np.int64) * 1000
    works &= (each >= 15_000)[:, None]
    row, column = np.nonzero(works)
    paid_on = month[column].astype("datetime64[D]") + draw.integers(20, 28, len(row))
    return row_set(
        world,
        "work_relief_wages",
        project_no=_project_numbers(world, year, project[row]),
        **payee_columns(world, person[row]),
        pay_month=month[column],
        amount=each[row],
        paid_on=paid_on,
    )


def work_relief_projects(world: CountyWorld, t: int) -> pa.Table:
    """The year's work-for-relief projects with central funds and what they say they paid."""
    year = quarter_at(t).start.year
    programmes = world.assumptions.programmes
    wages = world.rows_so_far("work_relief_wages", t)
    paid = wages.group_by("project_no", use_threads=False).aggregate(
        [("amount", "sum"), ("person_key", "count_distinct")]
    )
    paid = paid.sort_by("project_no")
    number = paid["project_no"].to_numpy()
    project = np.array([int(text[-4:]) - 1 for text in number], dtype=np.int64)
    total = int(project.max(initial=0)) + 1
    rng = world.stream("work relief projects", year)
    is_low = rng.random(total) < programmes.work_relief_low_projects
    share = np.where(
        is_low,
        rng.uniform(*programmes.work_relief_low_wage_share, total),
        rng.uniform(*programmes.work_relief_wage_share, total),
    )[project]
    # A few count wages that are not in the list of payments.
    stated = np.where(rng.random(total) < 0.1, rng.uniform(1.0, 1.02, total), 1.0)[project]
    more = (rng.random(total) < 0.05).astype(np.int64)[project]
    what = np.array(["村道硬化", "渠系配套", "生态护坡", "人居环境整治", "梯田整修"])
    amount = paid["amount_sum"].to_numpy()
    name = np.char.add(
        np.char.add(world.people.county.name, what[rng.integers(0, 5, total)[project]]),
        "以工代赈项目",
    )
    return row_set(
        world,
        "work_relief_projects",
        project_no=number.astype("U") if len(number) else np.empty(0, dtype="U1"),
        project_name=name,
        central_funds=np.floor(amount / share / 10_000) * 10_000,
        wages_stated=np.round(amount * stated / 100) * 100,
        workers_stated=paid["person_key_count_distinct"].to_numpy() + more,
        started_on=(_started_on(world, year, project), (rng.random(total) < 0.04)[project]),
    )
