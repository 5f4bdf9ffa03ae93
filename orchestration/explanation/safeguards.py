"""Goals, accountability, warnings and assistance: what each looks at, and where that stands."""

from orchestration.calendar import Quarter
from orchestration.explanation.address import figure_address
from orchestration.explanation.answer import ADDRESS, Explanation, Row, Table
from orchestration.explanation.catalogue import value_kind
from orchestration.explanation.household import explain_income_of
from orchestration.explanation.income import explain_income, note_files
from orchestration.explanation.registers import Scope, household_reports, register_table
from orchestration.explanation.rules import rules_table, seed_rows
from orchestration.explanation.sources import Home, Subject
from orchestration.publication.marts import REGION

_INCOME_OF_METRIC = {
    "per_capita_net_income": "per_capita",
    "per_capita_net_income_growth": "growth",
}
_SURVEYED = ("survey_estimate", "survey_standard_error", "growth_gap_standard_error")


def explain_goal(home: Home, subject: Subject, answer: Explanation) -> None:
    """Explain a figure of ``fct_goal_attainment``."""
    row, column = subject.row, subject.column
    answer.computation.append(f"目标 {row['goal_id']} {row['title_zh']}：{row['plan_quote']}")
    scope = Scope(row["quarter"], row["quarter"], row["county_code"])
    kind = value_kind(column) or "reported"
    figure = _INCOME_OF_METRIC.get(row["metric"])
    if column in _SURVEYED:
        _add_survey(home, answer, scope)
    elif column.startswith("comparator") and row["comparator_id"] != "region":
        _add_comparator(home, answer, row)
    elif column.startswith(("value", "comparator")) and figure:
        county = row["county_code"] if column.startswith("value") else REGION
        name = f"{figure if column.startswith('value') else 'growth'}_{kind}"
        answer.computation.append("等于 " + _income(name, county, row))
        explain_income(home, answer, name, subject.value, county, row["quarter"], "net_income")
    elif column.startswith(("value", "base_group")):
        _add_declining(home, answer, scope, kind)
    answer.tables.append(rules_table(home, ("goals", {"goal_id": row["goal_id"]})))
    if subject.value is None and not answer.reasons:
        answer.reasons.append(
            "方案对此没有给出数值"
            if column.startswith("target")
            else "该目标没有这一项，或上年、全国的可比数尚未报送"
        )


def explain_accountability(home: Home, subject: Subject, answer: Explanation) -> None:
    """Explain a figure of ``fct_accountability``."""
    row, column = subject.row, subject.column
    answer.computation.append(row["caution_zh"])
    scope = Scope(row["quarter"], row["quarter"], row["county_code"])
    kind = value_kind(column) or "verified"
    if column in _SURVEYED:
        _add_survey(home, answer, scope)
    elif "growth" in column:
        region = column.startswith("region")
        county = REGION if region else row["county_code"]
        own = row[f"region_growth_{kind}" if region else f"growth_{kind}"]
        if column.startswith("growth_gap"):
            of_region = row[f"region_growth_{kind}"]
            answer.computation.append(
                f"差距 = 本县增速 {own} − 全区增速 {of_region}："
                + _income(f"growth_{kind}", REGION, row)
            )
        explain_income(home, answer, f"growth_{kind}", own, county, row["quarter"], "net_income")
    elif column.startswith("goals"):
        answer.tables.append(_goals(home, row))
        answer.tables.append(household_reports(home, scope))
    elif column.startswith("measures"):
        answer.tables += [_measures(home, row), _claims(home, row)]
    elif column.startswith("fund"):
        year = Quarter(row["quarter"])
        answer.computation.append("没有联农带农机制的经营性项目的衔接资金，年末登记齐全后计算。")
        projects = register_table(
            home,
            Scope(row["quarter"], row["quarter"], row["county_code"]),
            "bridging_projects",
            ("budget", "has_linkage", "project_kind", "project_no"),
            "项目登记",
        )
        answer.tables.append(projects)
        if subject.value is None and year.number != 4:
            answer.reasons.append("只在年末（第四季度）计算")
        if not projects.total:
            note_files(home, answer, ["bridging_projects"], scope)
    if not any(answer.sources()) and not answer.reasons:
        note_files(home, answer, ["household_income_report", "county_measure_report"], scope)
    if subject.value is None and not answer.reasons:
        answer.reasons.append("没有可以判断的目标或指标，或上年同季的数不存在")


def explain_alert(home: Home, subject: Subject, answer: Explanation) -> None:
    """Explain a figure of ``fct_household_alerts``."""
    row = subject.row
    answer.computation.append(f"{row['title_zh']}：{row['evidence']}")
    thresholds = seed_rows(home, "alert_thresholds", {"statistic": row["statistic"]})
    rules = rules_table(home, ("alert_thresholds", {"statistic": row["statistic"]}))
    datasets = home.first(
        "select record_datasets from alert_thresholds where statistic = $statistic",
        {"statistic": row["statistic"]},
    )
    quarter = Quarter(row["quarter"])
    scope = Scope(
        row["quarter"],
        Quarter.of(quarter.start.year, 1).start,
        row["county_code"],
        household=row["household_key"],
    )
    tables = [
        register_table(home, scope, name, title="登记")
        for name in (datasets or {"record_datasets": ""})["record_datasets"].split("|")
        if name
    ]
    answer.tables += [
        *([rules] if thresholds and subject.column == "threshold" else []),
        *[table for table in tables if table.total],
        household_reports(home, scope),
        *([rules] if subject.column != "threshold" else []),
    ]


