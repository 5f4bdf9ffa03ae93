"""Charts as options of Apache ECharts: plain data, drawn by the library in the reader's browser.

Colours are Okabe and Ito's, which people with colour-blindness tell apart; patterns (decal) keep
them apart in black and white. Every chart has a table of the same figures beside it on its page.
"""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from orchestration.publication.site.suppression import Hidden
from orchestration.publication.words import VALUES

Options = dict[str, Any]

VALUE_COLOURS = {"reported": "#E69F00", "recomputed": "#56B4E9", "verified": "#0072B2"}
COMPONENT_COLOURS = ("#0072B2", "#009E73", "#CC79A7", "#E69F00")
_LINE, _BAND, _LIMIT = "#0072B2", "#BBBBBB", "#D55E00"
_DASHES = {"reported": "dashed", "recomputed": "dotted", "verified": "solid"}


def stacked_bars(
    categories: Sequence[str], parts: Mapping[str, Sequence[object]], unit: str
) -> Options:
    """Parts of a whole: one bar per category, one layer per part."""
    return _framed(
        unit,
        xAxis={"type": "value"},
        yAxis={"type": "category", "data": list(categories), "inverse": True},
        series=[
            {
                "type": "bar",
                "name": name,
                "stack": "whole",
                "data": _plain(figures),
                "itemStyle": {"color": colour},
            }
            for (name, figures), colour in zip(
                parts.items(), COMPONENT_COLOURS * len(parts), strict=False
            )
        ],
    )


def three_lines(
    quarters: Sequence[str],
    values: Mapping[str, Sequence[object]],
    unit: str,
    target: object = None,
    forecast: tuple[object, object, object] | None = None,
) -> Options:
    """Three values over the quarters, with the target as a line and the forecast as a whisker.

    ``forecast`` is its middle, lower and upper end, drawn one step after the last quarter.
    """
    labels = [*quarters, "预计"] if forecast else list(quarters)
    series: list[Options] = [
        {
            "type": "line",
            "name": VALUES[kind],
            "data": _plain(figures),
            "lineStyle": {"type": _DASHES[kind], "width": 2},
            "itemStyle": {"color": VALUE_COLOURS[kind]},
            "symbolSize": 6,
        }
        for kind, figures in values.items()
    ]
    if forecast:
        blank: list[object] = [None] * len(quarters)
        for name, value, symbol in zip(
            ("预计期末", "预计下限", "预计上限"),
            forecast,
            ("diamond", "triangle", "rect"),
            strict=True,
        ):
            if value is not None:
                series.append(
                    {
                        "type": "scatter",
                        "name": name,
                        "symbol": symbol,
                        "data": [*blank, _scalar(value)],
                        "itemStyle": {"color": _LIMIT},
                    }
                )
    if target is not None and series:
        series[0]["markLine"] = {
            "symbol": "none",
            "label": {"formatter": "目标", "position": "insideEndTop"},
            "lineStyle": {"color": _LIMIT, "type": "solid"},
            "data": [{"yAxis": _scalar(target)}],
        }
    return _framed(
        unit,
        xAxis={"type": "category", "data": labels},
        yAxis={"type": "value", "scale": True},
        series=series,
    )


def waterfall(steps: Sequence[tuple[str, Decimal]], unit: str) -> Options:
    """From the first total to the last: totals stand on the ground, steps hang between them.

    ``steps`` holds the first total, every change with its sign, and the last total.
    """
    names = [name for name, _ in steps]
    floor: list[object] = []
    totals: list[object] = []
    rises: list[object] = []
    falls: list[object] = []
    level = Decimal(0)
    for place, (_, amount) in enumerate(steps):
        is_total = place in (0, len(steps) - 1)
        low = Decimal(0) if is_total else min(level, level + amount)
        floor.append(low)
        totals.append(amount if is_total else None)
        rises.append(amount if not is_total and amount > 0 else None)
        falls.append(-amount if not is_total and amount <= 0 else None)
        level = amount if is_total else level + amount
    bars = (
        ("", floor, "transparent"),
        ("合计", totals, VALUE_COLOURS["verified"]),
        ("增加", rises, "#009E73"),
        ("减少", falls, _LIMIT),
    )
    series = [
        {
            "type": "bar",
            "name": name,
            "stack": "steps",
            "silent": not name,
            "data": _plain(figures),
            "itemStyle": {"color": colour, "decal": {"symbol": "none"}}
            if not name
            else {"color": colour},
            "tooltip": {"show": bool(name)},
        }
        for name, figures, colour in bars
    ]
    return _framed(
        unit,
        names=["合计", "增加", "减少"],
        xAxis={
            "type": "category",
            "data": names,
            "axisLabel": {"interval": 0, "width": 90, "overflow": "break"},
        },
        # Steps are small beside the totals: the axis starts near them, and the caption says so.
        yAxis={"type": "value", "min": _scalar(waterfall_start(steps))},
        series=series,
    )


def waterfall_start(steps: Sequence[tuple[str, Decimal]]) -> Decimal:
    """Return where a waterfall's axis begins: zero, or near the steps if they are small."""
    levels = [steps[0][1]]
    for _, amount in steps[1:-1]:
        levels.append(levels[-1] + amount)
    lowest, highest = min(levels), max(levels)
    if lowest <= 0 or highest - lowest > lowest / 4:
        return min(lowest, Decimal(0))
    digits = Decimal(10) ** (highest - lowest or Decimal(1)).adjusted()
    return max(lowest - 2 * (highest - lowest) - digits, Decimal(0)) // digits * digits


def own_history(
    quarters: Sequence[str],
    statistic: Sequence[object],
    usual: Sequence[object],
    limit: Sequence[object],
) -> Options:
    """A statistic against the entity's own history, and where honest entities rarely get."""
    lines = (
        ("本期统计量", statistic, _LINE, "solid", "circle"),
        ("自身历史均值", usual, _BAND, "dashed", "rect"),
        ("正常变动的95%分位", limit, _LIMIT, "dotted", "none"),
    )
    return _framed(
        "stat",
        xAxis={"type": "category", "data": list(quarters)},
        yAxis={"type": "value", "scale": True},
        series=[
            {
                "type": "line",
                "name": name,
                "data": _plain(figures),
                "symbol": symbol,
                "lineStyle": {"type": dash, "width": 2, "color": colour},
                "itemStyle": {"color": colour},
                "connectNulls": False,
            }
            for name, figures, colour, dash, symbol in lines
        ],
    )


def county_map(layers: Sequence[tuple[str, str, Mapping[str, object]]]) -> Options:
    """The counties coloured by one figure at a time; ``layers`` are title, unit and values by name.

    The page's script draws a layer and lets the reader choose another.
    """
    return {
        "layers": [
            {
                "title": title,
                "unit": unit,
                "data": [
                    {"name": name, "value": _scalar(value)}
                    for name, value in values.items()
                    if _scalar(value) is not None
                ],
            }
            for title, unit, values in layers
        ]
    }


def _framed(unit: str, **parts: Any) -> Options:
    """Return what differs between charts; what all share is the page script's."""
    return {"unit": unit, **parts}


def _plain(figures: Sequence[object]) -> list[float | int | None]:
    return [_scalar(figure) for figure in figures]


def _scalar(value: object) -> float | int | None:
    """Return a value as JSON holds it; what may not be shown leaves the page as null."""
    if value is None or isinstance(value, Hidden):
        return None
    if isinstance(value, int):
        return value
    if isinstance(value, float | Decimal):
        return round(float(value), 6)
    raise TypeError(f"not a figure: {value!r}")
