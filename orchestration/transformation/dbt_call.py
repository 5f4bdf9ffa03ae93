"""Calls of dbt, in this process.

dbt's start costs more than most of its work, and half of it is importing what dagster-dbt has
imported anyway. And a dbt process of its own would outlive a killed run and go on writing.
"""

import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dagster_dbt import DbtProject
from dbt.adapters.duckdb.connections import DuckDBConnectionManager
from dbt.artifacts.schemas.run import RunExecutionResult, RunResult
from dbt.cli.main import dbtRunner, dbtRunnerResult

_PARTIAL_PARSE = "partial_parse.msgpack"
_COMPLETED = {"success", "pass", "warn", "fail"}
_BAD = {"error", "fail", "runtime error", "partial success"}


class DbtFailed(RuntimeError):  # noqa: N818 - a verdict of dbt's tests as often as an error
    """dbt could not build everything that it was asked for, or a test of its own failed."""


@dataclass(frozen=True)
class Built:
    """One node that dbt has run: a seed, a model or a test, with its compiled SQL."""

    node: dict[str, Any]
    status: str
    seconds: float
    failures: int | None
    message: str

    @property
    def unique_id(self) -> str:
        """The node's name in dbt's manifest."""
        return self.node["unique_id"]

    @property
    def has_run(self) -> bool:
        """Whether dbt ran it to its end, whatever came out."""
        return self.status in _COMPLETED


def build(project: DbtProject, target: Path, select: str) -> list[Built]:
    """Run ``dbt build`` over a selection; return every node that it ran.

    Failed nodes are results, to be looked at with ``failure``.

    Raises:
        DbtFailed: dbt did not get as far as running anything.
    """
    arguments = ["build", "--select", *select.split()]
    outcome = _call(project, target, arguments)
    if not isinstance(outcome.result, RunExecutionResult):
        raise DbtFailed(f"dbt: {outcome.exception}")
    return [_built(result) for result in outcome.result.results]


def write_docs(project: DbtProject, target: Path, page: Path) -> None:
    """Write dbt's documentation of models and warehouse as one page that needs no server.

    Raises:
        DbtFailed: dbt could not write it.
    """
    target.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(project.manifest_path, target / project.manifest_path.name)
    outcome = _call(project, target, ["docs", "generate", "--static", "--no-compile"])
    if not outcome.success:
        raise DbtFailed(f"dbt docs: {outcome.exception}")
    text = (target / "static_index.html").read_text("utf-8")
    page.parent.mkdir(parents=True, exist_ok=True)
    unfinished = page.with_suffix(".tmp")
    # Where the project lies on this machine is nobody's business.
    unfinished.write_text(text.replace(str(project.project_dir), "."), "utf-8")
    unfinished.replace(page)


def failure(built: list[Built]) -> DbtFailed | None:
    """Return what went wrong, the first causes first; None if nothing did."""
    bad = [item for item in built if item.status in _BAD]
    if not bad:
        return None
    causes = "\n".join(f"{item.node['name']}: {item.status} {item.message}" for item in bad)
    skipped = sum(item.status == "skipped" for item in built)
    return DbtFailed(f"dbt: {len(bad)} failed, {skipped} skipped\n{causes}")


def _call(project: DbtProject, target: Path, arguments: list[str]) -> dbtRunnerResult:
    _reuse_parse(project, target)
    places = ["--target-path", str(target), "--log-path", str(target)]
    places += ["--project-dir", str(project.project_dir)]
    places += ["--profiles-dir", str(project.profiles_dir)]
    # Results come back in memory; dbt's own files of them take longer to write than models to run.
    flags = ["--no-write-json", "--no-use-colors"]
    try:
        return dbtRunner().invoke([*flags, *arguments, *places])
    finally:
        # dbt's adapter keeps the file open until the process ends; others want to read it now.
        DuckDBConnectionManager.close_all_connections()


def _built(result: RunResult) -> Built:
    return Built(
        node=result.node.to_dict(),
        status=str(result.status),
        seconds=result.execution_time,
        failures=result.failures,
        message=(result.message or "").strip(),
    )


def _reuse_parse(project: DbtProject, target: Path) -> None:
    """Start from the parse that the manifest was made in, if this target has none of its own."""
    parsed = project.manifest_path.with_name(_PARTIAL_PARSE)
    if parsed.exists() and not (target / _PARTIAL_PARSE).exists():
        target.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(parsed, target / _PARTIAL_PARSE)
