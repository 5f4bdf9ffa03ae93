"""A small, honest region, accepted into the lake and computed by the real dbt project.

Twenty-two counties of a dozen households of four, the four quarters of income year 2023 and the
first of the next; every household lives on casual and on registered wages, so that what is reported
equals what is recomputed.
"""

import csv
import os
import subprocess
import sys
from collections import defaultdict
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from orchestration.calendar import Quarter
from orchestration.contracts import Contract, load_contracts
from orchestration.ingestion.lake import (
    SUBMISSIONS_SCHEMA,
    accepted_file,
    accepted_schema,
    submissions_file,
    write_anchors,
    write_parquet,
)
from orchestration.settings import Settings

QUARTERS = [Quarter.of(2022, 4), *(Quarter.of(2023, n) for n in (1, 2, 3, 4))]
HOUSEHOLDS = 12
SIZE = 4


def build_region(settings: Settings) -> None:
    """Fill the lake and let dbt build seeds and models."""
    contracts = load_contracts()
    write_anchors(settings, contracts)
    submissions: list[dict[str, Any]] = []
    for quarter in QUARTERS:
        for contract in contracts.values():
            rows = defaultdict(list)
            for county, village in _villages().items():
                sender = county if contract.is_sent_by_counties else contract.senders[0]
                rows[sender] += _rows(contract.dataset, quarter, county, village)
            for sender, records in rows.items():
                submissions.append(_submit(settings, contract, quarter, sender, records))
    write_parquet(
        pa.Table.from_pylist(submissions, schema=SUBMISSIONS_SCHEMA), submissions_file(settings)
    )
    run_dbt(settings)


def run_dbt(settings: Settings) -> None:
    """Build seeds and models; dbt's own tests are another room's."""
    settings.warehouse.parent.mkdir(parents=True, exist_ok=True)
    subprocess.run(
        [
            Path(sys.executable).with_name("dbt"),
            *("build", "--resource-type", "seed", "--resource-type", "model"),
            *("--project-dir", settings.dbt_project, "--profiles-dir", settings.dbt_project),
        ],
        cwd=settings.dbt_project,
        env={
            **os.environ,
            "ZENGSHOU_HOME": str(settings.home),
            "DBT_TARGET_PATH": str(settings.home / "dbt" / "target"),
            "DBT_LOG_PATH": str(settings.home / "dbt" / "logs"),
            "DO_NOT_TRACK": "1",
        },
        check=True,
        capture_output=True,
    )


def plant(settings: Settings, changes: str) -> None:
    """Change models of the warehouse; those that are views become tables first."""
    with duckdb.connect(str(settings.warehouse)) as connection:
        views = connection.execute("select view_name from duckdb_views() where not internal")
        for (view,) in views.fetchall():
            if view in changes:
                connection.execute(f"create table planted as from {view}")
                connection.execute(f"drop view {view}")
                connection.execute(f"alter table planted rename to {view}")
        connection.execute(changes)


def _villages() -> dict[str, str]:
    """One village of every county."""
    file = Settings(home=Path("unused")).seeds / "villages.csv"
    with file.open(encoding="utf-8") as handle:
        return {row["county_code"]: row["village_code"] for row in csv.DictReader(handle)}


def _rows(dataset: str, quarter: Quarter, county: str, village: str) -> list[dict[str, Any]]:
    """Return what a county's households send or earn, honest and simple."""
    elapsed = (quarter.number + 0) % 4 + 1
    growth = Decimal(1) + Decimal("0.1") * (quarter.income_year - 2023)
    rows = []
    for number in range(HOUSEHOLDS):
        household, person = f"h{county}{number:02}", f"p{county}{number:02}"
        wage = (Decimal(3000 + 100 * number) * growth).quantize(Decimal("0.01"))
        place = {"county_code": county, "village_code": village, "household_key": household}
        match dataset:
            case "household_income_report":
                local, casual = 3 * wage * elapsed, Decimal(1000) * elapsed
                total = local + casual
                rows.append(
                    place
                    | dict.fromkeys(_MONEY, Decimal(0))
                    | {"household_size": SIZE, "wage_local": local, "wage_casual": casual}
                    | {"wage_income": total, "total_income": total, "net_income": total}
                    | {"per_capita_net_income": total / SIZE}
                )
            case "household_roster":
                land = {"cultivated_land_mu": Decimal(10)}
                rows.append(place | land | {"household_size": SIZE, "registered_size": SIZE})
            case "person_roster":
                rows.append(place | {"person_key": person})
            case "employment_records":
                rows.append(
                    {"county_code": county, "person_key": person, "workplace_kind": "in_county"}
                    | {"started_on": quarter.start, "months_in_quarter": Decimal(3)}
                    | {"monthly_wage": wage}
                )
    return rows


_MONEY = [
    column.name
    for column in load_contracts()["household_income_report"].columns
    if column.kind == "decimal"
]


def _submit(
    settings: Settings,
    contract: Contract,
    quarter: Quarter,
    sender: str,
    rows: list[dict[str, Any]],
) -> dict[str, Any]:
    submission = f"{contract.dataset}__{sender}__{quarter.label}__v1"
    schema = accepted_schema(contract)
    records = [
        dict.fromkeys(schema.names)
        | row
        | {"submission_id": submission, "sender": sender, "submission_version": 1}
        | {"source_sheet": "表", "source_row": index + 4, "contract_version": contract.version}
        for index, row in enumerate(rows)
    ]
    table = pa.Table.from_pylist(records, schema=schema)
    write_parquet(table, accepted_file(settings, contract.dataset, quarter, sender, 1))
    return dict.fromkeys(SUBMISSIONS_SCHEMA.names) | {
        "submission_id": submission,
        "dataset": contract.dataset,
        "sender": sender,
        "quarter": date.fromisoformat(quarter.key),
        "submission_version": 1,
        "file_sha256": "0" * 64,
        "received_at": datetime(2024, 1, 8, 9, 0),
        "is_on_time": True,
        "outcome": "accepted",
        "rows_read": len(rows),
        "rows_accepted": len(rows),
        "rows_quarantined": 0,
        "cells_repaired": 0,
        "is_control_total_matched": True,
        "contract_version": contract.version,
        "is_current": True,
    }
