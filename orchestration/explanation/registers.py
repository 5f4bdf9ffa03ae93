"""The rows of the departments' registers that a figure can rest on, whichever mart it stands in.

Which registers and columns these are, the column lineage says; which rows, the household, village
or county and the time that the figure is about. Persons belong to a household by the roster, and
are counted but never shown.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from orchestration.contracts import load_contracts
from orchestration.explanation.answer import Table, with_addresses
from orchestration.explanation.sources import Home, Subject
from orchestration.publication.marts import REGION

_STAGED = "stg_"
_COLUMNS_SHOWN = 6
_NO_VALUES = {
    *("submission_id", "sender", "submission_version", "source_file", "source_sha256"),
    *("source_sheet", "source_row", "contract_version", "quarter", "person_key"),
    *("head_person_key", "household_key", "county_code", "village_code", "township_name"),
}
_MEMBERS = """
    select person_key from int_person_memberships
    where household_key in ({households}) and {table}.quarter >= valid_from
        and {table}.quarter < valid_until
"""


@dataclass(frozen=True)
class Scope:
    """What a figure is about: a place or a household, and the time that it covers.

    Registers of events count from ``since``, what is a state or cumulative itself in ``until``.
    """

    until: date
    since: date
    county: str = REGION
    village: str | None = None
    household: str | None = None


def scope_of(subject: Subject) -> Scope | None:
    """Return what a row of a mart is about; None if it has no quarter."""
    if subject.quarter is None:
        return None
    row = subject.row
    return Scope(
        until=subject.quarter.start,
        since=subject.quarter.income_year_start,
        county=row.get("county_code") or REGION,
        village=row.get("village_code"),
        household=row.get("household_key"),
    )


def datasets_of(uses: Iterable[str]) -> list[str]:
    """Return the datasets that staging models hold."""
    contracts = load_contracts()
    names = (model.removeprefix(_STAGED) for model in uses)
    return [name for name in names if name in contracts]


def register_tables(
    home: Home, scope: Scope, uses: Mapping[str, set[str]], title: str = "登记与报送的行"
) -> list[Table]:
    """List, register by register, the rows within a scope; registers without one come last."""
    tables = [
        register_table(home, scope, dataset, uses.get(_STAGED + dataset, set()), title)
        for dataset in datasets_of(uses)
    ]
    return sorted(tables, key=lambda table: table.total == 0)


def register_table(
    home: Home,
    scope: Scope,
    dataset: str,
    columns: Iterable[str] | None = None,
    title: str = "登记与报送的行",
) -> Table:
    """List the rows of one register within a scope, the largest first.

    ``columns`` are the ones to show; its first numbers and marks if none are named.
    """
    contract = load_contracts()[dataset]
    table = _STAGED + dataset
    types = home.catalogue.tables[table]
    hidden = {
        column.name
        for column in contract.columns
        if column.classification == "personal" or column.is_dropped or column.kind == "person"
    }
    if columns is None:
        columns = [
            column.name
            for column in contract.columns
            if column.kind in ("decimal", "integer", "boolean")
        ][:_COLUMNS_SHOWN]
    shown = [name for name in types if name in set(columns) - _NO_VALUES - hidden]
    headers = {column.name: column.header for column in contract.columns}
    numbers = [name for name in shown if types[name].startswith(("DECIMAL", "INTEGER"))]
    names = [f'{table}."{name}" as "{headers.get(name, name)}"' for name in shown]
    place = [
        f'{table}.{name} as "{label}"'
        for name, label in (("village_code", "村"), ("household_key", "户"))
        if name in types
    ]
    is_event = contract.accumulation == "in_period"
    conditions = [
        "quarter between $since and $until" if is_event else "quarter = $until",
        _within(table, types, scope),
    ]
    order = ", ".join(
        [*(f'"{headers.get(name, name)}" desc nulls last' for name in numbers[:1]), "source_row"]
    )
    values: dict[str, Any] = {"since": scope.since, "until": scope.until}
    if scope.household:
        values["household"] = scope.household
    elif scope.village:
        values["village"] = scope.village
    if scope.county != REGION and _uses(conditions, "$county"):
        values["county"] = scope.county
    values = {name: value for name, value in values.items() if _uses(conditions, f"${name}")}
    return home.table(
        f"{title}：{contract.title}",
        f"select {', '.join([*place, *names, 'submission_id', 'source_sheet', 'source_row'])} "
        f"from {table} where {' and '.join(conditions)}",
        values,
        order,
    )


def household_reports(home: Home, scope: Scope, condition: str = "true") -> Table:
    """List the household reports of a place in a quarter, the largest net income first.

    ``condition`` narrows them further, by the columns of the report.
    """
    values: dict[str, Any] = {"until": scope.until}
    places = ["quarter = $until", condition]
    if scope.household:
        places.append("household_key = $household")
        values["household"] = scope.household
    elif scope.village:
        places.append("village_code = $village")
        values["village"] = scope.village
    elif scope.county != REGION:
        places.append("county_code = $county")
        values["county"] = scope.county
    table = home.table(
        "住户报表的行",
        f"""
        select household_key as "户", incomes.village_code as "村",
            incomes.household_size as "人口", incomes.net_income_reported as "上报纯收入",
            reports.submission_id, reports.source_sheet, reports.source_row, quarter
        from (select * from stg_household_income_report where {" and ".join(places)}) as reports
        inner join published.fct_household_income as incomes
            using (household_key, quarter, county_code)
        """,
        values,
        '"上报纯收入" desc nulls last, "户"',
    )
    return with_addresses(
        table,
        "fct_household_income",
        "net_income_reported",
        lambda row: {"household_key": row["户"], "quarter": row["quarter"]},
        unsaid=("quarter",),
    )


def _within(table: str, types: Mapping[str, str], scope: Scope) -> str:
    """Return the condition that keeps a register's rows within a place or a household."""
    households = None
    if scope.household:
        households = "$household"
    elif scope.village:
        if "village_code" in types:
            return "village_code = $village"
        households = (
            "select household_key from int_household_reports "
            "where village_code = $village and quarter = $until"
        )
    if households:
        if "household_key" in types:
            return f"household_key in ({households})"
        if "person_key" in types:
            return f"person_key in ({_MEMBERS.format(households=households, table=table)})"
    if scope.county != REGION and "county_code" in types:
        return "county_code = $county"
    return "true"


def _uses(conditions: Iterable[str], name: str) -> bool:
    return any(name in condition for condition in conditions)
