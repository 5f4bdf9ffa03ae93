-- One person on the rosters of two households at once: one row per person and quarter, traced to
-- the row of the second roster. The quarter in which somebody marries, moves or a household splits
-- is a transition, so the quarter before has to show the same.
with members as (
    select *
    from {{ ref('stg_person_roster') }}
    where coalesce(member_change, '') <> 'natural_decrease'
),

twice as (
    select
        person_key,
        quarter
    from members
    group by person_key, quarter
    having min(household_key) <> max(household_key)
),

listed as (
    select
        members.person_key,
        members.household_key,
        members.county_code,
        members.quarter,
        members.submission_id,
        members.source_sheet,
        members.source_row
    from members
    inner join twice
        on
            members.person_key = twice.person_key
            and members.quarter = twice.quarter
),

-- The household that does not count the person by the memberships is the second one.
second_places as (
    select
        listed.*,
        lag(listed.quarter) over (
            partition by listed.person_key, listed.household_key
            order by listed.quarter
        ) as quarter_before
    from listed
    inner join {{ ref('int_person_memberships') }} as memberships
        on
            listed.person_key = memberships.person_key
            and listed.quarter >= memberships.valid_from
            and listed.quarter < memberships.valid_until
    where memberships.household_key <> listed.household_key
)

select
    'two_places' as finding_kind,
    'S16' as signal_id,
    second_places.household_key,
    second_places.person_key,
    second_places.county_code,
    second_places.quarter,
    '' as item,
    incomes.net_income_reported as amount_claimed,
    cast(null as decimal(18, 2)) as amount_supported,
    coalesce({{ div_exact('incomes.net_income_reported', 'incomes.household_size') }}, 0)
        as amount,
    true as is_exact,
    printf(
        '该人在%s至%s同时列在两户的人员名册上', second_places.quarter_before, second_places.quarter
    ) as evidence_zh,
    second_places.submission_id as record_submission_id,
    second_places.source_sheet as record_sheet,
    second_places.source_row as record_row
from second_places
left join {{ ref('int_household_values') }} as incomes
    on
        second_places.household_key = incomes.household_key
        and second_places.quarter = incomes.quarter
where second_places.quarter_before = second_places.quarter - interval 3 month
