"""Figures of the guard: statistic, null and findings, down to the rows of reports and records."""

from typing import Any

from orchestration.calendar import Quarter
from orchestration.explanation.answer import Explanation, Row, Table, with_addresses
from orchestration.explanation.income import agree
from orchestration.explanation.registers import Scope, household_reports, register_table
from orchestration.explanation.rules import rules_table
from orchestration.explanation.sources import Home, Subject

_CAUTION = "线索是待核查的问题，不是结论。"
_PLACES = {
    "household": "household_key = $entity",
    "village": "village_code = $entity",
    "township": "village_code[:9] = $entity",
    "county": "county_code = $entity",
    "department": "county_code = $entity",
    "collector": "county_code || '-' || collector_id = $entity",
}
"""Which household reports an entity of the guard is about."""


def explain_signal(home: Home, subject: Subject, answer: Explanation) -> None:
    """Explain a figure of ``fct_integrity_signals``."""
    row = subject.row
    entity = {"type": row["entity_type"], "id": row["entity_id"], "quarter": row["quarter"]}
    answer.computation += [
        f"{row['signal_id']} {row['title_zh']}：{row['evidence'] or row['assessment']}",
        f"正常情况也可能如此：{row['honest_causes']}。{_CAUTION}",
    ]
    answer.tables += [
        _statistics(home, row),
        _null(home, row),
        _findings(home, _PLACES[entity["type"]], entity, row["signal_id"]),
        _reports(home, entity, row["quarter"]),
        _reports(home, entity, Quarter(row["quarter"]).shift(-4).start, "上年同季"),
        *_survey(home, row),
        _answers(home, [row["entity_id"]]),
        rules_table(home, ("signals", {"signal_id": row["signal_id"]})),
    ]
    _explain_empty(subject, answer, row)


def explain_village(home: Home, subject: Subject, answer: Explanation) -> None:
    """Explain a figure of ``fct_village_risk``."""
    _explain_risk(home, subject, answer, "village", subject.row["village_code"])
    _sum_households(home, subject, answer)
    answer.tables.append(_withheld(home, "village_code", subject.row))
    answer.tables.append(_answers(home, [subject.row["village_code"]]))


def explain_county(home: Home, subject: Subject, answer: Explanation) -> None:
    """Explain a figure of ``fct_county_risk``."""
    row = subject.row
    _explain_risk(home, subject, answer, "county", row["county_code"])
    villages = _villages(home, row)
    answer.tables[:0] = [villages]
    _count_villages(home, subject, answer)
    answer.tables.append(_withheld(home, "county_code", row))
    answer.tables.append(_answers(home, [village["村"] for village in villages.rows]))


def explain_null(home: Home, subject: Subject, answer: Explanation) -> None:
    """Explain a figure of ``fct_signal_nulls``: what the signal's p of the quarter looked like."""
    row = subject.row
    answer.computation.append(
        "原假设的检验：同类对象此前各季的值构成对照，看当季的 p 是否仍均匀分布。"
    )
    signals = home.table(
        "当季评定的对象",
        """
        select entity_type, entity_id, quarter, signal_id, statistic as "统计量", p_value as "p",
            placebo_size as "对照数", assessment as "评定"
        from published.fct_integrity_signals
        where signal_id = $signal and entity_type = $type and quarter = $quarter
        """,
        {"signal": row["signal_id"], "type": row["entity_type"], "quarter": row["quarter"]},
        '"p" nulls last, entity_id',
    )
    scope = Scope(row["quarter"], row["quarter"])
    answer.tables += [
        _signal_rows(signals),
        household_reports(home, scope),
        rules_table(home, ("signals", {"signal_id": row["signal_id"]})),
    ]
    _explain_empty(subject, answer, row)


def explain_calibration(home: Home, subject: Subject, answer: Explanation) -> None:
    """Explain a figure of ``fct_lead_calibration``: the answers that it rests on."""
    answer.computation.append("按线索概率分十档，比较预期与审计答复中被证实的比例。")
    answer.tables.append(
        register_table(
            home,
            Scope(subject.row["quarter"], Quarter.of(2022, 4).start),
            "audit_dispositions",
            ("disposition", "amount_struck"),
            "审计答复",
        )
    )


