"""Departments' records tell the same story as the truth, with honest noise."""

from collections.abc import Callable

import numpy as np
import pytest

from orchestration.simulation.claims import honest_counts, national_comparators
from orchestration.simulation.plants import Plant
from orchestration.simulation.population import HORIZON
from orchestration.simulation.records import REGIONAL, county_rows
from orchestration.simulation.world import CountyWorld


@pytest.mark.parametrize("t", [0, 5, 12, HORIZON - 2])
def test_rows_fit_their_contracts(honest_world: CountyWorld, t: int) -> None:
    rows = county_rows(honest_world, t)
    for dataset, table in rows.items():
        contract = honest_world.contracts[dataset]
        for column in contract.columns:
            if column.is_required:
                assert table[column.name].null_count == 0, (dataset, column.name)
            if column.codes and column.name in table.column_names:
                used = set(table[column.name].drop_null().to_pylist())
                assert used <= set(column.codes.values()), (dataset, column.name)
            if column.kind == "decimal" and column.maximum is not None and table.num_rows:
                values = table[column.name].drop_null().to_numpy() / 10 ** (column.scale or 0)
                assert values.min(initial=0) >= (column.minimum or 0) or column.minimum is None
                assert values.max(initial=0) <= column.maximum, (dataset, column.name)
        keys = table.select([name for name in contract.key if name in table.column_names])
        assert len({tuple(row.values()) for row in keys.to_pylist()}) == table.num_rows, dataset


def test_every_dataset_has_rows(honest_world: CountyWorld) -> None:
    seen = set()
    for t in range(4, 13):
        seen |= {name for name, table in county_rows(honest_world, t).items() if table.num_rows}
    # Some files concern no county, and in a world this small few counties have a supported village.
    absent = {*REGIONAL, "village_support_funds"}
    assert seen | absent == set(honest_world.contracts)


def test_recorded_wages_are_near_the_truth_but_not_equal(honest_world: CountyWorld) -> None:
    flows = honest_world.economy.flows
    for t in (2, 6):
        table = county_rows(honest_world, t)["employment_records"]
        months = table["months_in_quarter"].to_numpy() / 10
        recorded = (months * table["monthly_wage"].to_numpy()).sum()
        truth = (flows["wage_local"] + flows["wage_migrant"])[:, t].sum()
        assert 0.94 < recorded / truth < 1.02
        assert recorded != truth


def test_money_that_came_late_is_in_the_next_quarters_file(
    world_with: Callable[..., CountyWorld],
) -> None:
    world = world_with(*[Plant(v, "look_alike", "late_payroll", None, 4) for v in range(6)])
    now, later = (county_rows(world, t)["public_welfare_payroll"] for t in (4, 5))
    waiting = {
        (row["person_key"], row["pay_month"])
        for row in now.to_pylist()
        if row["payment_status"] == "pending"
    }
    caught_up = {
        (row["person_key"], row["pay_month"])
        for row in later.to_pylist()
        if row["payment_status"] == "paid"
    }
    assert len(waiting) > 3
    assert waiting <= caught_up


def test_payroll_adds_up_to_the_household_income(honest_world: CountyWorld) -> None:
    table = county_rows(honest_world, 6)["public_welfare_payroll"].to_pylist()
    paid = sum(row["amount"] for row in table if row["payment_status"] == "paid")
    assert paid == honest_world.economy.flows["wage_public_post"][:, 6].sum()


def test_survey_states_its_error_and_is_not_far_off(honest_world: CountyWorld) -> None:
    off = []
    for t in range(13):
        net = county_rows(honest_world, t)["income_survey"].to_pylist()[0]
        size = honest_world.people.counted_size(t).sum()
        truth = honest_world.economy.net_year_to_date(t).sum() / size
        off.append((net["estimate"] - truth) / net["standard_error"])
    assert 0.3 < np.std(off) < 2.5


def test_claims_are_the_counts_give_or_take(honest_world: CountyWorld) -> None:
    counts = honest_counts(honest_world, 8)
    rows = county_rows(honest_world, 8)["county_measure_report"].to_pylist()
    claimed = {row["indicator_id"]: row["value"] / 10_000 for row in rows}
    assert claimed.keys() == counts.keys()
    for name, value in counts.items():
        assert claimed[name] == pytest.approx(float(value), rel=0.06, abs=1)


def test_counts_start_anew_in_january(honest_world: CountyWorld) -> None:
    counts = [honest_counts(honest_world, t) for t in range(5, 9)]
    workers = [count["M06-01"] for count in counts]
    assert workers == sorted(workers)
    parts = [counts[-1][name] for name in ("M06-02", "M06-03", "M06-04")]
    assert sum(parts) == counts[-1]["M06-01"]


def test_national_figures_say_that_they_are_invented_and_hide_the_future() -> None:
    rows = national_comparators(8).to_pylist()
    assert all("模拟数据" in row["source_citation"] for row in rows)
    assert max(row["income_year"] for row in rows) == 2024
