select
    county_code,
    quarter,
    villages,
    higher_criticism,
    p_value,
    affected_share
from {{ guard_source(
    'counties', {
        'county_code': 'varchar',
        'quarter': 'date',
        'villages': 'integer',
        'higher_criticism': 'double',
        'p_value': 'double',
        'affected_share': 'double'
    }
) }}
