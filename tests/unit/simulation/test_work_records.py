"""Registers of work, skills, credit, holdings, actions and audits agree with each other."""

from collections.abc import Callable

import numpy as np
import pytest
from worlds import SEEDS, build_world

from orchestration.simulation.claims_of_work import work_counts
from orchestration.simulation.economy import SUB_ITEMS
from orchestration.simulation.plants import Plant
from orchestration.simulation.population import DIED, County, load_counties, quarter_at
from orchestration.simulation.records import BUILDERS
from orchestration.simulation.world import CountyWorld

YEAR = range(5, 9)  # 2024


def _rows(world: CountyWorld, dataset: str, t: int) -> list[dict[str, object]]:
    return world.rows(dataset, t).to_pylist()


def _year(world: CountyWorld, dataset: str) -> list[dict[str, object]]:
    return [row for t in YEAR for row in _rows(world, dataset, t)]


def _expected(world: CountyWorld, count: float) -> float:
    return count * world.people.households / world.assumptions.households_at_full_scale


@pytest.fixture(scope="module")
def large_world(county: County) -> CountyWorld:
    return build_world(county, scale=0.15)


def test_a_year_brings_what_the_plan_asks_for(large_world: CountyWorld) -> None:
    counts = work_counts(large_world, YEAR[-1])
    for indicator, region in (
        ("M01-07", 20_000),
        ("M01-08", 10_000),
        ("M06-06", 50_000),
        ("M06-07", 30_000),
        ("M06-08", 10_000),
        ("M10-01", 28_000),
    ):
        assert 0.93 < counts[indicator] / _expected(large_world, region) < 1.2, indicator
    assert 0.88 < counts["M10-03"] < 0.98
    assert 0.9 < counts["M01-04"] < 1
    assert 0.9 < counts["M01-06"] <= 1
    assert 0.9 < counts["M11-01"] <= 1
    assert 0.5 < counts["M04-02"] < 0.8


def test_two_hundred_craftsmen_are_fostered_by_the_end_of_the_plan() -> None:
    worlds = [build_world(county, scale=0.02) for county in load_counties(SEEDS)]
    before, after, later = (
        sum(world.rows("craftsmen", t).num_rows for world in worlds) for t in (4, 8, 12)
    )
    assert before == 0
    assert before < after < later
    assert later == pytest.approx(200 * 0.02, abs=1)
    for world in worlds:
        assert 1 <= work_counts(world, 8)["M10-05"] <= 3
        assert 2 <= work_counts(world, 12)["M10-05"] <= 3


def test_subsidies_are_part_of_the_other_transfers(honest_world: CountyWorld) -> None:
    people = honest_world.people
    household = dict(zip(people.id_number.tolist(), people.household.tolist(), strict=True))
    for t in YEAR:
        paid = np.zeros(people.households)
        for row in _rows(honest_world, "employment_subsidies", t):
            paid[household[row["person_key"]]] += row["amount"]
        assert (paid <= honest_world.economy.flows["transfer_other"][:, t]).all()


def test_nobody_gets_the_same_subsidy_twice_in_a_year(honest_world: CountyWorld) -> None:
    rows = _year(honest_world, "employment_subsidies")
    assert len({(row["person_key"], row["subsidy_kind"]) for row in rows}) == len(rows)


def test_transport_is_paid_for_work_elsewhere(honest_world: CountyWorld) -> None:
    people, work = honest_world.people, honest_world.economy.employment
    place = dict(zip(people.id_number.tolist(), work.workplace.tolist(), strict=True))
    rows = _year(honest_world, "employment_subsidies")
    paid = [place[row["person_key"]] for row in rows if row["subsidy_kind"] == "transport"]
    assert len(paid) > 10
    assert set(paid) == {"outside_province", "outside_county"}


def test_lifted_out_labour_in_fujian_stands_in_both_registers(large_world: CountyWorld) -> None:
    moved = _year(large_world, "fujian_transfers")
    lifted = {row["person_key"] for row in moved if row["is_lifted"]}
    people, work = large_world.people, large_world.economy.employment
    works = (work.months[:, YEAR[0] : YEAR[-1] + 1] > 0).any(axis=1)
    assert lifted == set(people.id_number[work.is_fujian & works].tolist())
    assert len({row["person_key"] for row in moved}) == len(moved)
    assert 0.24 < len(lifted) / len(moved) < 0.42
    strangers = {row["person_key"] for row in moved if not row["is_lifted"]}
    assert not strangers & set(people.id_number.tolist())


def test_declared_wages_are_the_wages_of_those_who_are_declared(large_world: CountyWorld) -> None:
    people, work = large_world.people, large_world.economy.employment
    wages = dict(zip(people.id_number.tolist(), work.wages[:, 6].tolist(), strict=True))
    declared: dict[str, int] = {}
    for row in _rows(large_world, "employer_wages", 6):
        key = str(row["person_key"])
        declared[key] = declared.get(key, 0) + row["declared_wage"]  # type: ignore[operator]
    ratio = np.array([value / wages[key] for key, value in declared.items()])
    assert 0.97 < ratio.mean() < 1.03
    assert 0.2 < len(declared) / (work.months[:, 6] > 0).sum() < 0.4


