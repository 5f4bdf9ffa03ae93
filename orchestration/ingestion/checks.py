"""Checks that look beyond one cell: keys, the sender's county, sums within a row, stated totals."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from orchestration.calendar import Quarter
from orchestration.contracts import Contract
from orchestration.contracts.model import Identity
from orchestration.ingestion.body import TotalRow
from orchestration.ingestion.cells import exact_number
from orchestration.ingestion.columns import ReadColumn
from orchestration.ingestion.headers import Place

_CENT = Decimal("0.01")
_TOO_LARGE = Decimal(10) ** 18
_COARSE_SHARE = Decimal("0.005")
"""How far a sum may be off, as a share, where the sheet was rounded to 万元."""


@dataclass(frozen=True)
class SumMismatch:
    """A row whose stated total is not the sum of its parts."""

    position: int
    identity: Identity
    stated: Decimal
    expected: Decimal
    tolerance: Decimal


@dataclass(frozen=True)
class StatedTotal:
    """A total row's figure against the rows it covers (``first`` to ``last``, end excluded)."""

    total: TotalRow
    scope_zh: str
    place: Place
    stated: Decimal
    summed: Decimal
    is_matched: bool


@dataclass(frozen=True)
class KeyClashes:
    """Rows with the same key: surplus identical ones, and those that contradict each other."""

    surplus: frozenset[int]
    conflicts: Mapping[int, tuple[int, ...]]


def finer_than_money(columns: Mapping[str, ReadColumn]) -> tuple[int, int]:
    """Return how many amounts in yuan are not zero, and how many of them have mils.

    Yuan have two decimals. A sheet whose amounts often have more is in another unit and does not
    say so. Rates per person, which are quotients, are left out.
    """
    money = [
        column
        for column in columns.values()
        if column.place.column.unit == "元"
        and column.place.column.is_control_total
        and column.place.unit_factor == 1
    ]
    count = sum(1 for column in money for value in column.values if value)
    fine = sum(1 for c in money for rule in c.repairs.values() if rule == "number.rounded")
    return count, fine


def clashes_of_keys(contract: Contract, columns: Mapping[str, Sequence[object]]) -> KeyClashes:
    """Compare rows with the same key; a row with an incomplete key is left to its own fault."""
    keys = list(zip(*(columns[name] for name in contract.key), strict=True))
    if len(set(keys)) == len(keys):
        return KeyClashes(frozenset(), {})
    positions = defaultdict(list)
    for position, key in enumerate(keys):
        if None not in key:
            positions[key].append(position)
    stored = [columns[column.name] for column in contract.stored_columns]
    surplus: set[int] = set()
    conflicts: dict[int, tuple[int, ...]] = {}
    for same in positions.values():
        if len(same) == 1:
            continue
        contents = {tuple(values[position] for values in stored) for position in same}
        if len(contents) == 1:
            surplus.update(same[1:])
        else:
            for position in same:
                conflicts[position] = tuple(other for other in same if other != position)
    return KeyClashes(frozenset(surplus), conflicts)


def outside_quarter(
    contract: Contract, columns: Mapping[str, ReadColumn], quarter: Quarter
) -> dict[int, date]:
    """Return the rows of a file of events none of whose dates lies in the quarter, with a date.

    Rows without any date are left to what the contract requires.
    """
    dating = [columns[name].values for name in contract.occurred_on if name in columns]
    found: dict[int, date] = {}
    for position, dates in enumerate(zip(*dating, strict=True)):
        known = [day for day in dates if day is not None]
        if known and not any(quarter.start <= day <= quarter.end for day in known):
            found[position] = known[0]
    return found