def explain_finding(home: Home, subject: Subject, answer: Explanation) -> None:
    """Explain a figure of ``fct_household_findings``: the claim's row and the record's."""
    row = subject.row
    answer.computation += [f"{row['title_zh']}：{row['evidence']}", f"规则：{row['rule_zh']}"]
    scope = Scope(
        row["quarter"],
        Quarter(row["quarter"]).income_year_start,
        household=row["household_key"],
    )
    entity = {"id": row["household_key"], "quarter": row["quarter"]}
    answer.tables += [
        _findings(home, _PLACES["household"], entity, row["signal_id"]),
        household_reports(home, scope),
        _answers(home, [row["household_key"], row["village_code"]]),
        rules_table(home, ("finding_kinds", {"finding_kind": row["finding_kind"]})),
    ]
    if subject.value is None:
        answer.reasons.append("该事项没有可比的登记金额")


def _explain_risk(
    home: Home, subject: Subject, answer: Explanation, entity_type: str, entity: str
) -> None:
    row = subject.row
    place = {"id": entity, "type": entity_type, "quarter": row["quarter"]}
    answer.computation.append(
        f"各信号的 p 在族内取最小、族间用柯西法合并，再按 Benjamini–Hochberg 校正。{_CAUTION}"
    )
    signals = home.table(
        "各信号",
        """
        select signal_id, entity_type, entity_id, quarter, title_zh as "信号", item as "项目",
            assessment as "评定", statistic as "统计量", threshold as "界限", p_value as "p",
            is_flagged as "列为线索"
        from published.fct_integrity_signals
        where entity_type = $type and entity_id = $id and quarter = $quarter
        """,
        place,
        '"p" nulls last, signal_id',
    )
    answer.tables += [
        _signal_rows(signals),
        _findings(home, _PLACES[entity_type], {"id": entity, "quarter": row["quarter"]}, None),
        _reports(home, {"id": entity, "type": entity_type}, row["quarter"]),
    ]
    _explain_empty(subject, answer, row)


def _signal_rows(table: Table) -> Table:
    return with_addresses(
        table,
        "fct_integrity_signals",
        "statistic",
        lambda row: {name: row[name] for name in _SIGNAL_KEY},
        unsaid=_SIGNAL_KEY,
    )


_SIGNAL_KEY = ("signal_id", "entity_type", "entity_id", "quarter")


def _statistics(home: Home, row: Row) -> Table:
    return home.table(
        "统计量的历史（当季在前，以往各季是自身的对照）",
        """
        select quarter as "季度", item as "项目", statistic as "统计量", sample_size as "样本数",
            successes as "命中数", evidence_zh as "说明"
        from int_signal_statistics
        where signal_id = $signal and entity_type = $type and entity_id = $id
            and item = $item and quarter <= $quarter
        """,
        {
            "signal": row["signal_id"],
            "type": row["entity_type"],
            "id": row["entity_id"],
            "item": row["item"],
            "quarter": row["quarter"],
        },
        '"季度" desc',
    )


def _null(home: Home, row: Row) -> Table:
    return home.table(
        "原假设（同类对象以往各季的变化）",
        """
        select placebo_size as "对照数", share_below_5_pct as "p≤0.05 的比例",
            uniformity_p as "均匀性检验 p", is_drifting as "已漂移"
        from published.fct_signal_nulls
        where signal_id = $signal and entity_type = $type and quarter = $quarter
        """,
        {"signal": row["signal_id"], "type": row["entity_type"], "quarter": row["quarter"]},
    )


def _findings(home: Home, place: str, entity: Row, signal_id: str | None) -> Table:
    return home.table(
        "具体事项（申报与登记各在哪里）",
        f"""
        select kinds.title_zh as "事项", findings.household_key as "户", findings.item as "分项",
            findings.amount as "涉及金额", findings.evidence_zh as "依据",
            claims.file_name || ' › ' || findings.source_sheet || ' › 第' || findings.source_row
                || '行' as "申报所在",
            coalesce(findings.record_submission_id, findings.submission_id) as submission_id,
            coalesce(findings.record_sheet, findings.source_sheet) as source_sheet,
            coalesce(findings.record_row, findings.source_row) as source_row
        from int_signal_findings as findings
        inner join finding_kinds as kinds using (finding_kind)
        left join int_submission_files as claims using (submission_id)
        where findings.quarter = $quarter and coalesce(findings.signal_id = $signal, true)
            and findings.household_key in (
                select household_key from int_household_reports
                where quarter = $quarter and {place.replace("$entity", "$id")}
            )
        """,
        {"quarter": entity["quarter"], "id": entity["id"], "signal": signal_id},
        '"涉及金额" desc nulls last, "户"',
    )


