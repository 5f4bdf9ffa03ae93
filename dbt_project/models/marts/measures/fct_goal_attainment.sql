{% set figures = ['value', 'comparator', 'base_group_value', 'is_attained'] -%}
select
    attained.goal_id,
    attained.quarter,
    attained.county_code,
    goals.title_zh,
    attained.metric,
    attained.operator,
    attained.comparator_id,
    goals.plan_quote,
    goals.note,
    attained.income_year,
    attained.target,
    attained.target_upper,
    {% for figure in figures -%}
    {% for value in calibrated_values() -%}
    attained.{{ figure }}_{{ value }},
    {% endfor -%}
    {% endfor -%}
    attained.survey_estimate,
    attained.survey_standard_error,
    attained.is_income_year_end,
    attained.is_region_complete
from {{ ref('int_goal_attainment') }} as attained
inner join {{ ref('goals') }} as goals
    on attained.goal_id = goals.goal_id
