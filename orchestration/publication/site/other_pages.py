"""Submissions, the plan's safeguards, and the pages that explain: method, glossary, figures."""

from collections import Counter, defaultdict
from collections.abc import Iterator

from orchestration.publication.site.material import Material
from orchestration.publication.site.pages import Page
from orchestration.seeds import seed_rows


def submission_page(material: Material) -> Page:
    """Return what came in for the quarter: complete, late, sent back, restated."""
    by_department: dict[str, Counter[str]] = defaultdict(Counter)
    for row in material.submissions:
        if row["is_current"] or not row["submission_version"]:
            by_department[row["department_id"]][row["status"]] += 1
    return Page(
        "submissions.html",
        "submissions.html",
        "报送情况",
        "submissions",
        {
            "submissions": material.submissions,
            "by_department": sorted(by_department.items()),
            "restatements": material.marts.rows(
                "select * from fct_restatements where quarter <= $quarter and to_publication = "
                "(select to_publication from fct_restatements limit 1) "
                "order by abs(difference) desc nulls last limit 500",
                quarter=material.quarter.start,
            ),
        },
    )


def safeguard_page(material: Material) -> Page:
    """Return the plan's safeguards: assessment of counties, early warnings, the 13 actions."""
    return Page(
        "safeguards.html",
        "safeguards.html",
        "保障机制",
        "safeguards",
        {
            "county_rows": material.county_rows,
            "alerts": material.alerts,
            "gaps": material.gaps,
        },
    )


def explaining_pages(material: Material) -> Iterator[Page]:
    """Return the method, the glossary and the dictionary of figures."""
    yield Page(
        "method.html",
        "method.html",
        "方法与口径",
        "method",
        {"about": material.marts.rows("from about"), "catalogue": material.catalogue},
    )
    yield Page(
        "glossary.html",
        "glossary.html",
        "术语",
        "glossary",
        {"terms": seed_rows("glossary")},
    )
    yield Page(
        "figures.html",
        "figures.html",
        "指标字典",
        "method",
        {"figures": material.figures},
    )
