"""Judging one submission: from a file in the landing archive to accepted and refused rows.

``judge`` is a pure function of the file, the contract, the seeds and the key; it writes nothing.
Order of the work: read tables → choose and check sheets → read columns → check rows → split.
"""

import json
import logging
import traceback
from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import repeat
from pathlib import Path
from typing import Any

import pyarrow as pa

from orchestration.calendar import Quarter
from orchestration.contracts import Contract
from orchestration.ingestion.body import Body
from orchestration.ingestion.cells import as_null
from orchestration.ingestion.checks import (
    clashes_of_keys,
    finer_than_money,
    outside_quarter,
    stated_totals,
    sum_mismatches,
)
from orchestration.ingestion.columns import ColumnReader, ReadColumn
from orchestration.ingestion.findings import (
    RejectedError,
    RepairLog,
    fault,
    plain_text,
    rejection,
    shown,
    shown_after,
    veiled,
)
from orchestration.ingestion.headers import Layout, Place
from orchestration.ingestion.judgement import ControlTotal, Fault, Judgement, Outcome
from orchestration.ingestion.lake import PROVENANCE, QUARANTINE_SCHEMA, accepted_schema
from orchestration.ingestion.readers import read_tables
from orchestration.ingestion.regions import load_regions
from orchestration.ingestion.sheets import Found, check_titles, choose_tables
from orchestration.ingestion.tables import UnreadableFile
from orchestration.ingestion.workbooks import defective_cells
from orchestration.receiving.senders import load_senders
from orchestration.receiving.submission import Received
from orchestration.settings import Settings

logger = logging.getLogger(__name__)

_MOST_FAULTS_PER_ROW = 10
"""A row that is wrong throughout is told so; forty times would hide the other rows."""

_SMALLEST_SHARE_OF_CURRENT = 0.5
_ENOUGH_AMOUNTS, _SUSPICIOUS_SHARE = 10, 0.25
"""One computed column of many may have mils; a quarter of all amounts has not, in yuan."""


@dataclass
class _ReadTable:
    """One table of the file, read: its columns by name and where its rows begin among all rows."""

    found: Found
    columns: dict[str, ReadColumn]
    offset: int
    displaced: frozenset[int] = frozenset()

    @property
    def body(self) -> Body:
        return self.found.body

    @property
    def layout(self) -> Layout:
        return self.found.layout

    @property
    def sheet(self) -> str:
        return self.found.table.sheet

    def row(self, position: int) -> int:
        """Return the 1-based sheet row of a position in this table."""
        return self.body.numbers[position] + 1

    def cell(self, column: ReadColumn, position: int) -> object:
        """Return a stored cell as messages may quote it; where cells slipped it may be a name."""
        raw = column.raw[position]
        return veiled(raw) if position in self.displaced else raw


@dataclass
class _Rows:
    """All rows of the file and what is wrong with them."""

    tables: list[_ReadTable]
    faults: dict[int, list[Fault]] = field(default_factory=lambda: defaultdict(list))
    surplus: set[int] = field(default_factory=set)

    @property
    def count(self) -> int:
        return sum(len(table.body.rows) for table in self.tables)

    def table_of(self, position: int) -> tuple[_ReadTable, int]:
        """Return the table of a row and the row's position in it."""
        table = next(t for t in reversed(self.tables) if t.offset <= position)
        return table, position - table.offset

    def values(self, name: str) -> list[Any]:
        """Return a column over all tables; where a table lacks it, it is null."""
        found: list[Any] = []
        for table in self.tables:
            column = table.columns.get(name)
            found += column.values if column else repeat(None, len(table.body.rows))
        return found


