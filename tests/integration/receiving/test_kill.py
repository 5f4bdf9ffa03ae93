"""Receiving is killed at many moments; what comes out must be what an undisturbed run gives."""

import hashlib
import multiprocessing
import random
import time
from datetime import timedelta
from multiprocessing.process import BaseProcess
from pathlib import Path

from inbox import OCTOBER_9, drop, waiting

from orchestration.contracts import load_contracts
from orchestration.ingestion.lake import submissions_file
from orchestration.receiving.export import export_submissions
from orchestration.receiving.ledger import Ledger
from orchestration.receiving.receive import receive_inbox
from orchestration.receiving.verify import verify
from orchestration.settings import Settings

COUNTIES = ("海原县", "同心县", "盐池县", "西吉县", "隆德县", "彭阳县")


def _fill(settings: Settings) -> None:
    for number in range(480):
        county = COUNTIES[number % len(COUNTIES)]
        content = f"{county},{number // 72}\n".encode() * 1_000
        moment = OCTOBER_9 + timedelta(minutes=number)
        drop(settings, f"{number}/{county}2024年三季度户信息表.csv", content, moment)
        if number % 80 == 0:
            drop(settings, f"不知道{number}.csv", content, moment)


def _outcome(settings: Settings) -> tuple[dict[str, str], bytes, list[str]]:
    export_submissions(settings)
    landing = {
        file.name: hashlib.sha256(file.read_bytes()).hexdigest()
        for file in settings.landing.rglob("*")
        if file.is_file()
    }
    receipts = sorted(
        str(file.relative_to(settings.home)) for file in settings.receipts.rglob("*.txt")
    )
    return landing, submissions_file(settings).read_bytes(), receipts


def _wait_until_larger(file: Path, size: int, process: BaseProcess) -> None:
    while process.is_alive() and (not file.exists() or file.stat().st_size <= size):
        time.sleep(0.001)


def test_kills_leave_no_trace(tmp_path: Path) -> None:
    undisturbed, killed = Settings(home=tmp_path / "a"), Settings(home=tmp_path / "b")
    _fill(undisturbed)
    _fill(killed)
    receive_inbox(undisturbed, load_contracts())

    chance = random.Random(20240930)  # noqa: S311
    fork = multiprocessing.get_context("fork")
    for _ in range(12):
        size = killed.ledger_file.stat().st_size if killed.ledger_file.exists() else 0
        receiver = fork.Process(target=receive_inbox, args=(killed, load_contracts()))
        receiver.start()
        _wait_until_larger(killed.ledger_file, size + chance.randint(0, 3_000), receiver)
        time.sleep(chance.uniform(0, 0.01))
        receiver.kill()
        receiver.join()
    assert waiting(killed), "the kills came too late to disturb anything"
    assert Ledger(killed.ledger_file).entries(), "the kills came too early to disturb anything"
    receive_inbox(killed, load_contracts())

    assert waiting(killed) == []
    assert _outcome(killed) == _outcome(undisturbed)
    assert verify(killed) == []


def test_every_step_may_be_the_last(tmp_path: Path) -> None:
    """Put the inbox file back after a complete run: the state before its removal, and before it."""
    settings = Settings(home=tmp_path)
    name = "海原县2024年三季度户信息表.csv"
    drop(settings, name, b"1")
    receive_inbox(settings, load_contracts())
    before = Ledger(settings.ledger_file).entries()

    drop(settings, name, b"1")  # killed between ledger and removal
    assert receive_inbox(settings, load_contracts()) == []
    assert Ledger(settings.ledger_file).entries() == before
    assert waiting(settings) == []

    settings.ledger_file.unlink()  # killed between archive and ledger
    (settings.landing / ".half").write_bytes(b"half a copy")
    drop(settings, name, b"1")
    (taken,) = receive_inbox(settings, load_contracts())
    assert taken.submission_id == before[0].payload["submission_id"]
    assert verify(settings) == []
    assert not (settings.landing / ".half").exists()

    drop(settings, "不知道.csv", b"2")
    receive_inbox(settings, load_contracts())
    (receipt,) = settings.receipts.rglob("*不知道*")
    receipt.unlink()  # killed between ledger and answer
    drop(settings, "不知道.csv", b"2")
    assert receive_inbox(settings, load_contracts()) == []
    assert receipt.exists()
