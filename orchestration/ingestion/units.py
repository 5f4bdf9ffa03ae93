"""Units in headers and titles, and what one of them is in the unit of the contract."""

import re
from decimal import Decimal

_FAMILIES = {
    "元": {"元": "1", "百元": "100", "千元": "1000", "万元": "10000", "亿元": "100000000"},
    "亩": {"亩": "1", "万亩": "10000", "公顷": "15"},
    "人": {"人": "1", "万人": "10000", "人次": "1"},
    "户": {"户": "1", "万户": "10000"},
    "月": {"月": "1", "个月": "1"},
    "个": {"个": "1", "万个": "10000"},
    "头": {"头": "1", "万头": "10000", "头只": "1"},
    "只": {"只": "1", "万只": "10000"},
    "次": {"次": "1", "场次": "1"},
    "平方米": {"平方米": "1", "m2": "1", "M2": "1"},
    "千瓦": {"千瓦": "1", "kw": "1", "kW": "1", "KW": "1", "兆瓦": "1000", "MW": "1000"},
    "千瓦时": {"千瓦时": "1", "度": "1", "kWh": "1", "万千瓦时": "10000", "万度": "10000"},
    "%": {"%": "1"},
}
_UNITS = {unit: family for family, units in _FAMILIES.items() for unit in units}
_PER = re.compile(r"^(.+?)(?:/|每)(?:人|户|年|人·?年|户·?年)$")
_PER_MONTH = re.compile(r"^(.+?)(?:/|每)月$")


def as_unit(text: str, header: str = "") -> str | None:
    """Return the unit that a squeezed text is, None if it is none.

    "元/人" counts yuan; "元/月" does so only under a header that is itself about a month, for else
    the figure would be a twelfth of what the header promises.
    """
    text = re.sub(r"^(?:计量)?单位:?", "", text)
    if (match := _PER.match(text)) or ((match := _PER_MONTH.match(text)) and "月" in header):
        text = match[1]
    elif match:
        return text if match[1] in _UNITS else None
    return text if text in _UNITS else None


def factor(unit: str, target: str) -> Decimal | None:
    """Return by what a figure in ``unit`` is multiplied to be in ``target``; None if never."""
    value = _FAMILIES.get(target, {}).get(unit)
    return Decimal(value) if value else None


def family(unit: str) -> str | None:
    """Return the unit that stands for all units which can be converted into each other."""
    return _UNITS.get(unit)
