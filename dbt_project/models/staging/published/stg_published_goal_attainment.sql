select
    goal_id,
    quarter,
    county_code,
    value_reported,
    value_recomputed,
    value_verified
from {{ published_source('fct_goal_attainment', {
    'goal_id': 'varchar',
    'quarter': 'date',
    'county_code': 'varchar',
    'value_reported': 'decimal(18, 6)',
    'value_recomputed': 'decimal(18, 6)',
    'value_verified': 'decimal(18, 6)',
}) }}
