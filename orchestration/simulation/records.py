"""The rows of every dataset for one county and quarter, as departments have them on record.

A row set is an Arrow table whose columns are named by the contract. Decimals are whole numbers
scaled by the contract (fen for yuan), codes are canonical; how a cell looks in a file is the
business of ``writers``. Departments derive their records from the same truth as the households'
reports, with honest noise: a few rows missing, a few booked on another member of the family, wages
as the employer states them.
"""

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import pyarrow as pa

from orchestration.contracts import Contract
from orchestration.simulation.assumptions import Assumptions
from orchestration.simulation.economy import (
    BUSINESS,
    PROPERTY,
    TRANSFER,
    WAGE,
    Economy,
    old_age_allowance,
    payment_months,
    post_payments,
)
from orchestration.simulation.plants import Planting
from orchestration.simulation.population import (
    DIED,
    RELATIONS,
    Population,
    identity_numbers,
    numbered,
    quarter_at,
)
from orchestration.simulation.randomness import stream
from orchestration.simulation.reports import Reports

_SURPLUS, _DIVIDEND = 0.35, 0.20


@dataclass
class CountyWorld:
    """Everything that is known about one county: the source of all its rows."""

    people: Population
    economy: Economy
    reports: Reports
    planting: Planting
    assumptions: Assumptions
    contracts: dict[str, Contract]
    seeds: Path
    seed: int

    def stream(self, *names: object) -> np.random.Generator:
        """Return a random stream of this county."""
        return stream(self.seed, self.people.county.code, *names)


def county_rows(world: CountyWorld, t: int) -> dict[str, pa.Table]:
    """Return the rows of every dataset that concerns the county in quarter ``t``."""
    return {name: build(world, t) for name, build in _BUILDERS.items()}


def _table(world: CountyWorld, dataset: str, **columns: object) -> pa.Table:
    """Assemble a table in the contract's column order; a tuple is (values, is_null)."""
    arrays = {}
    for column in world.contracts[dataset].columns:
        values = columns.pop(column.name, None)
        if values is None:
            continue
        is_null = None
        if isinstance(values, tuple):
            values, is_null = values
        array = np.asarray(values)
        if column.kind in ("date", "month"):
            array = array.astype("datetime64[D]")
        elif column.kind in ("decimal", "integer"):
            array = array.astype(np.int64)
        arrays[column.name] = pa.array(array, mask=is_null)
    if columns:
        raise KeyError(f"{dataset} has no columns {sorted(columns)}")
    length = max(len(array) for array in arrays.values())
    if "county_code" not in arrays:
        name = world.people.county.name
        filled = pa.array([name]).dictionary_encode().take(pa.array(np.zeros(length, np.int64)))
        arrays["county_code"] = filled.cast(pa.string())
    order = [c.name for c in world.contracts[dataset].columns if c.name in arrays]
    return pa.table({name: arrays[name] for name in order})


def _place(world: CountyWorld, village: np.ndarray) -> dict[str, np.ndarray]:
    places = world.people.places
    return {
        "township_name": np.array([place.township for place in places])[village],
        "village_code": np.array([place.name for place in places])[village],
    }


def _payee(world: CountyWorld, person: np.ndarray) -> dict[str, np.ndarray]:
    people = world.people
    return {"person_key": people.id_number[person], "person_name": people.name[person]}


def _listed(world: CountyWorld, t: int) -> np.ndarray:
    """Return the households on the roster: those that had a member when the income year began."""
    return np.flatnonzero(world.people.size(t - t % 4) > 0)


