"""An explanation as Chinese text for a terminal or a mail."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from orchestration.calendar import Quarter
from orchestration.explanation.answer import (
    ADDRESS,
    FILE,
    LEDGER_LINE,
    ROW,
    SEED,
    SHEET,
    Explanation,
    Row,
    Table,
)

_RULE = "─" * 40
_UNKNOWN = "—"
_QUARTERS = ("quarter", "季度", "记录季度", "记账季度")
_FOLDED = {FILE, SHEET, ROW, SEED, ADDRESS}


def to_text(answer: Explanation) -> str:
    """Return an explanation as text: the figure, how it came about, the way down, the checks."""
    lines = [
        *([answer.synthetic] if answer.synthetic else []),
        f"数字　{answer.address}",
        _RULE,
        *(f"{label}：{_said(label, value)}" for label, value in answer.facts.items()),
        *(f"说明：{reason}" for reason in answer.reasons),
    ]
    if answer.agrees is not None:
        lines.append(f"复算结论：{'复算一致' if answer.agrees else '复算不一致'}")
    lines += ["", "怎样算出", *(f"  · {line}" for line in answer.computation)]
    for table in answer.tables:
        lines += ["", *_table(table)]
    return "\n".join(lines) + "\n"


def plain(value: Any, name: str = "") -> str:
    """Return a value as people write it; what is unknown is a dash, never zero."""
    match value:
        case None | "":
            return _UNKNOWN
        case bool():
            return "是" if value else "否"
        case float():
            return f"{value:.6g}"
        case Decimal():
            return f"{value:,f}"
        case datetime():
            return value.isoformat(sep=" ")
        case date() if name in _QUARTERS and value.day == 1 and value.month in (1, 4, 7, 10):
            return Quarter(value).label
    return str(value)


def _said(label: str, value: Any) -> str:
    if isinstance(value, Mapping):
        return "；".join(f"{name} {plain(item, name)}" for name, item in value.items()) or _UNKNOWN
    return plain(value, label)


def _table(table: Table) -> Iterator[str]:
    listed = len(table.rows)
    more = f"，列出 {listed} 行" if listed < table.total else ""
    yield f"{table.title}（共 {table.total:,} 行{more}）"
    if table.note:
        yield f"  {table.note}"
    for number, row in enumerate(table.rows, 1):
        yield f"  {number:>3}. {_line(row)}"
        if row.get(ADDRESS):
            yield f"       ↓ zengshou explain '{row[ADDRESS]}'"


def _line(row: Row) -> str:
    parts = [
        f"{name} {plain(value, name)}"
        for name, value in row.items()
        if name not in _FOLDED and value is not None
    ]
    return "；".join([*filter(None, [_place(row)]), *parts])


def _place(row: Row) -> str:
    if row.get(FILE):
        return f"〔{row[FILE]} › {row[SHEET]} › 第{row[ROW]}行〕"
    if row.get(SEED):
        return f"〔{row[SEED]} 第{row[ROW]}行〕"
    return f"〔台账第{row[LEDGER_LINE]}行〕" if row.get(LEDGER_LINE) else ""
