"""The suites as reviewable files: what is checked at which stage, with which thresholds, and why.

A suite is two files under ``expectations/<stage>/``: ``<name>.sql`` aggregates or filters the
warehouse into a small frame, ``<name>.json`` is a Great Expectations suite in that library's own
serialisation, which judges the frame. Title, asset, key columns and messages stand in ``meta``, the
source of each threshold in ``notes``. Great Expectations is not needed to read them.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from orchestration.settings import PROJECT_ROOT

Stage = Literal["structure", "figures"]
Severity = Literal["critical", "warning"]
"""``critical`` stops the line, ``warning`` is told and nothing more."""

STAGES: tuple[Stage, ...] = ("structure", "figures")
"""``structure`` stands between intermediate models and marts, ``figures`` before publication."""

STAGE_TITLES_ZH: dict[Stage, str] = {"structure": "结构与勾稽", "figures": "数值合理性"}

EXPECTATIONS = PROJECT_ROOT / "expectations"

_PLACE = ("column", "batch_id")
_MESSAGES = ("id", "title_zh", "title_en", "remedy_zh")


class SuiteError(ValueError):
    """A suite file lacks what this project needs of it."""


@dataclass(frozen=True)
class Suite:
    """One suite; ``asset`` is the dbt model that it vouches for, ``keys`` name a failing row."""

    name: str
    stage: Stage
    title_zh: str
    title_en: str
    purpose_zh: str
    asset: str
    keys: tuple[str, ...]
    query: str
    document: dict[str, Any]

    @property
    def expectations(self) -> list[dict[str, Any]]:
        """The expectations in their serialised form."""
        return self.document["expectations"]

    def has(self, severity: Severity) -> bool:
        """Whether any of its expectations is of that severity."""
        return any(item["severity"] == severity for item in self.expectations)


def threshold(kwargs: Mapping[str, Any]) -> str:
    """Return what an expectation of these arguments asks of the values, in Chinese."""
    low, high = kwargs.get("min_value"), kwargs.get("max_value")
    if low is not None and low == high:
        return f"应为 {low:g}"
    if low is not None and high is not None:
        return f"应在 {low:g} 至 {high:g} 之间"
    if low is not None:
        return f"应不小于 {low:g}"
    if high is not None:
        return f"应不大于 {high:g}"
    given = {key: value for key, value in kwargs.items() if key not in _PLACE}
    return " ".join(f"{key}={value}" for key, value in sorted(given.items())) or "见标题"


def load_suites(stage: Stage, folder: Path = EXPECTATIONS) -> list[Suite]:
    """Return a stage's suites by name.

    Raises:
        SuiteError: a suite has no query, or an expectation no title, remedy, severity or source.
    """
    return [_load(path, stage) for path in sorted((folder / stage).glob("*.json"))]


def _load(path: Path, stage: Stage) -> Suite:
    document = json.loads(path.read_text("utf-8"))
    query = path.with_suffix(".sql")
    meta = document["meta"]
    missing = {"title_zh", "title_en", "purpose_zh", "asset", "keys"} - meta.keys()
    if missing or document["name"] != path.stem or not query.exists():
        raise SuiteError(f"{path}: wants its own name, a query beside it and {sorted(missing)}")
    for item in document["expectations"]:
        lacks = [key for key in _MESSAGES if not item["meta"].get(key)]
        if lacks or not item.get("notes") or item.get("severity") not in ("critical", "warning"):
            raise SuiteError(f"{path}: {item['type']} lacks {lacks}, notes or severity")
    return Suite(
        name=document["name"],
        stage=stage,
        title_zh=meta["title_zh"],
        title_en=meta["title_en"],
        purpose_zh=meta["purpose_zh"],
        asset=meta["asset"],
        keys=tuple(meta["keys"]),
        query=query.read_text("utf-8"),
        document=document,
    )
