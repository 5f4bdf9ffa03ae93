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
    target = project.manifest_path.parent
    target.mkdir(exist_ok=True)
    with (target / ".parse.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not _is_current(project.manifest_path, settings):
            _parse(project, target)


def _parse(project: DbtProject, target: Path) -> None:
    """Have dbt write the manifest; it appears whole or not at all."""
    unfinished = target / "parsing"
    done = subprocess.run(  # noqa: S603 - our own command
        ["dbt", "parse", "--quiet", "--target-path", str(unfinished)],  # noqa: S607
        cwd=project.project_dir,
        capture_output=True,
        text=True,
    )
    if done.returncode:
        raise RuntimeError(f"dbt cannot read its project:\n{done.stdout}{done.stderr}")
    for name in ("partial_parse.msgpack", "manifest.json"):
        (unfinished / name).replace(target / name)
    project.manifest_path.touch()


def _is_current(manifest: Path, settings: Settings) -> bool:
    if not manifest.exists():
        return False
    newest = max(file.stat().st_mtime for file in project_files(settings))
    return manifest.stat().st_mtime > newest
