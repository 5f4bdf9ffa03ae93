"""One county's people and incomes, built once for all tests of the simulation."""

from collections.abc import Callable

import pytest

from orchestration.contracts import load_contracts
from orchestration.settings import PROJECT_ROOT
from orchestration.simulation.assumptions import load_assumptions
from orchestration.simulation.economy import earn
from orchestration.simulation.plants import Plant, planting_of
from orchestration.simulation.population import (
    HORIZON,
    County,
    load_counties,
    populate,
    village_count,
)
from orchestration.simulation.records import BUILDERS
from orchestration.simulation.reports import report
from orchestration.simulation.world import CountyWorld

SCALE, SEED = 0.02, 7
SEEDS = PROJECT_ROOT / "seeds"


@pytest.fixture(scope="session")
def county() -> County:
    return next(county for county in load_counties(SEEDS) if county.name == "西吉县")


def build_world(
    county: County, *plants: Plant, quarters: int = HORIZON, scale: float = SCALE
) -> CountyWorld:
    """Live through one county with the given plants."""
    assumptions = load_assumptions()
    planting = planting_of(
        plants,
        villages=village_count(county, assumptions, scale),
        quarters=quarters,
        award_growth=assumptions.labour.award_growth,
    )
    people = populate(county, assumptions, planting, scale=scale, seed=SEED, quarters=quarters)
    economy = earn(people, assumptions, planting, seed=SEED)
    reports = report(people, economy, planting, seed=SEED)
    return CountyWorld(
        people, economy, reports, planting, assumptions, load_contracts(), SEEDS, SEED, BUILDERS
    )


@pytest.fixture(scope="session")
def world_with(county: County) -> Callable[..., CountyWorld]:
    return lambda *plants: build_world(county, *plants)


@pytest.fixture(scope="session")
def honest_world(county: County) -> CountyWorld:
    return build_world(county)
