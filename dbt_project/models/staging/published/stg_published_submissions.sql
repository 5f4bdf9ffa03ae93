select
    submission_id,
    is_current
from {{ published_source(
    'fct_submissions', {'submission_id': 'varchar', 'is_current': 'boolean'}
) }}
where submission_id is not null
