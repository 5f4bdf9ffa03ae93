"""Income of counties and the region: the households that a figure sums over, and the sum anew."""

from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from orchestration.calendar import Quarter
from orchestration.explanation.address import figure_address
from orchestration.explanation.answer import Explanation, Table, with_addresses
from orchestration.explanation.catalogue import value_kind
from orchestration.explanation.filings import filed_files, missing_files, say_missing
from orchestration.explanation.registers import Scope
from orchestration.explanation.sources import Home, Subject
from orchestration.publication.marts import REGION
from orchestration.publication.words import COMPONENTS, VALUES

COMPONENTS_ZH = {**COMPONENTS, "net_income": "纯收入"}
_COLUMNS = {
    name: name if name in ("production_cost", "net_income") else f"{name}_income"
    for name in COMPONENTS_ZH
}
_RECORDED = ("wage", "property", "transfer")


@dataclass(frozen=True)
class _Sums:
    """What the households of a county and quarter add up to in one of the three values."""

    counties: int
    households: int
    persons: int
    total: Decimal | None
    net: Decimal | None
    gross: Decimal | None

    @property
    def per_capita(self) -> Decimal | None:
        return divided(self.total, self.persons, 2)

    @property
    def per_capita_net(self) -> Decimal | None:
        return divided(self.net, self.persons, 2)


def explain_component(home: Home, subject: Subject, answer: Explanation) -> None:
    """Explain a figure of ``fct_income_components``."""
    row = subject.row
    explain_income(
        home,
        answer,
        subject.column,
        subject.value,
        row["county_code"],
        row["quarter"],
        row["component"],
    )


def explain_income(
    home: Home,
    answer: Explanation,
    column: str,
    published: Any,
    county: str,
    quarter: date,
    component: str,
) -> None:
    """Sum over the households anew, compare with what is published, and list the households."""
    kind = value_kind(column) or "reported"
    recomputed = _recompute(home, column, county, Quarter(quarter), component, kind, answer)
    agree(answer, column, published, recomputed)
    if published is None:
        say_why_unknown(home, answer, county, quarter, component)
    answer.tables.append(_households(home, county, quarter, component, kind))
    if kind != "reported" and component in (*_RECORDED, "net_income"):
        answer.tables.append(_payments(home, county, quarter, component))
    if column.startswith(("growth", "contribution")):
        earlier = Quarter(quarter).shift(-4).start
        answer.tables.append(_households(home, county, earlier, component, kind, "上年同季的住户"))


def agree(answer: Explanation, column: str, published: Any, recomputed: Any) -> None:
    """Write down whether a figure that was computed anew is the published one."""
    is_same = published == recomputed
    answer.agrees = is_same if answer.agrees is None else answer.agrees and is_same
    verdict = "复算一致" if is_same else "复算不一致"
    row = {"列": column, "发布值": published, "复算值": recomputed, "结论": verdict}
    answer.tables.insert(0, Table("由下层数据重新计算", [row], 1))


def divided(numerator: Decimal | None, divisor: Any, scale: int) -> Decimal | None:
    """Divide half-up, as the models do; None if either is unknown or the divisor is zero."""
    if numerator is None or not divisor:
        return None
    return (Decimal(numerator) / Decimal(divisor)).quantize(
        Decimal(1).scaleb(-scale), ROUND_HALF_UP
    )


def say_why_unknown(
    home: Home, answer: Explanation, county: str, quarter: date, component: str
) -> None:
    """Say which files a null figure of income waits for."""
    registers = home.rows(
        "select distinct source_dataset from int_sub_item_status where quarter = $quarter "
        "and evidence_class = 'recorded' and is_counted and not is_on_record "
        "and $component in (component, 'net_income')",
        {"quarter": quarter, "component": component},
    )
    datasets = {row["source_dataset"] for row in registers} | {
        *("household_income_report", "person_roster")
    }
    table = missing_files(home, datasets, Quarter(quarter).income_year_start, quarter, county)
    if table.total:
        answer.tables.append(table)
        answer.reasons += say_missing(table)
    else:
        answer.reasons.append("没有可比的数：分母或上年同季的数不存在，或两期所含的县不同")


