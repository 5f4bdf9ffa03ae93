"""A simulated world written straight into a lake: no files, no reading, no judging.

Every dataset and quarter has been filed once, in time and without a fault, and is current. What
the files of a real deployment go through is ingestion's business and tested there; a test compares
the two ways. Datasets that nobody asks for are left without rows.
"""

import shutil
from collections.abc import Collection, Sequence
from datetime import datetime, time, timedelta
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from orchestration.contracts import Contract, load_contracts
from orchestration.evaluation.canonical import Sender, accepted_rows
from orchestration.ingestion.lake import (
    SUBMISSIONS_SCHEMA,
    accepted_file,
    submissions_file,
    write_anchors,
    write_parquet,
)
from orchestration.ingestion.regions import load_regions
from orchestration.receiving.submission import submission_id
from orchestration.settings import Settings
from orchestration.simulation.population import load_counties, quarter_at, quarters_so_far
from orchestration.simulation.records import BUILDERS, REGIONAL
from orchestration.simulation.run import Order, county_world
from orchestration.simulation.truth import labels_of
from orchestration.simulation.world import CountyWorld

NOT_FILED = frozenset({"audit_back_checks", "audit_dispositions", "audit_waivers"})
"""Nobody has audited a village when the detector sees it: it must find what it finds alone."""


def write_world(settings: Settings, order: Order, datasets: Collection[str]) -> dict[str, pa.Table]:
    """Write a world into the lake of a home; return its labels.

    One Parquet file per dataset and quarter holds the rows of all senders.

    Args:
        settings: of the home; what lay in its lake before is removed.
        order: which world, and from which quarter to which.
        datasets: those to write; all others stay empty, as do the auditors' (``NOT_FILED``).
    """
    contracts, regions = load_contracts(), load_regions(settings.seeds)
    shutil.rmtree(settings.lake, ignore_errors=True)
    settings.home.mkdir(parents=True, exist_ok=True)
    (settings.home / "deployment.toml").write_text(
        f"is_synthetic = true\nsample_fraction = {order.scale!r}\n", encoding="utf-8"
    )
    write_anchors(settings, contracts)
    worlds = [county_world(order, county.index) for county in load_counties(order.seeds)]
    ledger: list[dict[str, Any]] = []
    for t in range(order.first, order.last + 1):
        for world in worlds:
            world.forget_before(quarters_so_far(t).start)
        for dataset in sorted(set(datasets) - NOT_FILED):
            contract = contracts[dataset]
            if parts := _parts(worlds, contract, t):
                senders = [sender for sender, _ in parts]
                rows = pa.concat_tables([table for _, table in parts], promote_options="permissive")
                file = accepted_file(settings, dataset, quarter_at(t), contract.senders[0], 1)
                file.parent.mkdir(parents=True, exist_ok=True)
                pq.write_table(accepted_rows(rows, contract, regions, senders), file)
                ledger += [_received(contract, sender, t) for sender in senders]
    write_parquet(
        pa.Table.from_pylist(ledger, schema=SUBMISSIONS_SCHEMA), submissions_file(settings)
    )
    labels = [labels_of(world, range(order.first, order.last + 1)) for world in worlds]
    return {name: pa.concat_tables([tables[name] for tables in labels]) for name in labels[0]}


def _parts(
    worlds: Sequence[CountyWorld], contract: Contract, t: int
) -> list[tuple[Sender, pa.Table]]:
    """Return who sends which rows of a dataset; an empty register is not sent."""
    dataset = contract.dataset
    tables = (
        {"": REGIONAL[dataset](t)}
        if dataset in REGIONAL
        else {world.people.county.code: world.rows(dataset, t) for world in worlds}
        if dataset in BUILDERS
        else {}
    )
    if not contract.is_sent_by_counties and tables:
        tables = {
            contract.department: pa.concat_tables(tables.values(), promote_options="permissive")
        }
    return [
        (Sender(id, submission_id(dataset, id, quarter_at(t), 1), table.num_rows), table)
        for id, table in tables.items()
        # Where events are filed, a file without rows says that nothing happened.
        if table.num_rows or contract.accumulation == "in_period"
    ]


def _received(contract: Contract, sender: Sender, t: int) -> dict[str, Any]:
    quarter = quarter_at(t)
    return {
        "submission_id": sender.submission_id,
        "dataset": contract.dataset,
        "sender": sender.id,
        "quarter": quarter.start,
        "submission_version": 1,
        "file_name": sender.submission_id,
        "file_sha256": "",
        "received_at": datetime.combine(quarter.end, time(9)) + timedelta(days=5),
        "is_on_time": True,
        "outcome": "accepted",
        "rows_read": sender.rows,
        "rows_accepted": sender.rows,
        "rows_quarantined": 0,
        "cells_repaired": 0,
        "contract_version": contract.version,
        "is_current": True,
    }
