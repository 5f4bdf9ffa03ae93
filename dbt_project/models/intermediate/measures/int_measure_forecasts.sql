-- Where an indicator will stand at the end of its period, by what earlier years did: from the same
-- quarter to the year's end, a count or sum grew by a factor, a ratio by a difference. The forecast
-- takes the median over all counties and complete earlier years, the interval their 10th and 90th
-- percentile (about 80 % of the past lies between). Without such a past no interval is stated: what
-- adds up goes on at its pace so far; a state, and the number of persons and
-- households (who return from quarter to quarter), stay where they are.
with measured as (
    select
        observed.indicator_id,
        observed.quarter,
        observed.county_code,
        observed.verified,
        indicators.aggregation = 'ratio' as is_ratio,
        indicators.unit_zh = '比例' as is_share,
        indicators.calendar,
        windows.is_adding_up
        and indicators.aggregation in ('count', 'person_times', 'sum') as is_adding_up,
        quarters.calendar_year,
        quarters.calendar_quarter,
        case
            when indicators.calendar = 'plan_period'
                then {{ plan_quarters_gone('quarters') }}
            else 2 * quarters.calendar_quarter
        end as eighths_gone
    from {{ ref('int_measure_values') }} as observed
    inner join {{ ref('indicators') }} as indicators
        on observed.indicator_id = indicators.indicator_id
    inner join {{ ref('int_quarters') }} as quarters
        on observed.quarter = quarters.quarter
    inner join {{ ref('int_measure_windows') }} as windows
        on
            observed.indicator_id = windows.indicator_id
            and observed.quarter = windows.quarter
),

history as (
    select
        earlier.indicator_id,
        earlier.calendar_year,
        earlier.calendar_quarter,
        case
            when earlier.is_ratio then year_end.verified - earlier.verified
            else cast(year_end.verified as double) / nullif(earlier.verified, 0)
        end as change
    from measured as earlier
    inner join measured as year_end
        on
            earlier.indicator_id = year_end.indicator_id
            and earlier.county_code = year_end.county_code
            and earlier.calendar_year = year_end.calendar_year
    where
        year_end.calendar_quarter = 4
        and earlier.calendar_quarter < 4
        and earlier.calendar <> 'plan_period'
        and earlier.county_code <> '{{ var("region_code") }}'
),

changes as (
    select
        current_year.indicator_id,
        current_year.quarter,
        count(history.change) as sample_size,
        quantile_cont(history.change, 0.5) as median_change,
        quantile_cont(history.change, 0.1) as low_change,
        quantile_cont(history.change, 0.9) as high_change
    from (
        select distinct
            indicator_id,
            quarter,
            calendar_year,
            calendar_quarter
        from measured
    ) as current_year
    inner join history
        on
            current_year.indicator_id = history.indicator_id
            and current_year.calendar_quarter = history.calendar_quarter
            and current_year.calendar_year > history.calendar_year
    group by current_year.indicator_id, current_year.quarter
    having count(history.change) >= {{ var('forecast_minimum_sample') }}
),

methods as (
    select
        measured.*,
        changes.sample_size,
        changes.median_change,
        changes.low_change,
        changes.high_change,
        case
            when measured.verified is null then null
            when measured.calendar = 'plan_period' and measured.eighths_gone = 8 then 'reached'
            when measured.calendar <> 'plan_period' and measured.calendar_quarter = 4
                then 'reached'
            when changes.sample_size is not null then 'same_quarter'
            when measured.is_adding_up then 'pace'
            else 'level'
        end as method
    from measured
    left join changes
        on
            measured.indicator_id = changes.indicator_id
            and measured.quarter = changes.quarter
),

projected as (
    select
        *,
        {% for bound in ['median', 'low', 'high'] -%}
        case
            when method = 'same_quarter' and is_ratio then verified + {{ bound }}_change
            when method = 'same_quarter' then verified * {{ bound }}_change
            {% if bound == 'median' -%}
            when method = 'pace' then verified * 8 / eighths_gone
            when method in ('reached', 'level') then verified
            {% endif -%}
        end as {{ bound }}{{ ',' if not loop.last }}
        {% endfor %}
    from methods
)

select
    indicator_id,
    quarter,
    county_code,
    method as forecast_method,
    case when method = 'same_quarter' then sample_size end as forecast_sample_size,
    {% for bound, name in [['median', 'forecast'], ['low', 'forecast_low'],
        ['high', 'forecast_high']] -%}
    cast(
        case
            when is_share and {{ bound }} is not null then least(greatest({{ bound }}, 0), 1)
            else {{ bound }}
        end
        as decimal(18, 4)
    ) as {{ name }}{{ ',' if not loop.last }}
    {% endfor %}
from projected
