-- A level or a share of the income year can be judged when the year is over; growth against the
-- region in every quarter; neither while a county is missing from the region's figure. "About" is
-- attained at the figure; how far below still counts, the plan does not say.
with judged as (
    select
        *,
        {% for value in calibrated_values() -%}
        coalesce(target, comparator_{{ value }}) as threshold_{{ value }}{{ ',' if not loop.last }}
        {% endfor %}
    from {{ ref('int_goal_values') }}
)

select
    judged.goal_id,
    judged.quarter,
    judged.county_code,
    goals.title_zh,
    goals.metric,
    goals.operator,
    goals.comparator_id,
    goals.plan_quote,
    goals.note,
    judged.income_year,
    judged.target,
    {% for value in calibrated_values() -%}
    cast(judged.value_{{ value }} as decimal(18, 6)) as value_{{ value }},
    {% endfor -%}
    {% for value in calibrated_values() -%}
    cast(judged.comparator_{{ value }} as decimal(18, 6)) as comparator_{{ value }},
    {% endfor -%}
    judged.survey_estimate,
    judged.survey_standard_error,
    judged.is_income_year_end,
    judged.is_region_complete,
    {% for value in calibrated_values() -%}
    case
        when
            not judged.is_income_year_end
            and coalesce(judged.comparator_id, '') <> 'region'
            then null
        when not judged.is_region_complete then null
        when judged.operator = 'at_least'
            then judged.value_{{ value }} >= judged.threshold_{{ value }}
        when judged.operator = 'above'
            then judged.value_{{ value }} > judged.threshold_{{ value }}
        when judged.operator = 'below'
            then judged.value_{{ value }} < judged.threshold_{{ value }}
        when judged.operator = 'about' and judged.value_{{ value }} >= judged.threshold_{{ value }}
            then true
    end as is_attained_{{ value }}{{ ',' if not loop.last }}
    {% endfor %}
from judged
inner join {{ ref('goals') }} as goals
    on judged.goal_id = goals.goal_id