def _reports(home: Home, entity: Row, quarter: Any, when: str = "当季") -> Table:
    place = _PLACES[entity["type"]].replace("$entity", _quoted(entity["id"]))
    table = household_reports(home, Scope(quarter, quarter), place)
    return Table(f"{when}住户报表的行", table.rows, table.total, table.note)


def _survey(home: Home, row: Row) -> list[Table]:
    if row["signal_id"] != "S14":
        return []
    scope = Scope(row["quarter"], row["quarter"], row["county_code"])
    return [
        register_table(
            home, scope, "income_survey", ("estimate", "standard_error", "caliber"), "独立抽样"
        )
    ]


def _answers(home: Home, entities: list[str]) -> Table:
    return home.table(
        "审计答复",
        """
        select answers.lead_no as "线索编号", answers.disposition as "结论",
            answers.amount_struck as "扣减金额", answers.explanation as "说明",
            dispositions.submission_id, dispositions.source_sheet, dispositions.source_row
        from int_read_answers as answers
        inner join stg_audit_dispositions as dispositions using (submission_id, source_row)
        where answers.entity_id in (select unnest($entities))
        """,
        {"entities": entities},
        '"线索编号"',
    )


def _withheld(home: Home, place: str, row: Row) -> Table:
    return home.table(
        "重点核查线索未答复前暂扣的住户",
        f"""
        select withheld.household_key as "户",
            wage_withheld + business_withheld + property_withheld + transfer_withheld as "暂扣",
            reports.submission_id, reports.source_sheet, reports.source_row
        from int_withheld_income as withheld
        inner join int_household_reports as reports using (household_key, quarter)
        where withheld.quarter = $quarter and reports.{place} = $place
        """,
        {"quarter": row["quarter"], "place": row[place]},
        '"暂扣" desc, "户"',
    )


def _sum_households(home: Home, subject: Subject, answer: Explanation) -> None:
    """Count the village's households anew, and add up what they report and what is withheld."""
    found = home.first(
        """
        select count(*) as households, sum(net_income_reported) as net_income_reported,
            coalesce(sum(withheld_income), 0) as withheld_income
        from published.fct_household_income where village_code = $village and quarter = $quarter
        """,
        {"village": subject.row["village_code"], "quarter": subject.row["quarter"]},
    )
    if found and subject.column in found:
        agree(answer, subject.column, subject.value, found[subject.column])


def _count_villages(home: Home, subject: Subject, answer: Explanation) -> None:
    """Count the county's villages anew, and add up what is at stake in them."""
    found = home.first(
        """
        select count(*) as villages, count(*) filter (where is_assessed) as villages_assessed,
            count(*) filter (where is_flagged) as villages_flagged,
            count(*) filter (where wording = 'serious') as villages_serious,
            count(*) filter (where is_flagged and disposition is null) as villages_unanswered,
            sum(yuan_at_stake) as yuan_at_stake, sum(expected_yuan) as expected_yuan,
            sum(withheld_income) as withheld_income
        from published.fct_village_risk where county_code = $county and quarter = $quarter
        """,
        {"county": subject.row["county_code"], "quarter": subject.row["quarter"]},
    )
    if found and subject.column in found:
        agree(answer, subject.column, subject.value, found[subject.column])


def _villages(home: Home, row: Row) -> Table:
    table = home.table(
        "县内各村",
        """
        select village_code as "村", wording_zh as "措辞", expected_yuan as "预期涉及金额",
            households as "户数", q_value as "q", disposition as "答复", quarter
        from published.fct_village_risk where county_code = $county and quarter = $quarter
        """,
        {"county": row["county_code"], "quarter": row["quarter"]},
        '"预期涉及金额" desc nulls last, "村"',
    )
    return with_addresses(
        table,
        "fct_village_risk",
        "expected_yuan",
        lambda village: {"village_code": village["村"], "quarter": village["quarter"]},
        unsaid=("quarter",),
    )


def _explain_empty(subject: Subject, answer: Explanation, row: Row) -> None:
    if subject.value is not None:
        return
    if row.get("entity_type") == "household":
        answer.reasons.append("户级信号只有确切登记，不作统计，没有这一项")
    elif row.get("assessment") and row["assessment"] not in ("placebo", "binomial"):
        answer.reasons.append(f"评定方式为 {row['assessment']}，没有这一项")
    else:
        answer.reasons.append("样本或历史不足，不作评定；“未评定”不等于“没有问题”")


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
