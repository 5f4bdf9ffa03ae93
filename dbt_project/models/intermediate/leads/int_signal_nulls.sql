{{ config(materialized='view') }}
-- Whether the null of each signal still held in each quarter.
select
    signal_id,
    entity_type,
    quarter,
    placebo_size,
    share_below_5_pct,
    uniformity_statistic,
    uniformity_p,
    is_drifting
from {{ ref('stg_guard_placebo') }}
