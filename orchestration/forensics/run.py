"""Weigh the signals of a warehouse: read what dbt has aggregated, write what dbt reads next."""

from collections.abc import Mapping

import duckdb
import pandas as pd
import pyarrow as pa

from orchestration.forensics.assess import Assessment, assess
from orchestration.forensics.audit_list import audit_list
from orchestration.forensics.tables import TABLES
from orchestration.ingestion.lake import write_parquet
from orchestration.settings import Settings

_QUERIES = {
    "statistics": "select * from int_signal_statistics",
    "catalogue": "select * from signals",
    "exact": """
        select village_code as entity_id, quarter, count(*) as exact_findings
        from int_signal_findings
        where is_exact
        group by village_code, quarter
    """,
    "stakes": """
        select village_code as entity_id, quarter, cast(yuan_at_stake as double) as yuan_at_stake
        from int_village_stakes
    """,
    "answers": """
        select entity_type, entity_id, quarter, disposition, answered_quarter
        from int_lead_answers
        where entity_type = 'village'
    """,
}


def assess_warehouse(settings: Settings) -> Assessment:
    """Judge every signal of the warehouse; nothing is written."""
    with duckdb.connect(str(settings.warehouse), read_only=True) as connection:
        frames = {name: connection.sql(query).df() for name, query in _QUERIES.items()}
    return assess(**frames)


def write_assessment(settings: Settings, assessment: Assessment) -> Mapping[str, int]:
    """Write the guard's tables under ``lake/derived/guard/``; return their rows by table."""
    frames = {
        "signals": assessment.signals,
        "entities": assessment.entities,
        "counties": assessment.counties,
        "placebo": assessment.placebo,
        "calibration": assessment.calibration,
        "audit_list": audit_list(assessment.entities, settings.pseudonym_secret),
    }
    rows = {}
    for name, schema in TABLES.items():
        table = _typed(frames[name], schema)
        write_parquet(table, settings.lake / "derived" / "guard" / f"{name}.parquet")
        rows[name] = table.num_rows
    return rows


def _typed(frame: pd.DataFrame, schema: pa.Schema) -> pa.Table:
    """Return the frame as the declared columns, in an order that depends on the rows alone."""
    table = pa.table(
        {
            field.name: pa.Array.from_pandas(frame[field.name]).cast(field.type, safe=False)
            for field in schema
        }
    )
    keys = [field.name for field in schema if not pa.types.is_floating(field.type)]
    return table.sort_by([(key, "ascending") for key in keys])
