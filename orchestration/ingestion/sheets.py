"""Choosing the tables of a file: which sheets count, and whether they are what they claim to be."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from orchestration.contracts import Contract
from orchestration.ingestion.body import Body, read_body
from orchestration.ingestion.cells import as_null
from orchestration.ingestion.findings import RejectedError, RepairLog, rejection
from orchestration.ingestion.headers import (
    HeaderIndex,
    Layout,
    UnknownUnitError,
    find_layouts,
    is_header_row,
)
from orchestration.ingestion.judgement import Fault
from orchestration.ingestion.tables import RawTable
from orchestration.ingestion.titles import counties_in, periods_of, reporters_in
from orchestration.receiving.senders import load_senders
from orchestration.receiving.submission import Received

_SEARCHED_ROWS = 60


@dataclass(frozen=True)
class Found:
    """One table of a sheet: its header's layout and its rows."""

    table: RawTable
    layout: Layout
    body: Body


def choose_tables(tables: Sequence[RawTable], contract: Contract, log: RepairLog) -> list[Found]:
    """Return every table that the contract describes; note what is left out.

    Visible sheets count; a hidden one does only if no visible one looks like it.

    Raises:
        RejectedError: no sheet matches, or one that matches lacks required columns.
    """
    index = HeaderIndex.of(contract)
    visible = [table for table in tables if not table.is_hidden]
    hidden = [table for table in tables if table.is_hidden]
    found = {table.sheet: _tables_in(table, index) for table in visible}
    chosen, others = visible, hidden
    if not any(found.values()):
        found = {table.sheet: _tables_in(table, index) for table in hidden}
        chosen, others = hidden, visible
    if not any(found.values()):
        raise RejectedError(_nothing_matches(tables, contract, index))
    is_complete = any(item.layout.is_complete for items in found.values() for item in items)
    result = []
    for table in chosen:
        items = found[table.sheet]
        if not items and _has_content(table):
            log.notice("sheet.unmatched", "", table.sheet)
        for item in items:
            if item.layout.is_complete:
                result.append(item)
            elif is_complete and not item.layout.has_key:
                # A summary: it has the figures but not the column that tells rows apart.
                log.notice("sheet.unmatched", "", table.sheet)
            else:
                missing = "、".join(column.header for column in item.layout.missing)
                raise RejectedError(
                    rejection("header.missing_columns", table.sheet, missing=missing)
                )
    for table in others:
        if _has_content(table):
            rule = "sheet.hidden" if table.is_hidden else "sheet.unmatched"
            log.notice(rule, "", table.sheet)
    return result


def check_titles(
    found: Sequence[Found], contract: Contract, received: Received, seeds: Path
) -> None:
    """Compare what title rows say with the sender and quarter of the submission.

    Raises:
        RejectedError: they name another sender or another quarter.
    """
    senders = load_senders(seeds)
    for item in found:
        sheet, titles = item.table.sheet, item.layout.titles
        if received.sender in senders.counties:
            # Behind 填报单位 a short form is a county; elsewhere it may be part of another word.
            named = counties_in(titles, senders.counties).union(
                *map(senders.counties_in, reporters_in(titles))
            )
        else:
            named = set().union(*map(senders.departments_in, reporters_in(titles)))
        if named and received.sender not in named:
            raise RejectedError(
                rejection(
                    "file.wrong_sender",
                    sheet,
                    sender=senders.name_zh(received.sender),
                    found="、".join(senders.name_zh(sender) for sender in sorted(named)),
                )
            )
        periods = periods_of(titles)
        quarters = {period.quarter for period in periods}
        if quarters and received.quarter not in quarters:
            raise RejectedError(
                rejection(
                    "file.wrong_quarter",
                    sheet,
                    expected=received.quarter.label_zh,
                    found="、".join(quarter.label_zh for quarter in sorted(quarters)),
                )
            )
        if (
            contract.accumulation == "in_period"
            and periods
            and all(period.is_cumulative for period in periods)
        ):
            raise RejectedError(
                rejection(
                    "file.cumulative",
                    sheet,
                    title=contract.title,
                    found=f"到{received.quarter.label_zh}末",
                    expected=received.quarter.label_zh,
                )
            )


def _tables_in(table: RawTable, index: HeaderIndex) -> list[Found]:
    found: list[Found] = []
    start: int | None = 0
    titles: tuple[str, ...] = ()
    while start is not None:
        try:
            layouts = find_layouts(table, index, start, titles)
        except UnknownUnitError as error:
            if table.is_hidden:
                return []
            raise RejectedError(
                rejection(
                    "unit.unknown",
                    table.sheet,
                    header=error.header,
                    value=error.unit,
                    unit=error.expected,
                )
            ) from error
        if not layouts:
            break
        items = [Found(table, layout, read_body(table, layout, index)) for layout in layouts]
        found += items
        titles = layouts[0].titles
        following = [item.body.next_header for item in items if item.body.next_header is not None]
        start = min(following, default=None)
    return found


def _nothing_matches(tables: Sequence[RawTable], contract: Contract, index: HeaderIndex) -> Fault:
    best_sheet, best = "", set[str]()
    for table in tables:
        for row in table.rows[:_SEARCHED_ROWS]:
            named = {column.name for column in is_header_row(row, index).values()}
            if len(named) > len(best):
                best_sheet, best = table.sheet, named
    missing = [c.header for c in contract.columns if c.is_required and c.name not in best]
    return rejection(
        "sheet.none_matched",
        best_sheet or (tables[0].sheet if tables else ""),
        title=contract.title,
        missing="、".join(missing) if best else "全部列",
    )


def _has_content(table: RawTable) -> bool:
    return any(as_null(cell) is None for row in table.rows for cell in row)
