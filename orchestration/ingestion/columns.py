"""Reading whole columns: each distinct cell once, then the contract's limits, then pseudonyms.

A file has millions of cells but few distinct ones per column; a column's memory turns most cells
into one look-up. Villages alone depend on other columns of their row.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, cast

from orchestration.contracts import Column
from orchestration.ingestion import cells
from orchestration.ingestion.cells import Reading
from orchestration.ingestion.headers import Place
from orchestration.ingestion.pseudonyms import pseudonym
from orchestration.ingestion.regions import Regions
from orchestration.ingestion.rules import FAULTS

_SUSPICIOUS_COUNT = 3
_SUSPICIOUS_SHARE = 0.02


@dataclass
class ReadColumn:
    """A column's values over all rows, and what was noted where (position → rule).

    A value under a fault of range is kept for control sums; its row is refused all the same.
    """

    place: Place
    raw: Sequence[object]
    values: list[Any]
    faults: dict[int, str] = field(default_factory=dict)
    repairs: dict[int, str] = field(default_factory=dict)


class ColumnReader:
    """Reads columns by their contract, with the deployment's key and regions."""

    def __init__(self, key: bytes, regions: Regions) -> None:
        self._key = key
        self._regions = regions

    def read(self, place: Place, raw: Sequence[object]) -> ReadColumn:
        """Read one column that depends on nothing but its own cells."""
        column = _collect(place, raw, self._bounded(place.column, self.cell_reader(place)))
        if place.column.kind == "person":
            _refuse_truncated(column)
        return column

    def read_villages(
        self,
        place: Place,
        raw: Sequence[object],
        counties: Sequence[str | None],
        townships: Sequence[object],
    ) -> ReadColumn:
        """Read a village column with the county and township of each row."""

        def read(cell: object) -> Reading:
            county, township, name = cast(tuple[str | None, object, object], cell)
            reading = cells.read_text(name)
            if reading.value is None or county is None:
                # Without a county the county is the fault of the row, not the village.
                return reading
            town = cells.read_text(township).value
            found = self._regions.village(county, town, reading.value)
            if len(found) == 1:
                return Reading(next(iter(found)), reading.rule)
            return Reading(None, "village.ambiguous" if found else "village.unknown")

        triples = list(zip(counties, townships, raw, strict=True))
        column = _collect(place, triples, self._bounded(place.column, read))
        column.raw = raw
        return column

    def cell_reader(self, place: Place) -> Callable[[object], Reading]:
        """Return the function that reads one cell of a column."""
        column, factor = place.column, place.unit_factor
        match column.kind:
            case "decimal":
                scale, precision = column.scale or 0, column.precision or 18
                return lambda raw: cells.read_decimal(raw, column.unit, factor, scale, precision)
            case "integer":
                return lambda raw: cells.read_integer(raw, column.unit, factor)
            case "date":
                return cells.read_date
            case "month":
                return cells.read_month
            case "timestamp":
                return cells.read_timestamp
            case "boolean":
                return cells.read_boolean
            case "code":
                codes = {cells.label_key(code): code for code in (column.codes or {}).values()}
                codes |= {cells.label_key(k): code for k, code in (column.codes or {}).items()}
                return lambda raw: cells.read_code(raw, codes)
            case "county":
                return lambda raw: self._look_up(raw, self._regions.county, "county.unknown")
            case "indicator":
                return lambda raw: self._look_up(raw, self._indicator, "indicator.unknown")
            case "person":
                return lambda raw: self._hashed(cells.read_person(raw), "person")
            case "household":
                return lambda raw: self._hashed(cells.read_household(raw), "household")
            case _:
                return cells.read_key_text if column.is_key else cells.read_text

    def _indicator(self, text: str) -> str | None:
        code = re.sub(r"\s", "", text).upper()
        return code if code in self._regions.indicators else None

    @staticmethod
    def _look_up(raw: object, find: Callable[[str], str | None], rule: str) -> Reading:
        reading = cells.read_key_text(raw)
        if reading.value is None:
            return reading
        code = find(reading.value)
        return Reading(code, reading.rule) if code else Reading(None, rule)

    def _hashed(self, reading: Reading, kind: Any) -> Reading:
        if reading.value is None:
            return reading
        return Reading(pseudonym(self._key, kind, reading.value), reading.rule)

    @staticmethod
    def _bounded(column: Column, read: Callable[[object], Reading]) -> Callable[[object], Reading]:
        """Add what the contract demands of every value: presence, range, pattern."""
        minimum = None if column.minimum is None else Decimal(repr(column.minimum))
        maximum = None if column.maximum is None else Decimal(repr(column.maximum))
        pattern = re.compile(column.pattern) if column.pattern else None

        def bounded(raw: object) -> Reading:
            reading = read(raw)
            value = reading.value
            if reading.rule in FAULTS:
                return reading
            if value is None:
                return Reading(None, "required.missing") if column.is_required else reading
            if minimum is not None and value < minimum:
                return Reading(value, "range.minimum")
            if maximum is not None and value > maximum:
                return Reading(value, "range.maximum")
            if pattern is not None and not pattern.fullmatch(value):
                return Reading(value, "pattern.mismatch")
            return reading

        return bounded


def _refuse_truncated(column: ReadColumn) -> None:
    """Refuse all numbers that end in 000 where there are too many of them.

    One genuine number in a thousand ends so. A column that was once typed as numbers has them in
    every row, and every eleventh passes the check digit by chance: it would be someone else's.
    """
    ending = [
        position
        for position, cell in enumerate(column.raw)
        if isinstance(cell, str) and cell.rstrip(' "').endswith("000")
    ]
    if len(ending) >= _SUSPICIOUS_COUNT and len(ending) > _SUSPICIOUS_SHARE * len(column.raw):
        for position in ending:
            column.faults[position] = "id.truncated"
            column.repairs.pop(position, None)


class _Memory(dict[object, Any]):
    """Distinct cells and their values; cells that fell under a rule are remembered apart."""

    def __init__(self, read: Callable[[object], Reading]) -> None:
        super().__init__()
        self._read = read
        self.noted: dict[object, str] = {}

    def __missing__(self, raw: object) -> Any:
        value, rule = self._read(raw)
        self[raw] = value
        if rule is not None:
            self.noted[raw] = rule
        return value


def _collect(place: Place, raw: Sequence[object], read: Callable[[object], Reading]) -> ReadColumn:
    types = set(map(type, raw))
    # True equals 1 as a key, and a NaN equals nothing: neither can be told apart in one memory.
    if (bool in types and len(types) > 1) or any(cell != cell for cell in raw):
        readings = [read(cell) for cell in raw]
        column = ReadColumn(place, raw, [reading.value for reading in readings])
        noted = {i: reading.rule for i, reading in enumerate(readings) if reading.rule}
    else:
        memory = _Memory(read)
        column = ReadColumn(place, raw, list(map(memory.__getitem__, raw)))
        found = memory.noted
        noted = {i: found[cell] for i, cell in enumerate(raw) if cell in found} if found else {}
    column.faults = {i: rule for i, rule in noted.items() if rule in FAULTS}
    column.repairs = {i: rule for i, rule in noted.items() if rule not in FAULTS}
    return column
