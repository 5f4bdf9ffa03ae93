"""Helpers of these tests: drop files into an inbox the way departments do."""

import hashlib
import os
from datetime import datetime
from pathlib import Path

import pyarrow as pa

from orchestration.calendar import Quarter
from orchestration.ingestion.judgement import Judgement, Outcome
from orchestration.ingestion.lake import accepted_file, write_parquet
from orchestration.receiving.ledger import SHANGHAI, Ledger, judged_payload
from orchestration.receiving.submission import Received
from orchestration.settings import Settings

OCTOBER_9 = datetime(2024, 10, 9, 10, 0)
Q3 = Quarter.of(2024, 3)


def drop(settings: Settings, name: str, content: bytes, when: datetime = OCTOBER_9) -> Path:
    file = settings.inbox / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content)
    moment = when.replace(tzinfo=SHANGHAI).timestamp()
    os.utime(file, (moment, moment))
    return file


def waiting(settings: Settings) -> list[str]:
    return sorted(file.name for file in settings.inbox.rglob("*") if file.is_file())


def judge(settings: Settings, received: Received, outcome: Outcome = "accepted") -> Path:
    """Do what ingestion does at the end: write the lake file, record the judgement."""
    file = accepted_file(
        settings, received.dataset, received.quarter, received.sender, received.version
    )
    sha256 = None
    if outcome != "rejected":
        write_parquet(pa.table({"submission_id": [received.submission_id]}), file)
        sha256 = hashlib.sha256(file.read_bytes()).hexdigest()
    judgement = Judgement(
        submission_id=received.submission_id,
        outcome=outcome,
        contract_version="1.0.0",
        rows_read=1,
        rows_accepted=int(outcome != "rejected"),
        rows_quarantined=0,
        repairs=(),
        control_totals=(),
        faults=(),
        rejection=None,
        accepted_sha256=sha256,
    )
    Ledger(settings.ledger_file).append("judged", judged_payload(judgement, "fingerprint"))
    return file
