{{ config(materialized='view') }}
-- The figure that each overall goal is about, for every county in its scope and quarter of its
-- income year, with the figure it is compared with. Levels of the nation are known for whole income
-- years only.
{% set region = "'" ~ var('region_code') ~ "'" -%}
with scopes as (
    select
        county_code,
        goal_group as scope
    from {{ ref('counties') }}
    union all
    select
        {{ region }} as county_code,
        'region' as scope
),

county_total as (
    select count(*) as counties
    from {{ ref('counties') }}
),

incomes as (
    select * from {{ ref('int_county_components') }}
    where component = 'net_income'
),

valued as (
    select
        goals.goal_id,
        goals.metric,
        goals.operator,
        goals.target,
        goals.target_upper,
        goals.comparator_id,
        goals.income_year,
        quarters.quarter,
        quarters.is_income_year_end,
        scopes.county_code,
        case
            when scopes.county_code = {{ region }} or goals.comparator_id = 'region'
                then coalesce(region.counties = county_total.counties, false)
            else true
        end as is_region_complete,
        {% for value in calibrated_values() -%}
        case goals.metric
            when 'per_capita_net_income' then incomes.per_capita_{{ value }}
            when 'per_capita_net_income_growth' then incomes.growth_{{ value }}
            when 'low_income_decline_share'
                then {{ div_exact(
                    'coalesce(counties.declining_low_income_persons_' ~ value ~ ', 0)',
                    'counties.comparable_low_income_persons_' ~ value, 6
                ) }}
        end as value_{{ value }},
        case
            when goals.metric = 'low_income_decline_share'
                then {{ div_exact(
                    'coalesce(counties.declining_once_low_income_persons_' ~ value ~ ', 0)',
                    'counties.once_low_income_persons_' ~ value, 6
                ) }}
        end as base_group_value_{{ value }},
        case
            when goals.comparator_id = 'region' then region.growth_{{ value }}
            when quarters.is_income_year_end then nation.value
        end as comparator_{{ value }},
        {% endfor -%}
        {% for suffix in ['estimate', 'standard_error'] -%}
        case goals.metric
            when 'per_capita_net_income' then cast(survey.{{ suffix }} as decimal(18, 6))
            when 'per_capita_net_income_growth' then survey.growth_{{ suffix }}
        end as survey_{{ suffix }}{{ ',' if not loop.last }}
        {% endfor %}
    from {{ ref('goals') }} as goals
    inner join {{ ref('int_quarters') }} as quarters
        on goals.income_year = quarters.income_year
    inner join scopes
        on goals.scope = scopes.scope
    cross join county_total
    left join incomes
        on
            scopes.county_code = incomes.county_code
            and quarters.quarter = incomes.quarter
    left join incomes as region
        on
            region.county_code = {{ region }}
            and quarters.quarter = region.quarter
    left join {{ ref('int_county_income') }} as counties
        on
            scopes.county_code = counties.county_code
            and quarters.quarter = counties.quarter
    left join {{ ref('int_national_comparators') }} as nation
        on
            goals.comparator_id = nation.comparator_id
            and goals.income_year = nation.income_year
    left join {{ ref('int_survey_growth') }} as survey
        on
            scopes.county_code = survey.county_code
            and quarters.quarter = survey.quarter
)

select * from valued
