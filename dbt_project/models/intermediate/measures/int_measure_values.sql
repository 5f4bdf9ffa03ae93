-- Claim, recomputation and verification of every indicator for every county and the region: the
-- full grid, so that what nobody filed shows as null and what was filed and found empty as zero.
-- An indicator of persons or households on the roster needs the county's roster; the region's says
-- how many counties it covers. A register that names no county has a regional figure only.
{% set region = "'" ~ var('region_code') ~ "'" -%}
with rosters as (
    select distinct county_code
    from {{ ref('stg_household_roster') }}
),

areas as (
    select
        counties.county_code,
        1 as counties,
        count(rosters.county_code) as counties_with_roster
    from {{ ref('counties') }} as counties
    left join rosters
        on counties.county_code = rosters.county_code
    group by counties.county_code
    union all
    select
        {{ region }} as county_code,
        count(*) as counties,
        count(rosters.county_code) as counties_with_roster
    from {{ ref('counties') }} as counties
    left join rosters
        on counties.county_code = rosters.county_code
),

claims as (
    select
        claims.indicator_id,
        claims.quarter,
        coalesce(claims.county_code, {{ region }}) as county_code,
        count(*) as counties_reporting,
        case
            when count(*) = 1 or indicators.aggregation <> 'ratio' then sum(claims.value)
        end as reported
    from {{ ref('stg_county_measure_report') }} as claims
    inner join {{ ref('indicators') }} as indicators
        on claims.indicator_id = indicators.indicator_id
    group by grouping sets (
        (claims.indicator_id, indicators.aggregation, claims.quarter, claims.county_code),
        (claims.indicator_id, indicators.aggregation, claims.quarter)
    )
),

sums as (
    select
        indicator_id,
        quarter,
        county_code,
        coalesce(sum(amount) filter (where stage = 'listed'), 0) as listed,
        coalesce(sum(amount) filter (where stage in ('listed', 'recomputed')), 0) as recomputed,
        coalesce(sum(amount) filter (where stage <> 'denominator'), 0) as verified,
        sum(amount) filter (where stage = 'denominator') as denominator
    from {{ ref('int_measure_reasons') }}
    group by indicator_id, quarter, county_code
),

valued as (
    select
        windows.indicator_id,
        windows.quarter,
        areas.county_code,
        indicators.aggregation = 'ratio' as is_ratio,
        windows.is_on_record
        and (areas.counties_with_roster > 0 or not indicators.is_on_roster)
        and (indicators.is_by_county or areas.county_code = {{ region }}) as is_on_record,
        case
            when indicators.is_on_roster then areas.counties_with_roster
            else areas.counties
        end as counties_covered,
        coalesce(claims.counties_reporting, 0) as counties_reporting,
        claims.reported,
        coalesce(sums.listed, 0) as listed,
        coalesce(sums.recomputed, 0) as recomputed,
        coalesce(sums.verified, 0) as verified,
        sums.denominator
    from {{ ref('int_measure_windows') }} as windows
    inner join {{ ref('indicators') }} as indicators
        on windows.indicator_id = indicators.indicator_id
    cross join areas
    left join claims
        on
            windows.indicator_id = claims.indicator_id
            and windows.quarter = claims.quarter
            and areas.county_code = claims.county_code
    left join sums
        on
            windows.indicator_id = sums.indicator_id
            and windows.quarter = sums.quarter
            and areas.county_code = sums.county_code
)

select
    indicator_id,
    quarter,
    county_code,
    is_on_record,
    case when is_on_record then counties_covered else 0 end as counties_on_record,
    counties_reporting,
    cast(reported as decimal(18, 4)) as reported,
    {% for value in ['listed', 'recomputed', 'verified'] -%}
    case
        when not is_on_record then null
        when is_ratio then {{ div_exact(value, 'denominator', 4) }}
        else cast({{ value }} as decimal(18, 4))
    end as {{ value }},
    {% endfor -%}
    case when is_on_record and is_ratio then cast(denominator as decimal(18, 2)) end as denominator
from valued
