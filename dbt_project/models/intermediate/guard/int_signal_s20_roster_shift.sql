-- S20: of the households that reported a year before too, those that count fewer members without a
-- record of anybody leaving (int_finding_member_removed).
with compared as (
    select
        now.household_key,
        now.village_code,
        now.county_code,
        now.quarter
    from {{ ref('int_household_values') }} as now
    inner join {{ ref('int_quarters') }} as quarters
        on now.quarter = quarters.quarter
    inner join {{ ref('int_household_values') }} as base
        on
            now.household_key = base.household_key
            and quarters.quarter_one_year_before = base.quarter
    where base.household_size > 1
)

select
    'S20' as signal_id,
    '' as item,
    'village' as entity_type,
    compared.village_code as entity_id,
    compared.county_code,
    compared.quarter,
    cast(count(*) as integer) as sample_size,
    cast(count(removed.household_key) as integer) as successes,
    count(removed.household_key) / count(*) as statistic,
    printf(
        '上年同季也申报的%d户中，%d户减少了家庭人口而无离户登记',
        count(*),
        count(removed.household_key)
    ) as evidence_zh
from compared
left join {{ ref('int_finding_member_removed') }} as removed
    on
        compared.household_key = removed.household_key
        and compared.quarter = removed.quarter
group by compared.village_code, compared.county_code, compared.quarter
