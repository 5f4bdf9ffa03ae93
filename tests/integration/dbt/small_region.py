"""A small region whose figures can be worked out by hand, written as ingestion would leave it."""

import os
import subprocess
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pyarrow as pa

from orchestration.calendar import Quarter, quarters_between
from orchestration.contracts import load_contracts
from orchestration.ingestion.lake import (
    SUBMISSIONS_SCHEMA,
    accepted_file,
    accepted_schema,
    submissions_file,
    write_anchors,
    write_parquet,
)
from orchestration.settings import Settings

Row = dict[str, Any]
Query = Callable[[str], list[tuple[Any, ...]]]

FIRST, LAST = Quarter.of(2022, 4), Quarter.of(2023, 4)
XINGQING, HAIYUAN = "640104", "640522"
# What the households claim for each quarter, in yuan.
CLAIMS_OF_A = {"wage_casual": 1000, "transfer_pension": 500, "business_breeding": 100}
CLAIMS_OF_B = {"wage_casual": 2000, "business_breeding": 1000, "property_land_rent": 125}
# Of b alone herds are filed, and a lease: paid since 1 January, and the day of the last payment.
SHEEP = {"2022Q4": 2, "2023Q1": 3, "2023Q2": 0, "2023Q3": 0, "2023Q4": 0}
RENT: dict[str, tuple[int, date | None]] = {
    "2022Q4": (300, date(2022, 11, 20)),
    "2023Q1": (0, None),
    "2023Q2": (100, date(2023, 5, 10)),
    "2023Q3": (100, date(2023, 5, 10)),
    "2023Q4": (400, date(2023, 11, 20)),
}


@dataclass
class Lake:
    """Writes submissions as ingestion would leave them: Parquet and a ledger row."""

    settings: Settings
    ledger: list[Row] = field(default_factory=list)

    def submit(
        self,
        dataset: str,
        sender: str,
        quarter: Quarter,
        rows: list[Row],
        *,
        version: int = 1,
        is_current: bool = True,
    ) -> None:
        contract = load_contracts()[dataset]
        submission = f"{dataset}__{sender}__{quarter.label}__v{version}"
        provenance = {
            "submission_id": submission,
            "sender": sender,
            "submission_version": version,
            "source_sheet": "Sheet1",
        }
        zero = {
            column.name: Decimal(0)
            for column in contract.stored_columns
            if column.kind == "decimal" and column.is_required
        }
        table = pa.Table.from_pylist(
            [
                {**zero, **provenance, "source_row": number, **row}
                for number, row in enumerate(rows, start=2)
            ],
            schema=accepted_schema(contract),
        )
        write_parquet(table, accepted_file(self.settings, dataset, quarter, sender, version))
        self.record(
            dataset=dataset,
            sender=sender,
            quarter=quarter.start,
            submission_version=version,
            submission_id=submission,
            outcome="accepted",
            is_current=is_current,
        )

    def record(self, **row: Any) -> None:
        received = datetime(2023, 1, 10, 9)
        self.ledger.append({"received_at": received, "is_on_time": True, **row})

    def close(self) -> None:
        """Write the ledger and the anchors of what was never filed."""
        write_anchors(self.settings, load_contracts())
        table = pa.Table.from_pylist(self.ledger, schema=SUBMISSIONS_SCHEMA)
        write_parquet(table, submissions_file(self.settings))


