"""The counties: all of them on a map and in a table, and a page for each."""

from collections import Counter, defaultdict
from collections.abc import Iterator

from orchestration.publication.site.marts import Row
from orchestration.publication.site.material import Material
from orchestration.publication.site.overview import county_map, county_rows, income_context
from orchestration.publication.site.pages import Page
from orchestration.publication.site.suppression import HIDDEN, hidden_cells

_TRAIL = (("counties/index.html", "县（市、区）"),)


def county_pages(material: Material) -> Iterator[Page]:
    """Return the list of counties and every county's page."""
    rows = county_rows(material)
    yield Page(
        "counties/index.html",
        "counties.html",
        "县（市、区）",
        "counties",
        {"county_rows": rows, "map_options": county_map(material)},
    )
    alerts = alerts_by_county(material)
    gaps = gaps_by_county(material)
    measures = _measures(material)
    for row in rows:
        code = row["county_code"]
        yield Page(
            f"counties/{code}.html",
            "county.html",
            row["county_name"],
            "counties",
            {
                **income_context(material, code),
                "county": row,
                "goals": [goal for goal in material.goals if goal["county_code"] == code],
                "measures": measures[code],
                "villages": [
                    village
                    for village in material.present_villages
                    if village["county_code"] == code
                ],
                "flagged": [lead for lead in material.flagged if lead["county_code"] == code],
                "submissions": [
                    submission
                    for submission in material.submissions
                    if submission["sender"] == code
                ],
                "alerts": alerts[code],
                "gaps": gaps[code],
            },
            _TRAIL,
        )


def _measures(material: Material) -> dict[str, list[Row]]:
    """Return the indicators of every county that someone claims or records for it."""
    found: dict[str, list[Row]] = defaultdict(list)
    for name, by_county in material.completion.items():
        for code, history in by_county.items():
            row = history[-1]
            has_figure = row["reported"] is not None or row["recomputed"] is not None
            if row["quarter"] == material.period.quarter and has_figure:
                found[code].append({**material.indicators[name], **row})
    return found


def alerts_by_county(material: Material) -> dict[str, list[Row]]:
    """Return early warnings by county and kind of risk, small counts hidden."""
    return _counted(
        material.marts.rows(
            "select county_code, risk_kind as kind, any_value(title_zh) as title_zh, "
            "status, count(distinct household_key) as households from fct_household_alerts "
            "where quarter = $quarter group by county_code, risk_kind, status "
            "order by county_code, risk_kind",
            quarter=material.period.quarter,
        )
    )


def gaps_by_county(material: Material) -> dict[str, list[Row]]:
    """Return by county how many low-income households each action fits, and how many lack it."""
    return _counted(
        material.marts.rows(
            "select county_code, action_no as kind, any_value(title_zh) as title_zh, "
            "case when is_covered then 'covered' else 'gap' end as status, "
            "count(distinct household_key) as households from fct_assistance_plan "
            "where quarter = $quarter and is_eligible "
            "group by county_code, action_no, is_covered order by county_code, action_no",
            quarter=material.period.quarter,
        )
    )


def _counted(rows: list[Row]) -> dict[str, list[Row]]:
    """Return one row per county and kind with its households by status.

    Each county and status is a total of its own, over its kinds.
    """
    held: dict[tuple[str, str], dict[object, int]] = defaultdict(dict)
    for row in rows:
        held[row["county_code"], row["status"]][row["kind"]] = row["households"]
    small = {place: hidden_cells(counts) for place, counts in held.items()}
    found: dict[str, dict[object, Row]] = defaultdict(dict)
    for row in rows:
        kind = found[row["county_code"]].setdefault(
            row["kind"],
            {"title_zh": row["title_zh"], "kind": row["kind"], "households": Counter()},
        )
        is_small = row["kind"] in small[row["county_code"], row["status"]]
        kind["households"][row["status"]] = HIDDEN if is_small else row["households"]
    return defaultdict(list, {code: list(kinds.values()) for code, kinds in found.items()})
