"""Receiving as Dagster sees it: files taken in, and the ledger as a table for dbt."""

from collections import Counter
from collections.abc import Callable, Mapping
from pathlib import Path

import dagster as dg

from orchestration.automation.due import line_state
from orchestration.automation.plots import table
from orchestration.contracts import Contract
from orchestration.ingestion.assets import lake_key
from orchestration.ingestion.lake import write_anchors
from orchestration.receiving.export import export_submissions
from orchestration.receiving.receive import receive_inbox
from orchestration.receiving.submission import Received, Unrecognised
from orchestration.settings import Settings

OnReceived = Callable[[Path], None]
"""Called after every inbox file, so that a command can show how far it is."""

SUBMISSIONS_KEY = dg.AssetKey(["ledger", "submissions"])
MADE_FROM = "made_from"
"""Metadata of the ledger's table: the state of ledger and code that it was written from."""
_LISTED = 50


def build_receiving_assets(
    settings: Settings, contracts: Mapping[str, Contract], on_received: OnReceived | None = None
) -> list[dg.AssetsDefinition]:
    """Return ``received_submissions`` and the ledger's table."""

    @dg.asset(
        group_name="receiving",
        description=(
            "**收件 — files taken in from the inbox.** Every file is recognised (dataset, sender, "
            "quarter), archived byte for byte and written into the ledger. A file that nobody can "
            "place is kept and answered with the reason, never lost."
        ),
        owners=["team:receiving"],
        kinds={"python", "excel"},
    )
    def received_submissions() -> dg.MaterializeResult:
        records = receive_inbox(settings, contracts, on_done=on_received)
        kinds = Counter(type(record).__name__.lower() for record in records)
        unrecognised = [record for record in records if isinstance(record, Unrecognised)]
        late = [record for record in records if isinstance(record, Received)]
        return dg.MaterializeResult(
            metadata={
                "files": len(records),
                "received": kinds["received"],
                "late": sum(not record.is_on_time for record in late),
                "duplicates": kinds["duplicate"],
                "unrecognised": kinds["unrecognised"],
                "unrecognised_files": table(
                    {"file": record.file_name, "reason_zh": record.reason_zh}
                    for record in unrecognised[:_LISTED]
                ),
                "ledger": dg.MetadataValue.path(str(settings.ledger_file)),
                "receipts": dg.MetadataValue.path(str(settings.receipts)),
            }
        )

    @dg.asset(
        key=SUBMISSIONS_KEY,
        deps=[received_submissions, *map(lake_key, contracts)],
        group_name="ledger",
        description=(
            "**报送台账 — the ledger of submissions as a table.** One row per file: who sent what "
            "for which quarter, when, whether in time, what became of it, and which version counts."
        ),
        owners=["team:receiving"],
        kinds={"python", "parquet"},
    )
    def submissions() -> dg.MaterializeResult:
        made_from = line_state(settings)
        write_anchors(settings, dict(contracts))
        table = export_submissions(settings)
        outcomes = Counter(table["outcome"].to_pylist())
        return dg.MaterializeResult(
            metadata={
                "dagster/row_count": table.num_rows,
                MADE_FROM: made_from,
                **{f"outcome_{name}": count for name, count in sorted(outcomes.items())},
            }
        )

    return [received_submissions, submissions]
