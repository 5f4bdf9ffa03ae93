"""Files about projects, funds, assets and land agree with what the households earn."""

from itertools import chain

import numpy as np
import pyarrow as pa
import pytest
from worlds import SEEDS, build_world

from orchestration.contracts import load_contracts
from orchestration.simulation.apportion import quota
from orchestration.simulation.claims_of_projects import project_counts
from orchestration.simulation.funds import support_payments
from orchestration.simulation.population import (
    MOUNTAIN_COUNTIES,
    load_counties,
    quarter_at,
    quarters_so_far,
)
from orchestration.simulation.world import CountyWorld

_END_OF_2024, _END_OF_2025 = 8, 12

_STABLE = {
    "farm_entities": "entity_no",
    "industry_parks": "park_no",
    "county_plans": "document_no",
    "project_assets": "asset_no",
    "photovoltaic_stations": "station_no",
    "village_customs": "village_code",
    "idle_land": "parcel_no",
    "canteen_procurement": "unit_no",
    "union_purchases": "unit_no",
    "platform_sales": "supplier_no",
    "enterprise_villages": "enterprise_no",
}


@pytest.fixture(scope="module")
def region() -> list[CountyWorld]:
    """All counties of a small world."""
    return [build_world(county, seed=5) for county in load_counties(SEEDS)]


def _sum_by(table: pa.Table, key: str, amount: str) -> dict[str, int]:
    summed = table.group_by(key).aggregate([(amount, "sum")])
    return dict(zip(summed[key].to_pylist(), summed[f"{amount}_sum"].to_pylist(), strict=True))


@pytest.mark.parametrize("dataset", _STABLE)
def test_what_is_on_file_stays_on_file(honest_world: CountyWorld, dataset: str) -> None:
    for t in range(4, 12):
        before, now = (
            set(honest_world.rows(dataset, q)[_STABLE[dataset]].to_pylist()) for q in (t, t + 1)
        )
        assert before <= now


@pytest.mark.parametrize("dataset", ["bridging_projects", "work_relief_projects"])
def test_projects_of_a_year_are_added_and_spend_more(
    honest_world: CountyWorld, dataset: str
) -> None:
    column = {"bridging_projects": "spent", "work_relief_projects": "central_funds"}[dataset]
    for t in (6, 7):
        before, now = (
            _sum_by(honest_world.rows(dataset, q), "project_no", column) for q in (t, t + 1)
        )
        assert before
        assert all(now[number] >= amount for number, amount in before.items())


def test_work_relief_wages_are_a_part_of_casual_earnings(honest_world: CountyWorld) -> None:
    people = honest_world.people
    owner = dict(zip(people.id_number.tolist(), people.household.tolist(), strict=True))
    casual = honest_world.economy.flows["wage_casual"]
    paid_at_all = 0
    for t in range(1, 9):
        paid = np.zeros(people.households, dtype=np.int64)
        wages = honest_world.rows("work_relief_wages", t)
        for person, amount in _sum_by(wages, "person_key", "amount").items():
            paid[owner[person]] += amount
        assert (paid <= casual[:, t]).all()
        paid_at_all += paid.sum()
    assert paid_at_all > 0


def test_work_relief_wages_are_paid_to_adults_on_the_roster(honest_world: CountyWorld) -> None:
    people = honest_world.people
    position = {number: i for i, number in enumerate(people.id_number.tolist())}
    for t in (2, 7):
        wages = honest_world.rows("work_relief_wages", t)
        person = [position[key] for key in wages["person_key"].to_pylist()]
        assert person
        assert people.present(t)[person].all()
        assert (people.age(t)[person] >= 18).all()


def test_projects_state_nearly_the_wages_on_the_list(honest_world: CountyWorld) -> None:
    for t in (6, 8):
        wages = pa.concat_tables(
            honest_world.rows("work_relief_wages", q) for q in quarters_so_far(t)
        )
        listed = _sum_by(wages, "project_no", "amount")
        projects = honest_world.rows("work_relief_projects", t).to_pylist()
        assert {row["project_no"] for row in projects} == listed.keys()
        for row in projects:
            assert row["wages_stated"] == pytest.approx(listed[row["project_no"]], rel=0.021)
            assert 0.23 < listed[row["project_no"]] / row["central_funds"] < 0.37


def test_stations_distribute_what_the_villages_got(honest_world: CountyWorld) -> None:
    for t in range(1, 9):
        dividends = pa.concat_tables(
            honest_world.rows("village_dividends", q) for q in quarters_so_far(t)
        ).to_pylist()
        got: dict[tuple[str, str], int] = {}
        for row in dividends:
            if row["dividend_kind"] == "photovoltaic":
                place = (row["township_name"], row["village_code"])
                got[place] = got.get(place, 0) + row["amount"]
        stations = honest_world.rows("photovoltaic_stations", t).to_pylist()
        distributed = {
            (row["township_name"], row["village_code"]): row["distributed"] for row in stations
        }
        assert {place: amount for place, amount in distributed.items() if amount} == got
        assert all(row["income"] >= row["distributed"] for row in stations)


