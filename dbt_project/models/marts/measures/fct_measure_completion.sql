-- Counts and sums are compared with the plan's target times the share of the region's households
-- that this deployment holds, so that a sample can be judged; ratios need no scaling.
with targets as (
    select
        indicator_id,
        calendar_year,
        target
    from {{ ref('indicator_targets') }}
),

compared as (
    select
        completions.indicator_id,
        completions.quarter,
        completions.county_code,
        indicators.measure_no,
        quarters.calendar_year,
        completions.counties_reporting,
        completions.reported,
        completions.recomputed,
        completions.verified,
        targets.target as plan_target,
        case
            when indicators.aggregation = 'ratio' then targets.target
            else cast(targets.target * {{ sample_fraction() }} as decimal(18, 4))
        end as target,
        cast(quarters.calendar_quarter * 0.25 as decimal(18, 4)) as time_progress
    from {{ ref('int_measure_values') }} as completions
    inner join {{ ref('indicators') }} as indicators
        on completions.indicator_id = indicators.indicator_id
    inner join {{ ref('int_quarters') }} as quarters
        on completions.quarter = quarters.quarter
    left join targets
        on
            completions.indicator_id = targets.indicator_id
            and quarters.calendar_year = targets.calendar_year
            and completions.county_code = '{{ var("region_code") }}'
),

rated as (
    select
        *,
        {% for value in calibrated_values() -%}
        {{ div_exact('100 * ' ~ value, '100 * target', 4) }}
            as completion_rate_{{ value }}{{ ',' if not loop.last }}
        {% endfor %}
    from compared
)

select
    indicator_id,
    quarter,
    county_code,
    case
        when target is null then 'no_target'
        when completion_rate_verified is null then 'not_filed'
        when completion_rate_verified >= 1 then 'done'
        when completion_rate_verified >= time_progress then 'on_track'
        else 'behind'
    end as status,
    measure_no,
    calendar_year,
    cast(counties_reporting as integer) as counties_reporting,
    plan_target,
    target,
    reported,
    recomputed,
    verified,
    completion_rate_reported,
    completion_rate_recomputed,
    completion_rate_verified,
    time_progress
from rated
