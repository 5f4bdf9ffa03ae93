import numpy as np

from orchestration.ingestion.identity_numbers import is_valid
from orchestration.settings import PROJECT_ROOT
from orchestration.simulation.assumptions import load_assumptions
from orchestration.simulation.plants import planting_of
from orchestration.simulation.population import (
    DIED,
    HORIZON,
    load_counties,
    populate,
    village_count,
)
from orchestration.simulation.world import CountyWorld

COUNTIES = load_counties(PROJECT_ROOT / "seeds")


def _people(county, scale):
    assumptions = load_assumptions()
    villages = village_count(county, assumptions, scale)
    planting = planting_of([], villages=villages, quarters=HORIZON, award_growth=0.1)
    return populate(county, assumptions, planting, scale=scale, seed=3)


def test_every_identity_number_is_valid_unissued_and_its_owners_alone() -> None:
    numbers = np.concatenate([_people(county, 0.01).id_number for county in COUNTIES])
    assert len(set(numbers.tolist())) == len(numbers)
    assert all(is_valid(number) and number.startswith("990000") for number in numbers)


def test_identity_number_states_birthday_and_sex(honest_world: CountyWorld) -> None:
    people = honest_world.people
    for number, born_on, is_male in zip(
        people.id_number[:300], people.born_on[:300], people.is_male[:300], strict=True
    ):
        assert number[6:14] == str(born_on).replace("-", "")
        assert int(number[16]) % 2 == is_male


def test_every_scale_keeps_all_counties_with_two_villages_that_are_lived_in() -> None:
    for scale in (0.0005, 0.002):
        for county in COUNTIES:
            people = _people(county, scale)
            assert len(people.places) >= 2
            assert (np.bincount(people.village, minlength=len(people.places)) >= 3).all()
            assert all("村" in place.name for place in people.places)


def test_full_scale_has_the_size_that_the_plan_speaks_of() -> None:
    assumptions = load_assumptions()
    households = sum(assumptions.households_of(county.code, 1) for county in COUNTIES)
    villages = sum(village_count(county, assumptions, 1) for county in COUNTIES)
    assert abs(households - 200_000) < 50
    assert 1_800 < villages <= 2_225


def test_people_are_of_a_plausible_mix(honest_world: CountyWorld) -> None:
    people = honest_world.people
    present = people.present(0)
    assert 3.7 < present.sum() / people.households < 4.3
    age = people.age(0)[present]
    assert 0.15 < (age < 18).mean() < 0.30
    assert 0.10 < (age >= 60).mean() < 0.22


def test_rosters_follow_births_and_deaths(honest_world: CountyWorld) -> None:
    people = honest_world.people
    died = people.leave_reason == DIED
    assert died.sum() > 20
    assert (people.entered > 0).sum() > 20
    for t in (3, 9):
        came = (people.entered == t).sum()
        left = (people.left == t).sum()
        assert people.size(t).sum() == people.size(t - 1).sum() + came - left
    gone = people.left_on[died]
    assert (gone >= np.datetime64("2023-01-01")).all()


def test_household_has_one_head_who_lives_there(honest_world: CountyWorld) -> None:
    people = honest_world.people
    heads = people.heads(12)
    inhabited = people.size(12) > 0
    assert ((heads >= 0) == inhabited).all()
    assert people.present(12)[heads[inhabited]].all()
    assert (people.household[heads[inhabited]] == np.flatnonzero(inhabited)).all()
