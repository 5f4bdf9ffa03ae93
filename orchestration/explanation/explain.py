"""The answer to one address: the figure, how it came about, what judged it, and the way down.

Each kind of mart has a module that knows its way down; a mart without one is followed by dbt's
lineage alone (``registers.py``).
"""

from collections.abc import Callable
from typing import Any

import duckdb

from orchestration.contracts import load_contracts
from orchestration.explanation import (
    guard,
    household,
    income,
    measures,
    safeguards,
    submissions,
)
from orchestration.explanation.address import ExplanationError, Figure, figure_address
from orchestration.explanation.answer import Explanation
from orchestration.explanation.catalogue import Trace, unit_of, value_kind
from orchestration.explanation.checks import checks_table, failures_table
from orchestration.explanation.filings import missing_files, say_missing
from orchestration.explanation.find import find
from orchestration.explanation.lineage import lineage_table
from orchestration.explanation.registers import datasets_of, register_tables, scope_of
from orchestration.explanation.rules import explain_dimension, rules_table
from orchestration.explanation.sources import Home, Subject, opened
from orchestration.publication.words import VALUES, column_terms, mart_terms
from orchestration.settings import Settings

SYNTHETIC = "【模拟数据】人员、家庭和金额均为虚构，不得作为真实情况引用。"

_WAYS: dict[str, Callable[[Home, Subject, Explanation], None]] = {
    "fct_income_components": income.explain_component,
    "fct_household_income": household.explain_household,
    "fct_measure_completion": measures.explain_completion,
    "fct_measure_waterfall": measures.explain_waterfall,
    "fct_goal_attainment": safeguards.explain_goal,
    "fct_accountability": safeguards.explain_accountability,
    "fct_household_alerts": safeguards.explain_alert,
    "fct_assistance_plan": safeguards.explain_assistance,
    "fct_integrity_signals": guard.explain_signal,
    "fct_village_risk": guard.explain_village,
    "fct_county_risk": guard.explain_county,
    "fct_signal_nulls": guard.explain_null,
    "fct_lead_calibration": guard.explain_calibration,
    "fct_household_findings": guard.explain_finding,
    "fct_submissions": submissions.explain_submission,
    "fct_restatements": submissions.explain_restatement,
}


def explain(settings: Settings, address: str, limit: int | None = 20) -> Explanation:
    """Explain a published figure; ``limit`` is how many rows each table lists, None lists all.

    Raises:
        ExplanationError: there is no such figure, or what it rests on cannot be read now.
    """
    figure = Figure.parse(address)
    with opened(settings, limit) as home:
        try:
            return explain_in(home, figure)
        except duckdb.IOException as error:
            raise ExplanationError(
                "数仓引用的文件读不到：数据目录可能移动过，请重新运行 zengshou run"
            ) from error


def explain_in(home: Home, figure: Figure) -> Explanation:
    """Explain a figure of a home that is open already."""
    subject = find(home, figure)
    trace = home.catalogue.trace([(subject.mart, subject.column)])
    answer = Explanation(
        address=figure_address(subject.mart, subject.column, **_key(subject)),
        facts={},
        synthetic=SYNTHETIC if home.manifest.provenance.is_synthetic else None,
    )
    way = _WAYS.get(subject.mart)
    if way is not None:
        way(home, subject, answer)
    elif subject.mart.startswith("dim_"):
        answer.tables += explain_dimension(home, subject)
    if way is None and not any(answer.sources()):
        _follow(home, subject, trace, answer)
    if subject.mart.startswith("dim_") and subject.value is None:
        answer.reasons.append("规则文件里这一格是空的：方案或规则没有给出")
    if subject.mart == "fct_village_income" and subject.value is None:
        place = subject.row["county_code"], subject.row["quarter"]
        income.say_why_unknown(home, answer, *place, "net_income")
    answer.tables = [table for table in answer.tables if table.total]
    if not any(answer.sources()) and not answer.reasons:
        answer.reasons.append("没有任何报送、规则或台账的行与本数字对应")
    answer.facts = _facts(home, subject, trace, answer)
    answer.computation.insert(0, f"由 dbt 模型 {subject.mart} 计算（{_place(home, subject)}）")
    answer.tables += [lineage_table(home, trace), checks_table(home, subject)]
    if (failures := failures_table(home, subject)).total:
        answer.tables.append(failures)
    if not _is_current(home, subject):
        answer.reasons.append("数仓在发布之后已重新计算，本数字与数仓现值不同：以下各层为数仓现值")
    return answer


