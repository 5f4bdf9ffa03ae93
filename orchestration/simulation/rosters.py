"""What a county files about its households: the two rosters and the income report."""

import numpy as np
import pyarrow as pa

from orchestration.simulation.benefits import TRANSFER
from orchestration.simulation.economy import BUSINESS, PROPERTY, WAGE
from orchestration.simulation.population import RELATIONS, quarter_at
from orchestration.simulation.world import CountyWorld, payee_columns, place_columns, row_set


def listed_households(world: CountyWorld, t: int) -> np.ndarray:
    """Return the households on the roster: those that had a member when the income year began."""
    return np.flatnonzero(world.people.size(t - t % 4) > 0)


def is_listed(world: CountyWorld, t: int) -> np.ndarray:
    """Return for every household whether it is on the roster."""
    result = np.zeros(world.people.households, dtype=bool)
    result[listed_households(world, t)] = True
    return result


def listed_persons(world: CountyWorld, t: int) -> np.ndarray:
    """Return the persons on the roster at the quarter's end."""
    people = world.people
    return np.flatnonzero(people.present(t) & is_listed(world, t)[people.household])


def household_roster(world: CountyWorld, t: int) -> pa.Table:
    """The households under monitoring with size, land and kind."""
    people = world.people
    listed = listed_households(world, t)
    head = np.maximum(people.heads(t - t % 4), people.heads(t))[listed]
    is_stable = people.household_type[listed] == "lifted"
    return row_set(
        world,
        "household_roster",
        **place_columns(world, people.village[listed]),
        household_key=people.household_no[listed],
        head_name=people.name[head],
        head_person_key=people.id_number[head],
        household_type=people.household_type[listed],
        household_size=world.reports.size[listed, t],
        registered_size=people.size(t)[listed] - members_left_out(world, t)[listed],
        cultivated_land_mu=np.round(people.land[listed] * 100),
        forest_land_mu=np.round(people.forest[listed] * 100),
        grassland_mu=np.round(people.grass[listed] * 100),
        is_relocated=people.is_relocated[listed],
        monitored_since=(people.monitored_since[listed], is_stable),
        is_risk_resolved=(people.is_risk_resolved[listed], is_stable),
    )


def person_roster(world: CountyWorld, t: int) -> pa.Table:
    """The members of listed households; who left in the quarter is listed once more."""
    people = world.people
    leaves = people.left == t
    is_here = (people.present(t) | leaves) & is_listed(world, t)[people.household]
    here = np.flatnonzero(is_here & ~_is_left_out(world, t))
    head = people.heads(t)[people.household[here]]
    came = (people.entered[here] == t) & (t > 0)
    # Whoever left in the quarter is listed once more, as a decrease, and not counted as a member.
    change = np.select([leaves[here], came], ["natural_decrease", "natural_increase"], "")
    return row_set(
        world,
        "person_roster",
        **place_columns(world, people.village[people.household[here]]),
        household_key=people.household_no[people.household[here]],
        **payee_columns(world, here),
        relation_to_head=np.where(
            here == head,
            "head",
            np.where(people.relation[here] == 0, "other", RELATIONS[people.relation[here]]),
        ),
        sex=np.where(people.is_male[here], "male", "female"),
        birth_month=people.born_on[here].astype("datetime64[M]"),
        health_status=people.health(t)[here],
        labour_ability=people.labour_ability(t)[here],
        is_student=people.is_student(t)[here],
        member_change=(change, change == ""),
    )


def members_left_out(world: CountyWorld, t: int) -> np.ndarray:
    """Return how many members of every household the rosters leave out without a reason."""
    return np.asarray(world.reports.honest_size[:, t] - world.reports.size[:, t])


def _is_left_out(world: CountyWorld, t: int) -> np.ndarray:
    """Return who is left out: the members who are named last; the head stays."""
    people, missing = world.people, members_left_out(world, t)
    result = np.zeros(len(people.household), dtype=bool)
    for household in np.flatnonzero(missing):
        members = np.flatnonzero(people.present(t) & (people.household == household))
        members = members[members != people.heads(t)[household]]
        result[members[len(members) - missing[household] :]] = True
    return result


