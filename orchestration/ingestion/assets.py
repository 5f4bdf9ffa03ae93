"""Ingestion as Dagster sees it: one asset per contract, partitioned by quarter.

What is here is presentation: keys, groups, owners, metadata, checks. Reading and judging files is
``partition.py``'s business.
"""

import warnings
from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import Path

import dagster as dg
import pyarrow.dataset as pads

from orchestration.automation.freshness import freshness_policy
from orchestration.automation.partitions import QUARTERS, quarters_in
from orchestration.automation.plots import bars, table
from orchestration.automation.runbooks import Runbook
from orchestration.calendar import Quarter
from orchestration.contracts import Column, Contract
from orchestration.ingestion.judgement import Judgement
from orchestration.ingestion.lake import PROVENANCE
from orchestration.ingestion.partition import ingest_partitions
from orchestration.receiving.export import current_submissions
from orchestration.receiving.ledger import Ledger
from orchestration.receiving.submission import Received
from orchestration.settings import Settings

OnJudged = Callable[[Judgement], None]
"""Called after every judged submission, so that a command can show how far it is."""

Record = dict[str, str | int]

_MEASURES = "自治区2024—2025年增收工作方案措施"
_ACCUMULATION = {
    "in_period": "figures of the quarter alone 当季数",
    "income_year_to_date": "cumulative from 1 October 收入年度累计数",
    "calendar_year_to_date": "cumulative from 1 January 自然年累计数",
    "snapshot": "the state at the end of the quarter 季末时点数",
}
_PREVIEW_ROWS = 5
_PREVIEW_COLUMNS = 8
_LISTED_SUBMISSIONS = 50
_NAMED = 5
_TABLE_TYPES = {"integer": "int", "decimal": "decimal", "boolean": "bool", "timestamp": "timestamp"}


def build_ingestion_assets(
    settings: Settings, contracts: Iterable[Contract], on_judged: OnJudged | None = None
) -> list[dg.AssetsDefinition]:
    """Return one asset per contract: the accepted rows of a dataset in the lake."""
    with warnings.catch_warnings():
        # The library marks backfill policies as beta; the project pins its minor version.
        warnings.simplefilter("ignore", dg.BetaWarning)
        # One reader for all: it reads only what was appended since it was last asked.
        ledger = Ledger(settings.ledger_file)
        return [_asset(settings, contract, ledger, on_judged) for contract in contracts]


def lake_key(dataset: str) -> dg.AssetKey:
    """Return the asset key of a dataset's accepted rows."""
    return dg.AssetKey(["lake", dataset])


def _asset(
    settings: Settings, contract: Contract, ledger: Ledger, on_judged: OnJudged | None
) -> dg.AssetsDefinition:
    key = lake_key(contract.dataset)

    @dg.asset(
        key=key,
        deps=["received_submissions"],
        group_name=f"ingestion_{contract.department}",
        description=_description(contract),
        owners=[f"team:{contract.department}"],
        kinds={"python", "parquet"},
        tags={"department": contract.department, "accumulation": contract.accumulation},
        metadata={
            "dagster/column_schema": _table_schema(contract),
            "contract": dg.MetadataValue.path(str(contract.path)),
            "runbook": Runbook.LATE_SUBMISSION.link,
            "deadline": f"{contract.deadline_days} days after the end of the quarter",
        },
        code_version=contract.version,
        partitions_def=QUARTERS,
        backfill_policy=dg.BackfillPolicy.single_run(),
        freshness_policy=freshness_policy(contract.deadline_days),
        check_specs=_check_specs(key, contract),
    )
    def accepted_rows(context: dg.AssetExecutionContext) -> dg.MaterializeResult:
        quarters = quarters_in(context.partition_keys)
        judgements = ingest_partitions(settings, ledger, contract.dataset, quarters, on_judged)
        state = _PartitionState(settings, contract, ledger, quarters)
        return dg.MaterializeResult(
            metadata={**state.metadata(), "judged_in_this_run": len(judgements)},
            check_results=state.check_results(key),
        )

    return accepted_rows


