select
    signal_id,
    entity_type,
    quarter,
    placebo_size,
    share_below_5_pct,
    uniformity_statistic,
    uniformity_p,
    is_drifting
from {{ ref('int_signal_nulls') }}
