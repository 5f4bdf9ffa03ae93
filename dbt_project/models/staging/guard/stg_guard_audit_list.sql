select
    quarter,
    position,
    village_code,
    county_code,
    selection
from {{ guard_source(
    'audit_list', {
        'quarter': 'date',
        'position': 'integer',
        'village_code': 'varchar',
        'county_code': 'varchar',
        'selection': 'varchar'
    }
) }}