def sum_mismatches(
    contract: Contract, columns: Mapping[str, ReadColumn], refused: set[int]
) -> list[SumMismatch]:
    """Check the contract's identities on every row that is not refused already."""
    found: list[SumMismatch] = []
    for identity in contract.identities:
        total = columns.get(identity.total)
        missing = identity.parts.keys() - columns.keys() - set(identity.optional_parts)
        if total is None or missing or (identity.divisor and identity.divisor not in columns):
            continue
        parts = [
            (columns[name].values, sign, name in identity.optional_parts)
            for name, sign in identity.parts.items()
            if name in columns
        ]
        divisors = columns[identity.divisor].values if identity.divisor else None
        is_coarse = total.place.unit_factor != 1
        for position, stated in enumerate(total.values):
            if stated is None or position in refused:
                continue
            summed = _signed_sum(parts, position)
            if summed is None:
                continue
            tolerance = identity.tolerance
            if is_coarse:
                tolerance = max(tolerance, abs(stated) * _COARSE_SHARE)
            divisor = divisors[position] if divisors else 1
            if not divisor or abs(stated * divisor - summed) <= tolerance * divisor:
                continue
            expected = (summed / divisor).quantize(_CENT)
            found.append(SumMismatch(position, identity, stated, expected, tolerance))
    return found


def _signed_sum(
    parts: list[tuple[list[Decimal | None], int, bool]], position: int
) -> Decimal | None:
    summed = Decimal(0)
    for values, sign, is_optional in parts:
        value = values[position]
        if value is None:
            if not is_optional:
                return None
        elif sign == 1:
            summed += value
        else:
            summed += value * sign
    return summed


def stated_totals(
    totals: Sequence[TotalRow], columns: Mapping[str, ReadColumn], rows: int
) -> list[StatedTotal]:
    """Compare every figure in the total rows of a table with the sum of the rows they cover."""
    found = []
    for total, first, last, scope in _scopes(totals, rows):
        for column in columns.values():
            place = column.place
            if not place.column.is_control_total or place.index >= len(total.cells):
                continue
            raw = total.cells[place.index]
            stated = exact_number(raw, place.column.unit, place.unit_factor).value
            if stated is None or abs(stated) >= _TOO_LARGE:
                continue
            values = (value for value in column.values[first:last] if value is not None)
            summed = sum(values, Decimal(0))
            rounded = sum(1 for i in column.repairs if first <= i < last) * _CENT / 2
            tolerance = _half_unit(stated, place) + rounded
            is_matched = abs(stated - summed) <= tolerance
            found.append(StatedTotal(total, scope, place, stated, summed, is_matched))
    return found


def _half_unit(stated: Decimal, place: Place) -> Decimal:
    """Return half a unit of the last digit in which a total is stated."""
    figure = (stated / place.unit_factor).quantize(Decimal("1e-6")).normalize()
    exponent = min(int(figure.as_tuple().exponent), 0)
    scale = place.column.scale or 0
    return max(Decimal(1).scaleb(exponent) * place.unit_factor / 2, Decimal(1).scaleb(-scale) / 2)


def _scopes(totals: Sequence[TotalRow], rows: int) -> list[tuple[TotalRow, int, int, str]]:
    """Return which rows each total covers.

    小计 covers the rows since the last 小计 (if the first one leads, up to the next one); 合计 the
    same among 合计 as long as rows lie between, else the table; 总计 and 累计 the table.
    """
    scopes = []
    for level in ("小计", "合计"):
        same = [total for total in totals if total.level == level]
        is_leading = bool(same) and same[0].position == 0
        if level == "合计" and len(same) == 1:
            is_leading = False
        for i, total in enumerate(same):
            if is_leading:
                first = total.position
                last = same[i + 1].position if i + 1 < len(same) else rows
            else:
                first, last = (same[i - 1].position if i else 0), total.position
            if first == last or (level == "合计" and len(same) == 1):
                first, last = 0, rows
            scope = "全表" if (first, last) == (0, rows) else f"{total.label}所属 {last - first} 行"
            scopes.append((total, first, last, scope))
    scopes += [(total, 0, rows, "全表") for total in totals if total.level not in ("小计", "合计")]
    return sorted(scopes, key=lambda scope: scope[0].row)
