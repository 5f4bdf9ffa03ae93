"""A dataset's quarter from the landing archive into the lake: once, again, after a change."""

import hashlib
import shutil
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from messes import MESSES, QUARTER, ROWS, grid, received_of, xlsx

from orchestration.ingestion.lake import accepted_file, quarantine_file
from orchestration.ingestion.partition import ingest_partition
from orchestration.receiving.ledger import Ledger
from orchestration.settings import Settings

DATASET = "household_income_report"


def land(settings: Settings, file: Path, version: int = 1) -> None:
    """Put a file into the archive and the ledger as receiving does."""
    received = received_of(file, DATASET, version)
    place = received.landing_file(settings)
    place.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy(file, place)
    fields = received.__dict__ | {
        "quarter": received.quarter.key,
        "received_at": received.received_at.isoformat(),
    }
    Ledger(settings.ledger_file).append("received", fields)


def build(name: str, folder: Path) -> Path:
    mess = next(mess for mess in MESSES if mess.name == name)
    return mess.build(folder / mess.file_name)


def lake_bytes(settings: Settings) -> dict[str, bytes]:
    files = [file for file in settings.lake.rglob("*") if file.is_file()]
    files += [file for file in settings.receipts.rglob("*") if file.is_file()]
    return {str(file.relative_to(settings.home)): file.read_bytes() for file in sorted(files)}


def test_a_submission_is_judged_once_answered_and_vouched_for(
    home: Settings, tmp_path: Path
) -> None:
    land(home, build("one_row_of_another_county", tmp_path))
    (judgement,) = ingest_partition(home, DATASET, QUARTER)

    accepted = accepted_file(home, DATASET, QUARTER, "640522", 1)
    refused = quarantine_file(home, DATASET, QUARTER, "640522", 1)
    assert judgement.outcome == "accepted_with_quarantine"
    assert pq.read_metadata(accepted).num_rows == 5
    assert set(pq.read_table(refused)["rule"].to_pylist()) >= {"county.not_sender"}
    assert len(list(home.receipts.rglob("*.xlsx"))) == 1

    entry = Ledger(home.ledger_file).judged()[judgement.submission_id]
    assert entry["accepted_sha256"] == hashlib.sha256(accepted.read_bytes()).hexdigest()
    assert entry["quarantine_sha256"] == hashlib.sha256(refused.read_bytes()).hexdigest()
    assert ingest_partition(home, DATASET, QUARTER) == []


def test_a_lost_lake_file_comes_back_with_the_same_bytes(home: Settings, tmp_path: Path) -> None:
    land(home, build("totals_at_every_level", tmp_path))
    ingest_partition(home, DATASET, QUARTER)
    before = lake_bytes(home)
    accepted_file(home, DATASET, QUARTER, "640522", 1).unlink()
    assert len(ingest_partition(home, DATASET, QUARTER)) == 1
    assert lake_bytes(home) == before


def test_another_key_judges_again(home: Settings, tmp_path: Path) -> None:
    land(home, build("totals_at_every_level", tmp_path))
    ingest_partition(home, DATASET, QUARTER)
    file = accepted_file(home, DATASET, QUARTER, "640522", 1)
    keys = pq.read_table(file)["household_key"].to_pylist()
    other = Settings(home=home.home, pseudonym_key="another key")
    assert len(ingest_partition(other, DATASET, QUARTER)) == 1
    assert set(pq.read_table(file)["household_key"].to_pylist()).isdisjoint(keys)


def test_a_wrong_correction_leaves_the_earlier_version(home: Settings, tmp_path: Path) -> None:
    land(home, build("totals_at_every_level", tmp_path))
    ingest_partition(home, DATASET, QUARTER)
    before = lake_bytes(home)
    part = xlsx(tmp_path / "part.xlsx", ("Sheet1", grid(DATASET, ROWS[DATASET]()[:2])))
    land(home, part, version=2)
    (judgement,) = ingest_partition(home, DATASET, QUARTER)
    assert judgement.rejection is not None
    assert judgement.rejection.rule == "file.shrunk"
    after = lake_bytes(home)
    assert {name: after[name] for name in before} == before
    assert not accepted_file(home, DATASET, QUARTER, "640522", 2).exists()


def test_a_rejudged_submission_that_is_now_refused_leaves_no_rows(
    home: Settings, tmp_path: Path
) -> None:
    land(home, build("rows_of_another_county", tmp_path))
    stale = accepted_file(home, DATASET, QUARTER, "640522", 1)
    stale.parent.mkdir(parents=True)
    stale.write_bytes(b"left by older rules")
    (judgement,) = ingest_partition(home, DATASET, QUARTER)
    assert judgement.outcome == "rejected"
    assert not stale.exists()


def test_worker_processes_give_what_one_process_gives(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("orchestration.ingestion.partition._WORTH_A_POOL", 0)
    file = build("totals_at_every_level", tmp_path)
    results = []
    for workers in (1, 2):
        settings = Settings(
            home=tmp_path / str(workers), pseudonym_key="a key for tests", workers=workers
        )
        for sender in ("640522", "640422"):
            received = received_of(file, DATASET)
            place = received.landing_file(settings)
            place.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(file, place)
            fields = received.__dict__ | {
                "submission_id": received.submission_id.replace("640522", sender),
                "sender": sender,
                "quarter": received.quarter.key,
                "received_at": received.received_at.isoformat(),
            }
            Ledger(settings.ledger_file).append("received", fields)
        results.append((ingest_partition(settings, DATASET, QUARTER), lake_bytes(settings)))
    assert [judgement.outcome for judgement in results[0][0]] == ["accepted", "rejected"]
    assert results[0] == results[1]
