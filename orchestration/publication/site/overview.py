"""The region at a glance: income in three values, goals, map, measures, leads, submissions."""

from collections import Counter
from typing import Any

from orchestration.publication.marts import REGION, Row
from orchestration.publication.site import charts
from orchestration.publication.site.formats import quarter_label, quarter_zh
from orchestration.publication.site.material import Material, difference, ratio
from orchestration.publication.site.pages import Page
from orchestration.publication.words import COMPONENTS, VALUES

_PARTS = ("wage", "business", "property", "transfer")


def overview_page(material: Material) -> Page:
    """Return the first page of the site."""
    return Page(
        "index.html",
        "overview.html",
        f"{quarter_zh(material.quarter.start)}增收监测报告",
        "overview",
        {
            **income_context(material, REGION),
            "goals": _goals(material),
            "county_goals": _county_goals(material),
            "map_options": county_map(material),
            "county_rows": material.county_rows,
            "measure_rows": material.measure_rows,
            "statuses": Counter(
                latest[REGION][-1]["status"]
                for latest in material.completion.values()
                if REGION in latest and latest[REGION][-1]["quarter"] == material.quarter.start
            ),
            "flagged": material.flagged[:10],
            "leads_total": len(material.flagged),
            "submission_counts": Counter(
                row["status"]
                for row in material.submissions
                if row["is_current"] or not row["submission_version"]
            ),
        },
    )


def income_context(material: Material, county_code: str) -> dict[str, Any]:
    """Return what a page shows of the income of a county or the region."""
    now = material.components.get((county_code, material.quarter.start), {})
    net = now.get("net_income")
    history = [
        (quarter, parts["net_income"])
        for (code, quarter), parts in material.components.items()
        if code == county_code
    ]
    context: dict[str, Any] = {"net": net, "parts": now, "history": history}
    if net is None:
        return context
    context["water"] = difference(net["per_capita_reported"], net["per_capita_verified"])
    context["water_share"] = ratio(context["water"], net["per_capita_reported"])
    context["component_chart"] = charts.stacked_bars(
        list(VALUES.values()),
        {
            COMPONENTS[part]: [now[part][f"per_capita_{value}"] for value in VALUES]
            for part in _PARTS
            if part in now
        },
        "yuan",
    )
    context["history_chart"] = charts.three_lines(
        [quarter_label(quarter) for quarter, _ in history],
        {value: [row[f"per_capita_{value}"] for _, row in history] for value in VALUES},
        "yuan",
    )
    return context


def county_map(material: Material) -> charts.Options:
    """Return the map of the counties with the figures that a reader can choose from."""
    rows = material.county_rows

    def layer(figure: str) -> dict[str, object]:
        return {row["county_name"]: row["net"][figure] for row in rows if row["net"]}

    return charts.county_map(
        [
            ("核实人均纯收入（元）", "yuan", layer("per_capita_verified")),
            ("核实增速", "pct", layer("growth_verified")),
            (
                "水分占上报的比重",
                "pct",
                {row["county_name"]: row["water_share"] for row in rows},
            ),
            (
                "核查线索村数",
                "int",
                {
                    row["county_name"]: row["risk"]["villages_flagged"]
                    for row in rows
                    if row["risk"]
                },
            ),
        ]
    )


def _goals(material: Material) -> list[Row]:
    return [row for row in material.goals if row["county_code"] == REGION]


def _county_goals(material: Material) -> list[Row]:
    """Return the goals that counties have to meet, with how many of them do in each value."""
    found: dict[str, Row] = {}
    for row in material.goals:
        if row["county_code"] == REGION:
            continue
        goal = found.setdefault(
            row["goal_id"],
            {**row, "counties": 0, "judged": 0, "attained": Counter(), "missed": []},
        )
        goal["counties"] += 1
        goal["judged"] += row["is_attained_verified"] is not None
        for value in VALUES:
            goal["attained"][value] += bool(row[f"is_attained_{value}"])
        if row["is_attained_verified"] is False:
            goal["missed"].append(row["county_code"])
    return list(found.values())
