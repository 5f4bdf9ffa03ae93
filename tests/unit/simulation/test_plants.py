"""Each fabrication does what its name says to the reports, and leaves the truth as it is."""

import csv
from collections.abc import Callable

import numpy as np
import pytest
from worlds import SEEDS

from orchestration.simulation.economy import FLOWS
from orchestration.simulation.fabrications import DISCRETIONARY, FABRICATIONS
from orchestration.simulation.plants import LOOK_ALIKES, NEVER, WHOLE_COUNTY, Plant, plan
from orchestration.simulation.population import DIED
from orchestration.simulation.records import county_rows
from orchestration.simulation.world import CountyWorld

VILLAGE = 3
Build = Callable[..., CountyWorld]


def _plant(name: str, dose: str = "strong") -> Plant:
    village = WHOLE_COUNTY if name == "county_overstated" else VILLAGE
    return Plant(village, "fabrication", name, dose, 4)


def _reported(world: CountyWorld, name: str) -> np.ndarray:
    return world.reports.flows[name][world.people.village == VILLAGE]


def _honest(world: CountyWorld, name: str) -> np.ndarray:
    return world.reports.honest[name][world.people.village == VILLAGE]


@pytest.mark.parametrize("name", FABRICATIONS)
def test_fabrication_changes_reports_of_its_village_and_time_alone(
    world_with: Build, honest_world: CountyWorld, name: str
) -> None:
    world = world_with(_plant(name))
    elsewhere = world.people.village != VILLAGE
    if name == "county_overstated":
        elsewhere[:] = False
    dropped = world.reports.honest_size - world.reports.size
    assert not dropped[elsewhere].any()
    changed = dropped.sum(axis=0).astype(float)
    for item in FLOWS:
        reported, honest = world.reports.flows[item], world.reports.honest[item]
        assert (reported[elsewhere] == honest[elsewhere]).all()
        changed += (reported != honest).sum(axis=0)
        assert (reported >= 0).all()
    assert changed[:4].sum() == 0
    assert changed[4:].sum() > 0
    if name not in ("pay_after_death", "two_posts"):
        for item in FLOWS:
            assert (world.economy.flows[item] == honest_world.economy.flows[item]).all()


def test_uniform_growth_is_one_factor_over_all_items(world_with: Build) -> None:
    world = world_with(_plant("uniform_growth"))
    wage, crop = (_reported(world, name) for name in ("wage_local", "business_planting"))
    both = (wage[:, 3] > 100_000) & (crop[:, 3] > 100_000)
    growth = [item[both, 7] / item[both, 3] for item in (wage, crop)]
    assert both.sum() >= 5
    assert (np.abs(growth[0] - growth[1]) < 0.002).mean() > 0.7


def test_copy_forward_repeats_the_base_quarter(world_with: Build) -> None:
    world = world_with(_plant("copy_forward"))
    same = [
        (_reported(world, name)[:, 6] == _reported(world, name)[:, 2])[
            _reported(world, name)[:, 2] > 0
        ]
        for name in DISCRETIONARY
    ]
    assert 0.45 < np.concatenate(same).mean() < 0.75


def test_paper_dividends_have_no_voucher(world_with: Build) -> None:
    world = world_with(_plant("dividends_on_paper"))
    people = world.people
    paid = dict.fromkeys(people.household_no.tolist(), 0)
    for row in county_rows(world, 4)["village_dividends"].to_pylist():
        paid[row["household_key"]] += row["amount"]
    inside = people.village == VILLAGE
    claimed = world.reports.flows["property_dividend"][inside, 4]
    beyond = claimed - np.array([paid[number] for number in people.household_no[inside].tolist()])
    assert set(beyond.tolist()) == {0, 200_000}
    assert (beyond > 0).mean() > 0.8


def test_the_dead_stay_on_the_payroll_only_where_it_is_planted(
    world_with: Build, honest_world: CountyWorld
) -> None:
    def paid_after_death(world: CountyWorld) -> int:
        people = world.people
        died = dict(zip(people.id_number.tolist(), people.left_on.tolist(), strict=True))
        dead = {number for number, day in died.items() if day is not None}
        rows = county_rows(world, 16)["public_welfare_payroll"].to_pylist()
        return sum(
            row["person_key"] in dead and died[row["person_key"]] < row["pay_month"] for row in rows
        )

    assert (honest_world.people.leave_reason == DIED).any()
    assert paid_after_death(honest_world) == 0
    assert paid_after_death(world_with(_plant("pay_after_death"))) > 0


