"""Records of relief, registration, schooling, health and homes agree with the people they name."""

import datetime as dt
from collections import Counter
from typing import Any

import numpy as np
import pytest

from orchestration.simulation.claims_of_people import people_counts
from orchestration.simulation.population import HORIZON, quarter_at
from orchestration.simulation.relief import falls_ill
from orchestration.simulation.world import CountyWorld

Rows = list[dict[str, Any]]
YEAR = range(5, 9)  # 2024


def rows_of(world: CountyWorld, dataset: str, t: int) -> Rows:
    return world.rows(dataset, t).to_pylist()


def rows_of_year(world: CountyWorld, dataset: str) -> Rows:
    return [row for t in YEAR for row in rows_of(world, dataset, t)]


def keys(rows: Rows, column: str = "person_key") -> set[object]:
    return {row[column] for row in rows}


@pytest.mark.parametrize("t", range(0, HORIZON - 1, 3))
def test_events_lie_in_the_quarter_of_their_file(honest_world: CountyWorld, t: int) -> None:
    start, end = quarter_at(t).start, quarter_at(t).end
    for dataset, contract in honest_world.contracts.items():
        if not contract.occurred_on or dataset not in honest_world.builders:
            continue
        columns = [
            honest_world.rows(dataset, t)[name].to_pylist()
            for name in contract.occurred_on
            if name in honest_world.rows(dataset, t).column_names
        ]
        for days in zip(*columns, strict=True):
            known = [day for day in days if day is not None]
            assert any(start <= day <= end for day in known), (dataset, days)
            assert contract.accumulation == "snapshot" or max(known) <= end, (dataset, days)


def test_the_patient_pays_what_the_three_guarantees_leave(honest_world: CountyWorld) -> None:
    settlements = rows_of_year(honest_world, "medical_expenses")
    for row in settlements:
        reimbursed = row["paid_basic"] + row["paid_major"] + row["paid_assistance"]
        assert row["self_paid"] == row["total_cost"] - reimbursed
    uninsured = {
        (t, row["person_key"])
        for t in YEAR
        for row in rows_of(honest_world, "insurance_enrolment", t)
        if not row["is_enrolled"]
    }
    paid = {
        (t, row["person_key"])
        for t in YEAR
        for row in rows_of(honest_world, "medical_expenses", t)
        if row["paid_basic"] > 0
    }
    assert uninsured
    assert not uninsured & paid


def test_medical_assistance_is_for_households_under_relief_or_monitoring(
    honest_world: CountyWorld,
) -> None:
    t = 6
    on_relief = keys(rows_of(honest_world, "dibao_payments", t), "household_key")
    monitored = {
        row["household_key"]
        for row in rows_of(honest_world, "household_roster", t)
        if row["household_type"] != "lifted"
    }
    household = {
        row["person_key"]: row["household_key"] for row in rows_of(honest_world, "person_roster", t)
    }
    assisted = [
        row for row in rows_of(honest_world, "medical_expenses", t) if row["paid_assistance"] > 0
    ]
    assert len(assisted) > 3
    assert {household[row["person_key"]] for row in assisted} <= on_relief | monitored


def test_an_illness_that_cuts_the_income_is_dear(honest_world: CountyWorld) -> None:
    people = honest_world.people
    for t in YEAR:
        cost: Counter[str] = Counter()
        household = dict(zip(people.id_number, people.household_no[people.household], strict=True))
        for row in rows_of(honest_world, "medical_expenses", t):
            cost[household[row["person_key"]]] += row["total_cost"]
        hit = people.household_no[falls_ill(honest_world, t) & (people.size(t) > 0)]
        assert all(cost[number] >= 4_500_000 for number in hit)
    assert np.any([falls_ill(honest_world, t) for t in YEAR])


