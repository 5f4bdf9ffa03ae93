"""The plan's measures: the records that an indicator counts, the claim, and the count anew."""

from datetime import date
from decimal import Decimal
from typing import Any

from orchestration.calendar import Quarter
from orchestration.explanation.answer import Explanation, Row, Table, with_addresses
from orchestration.explanation.filings import missing_files, say_missing
from orchestration.explanation.income import agree, divided
from orchestration.explanation.registers import Scope, register_table
from orchestration.explanation.rewriting import branch_with_places
from orchestration.explanation.rules import rules_table
from orchestration.explanation.sources import Home, Subject
from orchestration.publication.marts import REGION
from orchestration.publication.words import VALUES

_ONCE = ("count", "distinct_persons", "distinct_households")
_KEYED_HASH = "[0-9a-f]{64}"


def explain_completion(home: Home, subject: Subject, answer: Explanation) -> None:
    """Explain a figure of ``fct_measure_completion``."""
    row, column = subject.row, subject.column
    case = _Case(home, row["indicator_id"], row["quarter"], row["county_code"])
    answer.computation += case.say()
    kind = next((name for name in VALUES if column.endswith(name)), None)
    values = _values(case, row)
    if column in values:
        agree(answer, column, subject.value, values[column])
    claims, records = case.claims(), case.records()
    steps = _steps(home, row)
    is_about_claim = kind == "reported" or column == "counties_reporting"
    answer.tables += [claims, steps, *records] if is_about_claim else [steps, *records, claims]
    target = {"indicator_id": row["indicator_id"], "calendar_year": row["calendar_year"]}
    rules = rules_table(
        home, ("indicator_targets", target), ("indicators", {"indicator_id": row["indicator_id"]})
    )
    if "target" in column or column in ("time_progress",) or column.startswith("completion"):
        answer.tables.insert(0, rules)
    else:
        answer.tables.append(rules)
    if column.startswith("forecast"):
        answer.tables.insert(0, _history(home, row))
    if subject.value is None:
        _say_why_unknown(home, subject, answer, case)


def explain_waterfall(home: Home, subject: Subject, answer: Explanation) -> None:
    """Explain a step of ``fct_measure_waterfall``: the records that it takes away, or moves."""
    row = subject.row
    case = _Case(home, row["indicator_id"], row["quarter"], row["county_code"])
    answer.computation += case.say()
    completion = home.first(
        "select * from published.fct_measure_completion where indicator_id = $indicator "
        "and quarter = $quarter and county_code = $county",
        {"indicator": case.indicator_id, "quarter": case.quarter, "county": case.county},
    )
    steps = _steps(home, row)
    total = sum(step["变化"] for step in steps.rows)
    if completion and completion["reported"] is not None:
        answer.computation.append(
            f"上报 {completion['reported']} + 各步合计 {total} = 核实 {completion['verified']}"
        )
        agree(answer, "verified", completion["verified"], completion["reported"] + total)
    answer.tables += [steps, *case.records(row["reason"]), case.claims()]
    if not any(table.total for table in answer.tables[1:]):
        answer.tables += case.records()


