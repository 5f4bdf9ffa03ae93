"""Where the dbt project lies and how to keep its manifest current.

Dagster reads dbt's graph from ``target/manifest.json``. Whoever loads the definitions first after a
change of the project has dbt write it anew; everybody else only reads it.
"""

import fcntl
import subprocess
from collections.abc import Iterator
from pathlib import Path

from dagster_dbt import DbtProject

from orchestration.settings import Settings

_SOURCE_SUFFIXES = {".sql", ".yml", ".csv", ".md"}
_WRITTEN_BY_DBT = {"target", "logs", "dbt_packages"}


def load_project(settings: Settings) -> DbtProject:
    """Return the dbt project with a manifest that is no older than its files."""
    project = DbtProject(settings.dbt_project)
    _ensure_manifest(project, settings)
    return project


def run_target(settings: Settings) -> Path:
    """Return where dbt puts the artifacts of this deployment's runs.

    One folder for all runs: the second call of a run reuses what the first has parsed.
    """
    return settings.home.resolve() / "dbt"


def project_files(settings: Settings) -> Iterator[Path]:
    """Yield the files that decide what dbt does: the project's and the seeds."""
    for folder in (settings.dbt_project, settings.seeds):
        for file in sorted(folder.rglob("*")):
            is_source = not _WRITTEN_BY_DBT.intersection(file.relative_to(folder).parts)
            if is_source and file.suffix in _SOURCE_SUFFIXES:
                yield file


def _ensure_manifest(project: DbtProject, settings: Settings) -> None:
    if _is_current(project.manifest_path, settings):
        return
    project.manifest_path.parent.mkdir(exist_ok=True)
    with (project.manifest_path.parent / ".parse.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if _is_current(project.manifest_path, settings):
            return
        parse = subprocess.run(
            ["dbt", "parse", "--quiet"],  # noqa: S607
            cwd=project.project_dir,
            capture_output=True,
            text=True,
        )
        if parse.returncode:
            project.manifest_path.unlink(missing_ok=True)
            raise RuntimeError(f"dbt cannot read its project:\n{parse.stdout}{parse.stderr}")
        project.manifest_path.touch()


def _is_current(manifest: Path, settings: Settings) -> bool:
    if not manifest.exists():
        return False
    newest = max(file.stat().st_mtime for file in project_files(settings))
    return manifest.stat().st_mtime > newest
