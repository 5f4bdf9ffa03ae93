select
    signal_id,
    entity_type,
    quarter,
    placebo_size,
    share_below_5_pct,
    uniformity_statistic,
    uniformity_p,
    is_drifting
from {{ guard_source(
    'placebo', {
        'signal_id': 'varchar',
        'entity_type': 'varchar',
        'quarter': 'date',
        'placebo_size': 'integer',
        'share_below_5_pct': 'double',
        'uniformity_statistic': 'double',
        'uniformity_p': 'double',
        'is_drifting': 'boolean'
    }
) }}
