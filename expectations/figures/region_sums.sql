-- Per quarter and component: the region's figure less the sum over the counties. A value that is
-- unknown for one county must be unknown for the region: then both are null and nothing differs.
with counties as (
    select
        quarter,
        component,
        sum(households) as households,
        sum(persons) as persons,
        case when count(total_reported) = count(*) then sum(total_reported) end as total_reported,
        case when count(total_recomputed) = count(*) then sum(total_recomputed) end
            as total_recomputed,
        case when count(total_verified) = count(*) then sum(total_verified) end as total_verified
    from fct_income_components
    where county_code <> '640000'
    group by quarter, component
),

region as (
    select *
    from fct_income_components
    where county_code = '640000'
)

select
    counties.quarter,
    counties.component,
    coalesce(region.households, 0) - counties.households as households_difference,
    coalesce(region.persons, 0) - counties.persons as persons_difference,
    coalesce(region.total_reported, 0) - coalesce(counties.total_reported, 0)
        as reported_difference,
    coalesce(region.total_recomputed, 0) - coalesce(counties.total_recomputed, 0)
        as recomputed_difference,
    coalesce(region.total_verified, 0) - coalesce(counties.total_verified, 0)
        as verified_difference
from counties
left join region
    on
        counties.quarter = region.quarter
        and counties.component = region.component