def judge(
    file: Path,
    received: Received,
    contract: Contract,
    settings: Settings,
    current_rows: int | None = None,
) -> tuple[Judgement, pa.Table, pa.Table]:
    """Judge one file; return the judgement, the accepted rows and one row per fault.

    Args:
        file: the file in the landing archive.
        received: what the ledger says of it.
        contract: the contract version of its quarter.
        settings: where the seeds and the key are.
        current_rows: accepted rows of the version that is current now, None if there is none.
    """
    log = RepairLog()
    rows = _Rows([])
    totals: tuple[ControlTotal, ...] = ()
    refusal: Fault | None = None
    try:
        found = choose_tables(read_tables(file, received.file_name), contract, log)
        check_titles(found, contract, received, settings.seeds)
        rows = _read(file, found, settings, log)
        totals = _control_totals(rows)
        _check(rows, contract, received, settings, log)
        _refuse_as_a_whole(rows, contract, current_rows)
    except UnreadableFile as error:
        refusal = Fault("", 0, "", "", "", error.rule, error.reason_zh, error.remedy_zh)
    except RejectedError as error:
        refusal = error.fault
    except Exception as error:
        # One file must not stop the line; it stays in the archive and is judged again by new code.
        # The error's own words may quote a cell, so they stay out of the log.
        frames = "".join(traceback.format_tb(error.__traceback__))
        name = type(error).__name__
        logger.error("judging %s failed: %s\n%s", received.submission_id, name, frames)
        refusal = rejection("file.failed", error=type(error).__name__)
    kept = [i for i in range(rows.count) if i not in rows.faults and i not in rows.surplus]
    if refusal is not None:
        kept = []
    outcome: Outcome = "accepted_with_quarantine" if rows.faults else "accepted"
    judgement = Judgement(
        submission_id=received.submission_id,
        outcome="rejected" if refusal else outcome,
        contract_version=contract.version,
        rows_read=rows.count,
        rows_accepted=len(kept),
        rows_quarantined=len(rows.faults),
        repairs=log.repairs(),
        control_totals=totals,
        faults=tuple(item for position in sorted(rows.faults) for item in rows.faults[position]),
        rejection=refusal,
        accepted_sha256=None,
    )
    accepted = _accepted_table(rows, kept, received, contract)
    return judgement, accepted, _quarantine_table(rows, received, contract)


def _read(file: Path, found: Sequence[Found], settings: Settings, log: RepairLog) -> _Rows:
    reader = ColumnReader(settings.pseudonym_secret, load_regions(settings.seeds))
    rows = _Rows([])
    defects: dict[str, Mapping[tuple[int, int], str]] = {}
    for item in found:
        columns = _read_columns(item, reader)
        displaced = _displaced(columns.values()) | item.body.misshapen
        table = _ReadTable(item, columns, rows.count, displaced)
        if item.table.sheet not in defects and any(
            "" in column.raw or None in column.raw for column in table.columns.values()
        ):
            stored = item.table.stored_name or item.table.sheet
            defects[item.table.sheet] = defective_cells(file, stored)
        _mark_defects(table, defects.get(item.table.sheet, {}))
        _log_repairs(table, log)
        rows.tables.append(table)
    return rows


def _read_columns(item: Found, reader: ColumnReader) -> dict[str, ReadColumn]:
    places, body = item.layout.places, item.body
    columns: dict[str, ReadColumn] = {}
    for name, place in places.items():
        if place.column.kind == "village":
            continue
        _refuse_different_duplicates(item, place)
        columns[name] = reader.read(place, body.column(place.index))
    for name, place in places.items():
        if place.column.kind == "village":
            _refuse_different_duplicates(item, place)
            county, township = _county_of(columns), columns.get("township_name")
            nothing: list[None] = [None] * len(body.rows)
            columns[name] = reader.read_villages(
                place,
                body.column(place.index),
                county.values if county else nothing,
                township.raw if township else nothing,
            )
    return columns


def _displaced(columns: Collection[ReadColumn]) -> frozenset[int]:
    """Return the rows whose cells stand in wrong columns: a name has digits, a number has none."""
    found: set[int] = set()
    for column in columns:
        is_name = column.place.column.kind == "text" and column.place.column.is_dropped
        if is_name or column.place.column.kind == "person":
            found.update(i for i, raw in enumerate(column.raw) if _has_slipped(raw, is_name))
    return frozenset(found)


