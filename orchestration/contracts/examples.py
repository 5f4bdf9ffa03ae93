"""A made-up row that a contract accepts: what a blank workbook shows as its example.

Nothing in it is real but the places. It is made from the contract alone, so that a new dataset has
its example too; sums that the contract demands within a row hold.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal

from orchestration.calendar import Quarter
from orchestration.contracts.model import Column, Contract

EXAMPLE_QUARTER = Quarter.of(2024, 3)
"""The quarter that the example's dates lie in."""

EXAMPLE_COUNTY, EXAMPLE_COUNTY_CODE = "海原县", "640522"

Cell = str | int | Decimal | date | datetime

_TOWNSHIP, _VILLAGE, _VILLAGE_CODE = "李旺镇", "李果园村", "640522101200"
_PERSON, _BIRTH_MONTH = "990000199003070013", date(1990, 3, 1)
"""No division has the code 990000: nobody has this number."""

_DAY = date(2024, 8, 15)
_LARGEST, _STEPS = Decimal(9600), 8
_MOST = 4


def example_row(contract: Contract, offered: Mapping[str, Sequence[str]]) -> dict[str, Cell]:
    """Return a value for every column of a contract.

    Args:
        contract: the dataset.
        offered: by column name, the words that the column accepts.
    """
    row: dict[str, Cell] = {}
    numbers = {"integer": 0, "decimal": 0}
    for column in contract.columns:
        if column.kind in numbers:
            row[column.name] = _number(column, numbers[column.kind])
            numbers[column.kind] += 1
        else:
            row[column.name] = _words(column, contract, offered.get(column.name, ()))
    _complete_sums(contract, row)
    return row


def _number(column: Column, place: int) -> Cell:
    if column.name == "income_year":
        return EXAMPLE_QUARTER.income_year
    # Later amounts are parts of earlier ones more often than not: each is half of the one before.
    value = (
        Decimal(_MOST - place % _MOST)
        if column.kind == "integer"
        else _LARGEST / 2 ** (place % _STEPS)
    )
    if column.maximum is not None and value > column.maximum:
        value = Decimal(repr(column.maximum)) / 2
    return int(value) if column.kind == "integer" else value


def _words(column: Column, contract: Contract, offered: Sequence[str]) -> Cell:
    match column.kind:
        case "county":
            return EXAMPLE_COUNTY
        case "village":
            names_township = any(other.name == "township_name" for other in contract.columns)
            return _VILLAGE if names_township else _VILLAGE_CODE
        case "person":
            return _PERSON
        case "household":
            return "H640522000001"
        case "date":
            return _DAY
        case "month":
            return _BIRTH_MONTH if column.name == "birth_month" else _DAY.replace(day=1)
        case "timestamp":
            return datetime(_DAY.year, _DAY.month, _DAY.day, 9, 30)
    return offered[0] if offered else _text(column)


def _text(column: Column) -> str:
    if column.is_dropped:
        return "张某某"
    if column.name == "township_name":
        return _TOWNSHIP
    if column.is_key or column.name.endswith(("_no", "_id")):
        return "SL-0001"
    if column.header.endswith("名称"):
        return f"某{column.header.removesuffix('名称')}"
    return "示例文字"


def _complete_sums(contract: Contract, row: dict[str, Cell]) -> None:
    """Set every total to the sum of its parts, those first that are parts of another."""
    identities = {identity.total: identity for identity in contract.identities}

    def amount(name: str) -> Decimal:
        if (identity := identities.pop(name, None)) is not None:
            total = sum((sign * amount(part) for part, sign in identity.parts.items()), Decimal(0))
            divisor = amount(identity.divisor) if identity.divisor else Decimal(1)
            row[name] = round(total / divisor, 2)
        return Decimal(str(row[name]))

    for name in list(identities):
        amount(name)
