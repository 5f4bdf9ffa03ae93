-- Every county and quarter as the guard sees it: its own signals, whether its villages as a whole
-- hold made-up figures, and how much of them could be assessed.
with villages as (
    select
        county_code,
        quarter,
        cast(count(*) as integer) as villages,
        cast(count(*) filter (where families_assessed > 0) as integer) as villages_assessed,
        cast(count(*) filter (where is_flagged) as integer) as villages_flagged,
        cast(count(*) filter (where wording = 'serious') as integer) as villages_serious,
        cast(count(*) filter (where is_flagged and disposition is null) as integer)
            as villages_unanswered,
        cast(sum(yuan_at_stake) as decimal(18, 2)) as yuan_at_stake,
        cast(sum(expected_yuan) as decimal(18, 2)) as expected_yuan,
        cast(sum(withheld_income) as decimal(18, 2)) as withheld_income
    from {{ ref('int_village_leads') }}
    group by county_code, quarter
)

select
    villages.*,
    entities.families_fired,
    entities.combined_p,
    entities.q_value,
    entities.leading_signal,
    coalesce(entities.wording, 'none') as wording,
    coalesce(entities.is_flagged, false) as is_flagged,
    counties.higher_criticism,
    counties.p_value as higher_criticism_p,
    counties.affected_share
from villages
left join {{ ref('stg_guard_entities') }} as entities
    on
        entities.entity_type = 'county'
        and villages.county_code = entities.entity_id
        and villages.quarter = entities.quarter
left join {{ ref('stg_guard_counties') }} as counties
    on
        villages.county_code = counties.county_code
        and villages.quarter = counties.quarter
