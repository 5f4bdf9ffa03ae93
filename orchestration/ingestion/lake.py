"""The layout and the schema of the lake: where accepted and quarantined rows of a submission lie.

Paths and column lists only; what the values mean is the contracts' business. Every dataset has an
anchor, a Parquet file without rows that carries its schema, so that a department that has never
filed reads as an empty table and not as an error.
"""

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from orchestration.calendar import Quarter
from orchestration.contracts import Contract
from orchestration.settings import Settings

PROVENANCE = (
    pa.field("submission_id", pa.string()),
    pa.field("sender", pa.string()),
    pa.field("submission_version", pa.int32()),
    pa.field("source_file", pa.string()),
    pa.field("source_sha256", pa.string()),
    pa.field("source_sheet", pa.string()),
    pa.field("source_row", pa.int32()),
    pa.field("contract_version", pa.string()),
)
"""Columns that every accepted row carries: which file, sheet and row (1-based) it came from."""

QUARANTINE_SCHEMA = pa.schema(
    [
        *PROVENANCE,
        pa.field("column_name", pa.string()),
        pa.field("column_header", pa.string()),
        pa.field("cell_value", pa.string()),
        pa.field("rule", pa.string()),
        pa.field("reason_zh", pa.string()),
        pa.field("remedy_zh", pa.string()),
        pa.field("row_values", pa.string()),
    ]
)
"""One row per fault; identity numbers in ``cell_value`` and ``row_values`` (JSON) are masked."""

SUBMISSIONS_SCHEMA = pa.schema(
    [
        pa.field("submission_id", pa.string()),
        pa.field("dataset", pa.string()),
        pa.field("sender", pa.string()),
        pa.field("quarter", pa.date32()),
        pa.field("submission_version", pa.int32()),
        pa.field("file_name", pa.string()),
        pa.field("file_sha256", pa.string()),
        pa.field("received_at", pa.timestamp("s")),
        pa.field("is_on_time", pa.bool_()),
        pa.field("outcome", pa.string()),
        pa.field("rows_read", pa.int64()),
        pa.field("rows_accepted", pa.int64()),
        pa.field("rows_quarantined", pa.int64()),
        pa.field("cells_repaired", pa.int64()),
        pa.field("is_control_total_matched", pa.bool_()),
        pa.field("rejection_rule", pa.string()),
        pa.field("rejection_reason_zh", pa.string()),
        pa.field("contract_version", pa.string()),
        pa.field("is_current", pa.bool_()),
    ]
)
"""The ledger as dbt reads it, one row per submission (``lake/ledger/submissions.parquet``)."""

_ANCHOR_QUARTER = "quarter=0001-01-01"


def accepted_schema(contract: Contract) -> pa.Schema:
    """Return the Arrow schema of a dataset's accepted rows: its columns, then provenance."""
    columns = [pa.field(column.name, column.arrow_type) for column in contract.stored_columns]
    return pa.schema([*columns, *PROVENANCE])


def accepted_file(
    settings: Settings, dataset: str, quarter: Quarter, sender: str, version: int
) -> Path:
    """Return where the accepted rows of one submission lie."""
    folder = settings.accepted / dataset / f"quarter={quarter.key}"
    return folder / f"{sender}-v{version}.parquet"


def quarantine_file(
    settings: Settings, dataset: str, quarter: Quarter, sender: str, version: int
) -> Path:
    """Return where the refused rows of one submission lie."""
    folder = settings.quarantine / dataset / f"quarter={quarter.key}"
    return folder / f"{sender}-v{version}.parquet"


def submissions_file(settings: Settings) -> Path:
    """Return where the ledger lies as Parquet."""
    return settings.lake / "ledger" / "submissions.parquet"


def write_parquet(table: pa.Table, file: Path) -> None:
    """Write a table whole or not at all; the same table gives the same bytes."""
    file.parent.mkdir(parents=True, exist_ok=True)
    unfinished = file.with_name(f".{file.name}.tmp")
    pq.write_table(table, unfinished, compression="zstd", store_schema=False)
    unfinished.replace(file)


def write_anchors(settings: Settings, contracts: dict[str, Contract]) -> None:
    """Write the anchor of every dataset, of its quarantine and of the ledger, where absent."""
    for contract in contracts.values():
        schema = accepted_schema(contract)
        anchor = settings.accepted / contract.dataset / _ANCHOR_QUARTER / "anchor.parquet"
        if not anchor.exists() or pq.read_schema(anchor) != schema:
            write_parquet(schema.empty_table(), anchor)
        anchor = settings.quarantine / contract.dataset / _ANCHOR_QUARTER / "anchor.parquet"
        if not anchor.exists():
            write_parquet(QUARANTINE_SCHEMA.empty_table(), anchor)
    if not submissions_file(settings).exists():
        write_parquet(SUBMISSIONS_SCHEMA.empty_table(), submissions_file(settings))
