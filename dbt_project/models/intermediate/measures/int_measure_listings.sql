{{ config(materialized='view') }}
-- Every record that an indicator counts, with where it counts, why it may not count at all
-- (`refusal`), and why it counts as recomputed but not as verified (`strike`). Persons and
-- households count in the county of the roster.
with person_listings as (
    select
        records.indicator_id,
        records.dataset,
        records.quarter,
        records.county_code as listed_in,
        records.person_key as entity_key,
        records.record_no,
        records.person_key,
        cast(null as varchar) as household_key,
        cast(1 as decimal(18, 2)) as amount,
        memberships.county_code,
        case
            when memberships.person_key is null then 'not_in_roster'
            when
                indicators.is_working_age
                and (
                    records.quarter
                    < persons.birth_month + interval '{{ var("working_age_from") }} years'
                    or records.quarter
                    >= persons.birth_month + interval '{{ var("working_age_below") }} years'
                )
                then 'not_working_age'
        end as refusal,
        case
            when records.record_month > persons.died_on or struck.reason = 'after_death'
                then 'dead'
            when struck.reason is not null then 'duplicate'
        end as strike
    from {{ ref('int_measure_person_records') }} as records
    inner join {{ ref('indicators') }} as indicators
        on records.indicator_id = indicators.indicator_id
    left join {{ ref('int_person_memberships') }} as memberships
        on
            records.person_key = memberships.person_key
            and records.quarter >= memberships.valid_from
            and records.quarter < memberships.valid_until
    left join {{ ref('int_persons') }} as persons
        on records.person_key = persons.person_key
    left join {{ ref('int_struck_payments') }} as struck
        on
            records.submission_id = struck.submission_id
            and records.source_sheet = struck.source_sheet
            and records.source_row = struck.source_row
),

household_listings as (
    select
        records.indicator_id,
        records.dataset,
        records.quarter,
        records.county_code as listed_in,
        records.household_key as entity_key,
        records.record_no,
        cast(null as varchar) as person_key,
        records.household_key,
        records.amount,
        registered.county_code,
        case when registered.household_key is null then 'not_in_roster' end as refusal,
        case when struck.reason is not null then 'duplicate' end as strike
    from {{ ref('int_measure_household_records') }} as records
    left join {{ ref('int_registered_households') }} as registered
        on records.household_key = registered.household_key
    left join {{ ref('int_struck_payments') }} as struck
        on
            records.submission_id = struck.submission_id
            and records.source_sheet = struck.source_sheet
            and records.source_row = struck.source_row
),

unit_listings as (
    select
        indicator_id,
        dataset,
        quarter,
        county_code as listed_in,
        unit_key as entity_key,
        unit_key as record_no,
        cast(null as varchar) as person_key,
        cast(null as varchar) as household_key,
        cast(1 as decimal(18, 2)) as amount,
        county_code,
        cast(null as varchar) as refusal,
        cast(null as varchar) as strike
    from {{ ref('int_measure_unit_records') }}
),

listings as (
    select * from person_listings
    union all
    select * from household_listings
    union all
    select * from unit_listings
),

refuted_records as (
    select
        dataset,
        county_code,
        record_no,
        min(check_no) as check_no
    from {{ ref('int_refuted_records') }}
    where record_no is not null
    group by dataset, county_code, record_no
)

select
    listings.indicator_id,
    indicators.aggregation,
    windows.window_start,
    listings.quarter,
    listings.listed_in,
    listings.entity_key,
    listings.amount,
    listings.county_code,
    listings.refusal,
    coalesce(
        listings.strike,
        case
            when
                coalesce(refuted_records.check_no, refuted_persons.check_no) is not null
                or refuted_households.check_no is not null
                then 'struck_by_audit'
        end
    ) as strike
from listings
inner join {{ ref('indicators') }} as indicators
    on listings.indicator_id = indicators.indicator_id
inner join {{ ref('int_measure_windows') }} as windows
    on
        listings.indicator_id = windows.indicator_id
        and listings.quarter = windows.quarter
left join refuted_records
    on
        listings.dataset = refuted_records.dataset
        and listings.listed_in = refuted_records.county_code
        and listings.record_no = refuted_records.record_no
left join {{ ref('int_refuted_records') }} as refuted_persons
    on
        listings.dataset = refuted_persons.dataset
        and listings.listed_in = refuted_persons.county_code
        and listings.person_key = refuted_persons.person_key
        and date_trunc('year', listings.quarter) = refuted_persons.calendar_year
left join {{ ref('int_refuted_records') }} as refuted_households
    on
        listings.dataset = refuted_households.dataset
        and listings.listed_in = refuted_households.county_code
        and listings.household_key = refuted_households.household_key
        and date_trunc('year', listings.quarter) = refuted_households.calendar_year
