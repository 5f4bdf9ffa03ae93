"""What judging a file costs over merely reading its cells, on one county's household reports."""

import csv
import statistics
import tempfile
import time
from datetime import datetime
from pathlib import Path
from typing import Any

import xlsxwriter
from python_calamine import CalamineWorkbook

from benchmarks.measure import write
from orchestration.calendar import Quarter
from orchestration.contracts import Contract, load_contracts
from orchestration.ingestion.judge import judge
from orchestration.receiving.ledger import Received
from orchestration.settings import PROJECT_ROOT, Settings

ROWS = 20_000
ROUNDS = 3
COUNTY = "640522"


def ratio() -> dict[str, Any]:
    """Median seconds of reading and of judging the same file, interleaved, and their ratio."""
    contract = load_contracts()["household_income_report"]
    quarter = Quarter.parse("2024Q3")
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / f"household_income_report__{COUNTY}__2024Q3.xlsx"
        _write(file, contract)
        settings = Settings(home=Path(folder), pseudonym_key="benchmark")
        received = Received(
            submission_id=f"household_income_report__{COUNTY}__2024Q3__v1",
            dataset=contract.dataset,
            sender=COUNTY,
            quarter=quarter,
            version=1,
            file_name=file.name,
            file_sha256="0" * 64,
            received_at=datetime(2024, 10, 8),
            is_on_time=True,
        )
        seconds: dict[str, list[float]] = {"read": [], "judge": []}
        for _ in range(ROUNDS):
            started = time.perf_counter()
            CalamineWorkbook.from_path(str(file)).get_sheet_by_index(0).to_python()
            seconds["read"].append(time.perf_counter() - started)
            started = time.perf_counter()
            judgement, accepted, _ = judge(file, received, contract, settings)
            seconds["judge"].append(time.perf_counter() - started)
    if judgement.rows_quarantined or accepted.num_rows != ROWS:
        raise RuntimeError(f"the benchmark's file has faults: {judgement.faults[:3]}")
    medians = {name: statistics.median(values) for name, values in seconds.items()}
    result = {
        "rows": ROWS,
        "columns": len(contract.columns),
        "rounds": ROUNDS,
        "median_seconds": {name: round(value, 2) for name, value in medians.items()},
        "judge_over_read": round(medians["judge"] / medians["read"], 2),
    }
    write("ingestion", result)
    return result


def _write(file: Path, contract: Contract) -> None:
    with (PROJECT_ROOT / "seeds" / "villages.csv").open(encoding="utf-8") as handle:
        villages = [row for row in csv.DictReader(handle) if row["county_code"] == COUNTY]
    columns = contract.columns
    with xlsxwriter.Workbook(str(file), {"constant_memory": True}) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, [column.header for column in columns])
        for number in range(ROWS):
            village = villages[number % len(villages)]
            wage, cost, size = 20_000 + number % 997, 1_000 + number % 89, 1 + number % 6
            known: dict[str, object] = {
                "county_code": village["county_name"],
                "township_name": village["township_name"],
                "village_code": village["village_name"],
                "household_key": f"HH{number:08}",
                "household_size": size,
                "wage_local": wage,
                "wage_income": wage,
                "total_income": wage,
                "production_cost": cost,
                "net_income": wage - cost,
                "per_capita_net_income": round((wage - cost) / size, 2),
            }
            cells = [
                known.get(column.name, 0 if column.kind == "decimal" else None)
                for column in columns
            ]
            sheet.write_row(number + 1, 0, cells)
