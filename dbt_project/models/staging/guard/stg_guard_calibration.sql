select
    quarter,
    bin,
    method,
    labels,
    leads,
    expected_share,
    confirmed_share,
    lower,
    upper
from {{ guard_source(
    'calibration', {
        'quarter': 'date',
        'bin': 'integer',
        'method': 'varchar',
        'labels': 'integer',
        'leads': 'integer',
        'expected_share': 'double',
        'confirmed_share': 'double',
        'lower': 'double',
        'upper': 'double'
    }
) }}
