-- How far each indicator has come against the plan's target. A target of scope `region` is the
-- region's; `each` is a standard for the region and every county; `county` is asked of each county,
-- and the region's is their sum. Counts and sums are compared with the plan's target times the
-- share of the region's households that this deployment holds, so that a sample can be judged. What
-- adds up is compared with time progress; a ratio has reached its target, is expected to by what
-- earlier years did from the same quarter on, or is behind.
with compared as (
    select
        observed.*,
        indicators.measure_no,
        indicators.calendar,
        indicators.record_dataset,
        indicators.aggregation = 'ratio' as is_ratio,
        quarters.calendar_year,
        case
            when
                targets.scope = 'county'
                and observed.county_code = '{{ var("region_code") }}'
                then targets.target * (select count(*) from {{ ref('counties') }})
            else targets.target
        end as plan_target,
        case
            when indicators.is_scaled then cast({{ sample_fraction() }} as decimal(18, 6)) else 1
        end as target_scale,
        case
            when indicators.aggregation = 'ratio' then 1
            when indicators.calendar = 'plan_period'
                then {{ plan_quarters_gone('quarters') }} * 0.125
            else quarters.calendar_quarter * 0.25
        end as time_progress
    from {{ ref('int_measure_values') }} as observed
    inner join {{ ref('indicators') }} as indicators
        on observed.indicator_id = indicators.indicator_id
    inner join {{ ref('int_quarters') }} as quarters
        on observed.quarter = quarters.quarter
    left join {{ ref('indicator_targets') }} as targets
        on
            observed.indicator_id = targets.indicator_id
            and quarters.calendar_year = targets.calendar_year
            and case targets.scope
                when 'region' then observed.county_code = '{{ var("region_code") }}'
                else indicators.is_by_county
            end
),

rated as (
    select
        *,
        cast(plan_target * target_scale as decimal(18, 4)) as target,
        {% for value in calibrated_values() -%}
        {{ div_exact(
            '100 * ' ~ value,
            '100 * cast(plan_target * target_scale as decimal(18, 4))', 4
        ) }} as completion_rate_{{ value }}{{ ',' if not loop.last }}
        {% endfor %}
    from compared
)

select
    rated.indicator_id,
    rated.quarter,
    rated.county_code,
    rated.measure_no,
    rated.calendar_year,
    rated.calendar,
    case
        when not rated.is_on_record then 'not_filed'
        when rated.target is null then 'no_target'
        when rated.completion_rate_verified is null then 'not_assessed'
        when rated.completion_rate_verified >= 1 then 'done'
        when rated.completion_rate_verified >= rated.time_progress then 'on_track'
        when
            rated.is_ratio
            and forecasts.forecast_method = 'same_quarter'
            and forecasts.forecast >= rated.target
            then 'on_track'
        else 'behind'
    end as status,
    case when not rated.is_on_record then rated.record_dataset end as missing_dataset,
    rated.counties_reporting,
    rated.counties_on_record,
    cast(rated.plan_target as decimal(18, 4)) as plan_target,
    rated.target,
    rated.reported,
    rated.recomputed,
    rated.verified,
    rated.completion_rate_reported,
    rated.completion_rate_recomputed,
    rated.completion_rate_verified,
    cast(rated.time_progress as decimal(18, 4)) as time_progress,
    forecasts.forecast_method,
    forecasts.forecast_sample_size,
    forecasts.forecast,
    forecasts.forecast_low,
    forecasts.forecast_high
from rated
left join {{ ref('int_measure_forecasts') }} as forecasts
    on
        rated.indicator_id = forecasts.indicator_id
        and rated.quarter = forecasts.quarter
        and rated.county_code = forecasts.county_code
