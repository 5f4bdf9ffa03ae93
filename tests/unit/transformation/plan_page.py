"""The page of reference that shows how the plan stands in the seeds.

``python tests/unit/transformation/plan_page.py`` writes ``docs/reference/plan.md`` anew.
"""

from collections.abc import Iterable, Iterator
from decimal import Decimal

from plan_text import rows

from orchestration.settings import PROJECT_ROOT

PAGE = PROJECT_ROOT / "docs/reference/plan.md"

_HEAD = """# The plan as data

<!-- Written by `python tests/unit/transformation/plan_page.py` from the seeds. -->

The work plan of 2024–2025 (`seeds/work_plan_2024_2025.txt`): each measure with its departments,
what is counted, against which target, from which records, and what else the plan asks for. Every
row of the seeds quotes its sentence word for word, and a test walks the plan: no number, list,
duty or department of it is missing. A target is empty (–) where the plan gives no number; see
[how a measure is counted](../explanation/measures.md).
"""


def cell(text: str) -> str:
    """Return the text as a cell of a table."""
    return text.replace("|", ", ") or "–"


def table(head: Iterable[str], body: Iterable[Iterable[str]]) -> Iterator[str]:
    """Yield the lines of a table."""
    names = list(head)
    yield f"| {' | '.join(names)} |"
    yield f"| {' | '.join('---' for _ in names)} |"
    for row in body:
        yield f"| {' | '.join(cell(text) for text in row)} |"
    yield ""


def target(row: dict[str, str]) -> str:
    """Return a target as one reads it, with whom it is asked of."""
    if not row["target"]:
        return ""
    value = f"{Decimal(row['target']).normalize():,f}".replace(",", " ")
    asked_of = {"region": "", "county": " per county", "each": ", region and each county"}
    return value + asked_of[row["scope"]]


def page() -> str:
    """Return the page."""
    titles = {row["dataset"]: row["title_zh"] for row in rows("datasets")}
    targets = {
        (row["indicator_id"], row["calendar_year"]): target(row)
        for row in rows("indicator_targets")
    }
    lines = [_HEAD, "## Overall goals", ""]
    lines += table(
        ("goal", "标题", "scope", "target", "year"),
        (
            [row["goal_id"], row["title_zh"], row["scope"], row["target"], row["income_year"]]
            for row in rows("goals")
        ),
    )
    for measure in rows("measures"):
        number = measure["measure_no"]
        lines += [
            f"## {number}. {measure['title_zh']}",
            "",
            f"{measure['title_en']} ({measure['component']}). {measure['responsibility_quote']}。",
            "",
        ]
        lines += table(
            ("indicator", "指标", "unit", "calendar", "records", "2024", "2025"),
            (
                [
                    row["indicator_id"],
                    row["title_zh"],
                    row["unit_zh"],
                    row["calendar"],
                    f"`{row['record_dataset']}` {titles[row['record_dataset']]}",
                    targets[row["indicator_id"], "2024"],
                    targets[row["indicator_id"], "2025"],
                ]
                for row in rows("indicators")
                if row["measure_no"] == number
            ),
        )
        lines += duties(row for row in rows("plan_duties") if row["measure_no"] == number)
    lines += ["## Safeguards", ""]
    lines += duties(row for row in rows("plan_duties") if not row["measure_no"])
    lines += ["## Thresholds", "", "Numbers of the plan that are neither target nor goal.", ""]
    lines += table(
        ("threshold", "value", "unit", "used by", "方案原文"),
        (
            [row["threshold_id"], row["value"], row["unit_zh"], row["used_by"], row["plan_quote"]]
            for row in rows("plan_thresholds")
        ),
    )
    lines += ["## Lists", "", "Lists that the plan names, with where their members come from.", ""]
    lists: dict[str, list[dict[str, str]]] = {}
    for row in rows("code_lists"):
        lists.setdefault(row["list_id"], []).append(row)
    lines += table(
        ("list", "members", "used in", "source"),
        (
            [
                list_id,
                "、".join(row["title_zh"] for row in members),
                members[0]["contract_column"],
                members[0]["source"],
            ]
            for list_id, members in lists.items()
        ),
    )
    return "\n".join(lines).rstrip() + "\n"


def duties(found: Iterable[dict[str, str]]) -> Iterator[str]:
    """Yield the table of duties with what answers each."""
    return table(
        ("duty", "方案原文", "kind", "indicators", "answered by"),
        (
            [
                row["duty_id"],
                row["plan_quote"],
                row["kind"],
                row["indicator_ids"],
                row["answered_by"] or f"nothing: {row['reason']}",
            ]
            for row in found
        ),
    )


if __name__ == "__main__":
    PAGE.write_text(page(), "utf-8")