def test_line_is_crowded_just_above_and_empty_just_below(world_with: Build) -> None:
    world = world_with(_plant("over_the_line"))
    inside = world.people.village == VILLAGE
    size = world.people.counted_size(7)[inside]
    net = sum(
        world.reports.year_to_date(name, 7)[inside]
        for name in FLOWS
        if name not in ("production_cost", "cost_subsidy")
    )
    net = net - world.reports.year_to_date("production_cost", 7)[inside]
    per_person = (net + world.reports.year_to_date("cost_subsidy", 7)[inside]) / size / 100
    assert not ((per_person >= 7_000) & (per_person < 12_000)).any()


@pytest.mark.parametrize("name", LOOK_ALIKES)
def test_look_alikes_are_reported_honestly(world_with: Build, name: str) -> None:
    world = world_with(Plant(VILLAGE, "look_alike", name, None, 4))
    for item in FLOWS:
        assert (world.reports.flows[item] == world.reports.honest[item]).all()


def test_wage_award_stands_in_the_employers_records_too(world_with: Build) -> None:
    world = world_with(Plant(VILLAGE, "look_alike", "wage_award", None, 4))
    people, work = world.people, world.economy.employment
    inside = people.village[people.household] == VILLAGE
    awarded = inside & (work.workplace == "in_county") & (work.months[:, 0] > 0)
    awarded &= work.months[:, 4] > 0
    growth = work.monthly_wage[awarded, 4] / work.monthly_wage[awarded, 0]
    assert len(growth) > 5
    assert np.allclose(growth, 1.08, atol=0.001)


def test_flat_dividends_are_equal_and_paid(world_with: Build) -> None:
    world = world_with(Plant(VILLAGE, "look_alike", "flat_dividend", None, 4))
    inside = world.people.village == VILLAGE
    assert set(world.economy.benefits.collective_dividend[inside, 4]) == {120_000}
    name = world.people.places[VILLAGE].name
    rows = county_rows(world, 4)["village_dividends"].to_pylist()
    paid = [r for r in rows if r["village_code"] == name and r["dividend_kind"] == "collective"]
    assert len(paid) == inside.sum()


def test_share_of_villages_is_what_was_asked_for() -> None:
    villages = [10] * 20
    plants = [plant for county in plan(1, villages, 0.05) for plant in county]
    chosen = [p for p in plants if p.kind == "fabrication" and p.lead in (NEVER, p.village)]
    assert sum(p.village != WHOLE_COUNTY for p in chosen) == 10
    assert sum(p.village == WHOLE_COUNTY for p in chosen) == 1
    assert {p.type for p in plants if p.kind == "look_alike"} == set(LOOK_ALIKES)
    honest = [plant for county in plan(1, villages, 0.0) for plant in county]
    assert {plant.kind for plant in honest} == {"look_alike"}


def test_no_village_has_two_labels_and_copying_collectors_have_followers() -> None:
    for plants in plan(3, [10] * 20, 0.2):
        villages = [p.village for p in plants if p.village != WHOLE_COUNTY]
        assert len(villages) == len(set(villages))
    copying = plan(3, [10] * 20, 0.01, types=["collector_copy"])
    groups = [p.lead for county in copying for p in county if p.type == "collector_copy"]
    assert len(groups) == 6


def test_types_doses_and_look_alikes_may_be_chosen() -> None:
    chosen = plan(
        1, [10] * 20, 0.1, types=["clones", "rescaled"], doses=["weak"], has_look_alikes=False
    )
    plants = [plant for county in chosen for plant in county]
    assert {p.type for p in plants} == {"clones", "rescaled"}
    assert {p.dose for p in plants} == {"weak"}
    assert len(plants) == 20
    for wrong in ({"types": ["nothing"]}, {"doses": ["mild"]}, {"types": []}):
        with pytest.raises(ValueError, match="some of"):
            plan(1, [10], 0.1, **wrong)
    with pytest.raises(ValueError, match="share"):
        plan(1, [10], 0.3)


def test_every_signal_has_something_to_find_and_something_to_spare() -> None:
    with (SEEDS / "signals.csv").open(encoding="utf-8") as handle:
        signals = list(csv.DictReader(handle))
    assert {s["mechanism"] for s in signals} == {f.mechanism for f in FABRICATIONS.values()} - {
        None
    }
    assert {s["signal_id"] for s in signals} == {s for names in LOOK_ALIKES.values() for s in names}
