"""Rows behind a sum whose model does not name them: its SQL, asked for the places too.

The models of sums and ratios are unions with one branch per indicator, each over one register.
The branch of an indicator, with file, sheet and row of the register added, is exactly what the
model adds up.
"""

from dataclasses import dataclass

from sqlglot import exp, parse_one
from sqlglot.errors import SqlglotError

_PLACE = ("submission_id", "source_sheet", "source_row")
_AMOUNTS = {
    "amount": "数量",
    "numerator": "分子",
    "denominator": "分母",
    "due_amount": "应付",
    "paid_amount": "实付",
}


@dataclass(frozen=True)
class Branch:
    """A query over one register; ``amounts`` are its columns of amounts with their labels."""

    sql: str
    amounts: list[tuple[str, str]]


def branch_with_places(sql: str, indicator_id: str) -> Branch | None:
    """Return an indicator's branch of a model; None if it has none over a register itself."""
    try:
        tree = parse_one(sql, dialect="duckdb")
    except SqlglotError:
        return None
    for select in tree.find_all(exp.Select):
        names = [projection.alias_or_name for projection in select.expressions]
        amounts = [(name, label) for name, label in _AMOUNTS.items() if name in names]
        register = _register(select)
        if register is None or not amounts or not _is_of(select, indicator_id):
            continue
        branch = select.copy()
        for name in _PLACE:
            if name not in names:
                branch = branch.select(exp.column(name, table=register))
        if (ctes := tree.args.get("with_")) is not None and not branch.args.get("with_"):
            branch.set("with_", _needed(ctes, select))
        return Branch(branch.sql(dialect="duckdb"), amounts)
    return None


def _register(select: exp.Select) -> str | None:
    """Return the name by which a query knows the register that it reads first."""
    source = select.args.get("from_")
    table = source.this if source is not None else None
    if isinstance(table, exp.Table) and table.name.startswith("stg_"):
        return table.alias_or_name
    return None


def _is_of(select: exp.Select, indicator_id: str) -> bool:
    return any(
        isinstance(projection, exp.Alias)
        and projection.alias == "indicator_id"
        and isinstance(projection.this, exp.Literal)
        and projection.this.this == indicator_id
        for projection in select.expressions
    )


def _needed(ctes: exp.With, select: exp.Select) -> exp.With | None:
    """Return the common tables that stand before the one in which a query is found."""
    inside = select.find_ancestor(exp.CTE)
    kept = []
    for cte in ctes.expressions:
        if inside is not None and cte.alias == inside.alias:
            break
        kept.append(cte.copy())
    return exp.With(expressions=kept) if kept else None