def _follow(home: Home, subject: Subject, trace: Trace, answer: Explanation) -> None:
    """Go down by lineage alone: the registers' rows within the row's place and time."""
    if (scope := scope_of(subject)) is not None:
        answer.tables += register_tables(home, scope, trace.registers)
        if not any(answer.sources()):
            missing = missing_files(
                home, datasets_of(trace.registers), scope.since, scope.until, scope.county
            )
            answer.tables.append(missing)
            answer.reasons += say_missing(missing)
    for seed in trace.seeds:
        columns = home.catalogue.tables.get(seed, {})
        key = {name: value for name, value in subject.key.items() if name in columns}
        if key:
            answer.tables.append(rules_table(home, (seed, key)))
    if subject.row.get("is_region"):
        answer.reasons.append("全区一行由项目设定（dbt 变量 region_code），规则文件里没有这一行")


def _contract_versions(home: Home, trace: Trace, answer: Explanation) -> dict[str, str | None]:
    """Return the versions of the contracts that the listed rows came under.

    Where no row of a submission is listed, those of the registers that the lineage names.
    """
    contracts = load_contracts()
    listed = {row["数据集"] for row in answer.sources() if row.get("数据集")}
    names = [name for name, contract in contracts.items() if contract.title in listed]
    return {
        contracts[name].title: home.manifest.provenance.contract_versions.get(name)
        for name in names or datasets_of(trace.registers)
    }


def _facts(home: Home, subject: Subject, trace: Trace, answer: Explanation) -> dict[str, Any]:
    catalogue, provenance = home.catalogue, home.manifest.provenance
    description = catalogue.describe(subject.mart, subject.column)
    unit = unit_of(subject.column, subject.row, description)
    if subject.mart.startswith("fct_measure") and not unit:
        unit = _indicator_unit(home, subject)
    kind = value_kind(subject.column)
    return {
        "数值": subject.value,
        "单位": unit,
        **({"三个数中的": f"{VALUES[kind]}数"} if kind else {}),
        "行": subject.key,
        "列的含义": str(column_terms().get(subject.column, description)),
        "表的含义": str(mart_terms().get(subject.mart, catalogue.describe(subject.mart))),
        "收入认定规则版本": _rule_versions(home, subject),
        "发布编号": home.manifest.publication_id,
        "数据截至": provenance.data_as_of,
        "程序版本": provenance.code_version,
        "契约版本": _contract_versions(home, trace, answer),
    }


def _rule_versions(home: Home, subject: Subject) -> str | None:
    if version := subject.row.get("inclusion_rule_version"):
        return str(version)
    if subject.quarter is None:
        return None
    found = home.first(
        "select string_agg(distinct rule_version, '、' order by rule_version) as versions "
        "from int_sub_item_status where quarter = $quarter and is_counted",
        {"quarter": subject.quarter.start},
    )
    return found["versions"] if found else None


def _indicator_unit(home: Home, subject: Subject) -> str:
    found = home.first(
        "select unit_zh from indicators where indicator_id = $indicator",
        {"indicator": subject.row["indicator_id"]},
    )
    return found["unit_zh"] if found else ""


def _is_current(home: Home, subject: Subject) -> bool:
    """Whether the warehouse still holds the figure that is published."""
    condition = " and ".join(f'"{name}" is not distinct from ${name}' for name in subject.key)
    found = home.rows(
        f'select "{subject.column}" as value from {subject.mart} where {condition}', subject.key
    )
    return any(row["value"] == subject.value for row in found)


def _place(home: Home, subject: Subject) -> str:
    return home.catalogue.file(subject.mart) if subject.mart in home.catalogue else subject.mart


def _key(subject: Subject) -> dict[str, Any]:
    return {name: value for name, value in subject.key.items() if value is not None}