def explain_assistance(home: Home, subject: Subject, answer: Explanation) -> None:
    """Explain a figure of ``fct_assistance_plan``."""
    row = subject.row
    answer.computation.append(row["eligibility_reason_zh"])
    action = home.first(
        "select record_datasets from assistance_actions where action_code = $code",
        {"code": row["action_code"]},
    )
    quarter = Quarter(row["quarter"])
    scope = Scope(
        row["quarter"], quarter.shift(-3).start, row["county_code"], household=row["household_key"]
    )
    answer.tables.append(
        rules_table(home, ("assistance_actions", {"action_code": row["action_code"]}))
    )
    if subject.column == "per_capita_net_income":
        explain_income_of(home, answer, row["household_key"], quarter)
    else:
        answer.tables.append(household_reports(home, scope))
    for name in filter(None, ((action or {}).get("record_datasets") or "").split("|")):
        answer.tables.append(register_table(home, scope, name, title="登记"))
    answer.tables = [table for table in answer.tables if table.total]


def _income(column: str, county: str, row: Row) -> str:
    return figure_address(
        "fct_income_components",
        column,
        county_code=county,
        quarter=row["quarter"],
        component="net_income",
    )


def _add_survey(home: Home, answer: Explanation, scope: Scope) -> None:
    columns = ("estimate", "standard_error", "sample_households", "caliber")
    earlier = Quarter(scope.until).shift(-4).start
    tables = [
        register_table(home, scope, "income_survey", columns, "独立抽样"),
        register_table(
            home,
            Scope(earlier, earlier, scope.county),
            "income_survey",
            columns,
            "上年同季独立抽样",
        ),
    ]
    answer.computation.append("独立抽样估计与标准误；全区由各县按人口加权，增速的误差按一阶传递。")
    answer.tables += tables
    if not any(table.total for table in tables):
        note_files(home, answer, ["income_survey"], scope)
        answer.reasons = answer.reasons or ["该县该季没有独立抽样估计"]


def _add_comparator(home: Home, answer: Explanation, row: Row) -> None:
    scope = Scope(row["quarter"], Quarter(row["quarter"]).income_year_start)
    table = register_table(
        home, scope, "national_comparators", ("value", "comparator_id", "income_year"), "全国可比数"
    )
    answer.tables.append(table)
    if not table.total:
        note_files(home, answer, ["national_comparators"], scope)
        answer.reasons = answer.reasons or ["全国可比数尚未报送，方案本身没有给出"]


def _add_declining(home: Home, answer: Explanation, scope: Scope, kind: str) -> None:
    answer.computation.append(
        "低收入组（人均低于方案线）中，人均比上年同季下降的人数 ÷ 有可比数的低收入人数。"
    )
    answer.tables.append(
        home.table(
            "低收入组住户（下降的在前）",
            f"""
            select groups.household_key as "户", incomes.county_code as "县",
                incomes.household_size as "人口",
                incomes.per_capita_net_income_{kind} as "人均纯收入",
                groups.is_income_decline_{kind} as "下降",
                groups.was_low_income_{kind} as "上年低收入",
                reports.submission_id, reports.source_sheet, reports.source_row
            from int_household_groups as groups
            inner join published.fct_household_income as incomes using (household_key, quarter)
            left join int_household_reports as reports using (household_key, quarter)
            where groups.quarter = $quarter and $county in (incomes.county_code, '{REGION}')
                and (groups.is_low_income_{kind} or groups.was_low_income_{kind})
            """,
            {"quarter": scope.until, "county": scope.county},
            '"下降" desc nulls last, "人均纯收入", "户"',
        )
    )


def _goals(home: Home, row: Row) -> Table:
    goals = home.rows(
        "select goal_id, title_zh, value_verified, target, is_attained_verified "
        "from published.fct_goal_attainment "
        "where county_code = $county and quarter = $quarter order by goal_id",
        {"county": row["county_code"], "quarter": row["quarter"]},
    )
    rows = [
        {
            "目标": f"{goal['goal_id']} {goal['title_zh']}",
            "核实值": goal["value_verified"],
            "目标值": goal["target"],
            "达到": goal["is_attained_verified"],
            ADDRESS: figure_address(
                "fct_goal_attainment",
                "value_verified",
                goal_id=goal["goal_id"],
                county_code=row["county_code"],
                quarter=row["quarter"],
            ),
        }
        for goal in goals
    ]
    return Table("本县的目标", rows, len(rows))


def _measures(home: Home, row: Row) -> Table:
    measures = home.rows(
        "select indicator_id, status, target, verified, completion_rate_verified "
        "from published.fct_measure_completion "
        "where county_code = $county and quarter = $quarter and target is not null "
        "and status in ('done', 'on_track', 'behind') order by status, indicator_id",
        {"county": row["county_code"], "quarter": row["quarter"]},
    )
    rows = [
        {
            "指标": measure["indicator_id"],
            "状态": measure["status"],
            "目标值": measure["target"],
            "核实值": measure["verified"],
            "完成率": measure["completion_rate_verified"],
            ADDRESS: figure_address(
                "fct_measure_completion",
                "verified",
                indicator_id=measure["indicator_id"],
                county_code=row["county_code"],
                quarter=row["quarter"],
            ),
        }
        for measure in measures
    ]
    return Table("有目标且可判断的指标", rows, len(rows))


def _claims(home: Home, row: Row) -> Table:
    return home.table(
        "县报的指标",
        """
        select indicator_id as "指标", value as "上报值", submission_id, source_sheet, source_row
        from stg_county_measure_report where county_code = $county and quarter = $quarter
        """,
        {"county": row["county_code"], "quarter": row["quarter"]},
        '"指标"',
    )
