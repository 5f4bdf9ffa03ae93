"""Rows of a signal laid out as entities × quarters, the shape in which nulls are computed."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class Entities:
    """The entities of one type and the quarters, in the order that every panel shares."""

    entity_type: str
    ids: pd.Index
    counties: NDArray[np.int64]
    county_codes: list[str]
    quarters: pd.Index

    @property
    def shape(self) -> tuple[int, int]:
        """How many entities, how many quarters."""
        return len(self.ids), len(self.quarters)

    def place(self, frame: pd.DataFrame) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
        """Row and column of each row's entity and quarter; -1 where unknown."""
        return (
            self.ids.get_indexer(pd.Index(frame["entity_id"])),
            self.quarters.get_indexer(pd.Index(frame["quarter"])),
        )


@dataclass(frozen=True)
class Panel:
    """One item of one signal: what was measured, per entity and quarter.

    ``source`` is the position of the cell's row in the statistics, -1 where there is none.
    """

    signal_id: str
    item: str
    statistic: Floats
    sample_size: Floats
    successes: Floats
    source: NDArray[np.int64]

    def large_enough(self, minimum_sample: int) -> Flags:
        """Cells with a value from enough households."""
        return np.isfinite(self.statistic) & (self.sample_size >= minimum_sample)


def entities_by_type(statistics: pd.DataFrame) -> dict[str, Entities]:
    """The entities of each type; an entity's county is the last that it was filed under."""
    quarters = pd.Index(sorted(statistics["quarter"].unique()))
    found = {}
    for entity_type, rows in statistics.groupby("entity_type", sort=True):
        county_of = (
            rows.sort_values("quarter", kind="stable").groupby("entity_id")["county_code"].last()
        )
        codes, names = pd.factorize(county_of.to_numpy(dtype=object), sort=True)
        found[str(entity_type)] = Entities(
            str(entity_type),
            pd.Index(county_of.index.to_numpy(dtype=object)),
            codes.astype(np.int64),
            [str(name) for name in names],
            quarters,
        )
    return found


def panels_of(statistics: pd.DataFrame, entities: Entities) -> Iterator[Panel]:
    """The panels of one entity type, one per signal and item."""
    positions = np.flatnonzero(
        (statistics["entity_type"] == entities.entity_type).to_numpy(dtype=bool)
    )
    rows = statistics.iloc[positions]
    row, column = entities.place(rows)
    numbers = {
        name: rows[name].to_numpy(dtype=np.float64, na_value=np.nan)
        for name in ("statistic", "sample_size", "successes")
    }
    keys = pd.MultiIndex.from_frame(rows[["signal_id", "item"]])
    codes, names = pd.factorize(keys, sort=True)
    for code, (signal_id, item) in enumerate(names):
        members = np.flatnonzero(codes == code)
        cells = (row[members], column[members])
        laid = {name: np.full(entities.shape, np.nan) for name in numbers}
        for name, values in numbers.items():
            laid[name][cells] = values[members]
        source = np.full(entities.shape, -1, dtype=np.int64)
        source[cells] = positions[members]
        yield Panel(str(signal_id), str(item), source=source, **laid)
