-- A register that misses one quarter cannot support a year-to-date figure from then on: the to-date
-- flags say whether every quarter of the year, or of the plan's two years, is there so far, the
-- flag of four quarters whether those up to this one are, as far as the dataset was due in them.
with filings as (
    select
        dataset,
        quarter,
        count(*) as senders_expected,
        count(current_submission_id) as senders_filed
    from {{ ref('int_expected_submissions') }}
    group by dataset, quarter
),

by_quarter as (
    select
        filings.*,
        quarters.calendar_year,
        quarters.calendar_quarter,
        quarters.income_year,
        quarters.income_year_quarter,
        case when filings.senders_filed = filings.senders_expected then 1 else 0 end as filed
    from filings
    inner join {{ ref('int_quarters') }} as quarters
        on filings.quarter = quarters.quarter
)

select
    dataset,
    quarter,
    senders_expected,
    senders_filed,
    filed = 1 as is_filed,
    income_year_quarter = sum(filed) over (
        partition by dataset, income_year order by quarter
    ) as is_filed_income_year_to_date,
    calendar_quarter = sum(filed) over (
        partition by dataset, calendar_year order by quarter
    ) as is_filed_calendar_year_to_date,
    min(filed) over (
        partition by dataset order by quarter rows between 3 preceding and current row
    ) = 1 as is_filed_four_quarters,
    quarter >= '{{ var("plan_start") }}'
    and bool_and(filed = 1 or quarter < '{{ var("plan_start") }}') over (
        partition by dataset order by quarter
    ) as is_filed_plan_period_to_date
from by_quarter
