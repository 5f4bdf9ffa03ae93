"""How a county's part of a regional number is found and a year's amount grows over quarters."""

from collections.abc import Mapping

import numpy as np

from orchestration.simulation.population import quarter_at
from orchestration.simulation.world import CountyWorld

EVEN = (0.25, 0.5, 0.75, 1.0)
"""A year's amount that comes in evenly, by the end of each quarter."""


def scale_of(world: CountyWorld) -> float:
    """Return the world's scale as the county sees it: its households by those at full scale."""
    return world.people.households / world.assumptions.households_of(world.people.county.code, 1.0)


def quota(
    world: CountyWorld,
    regional: float,
    weights: Mapping[str, float] | None = None,
    *,
    is_scaled: bool = True,
) -> np.ndarray:
    """Return which of the region's items 0, 1, 2 … belong to the county.

    Items are dealt out by weight (the counties' households unless given; a county without a weight
    has none), so that all counties together have the regional number, to the scale of the world.
    """
    weights = world.assumptions.county_weights if weights is None else weights
    codes, code = list(weights), world.people.county.code
    if code not in weights:
        return np.empty(0, dtype=np.int64)
    before = sum(weights[name] for name in codes[: codes.index(code)])
    unit = regional * (scale_of(world) if is_scaled else 1.0) / sum(weights.values())
    return np.arange(int(before * unit + 0.5), int((before + weights[code]) * unit + 0.5))


def year_to_date(
    yearly: np.ndarray, t: int, profile: tuple[float, float, float, float] = EVEN
) -> np.ndarray:
    """Return the part of a year's yuan that has come by the end of ``t``: whole yuan, in fen."""
    return np.round(yearly * profile[quarter_at(t).number - 1]).astype(np.int64) * 100


def end_of(t: int) -> np.datetime64:
    """Return the last day of quarter ``t``."""
    return np.datetime64(quarter_at(t).end)


def days_between(
    rng: np.random.Generator, first: str, last: str, count: int | tuple[int, ...]
) -> np.ndarray:
    """Draw days between two days."""
    start = np.datetime64(first)
    return start + rng.integers(0, (np.datetime64(last) - start).astype(int) + 1, count)
