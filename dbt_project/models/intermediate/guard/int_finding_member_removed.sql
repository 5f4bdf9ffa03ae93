-- A household that counts fewer members than a year before although nobody is on record as having
-- died, married out, moved out or split off since: its income per person has grown by division.
-- Records are looked for up to two quarters earlier, as rosters follow registers late.
with sizes as (
    select
        now.household_key,
        now.county_code,
        now.quarter,
        quarters.quarter_one_year_before,
        base.household_size - now.household_size as fewer,
        base.household_size as size_before,
        now.household_size as size_now,
        now.net_income_reported
    from {{ ref('int_household_values') }} as now
    inner join {{ ref('int_quarters') }} as quarters
        on now.quarter = quarters.quarter
    inner join {{ ref('int_household_values') }} as base
        on
            now.household_key = base.household_key
            and quarters.quarter_one_year_before = base.quarter
    where now.household_size < base.household_size
),

leavings as (
    select
        household_key,
        quarter
    from {{ ref('stg_household_changes') }}
    where change_kind in ('married_out', 'moved_out', 'split', 'merged', 'cancelled')
    union all
    select
        memberships.household_key,
        cast(date_trunc('quarter', deaths.died_on) as date) as quarter
    from {{ ref('int_deaths') }} as deaths
    inner join {{ ref('int_person_memberships') }} as memberships
        on
            deaths.person_key = memberships.person_key
            and deaths.died_on >= memberships.valid_from
            and deaths.died_on < memberships.valid_until
    union all
    select
        household_key,
        quarter
    from {{ ref('stg_person_roster') }}
    where member_change = 'natural_decrease'
),

recorded as (
    select
        sizes.household_key,
        sizes.quarter,
        count(leavings.quarter) as leavings
    from sizes
    left join leavings
        on
            sizes.household_key = leavings.household_key
            and leavings.quarter <= sizes.quarter
            and leavings.quarter >= sizes.quarter_one_year_before - interval 6 month
    group by sizes.household_key, sizes.quarter
)

select
    'member_removed' as finding_kind,
    'S20' as signal_id,
    sizes.household_key,
    cast(null as varchar) as person_key,
    sizes.county_code,
    sizes.quarter,
    '' as item,
    sizes.net_income_reported as amount_claimed,
    cast(null as decimal(18, 2)) as amount_supported,
    -- What the household would have to earn more to reach the same amount per person.
    coalesce(cast(
        {{ div_exact('sizes.net_income_reported', 'sizes.size_now') }}
        * (sizes.fewer - recorded.leavings) as decimal(18, 2)
    ), 0) as amount,
    false as is_exact,
    printf(
        '家庭人口由上年同季%d人减为%d人，其间死亡、婚迁、分户登记只有%d条',
        sizes.size_before,
        sizes.size_now,
        recorded.leavings
    ) as evidence_zh,
    cast(null as varchar) as record_submission_id,
    cast(null as varchar) as record_sheet,
    cast(null as integer) as record_row
from sizes
inner join recorded
    on
        sizes.household_key = recorded.household_key
        and sizes.quarter = recorded.quarter
where sizes.fewer > recorded.leavings