def _household_roster(world: CountyWorld, t: int) -> pa.Table:
    people = world.people
    listed = _listed(world, t)
    head = np.maximum(people.heads(t - t % 4), people.heads(t))[listed]
    is_stable = people.household_type[listed] == "lifted"
    return _table(
        world,
        "household_roster",
        **_place(world, people.village[listed]),
        household_key=people.household_no[listed],
        head_name=people.name[head],
        head_person_key=people.id_number[head],
        household_type=people.household_type[listed],
        household_size=people.counted_size(t)[listed],
        registered_size=people.size(t)[listed],
        cultivated_land_mu=np.round(people.land[listed] * 100),
        forest_land_mu=np.round(people.forest[listed] * 100),
        grassland_mu=np.round(people.grass[listed] * 100),
        is_relocated=people.is_relocated[listed],
        monitored_since=(people.monitored_since[listed], is_stable),
        is_risk_resolved=(people.is_risk_resolved[listed], is_stable),
    )


def _person_roster(world: CountyWorld, t: int) -> pa.Table:
    people = world.people
    is_listed = np.zeros(people.households, dtype=bool)
    is_listed[_listed(world, t)] = True
    leaves = people.left == t
    here = np.flatnonzero((people.present(t) | leaves) & is_listed[people.household])
    head = people.heads(t)[people.household[here]]
    came = (people.entered[here] == t) & (t > 0)
    # Whoever left in the quarter is listed once more, as a decrease, and not counted as a member.
    change = np.select([leaves[here], came], ["natural_decrease", "natural_increase"], "")
    return _table(
        world,
        "person_roster",
        **_place(world, people.village[people.household[here]]),
        household_key=people.household_no[people.household[here]],
        **_payee(world, here),
        relation_to_head=np.where(
            here == head,
            "head",
            np.where(people.relation[here] == 0, "other", RELATIONS[people.relation[here]]),
        ),
        sex=np.where(people.is_male[here], "male", "female"),
        birth_month=people.born_on[here].astype("datetime64[M]"),
        health_status=people.health(t)[here],
        labour_ability=people.labour_ability(t)[here],
        is_student=people.is_student(t)[here],
        member_change=(change, change == ""),
    )


