select
    indicator_id,
    quarter,
    county_code,
    reported,
    recomputed,
    verified
from {{ published_source('fct_measure_completion', {
    'indicator_id': 'varchar',
    'quarter': 'date',
    'county_code': 'varchar',
    'reported': 'decimal(18, 4)',
    'recomputed': 'decimal(18, 4)',
    'verified': 'decimal(18, 4)',
}) }}
