"""Registers of births, deaths and marriages."""

import numpy as np
import pyarrow as pa

from orchestration.simulation.population import (
    CHILD,
    DIED,
    MARRIED_OUT,
    identity_numbers,
    quarter_at,
)
from orchestration.simulation.rosters import is_listed
from orchestration.simulation.world import CountyWorld, payee_columns, row_set


def deaths(world: CountyWorld, t: int) -> pa.Table:
    """Deaths registered in the quarter, those of other residents too."""
    people, quarter = world.people, quarter_at(t)
    died = people.leave_reason == DIED
    rng = world.stream("death registration")
    is_late = rng.random(len(died)) < world.assumptions.records.late_registration_share
    delay = rng.integers(1, 25, len(died))
    in_time, later = (people.left == t) & ~is_late, (people.left == t - 1) & is_late
    person = np.flatnonzero(died & (in_time | later))
    registered = np.where(
        is_late[person],
        np.datetime64(quarter.start) + delay[person],
        np.minimum(people.left_on[person] + delay[person], np.datetime64(quarter.end)),
    )
    # The register knows everybody's death, not only those of lifted-out people.
    others = world.stream("other deaths", t)
    count = 1 + others.poisson(people.households / 400)
    born = np.datetime64("1930-01-01") + others.integers(0, 12_000, count)
    day = np.datetime64(quarter.start) + others.integers(0, 80, count)
    name = people.name[others.integers(0, len(people.name), count)]
    return row_set(
        world,
        "deaths",
        person_key=np.r_[
            people.id_number[person], identity_numbers(born, others.integers(970, 1000, count))
        ],
        person_name=np.r_[people.name[person], name],
        died_on=np.r_[people.left_on[person], day],
        registered_on=np.r_[registered, day + 5],
    )


def household_changes(world: CountyWorld, t: int) -> pa.Table:
    """Births and marriages of the quarter, and grown children who registered on their own.

    A split changes the household register alone: the family goes on being monitored as one. What
    was not registered within the quarter is missing, as it may not be filed later.
    """
    people, quarter = world.people, quarter_at(t)
    registers = world.stream("change registration").random(len(people.household)) < (
        1 - world.assumptions.records.missing_share
    )
    rng = world.stream("splits", t)
    is_grown = (people.relation == CHILD) & people.present(t) & (people.age(t) >= 22)
    splits = is_grown & (
        rng.random(len(people.household)) < world.assumptions.records.split_share / 4
    )
    known = is_listed(world, t)[people.household]
    born, married, split = (
        np.flatnonzero(kind & known)
        for kind in (
            (people.entered == t) & (t > 0) & registers,
            (people.left == t) & (people.leave_reason == MARRIED_OUT) & registers,
            splits,
        )
    )
    start = np.datetime64(quarter.start)
    person = np.concatenate([born, married, split])
    return row_set(
        world,
        "household_changes",
        household_key=people.household_no[people.household[person]],
        **payee_columns(world, person),
        change_kind=np.repeat(
            ["birth", "married_out", "split"], [len(born), len(married), len(split)]
        ),
        happened_on=np.concatenate(
            [
                np.maximum(people.born_on[born], start),
                people.left_on[married],
                start + rng.integers(0, 90, len(split)),
            ]
        ),
    )