def _recompute(
    home: Home,
    column: str,
    county: str,
    quarter: Quarter,
    component: str,
    kind: str,
    answer: Explanation,
) -> Any:
    now = _sums(home, county, quarter.start, component, kind)
    if column in ("counties", "households", "persons"):
        answer.computation.append("对本县（或全区）当季住户报表计数；人数为各户家庭人口之和。")
        return getattr(now, column)
    label = f"{COMPONENTS_ZH[component]}（{VALUES[kind]}）"
    parts = f"{now.households} 户、{now.persons} 人，合计 {now.total} 元"
    if column.startswith("total"):
        answer.computation.append(f"{label}：{parts}；有一户未知，合计即为空。")
        return now.total
    if column.startswith("per_capita"):
        answer.computation.append(f"{label}：{parts}；人均 = 合计 ÷ 人数，四舍五入到分。")
        return now.per_capita
    if column.startswith("share"):
        answer.computation.append(f"{label}占总收入：{now.total} ÷ {now.gross}（总收入）。")
        return divided(now.total, now.gross, 6)
    before = _sums(home, county, quarter.shift(-4).start, component, kind)
    answer.computation.append(
        f"{label}人均：{quarter.label} 为 {now.per_capita} 元，"
        f"{quarter.shift(-4).label} 为 {before.per_capita} 元；两期所含县数须相同。"
    )
    earlier = figure_address(
        "fct_income_components",
        f"per_capita_{kind}",
        county_code=county,
        quarter=quarter.shift(-4).start,
        component=component,
    )
    answer.computation.append(f"上年同季：{earlier}")
    if now.counties != before.counties or None in (now.per_capita, before.per_capita):
        return None
    change = (now.per_capita or Decimal()) - (before.per_capita or Decimal())
    if column.startswith("growth"):
        return divided(change, before.per_capita, 6)
    direction = -1 if component == "production_cost" else 1
    return divided(direction * change, before.per_capita_net, 6)


def _sums(home: Home, county: str, quarter: date, component: str, kind: str) -> _Sums:
    column, net, cost = (
        f"{name}_{kind}"
        for name in (
            _COLUMNS[component],
            "net_income",
            "production_cost",
        )
    )
    found = home.first(
        f"""
        select count(distinct county_code) as counties, count(*) as households,
            coalesce(sum(household_size), 0) as persons,
            case when count({column}) = count(*) then sum({column}) end as total,
            case when count({net}) = count(*) then sum({net}) end as net,
            case when count({net}) = count(*) then sum({net} + {cost}) end as gross
        from published.fct_household_income
        where quarter = $quarter and $county in (county_code, '{REGION}')
        """,
        {"quarter": quarter, "county": county},
    )
    return _Sums(**(found or {}))


def _households(
    home: Home, county: str, quarter: date, component: str, kind: str, title: str = "相加的住户"
) -> Table:
    column = f"{_COLUMNS[component]}_{kind}"
    label = f"{VALUES[kind]}{COMPONENTS_ZH[component]}"
    table = home.table(
        f"{title}（{Quarter(quarter).label}，按{label}从大到小）",
        f"""
        select incomes.household_key as "户", incomes.county_code as "县",
            incomes.village_code as "村", incomes.household_size as "人口",
            incomes.{column} as "{label}",
            reports.submission_id, reports.source_sheet, reports.source_row
        from published.fct_household_income as incomes
        left join stg_household_income_report as reports
            using (household_key, quarter, county_code)
        where quarter = $quarter and $county in (incomes.county_code, '{REGION}')
        """,
        {"quarter": quarter, "county": county},
        f'"{label}" desc nulls last, "户"',
        note=f"{label}的列：fct_household_income.{column}",
    )
    return with_addresses(
        table,
        "fct_household_income",
        column,
        lambda row: {"household_key": row["户"], "quarter": quarter},
    )


def _payments(home: Home, county: str, quarter: date, component: str) -> Table:
    """List the largest payments on record behind a county's recomputed figure."""
    scope = Scope(quarter, Quarter(quarter).income_year_start, county)
    return home.table(
        "支持复算数的部门记录（本收入年度累计，按金额从大到小）",
        f"""
        select items.title_zh as "分项", payments.amount as "金额", payments.quarter as "记账季度",
            coalesce(payments.household_key, members.household_key) as "户",
            struck.reason as "剔除原因",
            payments.submission_id, payments.source_sheet, payments.source_row
        from int_payments as payments
        inner join income_sub_items as items using (sub_item)
        left join int_person_memberships as members
            on payments.household_key is null and payments.person_key = members.person_key
            and payments.quarter >= members.valid_from and payments.quarter < members.valid_until
        left join int_struck_payments as struck
            on payments.submission_id = struck.submission_id
            and payments.source_sheet = struck.source_sheet
            and payments.source_row = struck.source_row
        where payments.quarter between $since and $until
            and $component in (payments.component, 'net_income')
            and coalesce(payments.household_key, members.household_key) in (
                select household_key from published.fct_household_income
                where quarter = $until and $county in (county_code, '{REGION}')
            )
        """,
        {"since": scope.since, "until": scope.until, "county": county, "component": component},
        '"金额" desc, submission_id, source_row',
    )


def note_files(home: Home, answer: Explanation, datasets: list[str], scope: Scope) -> None:
    """Where a register has no row in a scope, say that it was filed all the same, or is missing."""
    table = missing_files(home, datasets, scope.since, scope.until, scope.county)
    if table.total:
        answer.tables.append(table)
        answer.reasons += say_missing(table)
    elif files := filed_files(home, datasets, scope.since, scope.until, scope.county):
        answer.reasons.append(f"相关登记已报 {len(files)} 份，其中没有与本数字对应的行")
