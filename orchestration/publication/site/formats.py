"""How values are written for people: numbers, shares, quarters, and what is missing or hidden.

Every filter of the templates stands here.
"""

from datetime import date, datetime
from decimal import Decimal

from markupsafe import Markup

from orchestration.calendar import Quarter
from orchestration.publication.site.suppression import Hidden

Number = int | float | Decimal

MISSING = Markup('<span class="none" title="没有报送、无从计算或方案没有规定">—</span>')
HIDDEN_MARK = Markup(
    '<abbr class="hidden" title="不足5户，或可由此推出不足5户的数，不显示">※</abbr>'
)


def shown(value: object, unit: str = "") -> str:
    """Write a figure by its unit; a missing one is a dash, never a zero."""
    if value is None:
        return MISSING
    if isinstance(value, Hidden):
        return HIDDEN_MARK
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, int | float | Decimal):
        return _FORMATS.get(unit, number)(value)
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M}"
    return str(value)


def number(value: Number) -> str:
    """Write a number with up to four decimals and no idle zeros."""
    text = f"{value:,.4f}"
    return text.rstrip("0").rstrip(".")


def integer(value: Number) -> str:
    """Write a number, or an amount, without decimals."""
    return f"{value:,.0f}"


def yuan_cents(value: Number) -> str:
    """Write an amount to the cent."""
    return f"{value:,.2f}"


def percent(value: Number) -> str:
    """Write a fraction as a percentage."""
    return f"{value * 100:,.1f}%"


def percent_points(value: Number) -> str:
    """Write the difference of two fractions in percentage points, with its sign."""
    return f"{value * 100:+,.1f}个百分点"


def probability(value: Number) -> str:
    """Write a probability; a tiny one by its magnitude."""
    return f"{value:.4f}" if value >= 0.0001 else f"{value:.0e}"


def measured(value: Number) -> str:
    """Write a statistic to four significant digits."""
    return f"{value:.4g}"


def quarter_label(first_day: date) -> str:
    """Return a quarter such as 2024Q3, from its first day."""
    return Quarter(first_day).label


def quarter_zh(first_day: date) -> str:
    """Return a quarter as people write it, from its first day."""
    return Quarter(first_day).label_zh


def figure_unit(unit_zh: str) -> str:
    """Return how figures of an indicator are written, from its unit."""
    if unit_zh == "比例":
        return "pct"
    return "" if unit_zh in ("元", "元/村", "亩") else "int"


_FORMATS = {
    "": number,
    "int": integer,
    "yuan": integer,
    "yuan2": yuan_cents,
    "pct": percent,
    "pp": percent_points,
    "p": probability,
    "stat": measured,
}
