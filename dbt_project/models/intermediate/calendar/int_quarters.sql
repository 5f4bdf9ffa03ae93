-- Quarters for which something counts: from the first to the newest with a current submission.
select
    quarter,
    label,
    quarter_end,
    calendar_year,
    calendar_quarter,
    income_year,
    income_year_start,
    income_year_quarter,
    is_income_year_end,
    cast(quarter - interval 1 year as date) as quarter_one_year_before
from {{ ref('quarters') }}
where quarter <= (
    select max(submissions.quarter)
    from {{ ref('stg_submissions') }} as submissions
    where submissions.is_current
)
