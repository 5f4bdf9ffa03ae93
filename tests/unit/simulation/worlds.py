"""Worlds of one county, for the tests of the simulation."""

from orchestration.settings import PROJECT_ROOT
from orchestration.simulation.assumptions import load_assumptions
from orchestration.simulation.plants import Plant, planting_of
from orchestration.simulation.population import HORIZON, County, village_count
from orchestration.simulation.run import live_through
from orchestration.simulation.world import CountyWorld

SCALE, SEED = 0.02, 7
SEEDS = PROJECT_ROOT / "seeds"


def build_world(
    county: County,
    *plants: Plant,
    quarters: int = HORIZON,
    scale: float = SCALE,
    seed: int = SEED,
) -> CountyWorld:
    """Live through one county with the given plants."""
    assumptions = load_assumptions()
    planting = planting_of(
        plants,
        villages=village_count(county, assumptions, scale),
        quarters=quarters,
        award_growth=assumptions.labour.award_growth,
    )
    return live_through(county, planting, seeds=SEEDS, scale=scale, seed=seed, quarters=quarters)