def test_subsidies_that_are_due_are_paid_but_for_a_few(honest_world: CountyWorld) -> None:
    for t in (0, 6, 12):
        register = rows_of(honest_world, "disability_register", t)
        payments = rows_of(honest_world, "disability_subsidies", t)
        listed = keys(register)
        unpaid = 0
        for kind, column in (("living", "is_living_due"), ("nursing", "is_nursing_due")):
            paid = {r["person_key"] for r in payments if r["subsidy_kind"] == kind}
            due = {row["person_key"] for row in register if row[column]}
            assert paid & listed <= due
            unpaid += len(due - paid)
        assert 0 < unpaid < 0.1 * len(listed)


def test_reviewed_households_with_dibao_are_taken_in(honest_world: CountyWorld) -> None:
    granted: set[object] = set()
    for t in YEAR:
        reviews = rows_of(honest_world, "relief_reviews", t)
        on_dibao = {
            row["household_key"]
            for row in rows_of(honest_world, "dibao_payments", t)
            if row["relief_kind"] == "dibao"
        }
        now = {row["household_key"] for row in reviews if row["is_granted"]}
        assert now <= on_dibao
        assert not granted & now, "reviewed twice in a year"
        assert all(row["is_eligible"] for row in reviews if row["is_granted"])
        granted |= now
        refused = {"refused", "ended"}
        assert all((row["review_result"] in refused) != row["is_granted"] for row in reviews)
    assert len(granted) > 0.95 * len(on_dibao)
    year = rows_of_year(honest_world, "relief_reviews")
    assert any(not row["is_eligible"] for row in year)


def test_changes_of_the_register_agree_with_the_roster(honest_world: CountyWorld) -> None:
    registered = total = 0
    for t in range(1, 13):
        changes = rows_of(honest_world, "household_changes", t)
        roster = {row["person_key"]: row for row in rows_of(honest_world, "person_roster", t)}
        means = {"birth": "natural_increase", "married_out": "natural_decrease", "split": None}
        for change in changes:
            row = roster[change["person_key"]]
            assert row["household_key"] == change["household_key"]
            assert row["member_change"] == means[change["change_kind"]]
        died = keys(rows_of(honest_world, "deaths", t))
        assert not keys(changes) & died
        births = {k for k, row in roster.items() if row["member_change"] == "natural_increase"}
        registered += len(births & keys(changes))
        total += len(births)
    assert registered > 0.9 * total


def test_aid_goes_to_students_and_yulu_to_vocational_ones(honest_world: CountyWorld) -> None:
    scale = honest_world.people.households / honest_world.assumptions.households_at_full_scale
    aid = rows_of_year(honest_world, "student_aid")
    yulu = [row for row in aid if row["aid_kind"] == "yulu"]
    assert 46_000 < len(yulu) / scale < 51_000
    assert {row["education_level"] for row in yulu} == {"vocational"}
    for t in (6, 8):
        students = {
            row["person_key"]
            for row in rows_of(honest_world, "person_roster", t)
            if row["is_student"]
        }
        assert keys(rows_of(honest_world, "student_aid", t)) <= students


def test_everybody_listed_is_in_the_insurance_file(honest_world: CountyWorld) -> None:
    for t in (0, 7):
        enrolment = rows_of(honest_world, "insurance_enrolment", t)
        listed = {
            row["person_key"]
            for row in rows_of(honest_world, "person_roster", t)
            if row["member_change"] != "natural_decrease"
        }
        assert keys(enrolment) == listed
        assert 0.975 < np.mean([row["is_enrolled"] for row in enrolment]) < 1
        assert all((row["enrolment_kind"] is not None) == row["is_enrolled"] for row in enrolment)


