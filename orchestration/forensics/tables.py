"""The tables that the guard writes for dbt, under ``lake/derived/guard/``: names and types only."""

import pyarrow as pa

TABLES: dict[str, pa.Schema] = {
    "signals": pa.schema(
        {
            "signal_id": pa.string(),
            "item": pa.string(),
            "entity_type": pa.string(),
            "entity_id": pa.string(),
            "county_code": pa.string(),
            "quarter": pa.date32(),
            "statistic": pa.float64(),
            "own_history": pa.float64(),
            "change": pa.float64(),
            "null_quantile": pa.float64(),
            "threshold": pa.float64(),
            "sample_size": pa.int32(),
            "placebo_size": pa.int32(),
            "p_value": pa.float64(),
            "q_value": pa.float64(),
            "q_by": pa.float64(),
            "false_alarm_rate": pa.float64(),
            "assessment": pa.string(),
            "is_flagged": pa.bool_(),
            "stratum": pa.string(),
            "evidence_zh": pa.string(),
        }
    ),
    "entities": pa.schema(
        {
            "entity_type": pa.string(),
            "entity_id": pa.string(),
            "county_code": pa.string(),
            "quarter": pa.date32(),
            "families_assessed": pa.int32(),
            "families_fired": pa.string(),
            "combined_p": pa.float64(),
            "q_value": pa.float64(),
            "q_by": pa.float64(),
            "leading_signal": pa.string(),
            "leading_item": pa.string(),
            "mechanism": pa.string(),
            "exact_findings": pa.int32(),
            "wording": pa.string(),
            "is_flagged": pa.bool_(),
            "flagged_by": pa.string(),
            "risk_score": pa.float64(),
            "probability": pa.float64(),
            "yuan_at_stake": pa.decimal128(18, 2),
            "expected_yuan": pa.decimal128(18, 2),
        }
    ),
    "counties": pa.schema(
        {
            "county_code": pa.string(),
            "quarter": pa.date32(),
            "villages": pa.int32(),
            "higher_criticism": pa.float64(),
            "p_value": pa.float64(),
            "affected_share": pa.float64(),
        }
    ),
    "placebo": pa.schema(
        {
            "signal_id": pa.string(),
            "entity_type": pa.string(),
            "quarter": pa.date32(),
            "placebo_size": pa.int32(),
            "share_below_5_pct": pa.float64(),
            "uniformity_statistic": pa.float64(),
            "uniformity_p": pa.float64(),
            "is_drifting": pa.bool_(),
        }
    ),
    "audit_list": pa.schema(
        {
            "quarter": pa.date32(),
            "position": pa.int32(),
            "village_code": pa.string(),
            "county_code": pa.string(),
            "selection": pa.string(),
        }
    ),
    "calibration": pa.schema(
        {
            "quarter": pa.date32(),
            "bin": pa.int32(),
            "method": pa.string(),
            "labels": pa.int32(),
            "leads": pa.int32(),
            "expected_share": pa.float64(),
            "confirmed_share": pa.float64(),
            "lower": pa.float64(),
            "upper": pa.float64(),
        }
    ),
}
"""By table: columns as the staging models ``stg_guard_*`` read them."""
