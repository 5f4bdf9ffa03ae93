"""Income of a household: its sub-items, the row of its report, and each record that supports it."""

from decimal import Decimal
from typing import Any

from orchestration.calendar import Quarter
from orchestration.explanation.answer import Explanation, Row, Table
from orchestration.explanation.catalogue import value_kind
from orchestration.explanation.income import (
    COMPONENTS_ZH,
    agree,
    divided,
    say_why_unknown,
)
from orchestration.explanation.registers import Scope, household_reports, register_table
from orchestration.explanation.sources import Home, Subject
from orchestration.publication.words import VALUES

CLASSES_ZH = {"recorded": "有登记", "capacity": "以产能为限", "self_declared": "自报"}
_STRIKES_ZH = {
    "after_death": "人已登记死亡",
    "paid_twice": "重复发放",
    "two_counties": "两县同时发放",
}
_COUNTED = {"household_size", "registered_size"}


def explain_household(home: Home, subject: Subject, answer: Explanation) -> None:
    """Explain a figure of ``fct_household_income``."""
    row = subject.row
    explain_income_of(home, answer, row["household_key"], Quarter(row["quarter"]), subject.column)
    recomputed = _recompute(home, row, subject.column)
    if recomputed is not NotImplemented:
        agree(answer, subject.column, subject.value, recomputed)
    if subject.value is None:
        say_why_unknown(home, answer, row["county_code"], row["quarter"], "net_income")


def explain_income_of(
    home: Home, answer: Explanation, household: str, quarter: Quarter, column: str = "net_income"
) -> None:
    """List what a household's income of a quarter rests on, narrowed to the component asked for."""
    component = next((name for name in COMPONENTS_ZH if column.startswith(name)), None)
    if component == "net_income":
        component = None
    scope = Scope(quarter.start, quarter.income_year_start, household=household)
    answer.tables += [
        household_reports(home, scope),
        *([] if column in _COUNTED else [_sub_items(home, scope, component)]),
        *([] if column in _COUNTED else [_payments(home, scope, component)]),
        _findings(home, scope),
        _withheld(home, scope),
        register_table(
            home,
            scope,
            "household_roster",
            ("household_size", "registered_size", "cultivated_land_mu"),
            "名册",
        ),
    ]
    if component in (None, "business"):
        answer.tables.append(
            register_table(
                home,
                scope,
                "household_assets",
                ("beef_cattle", "sheep", "pigs", "poultry"),
                "产能依据",
            )
        )
    answer.tables = [table for table in answer.tables if table.total]
    answer.computation.append(
        "纯收入 = 工资性 + 生产经营性 + 财产性 + 转移性 − 生产经营性支出（收入年度累计）；"
        "复算数：有登记的按登记、种养按产能封顶、其余按自报；核实数：再减去剔除与暂扣。"
    )


def _sub_items(home: Home, scope: Scope, component: str | None) -> Table:
    items = home.rows(
        """
        select items.sub_item, items.title_zh, items.component, items.evidence_class,
            status.is_counted, status.is_on_record, datasets.title_zh as register,
            status.rule_version
        from income_sub_items as items
        inner join int_sub_item_status as status using (sub_item)
        left join datasets on items.source_dataset = datasets.dataset
        where status.quarter = $quarter and coalesce($component = items.component, true)
        """,
        {"quarter": scope.until, "component": component},
    )
    values = household_items(home, scope) or {}
    rows = [_sub_item(item, values) for item in items]
    return Table("分项三个数（元）", rows, len(rows))


def household_items(home: Home, scope: Scope) -> Row | None:
    """Return a household's row of sub-items, as claimed and as supported."""
    return home.first(
        "select * from int_household_items where household_key = $household and quarter = $quarter",
        {"household": scope.household, "quarter": scope.until},
    )


def _sub_item(item: Row, values: Row) -> Row:
    name = item["sub_item"]
    claimed = values.get(f"{name}_claimed")
    is_self_declared = item["evidence_class"] == "self_declared"
    supported = claimed if is_self_declared else values.get(f"{name}_supported")
    return {
        "大类": COMPONENTS_ZH[item["component"]],
        "分项": item["title_zh"],
        "上报": claimed,
        "登记或产能支持": supported,
        "依据": CLASSES_ZH[item["evidence_class"]],
        "登记": item["register"],
        "计入收入": item["is_counted"],
        "登记齐全": item["is_on_record"] if item["evidence_class"] == "recorded" else None,
        "规则版本": item["rule_version"],
    }


def _payments(home: Home, scope: Scope, component: str | None) -> Table:
    table = home.table(
        "支持这些分项的每一笔登记（本收入年度累计）",
        """
        select items.title_zh as "分项", payments.amount as "金额", payments.quarter as "记账季度",
            payments.pay_month as "所属月份", struck.reason as "剔除原因",
            payments.submission_id, payments.source_sheet, payments.source_row
        from int_payments as payments
        inner join income_sub_items as items using (sub_item)
        left join int_struck_payments as struck
            on payments.submission_id = struck.submission_id
            and payments.source_sheet = struck.source_sheet
            and payments.source_row = struck.source_row
        where payments.quarter between $since and $until
            and coalesce($component = payments.component, true)
            and (
                payments.household_key = $household
                or payments.household_key is null and exists (
                    from int_person_memberships as members
                    where members.household_key = $household
                        and members.person_key = payments.person_key
                        and payments.quarter >= members.valid_from
                        and payments.quarter < members.valid_until
                )
            )
        """,
        {
            "since": scope.since,
            "until": scope.until,
            "household": scope.household,
            "component": component,
        },
        '"金额" desc, submission_id, source_row',
    )
    rows = [
        {**row, "剔除原因": _STRIKES_ZH.get(row["剔除原因"], row["剔除原因"])} for row in table.rows
    ]
    return Table(table.title, rows, table.total, table.note)


