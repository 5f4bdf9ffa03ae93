"""What a validation found, as tables: readable by commands, by Dagster and by analysts.

Written under ``lake/derived/``; reading needs neither Great Expectations nor the warehouse. Keys
are county and village codes and keyed hashes of households; identity numbers never get here.
"""

from collections.abc import Iterable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from orchestration.ingestion.lake import write_parquet
from orchestration.settings import Settings
from orchestration.validation.suites import STAGES, Stage

FAILURES_SCHEMA = pa.schema(
    [
        pa.field("stage", pa.string()),
        pa.field("suite", pa.string()),
        pa.field("expectation_id", pa.string()),
        pa.field("severity", pa.string()),
        pa.field("quarter", pa.date32()),
        pa.field("county_code", pa.string()),
        pa.field("village_code", pa.string()),
        pa.field("household_key", pa.string()),
        pa.field("other_keys", pa.string()),
        pa.field("column_name", pa.string()),
        pa.field("value", pa.string()),
        pa.field("threshold", pa.string()),
        pa.field("title_zh", pa.string()),
        pa.field("title_en", pa.string()),
        pa.field("message_zh", pa.string()),
        pa.field("remedy_zh", pa.string()),
    ]
)
"""One row per failing row of a frame; one without keys where the whole frame fails."""

RESULTS_SCHEMA = pa.schema(
    [
        pa.field("stage", pa.string()),
        pa.field("suite", pa.string()),
        pa.field("expectation_id", pa.string()),
        pa.field("severity", pa.string()),
        pa.field("title_zh", pa.string()),
        pa.field("is_met", pa.bool_()),
        pa.field("rows_judged", pa.int64()),
        pa.field("rows_failing", pa.int64()),
    ]
)
"""One row per expectation of a stage's latest run, met or not."""

_SHOWN_ROWS = 20
_SHOWN_COLUMNS = {
    "severity": "级别 severity",
    "title_zh": "问题",
    "title_en": "what failed",
    "where": "位置 where",
    "value": "值 value",
    "threshold": "要求 expected",
    "remedy_zh": "处理办法 what to do",
}


def failures_file(settings: Settings, stage: Stage) -> Path:
    """Return where a stage's failing rows lie."""
    return settings.lake / "derived" / "validation_failures" / f"{stage}.parquet"


def results_file(settings: Settings, stage: Stage) -> Path:
    """Return where a stage's results lie."""
    return settings.lake / "derived" / "validation_results" / f"{stage}.parquet"


def write_failures(settings: Settings, stage: Stage, rows: Iterable[dict[str, object]]) -> None:
    """Write the failing rows of a stage, in an order that depends on them alone."""
    table = pa.Table.from_pylist(list(rows), schema=FAILURES_SCHEMA)
    order = [(name, "ascending") for name in FAILURES_SCHEMA.names]
    write_parquet(table.sort_by(order), failures_file(settings, stage))


def write_results(settings: Settings, stage: Stage, rows: Iterable[dict[str, object]]) -> None:
    """Write how every expectation of a stage fared."""
    table = pa.Table.from_pylist(list(rows), schema=RESULTS_SCHEMA)
    order = [("suite", "ascending"), ("expectation_id", "ascending")]
    write_parquet(table.sort_by(order), results_file(settings, stage))


def read_failures(settings: Settings, stage: Stage | None = None) -> pa.Table:
    """Return the failing rows of one stage's latest run, or of all stages."""
    return _read([failures_file(settings, s) for s in _stages(stage)], FAILURES_SCHEMA)


def read_results(settings: Settings, stage: Stage | None = None) -> pa.Table:
    """Return how every expectation fared in the latest run of one stage, or of all stages."""
    return _read([results_file(settings, s) for s in _stages(stage)], RESULTS_SCHEMA)


def checks_passed(settings: Settings) -> dict[str, bool]:
    """Return by suite whether the latest run let it pass: no critical expectation unmet.

    This is what a publication rests on; empty if nothing has been validated.
    """
    passed: dict[str, bool] = {}
    for row in read_results(settings).to_pylist():
        name = f"{row['stage']}.{row['suite']}"
        is_blocked = row["severity"] == "critical" and not row["is_met"]
        passed[name] = passed.get(name, True) and not is_blocked
    return passed


def failures_markdown(table: pa.Table) -> str:
    """Return failing rows as a short Markdown table in Chinese and English, critical ones first."""
    if not table.num_rows:
        return "全部通过 all met"
    rows = sorted(table.to_pylist(), key=lambda row: row["severity"] != "critical")
    lines = [
        "| " + " | ".join(_SHOWN_COLUMNS.values()) + " |",
        "| " + " | ".join("---" for _ in _SHOWN_COLUMNS) + " |",
    ]
    for row in rows[:_SHOWN_ROWS]:
        row["where"] = where(row)
        cells = (str(row[name] or "").replace("|", "\\|") for name in _SHOWN_COLUMNS)
        lines.append("| " + " | ".join(cells) + " |")
    if len(rows) > _SHOWN_ROWS:
        lines.append(f"\n共 {len(rows)} 行，仅列前 {_SHOWN_ROWS} 行 (first {_SHOWN_ROWS} rows).")
    return "\n".join(lines)


def where(row: dict[str, object]) -> str:
    """Return in words where a failing row stands: quarter, county, village, household, rest."""
    parts = [
        row["quarter"],
        row["county_code"],
        row["village_code"],
        f"户{str(row['household_key'])[:12]}" if row["household_key"] else None,
        row["other_keys"],
    ]
    return " ".join(str(part) for part in parts if part)


def _stages(stage: Stage | None) -> tuple[Stage, ...]:
    return STAGES if stage is None else (stage,)


def _read(files: list[Path], schema: pa.Schema) -> pa.Table:
    tables = [pq.read_table(file, schema=schema) for file in files if file.exists()]
    return pa.concat_tables(tables) if tables else schema.empty_table()
