"""How the plan stands in the seeds."""

from collections.abc import Iterable, Iterator
from decimal import Decimal

from docs.reference.markdown import link, listed, table
from orchestration.seeds import seed_rows

_HEAD = """
The work plan of 2024–2025 (`seeds/work_plan_2024_2025.txt`): each measure with its departments,
what is counted, against which target, from which records, and what else the plan asks for. Every
row of the seeds quotes its sentence word for word, and a test walks the plan: no number, list,
duty or department of it is missing. A target is empty (–) where the plan gives no number; see
[how a measure is counted](../explanation/measures.md).
"""


def _target(row: dict[str, str]) -> str:
    """Return a target as one reads it, with whom it is asked of."""
    if not row["target"]:
        return ""
    value = f"{Decimal(row['target']).normalize():,f}".replace(",", " ")
    asked_of = {"region": "", "county": " per county", "each": ", region and each county"}
    return value + asked_of[row["scope"]]


def lines() -> Iterator[str]:
    """Yield the page."""
    titles = {row["dataset"]: row["title_zh"] for row in seed_rows("datasets")}
    targets = {
        (row["indicator_id"], row["calendar_year"]): _target(row)
        for row in seed_rows("indicator_targets")
    }
    yield "# The plan as data"
    yield from (_HEAD, "## Overall goals", "")
    yield from table(
        ("goal", "标题", "scope", "target", "year"),
        (
            [row["goal_id"], row["title_zh"], row["scope"], row["target"], row["income_year"]]
            for row in seed_rows("goals")
        ),
    )
    for measure in seed_rows("measures"):
        number = measure["measure_no"]
        yield f"## {number}. {measure['title_zh']}\n"
        about = f"{measure['title_en']} ({measure['component']})"
        yield f"{about}. {measure['responsibility_quote']}。\n"
        yield from table(
            ("indicator", "指标", "unit", "calendar", "records", "2024", "2025"),
            (
                [
                    row["indicator_id"],
                    row["title_zh"],
                    row["unit_zh"],
                    row["calendar"],
                    f"{link('datasets', row['record_dataset'])} {titles[row['record_dataset']]}",
                    targets[row["indicator_id"], "2024"],
                    targets[row["indicator_id"], "2025"],
                ]
                for row in seed_rows("indicators")
                if row["measure_no"] == number
            ),
        )
        yield from _duties(row for row in seed_rows("plan_duties") if row["measure_no"] == number)
    yield "## Safeguards\n"
    yield from _duties(row for row in seed_rows("plan_duties") if not row["measure_no"])
    yield "## Thresholds\n\nNumbers of the plan that are neither target nor goal.\n"
    yield from table(
        ("threshold", "value", "unit", "used by", "方案原文"),
        (
            [
                row["threshold_id"],
                row["value"],
                row["unit_zh"],
                listed(row["used_by"]),
                row["plan_quote"],
            ]
            for row in seed_rows("plan_thresholds")
        ),
    )
    yield "## Lists\n\nLists that the plan names, with where their members come from.\n"
    lists: dict[str, list[dict[str, str]]] = {}
    for row in seed_rows("code_lists"):
        lists.setdefault(row["list_id"], []).append(row)
    yield from table(
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


def _duties(found: Iterable[dict[str, str]]) -> Iterator[str]:
    """Yield the table of duties with what answers each."""
    return table(
        ("duty", "方案原文", "kind", "indicators", "answered by"),
        (
            [
                row["duty_id"],
                row["plan_quote"],
                row["kind"],
                listed(row["indicator_ids"]),
                listed(row["answered_by"]) or f"nothing: {row['reason']}",
            ]
            for row in found
        ),
    )
