select
    component,
    quarter,
    county_code,
    total_reported,
    total_recomputed,
    total_verified,
    per_capita_reported,
    per_capita_recomputed,
    per_capita_verified
from {{ published_source('fct_income_components', {
    'component': 'varchar',
    'quarter': 'date',
    'county_code': 'varchar',
    'total_reported': 'decimal(18, 2)',
    'total_recomputed': 'decimal(18, 2)',
    'total_verified': 'decimal(18, 2)',
    'per_capita_reported': 'decimal(18, 2)',
    'per_capita_recomputed': 'decimal(18, 2)',
    'per_capita_verified': 'decimal(18, 2)',
}) }}
