select
    figure,
    subject,
    county_code,
    quarter,
    value_kind,
    from_publication,
    to_publication,
    change_kind,
    unit_zh,
    old_value,
    new_value,
    difference,
    cast(causing_submission_count as integer) as causing_submission_count,
    causing_submissions
from {{ ref('int_restatements') }}
