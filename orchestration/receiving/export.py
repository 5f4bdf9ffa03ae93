"""The ledger as a Parquet table: what dbt knows about submissions."""

from datetime import datetime
from typing import Any

import pyarrow as pa

from orchestration.calendar import Quarter
from orchestration.ingestion.lake import SUBMISSIONS_SCHEMA, submissions_file, write_parquet
from orchestration.receiving.ledger import Ledger
from orchestration.receiving.submission import Duplicate, Received, Unrecognised
from orchestration.settings import Settings

_JUDGED = (
    "outcome",
    "rows_read",
    "rows_accepted",
    "rows_quarantined",
    "cells_repaired",
    "is_control_total_matched",
    "rejection_rule",
    "rejection_reason_zh",
    "contract_version",
)


def export_submissions(settings: Settings) -> pa.Table:
    """Write ``lake/ledger/submissions.parquet`` and return it.

    One row per file that came, duplicates and unrecognised ones included; the same ledger gives the
    same bytes.
    """
    ledger = Ledger(settings.ledger_file)
    received, judged = ledger.received(), ledger.judged()
    current = current_submissions(received, judged)
    rows = [
        _received_row(item, judged.get(item.submission_id), item.submission_id in current)
        for item in received.values()
    ]
    for entry in ledger.entries():
        if entry.event == "duplicate":
            original = received[entry.payload["duplicate_of"]]
            rows.append(_duplicate_row(Duplicate.from_payload(entry.payload, original)))
        elif entry.event == "unrecognised":
            rows.append(_unrecognised_row(Unrecognised.from_payload(entry.payload)))
    rows.sort(key=lambda row: row["submission_id"])
    table = pa.Table.from_pylist(rows, schema=SUBMISSIONS_SCHEMA)
    write_parquet(table, submissions_file(settings))
    return table


def current_submissions(
    received: dict[str, Received], judged: dict[str, dict[str, Any]]
) -> set[str]:
    """Return the ids that count: per dataset, sender and quarter the newest accepted version."""
    newest: dict[tuple[str, str, Quarter], Received] = {}
    for item in received.values():
        outcome = judged.get(item.submission_id, {}).get("outcome", "pending")
        if not outcome.startswith("accepted"):
            continue
        known = newest.get(item.series)
        if known is None or known.version < item.version:
            newest[item.series] = item
    return {item.submission_id for item in newest.values()}


def _received_row(
    item: Received, judgement: dict[str, Any] | None, is_current: bool
) -> dict[str, Any]:
    return {
        "submission_id": item.submission_id,
        "dataset": item.dataset,
        "sender": item.sender,
        "quarter": item.quarter.start,
        "submission_version": item.version,
        **_file(item.file_name, item.file_sha256, item.received_at),
        "is_on_time": item.is_on_time,
        "outcome": "pending",
        **{name: judgement[name] for name in _JUDGED if judgement},
        "is_current": is_current,
    }


def _duplicate_row(item: Duplicate) -> dict[str, Any]:
    return {
        "submission_id": item.submission_id,
        "dataset": item.original.dataset,
        "sender": item.original.sender,
        "quarter": item.original.quarter.start,
        "submission_version": item.original.version,
        **_file(item.file_name, item.file_sha256, item.received_at),
        "outcome": "duplicate",
        "is_current": False,
    }


def _unrecognised_row(item: Unrecognised) -> dict[str, Any]:
    return {
        "submission_id": item.submission_id,
        **_file(item.file_name, item.file_sha256, item.received_at),
        "outcome": "unrecognised",
        "rejection_rule": item.rule,
        "rejection_reason_zh": item.reason_zh,
        "is_current": False,
    }


def _file(name: str, sha256: str, received_at: datetime) -> dict[str, Any]:
    return {"file_name": name, "file_sha256": sha256, "received_at": received_at}
