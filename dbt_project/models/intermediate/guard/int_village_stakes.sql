-- The income of a village that nothing but the report supports: what is claimed beyond the records,
-- and what self-declared items exceed the year before. It ranks leads and never raises one.
with villages as (
    select
        village_code,
        county_code,
        quarter,
        cast(count(*) as integer) as households,
        cast(sum(household_size) as integer) as persons,
        sum(net_income_reported) as net_income_reported,
        sum(greatest(net_income_reported - net_income_recomputed, 0)) as beyond_records,
        sum(self_declared) as self_declared
    from {{ ref('int_household_values') }}
    group by village_code, county_code, quarter
)

select
    villages.village_code,
    villages.county_code,
    villages.quarter,
    villages.households,
    villages.persons,
    cast(villages.net_income_reported as decimal(18, 2)) as net_income_reported,
    cast(
        coalesce(villages.beyond_records, 0)
        + greatest(villages.self_declared - coalesce(base.self_declared, villages.self_declared), 0)
        as decimal(18, 2)
    ) as yuan_at_stake
from villages
inner join {{ ref('int_quarters') }} as quarters
    on villages.quarter = quarters.quarter
left join villages as base
    on
        villages.village_code = base.village_code
        and quarters.quarter_one_year_before = base.quarter
