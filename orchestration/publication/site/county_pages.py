"""The counties: all of them on a map and in a table, and a page for each."""

from collections import defaultdict
from collections.abc import Iterator

from orchestration.publication.marts import Row
from orchestration.publication.packs import pack_name
from orchestration.publication.site.material import Material
from orchestration.publication.site.overview import county_map, income_context
from orchestration.publication.site.pages import Page

_TRAIL = (("counties/index.html", "县（市、区）"),)


def county_pages(material: Material) -> Iterator[Page]:
    """Return the list of counties and every county's page."""
    rows = material.county_rows
    yield Page(
        "counties/index.html",
        "counties.html",
        "县（市、区）",
        "counties",
        {"county_rows": rows, "map_options": county_map(material)},
    )
    alerts = material.alerts
    gaps = material.gaps
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
                "pack": pack_name(row, material.quarter),
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
            if row["quarter"] == material.quarter.start and has_figure:
                found[code].append({**material.indicators[name], **row})
    return found
