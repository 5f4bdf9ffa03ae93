"""Validate one stage: frames from the warehouse, verdicts from Great Expectations, then the record.

The record is two tables (``failures.py``) and the Data Docs (``data_docs.py``). What a verdict does
to the line is the caller's business (``checks.py``).
"""

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from orchestration.settings import Settings
from orchestration.validation.data_docs import write_data_docs
from orchestration.validation.failures import read_failures, write_failures, write_results
from orchestration.validation.frames import open_warehouse, read_frame
from orchestration.validation.suites import EXPECTATIONS, Stage, Suite, load_suites
from orchestration.validation.waivers import Waivers, read_waivers

_OWN_COLUMNS = ("quarter", "county_code", "village_code", "household_key")

_Judged = tuple[Suite, Any, list[dict[str, object]]]
"""A suite, the outcome of one of its expectations, and the rows that fail it."""


@dataclass(frozen=True)
class Verdict:
    """What a stage says about one suite: which expectations are unmet, and where.

    What waivers let pass is not unmet; its rows are in ``waived``, not in ``failing``.
    """

    suite: Suite
    unmet_critical: tuple[str, ...]
    unmet_warnings: tuple[str, ...]
    failing: pa.Table
    waived: pa.Table

    @property
    def is_blocked(self) -> bool:
        """Whether the line must stop."""
        return bool(self.unmet_critical)


def validate(settings: Settings, stage: Stage, folder: Path = EXPECTATIONS) -> list[Verdict]:
    """Judge all suites of a stage, write tables and Data Docs, and return the verdicts."""
    suites = load_suites(stage, folder)
    with open_warehouse(settings, suites) as connection:
        frames = {suite.name: (suite, read_frame(connection, suite)) for suite in suites}
        waivers = read_waivers(connection)

    from orchestration.validation.judge import judge

    with tempfile.TemporaryDirectory() as site:
        outcomes = judge(frames, Path(site))
        judged = [
            (suite, outcome, list(_failing_rows(suite, outcome, waivers)))
            for suite in suites
            for outcome in outcomes[suite.name]
        ]
        write_results(settings, stage, (_result(*item) for item in judged))
        write_failures(settings, stage, (row for _, _, rows in judged for row in rows))
        write_data_docs(settings, stage, suites, Path(site), folder)
    failures = read_failures(settings, stage)
    return [_verdict(suite, judged, failures) for suite in suites]


def _verdict(suite: Suite, judged: list[_Judged], failures: pa.Table) -> Verdict:
    unmet: dict[str, list[str]] = {"critical": [], "warning": []}
    for owner, outcome, rows in judged:
        if owner is suite and not outcome.is_met and not _is_waived(rows):
            unmet[outcome.severity].append(outcome.title_zh + _expired(rows))
    own = failures.filter(pc.equal(failures["suite"], suite.name))
    return Verdict(
        suite=suite,
        unmet_critical=tuple(sorted(unmet["critical"])),
        unmet_warnings=tuple(sorted(unmet["warning"])),
        failing=own.filter(pc.invert(own["is_waived"])),
        waived=own.filter(own["is_waived"]),
    )


def _is_waived(rows: list[dict[str, object]]) -> bool:
    return bool(rows) and all(row["is_waived"] for row in rows)


def _expired(rows: list[dict[str, object]]) -> str:
    """Say which waivers would have let rows pass, had they not expired."""
    ended = {
        f"豁免{row['waiver_no']}已于{row['waiver_expires_on']}到期"
        for row in rows
        if row["waiver_no"] and not row["is_waived"]
    }
    return f"（{'，'.join(sorted(ended))}）" if ended else ""


def _result(suite: Suite, outcome: Any, rows: list[dict[str, object]]) -> dict[str, object]:
    return {
        "stage": suite.stage,
        "suite": suite.name,
        "expectation_id": outcome.meta["id"],
        "severity": outcome.severity,
        "title_zh": outcome.title_zh,
        "is_met": outcome.is_met,
        "rows_judged": outcome.rows_judged,
        "rows_failing": outcome.rows_failing,
        "rows_waived": sum(bool(row["is_waived"]) for row in rows),
        "is_waived": _is_waived(rows),
    }


def _failing_rows(suite: Suite, outcome: Any, waivers: Waivers) -> Iterator[dict[str, object]]:
    """Turn an unmet expectation into rows: one per failing row, or one for the whole frame."""
    if outcome.is_met:
        return
    column = outcome.kwargs.get("column")
    shared: dict[str, object] = {
        "stage": suite.stage,
        "suite": suite.name,
        "expectation_id": outcome.meta["id"],
        "severity": outcome.severity,
        "column_name": column,
        "threshold": outcome.threshold,
        "title_zh": outcome.title_zh,
        "title_en": outcome.meta["title_en"],
        "remedy_zh": outcome.meta["remedy_zh"],
    }
    for row in outcome.failing:
        keys = {key: _plain(key, row.get(key)) for key in suite.keys}
        others = [
            str(value) if key.endswith("_name") else f"{key}={value}"
            for key, value in keys.items()
            if key not in _OWN_COLUMNS and value is not None
        ]
        value = _text(row.get(column))
        found = value or "空"
        yield (
            shared
            | {name: keys.get(name) for name in _OWN_COLUMNS}
            | _waived(suite, outcome, waivers, keys)
            | {
                "other_keys": " ".join(others) or None,
                "value": value,
                "message_zh": f"{outcome.title_zh}：{column} 为 {found}（{outcome.threshold}）",
            }
        )
    if not outcome.failing:
        observed = outcome.error or _text(outcome.observed)
        found = observed or "无数据"
        yield (
            shared
            | _waived(suite, outcome, waivers, {})
            | {
                "value": observed,
                "message_zh": f"{outcome.title_zh}：实为 {found}（{outcome.threshold}）",
            }
        )


def _waived(
    suite: Suite, outcome: Any, waivers: Waivers, keys: dict[str, object]
) -> dict[str, object]:
    """Name the waiver of a failing row; what could not be judged at all is not waived."""
    waiver = waivers.covering(suite.name, outcome.meta["id"], keys)
    if waiver is None or outcome.error:
        return {"is_waived": False, "waiver_no": None}
    return {
        "is_waived": waivers.holds(waiver),
        "waiver_no": waiver.number,
        "waiver_reason": waiver.reason,
        "waiver_expires_on": waiver.expires_on,
    }


def _plain(key: str, value: object) -> object:
    if key == "quarter" and value is not None:
        return date.fromisoformat(str(value)[:10])
    return None if value is None else str(value)


def _text(value: object) -> str | None:
    if value is None or value != value:  # a missing number arrives as NaN
        return None
    return f"{value:.6g}" if isinstance(value, float) and abs(value) < 1 else f"{value}"