def _description(contract: Contract) -> str:
    measures = "、".join(str(measure) for measure in contract.measures)
    lines = [
        f"**{contract.title}**",
        contract.purpose,
        f"One row is: {contract.grain}. Figures are {_ACCUMULATION[contract.accumulation]}.",
        "Accepted rows, typed as the contract says, each with the file, sheet and row it came "
        "from; refused rows lie in quarantine and are answered with a receipt (回执).",
        f"Serves the plan's measures（{_MEASURES}）: {measures}." if measures else "",
    ]
    return "\n\n".join(line for line in lines if line)


def _check_specs(key: dg.AssetKey, contract: Contract) -> list[dg.AssetCheckSpec]:
    share = f"{contract.max_quarantine_share:.0%}"
    return [
        dg.AssetCheckSpec(
            "quarantine_share",
            asset=key,
            description=(
                f"退回与隔离：没有报送被整份退回，隔离行不超过{share}。"
                f" No submission was rejected and at most {share} of its rows were quarantined."
            ),
        ),
        dg.AssetCheckSpec(
            "control_totals",
            asset=key,
            description=(
                "合计核对：表内合计行与明细之和一致。"
                " Every total row equals the sum of the rows above it."
            ),
        ),
    ]


def _table_schema(contract: Contract) -> dg.TableSchema:
    columns = [
        dg.TableColumn(
            column.name,
            _TABLE_TYPES.get(column.kind, str(column.arrow_type)),
            description=f"{column.header}: {column.description}",
            constraints=dg.TableColumnConstraints(
                nullable=not column.is_required, other=_constraints(column)
            ),
            tags={"classification": column.classification},
        )
        for column in contract.stored_columns
    ]
    provenance = [dg.TableColumn(field.name, str(field.type)) for field in PROVENANCE]
    return dg.TableSchema(columns=[*columns, *provenance])


def _constraints(column: Column) -> list[str]:
    return [
        text
        for text in (
            "key" if column.is_key else "",
            f"unit {column.unit}" if column.unit else "",
            f">= {column.minimum:g}" if column.minimum is not None else "",
            f"<= {column.maximum:g}" if column.maximum is not None else "",
        )
        if text
    ]


