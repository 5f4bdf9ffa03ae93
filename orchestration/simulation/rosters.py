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
        household_size=people.counted_size(t)[listed],
        registered_size=people.size(t)[listed],
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
    here = np.flatnonzero((people.present(t) | leaves) & is_listed(world, t)[people.household])
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


def household_income_report(world: CountyWorld, t: int) -> pa.Table:
    """What is reported for each household, income year to date, with its totals."""
    people, reports = world.people, world.reports
    listed = listed_households(world, t)
    head = np.maximum(people.heads(t - t % 4), people.heads(t))[listed]
    rng = world.stream("signature", t)
    count = len(listed)
    item = {name: reports.year_to_date(name, t)[listed] for name in reports.flows}
    totals = {
        "wage_income": sum(item[name] for name in WAGE),
        "business_income": sum(item[name] for name in BUSINESS),
        "property_income": sum(item[name] for name in PROPERTY),
        "transfer_income": sum(item[name] for name in TRANSFER),
    }
    total = sum(totals.values())
    net = total - item["production_cost"] + item["cost_subsidy"]
    size = people.counted_size(t)[listed]
    end = np.datetime64(quarter_at(t).end)
    signed = end - rng.integers(0, 20, count)
    edited = (end + rng.integers(1, 10, count)).astype("datetime64[s]")
    edited = edited + rng.integers(8 * 3600, 18 * 3600, count)
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
