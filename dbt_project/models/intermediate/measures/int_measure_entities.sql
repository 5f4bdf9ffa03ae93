{{ config(materialized='view') }}
-- Who or what an indicator counts: one row per record, before anything is counted once. Persons and
-- households count in the county of the roster, and only if they are on it.
with person_records as (
    select
        'M06-01' as indicator_id,
        person_key,
        quarter,
        submission_id,
        source_sheet,
        source_row
    from {{ ref('stg_employment_records') }}
    union all
    select
        'M06-02' as indicator_id,
        person_key,
        quarter,
        submission_id,
        source_sheet,
        source_row
    from {{ ref('stg_employment_records') }}
    where workplace_kind = 'outside_province'
    union all
    select
        'M06-03' as indicator_id,
        person_key,
        quarter,
        submission_id,
        source_sheet,
        source_row
    from {{ ref('stg_employment_records') }}
    where workplace_kind = 'outside_county'
    union all
    select
        'M06-04' as indicator_id,
        person_key,
        quarter,
        submission_id,
        source_sheet,
        source_row
    from {{ ref('stg_employment_records') }}
    where workplace_kind = 'in_county'
    union all
    select
        'M06-05' as indicator_id,
        person_key,
        quarter,
        submission_id,
        source_sheet,
        source_row
    from {{ ref('stg_employment_records') }}
    where is_fujian_transfer
    union all
    select
        'M08-01' as indicator_id,
        person_key,
        quarter,
        submission_id,
        source_sheet,
        source_row
    from {{ ref('stg_employment_records') }}
    where employment_channel = 'workshop'
    union all
    select
        'M09-01' as indicator_id,
        person_key,
        quarter,
        submission_id,
        source_sheet,
        source_row
    from {{ ref('stg_public_welfare_payroll') }}
    where payment_status = 'paid'
    union all
    select
        'M12-01' as indicator_id,
        person_key,
        quarter,
        submission_id,
        source_sheet,
        source_row
    from {{ ref('stg_dibao_payments') }}
    where relief_kind = 'dibao'
    union all
    select
        'M12-02' as indicator_id,
        person_key,
        quarter,
        submission_id,
        source_sheet,
        source_row
    from {{ ref('stg_disability_subsidies') }}
),

household_records as (
    select
        'M01-02' as indicator_id,
        carried.household_key,
        carried.quarter
    from {{ ref('stg_industry_project_households') }} as carried
    inner join {{ ref('stg_industry_projects') }} as projects
        on
            carried.project_no = projects.project_no
            and carried.quarter = projects.quarter
    where projects.is_operating
    union all
    select
        'M03-02' as indicator_id,
        carried.household_key,
        carried.quarter
    from {{ ref('stg_industry_project_households') }} as carried
    inner join {{ ref('stg_industry_projects') }} as projects
        on
            carried.project_no = projects.project_no
            and carried.quarter = projects.quarter
    where projects.has_linkage
    union all
    select
        'M01-03' as indicator_id,
        household_key,
        quarter
    from {{ ref('stg_microloans') }}
    union all
    select
        'M17-01' as indicator_id,
        household_key,
        quarter
    from {{ ref('stg_village_dividends') }}
    where dividend_kind = 'photovoltaic'
),

registered_households as (
    select
        household_key,
        min_by(county_code, quarter || county_code) as county_code
    from {{ ref('stg_household_roster') }}
    group by household_key
)

select
    records.indicator_id,
    records.quarter,
    memberships.county_code,
    records.person_key as entity_key,
    struck.reason is not null as is_struck
from person_records as records
inner join {{ ref('int_person_memberships') }} as memberships
    on
        records.person_key = memberships.person_key
        and records.quarter >= memberships.valid_from
        and records.quarter < memberships.valid_until
left join {{ ref('int_struck_payments') }} as struck
    on
        records.submission_id = struck.submission_id
        and records.source_sheet = struck.source_sheet
        and records.source_row = struck.source_row
union all
select
    records.indicator_id,
    records.quarter,
    registered_households.county_code,
    records.household_key as entity_key,
    false as is_struck
from household_records as records
inner join registered_households
    on records.household_key = registered_households.household_key
union all
select
    'M01-01' as indicator_id,
    quarter,
    county_code,
    project_no as entity_key,
    false as is_struck
from {{ ref('stg_industry_projects') }}
where is_operating
union all
select
    'M03-01' as indicator_id,
    quarter,
    county_code,
    project_no as entity_key,
    false as is_struck
from {{ ref('stg_industry_projects') }}
where has_linkage
