{% set figures = [
    'wage_income', 'business_income', 'property_income', 'transfer_income', 'production_cost',
    'net_income', 'per_capita_net_income',
] -%}
select
    income.household_key,
    income.quarter,
    income.county_code,
    income.village_code,
    'net_income_income_year' as caliber,
    income.inclusion_rule_version,
    case
        when not quarters.is_income_year_end then null
        when groups.is_low_income_reported then 'low'
        else 'not_low'
    end as income_group_policy,
    income.verification_status,
    quarters.income_year,
    income.household_size,
    income.registered_size,
    groups.income_quintile,
    {% for figure in figures -%}
    {% for value in calibrated_values() -%}
    income.{{ figure }}_{{ value }},
    {% endfor -%}
    {% endfor -%}
    income.self_declared_share,
    income.evidence_coverage,
    quarters.is_income_year_end,
    income.is_on_roster,
    groups.is_income_decline_reported as is_income_decline,
    quarters.income_year_start as period_start,
    quarters.quarter_end as period_end
from {{ ref('int_household_income') }} as income
inner join {{ ref('int_household_groups') }} as groups
    on
        income.household_key = groups.household_key
        and income.quarter = groups.quarter
inner join {{ ref('int_quarters') }} as quarters
    on income.quarter = quarters.quarter
