"""What really happened and what was planted: tables for ``truth/``, read by evaluations alone.

- ``household_income.parquet``: true income of every household and quarter, income year to date.
- ``plants.parquet``: fabrications and look-alikes by village, with type, dose and first quarter.
- ``inflated_claims.parquet``: indicators of which a county claims more than it has counted.
- ``village_quarters.parquet``: how many yuan of net income, year to date, every village reports
  above what honest reporting of the same collectors would have said.
"""

from decimal import Decimal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from orchestration.ingestion.pseudonyms import pseudonym
from orchestration.simulation.economy import FLOWS, SUB_ITEMS
from orchestration.simulation.population import quarter_at
from orchestration.simulation.world import CountyWorld

_PLANTS = pa.schema(
    [
        pa.field("county_code", pa.string()),
        pa.field("village_code", pa.string()),
        pa.field("kind", pa.string()),
        pa.field("type", pa.string()),
        pa.field("dose", pa.string()),
        pa.field("first_quarter", pa.date32()),
    ]
)


def truth_of(world: CountyWorld, quarters: range, key: bytes) -> dict[str, pa.Table]:
    """Return the county's truth tables for the quarters that are written."""
    return {
        "household_income": pa.concat_tables(_incomes(world, t, key) for t in quarters),
        "plants": _plants(world),
        "inflated_claims": _inflated_claims(world),
        "village_quarters": pa.concat_tables(_village_quarters(world, t) for t in quarters),
    }


def _incomes(world: CountyWorld, t: int, key: bytes) -> pa.Table:
    people, economy = world.people, world.economy
    columns = {
        "quarter": _quarters(t, people.households),
        "county_code": pa.array([people.county.code] * people.households),
        "village_code": pa.array(_codes(world)[people.village]),
        "household_no": pa.array(people.household_no),
        "household_key": pa.array([pseudonym(key, "household", n) for n in people.household_no]),
        "household_size": pa.array(people.counted_size(t).astype(np.int32)),
        "net_income": _yuan(economy.net_year_to_date(t)),
    }
    return pa.table(columns | {name: _yuan(economy.year_to_date(name, t)) for name in FLOWS})


def _plants(world: CountyWorld) -> pa.Table:
    codes = _codes(world)
    rows = [
        {
            "county_code": world.people.county.code,
            "village_code": codes[plant.village],
            "kind": plant.kind,
            "type": plant.type,
            "dose": plant.dose,
            "first_quarter": quarter_at(plant.first).start,
        }
        for plant in world.planting.plants
    ]
    return pa.Table.from_pylist(rows, schema=_PLANTS)


def _inflated_claims(world: CountyWorld) -> pa.Table:
    planted = world.planting.inflated_claims
    return pa.table(
        {
            "county_code": pa.array([world.people.county.code] * len(planted), pa.string()),
            "indicator_id": pa.array(list(planted), pa.string()),
            "factor": pa.array(list(planted.values()), pa.float64()),
        }
    )


def _village_quarters(world: CountyWorld, t: int) -> pa.Table:
    people, reports = world.people, world.reports
    window = slice(t - t % 4, t + 1)
    surplus = np.zeros(people.households, dtype=np.int64)
    for name in FLOWS:
        above = (reports.flows[name] - reports.honest[name])[:, window].sum(axis=1)
        surplus += above if name in SUB_ITEMS or name == "cost_subsidy" else -above
    villages = len(people.places)
    return pa.table(
        {
            "quarter": _quarters(t, villages),
            "county_code": pa.array([people.county.code] * villages),
            "village_code": pa.array(_codes(world)),
            "households": pa.array(np.bincount(people.village, minlength=villages)),
            "households_changed": pa.array(
                np.bincount(people.village, weights=surplus != 0, minlength=villages).astype(int)
            ),
            "net_income_overstated": _yuan(
                np.bincount(people.village, weights=surplus, minlength=villages)
            ),
        }
    )


def _codes(world: CountyWorld) -> np.ndarray:
    return np.array([place.code for place in world.people.places])


def _quarters(t: int, count: int) -> pa.Array:
    return pa.array(np.full(count, np.datetime64(quarter_at(t).start, "D")))


def _yuan(fen: np.ndarray) -> pa.Array:
    whole = pa.array(fen.astype(np.int64)).cast(pa.decimal128(19, 0))
    yuan = pc.multiply(whole, pa.scalar(Decimal("0.01"), pa.decimal128(3, 2)))
    return yuan.cast(pa.decimal128(18, 2))
