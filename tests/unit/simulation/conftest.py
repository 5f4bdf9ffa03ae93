"""One county's people and incomes, built once for all tests of the simulation."""

from collections.abc import Callable

import pytest
from worlds import SEEDS, build_world

from orchestration.simulation.population import County, load_counties
from orchestration.simulation.world import CountyWorld


@pytest.fixture(scope="session")
def county() -> County:
    return next(county for county in load_counties(SEEDS) if county.name == "西吉县")


@pytest.fixture(scope="session")
def world_with(county: County) -> Callable[..., CountyWorld]:
    return lambda *plants: build_world(county, *plants)


@pytest.fixture(scope="session")
def honest_world(county: County) -> CountyWorld:
    return build_world(county)
