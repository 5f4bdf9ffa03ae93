"""A department's new dataset takes one contract file and one staging model, and no Python."""

import json
import os
import shutil
import subprocess
import sys
from datetime import datetime
from pathlib import Path

import duckdb
import pytest
from xlsxwriter import Workbook

from orchestration.receiving.ledger import SHANGHAI
from orchestration.settings import PROJECT_ROOT

PARTS = (
    "orchestration",
    "dbt_project",
    "seeds",
    "expectations",
    "pyproject.toml",
    "dagster.yaml",
)
GENERATOR = "orchestration.transformation.sources"
OTHERS = ("--scale", "0.0005", "--from", "2024Q3", "--to", "2024Q3")
"""What the other departments send: a line without a household is not computed to its end."""

SUBMISSION = "e_commerce_stations__commerce__2024Q3__v1"

CONTRACT = """\
# 电商服务站建设运营情况表: one row per station and quarter.
apiVersion: v3.1.0
kind: DataContract
id: e_commerce_stations
name: 电商服务站建设运营情况表
version: 1.0.0
status: active
domain: commerce
description:
  purpose: 'Stations that sell what villages grow: measure 5.'
schema:
  - name: e_commerce_stations
    physicalType: table
    businessName: 电商服务站建设运营情况表
    dataGranularityDescription: one row per station and quarter
    properties:
      - name: county_code
        businessName: 县（市、区）
        logicalType: string
        physicalType: varchar
        description: County by its six-digit division code.
        required: true
        synonyms: [{synonym: 所在县}]
        customProperties: [{property: codeList, value: county}]
      - name: station_no
        businessName: 站点编号
        logicalType: string
        physicalType: varchar
        description: Station by its number.
        required: true
        primaryKey: true
        primaryKeyPosition: 1
      - name: station_state
        businessName: 运营状态
        logicalType: string
        physicalType: varchar
        description: Whether the station runs.
        required: true
        enum:
          - {value: running, label: 正常运营}
          - {value: closed, label: 停止运营}
      - name: opened_on
        businessName: 开业日期
        logicalType: date
        physicalType: date
        description: Day of the opening.
        required: false
      - name: online_sales
        businessName: 网络零售额
        logicalType: number
        physicalType: decimal(18,2)
        description: 'Sold online since 1 January, in yuan.'
        required: true
        logicalTypeOptions: {minimum: 0, maximum: 100000000}
        synonyms: [{synonym: 线上销售额}]
        customProperties:
          - {property: unit, value: 元}
          - {property: controlTotal, value: true}
slaProperties:
  - {property: frequency, value: 1, unit: quarter}
  - {property: latency, value: 20, unit: d}
customProperties:
  - {property: senders, value: [commerce]}
  - {property: measures, value: [5]}
  - {property: accumulation, value: snapshot}
  - {property: fileTitles, value: [电商服务站建设运营情况表, 电商服务站台账]}
  - {property: validFrom, value: 2022Q4}
"""

STAGING_MODEL = """\
select
    county_code,
    station_no,
    station_state,
    opened_on,
    online_sales,
    submission_id,
    sender,
    submission_version,
    source_file,
    source_sha256,
    source_sheet,
    source_row,
    contract_version,
    cast(quarter as date) as quarter
from {{ current_rows('e_commerce_stations') }} as submitted
"""

