"""A home with a few marts, as dbt leaves them, and the ledger they were made from."""

from datetime import date, datetime
from pathlib import Path

import duckdb
import pyarrow as pa

from orchestration.ingestion.lake import SUBMISSIONS_SCHEMA, submissions_file, write_parquet
from orchestration.settings import Settings


def write_ledger(settings: Settings, sha256: str = "a" * 64, *later: dict[str, object]) -> None:
    row = dict.fromkeys(SUBMISSIONS_SCHEMA.names) | {
        "submission_id": "household_income_report__640522__2024Q3__v1",
        "dataset": "household_income_report",
        "sender": "640522",
        "quarter": date(2024, 7, 1),
        "submission_version": 1,
        "file_sha256": sha256,
        "received_at": datetime(2024, 10, 8, 9, 30),
        "outcome": "accepted",
        "contract_version": "1.0.0",
        "is_current": True,
    }
    write_parquet(
        pa.Table.from_pylist([row, *(row | other for other in later)], schema=SUBMISSIONS_SCHEMA),
        submissions_file(settings),
    )


def write_warehouse(settings: Settings, households: int = 500, *extra: str) -> None:
    settings.warehouse.parent.mkdir(parents=True, exist_ok=True)
    settings.warehouse.unlink(missing_ok=True)
    with duckdb.connect(str(settings.warehouse)) as connection:
        for statement in (
            "create schema marts",
            "create table int_private as select 1 as person_key",
            f"""create table marts.fct_household_income as
            select 'h' || (i * 7919 % {households}) as household_key, date '2024-07-01' as quarter,
            (i * 131 % 9000)::decimal(18, 2) / 4 as net_income_reported
            from range({households}) r(i)""",  # noqa: S608
            "create table marts.dim_county as "
            "select '640522' as county_code, '海原县' as county_name",
            "comment on table marts.dim_county is '县（市、区）'",
            "comment on column marts.dim_county.county_name is '县名，不含上级'",
            *extra,
        ):
            connection.execute(statement)


def tree(folder: Path) -> dict[str, bytes]:
    """All files below a folder with their bytes."""
    return {
        str(path.relative_to(folder.resolve())): path.read_bytes()
        for path in sorted(folder.resolve().rglob("*"))
        if path.is_file()
    }
