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
    goal_id,
    quarter,
    county_code,
    metric,
    operator,
    comparator_id,
    income_year,
    target,
    target_upper,
    {% for figure in ['value', 'comparator', 'base_group_value'] -%}
    {% for value in calibrated_values() -%}
    cast({{ figure }}_{{ value }} as decimal(18, 6)) as {{ figure }}_{{ value }},
    {% endfor -%}
    {% endfor -%}
    survey_estimate,
    survey_standard_error,
    is_income_year_end,
    is_region_complete,
    {% for value in calibrated_values() -%}
    case
        when not is_income_year_end and coalesce(comparator_id, '') <> 'region' then null
        when not is_region_complete then null
        when operator = 'at_least' then value_{{ value }} >= threshold_{{ value }}
        when operator = 'above' then value_{{ value }} > threshold_{{ value }}
        when operator = 'below' then value_{{ value }} < threshold_{{ value }}
        when operator = 'about' and value_{{ value }} >= threshold_{{ value }} then true
    end as is_attained_{{ value }}{{ ',' if not loop.last }}
    {% endfor %}
from judged