HEADERS = ("序号", "所在县", "站点编号", "运营状态", "开业日期", "线上销售额（万元）")
GOOD = [
    ("海原县", "DS640522001", "正常运营", datetime(2021, 5, 18), 36.5),
    ("西吉县", "DS640422007", "正常运营", datetime(2020, 11, 2), 12.08),
    ("盐池县", "DS640323002", "停止运营", None, 0),
    ("红寺堡区", "DS640303004", "正常运营", datetime(2022, 3, 9), 120),
    ("同心县", "DS640324011", "正常运营", datetime(2023, 8, 30), 8.8),
]
FAULTY = ("隆德县", "DS640423003", "正常运营", datetime(2022, 6, 1), "待核实")
FAULTY_ROW = 7
"""Where the faulty row stands on the sheet: after three rows of head and three good stations."""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A copy of the project with the two new files in it."""
    project = tmp_path / "project"
    project.mkdir()
    ignored = shutil.ignore_patterns("target", "logs", "__pycache__", "var")
    for part in PARTS:
        if (PROJECT_ROOT / part).is_dir():
            shutil.copytree(PROJECT_ROOT / part, project / part, ignore=ignored)
        else:
            shutil.copy2(PROJECT_ROOT / part, project / part)
    contract = project / "orchestration/contracts/commerce/e_commerce_stations.yaml"
    contract.write_text(CONTRACT, "utf-8")
    model = project / "dbt_project/models/staging/commerce/stg_e_commerce_stations.sql"
    model.write_text(STAGING_MODEL, "utf-8")
    return project


def in_project(project: Path, *arguments: str) -> str:
    """Run Python on the copy, with a home beside it; return what it printed."""
    home = project.parent / "var"
    done = subprocess.run(
        [sys.executable, *arguments],
        cwd=project,
        env={
            **os.environ,
            "PYTHONPATH": str(project),
            "ZENGSHOU_HOME": str(home),
            "DAGSTER_HOME": str(home / "dagster"),
        },
        check=False,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def drop_file(inbox: Path) -> None:
    """Put a workbook into the inbox as a clerk would send it: merged titles, figures in 万元."""
    file = inbox / "自治区商务厅2024年第三季度电商服务站台账（报送）.xlsx"
    with Workbook(str(file)) as book:
        sheet = book.add_worksheet("台账")
        date = book.add_format({"num_format": "yyyy-mm-dd"})
        sheet.merge_range(0, 0, 0, len(HEADERS) - 1, "全区电商服务站建设运营情况表")
        sheet.merge_range(1, 0, 1, len(HEADERS) - 1, "填报单位：自治区商务厅　2024年第三季度")
        sheet.write_row(2, 0, HEADERS)
        stations = [*GOOD[:3], FAULTY, *GOOD[3:]]
        for number, (county, station, state, opened, sales) in enumerate(stations, 1):
            sheet.write_row(2 + number, 0, (number, county, station, state))
            if opened:
                sheet.write_datetime(2 + number, 4, opened, date)
            sheet.write(2 + number, 5, sales)
    moment = datetime(2024, 10, 9, 10, 0, tzinfo=SHANGHAI).timestamp()
    os.utime(file, (moment, moment))


def test_one_contract_and_one_staging_model_are_a_new_dataset(project: Path) -> None:
    home = project.parent / "var"
    in_project(project, "-m", GENERATOR)
    in_project(project, "-m", "orchestration.cli", "simulate", *OTHERS)
    drop_file(home / "inbox")
    in_project(project, "-m", "orchestration.cli", "run")

    receipt = (home / "receipts" / "2024Q3" / f"{SUBMISSION}.txt").read_text("utf-8-sig")
    assert "电商服务站建设运营情况表" in receipt
    assert f"第{FAULTY_ROW}行" in receipt
    assert "待核实" in receipt

    with duckdb.connect(str(home / "warehouse" / "zengshou.duckdb"), read_only=True) as warehouse:
        filed = warehouse.execute(
            """
            select department_id, status, outcome, rows_accepted, rows_quarantined
            from fct_submissions where submission_id = ?
            """,
            [SUBMISSION],
        ).fetchall()
        stations = warehouse.execute(
            "select station_no, county_code, online_sales from stg_e_commerce_stations"
        ).fetchall()
    assert filed == [("commerce", "filed", "accepted_with_quarantine", 5, 1)]
    assert {number: float(sales) for number, _, sales in stations} == {
        station: pytest.approx(sales * 10_000) for _, station, _, _, sales in GOOD
    }
    assert dict(row[:2] for row in stations)["DS640522001"] == "640522"

    assert "lake/e_commerce_stations" in assets_of(project)


def assets_of(project: Path) -> set[str]:
    """Return the assets of the copy's Dagster graph."""
    listed = in_project(
        project,
        "-c",
        "import json\n"
        "from orchestration.definitions import build_definitions\n"
        "from orchestration.settings import Settings\n"
        "graph = build_definitions(Settings()).resolve_asset_graph()\n"
        "print(json.dumps([key.to_user_string() for key in graph.materializable_asset_keys]))\n",
    )
    return set(json.loads(listed.splitlines()[-1]))
