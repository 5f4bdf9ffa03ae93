"""Worlds of one county, for the tests of the simulation."""

from orchestration.contracts import load_contracts
from orchestration.settings import PROJECT_ROOT
from orchestration.simulation.assumptions import load_assumptions
from orchestration.simulation.economy import earn
from orchestration.simulation.plants import Plant, planting_of
from orchestration.simulation.population import HORIZON, County, populate, village_count
from orchestration.simulation.records import BUILDERS
from orchestration.simulation.reports import report
from orchestration.simulation.world import CountyWorld

SCALE, SEED = 0.02, 7
SEEDS = PROJECT_ROOT / "seeds"


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
    reports = report(people, economy, planting, assumptions, seed=SEED)
    return CountyWorld(
        people, economy, reports, planting, assumptions, load_contracts(), SEEDS, SEED, BUILDERS
    )