def _has_slipped(raw: object, is_name: bool) -> bool:
    # Nearly all cells are what they should be, which is told at first sight.
    if isinstance(raw, str) and (raw.isalpha() if is_name else raw[:1].isdigit()):
        return False
    return as_null(raw) is None and any(map(str.isdigit, plain_text(raw))) == is_name


def _county_of(columns: Mapping[str, ReadColumn]) -> ReadColumn | None:
    return next((c for c in columns.values() if c.place.column.kind == "county"), None)


def _refuse_different_duplicates(item: Found, place: Place) -> None:
    for other in place.duplicates:
        if any(
            plain_text(row[place.index]) != plain_text(row[other] if other < len(row) else "")
            for row in item.body.rows
        ):
            raise RejectedError(
                rejection("header.duplicate", item.table.sheet, header=place.column.header)
            )


def _mark_defects(table: _ReadTable, defects: Mapping[tuple[int, int], str]) -> None:
    if not defects:
        return
    positions = {number: position for position, number in enumerate(table.body.numbers)}
    columns = {column.place.index: column for column in table.columns.values()}
    for (number, index), defect in defects.items():
        position, column = positions.get(number), columns.get(index)
        if position is not None and column is not None:
            column.faults[position] = f"formula.{defect}"
            column.repairs.pop(position, None)


def _log_repairs(table: _ReadTable, log: RepairLog) -> None:
    sheet = table.sheet
    fills: dict[str, list[int]] = defaultdict(list)
    for fill in table.body.fills:
        fills[fill.column].append(fill.position)
    for name, column in table.columns.items():
        header = column.place.column.header
        mended: dict[str, list[int]] = defaultdict(list)
        for position, rule in column.repairs.items():
            mended[rule].append(position)
        for rule, positions in mended.items():
            log.add(rule, header, positions, partial(_mended_cell, table, column))
        if column.place.unit_factor != 1:
            converted = [i for i, value in enumerate(column.values) if value is not None]
            log.add("unit.converted", header, converted, partial(_mended_cell, table, column))
        if filled := fills[name]:
            log.add("rows.filled", header, filled, partial(_filled_cell, table, column))
        for other in column.place.duplicates:
            log.notice("header.duplicate_column", header, sheet, f"第{other + 1}列")
    if repeated := table.body.repeated_headers:
        log.add("rows.repeated_header", "", repeated, lambda number: (sheet, number + 1, "", ""))
    for header in table.layout.unknown_headers:
        log.notice("header.unknown_column", shown(header), sheet, shown(header))


def _mended_cell(table: _ReadTable, column: ReadColumn, position: int) -> tuple[str, int, str, str]:
    place = column.place
    before = shown(table.cell(column, position), place.column)
    if place.unit_factor != 1:
        before += f"（{place.unit}）"
    return (
        table.sheet,
        table.row(position),
        before,
        shown_after(
            veiled(column.values[position])
            if position in table.displaced
            else column.values[position],
            place.column,
        ),
    )


def _filled_cell(table: _ReadTable, column: ReadColumn, position: int) -> tuple[str, int, str, str]:
    value = shown(table.cell(column, position), column.place.column)
    return table.sheet, table.row(position), "", value


def _check(
    rows: _Rows, contract: Contract, received: Received, settings: Settings, log: RepairLog
) -> None:
    for table in rows.tables:
        _check_cells(table, rows)
        _check_sender(table, rows, received, settings)
        count, fine = finer_than_money(table.columns)
        if count >= _ENOUGH_AMOUNTS and fine > count * _SUSPICIOUS_SHARE:
            raise RejectedError(rejection("unit.suspected", table.sheet, count=count, fine=fine))
        _check_period(table, rows, contract, received.quarter)
        refused = {i - table.offset for i in rows.faults}
        for mismatch in sum_mismatches(contract, table.columns, refused):
            column = table.columns[mismatch.identity.total].place.column
            rows.faults[table.offset + mismatch.position].append(
                fault(
                    "sum.mismatch",
                    table.sheet,
                    table.row(mismatch.position),
                    column,
                    f"{mismatch.stated:f}",
                    expected=f"{mismatch.expected:f}",
                    tolerance=f"{mismatch.tolerance.normalize():f}",
                )
            )
    _check_keys(rows, contract, log)


