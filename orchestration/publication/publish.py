"""Write, audit, publish: the marts become a read-only serving copy, whole or not at all.

The copy is built beside the current publication and audited there. Only then a link is replaced,
which is atomic: a reader sees the old publication or the new one, and one that holds the old files
open keeps them. Killed at any moment, the next call cleans up and gives the same bytes.

Only marts (``dim_…`` and ``fct_…``) leave the warehouse, and ``about``, which says what they are.
"""

import fcntl
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import duckdb

from orchestration.contracts import load_contracts
from orchestration.publication.manifest import DATABASE, MANIFEST, Manifest, damaged_files
from orchestration.publication.provenance import read_provenance
from orchestration.publication.serving_copy import list_marts, literal, parquet_name, write_copy
from orchestration.settings import Settings

_BUILDING = ".building"


class PublicationRefused(RuntimeError):  # noqa: N818 - a verdict, not a malfunction
    """The candidate failed its audit; what is published stays as it was."""


def publish(settings: Settings, checks_passed: Mapping[str, bool]) -> Manifest:
    """Publish the marts of the warehouse and return the new publication's manifest.

    Args:
        settings: The deployment.
        checks_passed: Every check this publication rests on, by name, and whether it passed.

    Raises:
        PublicationRefused: nothing was checked, a check failed, or the audit found the candidate
            unfit.
    """
    if not checks_passed:
        raise PublicationRefused("未发布：没有任何检查 (nothing was checked)")
    failed = sorted(name for name, is_passed in checks_passed.items() if not is_passed)
    if failed:
        raise PublicationRefused(f"未发布：以下检查未通过 (checks failed): {'、'.join(failed)}")
    if not settings.warehouse.exists():
        raise PublicationRefused("未发布：数仓不存在 (no warehouse yet; run the pipeline first)")
    with _alone(settings):
        building = settings.publications / _BUILDING
        shutil.rmtree(building, ignore_errors=True)
        building.mkdir(parents=True)
        manifest = write_copy(
            settings.warehouse, building, read_provenance(settings), tuple(sorted(checks_passed))
        )
        _audit(settings, building, manifest)
        folder = _settle(settings, building, manifest)
        _swap(settings, folder)
        _prune(settings, folder)
    return manifest


@contextmanager
def _alone(settings: Settings) -> Iterator[None]:
    """Let one process publish at a time; the lock dies with its holder."""
    settings.publications.mkdir(parents=True, exist_ok=True)
    with (settings.publications / ".lock").open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def _audit(settings: Settings, building: Path, manifest: Manifest) -> None:
    """Read the candidate back as a reader would, and refuse it if it is unfit."""
    with duckdb.connect(str(building / DATABASE), read_only=True) as connection:
        connection.execute(f"attach {literal(str(settings.warehouse))} as warehouse (read_only)")
        problems = [
            *_differing_counts(connection, building, manifest),
            *_personal_columns(connection),
        ]
    if not manifest.row_counts.get("fct_household_income"):
        problems.append("fct_household_income：没有数据 (no rows)")
    if problems:
        shutil.rmtree(building)
        raise PublicationRefused("未发布 (not published): " + "；".join(problems))
    (building / MANIFEST).write_text(manifest.to_json(), "utf-8")


def _differing_counts(
    connection: duckdb.DuckDBPyConnection, building: Path, manifest: Manifest
) -> Iterator[str]:
    for schema, mart in list_marts(connection):
        file = str(building / parquet_name(mart))
        counts = {
            manifest.row_counts[mart],
            len(connection.table(mart)),
            len(connection.table(f'warehouse."{schema}"."{mart}"')),
            len(connection.read_parquet(file)),
        }
        if len(counts) != 1:
            yield f"{mart}：行数不一致 (row counts differ: {sorted(counts)})"


def _personal_columns(connection: duckdb.DuckDBPyConnection) -> Iterator[str]:
    """Find columns that a contract marks as personal, under whichever mart they appear."""
    personal = {
        column.name
        for contract in load_contracts().values()
        for column in contract.columns
        if column.classification == "personal" or column.is_dropped
    }
    columns = connection.execute(
        "select table_name, column_name from information_schema.columns "
        "where table_catalog = current_database() order by all"
    ).fetchall()
    for table, column in columns:
        if column in personal:
            yield f"{table}.{column}：个人信息列 (personal data)"


def _settle(settings: Settings, building: Path, manifest: Manifest) -> Path:
    """Give the audited candidate its final name, durable on disk and write-protected."""
    folder = settings.publications / manifest.publication_id
    if folder.exists() and not damaged_files(folder):
        shutil.rmtree(building)
        os.utime(folder)
        return folder
    for path in sorted(building.rglob("*")):
        if path.is_file():
            path.chmod(0o444)
        _flush(path)
    _flush(building)
    if folder.exists():
        damaged = settings.publications / f".damaged-{folder.name}"
        shutil.rmtree(damaged, ignore_errors=True)
        folder.rename(damaged)
    building.rename(folder)
    _flush(settings.publications)
    return folder


def _flush(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _swap(settings: Settings, folder: Path) -> None:
    """Point ``published`` at the new folder; replacing a link is atomic."""
    link = settings.published
    if link.exists() and not link.is_symlink():
        raise PublicationRefused(f"{link.name} 不是链接，请移走后重试 (not a link; move it away)")
    unfinished = link.with_name(f".{link.name}.tmp")
    unfinished.unlink(missing_ok=True)
    unfinished.symlink_to(folder.relative_to(link.parent), target_is_directory=True)
    unfinished.replace(link)
    _flush(link.parent)


def _prune(settings: Settings, current: Path) -> None:
    """Remove the oldest publications and what killed runs left behind."""
    folders = [path for path in settings.publications.iterdir() if path.is_dir()]
    kept = sorted(
        (path for path in folders if not path.name.startswith(".") and path != current),
        key=lambda path: path.stat().st_mtime_ns,
        reverse=True,
    )[: settings.kept_publications - 1]
    for folder in folders:
        if folder != current and folder not in kept:
            shutil.rmtree(folder)
