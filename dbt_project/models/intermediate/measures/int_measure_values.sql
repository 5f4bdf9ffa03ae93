-- Claim and recomputation of every indicator for every county and the region: the full grid, so
-- that what nobody filed shows as null and what was filed and found empty shows as zero.
with grid as (
    select
        indicators.indicator_id,
        indicators.aggregation,
        quarters.quarter,
        quarters.calendar_year,
        counties.county_code,
        case
            when indicators.calendar = 'snapshot' or datasets.accumulation = 'calendar_year_to_date'
                then filings.is_filed
            else filings.is_filed_calendar_year_to_date
        end as is_on_record
    from {{ ref('indicators') }} as indicators
    cross join {{ ref('int_quarters') }} as quarters
    cross join {{ ref('counties') }} as counties
    left join {{ ref('datasets') }} as datasets
        on indicators.record_dataset = datasets.dataset
    left join {{ ref('int_dataset_filings') }} as filings
        on
            indicators.record_dataset = filings.dataset
            and quarters.quarter = filings.quarter
),

amounts as (
    select
        amounts.indicator_id,
        quarters.quarter,
        amounts.county_code,
        sum(amounts.numerator) as numerator,
        sum(amounts.numerator_verified) as numerator_verified,
        sum(amounts.denominator) as denominator
    from {{ ref('int_measure_amounts') }} as amounts
    inner join {{ ref('int_quarters') }} as filed
        on amounts.quarter = filed.quarter
    inner join {{ ref('int_quarters') }} as quarters
        on
            filed.calendar_year = quarters.calendar_year
            and filed.quarter <= quarters.quarter
            and (not amounts.is_cumulative or filed.quarter = quarters.quarter)
    group by amounts.indicator_id, quarters.quarter, amounts.county_code
),

valued as (
    select
        grid.indicator_id,
        grid.aggregation,
        grid.quarter,
        grid.county_code,
        grid.is_on_record,
        claims.value as reported,
        coalesce(counts.recomputed, amounts.numerator, 0) as recomputed,
        coalesce(counts.verified, amounts.numerator_verified, 0) as verified,
        amounts.denominator
    from grid
    left join {{ ref('stg_county_measure_report') }} as claims
        on
            grid.indicator_id = claims.indicator_id
            and grid.quarter = claims.quarter
            and grid.county_code = claims.county_code
    left join {{ ref('int_measure_counts') }} as counts
        on
            grid.indicator_id = counts.indicator_id
            and grid.quarter = counts.quarter
            and grid.county_code = counts.county_code
    left join amounts
        on
            grid.indicator_id = amounts.indicator_id
            and grid.quarter = amounts.quarter
            and grid.county_code = amounts.county_code
),

summed as (
    select
        indicator_id,
        aggregation,
        quarter,
        coalesce(county_code, '{{ var("region_code") }}') as county_code,
        bool_and(is_on_record) as is_on_record,
        count(reported) as counties_reporting,
        case when aggregation <> 'ratio' or count(*) = 1 then sum(reported) end as reported,
        sum(recomputed) as recomputed,
        sum(verified) as verified,
        sum(denominator) as denominator
    from valued
    group by grouping sets (
        (indicator_id, aggregation, quarter, county_code), (indicator_id, aggregation, quarter)
    )
)

select
    indicator_id,
    quarter,
    county_code,
    counties_reporting,
    cast(reported as decimal(18, 4)) as reported,
    {% for value in ['recomputed', 'verified'] -%}
    case
        when not is_on_record then null
        when aggregation = 'ratio' then {{ div_exact(value, 'denominator', 4) }}
        else cast({{ value }} as decimal(18, 4))
    end as {{ value }}{{ ',' if not loop.last }}
    {% endfor %}
from summed