def _check_cells(table: _ReadTable, rows: _Rows) -> None:
    apart = table.body.stray | table.body.misshapen
    for position in sorted(apart):
        rule = "row.stray" if position in table.body.stray else "row.shape"
        rows.faults[table.offset + position].append(
            fault(rule, table.sheet, table.row(position), None)
        )
    for column in table.columns.values():
        for position, rule in column.faults.items():
            found = None if position in apart else rows.faults[table.offset + position]
            if found is not None and len(found) < _MOST_FAULTS_PER_ROW:
                raw = table.cell(column, position)
                found.append(
                    fault(rule, table.sheet, table.row(position), column.place.column, raw)
                )


def _check_sender(table: _ReadTable, rows: _Rows, received: Received, settings: Settings) -> None:
    senders = load_senders(settings.seeds)
    column = _county_of(table.columns)
    if received.sender not in senders.counties or column is None:
        return
    foreign = [i for i, v in enumerate(column.values) if v is not None and v != received.sender]
    if len(foreign) * 2 > len(column.values):
        names = {senders.name_zh(column.values[position]) for position in foreign}
        raise RejectedError(
            rejection(
                "file.wrong_sender",
                table.sheet,
                sender=senders.name_zh(received.sender),
                found="、".join(sorted(names)),
            )
        )
    for position in foreign:
        rows.faults[table.offset + position].append(
            fault(
                "county.not_sender",
                table.sheet,
                table.row(position),
                column.place.column,
                table.cell(column, position),
            )
        )


def _check_period(table: _ReadTable, rows: _Rows, contract: Contract, quarter: Quarter) -> None:
    outside = outside_quarter(contract, table.columns, quarter)
    if not outside:
        return
    dating = [table.columns[name] for name in contract.occurred_on if name in table.columns]
    if len(outside) > len(table.body.rows) * contract.max_quarantine_share:
        quarters = Counter(Quarter.containing(day) for day in outside.values())
        raise RejectedError(
            rejection(
                "file.other_period",
                table.sheet,
                expected=quarter.label_zh,
                rows=len(table.body.rows),
                outside=len(outside),
                header="、".join(column.place.column.header for column in dating),
                found=quarters.most_common(1)[0][0].label_zh,
            )
        )
    for position in outside:
        column = next(column for column in dating if column.values[position] is not None)
        rows.faults[table.offset + position].append(
            fault(
                "period.outside",
                table.sheet,
                table.row(position),
                column.place.column,
                table.cell(column, position),
                quarter=quarter.label_zh,
            )
        )


def _check_keys(rows: _Rows, contract: Contract, log: RepairLog) -> None:
    stored = {column.name: rows.values(column.name) for column in contract.stored_columns}
    clashes = clashes_of_keys(contract, stored)
    key = next(column for column in contract.columns if column.is_key)
    rows.surplus = {position for position in clashes.surplus if position not in rows.faults}
    if rows.surplus:
        log.add("rows.duplicate", "", sorted(rows.surplus), partial(_surplus_row, rows))
    for position, others in sorted(clashes.conflicts.items()):
        table, place = rows.table_of(position)
        named = []
        for other in others[:5]:
            other_table, other_place = rows.table_of(other)
            sheet = "" if other_table.sheet == table.sheet else f"“{other_table.sheet}”"
            named.append(f"{sheet}{other_table.row(other_place)}")
        raw = table.cell(table.columns[key.name], place)
        rows.faults[position].append(
            fault("key.conflict", table.sheet, table.row(place), key, raw, others="、".join(named))
        )


