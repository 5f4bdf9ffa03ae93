-- How many persons, households or projects an indicator has counted by the end of each quarter. An
-- entity counts once per period (the calendar year, or the quarter of a snapshot), from the quarter
-- in which it first appears; verified, from its first record that is not struck.
with periods as (
    select
        indicators.indicator_id,
        quarters.quarter,
        case
            when indicators.calendar = 'snapshot' then quarters.quarter
            else cast(date_trunc('year', quarters.quarter) as date)
        end as period_start
    from {{ ref('indicators') }} as indicators
    cross join {{ ref('int_quarters') }} as quarters
),

first_seen as (
    select
        entities.indicator_id,
        periods.period_start,
        entities.entity_key,
        -- Where it was first: what is filed later moves no figure of an earlier quarter.
        min_by(entities.county_code, entities.quarter || entities.county_code) as county_code,
        min(entities.quarter) as counted_from,
        min(case when not entities.is_struck then entities.quarter end) as verified_from
    from {{ ref('int_measure_entities') }} as entities
    inner join periods
        on
            entities.indicator_id = periods.indicator_id
            and entities.quarter = periods.quarter
    group by entities.indicator_id, periods.period_start, entities.entity_key
),

arrivals as (
    select
        indicator_id,
        period_start,
        county_code,
        counted_from,
        verified_from,
        count(*) as entities
    from first_seen
    group by indicator_id, period_start, county_code, counted_from, verified_from
)

select
    periods.indicator_id,
    periods.quarter,
    arrivals.county_code,
    sum(arrivals.entities) as recomputed,
    coalesce(
        sum(arrivals.entities) filter (where arrivals.verified_from <= periods.quarter), 0
    ) as verified
from periods
inner join arrivals
    on
        periods.indicator_id = arrivals.indicator_id
        and periods.period_start = arrivals.period_start
        and arrivals.counted_from <= periods.quarter
group by periods.indicator_id, periods.quarter, arrivals.county_code