def test_the_illness_register_holds_the_ill_of_the_roster(honest_world: CountyWorld) -> None:
    known: dict[object, dt.date] = {}
    for t in range(13):
        ill = {
            row["person_key"]
            for row in rows_of(honest_world, "person_roster", t)
            if row["health_status"] in ("serious", "chronic")
            and row["member_change"] != "natural_decrease"
        }
        register = rows_of(honest_world, "serious_illness", t)
        assert keys(register) == ill
        for row in register:
            assert row["diagnosed_on"] <= quarter_at(t).end
            if row["illness_group"] != "chronic":
                assert (
                    known.setdefault(row["person_key"], row["diagnosed_on"])
                    == (row["diagnosed_on"])
                )


@pytest.mark.parametrize("dataset", ["housing_safety", "water_safety"])
def test_what_is_unsafe_is_mended_within_two_quarters(
    honest_world: CountyWorld, dataset: str
) -> None:
    unsafe = []
    for t in range(13):
        rows = rows_of(honest_world, dataset, t)
        assert keys(rows, "household_key") == keys(
            rows_of(honest_world, "household_roster", t), "household_key"
        )
        unsafe.append({row["household_key"] for row in rows if not row["is_safe"]})
        assert len(unsafe[-1]) < 0.02 * len(rows)
        for row in rows:
            if dataset == "housing_safety":
                assert row["is_safe"] == (row["safety_grade"] in ("grade_a", "grade_b"))
            elif row["is_safe"]:
                assert row["water_problem"] is None
    assert any(unsafe)
    stays = [a & b & c for a, b, c in zip(unsafe, unsafe[1:], unsafe[2:], strict=False)]
    assert sum(map(len, stays)) <= 1, "a home may break anew, hardly two"


def test_disasters_strike_in_summer_and_relief_follows(honest_world: CountyWorld) -> None:
    assert not rows_of(honest_world, "disaster_relief", 6)
    payments = rows_of_year(honest_world, "disaster_relief")
    assert payments
    for row in payments:
        assert 7 <= row["happened_on"].month <= 9
        assert row["happened_on"] < row["paid_on"]
        assert 0 < row["amount"] < row["loss_amount"]


def test_temporary_relief_reaches_a_hundredth_of_households_a_year(
    honest_world: CountyWorld,
) -> None:
    payments = [row for t in range(12) for row in rows_of(honest_world, "temporary_relief", t)]
    assert 0.005 < len(payments) / 3 / honest_world.people.households < 0.02
    assert {"illness", "disability"} <= {row["relief_cause"] for row in payments}


def test_counts_are_counted_over_the_years_rows(honest_world: CountyWorld) -> None:
    counts = people_counts(honest_world, 8)
    relief = rows_of_year(honest_world, "temporary_relief")
    assert counts["M12-05"] == len(keys(relief))
    medical = rows_of_year(honest_world, "medical_expenses")
    assert counts["M12-06"] == len(keys([row for row in medical if row["paid_assistance"] > 0]))
    self_paid = sum(row["self_paid"] for row in medical)
    total = sum(row["total_cost"] for row in medical)
    assert counts["M19-03"] == pytest.approx(1 - self_paid / total)
    grassland = [
        row["amount"]
        for row in rows_of_year(honest_world, "ecological_compensation")
        if row["compensation_kind"] == "grassland"
    ]
    assert counts["M14-02"] == sum(grassland) / 100
    register = rows_of(honest_world, "disability_register", 8)
    due = {row["person_key"] for row in register if row["is_living_due"] or row["is_nursing_due"]}
    paid = keys(rows_of(honest_world, "disability_subsidies", 8))
    assert counts["M12-04"] == len(due & paid) / len(due) < 1
    reviews = [r for r in rows_of_year(honest_world, "relief_reviews") if r["is_eligible"]]
    latest = {row["household_key"]: row["is_granted"] for row in reviews}
    assert counts["M12-03"] == pytest.approx(np.mean(list(latest.values())), abs=0.01)
    for name in ("M14-03", "M19-02", "M19-04", "M19-05", "M19-06"):
        assert 0.95 < counts[name] <= 1
    assert people_counts(honest_world, 5)["M10-02"] < counts["M10-02"]