def test_graduates_find_work_over_the_year(large_world: CountyWorld) -> None:
    july = 7
    shares = []
    names = set()
    for t in range(july, july + 4):
        rows = _rows(large_world, "graduates", t)
        shares.append(np.mean([row["is_employed"] for row in rows]))
        names.add(frozenset(row["graduated_on"].year for row in rows))  # type: ignore[attr-defined]
    assert shares == sorted(shares)
    assert 0.6 < shares[0] < 0.85 < shares[1]
    assert names == {frozenset({2024})}


def test_served_are_those_without_work(honest_world: CountyWorld) -> None:
    working = {row["person_key"] for row in _rows(honest_world, "employment_records", 6)}
    served = {row["person_key"] for row in _rows(honest_world, "employment_services", 6)}
    wrong = honest_world.assumptions.records.wrong_person_share
    assert len(served) > 100
    assert len(working & served) <= 5 * wrong * len(working)


def test_loans_are_granted_to_those_on_the_books(large_world: CountyWorld) -> None:
    for t in YEAR:
        granted, open_ = set(), 0
        for row in _rows(large_world, "credit_demand", t):
            if row["is_granted"]:
                granted.add(row["household_key"])
                assert row["is_eligible"]
                assert row["is_willing"]
                assert row["refusal_reason"] is None
            elif row["is_eligible"] and row["is_willing"]:
                open_ += 1
        borrowers = {row["household_key"] for row in _rows(large_world, "microloans", t)}
        assert granted == borrowers
        assert 0 < open_ < 0.1 * len(granted)


def test_herds_earn_what_breeding_brings(honest_world: CountyWorld) -> None:
    people, holdings = honest_world.people, honest_world.assumptions.holdings
    number = {name: i for i, name in enumerate(people.household_no.tolist())}
    income = honest_world.economy.flows["business_breeding"][:, 4:8].sum(axis=1) / 100
    herd = {"cattle": "beef_cattle", "sheep": "sheep", "pigs": "pigs", "poultry": "poultry"}
    herders = 0
    for row in _rows(honest_world, "household_assets", 6):
        earned = income[number[row["household_key"]]]
        heads = {name: row[column] or 0 for name, column in herd.items()}
        most = sum(holdings.yuan_per_head[name][1] * head for name, head in heads.items())
        assert earned <= most
        assert (earned > 0) == (sum(heads.values()) > 0)
        assert row["planted_land_mu"] <= round(people.land[number[row["household_key"]]] * 100)
        if row["leading_industry"] == "cattle":
            assert heads["cattle"] > 0
            herders += 1
    assert herders > 20


def test_policies_never_insure_more_land_than_is_planted(honest_world: CountyWorld) -> None:
    planted = {
        row["household_key"]: row["planted_land_mu"]
        for row in _rows(honest_world, "household_assets", 6)
    }
    insured: dict[str, int] = {}
    policies = {
        row["policy_no"]: row
        for t in (5, 6)
        for row in _rows(honest_world, "insurance_policies", t)
    }
    for row in policies.values():
        key = str(row["household_key"])
        insured[key] = insured.get(key, 0) + (row["insured_area_mu"] or 0)  # type: ignore[operator]
        assert 5_000 <= row["premium"] <= 40_000  # type: ignore[operator]
        assert row["premium_self_paid"] <= row["premium"]  # type: ignore[operator]
    assert all(area <= planted[key] for key, area in insured.items())
    claims = _rows(honest_world, "insurance_claims", 7)
    assert claims
    for claim in claims:
        policy = policies[claim["policy_no"]]
        assert policy["household_key"] == claim["household_key"]
        assert policy["signed_on"] < claim["happened_on"] < claim["paid_on"]  # type: ignore[operator]


@pytest.mark.parametrize(
    ("action", "dataset", "column"),
    [
        ("dibao", "dibao_payments", "person_key"),
        ("disability", "disability_subsidies", "person_key"),
        ("linkage", "industry_project_households", "household_key"),
        ("insurance", "insurance_policies", "household_key"),
        ("courtyard", "courtyard_economy", "household_key"),
        ("graduate", "graduates", "person_key"),
        ("medical", "medical_expenses", "person_key"),
    ],
)
def test_actions_agree_with_the_registers(
    large_world: CountyWorld, action: str, dataset: str, column: str
) -> None:
    people = large_world.people
    home = dict(zip(people.id_number.tolist(), people.household_no[people.household], strict=True))
    seen = 0
    for t in YEAR:
        keys = {row[column] for row in _rows(large_world, dataset, t)}
        if column == "person_key":
            keys = {home[key] for key in keys}
        reached = {
            row["household_key"]
            for row in _rows(large_world, "low_income_actions", t)
            if row["action_code"] == action
        }
        assert reached <= keys
        seen += len(reached)
    assert seen