def _surplus_row(rows: _Rows, position: int) -> tuple[str, int, str, str]:
    table, place = rows.table_of(position)
    return table.sheet, table.row(place), "", ""


def _refuse_as_a_whole(rows: _Rows, contract: Contract, current_rows: int | None) -> None:
    # A file without rows says "nothing happened" where events are filed; a register is never empty.
    if not rows.count and contract.accumulation != "in_period":
        raise RejectedError(rejection("file.no_rows"))
    faulty = len(rows.faults)
    if faulty > rows.count * contract.max_quarantine_share:
        raise RejectedError(
            rejection(
                "file.too_many_faults",
                rows=rows.count,
                faulty=faulty,
                share=f"{contract.max_quarantine_share:.0%}",
            )
        )
    accepted = rows.count - faulty - len(rows.surplus)
    if current_rows and accepted < current_rows * _SMALLEST_SHARE_OF_CURRENT:
        raise RejectedError(rejection("file.shrunk", rows=accepted, current=current_rows))


def _control_totals(rows: _Rows) -> tuple[ControlTotal, ...]:
    return tuple(
        ControlTotal(
            sheet=table.sheet,
            row=found.total.row + 1,
            scope_zh=found.scope_zh,
            column_header=found.place.column.header,
            stated=found.stated,
            summed=found.summed,
            is_matched=found.is_matched,
        )
        for table in rows.tables
        for found in stated_totals(table.body.totals, table.columns, len(table.body.rows))
    )


def _accepted_table(
    rows: _Rows, kept: list[int], received: Received, contract: Contract
) -> pa.Table:
    is_whole = len(kept) == rows.count
    arrays = []
    for column in contract.stored_columns:
        values = rows.values(column.name)
        picked = values if is_whole else [values[i] for i in kept]
        arrays.append(pa.array(picked, type=column.arrow_type))
    where = [rows.table_of(i) for i in kept]
    sheets = [table.sheet for table, _ in where]
    numbers = [table.row(position) for table, position in where]
    arrays += _provenance(received, contract, sheets, numbers)
    return pa.Table.from_arrays(arrays, schema=accepted_schema(contract))


def _provenance(
    received: Received, contract: Contract, sheets: list[str], numbers: list[int]
) -> list[pa.Array]:
    whole = (
        received.submission_id,
        received.sender,
        received.version,
        received.file_name,
        received.file_sha256,
    )
    count = len(sheets)
    types = [item.type for item in PROVENANCE]
    return [
        *(pa.repeat(pa.scalar(v, t), count) for v, t in zip(whole, types, strict=False)),
        pa.array(sheets, pa.string()),
        pa.array(numbers, pa.int32()),
        pa.repeat(pa.scalar(contract.version, pa.string()), count),
    ]


def _quarantine_table(rows: _Rows, received: Received, contract: Contract) -> pa.Table:
    faults = [
        (position, item) for position in sorted(rows.faults) for item in rows.faults[position]
    ]
    contents = {position: _row_values(rows, position) for position in rows.faults}
    items = [item for _, item in faults]
    arrays = _provenance(
        received, contract, [item.sheet for item in items], [item.row for item in items]
    )
    texts = [
        [item.column_name for item in items],
        [item.column_header for item in items],
        [item.value for item in items],
        [item.rule for item in items],
        [item.reason_zh for item in items],
        [item.remedy_zh for item in items],
        [contents[position] for position, _ in faults],
    ]
    arrays += [pa.array(values, pa.string()) for values in texts]
    return pa.Table.from_arrays(arrays, schema=QUARANTINE_SCHEMA)


def _row_values(rows: _Rows, position: int) -> str:
    table, place = rows.table_of(position)
    values = {
        column.place.column.header: shown(table.cell(column, place), column.place.column)
        for column in table.columns.values()
    }
    return json.dumps({k: v for k, v in values.items() if v}, ensure_ascii=False)