def _findings(home: Home, scope: Scope) -> Table:
    return home.table(
        "核查线索中的具体事项（不是结论）",
        """
        select kinds.title_zh as "事项", findings.evidence_zh as "依据",
            findings.amount as "涉及金额", findings.is_exact as "有确切登记",
            coalesce(findings.record_submission_id, findings.submission_id) as submission_id,
            coalesce(findings.record_sheet, findings.source_sheet) as source_sheet,
            coalesce(findings.record_row, findings.source_row) as source_row
        from int_signal_findings as findings
        inner join finding_kinds as kinds using (finding_kind)
        where findings.household_key = $household and findings.quarter = $until
        """,
        {"household": scope.household, "until": scope.until},
        '"涉及金额" desc',
    )


def _withheld(home: Home, scope: Scope) -> Table:
    return home.table(
        "重点核查线索未答复前暂扣",
        """
        select leads.lead_no as "线索编号", leads.disposition as "答复",
            withheld.wage_withheld as "工资性", withheld.business_withheld as "生产经营性",
            withheld.property_withheld as "财产性", withheld.transfer_withheld as "转移性"
        from int_withheld_income as withheld
        inner join int_household_values as households using (household_key, quarter)
        left join int_village_leads as leads using (village_code, quarter)
        where withheld.household_key = $household and withheld.quarter = $until
        """,
        {"household": scope.household, "until": scope.until},
    )


def _recompute(home: Home, row: Row, column: str) -> Any:
    """Compute a household's figure from its sub-items; NotImplemented where it is no sum."""
    if column == "registered_size":
        found = home.first(
            "select registered_size from stg_household_roster where household_key = $household "
            "and county_code = $county and quarter = $quarter",
            {
                "household": row["household_key"],
                "county": row["county_code"],
                "quarter": row["quarter"],
            },
        )
        return found["registered_size"] if found else None
    scope = Scope(
        row["quarter"], Quarter(row["quarter"]).income_year_start, household=row["household_key"]
    )
    values = household_items(home, scope) or {}
    if column == "household_size":
        return values.get("household_size")
    if column == "income_quintile":
        return _quintile(home, scope)
    if column in ("self_declared_share", "evidence_coverage"):
        return _share(home, values, column)
    withheld = (
        home.first(
            "select * from int_withheld_income "
            "where household_key = $household and quarter = $quarter",
            {"household": scope.household, "quarter": scope.until},
        )
        or {}
    )
    if column == "withheld_income":
        if row["net_income_recomputed"] is None:
            return None
        return sum((withheld.get(f"{name}_withheld") or 0 for name in _PARTS), Decimal())
    kind = value_kind(column)
    if kind not in VALUES:
        return NotImplemented
    parts = {name: _component(home, values, withheld, name, kind) for name in _PARTS}
    name = column.removesuffix(f"_{kind}")
    if name == "production_cost":
        return values["production_cost"]
    if name.removesuffix("_income") in parts:
        return parts[name.removesuffix("_income")]
    net = None
    if None not in parts.values():
        net = sum((part or Decimal() for part in parts.values()), Decimal())
        net -= values["production_cost"]
    if name == "net_income":
        return net
    return divided(net, values["household_size"], 2)


_PARTS = ("wage", "business", "property", "transfer")


def _quintile(home: Home, scope: Scope) -> Any:
    found = home.first(
        """
        select quintile from (
            select household_key, ntile(5) over (
                order by per_capita_net_income_reported, household_key
            ) as quintile
            from published.fct_household_income where quarter = $quarter
        ) where household_key = $household
        """,
        {"quarter": scope.until, "household": scope.household},
    )
    return found["quintile"] if found else None


def _share(home: Home, values: Row, column: str) -> Decimal | None:
    """Return the share of reported gross income that is self-declared, or that has evidence."""
    gross, self_declared, evidenced = Decimal(), Decimal(), Decimal()
    for item in (item for name in _PARTS for item in home.sub_items[name]):
        claimed, supported = values[f"{item}_claimed"], values.get(f"{item}_supported")
        gross += claimed
        if f"{item}_supported" not in values or values.get(f"{item}_is_bounded") is False:
            self_declared += claimed
        elif supported is None:
            evidenced = Decimal("NaN")
        else:
            evidenced += min(claimed, supported)
    share = self_declared if column == "self_declared_share" else evidenced
    return None if share.is_nan() else divided(share, gross, 4)


def _component(home: Home, values: Row, withheld: Row, component: str, kind: str) -> Decimal | None:
    total = Decimal()
    for item in home.sub_items[component]:
        claimed, supported = f"{item}_claimed", f"{item}_supported"
        column = claimed if kind == "reported" or supported not in values else supported
        if values[column] is None:
            return None
        total += values[column]
    if kind == "verified":
        total -= values.get(f"{component}_struck") or 0
        total -= withheld.get(f"{component}_withheld") or 0
    return total
