"""What an explanation holds, whichever way it is shown.

A row of a table is a mapping from Chinese labels to values. A row that stands for a place where a
figure comes from has ``文件``, ``工作表`` and ``行`` (a submission), ``规则文件`` and ``行`` (the
plan and the rules as data) or ``台账行`` (the ledger).
"""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from orchestration.explanation.address import figure_address

Row = dict[str, Any]

FILE, SHEET, ROW, KEPT_AT = "文件", "工作表", "行", "存档"
SEED, LEDGER_LINE = "规则文件", "台账行"
ADDRESS = "地址"


@dataclass(frozen=True)
class Table:
    """A list under a title; ``total`` says how many rows there are, also those not listed."""

    title: str
    rows: list[Row]
    total: int
    note: str = ""


@dataclass
class Explanation:
    """The way from a figure down to where it comes from.

    ``reasons`` say in words why a figure is empty or ends in no row; ``agrees`` says whether it was
    computed anew from what is listed and came out the same, None if that was not done.
    """

    address: str
    facts: dict[str, Any]
    synthetic: str | None
    computation: list[str] = field(default_factory=list)
    tables: list[Table] = field(default_factory=list)
    reasons: list[str] = field(default_factory=list)
    agrees: bool | None = None

    def sources(self) -> Iterator[Row]:
        """Yield the rows that name a place in a file, in the rules or in the ledger."""
        for table in self.tables:
            for row in table.rows:
                if is_source(row):
                    yield row


def with_addresses(
    table: Table,
    mart: str,
    column: str,
    key: Callable[[Row], Mapping[str, object]],
    unsaid: Collection[str] = (),
) -> Table:
    """Return a table whose rows say how to go on to a figure of theirs.

    ``key`` tells a row's key in the mart; the columns ``unsaid`` are there for it alone.
    """
    rows = [
        {
            **{name: value for name, value in row.items() if name not in unsaid},
            ADDRESS: figure_address(mart, column, **key(row)),
        }
        for row in table.rows
    ]
    return replace(table, rows=rows)


def is_source(row: Row) -> bool:
    """Whether a row names a place where a figure comes from."""
    return bool(
        (row.get(FILE) and row.get(SHEET) is not None and row.get(ROW))
        or (row.get(SEED) and row.get(ROW))
        or row.get(LEDGER_LINE)
    )