def household_income_report(world: CountyWorld, t: int) -> pa.Table:
    """What is reported for each household, income year to date, with its totals."""
    return _income_report(world, t, world.reports.flows, is_revised=True)


def first_income_report(world: CountyWorld, t: int) -> pa.Table | None:
    """Return the version that was sent before figures were raised late; None if none were."""
    here = world.planting.revised[:, t]
    if not here.any():
        return None
    of_these = here[world.people.village][:, None]
    reports = world.reports
    flows = {
        name: np.where(of_these, reports.honest[name], values)
        for name, values in reports.flows.items()
    }
    return _income_report(world, t, flows, is_revised=False)


def _income_report(
    world: CountyWorld, t: int, flows: dict[str, np.ndarray], *, is_revised: bool
) -> pa.Table:
    people = world.people
    listed = listed_households(world, t)
    head = np.maximum(people.heads(t - t % 4), people.heads(t))[listed]
    rng = world.stream("signature", t)
    count = len(listed)
    item = {name: values[listed, t - t % 4 : t + 1].sum(axis=1) for name, values in flows.items()}
    totals = {
        "wage_income": sum(item[name] for name in WAGE),
        "business_income": sum(item[name] for name in BUSINESS),
        "property_income": sum(item[name] for name in PROPERTY),
        "transfer_income": sum(item[name] for name in TRANSFER),
    }
    total = sum(totals.values())
    net = total - item["production_cost"] + item["cost_subsidy"]
    size = world.reports.size[listed, t]
    end = np.datetime64(quarter_at(t).end)
    signed = end - rng.integers(0, 20, count)
    edited = (end + rng.integers(1, 10, count)).astype("datetime64[s]")
    edited = edited + rng.integers(8 * 3600, 18 * 3600, count)
    edited = _imported(world, t, listed, edited)
    if is_revised:
        edited = _revised(world, t, listed, edited)
    is_signed = rng.random(count) < 0.97
    return row_set(
        world,
        "household_income_report",
        **place_columns(world, people.village[listed]),
        household_key=people.household_no[listed],
        head_name=people.name[head],
        head_person_key=people.id_number[head],
        household_size=size,
        **item,
        **totals,
        total_income=total,
        net_income=net,
        per_capita_net_income=np.sign(net) * ((2 * np.abs(net) + size) // (2 * size)),
        collector_id=people.collector[listed],
        is_signed_by_farmer=is_signed,
        signed_on=(signed, ~is_signed),
        last_edited_at=edited,
    )


def _imported(world: CountyWorld, t: int, listed: np.ndarray, edited: np.ndarray) -> np.ndarray:
    """Set the time of forms that a clerk imports in one minute, a part after the deadline."""
    is_imported = world.planting.is_caught_up[world.people.village[listed], t]
    rng = world.stream("import", t)
    minute = np.datetime64(quarter_at(t).end, "s") + rng.integers(10 * 3600, 16 * 3600)
    is_late = rng.random(len(listed)) < _LATE_IMPORTS
    day = np.where(is_late, _deadline(world) + 3, 6) * 86_400
    stamp = minute + day + rng.integers(0, 60, len(listed))
    return np.where(is_imported, stamp, edited)


def _revised(world: CountyWorld, t: int, listed: np.ndarray, edited: np.ndarray) -> np.ndarray:
    """Set the time of forms that were raised after the deadline, in batches at night."""
    reports = world.reports
    is_changed = world.planting.revised[world.people.village[listed], t]
    is_changed &= reports.overstated(t)[listed] > 0
    rng = world.stream("revision", t)
    night = np.datetime64(quarter_at(t).end, "s") + (_deadline(world) + 2) * 86_400
    batch = np.arange(len(listed)) // 15 % 3
    stamp = night + 22 * 3600 + batch * 86_400 + rng.integers(0, 240, len(listed))
    return np.where(is_changed, stamp, edited)


def _deadline(world: CountyWorld) -> int:
    """Return the days after the quarter's end by which the income report is due."""
    return world.contracts["household_income_report"].deadline_days


_LATE_IMPORTS = 0.35
