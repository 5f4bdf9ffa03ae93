{{ config(materialized='view') }}
-- Members on the roster of persons, in the household that each belongs to in the quarter. Those who
-- left in the quarter are no longer members. Working age is 16 to 59.
with members as (
    select
        roster.person_key,
        roster.quarter,
        roster.household_key,
        roster.county_code,
        roster.labour_ability,
        coalesce(roster.is_student, false) as is_student,
        roster.birth_month <= roster.quarter - interval 16 year
        and roster.birth_month > roster.quarter - interval 60 year as is_working_age
    from {{ ref('stg_person_roster') }} as roster
    inner join {{ ref('int_person_memberships') }} as memberships
        on
            roster.person_key = memberships.person_key
            and roster.household_key = memberships.household_key
            and roster.county_code = memberships.county_code
            and roster.quarter >= memberships.valid_from
            and roster.quarter < memberships.valid_until
    where coalesce(roster.member_change, '') <> 'natural_decrease'
)

select
    *,
    is_working_age and not is_student and labour_ability in ('skilled', 'ordinary') as is_able,
    is_working_age and not is_student and labour_ability = 'weak' as is_weak
from members
