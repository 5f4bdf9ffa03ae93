"""What auditors found on site, how they disposed of leads, and which checks they waived.

Auditors take the figures that a village has on its forms in the last days of the quarter and see
the households; they find the truth, also where figures were made up.
"""

from datetime import date

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from orchestration.simulation.economy import SUB_ITEMS
from orchestration.simulation.population import numbered, quarter_at
from orchestration.simulation.world import CountyWorld, row_set, texts

_ITEMS_PER_VISIT = 2
_NEAR, _NOTHING = 0.88, 0.1
_FIRST_LEADS = 6
_COMPLAINT_LAG = 2
_SLIPS = 0.1


def audit_back_checks(world: CountyWorld, t: int) -> pa.Table:
    """Sub-items of the income report and records of registers, checked with the people."""
    parts = [_income_items(world, t), _vouchers(world, t), _posts(world, t)]
    column = {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
    rows = len(column["claimed"])
    audit, people = world.assumptions.audit, world.people
    rng = world.stream("back checks", t)
    is_lost = rng.random(rows) < audit.unreachable_share
    share = column["found"] / np.maximum(column["claimed"], 1)
    finding = np.select(
        [is_lost, share >= _NEAR, share > _NOTHING],
        ["unreachable", "confirmed", "partly"],
        "refuted",
    )
    quarter = quarter_at(t)
    codes = np.array([place.code for place in people.places])
    nothing = {name: column[name] == "" for name in ("household", "person", "dataset", "record")}
    return row_set(
        world,
        "audit_back_checks",
        check_no=numbered(f"HF{people.county.code}{quarter.label}", np.arange(rows) + 1, 4),
        village_code=codes[column["village"]],
        household_key=(column["household"], nothing["household"]),
        person_key=(column["person"], nothing["person"]),
        checked_dataset=(column["dataset"], nothing["dataset"]),
        record_no=(column["record"], nothing["record"]),
        checked_item=column["item"],
        amount_claimed=column["claimed"],
        amount_verified=(column["found"], is_lost),
        finding=finding,
        checked_on=np.datetime64(quarter.end) - rng.integers(0, 9, rows),
    )


def _income_items(world: CountyWorld, t: int) -> dict[str, np.ndarray]:
    """Visit some households and ask for two items that the form says they earned."""
    people, audit = world.people, world.assumptions.audit
    rng = world.stream("visits", t)
    is_chosen = rng.random(people.households) < audit.visited_share
    household = np.flatnonzero(is_chosen & (people.size(t) > 0))
    claimed, found = (
        np.stack([source.year_to_date(name, t)[household] for name in SUB_ITEMS], axis=1)
        for source in (world.reports, world.economy)
    )
    priority = np.where(claimed > 0, rng.random(claimed.shape), 2.0)
    picked = np.argsort(priority, axis=1)[:, :_ITEMS_PER_VISIT]
    row = np.repeat(np.arange(len(household)), _ITEMS_PER_VISIT)
    column = picked.ravel()
    keep = claimed[row, column] > 0
    row, column = row[keep], column[keep]
    return _part(
        village=people.village[household[row]],
        household=people.household_no[household[row]],
        item=np.array(SUB_ITEMS)[column],
        claimed=claimed[row, column],
        found=found[row, column],
    )


def _vouchers(world: CountyWorld, t: int) -> dict[str, np.ndarray]:
    """Show vouchers of dividends to those who are said to have signed them."""
    people = world.people
    table = world.rows("village_dividends", t)
    rng = world.stream("checked vouchers", t)
    chosen = np.flatnonzero(rng.random(table.num_rows) < world.assumptions.audit.record_share)
    table = table.take(pa.array(chosen))
    number = texts(table, "household_key")
    amount = table["amount"].to_numpy()
    return _part(
        village=people.village[np.searchsorted(people.household_no, number)],
        household=number,
        item=np.full(len(number), "property_dividend"),
        claimed=amount,
        found=amount,
        dataset="village_dividends",
        record=texts(table, "voucher_no"),
    )


def _posts(world: CountyWorld, t: int) -> dict[str, np.ndarray]:
    """Look for the holders of public posts; the dead are found out more often than chance."""
    people, audit = world.people, world.assumptions.audit
    table = world.rows("public_welfare_payroll", t)
    table = table.filter(pc.equal(table["payment_status"], "paid"))
    order = np.argsort(people.id_number)
    key = texts(table, "person_key")
    person = order[np.searchsorted(people.id_number[order], key)]
    month = table["pay_month"].to_numpy().astype("datetime64[M]")
    is_dead = people.left_on[person].astype("datetime64[M]") < month
    rng = world.stream("checked posts", t)
    share = np.where(is_dead, audit.dead_payee_share, audit.record_share)
    chosen = np.flatnonzero(rng.random(len(person)) < share)
    person, is_dead = person[chosen], is_dead[chosen]
    amount = table["amount"].to_numpy()[chosen]
    return _part(
        village=people.village[people.household[person]],
        household=people.household_no[people.household[person]],
        item=np.full(len(person), "wage_public_post"),
        claimed=amount,
        found=np.where(is_dead, 0, amount),
        dataset="public_welfare_payroll",
        record=texts(table, "post_no")[chosen],
        person=key[chosen],
    )


def _part(
    *,
    village: np.ndarray,
    household: np.ndarray,
    item: np.ndarray,
    claimed: np.ndarray,
    found: np.ndarray,
    dataset: str = "",
    record: np.ndarray | None = None,
    person: np.ndarray | None = None,
) -> dict[str, np.ndarray]:
    blank = np.full(len(household), "")
    return {
        "village": village,
        "household": household,
        "person": blank if person is None else person,
        "dataset": np.full(len(household), dataset),
        "record": blank if record is None else record,
        "item": item,
        "claimed": claimed,
        "found": found,
    }


def audit_dispositions(world: CountyWorld, t: int) -> pa.Table:
    """Answers to leads about villages, by the figures of the quarter before.

    Auditors see a random sample of villages and those that somebody complained about; what the
    guard flags they cannot know. They answer from what they find.
    """
    people, quarter = world.people, quarter_at(t)
    rng = world.stream("dispositions", t)
    seen = np.flatnonzero(_visited(world, t, rng))
    households = np.bincount(people.village, minlength=len(people.places))
    by_household = world.reports.overstated(max(t - 1, 0))
    changed, surplus = (
        np.bincount(people.village, weights=weights, minlength=len(people.places))
        for weights in (by_household != 0, by_household)
    )
    is_made_up = changed[seen] > np.maximum(1, 0.02 * households[seen])
    is_error = rng.random(len(seen)) < _SLIPS
    answer = np.where(is_made_up, "confirmed", np.where(is_error, "data_error", "explained"))
    words = np.select(
        [answer == "confirmed", answer == "explained"],
        ["入户核实：所报收入无凭证支撑，予以核减", "入户核实：收入属实，有凭证或当事人说明"],
        "录入差错，已通知更正",
    )
    days = (quarter.end - quarter.start).days
    label = quarter_at(t - 1).label
    codes = np.array([place.code for place in people.places])[seen]
    return row_set(
        world,
        "audit_dispositions",
        lead_no=np.char.add(codes, f"-{label}"),
        disposition=answer,
        amount_struck=(np.maximum(surplus[seen], 0), answer != "confirmed"),
        disposed_on=np.datetime64(quarter.start) + rng.integers(20, days, len(seen)),
        explanation=(words, rng.random(len(seen)) < 0.1),
    )


def _visited(world: CountyWorld, t: int, rng: np.random.Generator) -> np.ndarray:
    """Choose the villages that are visited in quarter ``t``: the sample and the complaints."""
    audit, villages = world.assumptions.audit, len(world.people.places)
    since = np.full(villages, t)
    for plant in world.planting.plants:
        if plant.kind == "fabrication" and plant.village >= 0:
            since[plant.village] = plant.first
    is_talked_about = since + _COMPLAINT_LAG <= t
    complaints = np.where(is_talked_about, audit.complaint_share, audit.honest_complaint_share)
    yearly = complaints + audit.sampled_village_share
    is_visited = rng.random(villages) < yearly / 4
    return is_visited & (t >= _FIRST_LEADS)


_WAIVERS = (
    (
        "HM-2023-01",
        None,
        "control_totals_match",
        None,
        "新旧系统切换，合计行口径暂不一致",
        date(2023, 5, 8),
        date(2023, 12, 31),
    ),
    (
        "HM-2024-01",
        "原州区",
        "persons_matched",
        "employment_records",
        "用工企业更名，证件信息正在补录",
        date(2024, 4, 22),
        date(2024, 12, 31),
    ),
    (
        "HM-2024-02",
        None,
        "control_totals_match",
        "one_card_payments",
        "代发银行汇总口径调整",
        date(2024, 8, 15),
        date(2025, 2, 28),
    ),
    (
        "HM-2025-01",
        "西吉县",
        "median_steady_by_year",
        "household_income_report",
        "上年旱灾后恢复性增长，已现场核实",
        date(2025, 5, 20),
        date(2025, 12, 31),
    ),
)


def audit_waivers(t: int) -> pa.Table:
    """Return the waivers of the region that hold at the end of quarter ``t``."""
    quarter = quarter_at(t)
    rows = [w for w in _WAIVERS if w[5] <= quarter.end and w[6] >= quarter.start]
    text = [("county_code", 1), ("waiver_no", 0), ("waived_check", 2), ("waived_dataset", 3)]
    columns = {name: pa.array([row[i] for row in rows], pa.string()) for name, i in text}
    return pa.table(
        columns
        | {
            "reason": pa.array([row[4] for row in rows], pa.string()),
            "granted_by": pa.array(["SJ-017"] * len(rows), pa.string()),
            "granted_on": pa.array([row[5] for row in rows], pa.date32()),
            "expires_on": pa.array([row[6] for row in rows], pa.date32()),
        }
    )
