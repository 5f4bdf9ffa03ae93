-- For every flagged village, the honest causes that the files can speak to: how much of each was
-- found. What no file can tell, auditors ask on site.
with leads as (
    select
        leads.village_code,
        leads.county_code,
        leads.quarter,
        leads.mechanism,
        quarters.quarter_end,
        quarters.quarter_one_year_before
    from {{ ref('int_village_leads') }} as leads
    inner join {{ ref('int_quarters') }} as quarters
        on leads.quarter = quarters.quarter
    where leads.is_flagged
),

alike as (
    select
        county_code,
        quarter,
        mechanism,
        count(*) as villages
    from leads
    group by county_code, quarter, mechanism
),

rules as (
    select
        village_code,
        quarter,
        count(distinct sub_item) as items
    from {{ ref('int_known_rules') }}
    group by village_code, quarter
),

missing as (
    select
        quarter,
        count(*) as files
    from {{ ref('int_expected_submissions') }}
    where
        not is_filed
        and dataset in (
            select items.source_dataset from {{ ref('income_sub_items') }} as items
        )
    group by quarter
),

relief as (
    select distinct
        payments.household_key,
        quarters.quarter
    from {{ ref('stg_disaster_relief') }} as payments
    inner join {{ ref('int_quarters') }} as quarters
        on
            payments.happened_on <= quarters.quarter_end
            and payments.happened_on >= quarters.quarter_one_year_before
),

households as (
    select
        reports.village_code,
        reports.quarter,
        count(*) as households,
        count(distinct reports.household_key) filter (where relief.household_key is not null)
            as relieved,
        count(*) filter (where reports.collector_id <> base.collector_id) as other_collector
    from {{ ref('int_household_reports') }} as reports
    inner join {{ ref('int_quarters') }} as quarters
        on reports.quarter = quarters.quarter
    left join {{ ref('int_household_reports') }} as base
        on
            reports.household_key = base.household_key
            and quarters.quarter_one_year_before = base.quarter
    left join relief
        on
            reports.household_key = relief.household_key
            and reports.quarter = relief.quarter
    group by reports.village_code, reports.quarter
),

answered as (
    select
        leads.village_code,
        leads.quarter,
        count(*) as answers
    from leads
    inner join {{ ref('int_lead_answers') }} as answers
        on
            leads.village_code = answers.entity_id
            and leads.quarter > answers.quarter
            and leads.quarter_end >= answers.disposed_on
    where answers.disposition = 'explained'
    group by leads.village_code, leads.quarter
)

select
    leads.village_code,
    leads.county_code,
    leads.quarter,
    cast(households.households as integer) as households,
    cast(coalesce(rules.items, 0) as integer) as items_under_known_rules,
    cast(alike.villages as integer) as villages_alike,
    cast(coalesce(missing.files, 0) as integer) as registers_missing,
    cast(households.households - base.households as integer) as households_changed,
    cast(households.other_collector as integer) as households_with_other_collector,
    cast(households.relieved as integer) as households_with_disaster_relief,
    cast(coalesce(answered.answers, 0) as integer) as earlier_explanations
from leads
inner join households
    on
        leads.village_code = households.village_code
        and leads.quarter = households.quarter
left join households as base
    on
        leads.village_code = base.village_code
        and leads.quarter_one_year_before = base.quarter
left join rules
    on
        leads.village_code = rules.village_code
        and leads.quarter = rules.quarter
left join alike
    on
        leads.county_code = alike.county_code
        and leads.quarter = alike.quarter
        and leads.mechanism is not distinct from alike.mechanism
left join missing
    on leads.quarter = missing.quarter
left join answered
    on
        leads.village_code = answered.village_code
        and leads.quarter = answered.quarter
