{{ config(materialized='view') }}
-- The registers that say of each person, household or unit whether it meets what a ratio asks, or
-- how much of a whole is a part. Persons and households count in the county of the roster, and only
-- if they are on it.
{% set keyed = {
    'person': [
        ['M10-03', 'stg_graduates', 'is_employed', 'true'],
        [
            'M11-01', 'stg_employment_services',
            'guidance_sessions > 0 or job_offers > 0', 'is_willing',
        ],
        ['M19-02', 'stg_insurance_enrolment', 'is_enrolled', 'true'],
        ['M19-06', 'stg_serious_illness', 'is_treated', 'true'],
    ],
    'household': [
        ['M01-04', 'stg_credit_demand', 'is_granted', 'is_eligible and is_willing'],
        ['M01-06', 'stg_household_assets', 'leading_industry is not null', 'is_able_to_develop'],
        ['M12-03', 'stg_relief_reviews', 'is_granted', 'is_eligible'],
        ['M19-04', 'stg_housing_safety', 'is_safe', 'true'],
        ['M19-05', 'stg_water_safety', 'is_safe', 'true'],
    ],
} -%}
{% set reserved = 'stg_canteen_procurement' -%}
{% set collectives = 'stg_village_collective_income' -%}
{% set above_line = 'operating_income > ' ~ plan_threshold('village_income_for_dividends') -%}
{% set units = [
    [
        'M03-03', 'stg_bridging_projects', 'case when has_linkage then 1 end', '1',
        "project_kind = 'operating'",
    ],
    [
        'M03-04', 'stg_bridging_projects', 'case when uses_work_relief then 1 end', '1',
        "project_kind in ('construction', 'living_environment')",
    ],
    ['M05-01', reserved, 'reserved_purchases', 'canteen_purchases', 'true'],
    [
        'M05-02', reserved,
        "case when reserved_purchases >= canteen_purchases * "
        ~ plan_threshold('canteen_reserved_share') ~ " then 1 end", '1',
        'canteen_purchases > 0',
    ],
    ['M01-05', 'stg_microloans', "case when loan_kind = 'enrich' then balance end", 'balance',
        'true'],
    [
        'M15-02', 'stg_insurance_policies',
        "case when insurance_kind in ('grain_full_cost', 'grain_income') then insured_area_mu end",
        'insured_area_mu', 'insured_area_mu > 0',
    ],
    ['M16-01', collectives, 'dividends_paid', 'surplus',
        above_line ~ ' and surplus > 0'],
    ['M16-04', collectives, 'dividends_low_income', 'dividends_paid',
        above_line ~ ' and dividends_paid > 0'],
    [
        'M17-04', 'stg_project_assets', "case when asset_state = 'revived' then original_value end",
        'original_value', "asset_state in ('idle', 'inefficient', 'revived')",
    ],
    [
        'M17-05', 'stg_project_assets', 'case when has_distribution_plan then 1 end', '1',
        'is_village_owned and income_in_year > 0',
    ],
    ['M19-03', 'stg_medical_expenses', 'paid_basic + paid_major + paid_assistance', 'total_cost',
        'true'],
    ['M20-02', 'stg_village_customs', 'case when has_reward_rules then 1 end', '1', 'true'],
] -%}
{% for indicator_id, register, condition, scope in keyed['person'] -%}
select
    '{{ indicator_id }}' as indicator_id,
    registers.quarter,
    memberships.county_code,
    case when {{ condition }} then 1 else 0 end as numerator,
    1 as denominator
from {{ ref(register) }} as registers
inner join {{ ref('int_person_memberships') }} as memberships
    on
        registers.person_key = memberships.person_key
        and registers.quarter >= memberships.valid_from
        and registers.quarter < memberships.valid_until
where {{ scope }}
union all
{% endfor -%}
{% for indicator_id, register, condition, scope in keyed['household'] -%}
select
    '{{ indicator_id }}' as indicator_id,
    registers.quarter,
    registered.county_code,
    case when {{ condition }} then 1 else 0 end as numerator,
    1 as denominator
from {{ ref(register) }} as registers
inner join {{ ref('int_registered_households') }} as registered
    on registers.household_key = registered.household_key
where {{ scope }}
union all
{% endfor -%}
{% for indicator_id, register, numerator, denominator, scope in units -%}
select
    '{{ indicator_id }}' as indicator_id,
    quarter,
    county_code,
    coalesce({{ numerator }}, 0) as numerator,
    {{ denominator }} as denominator
from {{ ref(register) }}
where {{ scope }}
{% if not loop.last -%}
union all
{% endif -%}
{% endfor %}
