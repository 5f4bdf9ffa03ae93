"""Records of inspections of homes and of drinking water."""

import numpy as np
import pyarrow as pa

from orchestration.simulation.population import quarter_at
from orchestration.simulation.rosters import listed_households
from orchestration.simulation.world import CountyWorld, place_columns, row_set

_LONGEST = 2
"""Quarters within which what is unsafe is mended."""

_NEVER = -100


def _trouble(world: CountyWorld, name: str, share: float, t: int) -> tuple[np.ndarray, np.ndarray]:
    """Return which households have a trouble in ``t`` and when the last one was mended.

    The second array holds quarters; `_NEVER` where nothing was.
    """
    count = world.people.households
    is_unsafe, mended_in = np.zeros(count, dtype=bool), np.full(count, _NEVER)
    for begun in range(-_LONGEST, t + 1):
        rng = world.stream(name, begun)
        begins = rng.random(count) < share
        until = begun + rng.integers(1, _LONGEST + 1, count)
        is_unsafe |= begins & (until > t)
        mended_in = np.where(begins & (until <= t), np.maximum(mended_in, until), mended_in)
    return is_unsafe, mended_in


def _inspected(world: CountyWorld, name: str, t: int, count: int) -> np.ndarray:
    """Return the days of the inspections; some were made shortly before the quarter."""
    return np.datetime64(quarter_at(t).start) + world.stream(name, t).integers(-12, 85, count)


def housing_safety(world: CountyWorld, t: int) -> pa.Table:
    """Every listed household's home with its grade; grades C and D are unsafe."""
    people = world.people
    listed = listed_households(world, t)
    share = world.assumptions.safeguards.unsafe_home_share
    is_unsafe, mended_in = _trouble(world, "unsafe home", share, t)
    is_mended = ~is_unsafe & (mended_in > t - quarter_at(t).number)
    quality = world.stream("homes").random(people.households)
    grade = np.select(
        [is_unsafe & (quality < 0.3), is_unsafe, (mended_in > _NEVER) | (quality < 0.55)],
        ["grade_d", "grade_c", "grade_a"],
        "grade_b",
    )
    is_unknown = world.stream("mended known", t).random(len(listed)) < 0.01
    return row_set(
        world,
        "housing_safety",
        **place_columns(world, people.village[listed]),
        household_key=people.household_no[listed],
        safety_grade=grade[listed],
        is_safe=~is_unsafe[listed],
        is_repaired_in_year=(is_mended[listed], is_unknown & ~is_mended[listed]),
        inspected_on=_inspected(world, "homes inspected", t, len(listed)),
    )


def water_safety(world: CountyWorld, t: int) -> pa.Table:
    """Every listed household's drinking water and what is wrong with it."""
    people = world.people
    listed = listed_households(world, t)
    share = world.assumptions.safeguards.unsafe_water_share
    is_unsafe, _ = _trouble(world, "unsafe water", share, t)
    problem = world.stream("water").choice(
        ["quantity", "quality", "access", "reliability"],
        people.households,
        p=[0.3, 0.2, 0.1, 0.4],
    )
    is_unstated = world.stream("water problem known", t).random(len(listed)) < 0.03
    return row_set(
        world,
        "water_safety",
        **place_columns(world, people.village[listed]),
        household_key=people.household_no[listed],
        is_safe=~is_unsafe[listed],
        water_problem=(problem[listed], ~is_unsafe[listed] | is_unstated),
        inspected_on=_inspected(world, "water inspected", t, len(listed)),
    )