def test_nearly_all_low_income_households_are_reached_within_a_year(
    large_world: CountyWorld,
) -> None:
    people, reports = large_world.people, large_world.reports
    size = people.counted_size(7)
    net = sum(reports.year_to_date(name, 7) for name in SUB_ITEMS)
    net = net - reports.year_to_date("production_cost", 7) + reports.year_to_date("cost_subsidy", 7)
    poor = set(people.household_no[net / size < 1_200_000].tolist())
    actions = [row for t in range(8, 12) for row in _rows(large_world, "low_income_actions", t)]
    reached = {row["household_key"] for row in actions}
    assert 0.9 < len(poor & reached) / len(poor) < 1
    per_household = np.unique([str(row["household_key"]) for row in actions], return_counts=True)[1]
    assert per_household.max() <= 3


def test_honest_figures_are_confirmed_on_site(large_world: CountyWorld) -> None:
    rows = [row for t in range(4, 9) for row in _rows(large_world, "audit_back_checks", t)]
    assert len(rows) > 50
    seen = [row for row in rows if row["finding"] != "unreachable"]
    assert np.mean([row["finding"] == "confirmed" for row in seen]) > 0.9
    records = [row for row in rows if row["checked_dataset"] == "village_dividends"]
    known = {
        row["voucher_no"] for t in range(4, 9) for row in _rows(large_world, "village_dividends", t)
    }
    assert records
    assert {row["record_no"] for row in records} <= known


def test_auditors_find_the_truth_where_figures_were_made_up(
    world_with: Callable[..., CountyWorld],
) -> None:
    world = world_with(
        *[Plant(v, "fabrication", "wages_above_payroll", "strong", 4) for v in range(9)]
    )
    people = world.people
    number = {name: i for i, name in enumerate(people.household_no.tolist())}
    village = {place.code: i for i, place in enumerate(people.places)}
    partly = 0
    for t in range(4, 16):
        for row in _rows(world, "audit_back_checks", t):
            item, household = str(row["checked_item"]), number[row["household_key"]]
            if row["checked_dataset"] or row["amount_verified"] is None:
                continue
            assert people.village[household] == village[row["village_code"]]
            assert row["amount_verified"] == world.economy.year_to_date(item, t)[household]
            assert row["amount_claimed"] == world.reports.year_to_date(item, t)[household]
            partly += row["finding"] == "partly"
    assert partly


def test_posts_of_the_dead_are_refuted(world_with: Callable[..., CountyWorld]) -> None:
    world = world_with(*[Plant(v, "fabrication", "pay_after_death", "strong", 4) for v in range(9)])
    people = world.people
    dead = set(people.id_number[people.leave_reason == DIED].tolist())
    refuted = [
        row
        for t in range(8, 16)
        for row in _rows(world, "audit_back_checks", t)
        if row["finding"] == "refuted" and row["checked_dataset"] == "public_welfare_payroll"
    ]
    assert refuted
    assert all(row["person_key"] in dead and row["amount_verified"] == 0 for row in refuted)


def test_rangers_hold_a_post_of_the_payroll(honest_world: CountyWorld) -> None:
    payroll = {
        (row["person_key"], row["post_no"])
        for row in _rows(honest_world, "public_welfare_payroll", 6)
        if row["post_kind"] == "forest"
    }
    rangers = {
        (row["person_key"], row["post_no"]) for row in _rows(honest_world, "ranger_posts", 6)
    }
    assert rangers
    assert rangers <= payroll


def test_events_lie_in_the_quarter(honest_world: CountyWorld) -> None:
    events = {
        name: contract.occurred_on
        for name, contract in honest_world.contracts.items()
        if name in BUILDERS and contract.accumulation == "in_period" and contract.occurred_on
    }
    assert "training_records" in events
    for dataset, columns in events.items():
        for t in range(4, 9):
            quarter = quarter_at(t)
            for row in _rows(honest_world, dataset, t):
                days = [row[name] for name in columns]
                known = [day for day in days if day is not None]
                assert any(quarter.start <= day <= quarter.end for day in known), dataset
                assert max(known) <= quarter.end, dataset


def test_a_rate_of_nothing_is_not_claimed() -> None:
    worlds = [build_world(county, scale=0.002) for county in load_counties(SEEDS)[:8]]
    without = [world for world in worlds if not world.rows("graduates", 8).num_rows]
    assert without
    for world in worlds:
        assert ("M10-03" in work_counts(world, 8)) == (world.rows("graduates", 8).num_rows > 0)


def test_the_smallest_county_files_in_every_quarter() -> None:
    county = min(load_counties(SEEDS), key=lambda county: len(county.places))
    world = build_world(county, scale=0.002)
    for t in range(19):
        for dataset in BUILDERS:
            table = world.rows(dataset, t)
            assert table.schema == world.rows(dataset, 0).schema, dataset
