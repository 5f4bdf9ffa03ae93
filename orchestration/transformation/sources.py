"""dbt's view of the contracts: sources, staging models, who owns them, the seed of datasets.

What a contract says of a column is written once, in the contract; this module copies it into the
files that dbt reads. ``python -m orchestration.transformation.sources`` renews them, and a test
fails when they differ from the contracts. The staging SQL itself is written by hand.
"""

import csv
import io
from collections import defaultdict
from pathlib import Path
from typing import Any

import yaml

from orchestration.contracts import Column, Contract, load_contracts
from orchestration.receiving.senders import load_senders
from orchestration.settings import PROJECT_ROOT

STAGING = Path("dbt_project/models/staging")
SOURCES_FILE = STAGING / "_sources.yml"
DATASETS_FILE = Path("seeds/datasets.csv")
GROUPS_FILE = Path("dbt_project/models/_groups.yml")

_HEADER = "# Written by `python -m orchestration.transformation.sources` from the contracts.\n"
_COUNTIES_ZH = "各县（市、区）人民政府"
_MONITORING_OFFICE = ("monitoring_office", "增收监测办公室")
_QUARTER = "Quarter that the submission is for, as its first day."
_PROVENANCE = {
    "submission_id": "Submission that the row came with: dataset, sender, quarter and version.",
    "sender": "Who sent it: a county code or a department id.",
    "submission_version": "Version of the submission; the newest accepted one is current.",
    "source_file": "Name of the file as it was received.",
    "source_sha256": "SHA-256 of the file's bytes; names it in landing/.",
    "source_sheet": "Sheet of the file that the row was read from.",
    "source_row": "Row of that sheet, counted from 1.",
    "contract_version": "Version of the contract that the row was read by.",
}
_SUBMISSION_COLUMNS = {
    "submission_id": "Submission: dataset, sender, quarter and version.",
    "dataset": "Dataset that the file was recognised as; empty if it was not recognised.",
    "sender": "Who sent it: a county code or a department id.",
    "quarter": "Quarter that the file is for, as its first day.",
    "submission_version": "Version within dataset, sender and quarter, counted from 1.",
    "file_name": "Name of the file as it was received.",
    "file_sha256": "SHA-256 of the file's bytes; names it in landing/.",
    "received_at": "When the file was complete in the inbox (Asia/Shanghai).",
    "is_on_time": "Whether it was received by the contract's deadline.",
    "outcome": "What receiving and ingestion decided.",
    "rows_read": "Rows read from the file (行).",
    "rows_accepted": "Rows that went on into the lake (行).",
    "rows_quarantined": "Rows set aside because of a fault (行).",
    "cells_repaired": "Cells mended by rule (个).",
    "is_control_total_matched": "Whether every stated total equals its rows; empty if none stated.",
    "rejection_rule": "Rule by which the whole file was refused.",
    "rejection_reason_zh": "Why it was refused, as the receipt says it.",
    "contract_version": "Version of the contract that it was judged by.",
    "is_current": "Whether this is the version whose rows count.",
}
_TOTAL_COLUMNS = {
    name: _SUBMISSION_COLUMNS[name]
    for name in ("submission_id", "dataset", "sender", "quarter", "submission_version")
} | {"figure": "Mean of the dataset's control figure over the version's rows (元)."}
_REPLACED_COLUMNS = {
    "household_key": "Household, as a keyed hash of its number in the monitoring system.",
    "county_code": "County by its six-digit division code.",
    "village_code": "Administrative village by its twelve-digit statistical code.",
    "net_income": "Net income that the replaced version stated (元), income year to date.",
    **{
        name: _PROVENANCE[name]
        for name in (
            "submission_id",
            "sender",
            "submission_version",
            "source_sheet",
            "source_row",
        )
    },
    "quarter": _QUARTER,
}
_QUARANTINE_COLUMNS = {
    **_PROVENANCE,
    "column_name": "Column at fault, by its canonical name; empty if the whole row is.",
    "column_header": "Header of that column as contracts write it.",
    "cell_value": "Value at fault, identity numbers masked.",
    "rule": "Rule that the value breaks.",
    "reason_zh": "Why the row was set aside, as the receipt says it.",
    "remedy_zh": "How to mend it, as the receipt says it.",
    "row_values": "The whole row as JSON, identity numbers masked.",
    "quarter": _QUARTER,
}


def generated_files(contracts: dict[str, Contract]) -> dict[Path, str]:
    """Return the text of every generated file by its path below the project root."""
    files = {
        SOURCES_FILE: _yaml(_sources(contracts)),
        DATASETS_FILE: _datasets(contracts),
        GROUPS_FILE: _yaml(_groups(contracts)),
    }
    by_department: dict[str, list[Contract]] = defaultdict(list)
    for contract in contracts.values():
        by_department[contract.department].append(contract)
    for department, members in by_department.items():
        models = [_model(contract) for contract in members]
        path = STAGING / department / f"_{department}.yml"
        files[path] = _yaml({"version": 2, "models": models})
    files[STAGING / "receiving" / "_receiving.yml"] = _yaml(
        {"version": 2, "models": _receiving_models()}
    )
    return files