def _household_income_report(world: CountyWorld, t: int) -> pa.Table:
    people, reports = world.people, world.reports
    listed = _listed(world, t)
    head = np.maximum(people.heads(t - t % 4), people.heads(t))[listed]
    rng = world.stream("signature", t)
    count = len(listed)
    item = {name: reports.year_to_date(name, t)[listed] for name in reports.flows}
    totals = {
        "wage_income": sum(item[name] for name in WAGE),
        "business_income": sum(item[name] for name in BUSINESS),
        "property_income": sum(item[name] for name in PROPERTY),
        "transfer_income": sum(item[name] for name in TRANSFER),
    }
    total = sum(totals.values())
    net = total - item["production_cost"] + item["cost_subsidy"]
    size = people.counted_size(t)[listed]
    end = np.datetime64(quarter_at(t).end)
    signed = end - rng.integers(0, 20, count)
    edited = (end + rng.integers(1, 10, count)).astype("datetime64[s]")
    edited = edited + rng.integers(8 * 3600, 18 * 3600, count)
    is_signed = rng.random(count) < 0.97
    return _table(
        world,
        "household_income_report",
        **_place(world, people.village[listed]),
        household_key=people.household_no[listed],
        head_name=people.name[head],
        head_person_key=people.id_number[head],
        household_size=size,
        **item,
        **totals,
        total_income=total,
        net_income=net,
        per_capita_net_income=np.sign(net) * ((2 * np.abs(net) + size) // (2 * size)),
        collector_id=people.collector[listed],
        is_signed_by_farmer=is_signed,
        signed_on=(signed, ~is_signed),
        last_edited_at=edited,
    )


def _employment_records(world: CountyWorld, t: int) -> pa.Table:
    people, work = world.people, world.economy.employment
    records = world.assumptions.records
    rng = world.stream("employment", t)
    months = work.months[:, t]
    keeps = rng.random(len(months)) >= records.missing_share
    here = np.flatnonzero((months > 0) & keeps)
    bias = world.stream("record bias").normal(0, records.village_bias, len(people.places))
    error = rng.normal(0, records.wage_error / 2, len(here))
    village = people.village[people.household[here]]
    wage = work.monthly_wage[here, t] * (1 + error + bias[village])
    started, ended = _spells(world, t)
    workshop = work.workshop[here]
    code = people.county.code
    place = work.workplace[here]
    return _table(
        world,
        "employment_records",
        **_payee(world, _some_wrong(world, here, rng, t)),
        workplace_kind=place,
        workplace_name=_workplace_names(world, place, rng),
        employer_name=_employers(here, work.channel[here]),
        employment_channel=work.channel[here],
        workshop_no=(_workshop_no(code, workshop), workshop < 0),
        started_on=started[here],
        ended_on=(ended[here], np.isnat(ended[here])),
        months_in_quarter=months[here],
        monthly_wage=np.round(wage / 1000) * 1000,
        is_fujian_transfer=work.is_fujian[here],
    )


def _spells(world: CountyWorld, t: int) -> tuple[np.ndarray, np.ndarray]:
    """Return first and last day of everybody's employment that touches quarter ``t``."""
    months = world.economy.employment.months
    started = np.full(len(months), np.datetime64("2022-02-15"))
    started -= world.stream("first job").integers(0, 300, len(months))
    for step in range(t + 1):
        begins = (months[:, step] > 0) & (
            (step > 0) & ((months[:, step - 1] == 0) | (months[:, step - 1] < 15))
        )
        days = 91 - np.minimum(months[:, step] * 3, 90)
        first = np.datetime64(quarter_at(step).start) + days
        started = np.where(begins, first, started)
    ends = (months[:, t] < 30) & ((months[:, t + 1] == 0) | (months[:, t] < 15))
    begins_now = started >= np.datetime64(quarter_at(t).start)
    last = np.datetime64(quarter_at(t).start) + months[:, t] * 3
    last = np.where(begins_now, np.datetime64(quarter_at(t).end), last)
    return started, np.where(ends, last, np.datetime64("NaT"))


def _some_wrong(
    world: CountyWorld, person: np.ndarray, rng: np.random.Generator, t: int
) -> np.ndarray:
    """Book a few rows on another member of the same household who has no row of their own."""
    people = world.people
    wrong = rng.random(len(person)) < world.assumptions.records.wrong_person_share
    neighbour = np.minimum(person + 1, len(people.household) - 1)
    fits = people.household[neighbour] == people.household[person]
    fits &= ~np.isin(neighbour, person) & people.present(t)[neighbour]
    return np.where(wrong & fits, neighbour, person)


_CITIES = {
    "outside_province": [
        "福建省福州市",
        "内蒙古阿拉善盟",
        "陕西省西安市",
        "新疆哈密市",
        "江苏省苏州市",
    ],
    "outside_county": ["银川市", "吴忠市", "石嘴山市", "中卫市", "宁东能源化工基地"],
}


def _workplace_names(world: CountyWorld, place: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    pick = rng.integers(0, 5, len(place))
    return np.select(
        [place == kind for kind in _CITIES],
        [np.array(names)[pick] for names in _CITIES.values()],
        world.people.county.name,
    )


def _employers(person: np.ndarray, channel: np.ndarray) -> np.ndarray:
    kinds = np.array(
        ["建筑劳务", "枸杞种植", "食品加工", "物流", "服装", "餐饮管理", "新能源", "保洁服务"]
    )
    heads = np.array(["兴农", "塞上", "丰泽", "六盘", "贺兰山", "清水河", "富民", "同兴", "恒远"])
    draw = (person * 2654435761) % 72
    name = np.char.add(np.char.add(heads[draw % 9], kinds[draw % 8]), "有限公司（虚构）")
    return np.where(channel == "workshop", np.char.add(heads[draw % 9], "就业帮扶车间"), name)


def _workshop_no(code: str, number: np.ndarray) -> np.ndarray:
    return numbered(f"CJ-{code}-", number + 1, 3)


def _public_welfare_payroll(world: CountyWorld, t: int) -> pa.Table:
    people, benefits = world.people, world.economy.benefits
    paid = post_payments(people, benefits, t, with_ghosts=True)
    person, column = np.nonzero(paid)
    waiting = np.flatnonzero(_unpaid_posts(world, t))
    is_paid = np.r_[np.ones(len(person), dtype=bool), np.zeros(len(waiting), dtype=bool)]
    amount = np.r_[paid[person, column], benefits.post[waiting]]
    person, column = np.r_[person, waiting], np.r_[column, np.full(len(waiting), 3)]
    start = np.datetime64(quarter_at(t).start, "M")
    month = start + (column - 1)
    rng = world.stream("payroll", t)
    paid_on = np.maximum(month, start).astype("datetime64[D]") + rng.integers(9, 26, len(person))
    return _table(
        world,
        "public_welfare_payroll",
        **_payee(world, person),
        post_no=numbered(f"GW{people.county.code}", person, 6),
        post_kind=benefits.post_kind[person],
        pay_month=month,
        amount=amount,
        paid_on=(paid_on, ~is_paid),
        payment_status=np.where(is_paid, "paid", "pending"),
    )


def _unpaid_posts(world: CountyWorld, t: int) -> np.ndarray:
    """Return whose pay of the quarter's last month has not come when the quarter ends."""
    people, benefits = world.people, world.economy.benefits
    is_due = (payment_months(people, t) == 3) & (benefits.post > 0)
    return np.asarray(is_due & benefits.is_post_late[people.household, t])


def _monthly(
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


def _pension_payments(world: CountyWorld, t: int) -> pa.Table:
    people, benefits = world.people, world.economy.benefits
    amount = np.where(people.age(t) >= 60, benefits.pension, 0)
    person, month, day, paid = _monthly(world, t, amount, "pension", 8)
    return _table(
        world,
        "pension_payments",
        **_payee(world, person),
        pension_kind=np.where(benefits.is_employee_pension[person], "employee", "resident"),
        pay_month=month,
        amount=paid,
        paid_on=day,
    )


def _dibao_payments(world: CountyWorld, t: int) -> pa.Table:
    people, benefits = world.people, world.economy.benefits
    person, month, day, paid = _monthly(world, t, benefits.dibao, "dibao", 10)
    return _table(
        world,
        "dibao_payments",
        household_key=people.household_no[people.household[person]],
        **_payee(world, person),
        relief_kind=np.where(benefits.is_destitute[person], "destitute", "dibao"),
        pay_month=month,
        amount=paid,
        paid_on=day,
    )


def _disability_subsidies(world: CountyWorld, t: int) -> pa.Table:
    benefits = world.economy.benefits
    parts = [
        (*_monthly(world, t, amount, kind, 12), kind)
        for kind, amount in (("living", benefits.living), ("nursing", benefits.nursing))
    ]
    person = np.concatenate([part[0] for part in parts])
    return _table(
        world,
        "disability_subsidies",
        **_payee(world, person),
        subsidy_kind=np.repeat([part[4] for part in parts], [len(part[0]) for part in parts]),
        pay_month=np.concatenate([part[1] for part in parts]),
        amount=np.concatenate([part[3] for part in parts]),
        paid_on=np.concatenate([part[2] for part in parts]),
    )


def _one_card_payments(world: CountyWorld, t: int) -> pa.Table:
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
    return _table(
        world,
        "one_card_payments",
        payment_no=numbered(
            f"YKT{people.county.code}{quarter_at(t).label}", np.arange(count) + 1, 7
        ),
        household_key=people.household_no[household],
        **_payee(world, np.concatenate([part[2] for part in parts])),
        subsidy_code=np.repeat([part[0] for part in parts], [len(part[1]) for part in parts]),
        due_amount=due,
        amount=np.where(is_paid, due, 0),
        due_on=due_on,
        paid_on=(due_on + rng.integers(0, 25, count), ~is_paid),
        payment_status=np.where(is_paid, "paid", "pending"),
    )


def _vouchers(world: CountyWorld, prefix: str, t: int, count: int) -> np.ndarray:
    label = quarter_at(t).label
    return numbered(f"{prefix}{world.people.county.code}{label}", np.arange(count) + 1, 6)


def _ecological_compensation(world: CountyWorld, t: int) -> pa.Table:
    people, benefits = world.people, world.economy.benefits
    pays = benefits.compensated_in == quarter_at(t).number
    grass, forest = (
        np.flatnonzero(pays & (amount > 0))
        for amount in (benefits.grassland, benefits.returned_farmland)
    )
    household = np.concatenate([grass, forest])
    rng = world.stream("ecological", t)
    return _table(
        world,
        "ecological_compensation",
        voucher_no=_vouchers(world, "ST", t, len(household)),
        household_key=people.household_no[household],
        compensation_kind=np.repeat(["grassland", "returned_farmland"], [len(grass), len(forest)]),
        area_mu=np.round(np.concatenate([people.grass[grass], people.forest[forest]]) * 100),
        amount=np.concatenate([benefits.grassland[grass], benefits.returned_farmland[forest]]),
        paid_on=np.datetime64(quarter_at(t).start) + rng.integers(30, 85, len(household)),
    )


def _village_dividends(world: CountyWorld, t: int) -> pa.Table:
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
    place = _place(world, people.village[household])
    names = [place.name.replace("村民委员会", "村委会") for place in people.places]
    payer = np.array([name.replace("村委会", "村") + "股份经济合作社" for name in names])
    rng = world.stream("dividends", t)
    return _table(
        world,
        "village_dividends",
        **place,
        voucher_no=_vouchers(world, "FH", t, len(household)),
        household_key=people.household_no[household],
        dividend_kind=kind,
        payer_name=payer[people.village[household]],
        amount=amount,
        paid_on=np.datetime64(quarter_at(t).start) + rng.integers(40, 88, len(household)),
    )


def _village_collective_income(world: CountyWorld, t: int) -> pa.Table:
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
    return _table(
        world,
        "village_collective_income",
        **_place(world, np.arange(villages)),
        operating_income=income,
        surplus=surplus,
        dividends_paid=paid,
        dividends_low_income=to_low,
    )


def _workshops(world: CountyWorld, t: int) -> pa.Table:
    people, work = world.people, world.economy.employment
    total = max(1, work.workshop.max() + 1)
    number = np.arange(total)
    there = (work.workshop >= 0) & (work.months[:, t] > 0)
    lifted = np.bincount(work.workshop[there], minlength=total)
    wages = np.bincount(work.workshop[there], weights=work.wages[there, t], minlength=total)
    rng = world.stream("workshops")
    others = rng.integers(2, 20, total)
    batch = rng.choice(["consolidate", "new", "exit"], total, p=[0.75, 0.18, 0.07])
    village = rng.integers(0, len(people.places), total)
    state = np.where(lifted > 0, "operating", np.where(batch == "exit", "exited", "suspended"))
    others = np.where(lifted > 0, others, 0)
    per_head = np.where(lifted > 0, wages / np.maximum(lifted, 1), 0)
    names = np.char.add(np.array([f"{p.township}" for p in people.places])[village], "就业帮扶车间")
    return _table(
        world,
        "workshops",
        township_name=_place(world, village)["township_name"],
        workshop_no=_workshop_no(people.county.code, number),
        workshop_name=names,
        workshop_state=state,
        workshop_batch=batch,
        employees=lifted + others,
        lifted_employees=lifted,
        wages_paid=np.round(wages + per_head * others),
    )


def _projects(world: CountyWorld) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
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


def _carried(world: CountyWorld, t: int) -> tuple[np.ndarray, np.ndarray]:
    """Return (household, project) pairs of the quarter; coverage grows over the first two years."""
    _, _, _, chosen = _projects(world)
    joins = world.stream("joining").random(len(chosen))
    is_in = joins < min(1.0, 0.90 + 0.0125 * t)
    household, column = np.nonzero((chosen >= 0) & is_in[:, None])
    alive = world.people.size(t)[household] > 0
    return household[alive], chosen[household, column][alive]


def _industry_projects(world: CountyWorld, t: int) -> pa.Table:
    people = world.people
    number, operates, has_linkage, _ = _projects(world)
    household, project = _carried(world, t)
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
    carried = np.bincount(project, minlength=total)
    loans = np.bincount(project, weights=_borrowers(world)[household], minlength=total)
    return _table(
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
        households_carried=carried,
        microloan_households=np.floor(loans * 0.6),
    )


def _industry_project_households(world: CountyWorld, t: int) -> pa.Table:
    people = world.people
    number, _, _, _ = _projects(world)
    household, project = _carried(world, t)
    rng = world.stream("benefit kinds")
    kind = rng.choice(
        ["employment", "dividend", "order", "land_rent", "custody"],
        people.households,
        p=[0.25, 0.3, 0.22, 0.13, 0.1],
    )
    yearly = rng.lognormal(6.9, 0.6, people.households)
    amount = np.round(yearly * quarter_at(t).number / 40).astype(np.int64) * 1000
    return _table(
        world,
        "industry_project_households",
        project_no=number[project],
        household_key=people.household_no[household],
        benefit_kind=kind[household],
        benefit_amount=amount[household],
    )


def _borrowers(world: CountyWorld) -> np.ndarray:
    share = world.assumptions.assets.loan_share * 28 / 24
    return world.stream("borrowers").random(world.people.households) < share


def _microloans(world: CountyWorld, t: int) -> pa.Table:
    people = world.people
    quarter = quarter_at(t)
    rng = world.stream("loans")
    households = people.households
    first = rng.integers(-28, 0, households)
    kind = rng.choice(["microcredit", "enrich"], households, p=[0.88, 0.12])
    principal = rng.choice([20_000, 30_000, 50_000], households, p=[0.2, 0.35, 0.45]) * 100
    day = rng.integers(0, 28, households)
    bad = rng.random(households) < 0.006
    # A borrower takes a new loan every 28 months and has it for 24.
    month = (quarter.start.year - 2022) * 12 + quarter.start.month - 10 + 2
    turn = (month - first) // 28
    begun = np.datetime64("2022-10") + (first + 28 * turn)
    disbursed = begun.astype("datetime64[D]") + day
    due = (begun + 24).astype("datetime64[D]") + day
    is_open = (due >= np.datetime64(quarter.start)) & (disbursed <= np.datetime64(quarter.end))
    heads = people.heads(t)
    household = np.flatnonzero(_borrowers(world) & is_open & (heads >= 0))
    is_due = due[household] <= np.datetime64(quarter.end)
    overdue = is_due & bad[household]
    number = np.char.add(people.household_no[household], turn[household].astype(str))
    return _table(
        world,
        "microloans",
        loan_no=np.char.add("JJ", number),
        household_key=people.household_no[household],
        **_payee(world, heads[household]),
        loan_kind=kind[household],
        principal=principal[household],
        disbursed_on=disbursed[household],
        due_on=due[household],
        balance=np.where(is_due & ~overdue, 0, principal[household]),
        is_overdue=overdue,
    )


def _deaths(world: CountyWorld, t: int) -> pa.Table:
    people, quarter = world.people, quarter_at(t)
    died = people.leave_reason == DIED
    rng = world.stream("death registration")
    is_late = rng.random(len(died)) < world.assumptions.records.late_registration_share
    delay = rng.integers(1, 25, len(died))
    in_time, later = (people.left == t) & ~is_late, (people.left == t - 1) & is_late
    person = np.flatnonzero(died & (in_time | later))
    registered = np.where(
        is_late[person],
        np.datetime64(quarter.start) + delay[person],
        np.minimum(people.left_on[person] + delay[person], np.datetime64(quarter.end)),
    )
    # The register knows everybody's death, not only those of lifted-out people.
    others = world.stream("other deaths", t)
    count = 1 + others.poisson(people.households / 400)
    born = np.datetime64("1930-01-01") + others.integers(0, 12_000, count)
    day = np.datetime64(quarter.start) + others.integers(0, 80, count)
    name = people.name[others.integers(0, len(people.name), count)]
    return _table(
        world,
        "deaths",
        person_key=np.r_[
            people.id_number[person], identity_numbers(born, others.integers(970, 1000, count))
        ],
        person_name=np.r_[people.name[person], name],
        died_on=np.r_[people.left_on[person], day],
        registered_on=np.r_[registered, day + 5],
    )


def _income_survey(world: CountyWorld, t: int) -> pa.Table:
    people, quarter = world.people, quarter_at(t)
    rng = world.stream("survey", t)
    relative = world.assumptions.records.survey_relative_error
    truth = world.economy.net_year_to_date(t).sum() / people.counted_size(t).sum()
    # The other caliber: all rural residents, calendar year; invented and only loosely related.
    rural = 17_770 * 1.075 ** (quarter.start.year - 2023) * quarter.number / 4 * 100
    mean = np.array([truth, rural])
    error = relative * np.array([1.0, 0.8])
    return _table(
        world,
        "income_survey",
        caliber=np.array(["net", "disposable"]),
        period_start=np.array(
            [np.datetime64(quarter.income_year_start), np.datetime64(f"{quarter.start.year}-01-01")]
        ),
        period_end=np.full(2, np.datetime64(quarter.end)),
        sample_households=np.minimum([140, 120], people.households),
        estimate=np.round(mean * (1 + rng.normal(0, error))),
        standard_error=np.round(mean * error),
    )


def honest_counts(world: CountyWorld, t: int) -> dict[str, float]:
    """Return the county's figure of every indicator, counted over its records since 1 January."""
    people, economy = world.people, world.economy
    benefits, work = economy.benefits, economy.employment
    year = range(max(0, t - quarter_at(t).number + 1), t + 1)
    window = slice(year[0], t + 1)
    works = (work.months[:, window] > 0).any(axis=1)
    _, operates, has_linkage, _ = _projects(world)
    household, project = _carried(world, t)

    def ever(entitled: np.ndarray) -> int:
        return int(np.any([(payment_months(people, q) > 0) & entitled for q in year], axis=0).sum())

    photovoltaic = [q for q in year if quarter_at(q).number in (2, 4)]
    loans = {no for q in year for no in _microloans(world, q)["household_key"].to_pylist()}
    income = _village_collective_income(world, t)
    rich = income["operating_income"].to_numpy() > 20_000_000
    surplus = income["surplus"].to_numpy()[rich].sum()
    due = sum((payment_months(people, q) * benefits.post).sum() for q in year)
    waiting = (_unpaid_posts(world, t) * benefits.post).sum()
    late_farmland = benefits.farmland[benefits.is_late[:, t]].sum() / benefits.farmland.sum()
    return {
        "M01-01": operates.sum(),
        "M01-02": len(np.unique(household)),
        "M01-03": len(loans),
        "M03-01": has_linkage.sum(),
        "M03-02": len(np.unique(household[has_linkage[project]])),
        "M06-01": works.sum(),
        "M06-02": (works & (work.workplace == "outside_province")).sum(),
        "M06-03": (works & (work.workplace == "outside_county")).sum(),
        "M06-04": (works & (work.workplace == "in_county")).sum(),
        "M06-05": (works & work.is_fujian).sum(),
        "M08-01": (works & (work.channel == "workshop")).sum(),
        "M09-01": ever(benefits.post > 0),
        "M09-02": 1 - waiting / due if due else 1.0,
        "M12-01": ever((benefits.dibao > 0) & ~benefits.is_destitute),
        "M12-02": ever(benefits.living + benefits.nursing > 0),
        "M14-01": 1 - late_farmland if quarter_at(t).number == 2 else 1.0,
        "M16-01": income["dividends_paid"].to_numpy()[rich].sum() / surplus if surplus else 0.0,
        "M17-01": (benefits.photovoltaic > 0).sum() if photovoltaic else 0,
        "M17-02": benefits.photovoltaic.sum() * len(photovoltaic) / 100,
    }


def _county_measure_report(world: CountyWorld, t: int) -> pa.Table:
    rng = world.stream("claims", t)
    counts = honest_counts(world, t)
    listed = [row for row in load_indicators(world.seeds) if row.indicator_id in counts]
    value = np.array([float(counts[row.indicator_id]) for row in listed])
    is_ratio = np.array([row.unit == "比例" for row in listed])
    error = rng.normal(0, world.assumptions.records.claim_error, len(listed))
    claimed = np.where(is_ratio, value, np.round(value * (1 + error)))
    return _table(
        world,
        "county_measure_report",
        indicator_id=np.array([row.indicator_id for row in listed]),
        indicator_name=np.array([row.title for row in listed]),
        value=np.round(np.maximum(claimed, 0) * 10_000),
        unit_name=np.array([row.unit for row in listed]),
    )


@dataclass(frozen=True)
class Indicator:
    """What a county's measure report says about an indicator besides its value."""

    indicator_id: str
    title: str
    unit: str


@cache
def load_indicators(seeds: Path) -> tuple[Indicator, ...]:
    """Read the indicators' codes, names and units."""
    with (seeds / "indicators.csv").open(encoding="utf-8") as handle:
        return tuple(
            Indicator(row["indicator_id"], row["title_zh"], row["unit_zh"])
            for row in csv.DictReader(handle)
        )


def national_comparators(t: int) -> pa.Table:
    """Return the national figures known at the end of quarter ``t``; invented, and saying so."""
    known = [y for y in range(2022, 2028) if y <= quarter_at(t).income_year - (t % 4 < 3)]
    ids, years, values = [], [], []
    for year in known:
        level = 14_000 * 1.145 ** (year - 2022)
        for name, value in (
            ("net_income_per_capita", round(level, -1)),
            ("net_income_growth", 0.145),
            ("low_income_decline_share", round(0.046 - 0.003 * (year - 2022), 4)),
        ):
            ids.append(name)
            years.append(year)
            values.append(round(value * 10_000))
    return pa.table(
        {
            "comparator_id": ids,
            "income_year": pa.array(years, pa.int64()),
            "value": pa.array(values, pa.int64()),
            "source_citation": ["模拟数据，非官方统计，不得引用"] * len(ids),
        }
    )


_BUILDERS = {
    "household_roster": _household_roster,
    "person_roster": _person_roster,
    "household_income_report": _household_income_report,
    "employment_records": _employment_records,
    "public_welfare_payroll": _public_welfare_payroll,
    "pension_payments": _pension_payments,
    "dibao_payments": _dibao_payments,
    "deaths": _deaths,
    "disability_subsidies": _disability_subsidies,
    "one_card_payments": _one_card_payments,
    "ecological_compensation": _ecological_compensation,
    "village_dividends": _village_dividends,
    "village_collective_income": _village_collective_income,
    "workshops": _workshops,
    "industry_projects": _industry_projects,
    "industry_project_households": _industry_project_households,
    "microloans": _microloans,
    "income_survey": _income_survey,
    "county_measure_report": _county_measure_report,
}
