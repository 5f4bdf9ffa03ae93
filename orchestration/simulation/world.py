"""One county's world, and the row sets that are cut out of it.

A row set is an Arrow table whose columns are named by the contract. Decimals are whole numbers
scaled by the contract (fen for yuan), codes are canonical; how a cell looks in a file is the
business of ``writers``.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pyarrow as pa

from orchestration.contracts import Contract
from orchestration.simulation.assumptions import Assumptions
from orchestration.simulation.economy import Economy
from orchestration.simulation.plants import Planting
from orchestration.simulation.population import Population, numbered, quarter_at, quarters_so_far
from orchestration.simulation.randomness import stream
from orchestration.simulation.reports import Reports


@dataclass
class CountyWorld:
    """Everything that is known about one county: the source of all its rows."""

    people: Population
    economy: Economy
    reports: Reports
    planting: Planting
    assumptions: Assumptions
    contracts: dict[str, Contract]
    seeds: Path
    seed: int
    builders: Mapping[str, "Builder"]
    _built: dict[tuple[str, int], pa.Table] = field(default_factory=dict)

    def rows(self, dataset: str, t: int) -> pa.Table:
        """Return the rows of a dataset that concern the county in quarter ``t``, built once."""
        if (dataset, t) not in self._built:
            self._built[dataset, t] = self.builders[dataset](self, t)
        return self._built[dataset, t]

    def rows_so_far(self, dataset: str, t: int) -> pa.Table:
        """Return the rows of a dataset of events since 1 January, those of ``t`` included."""
        tables = [self.rows(dataset, q) for q in quarters_so_far(t)]
        return pa.concat_tables(tables, promote_options="permissive")

    def forget_before(self, t: int) -> None:
        """Drop the rows of quarters before ``t``: nothing asks for them any more."""
        self._built = {key: table for key, table in self._built.items() if key[1] >= t}

    def scaled(self, count: float) -> int:
        """Return the county's part of a number of the whole region at full scale."""
        return round(count * self.people.households / self.assumptions.households_at_full_scale)

    def stream(self, *names: object) -> np.random.Generator:
        """Return a random stream of this county."""
        return stream(self.seed, self.people.county.code, *names)


Builder = Callable[[CountyWorld, int], pa.Table]
"""Makes the rows of one dataset that concern a county in a quarter."""


def row_set(world: CountyWorld, dataset: str, **columns: object) -> pa.Table:
    """Assemble a table in the contract's column order; a tuple is (values, is_null)."""
    arrays = {}
    for column in world.contracts[dataset].columns:
        values = columns.pop(column.name, None)
        if values is None:
            continue
        is_null = None
        if isinstance(values, tuple):
            values, is_null = values
        array = np.asarray(values)
        if column.kind in ("date", "month"):
            array = array.astype("datetime64[D]")
        elif column.kind in ("decimal", "integer"):
            array = array.astype(np.int64)
        arrays[column.name] = pa.array(array, mask=is_null)
    if columns:
        raise KeyError(f"{dataset} has no columns {sorted(columns)}")
    length = max(len(array) for array in arrays.values())
    if "county_code" not in arrays:
        name = world.people.county.name
        filled = pa.array([name]).dictionary_encode().take(pa.array(np.zeros(length, np.int64)))
        arrays["county_code"] = filled.cast(pa.string())
    order = [c.name for c in world.contracts[dataset].columns if c.name in arrays]
    return pa.table({name: arrays[name] for name in order})


def place_columns(world: CountyWorld, village: np.ndarray) -> dict[str, np.ndarray]:
    """Return township and village names of village indexes."""
    places = world.people.places
    return {
        "township_name": np.array([place.township for place in places])[village],
        "village_code": np.array([place.name for place in places])[village],
    }


def payee_columns(world: CountyWorld, person: np.ndarray) -> dict[str, np.ndarray]:
    """Return identity numbers and names of person indexes."""
    people = world.people
    return {"person_key": people.id_number[person], "person_name": people.name[person]}


def texts(table: pa.Table, column: str) -> np.ndarray:
    """Return a column of texts without nulls as an array that NumPy compares fast."""
    return np.asarray(table[column].to_numpy(zero_copy_only=False), dtype=np.str_)


def vouchers(world: CountyWorld, prefix: str, t: int, count: int) -> np.ndarray:
    """Return voucher numbers of the county and quarter."""
    label = quarter_at(t).label
    return numbered(f"{prefix}{world.people.county.code}{label}", np.arange(count) + 1, 6)