class _PartitionState:
    """What ledger and lake say about some quarters of a dataset, whenever it was judged."""

    def __init__(
        self, settings: Settings, contract: Contract, ledger: Ledger, quarters: list[Quarter]
    ) -> None:
        self.settings = settings
        self.contract = contract
        self.quarters = quarters
        judged = ledger.judged()
        wanted = set(quarters)
        self._judged: list[tuple[Received, dict[str, object]]] = [
            (received, judged[received.submission_id])
            for received in ledger.received().values()
            if received.dataset == contract.dataset and received.submission_id in judged
        ]
        self.submissions = [item for item in self._judged if item[0].quarter in wanted]

    def metadata(self) -> dict[str, dg.MetadataValue | int | str]:
        rows = self._sum("rows_accepted")
        return {
            "dagster/row_count": rows,
            "dagster/partition_row_count": rows,
            "submissions": len(self.submissions),
            "rejected": self._count("outcome", "rejected"),
            "rows_read": self._sum("rows_read"),
            "rows_accepted": rows,
            "rows_quarantined": self._sum("rows_quarantined"),
            "cells_repaired": self._sum("cells_repaired"),
            "faults_by_rule": table(
                [
                    {"rule": rule, "faults": count}
                    for rule, count in self._faults_by_rule().most_common()
                ]
            ),
            "submission_list": table(self._listed()),
            "receipts": dg.MetadataValue.path(str(self._receipts())),
            "preview": table(self._preview()),
            "rows_by_quarter": self._plot(),
        }

    def check_results(self, key: dg.AssetKey) -> list[dg.AssetCheckResult]:
        rejected = [item for item in self._listed() if item["outcome"] == "rejected"]
        sent_back = [str(item["submission_id"]) for item in rejected]
        quarantined = [
            received.submission_id
            for received, judged in self.submissions
            if _int(judged["rows_quarantined"])
            > self.contract.max_quarantine_share * _int(judged["rows_read"])
        ]
        mismatched = [
            received.submission_id
            for received, judged in self.submissions
            if judged["is_control_total_matched"] is False
        ]
        return [
            dg.AssetCheckResult(
                check_name="quarantine_share",
                asset_key=key,
                passed=not rejected and not quarantined,
                severity=dg.AssetCheckSeverity.WARN,
                description=_verdict([*sent_back, *quarantined]),
                metadata={
                    "rejected": table(rejected),
                    "over_the_limit": len(quarantined),
                    "receipts": dg.MetadataValue.path(str(self._receipts())),
                    "runbook": Runbook.FILE_SENT_BACK.link,
                },
            ),
            dg.AssetCheckResult(
                check_name="control_totals",
                asset_key=key,
                passed=not mismatched,
                severity=dg.AssetCheckSeverity.WARN,
                description=_verdict(mismatched),
                metadata={
                    "submissions": table([{"submission_id": name} for name in mismatched]),
                    "receipts": dg.MetadataValue.path(str(self._receipts())),
                    "runbook": Runbook.CONTROL_TOTALS.link,
                },
            ),
        ]

    def _plot(self) -> dg.MetadataValue:
        """Rows that count, by quarter, over all quarters: a missing county shows as a step."""
        received = {item.submission_id: item for item, _ in self._judged}
        judged = {item.submission_id: judgement for item, judgement in self._judged}
        rows: Counter[Quarter] = Counter()
        for submission_id in current_submissions(received, judged):
            rows[received[submission_id].quarter] += _int(judged[submission_id]["rows_accepted"])
        quarters = sorted(rows)
        return bars(
            f"{self.contract.title}：各季接收行数 rows accepted",
            [quarter.label for quarter in quarters],
            {"行数 rows": [rows[quarter] for quarter in quarters]},
        )

    def _sum(self, field: str) -> int:
        return sum(_int(judged[field]) for _, judged in self.submissions)

    def _count(self, field: str, value: str) -> int:
        return sum(judged[field] == value for _, judged in self.submissions)

    def _listed(self) -> list[Record]:
        """The submissions to look at first: rejected ones, then those with quarantined rows."""
        order = {"rejected": 0, "accepted_with_quarantine": 1, "accepted": 2}
        records: list[Record] = [
            {
                "submission_id": received.submission_id,
                "outcome": str(judged["outcome"]),
                "rows_read": _int(judged["rows_read"]),
                "rows_quarantined": _int(judged["rows_quarantined"]),
                "reason_zh": str(judged["rejection_reason_zh"] or ""),
            }
            for received, judged in sorted(
                self.submissions, key=lambda item: (order[str(item[1]["outcome"])], item[0].quarter)
            )
        ]
        return records[:_LISTED_SUBMISSIONS]

    def _faults_by_rule(self) -> Counter[str]:
        folder = self.settings.quarantine / self.contract.dataset
        files = [
            str(file)
            for quarter in self.quarters
            for file in sorted((folder / f"quarter={quarter.key}").glob("*.parquet"))
        ]
        if not files:
            return Counter()
        return Counter(pads.dataset(files).to_table(["rule"])["rule"].to_pylist())

    def _receipts(self) -> Path:
        newest = max((received.quarter for received, _ in self.submissions), default=None)
        return self.settings.receipts / newest.label if newest else self.settings.receipts

    def _preview(self) -> list[Record]:
        """The first rows of the newest quarter, without anything that points at a person."""
        columns = [
            column.name
            for column in self.contract.stored_columns
            if column.kind not in ("person", "household") and column.classification != "personal"
        ][:_PREVIEW_COLUMNS]
        folder = self.settings.accepted / self.contract.dataset
        for quarter in sorted(self.quarters, reverse=True):
            files = sorted((folder / f"quarter={quarter.key}").glob("*.parquet"))
            if files:
                head = pads.dataset(str(files[0])).head(_PREVIEW_ROWS, columns=columns)
                return [{name: _text(row[name]) for name in columns} for row in head.to_pylist()]
        return []


def _verdict(submissions: Iterable[str]) -> str:
    """Say in Chinese and English which submissions a check is about, and who mends them."""
    named = sorted(set(submissions))
    if not named:
        return "全部符合 all met"
    more = f" 等{len(named)}份" if len(named) > _NAMED else ""
    return (
        f"{'、'.join(named[:_NAMED])}{more}：请报送单位按回执改正后重报 "
        "(the sender mends it as the receipt says, and sends it again)"
    )


def _text(value: object) -> str:
    return "" if value is None else str(value)


def _int(value: object) -> int:
    return int(str(value or 0))
