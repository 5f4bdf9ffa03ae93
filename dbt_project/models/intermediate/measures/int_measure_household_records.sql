{{ config(materialized='view') }}
-- The records of households that an indicator counts: each row is one record of a register.
{% set projects = 'stg_industry_project_households' -%}
{% set loans = ['stg_microloans', 'loan_no'] -%}
{% set courtyards = ['stg_courtyard_economy', 'null'] -%}
{% set policies = ['stg_insurance_policies', 'policy_no'] -%}
{% set counted = [
    ['M01-03', loans, 'balance > 0'],
    ['M01-07', courtyards, "support_kind = 'new' and is_accepted"],
    ['M01-08', courtyards, "support_kind = 'upgraded' and is_accepted"],
    ['M04-01', ['stg_low_income_actions', 'action_code'], 'true'],
    ['M12-07', ['stg_disaster_relief', 'payment_no'], 'amount > 0'],
    [
        'M15-01', policies,
        "insurance_kind not in ('accident', 'illness_cost', 'health')",
    ],
    ['M15-03', policies, "insurance_kind in ('accident', 'illness_cost', 'health')"],
    ['M14-02', ['stg_ecological_compensation', 'voucher_no', 'amount'],
        "compensation_kind = 'grassland'"],
    ['M15-04', ['stg_insurance_claims', 'claim_no', 'claim_amount'], 'true'],
    ['M17-01', ['stg_village_dividends', 'voucher_no'], "dividend_kind = 'photovoltaic'"],
] -%}
{% for indicator_id, condition in [['M01-02', 'is_operating'], ['M03-02', 'has_linkage']] -%}
select
    '{{ indicator_id }}' as indicator_id,
    'industry_project_households' as dataset,
    carried.quarter,
    carried.county_code,
    carried.household_key,
    carried.project_no as record_no,
    cast(1 as decimal(18, 2)) as amount,
    carried.submission_id,
    carried.source_sheet,
    carried.source_row
from {{ ref(projects) }} as carried
inner join {{ ref('stg_industry_projects') }} as projects
    on
        carried.project_no = projects.project_no
        and carried.quarter = projects.quarter
where projects.{{ condition }}
union all
{% endfor -%}
{% for indicator_id, register, condition in counted -%}
select
    '{{ indicator_id }}' as indicator_id,
    '{{ register[0][4:] }}' as dataset,
    quarter,
    county_code,
    household_key,
    cast({{ register[1] }} as varchar) as record_no,
    cast({{ register[2] or 1 }} as decimal(18, 2)) as amount,
    submission_id,
    source_sheet,
    source_row
from {{ ref(register[0]) }}
where {{ condition }}
{% if not loop.last -%}
union all
{% endif -%}
{% endfor %}
