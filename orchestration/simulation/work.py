"""Records of work: employment, public-welfare posts and workshops, with their noise."""

import numpy as np
import pyarrow as pa

from orchestration.simulation.benefits import (
    payment_months,
    post_payments,
    second_post_payments,
)
from orchestration.simulation.population import numbered, quarter_at
from orchestration.simulation.world import (
    CountyWorld,
    payee_columns,
    place_columns,
    row_set,
    vouchers,
)


def employment_records(world: CountyWorld, t: int) -> pa.Table:
    """Who worked where for what wage, as employers and agents state it."""
    people, work = world.people, world.economy.employment
    records = world.assumptions.records
    rng = world.stream("employment", t)
    months = work.months[:, t]
    keeps = rng.random(len(months)) >= records.missing_share
    here = np.flatnonzero((months > 0) & keeps & ~is_paid_in_cash(world))
    bias = world.stream("record bias").normal(0, records.village_bias, len(people.places))
    error = rng.normal(0, records.wage_error / 2, len(here))
    village = people.village[people.household[here]]
    wage = work.monthly_wage[here, t] * (1 + error + bias[village])
    started, ended = _spells(world, t)
    workshop = work.workshop[here]
    code = people.county.code
    place = work.workplace[here]
    return row_set(
        world,
        "employment_records",
        **payee_columns(world, _some_wrong(world, here, rng, t)),
        workplace_kind=place,
        workplace_name=_workplace_names(world, place, rng),
        employer_name=_employers(here, work.channel[here]),
        employment_channel=work.channel[here],
        workshop_no=(workshop_numbers(code, workshop), workshop < 0),
        started_on=started[here],
        ended_on=(ended[here], np.isnat(ended[here])),
        months_in_quarter=months[here],
        monthly_wage=np.round(wage / 1000) * 1000,
        is_fujian_transfer=work.is_fujian[here],
    )


def is_paid_in_cash(world: CountyWorld) -> np.ndarray:
    """Return the persons whose employers keep no record, in villages where that is usual."""
    people = world.people
    share = world.planting.cash_share[people.village[people.household]]
    return np.asarray(world.stream("cash wages").random(len(people.household)) < share)


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
    draw = employer_of(person)
    name = np.char.add(np.char.add(heads[draw % 9], kinds[draw % 8]), "有限公司（虚构）")
    return np.where(channel == "workshop", np.char.add(heads[draw % 9], "就业帮扶车间"), name)


def employer_of(person: np.ndarray) -> np.ndarray:
    """Return which of the county's 72 employers a person works for."""
    return (person * 2654435761) % 72


def workshop_numbers(code: str, number: np.ndarray) -> np.ndarray:
    """Return the numbers under which workshops are registered."""
    return numbered(f"CJ-{code}-", number + 1, 3)


def public_welfare_payroll(world: CountyWorld, t: int) -> pa.Table:
    """Pay of public posts by month, late pay and pay that waits included."""
    people, benefits = world.people, world.economy.benefits
    paid = post_payments(people, benefits, t, with_ghosts=True)
    person, column = np.nonzero(paid)
    waiting = np.flatnonzero(unpaid_posts(world, t))
    is_paid = np.r_[np.ones(len(person), dtype=bool), np.zeros(len(waiting), dtype=bool)]
    amount = np.r_[paid[person, column], benefits.post[waiting]]
    person, column = np.r_[person, waiting], np.r_[column, np.full(len(waiting), 3)]
    second = second_post_payments(people, benefits, t)
    holder, month_of = np.nonzero(second)
    post_no = np.r_[
        numbered(f"GW{people.county.code}", person, 6),
        numbered(f"GW{people.county.code}9", holder, 5),
    ]
    person, column = np.r_[person, holder], np.r_[column, month_of + 1]
    amount = np.r_[amount, second[holder, month_of]]
    is_paid = np.r_[is_paid, np.ones(len(holder), dtype=bool)]
    start = np.datetime64(quarter_at(t).start, "M")
    month = start + (column - 1)
    rng = world.stream("payroll", t)
    paid_on = np.maximum(month, start).astype("datetime64[D]") + rng.integers(9, 26, len(person))
    return row_set(
        world,
        "public_welfare_payroll",
        **payee_columns(world, person),
        post_no=post_no,
        post_kind=benefits.post_kind[person],
        pay_month=month,
        amount=amount,
        paid_on=(paid_on, ~is_paid),
        payment_status=np.where(is_paid, "paid", "pending"),
    )


def unpaid_posts(world: CountyWorld, t: int) -> np.ndarray:
    """Return whose pay of the quarter's last month has not come when the quarter ends."""
    people, benefits = world.people, world.economy.benefits
    is_due = (payment_months(people, t) == 3) & (benefits.post > 0)
    return np.asarray(is_due & benefits.is_post_late[people.household, t])


def workshops(world: CountyWorld, t: int) -> pa.Table:
    """The workshops, whom they employ and what they pay."""
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
    return row_set(
        world,
        "workshops",
        township_name=place_columns(world, village)["township_name"],
        workshop_no=workshop_numbers(people.county.code, number),
        workshop_name=names,
        workshop_state=state,
        workshop_batch=batch,
        employees=lifted + others,
        lifted_employees=lifted,
        wages_paid=np.round(wages + per_head * others),
    )


def workshop_tax_relief(world: CountyWorld, t: int) -> pa.Table:
    """Tax relief of the quarter for workshops, and a few other enterprises, by persons employed."""
    programmes, quarter = world.assumptions.programmes, quarter_at(t)
    table = world.rows("workshops", t)
    number = table["workshop_no"].to_numpy(zero_copy_only=False).astype("U")
    employed = table["lifted_employees"].to_numpy()
    applies = world.stream("relief uptake").random(len(number)) < programmes.tax_relief_uptake
    workshop = np.flatnonzero(applies & (employed > 0))
    rng = world.stream("tax relief", t)
    others = int(rng.poisson(len(number) * 0.15))
    persons = np.r_[employed[workshop], rng.integers(1, 6, others)]
    count = len(persons)
    # Those who came or left in the quarter count for the months they were there.
    amount = persons * programmes.tax_relief_per_person * rng.uniform(0.7, 1.0, count)
    days = (np.datetime64(quarter.end) - np.datetime64(quarter.start)).astype(int)
    return row_set(
        world,
        "workshop_tax_relief",
        relief_no=vouchers(world, "JM", t, count),
        workshop_no=(
            np.r_[number[workshop], np.full(others, "")],
            np.arange(count) >= len(workshop),
        ),
        persons_employed=persons,
        relief_amount=np.round(amount) * 100,
        granted_on=np.datetime64(quarter.start) + rng.integers(5, days + 1, count),
    )
