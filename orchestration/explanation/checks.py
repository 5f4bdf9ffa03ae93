"""The checks that judged a figure before it was published, and how they came out."""

from typing import Any

from orchestration.explanation.answer import Row, Table
from orchestration.explanation.sources import Home, Subject
from orchestration.transformation.artifacts import Node
from orchestration.validation.failures import read_failures, read_results, where
from orchestration.validation.suites import STAGES, Suite, load_suites

_RULES_SHOWN = 12
_SEVERITY_ZH = {"critical": "阻断", "warning": "提示", "error": "阻断", "warn": "提示"}
_PLACES = ("quarter", "county_code", "village_code", "household_key")


def checks_table(home: Home, subject: Subject) -> Table:
    """List the expectations and dbt tests that look at the figure's mart, its column first."""
    rows = [*_expectations(home, subject), *_dbt_tests(home, subject)]
    rows.sort(key=lambda row: row["对象"] != subject.column)
    return Table("经过的检查", rows, len(rows), "阻断级检查未通过，数字不会发布。")


def failures_table(home: Home, subject: Subject) -> Table:
    """List the rows that failed a check and are about the same county, village or household."""
    suites = {suite.name for suite in _suites(home, subject.mart)}
    found = [
        {
            "级别": _SEVERITY_ZH.get(row["severity"], row["severity"]),
            "问题": row["title_zh"],
            "位置": where(row),
            "值": row["value"],
            "要求": row["threshold"],
            "已豁免": row["is_waived"],
            "豁免编号": row["waiver_no"],
        }
        for row in read_failures(home.settings).to_pylist()
        if row["suite"] in suites and _is_about(row, subject)
    ]
    return Table("与本数字有关的未通过项", found, len(found))


def _suites(home: Home, mart: str) -> list[Suite]:
    folder = home.settings.expectations
    return [
        suite for stage in STAGES for suite in load_suites(stage, folder) if suite.asset == mart
    ]


def _expectations(home: Home, subject: Subject) -> list[Row]:
    results = {
        (row["suite"], row["expectation_id"]): row
        for row in read_results(home.settings).to_pylist()
    }
    rows = []
    for suite in _suites(home, subject.mart):
        for item in suite.expectations:
            column = item["kwargs"].get("column", "")
            if column not in ("", subject.column) and column in home.catalogue.marts[subject.mart]:
                continue
            result = results.get((suite.name, item["meta"]["id"]))
            rows.append(
                {
                    "检查": f"{suite.title_zh}：{item['meta']['title_zh']}",
                    "对象": column or subject.mart,
                    "级别": _SEVERITY_ZH.get(item["severity"], item["severity"]),
                    "结果": _outcome(result),
                    "检查行数": result["rows_judged"] if result else None,
                    "未过行数": result["rows_failing"] if result else None,
                }
            )
    return rows


def _outcome(result: Row | None) -> str:
    if result is None:
        return "未运行"
    if result["is_met"]:
        return "通过"
    return "未通过（已豁免）" if result["is_waived"] else "未通过"


def _dbt_tests(home: Home, subject: Subject) -> list[Row]:
    rows = []
    for test in home.catalogue.tests(subject.mart):
        column = test.get("column_name") or ""
        if column not in ("", subject.column):
            continue
        is_blocking = str(test["config"].get("severity", "ERROR")).lower() == "error"
        rows.append(
            {
                "检查": f"dbt：{_test_name(test, subject.column)}",
                "对象": column or subject.mart,
                "级别": "阻断" if is_blocking else "提示",
                "结果": "通过" if is_blocking else "见运行记录",
                "检查行数": None,
                "未过行数": 0 if is_blocking else None,
            }
        )
    return rows


def _test_name(test: Node, column: str) -> str:
    """Say in short what a test asks; of a merged one, the rules that are about the column."""
    arguments = (test.get("test_metadata") or {}).get("kwargs", {})
    arguments = arguments.get("arguments") or arguments
    rules: dict[str, Any] = arguments.get("rules") or {}
    named = [name for name, rule in rules.items() if column in f"{rule}"]
    if column in (arguments.get("not_null") or []):
        named.append("not null")
    if named:
        return f"{test['name'].split('.')[0]}（{'；'.join(named[:_RULES_SHOWN])}）"
    return test["name"].split(".")[0]


def _is_about(row: Row, subject: Subject) -> bool:
    """Whether a failing row and the figure share every place that both of them name."""
    own = {name: subject.row.get(name) for name in _PLACES}
    shared = [name for name in _PLACES if row[name] is not None and own[name] is not None]
    return all(row[name] == own[name] for name in shared)
