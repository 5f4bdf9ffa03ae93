-- Which household a person belongs to, in spans of quarters that do not overlap. The first span
-- reaches back and the last one on, so that a record of a quarter without a roster finds the
-- nearest one known.
with listed as (
    select
        person_key,
        household_key,
        county_code,
        min(quarter) as listed_from
    from {{ ref('stg_person_roster') }}
    group by person_key, household_key, county_code
),

households_per_person as (
    select
        person_key,
        count(*) as households
    from listed
    group by person_key
),

settled as (
    select
        listed.person_key,
        listed.household_key,
        listed.county_code,
        cast('0001-01-01' as date) as valid_from,
        cast('9999-01-01' as date) as valid_until
    from listed
    inner join households_per_person
        on listed.person_key = households_per_person.person_key
    where households_per_person.households = 1
),

-- A person whom two households list in one quarter stays with the one that listed the person first.
moving as (
    select
        roster.person_key,
        roster.quarter,
        roster.household_key,
        roster.county_code
    from {{ ref('stg_person_roster') }} as roster
    inner join households_per_person
        on roster.person_key = households_per_person.person_key
    inner join listed
        on
            roster.person_key = listed.person_key
            and roster.household_key = listed.household_key
            and roster.county_code = listed.county_code
    where households_per_person.households > 1
    qualify row_number() over (
        partition by roster.person_key, roster.quarter
        order by listed.listed_from, roster.household_key, roster.county_code
    ) = 1
),

arrivals as (
    select
        *,
        lag(household_key) over (partition by person_key order by quarter) as came_from,
        lag(county_code) over (partition by person_key order by quarter) as came_from_county
    from moving
    qualify
        came_from is null
        or came_from <> household_key
        or came_from_county <> county_code
),

moved as (
    select
        person_key,
        household_key,
        county_code,
        case when came_from is null then cast('0001-01-01' as date) else quarter end as valid_from,
        coalesce(
            lead(quarter) over (partition by person_key order by quarter),
            cast('9999-01-01' as date)
        ) as valid_until
    from arrivals
)

select * from settled
union all
select * from moved