class _Case:
    """One indicator of one county or the region in one quarter."""

    def __init__(self, home: Home, indicator_id: str, quarter: date, county: str) -> None:
        self.home, self.indicator_id, self.quarter, self.county = (
            home,
            indicator_id,
            quarter,
            county,
        )
        self.indicator = home.first(
            "select indicators.*, datasets.title_zh as register from indicators "
            "left join datasets on indicators.record_dataset = datasets.dataset "
            "where indicator_id = $indicator",
            {"indicator": indicator_id},
        )
        window = home.first(
            "select * from int_measure_windows where indicator_id = $indicator "
            "and quarter = $quarter",
            {"indicator": indicator_id, "quarter": quarter},
        )
        self.since: date = window["window_start"] if window else quarter
        self.is_on_record = bool(window and window["is_on_record"])

    @property
    def aggregation(self) -> str:
        return str((self.indicator or {}).get("aggregation"))

    @property
    def record_dataset(self) -> str:
        return str((self.indicator or {}).get("record_dataset"))

    @property
    def _values(self) -> dict[str, Any]:
        return {
            "indicator": self.indicator_id,
            "since": self.since,
            "until": self.quarter,
            "county": self.county,
        }

    def say(self) -> list[str]:
        indicator = self.indicator or {}
        return [
            f"指标 {self.indicator_id} {indicator.get('title_zh')}（{indicator.get('unit_zh')}）："
            f"{indicator.get('formula')}",
            f"登记：《{indicator.get('register')}》，"
            f"{Quarter(self.since).label}—{Quarter(self.quarter).label} 的记录；"
            f"计算方式 {self.aggregation}"
            + ("，人和户须在名册上" if indicator.get("is_on_roster") else ""),
        ]

    def claims(self) -> Table:
        """List the counties' claims."""
        return self.home.table(
            "县报的数",
            f"""
            select county_code as "县", value as "上报值",
                submission_id, source_sheet, source_row
            from stg_county_measure_report
            where indicator_id = $indicator and quarter = $until
                and $county in (county_code, '{REGION}')
            """,
            {name: self._values[name] for name in ("indicator", "until", "county")},
            '"上报值" desc nulls last, "县"',
        )

    def reported(self) -> Any:
        """Add up the claims; a ratio of several counties has no sum."""
        found = self.home.first(
            f"select count(*) as claims, sum(value) as value from stg_county_measure_report "
            f"where indicator_id = $indicator and quarter = $until "
            f"and $county in (county_code, '{REGION}')",
            {name: self._values[name] for name in ("indicator", "until", "county")},
        ) or {"claims": 0, "value": None}
        is_known = found["claims"] == 1 or (found["claims"] and self.aggregation != "ratio")
        return found["value"] if is_known else None

    def counted(self) -> Row:
        """Count or add up the records anew: recomputed, and verified without what is struck."""
        match self.aggregation:
            case "count" | "distinct_persons" | "distinct_households":
                return self._counted_entities()
            case "ratio":
                return self._divided()
        return self._added()

    def _counted_entities(self) -> Row:
        return self.home.first(
            f"""
            with entities as (
                select entity_key,
                    min_by(county_code, quarter || county_code) as county_code,
                    bool_or(strike is null) as is_verified
                from int_measure_listings
                where indicator_id = $indicator and window_start = $since and quarter <= $until
                    and refusal is null
                group by entity_key
            )
            select count(*) as recomputed, count(*) filter (where is_verified) as verified
            from entities where $county in (county_code, '{REGION}')
            """,
            self._values,
        ) or {"recomputed": 0, "verified": 0}

    def _added(self) -> Row:
        found = self.home.first(
            f"""
            select coalesce(sum(amount), 0) as recomputed,
                coalesce(sum(amount) filter (where strike is null), 0) as verified
            from int_measure_listings
            where indicator_id = $indicator and window_start = $since and quarter <= $until
                and refusal is null and aggregation in ('person_times', 'sum')
                and $county in (county_code, '{REGION}')
            """,
            self._values,
        ) or {"recomputed": 0, "verified": 0}
        sums = self._amounts()
        return {name: found[name] + (sums[name] or 0) for name in ("recomputed", "verified")}

    def _divided(self) -> Row:
        sums = self._amounts()
        return {
            name: divided(sums[name] or Decimal(), sums["denominator"], 4)
            for name in ("recomputed", "verified")
        }

    def _amounts(self) -> Row:
        return self.home.first(
            f"""
            select sum(amount) filter (where stage in ('listed', 'recomputed')) as recomputed,
                sum(amount) filter (where stage <> 'denominator') as verified,
                sum(amount) filter (where stage = 'denominator') as denominator
            from int_measure_amounts
            where indicator_id = $indicator and quarter between $since and $until
                and $county in (county_code, '{REGION}')
            """,
            self._values,
        ) or {"recomputed": None, "verified": None, "denominator": None}

    def records(self, reason: str | None = None) -> list[Table]:
        """List the records that are counted, or those that a step of the waterfall is about."""
        tables = [self._entity_records(reason), *self._other_records()]
        tables = [table for table in tables if table.total]
        if tables or reason:
            return tables
        scope = Scope(self.quarter, self.since, self.county)
        table = register_table(self.home, scope, self.record_dataset, title="登记的行")
        note = "该登记在本县本期的全部行；哪些计入，见计算来历所列的模型。"
        return [Table(table.title, table.rows, table.total, note)]

    def _entity_records(self, reason: str | None) -> Table:
        return self.home.table(
            "计入该指标的登记" if reason is None else "这一步所涉及的登记",
            f"""
            with records as (
                select quarter, county_code, person_key as entity_key, true as is_person,
                    1 as amount, submission_id, source_sheet, source_row
                from int_measure_person_records
                where indicator_id = $indicator and quarter between $since and $until
                union all
                select quarter, county_code, household_key, false, amount,
                    submission_id, source_sheet, source_row
                from int_measure_household_records
                where indicator_id = $indicator and quarter between $since and $until
                union all
                select quarter, county_code, unit_key,
                    regexp_full_match(unit_key, $hash) as is_person, 1,
                    submission_id, source_sheet, source_row
                from int_measure_unit_records
                where indicator_id = $indicator and quarter between $since and $until
            ),
            judged as (
                select entity_key, listed_in, quarter, any_value(county_code) as counted_in,
                    min(refusal) as refusal, min(strike) as strike
                from int_measure_listings
                where indicator_id = $indicator and window_start = $since and quarter <= $until
                group by entity_key, listed_in, quarter
            )
            select records.quarter as "记录季度", records.county_code as "登记所在县",
                judged.counted_in as "计入县", members.household_key as "户",
                case when not records.is_person then records.entity_key end as "对象",
                records.amount as "数量",
                refusals.title_zh as "不计原因", strikes.title_zh as "剔除原因",
                records.submission_id, records.source_sheet, records.source_row
            from records
            inner join judged
                on records.entity_key = judged.entity_key
                and records.county_code = judged.listed_in and records.quarter = judged.quarter
            left join int_person_memberships as members
                on records.is_person and records.entity_key = members.person_key
                and records.quarter >= members.valid_from and records.quarter < members.valid_until
            left join measure_reasons as refusals on judged.refusal = refusals.reason
            left join measure_reasons as strikes on judged.strike = strikes.reason
            where $county in (records.county_code, judged.counted_in, '{REGION}')
                and case $reason
                    when 'other_county' then judged.counted_in <> records.county_code
                    when 'no_record' then true
                    when 'not_claimed' then true
                    else coalesce($reason in (judged.refusal, judged.strike), $reason is null)
                end
            """,
            {**self._values, "reason": reason, "hash": _KEYED_HASH},
            '"数量" desc, "记录季度" desc, submission_id, source_sheet, source_row',
            "同一对象在期内有多条登记的只计一次。" if self.aggregation in _ONCE else "",
        )

    def _other_records(self) -> list[Table]:
        """List the rows behind sums and ratios, whose models add up without naming them."""
        for model in (
            "int_measure_sum_records",
            "int_measure_ratio_records",
            "int_measure_obligations",
            "int_measure_amounts",
        ):
            sql = self.home.catalogue.sql(model)
            branch = branch_with_places(sql, self.indicator_id) if sql else None
            if branch is None:
                continue
            values = {name: self._values[name] for name in ("since", "until")}
            condition = "true"
            if self.county != REGION:
                condition, values["county"] = "county_code = $county", self.county
            return [
                self.home.table(
                    "相加的登记",
                    f"""
                    select quarter as "记录季度", county_code as "县",
                        {", ".join(f'"{name}" as "{label}"' for name, label in branch.amounts)},
                        submission_id, source_sheet, source_row
                    from ({branch.sql}) where quarter between $since and $until and {condition}
                    """,
                    values,
                    f'"{branch.amounts[0][1]}" desc nulls last, submission_id, source_row',
                )
            ]
        return []


