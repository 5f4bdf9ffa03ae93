"""Claims of a county: its own counts, unless it was planted that it claims more."""

from dataclasses import replace

import pytest

from orchestration.simulation.claims import county_measure_report, honest_counts
from orchestration.simulation.plants import plan_claims
from orchestration.simulation.truth import truth_of
from orchestration.simulation.world import CountyWorld


def claimed(world: CountyWorld, t: int) -> dict[str, float]:
    table = county_measure_report(world, t)
    values = [value / 10_000 for value in table["value"].to_pylist()]
    return dict(zip(table["indicator_id"].to_pylist(), values, strict=True))


def test_an_inflated_claim_exceeds_the_count_and_no_other_does(honest_world: CountyWorld) -> None:
    planting = replace(honest_world.planting, inflated_claims={"M06-01": 1.25})
    world = replace(honest_world, planting=planting)
    count = honest_counts(world, 6)["M06-01"]
    assert claimed(world, 6)["M06-01"] == pytest.approx(1.25 * count, rel=0.05)
    honest = claimed(honest_world, 6)
    honest.pop("M06-01")
    assert honest.items() <= claimed(world, 6).items()


def test_what_is_inflated_is_in_the_truth(honest_world: CountyWorld) -> None:
    planting = replace(honest_world.planting, inflated_claims={"M06-01": 1.25})
    world = replace(honest_world, planting=planting)
    table = truth_of(world, range(6, 7), b"key" * 11)["inflated_claims"]
    assert table.to_pylist() == [
        {"county_code": world.people.county.code, "indicator_id": "M06-01", "factor": 1.25}
    ]


def test_an_honest_region_inflates_nothing_and_another_at_least_once() -> None:
    assert not any(plan_claims(1, 22, 0.0))
    assert sum(map(bool, plan_claims(1, 22, 0.03))) == 1
    assert sum(map(bool, plan_claims(1, 22, 0.5))) == 11