def main() -> None:
    """Write the generated files into the project."""
    for path, text in generated_files(load_contracts()).items():
        file = PROJECT_ROOT / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8")


def _sources(contracts: dict[str, Contract]) -> dict[str, Any]:
    tables = [
        {
            "name": contract.dataset,
            "description": f"{contract.title}. {contract.purpose}",
            "config": {"meta": _asset_key("lake", contract.dataset)},
            "columns": _columns(contract),
        }
        for contract in contracts.values()
    ]
    return {
        "version": 2,
        "sources": [
            {
                "name": "accepted",
                "description": "Accepted rows of every dataset: Parquet by quarter and sender.",
                "tables": tables,
            },
            {
                "name": "quarantine",
                "description": "Rows that ingestion set aside, with rule and reason.",
                "tables": [
                    {
                        "name": "rows",
                        "description": "One row per fault, over all datasets.",
                        "config": {"meta": _asset_key("lake", "quarantine")},
                        "columns": _described(_QUARANTINE_COLUMNS),
                    }
                ],
            },
            {
                "name": "ledger",
                "description": "The ledger of submissions, exported for reading.",
                "tables": [
                    {
                        "name": "submissions",
                        "description": "One row per file received.",
                        "config": {"meta": _asset_key("ledger", "submissions")},
                        "columns": _described(_SUBMISSION_COLUMNS),
                    }
                ],
            },
        ],
    }


def _groups(contracts: dict[str, Contract]) -> dict[str, Any]:
    """Name the owner of every group: the department that sends, the office that computes."""
    names = load_senders(PROJECT_ROOT / "seeds").departments
    owners = {contract.department: _COUNTIES_ZH for contract in contracts.values()} | names
    return {
        "version": 2,
        "groups": [
            {"name": group, "owner": {"name": owner}}
            for group, owner in [*sorted(owners.items()), _MONITORING_OFFICE]
        ],
    }


def _asset_key(*parts: str) -> dict[str, Any]:
    return {"dagster": {"asset_key": list(parts)}}


def _model(contract: Contract) -> dict[str, Any]:
    """Describe one staging model; its merged test holds what the contract calls required."""
    required = [column.name for column in contract.stored_columns if column.is_required]
    return {
        "name": f"stg_{contract.dataset}",
        "description": (
            f"{contract.title}: {contract.grain}; current submissions only. {contract.purpose}"
        ),
        "config": {"group": contract.department, "meta": {"department": contract.department}},
        "data_tests": [
            {
                "rules": {
                    "name": f"stg_{contract.dataset}_rules",
                    "arguments": {"not_null": ["quarter", "submission_id", *required]},
                }
            }
        ],
        "columns": _columns(contract),
    }


def _receiving_models() -> list[dict[str, Any]]:
    return [
        {
            "name": "stg_submissions",
            "description": "One row per file received, unrecognised and duplicate files included.",
            "columns": _described(_SUBMISSION_COLUMNS),
        },
        {
            "name": "stg_submission_totals",
            "description": (
                "One row per accepted version of the files that incomes rest on, replaced ones too."
            ),
            "columns": _described(_TOTAL_COLUMNS),
        },
        {
            "name": "stg_replaced_reports",
            "description": (
                "One row per household and version of the income report that a later one replaced."
            ),
            "columns": _described(_REPLACED_COLUMNS),
        },
        {
            "name": "stg_quarantined_rows",
            "description": "One row per fault for which ingestion set a row aside.",
            "columns": _described(_QUARANTINE_COLUMNS),
        },
    ]


def _columns(contract: Contract) -> list[dict[str, Any]]:
    stored = [
        {"name": column.name, "description": _description(column)}
        for column in contract.stored_columns
    ]
    return [*stored, *_described({**_PROVENANCE, "quarter": _QUARTER})]


def _description(column: Column) -> str:
    unit = f" [{column.unit}]" if column.unit else ""
    return f"{column.header}{unit}: {column.description}"


def _described(descriptions: dict[str, str]) -> list[dict[str, Any]]:
    return [{"name": name, "description": text} for name, text in descriptions.items()]


def _datasets(contracts: dict[str, Contract]) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(
        [
            "dataset",
            "title_zh",
            "department_id",
            "senders",
            "accumulation",
            "deadline_days",
            "valid_from",
            "valid_until",
            "contract_version",
        ]
    )
    for contract in contracts.values():
        writer.writerow(
            [
                contract.dataset,
                contract.title,
                contract.department,
                "|".join(contract.senders),
                contract.accumulation,
                contract.deadline_days,
                contract.valid_from.key,
                contract.valid_until.key if contract.valid_until else "",
                contract.version,
            ]
        )
    return text.getvalue()


def _yaml(document: dict[str, Any]) -> str:
    return _HEADER + yaml.safe_dump(
        document, allow_unicode=True, sort_keys=False, width=100, default_flow_style=False
    )


if __name__ == "__main__":
    main()