@dataclass(frozen=True)
class Dbt:
    """Runs dbt on one home; nothing is written into the checkout."""

    settings: Settings

    def __call__(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        home = self.settings.home
        self.settings.warehouse.parent.mkdir(parents=True, exist_ok=True)
        return subprocess.run(
            ["dbt", *arguments, "--profiles-dir", "."],
            cwd=self.settings.dbt_project,
            env={
                **os.environ,
                "ZENGSHOU_HOME": str(home),
                "DBT_TARGET_PATH": str(home / "target"),
                "DBT_LOG_PATH": str(home / "logs"),
                "DBT_USE_COLORS": "0",
            },
            capture_output=True,
            text=True,
            check=False,
        )


def fill(lake: Lake) -> None:
    """File every quarter but one pension file, for two of the 22 counties."""
    departments = {
        dataset: contract.senders[0]
        for dataset, contract in load_contracts().items()
        if not contract.is_sent_by_counties
    }
    rows = _department_rows()
    for dataset, sender in departments.items():
        for quarter in quarters_between(FIRST, LAST):
            if dataset == "pension_payments" and quarter == LAST:
                continue
            lake.submit(dataset, sender, quarter, rows.get((dataset, quarter.label), []))
    for quarter in quarters_between(FIRST, LAST):
        _county(lake, XINGQING, quarter, "a", ["p1", "p2"], CLAIMS_OF_A)
        _county(lake, HAIYUAN, quarter, "b", ["p3", "p4", "p5"], CLAIMS_OF_B)
        lake.submit("household_assets", HAIYUAN, quarter, [_herd("b", sheep=SHEEP[quarter.label])])
    # A version that a later one replaced, and a file that was refused: neither may count.
    lake.submit(
        "household_income_report",
        HAIYUAN,
        LAST,
        [{"household_key": "b", "household_size": 1, "wage_casual": Decimal(999999)}],
        version=2,
        is_current=False,
    )
    lake.record(
        dataset="household_roster",
        sender="640105",
        quarter=LAST.start,
        submission_version=1,
        submission_id="household_roster__640105__2023Q4__v1",
        outcome="rejected",
        rejection_rule="file.no_rows",
        is_current=False,
    )
    lake.close()


def _county(
    lake: Lake,
    county: str,
    quarter: Quarter,
    household: str,
    persons: list[str],
    claims: dict[str, int],
) -> None:
    """One household: income grows with the quarters of the income year (year to date)."""
    village = {XINGQING: "640104001002", HAIYUAN: _village_of(HAIYUAN)}[county]
    place = {"county_code": county, "township_name": "某镇", "village_code": village}
    so_far = (quarter.number % 4) + 1
    lake.submit(
        "household_roster",
        county,
        quarter,
        [
            {
                **place,
                "household_key": household,
                "head_person_key": persons[0],
                "household_type": "lifted",
                "household_size": len(persons),
                "registered_size": len(persons),
                "cultivated_land_mu": Decimal(2),
            }
        ],
    )
    lake.submit(
        "person_roster",
        county,
        quarter,
        [
            {
                **place,
                "household_key": household,
                "person_key": person,
                "relation_to_head": "head",
                "sex": "male",
                "birth_month": date(1980, 1, 1),
                "labour_ability": "ordinary",
            }
            for person in persons
        ],
    )
    lake.submit(
        "household_income_report",
        county,
        quarter,
        [
            {
                **place,
                "household_key": household,
                "household_size": len(persons),
                **{item: Decimal(amount * so_far) for item, amount in claims.items()},
                "production_cost": Decimal("0.58"),
            }
        ],
    )
    lake.submit(
        "county_measure_report",
        county,
        quarter,
        [{"county_code": county, "indicator_id": "M06-01", "value": Decimal(3)}],
    )


def _herd(household: str, sheep: int) -> Row:
    return {
        "county_code": HAIYUAN,
        "township_name": "某镇",
        "village_code": _village_of(HAIYUAN),
        "household_key": household,
        "beef_cattle": 0,
        "sheep": sheep,
        "pigs": 0,
        "poultry": 0,
        "is_able_to_develop": True,
    }


def _lease(household: str, paid: int, paid_on: date | None) -> Row:
    return {
        "county_code": HAIYUAN,
        "township_name": "某镇",
        "village_code": _village_of(HAIYUAN),
        "contract_no": "LZ1",
        "household_key": household,
        "area_mu": Decimal(1),
        "signed_on": date(2022, 3, 1),
        "rent_due": Decimal(paid),
        "rent_paid": Decimal(paid),
        "last_paid_on": paid_on,
    }


def _department_rows() -> dict[tuple[str, str], list[Row]]:
    pension = {"county_code": XINGQING, "person_key": "p1", "pension_kind": "resident"}
    rows: dict[tuple[str, str], list[Row]] = {
        ("deaths", "2023Q2"): [
            {"county_code": XINGQING, "person_key": "p1", "died_on": date(2023, 5, 20)}
        ],
        ("employment_records", "2023Q1"): [
            {
                "county_code": HAIYUAN,
                "person_key": "p3",
                "workplace_kind": "outside_province",
                "employment_channel": "self",
                "started_on": date(2023, 1, 1),
                "months_in_quarter": Decimal("2.5"),
                "monthly_wage": Decimal("4000.00"),
            }
        ],
    }
    for label, (paid, paid_on) in RENT.items():
        rows["land_transfers", label] = [_lease("b", paid, paid_on)]
    for quarter in quarters_between(FIRST, LAST.shift(-1)):
        month = quarter.end.replace(day=1)
        rows["pension_payments", quarter.label] = [
            {**pension, "pay_month": month, "amount": Decimal(450), "paid_on": quarter.end}
        ]
    return rows


def _village_of(county: str) -> str:
    with (Settings().seeds / "villages.csv").open(encoding="utf-8") as handle:
        return next(line.split(",")[0] for line in handle if line.startswith(county))
