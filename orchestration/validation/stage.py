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

_OWN_COLUMNS = ("quarter", "county_code", "village_code", "household_key")


@dataclass(frozen=True)
class Verdict:
    """What a stage says about one suite: which expectations are unmet, and where."""

    suite: Suite
    unmet_critical: tuple[str, ...]
    unmet_warnings: tuple[str, ...]
    failing: pa.Table

    @property
    def is_blocked(self) -> bool:
        """Whether the line must stop."""
        return bool(self.unmet_critical)


def validate(settings: Settings, stage: Stage, folder: Path = EXPECTATIONS) -> list[Verdict]:
    """Judge all suites of a stage, write tables and Data Docs, and return the verdicts."""
    suites = load_suites(stage, folder)
    with open_warehouse(settings, suites) as connection:
        frames = {suite.name: (suite, read_frame(connection, suite)) for suite in suites}

    from orchestration.validation.judge import judge

    with tempfile.TemporaryDirectory() as site:
        outcomes = judge(frames, Path(site))
        write_results(
            settings,
            stage,
            (_result(suite, outcome) for suite in suites for outcome in outcomes[suite.name]),
        )
        write_failures(
            settings,
            stage,
            (
                row
                for suite in suites
                for outcome in outcomes[suite.name]
                if not outcome.is_met
                for row in _failing_rows(suite, outcome)
            ),
        )
        write_data_docs(settings, stage, suites, Path(site), folder)
    failures = read_failures(settings, stage)
    return [_verdict(suite, outcomes[suite.name], failures) for suite in suites]


def _verdict(suite: Suite, outcomes: list[Any], failures: pa.Table) -> Verdict:
    unmet = [outcome for outcome in outcomes if not outcome.is_met]
    return Verdict(
        suite=suite,
        unmet_critical=tuple(sorted(o.title_zh for o in unmet if o.severity == "critical")),
        unmet_warnings=tuple(sorted(o.title_zh for o in unmet if o.severity != "critical")),
        failing=failures.filter(pc.equal(failures["suite"], suite.name)),
    )


def _result(suite: Suite, outcome: Any) -> dict[str, object]:
    return {
        "stage": suite.stage,
        "suite": suite.name,
        "expectation_id": outcome.meta["id"],
        "severity": outcome.severity,
        "title_zh": outcome.title_zh,
        "is_met": outcome.is_met,
        "rows_judged": outcome.rows_judged,
        "rows_failing": outcome.rows_failing,
    }


def _failing_rows(suite: Suite, outcome: Any) -> Iterator[dict[str, object]]:
    """Turn an unmet expectation into rows: one per failing row, or one for the whole frame."""
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
            | {
                "other_keys": " ".join(others) or None,
                "value": value,
                "message_zh": f"{outcome.title_zh}：{column} 为 {found}（{outcome.threshold}）",
            }
        )
    if not outcome.failing:
        observed = outcome.error or _text(outcome.observed)
        yield shared | {
            "value": observed,
            "message_zh": f"{outcome.title_zh}：实为 {observed or '无数据'}（{outcome.threshold}）",
        }


def _plain(key: str, value: object) -> object:
    if key == "quarter" and value is not None:
        return date.fromisoformat(str(value)[:10])
    return None if value is None else str(value)


def _text(value: object) -> str | None:
    if value is None or value != value:  # a missing number arrives as NaN
        return None
    return f"{value:.6g}" if isinstance(value, float) and abs(value) < 1 else f"{value}"
