"""The audit of what must never change: the ledger's chain, the bytes of archive and lake."""

import hashlib
from collections.abc import Iterator
from pathlib import Path

from orchestration.ingestion.lake import accepted_file, quarantine_file
from orchestration.receiving.ledger import Entry, Ledger, LedgerError
from orchestration.receiving.submission import Received, landing_file
from orchestration.settings import Settings


def verify(settings: Settings) -> list[str]:
    """Recompute everything; return what does not fit, in Chinese. Empty means untouched."""
    ledger = Ledger(settings.ledger_file)
    problems = ledger.verify()
    try:
        entries = ledger.entries()
        received, judged = ledger.received(), ledger.judged()
    except (LedgerError, KeyError, ValueError, TypeError):
        return [*problems, "台账有无法读取的记录，存档和数据湖未能核对"]
    problems += _landing_problems(settings, entries)
    problems += _lake_problems(settings, received, judged)
    return problems


def _landing_problems(settings: Settings, entries: list[Entry]) -> Iterator[str]:
    expected: dict[Path, tuple[str, str]] = {}
    for entry in entries:
        payload = entry.payload
        if entry.event == "judged":
            continue
        for kind in ("file", "archive"):
            if sha256 := payload.get(f"{kind}_sha256"):
                name = payload[f"{kind}_name"]
                file = landing_file(settings, sha256, Path(name).suffix)
                expected.setdefault(file, (sha256, name))
    for file, (sha256, name) in sorted(expected.items()):
        where = f"“{name}”（{file.relative_to(settings.home)}）"
        if not file.exists():
            yield f"存档文件缺失：{where}"
        elif sha256_of(file) != sha256:
            yield f"存档文件被改动：{where}的内容与收到时不同"
    for file in sorted(settings.landing.glob("*/*")):
        if file not in expected:
            yield f"存档里有台账没有记录的文件：{file.relative_to(settings.home)}"


def _lake_problems(
    settings: Settings, received: dict[str, Received], judged: dict[str, dict[str, object]]
) -> Iterator[str]:
    known: set[Path] = set()
    for submission_id, judgement in sorted(judged.items()):
        item = received.get(submission_id)
        if item is None:
            yield f"台账有审核结果，却没有收件记录：{submission_id}"
            continue
        place = (settings, item.dataset, item.quarter, item.sender, item.version)
        for kind, file in (
            ("accepted", accepted_file(*place)),
            ("quarantine", quarantine_file(*place)),
        ):
            sha256 = judgement.get(f"{kind}_sha256")
            if sha256 is None:
                continue
            known.add(file)
            where = f"{submission_id}（{file.relative_to(settings.home)}）"
            if not file.exists():
                yield f"数据湖文件缺失：{where}"
            elif sha256_of(file) != sha256:
                yield f"数据湖文件被改动：{where}的内容与审核时不同"
    for file in sorted(settings.accepted.glob("*/quarter=*/*.parquet")):
        if file not in known and file.name != "anchor.parquet":
            yield f"数据湖里有台账没有记录的文件：{file.relative_to(settings.home)}"


def sha256_of(file: Path) -> str:
    """Return the SHA-256 of a file's bytes."""
    with file.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()