def test_station_posts_are_public_posts_of_the_living(honest_world: CountyWorld) -> None:
    people, t = honest_world.people, 9
    position = {number: i for i, number in enumerate(people.id_number.tolist())}
    table = honest_world.rows("photovoltaic_posts", t)
    person = [position[key] for key in table["person_key"].to_pylist()]
    assert (honest_world.economy.benefits.post[person] == table["monthly_pay"].to_numpy()).all()
    assert people.present(t)[person].all()
    assert max(table["hired_on"].to_pylist()) <= quarter_at(t).end
    stations = honest_world.rows("photovoltaic_stations", t).to_pylist()
    assert sum(row["posts"] for row in stations) == table.num_rows > 0


def test_rent_paid_is_the_households_income_from_land(honest_world: CountyWorld) -> None:
    people = honest_world.people
    rent = honest_world.economy.flows["property_land_rent"]
    for t in range(1, 14):
        table = honest_world.rows("land_transfers", t)
        paid = _sum_by(table, "household_key", "rent_paid")
        flow = rent[:, quarters_so_far(t)].sum(axis=1)
        earned = dict(zip(people.household_no.tolist(), flow.tolist(), strict=True))
        assert {k: v for k, v in paid.items() if v} == {k: v for k, v in earned.items() if v}


def test_some_rent_is_short_or_late_and_most_is_not(honest_world: CountyWorld) -> None:
    before, after = (honest_world.rows("land_transfers", t).to_pylist() for t in (7, 8))
    owed = {r["contract_no"] for r in before if r["rent_due"] > r["rent_paid"]}
    still = {r["contract_no"] for r in after if r["rent_due"] > r["rent_paid"]}
    assert owed - still
    assert 0 < len(still) < 0.1 * len(after)


def test_the_region_reaches_what_the_plan_asks_for(region: list[CountyWorld]) -> None:
    scale = 0.02
    by_year = {
        t: [project_counts(world, t) for world in region] for t in (_END_OF_2024, _END_OF_2025)
    }

    def total(t: int, name: str) -> float:
        return sum(counts.get(name, 0.0) for counts in by_year[t])

    assert total(_END_OF_2024, "M02-01") == pytest.approx(149 * scale, abs=1)
    assert total(_END_OF_2024, "M02-02") == pytest.approx(84 * scale, abs=1)
    assert total(_END_OF_2025, "M02-03") == pytest.approx(100 * scale, abs=1)
    assert total(_END_OF_2025, "M02-04") == 5
    assert total(_END_OF_2024, "M07-01") == pytest.approx(10_400 * scale, rel=0.05)
    assert total(_END_OF_2024, "M17-03") == pytest.approx(5_000 * scale, rel=0.25)
    assert total(_END_OF_2025, "M16-02") == pytest.approx(104 * scale, abs=1)


def test_new_ranches_and_demonstration_come_in_the_lifted_out_counties_and_in_time(
    region: list[CountyWorld],
) -> None:
    for world in region:
        rows = world.rows("farm_entities", _END_OF_2024).to_pylist()
        new = [row for row in rows if row["established_on"].year == 2024]
        assert not new or world.people.county.code in MOUNTAIN_COUNTIES
        assert "M02-03" not in project_counts(world, 3)


def test_every_supported_village_gets_a_million_in_the_end(region: list[CountyWorld]) -> None:
    paid: dict[tuple[str, int], int] = {}
    for world in region:
        for village, amount, day in zip(*support_payments(world), strict=True):
            key = (world.people.county.code, int(village))
            paid[key] = paid.get(key, 0) + int(amount)
            assert np.datetime64("2024-01-01") <= day <= np.datetime64("2025-12-31")
    assert set(paid.values()) == {100_000_000}


def test_counties_share_a_number_without_remainder(region: list[CountyWorld]) -> None:
    parts = [quota(world, 60, is_scaled=False).tolist() for world in region]
    assert sorted(chain.from_iterable(parts)) == list(range(60))


def test_keys_are_unique_over_the_region(region: list[CountyWorld]) -> None:
    for dataset in (*_STABLE, "bridging_projects", "work_relief_projects", "land_transfers"):
        contract = load_contracts()[dataset]
        if "village_code" in contract.key:
            continue
        seen = [
            tuple(row.values())
            for world in region
            for row in world.rows(dataset, _END_OF_2025).select(list(contract.key)).to_pylist()
        ]
        assert len(seen) == len(set(seen)) > 0, dataset
