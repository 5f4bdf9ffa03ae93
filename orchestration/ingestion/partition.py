"""Ingesting a dataset's quarters: judge what is not judged yet, write the lake, answer, record.

Kill-safe: lake files and receipt are written before the ledger entry that vouches for them, and
judging again gives the same bytes. Submissions are judged side by side in worker processes; only
this process writes the ledger. Versions of one sender's quarter stay in order, because a correction
is measured against the version that it would replace.
"""

import hashlib
import hmac
import multiprocessing
import os
import threading
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from orchestration.calendar import Quarter
from orchestration.contracts import Contract
from orchestration.contracts.model import contract_for
from orchestration.ingestion import lake
from orchestration.ingestion.judge import judge
from orchestration.ingestion.judgement import Judgement
from orchestration.receiving.ledger import Ledger, judged_payload
from orchestration.receiving.receipts import write_receipt
from orchestration.receiving.submission import Received
from orchestration.settings import Settings

_PACKAGE = Path(__file__).parent
_DECIDING_SEEDS = ("counties.csv", "villages.csv", "indicators.csv", "departments.csv")
_DECIDING_CODE = (
    *sorted(file for file in _PACKAGE.glob("*.py") if file.name != "assets.py"),
    _PACKAGE.parent / "receiving" / "periods.py",
    _PACKAGE.parent / "receiving" / "senders.py",
)
_WORTH_A_POOL = 200_000
"""Bytes of work below which starting worker processes costs more than they save."""


@dataclass(frozen=True)
class _Chain:
    """The versions of one sender's quarter that are to be judged, oldest first."""

    contract: Contract
    submissions: tuple[Received, ...]
    current_rows: int | None


@dataclass(frozen=True)
class _Judged:
    judgement: Judgement
    quarantine_sha256: str | None


def ingest_partition(
    settings: Settings,
    dataset: str,
    quarter: Quarter,
    on_done: Callable[[Judgement], None] | None = None,
) -> list[Judgement]:
    """Judge the submissions of one dataset and quarter that are not judged yet."""
    return ingest_partitions(settings, Ledger(settings.ledger_file), dataset, [quarter], on_done)


def ingest_partitions(
    settings: Settings,
    ledger: Ledger,
    dataset: str,
    quarters: Iterable[Quarter],
    on_done: Callable[[Judgement], None] | None = None,
) -> list[Judgement]:
    """Judge the submissions of a dataset's quarters that are not judged yet.

    A submission is judged again if the contract, the code, the seeds or the key changed since, or
    if its lake file is gone. Returns the new judgements in the order of receipt.
    """
    chains = _chains(settings, ledger, dataset, set(quarters))
    judgements = []
    for chain, results in zip(chains, _judge_all(settings, chains), strict=True):
        mark = fingerprint(chain.contract, settings)
        ledger.append_all(
            ("judged", judged_payload(done.judgement, mark, done.quarantine_sha256))
            for done in results
        )
        for done in results:
            judgements.append(done.judgement)
            if on_done is not None:
                on_done(done.judgement)
    return judgements


def fingerprint(contract: Contract, settings: Settings) -> str:
    """Return a hash of everything besides the file that decides a judgement."""
    key = hmac.digest(settings.pseudonym_secret, b"fingerprint", "sm3").hex()
    code = _files_hash((*_DECIDING_CODE, *(settings.seeds / name for name in _DECIDING_SEEDS)))
    terms = _files_hash((contract.path,))
    return hashlib.sha256(f"{terms}{code}{key}".encode()).hexdigest()


@cache
def _files_hash(files: tuple[Path, ...]) -> str:
    return hashlib.sha256(b"\0".join(file.read_bytes() for file in files)).hexdigest()


def _chains(
    settings: Settings, ledger: Ledger, dataset: str, quarters: set[Quarter]
) -> list[_Chain]:
    judged = ledger.judged()
    versions: dict[tuple[Quarter, str], list[Received]] = {}
    for received in ledger.received().values():
        if received.dataset == dataset and received.quarter in quarters:
            versions.setdefault((received.quarter, received.sender), []).append(received)
    chains = []
    for (quarter, _), submissions in versions.items():
        contract = contract_for(dataset, quarter)
        mark = fingerprint(contract, settings)
        current_rows: int | None = None
        due: list[Received] = []
        for received in sorted(submissions, key=lambda item: item.version):
            known = judged.get(received.submission_id)
            if due or known is None or known["fingerprint"] != mark:
                due.append(received)
            elif known["accepted_sha256"] is not None:
                if lake_file_of(settings, received).exists():
                    current_rows = known["rows_accepted"]
                else:
                    due.append(received)
        if due:
            chains.append(_Chain(contract, tuple(due), current_rows))
    return chains


def lake_file_of(settings: Settings, received: Received) -> Path:
    """Return where the accepted rows of a submission lie, if it is accepted."""
    return lake.accepted_file(
        settings, received.dataset, received.quarter, received.sender, received.version
    )


def _judge_all(settings: Settings, chains: list[_Chain]) -> Iterator[list[_Judged]]:
    work = sum(
        received.landing_file(settings).stat().st_size
        for chain in chains
        for received in chain.submissions
    )
    if settings.workers == 1 or len(chains) < 2 or work < _WORTH_A_POOL:
        for chain in chains:
            yield _judge_chain(settings, chain)
        return
    pool = _pool(settings.workers)
    for future in [pool.submit(_judge_chain, settings, chain) for chain in chains]:
        yield future.result()


@cache
def _pool(workers: int) -> ProcessPoolExecutor:
    """Return the worker processes that all datasets of a run share; they end with this process.

    Neither a fork of a process full of threads nor a fresh interpreter per task: a fork server that
    has imported this module once, and nothing of the orchestrator.
    """
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([__name__])
    return ProcessPoolExecutor(workers, mp_context=context, initializer=_end_with_parent)


def _end_with_parent() -> None:
    """Let a worker end when the run that asked for it is gone, killed or not."""
    parent = multiprocessing.parent_process()

    def watch() -> None:
        if parent is not None:
            parent.join()
            os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


def _judge_chain(settings: Settings, chain: _Chain) -> list[_Judged]:
    results = []
    current_rows = chain.current_rows
    for received in chain.submissions:
        done = _judge_one(settings, chain.contract, received, current_rows)
        if done.judgement.outcome != "rejected":
            current_rows = done.judgement.rows_accepted
        write_receipt(settings, received, done.judgement, chain.contract)
        results.append(done)
    return results


def _judge_one(
    settings: Settings, contract: Contract, received: Received, current_rows: int | None
) -> _Judged:
    file = received.landing_file(settings)
    judgement, accepted, refused = judge(file, received, contract, settings, current_rows)
    place = (settings, received.dataset, received.quarter, received.sender, received.version)
    accepted_file, refused_file = lake.accepted_file(*place), lake.quarantine_file(*place)
    # A judgement under older rules may have left files that this one does not have.
    if judgement.outcome == "rejected":
        accepted_file.unlink(missing_ok=True)
    else:
        lake.write_parquet(accepted, accepted_file)
        judgement = replace(judgement, accepted_sha256=_sha256(accepted_file))
    if refused.num_rows:
        lake.write_parquet(refused, refused_file)
    else:
        refused_file.unlink(missing_ok=True)
    return _Judged(judgement, _sha256(refused_file) if refused.num_rows else None)


def _sha256(file: Path) -> str:
    with file.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()
