"""The plan's 20 measures: claimed, recomputed and verified, against target and time."""

from collections.abc import Iterator
from decimal import Decimal

from orchestration.publication.marts import REGION, Row
from orchestration.publication.site import charts
from orchestration.publication.site.formats import figure_unit, quarter_label
from orchestration.publication.site.material import Material
from orchestration.publication.site.pages import Page
from orchestration.publication.words import VALUES

_TRAIL = (("measures/index.html", "二十项措施"),)


def measure_pages(material: Material) -> Iterator[Page]:
    """Return the list of measures and every measure's page."""
    rows = material.measure_rows
    yield Page(
        "measures/index.html",
        "measures.html",
        "二十项措施",
        "measures",
        {"measure_rows": rows, "indicator_rows": _indicator_rows(material)},
    )
    for row in rows:
        indicators = [
            _indicator(material, name)
            for name, indicator in material.indicators.items()
            if indicator["measure_no"] == row["measure_no"]
        ]
        yield Page(
            f"measures/{row['measure_no']:02d}.html",
            "measure.html",
            f"{row['measure_no']}．{row['title_zh']}",
            "measures",
            {
                "measure": row,
                "responsible": [
                    material.departments.get(name, name)
                    for name in row["responsible_departments"].split("|")
                ],
                "indicators": indicators,
            },
            _TRAIL,
        )


def _indicator_rows(material: Material) -> list[Row]:
    return [
        {**indicator, **now, "unit": figure_unit(indicator["unit_zh"])}
        for name, indicator in material.indicators.items()
        if (now := _now(material, name, REGION)) is not None
    ]


def _indicator(material: Material, name: str) -> Row:
    indicator = material.indicators[name]
    by_county = material.completion[name]
    history = by_county[REGION]
    now = _now(material, name, REGION)
    unit = figure_unit(indicator["unit_zh"])
    drop = _drop(material.steps.get(name, []), now) if now else []
    return {
        **indicator,
        "unit": unit,
        "now": now,
        "history_chart": _history_chart(history, now, unit) if now and _is_known(history) else None,
        "steps": material.steps.get(name, []),
        "waterfall": charts.waterfall(drop, unit) if drop else None,
        "is_cut": bool(drop) and charts.waterfall_start(drop) > 0,
        "counties": [
            {**county, **row}
            for county in material.counties
            if (row := _now(material, name, county["county_code"])) is not None
            and any(row[value] is not None for value in VALUES)
        ],
    }


def _now(material: Material, name: str, county_code: str) -> Row | None:
    history = material.completion[name][county_code]
    if history and history[-1]["quarter"] == material.quarter.start:
        return history[-1]
    return None


def _is_known(history: list[Row]) -> bool:
    return any(row[value] is not None for row in history for value in VALUES)


def _history_chart(history: list[Row], now: Row, unit: str) -> charts.Options:
    forecast = None
    if now["forecast"] is not None and now["forecast_method"] != "reached":
        forecast = (now["forecast"], now["forecast_low"], now["forecast_high"])
    return charts.three_lines(
        [quarter_label(row["quarter"]) for row in history],
        {value: [row[value] for row in history] for value in VALUES},
        unit,
        now["target"],
        forecast,
    )


def _drop(steps: list[Row], now: Row) -> list[tuple[str, Decimal]]:
    """Return the steps from the claim to the verified figure; none if nothing lies between."""
    if not steps or any(now[value] is None for value in VALUES):
        return []
    ordered = sorted(steps, key=lambda row: row["stage"] == "verified")
    return [
        ("上报", now["reported"]),
        *((row["reason_zh"], row["amount"]) for row in ordered),
        ("核实", now["verified"]),
    ]
