-- From when on records count towards an indicator's figure of a quarter, and whether the register
-- is complete for that time. Events add up: over the calendar year, or over the plan's two years. A
-- register that is a state, or that is cumulative itself, stands alone in each quarter.
with windows as (
    select
        indicators.indicator_id,
        indicators.record_dataset,
        quarters.quarter,
        quarters.calendar_year,
        indicators.calendar,
        case
            when datasets.accumulation <> 'in_period' or indicators.calendar = 'snapshot'
                then 'quarter'
            when indicators.calendar = 'plan_period' then 'plan_period'
            else 'calendar_year'
        end as window_kind
    from {{ ref('indicators') }} as indicators
    inner join {{ ref('datasets') }} as datasets
        on indicators.record_dataset = datasets.dataset
    cross join {{ ref('int_quarters') }} as quarters
)

select
    windows.indicator_id,
    windows.quarter,
    windows.window_kind <> 'quarter' as is_adding_up,
    case windows.window_kind
        when 'quarter' then windows.quarter
        when 'plan_period' then cast('{{ var("plan_start") }}' as date)
        else make_date(windows.calendar_year, 1, 1)
    end as window_start,
    case
        when windows.calendar = 'plan_period' and windows.quarter < '{{ var("plan_start") }}'
            then false
        when windows.window_kind = 'quarter' then coalesce(filings.is_filed, false)
        when windows.window_kind = 'plan_period'
            then coalesce(filings.is_filed_plan_period_to_date, false)
        else coalesce(filings.is_filed_calendar_year_to_date, false)
    end as is_on_record
from windows
left join {{ ref('int_dataset_filings') }} as filings
    on
        windows.record_dataset = filings.dataset
        and windows.quarter = filings.quarter