def _values(case: _Case, row: Row) -> Row:
    """Compute the three values and their completion rates anew; unknown as the mart has it."""
    counted = case.counted()
    is_on_record = row["counties_on_record"] > 0
    values: Row = {"reported": case.reported()}
    for name in ("recomputed", "verified"):
        values[name] = counted[name] if is_on_record else None
    for name in VALUES:
        values[f"completion_rate_{name}"] = divided(values[name], row["target"], 4)
    values["counties_reporting"] = case.claims().total
    return values


def _steps(home: Home, row: Row) -> Table:
    return home.table(
        "从上报数到核实数的各步",
        """
        select stage as "阶段", reason_zh as "原因", amount as "变化"
        from published.fct_measure_waterfall
        where indicator_id = $indicator and quarter = $quarter and county_code = $county
        """,
        {"indicator": row["indicator_id"], "quarter": row["quarter"], "county": row["county_code"]},
        '"阶段", abs("变化") desc',
    )


def _history(home: Home, row: Row) -> Table:
    table = home.table(
        "预测所依据的以往各季",
        """
        select quarter as "季度", verified as "核实值" from published.fct_measure_completion
        where indicator_id = $indicator and county_code = $county and quarter <= $quarter
        """,
        {"indicator": row["indicator_id"], "county": row["county_code"], "quarter": row["quarter"]},
        '"季度" desc',
    )
    return with_addresses(
        table,
        "fct_measure_completion",
        "verified",
        lambda item: {
            "indicator_id": row["indicator_id"],
            "county_code": row["county_code"],
            "quarter": item["季度"],
        },
    )


def _say_why_unknown(home: Home, subject: Subject, answer: Explanation, case: _Case) -> None:
    row, column = subject.row, subject.column
    if ("target" in column or column.startswith("completion")) and row["plan_target"] is None:
        answer.reasons.append("方案没有给该县（或全区）该指标定目标，无从计算")
    datasets = {case.record_dataset, "household_roster"}
    if column.endswith("reported"):
        datasets = {"county_measure_report"}
        if case.county == REGION and case.aggregation == "ratio":
            answer.reasons.append("比率不能由各县相加，全区没有上报值")
    table = missing_files(home, datasets, min(case.since, case.quarter), case.quarter, case.county)
    if table.total:
        answer.tables.insert(0, table)
        answer.reasons += say_missing(table)
    elif column.endswith("reported") and not case.claims().total:
        answer.reasons.append("县报的指标表里没有这一项")
    elif case.quarter < case.since:
        answer.reasons.append(f"方案期自 {Quarter(case.since).label} 起计，此前不计")
    elif column.startswith("forecast"):
        answer.reasons.append("以往年份不足，不作预测或不给区间")
    elif not answer.reasons:
        answer.reasons.append("分母为零，或该登记不分县，只有全区的数")
