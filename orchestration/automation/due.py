"""What is due: quarters with submissions nobody has judged, and whether the publication is current.

Answers come from the ledger and from hashes of files, without Dagster and without dbt, so that
"nothing to do" is said at once.
"""

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from orchestration.calendar import Quarter
from orchestration.contracts.model import contract_for
from orchestration.ingestion.partition import fingerprint, lake_file_of
from orchestration.publication.manifest import current_manifest
from orchestration.receiving.ledger import Ledger, now
from orchestration.receiving.submission import Received
from orchestration.settings import PROJECT_ROOT, Settings

_CODE = ("orchestration", "dbt_project", "seeds", "expectations")
_CODE_SUFFIXES = {".py", ".yaml", ".yml", ".sql", ".csv", ".json"}
_NOT_CODE = {"target", "logs", "dbt_packages", "__pycache__"}
_NOTE = "publication.json"


def due_for_judgement(settings: Settings, quarter: Quarter | None = None) -> list[Received]:
    """Return the submissions that want judging, of all ended quarters or of one.

    Wanting is what ingestion would judge: never judged, judged by other rules, or gone from the
    lake. A submission that came before its quarter has ended waits until then.
    """
    ledger = Ledger(settings.ledger_file)
    judged = ledger.judged()
    today = now().date()
    return [
        received
        for received in ledger.received().values()
        if received.quarter.end < today
        and quarter in (None, received.quarter)
        and not _is_judged(settings, received, judged.get(received.submission_id))
    ]


def _is_judged(settings: Settings, received: Received, known: dict[str, Any] | None) -> bool:
    contract = contract_for(received.dataset, received.quarter)
    if known is None or known["fingerprint"] != fingerprint(contract, settings):
        return False
    return known["accepted_sha256"] is None or lake_file_of(settings, received).exists()


def line_state(settings: Settings) -> str:
    """Return what decides which figures a run publishes: the ledger's head and the code."""
    return f"{Ledger(settings.ledger_file).head} {_code_digest()} {settings.is_synthetic}"


def is_publication_current(settings: Settings) -> bool:
    """Whether what is published was made from this very ledger by this very code."""
    manifest = current_manifest(settings)
    note = settings.dagster_home / _NOTE
    if manifest is None or not note.exists():
        return False
    made_from = _note(manifest.publication_id, line_state(settings))
    return json.loads(note.read_text("utf-8")) == made_from


def remember_publication(settings: Settings, publication_id: str, made_from: str) -> None:
    """Write down the line's state from which a publication was made."""
    note = settings.dagster_home / _NOTE
    note.parent.mkdir(parents=True, exist_ok=True)
    unfinished = note.with_suffix(".tmp")
    unfinished.write_text(json.dumps(_note(publication_id, made_from)), "utf-8")
    unfinished.replace(note)


def _note(publication_id: str, made_from: str) -> dict[str, str]:
    return {"publication_id": publication_id, "made_from": made_from}


def _code_digest() -> str:
    digest = hashlib.sha256()
    for file in _code_files():
        digest.update(str(file.relative_to(PROJECT_ROOT)).encode())
        digest.update(hashlib.sha256(file.read_bytes()).digest())
    return digest.hexdigest()


def _code_files() -> Iterator[Path]:
    for room in _CODE:
        for file in sorted((PROJECT_ROOT / room).rglob("*")):
            if file.suffix in _CODE_SUFFIXES and not _NOT_CODE.intersection(file.parts):
                yield file
