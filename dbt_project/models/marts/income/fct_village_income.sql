{% set values = calibrated_values() -%}
with levels as (
    select
        *,
        {% for value in values -%}
        {{ div_exact('net_income_' ~ value, 'persons') }}
            as per_capita_{{ value }}{{ ',' if not loop.last }}
        {% endfor %}
    from {{ ref('int_village_income') }}
)

select
    levels.village_code,
    levels.quarter,
    levels.county_code,
    'net_income_income_year' as caliber,
    quarters.income_year,
    levels.households,
    levels.persons,
    {% for value in values -%}
    levels.net_income_{{ value }},
    {% endfor -%}
    {% for value in values -%}
    levels.per_capita_{{ value }},
    {% endfor -%}
    {% for value in values -%}
    {{ div_exact(
        '(levels.per_capita_' ~ value ~ ' - earlier.per_capita_' ~ value ~ ')',
        'earlier.per_capita_' ~ value, 6
    ) }} as growth_{{ value }},
    {% endfor -%}
    quarters.is_income_year_end,
    quarters.income_year_start as period_start,
    quarters.quarter_end as period_end
from levels
inner join {{ ref('int_quarters') }} as quarters
    on levels.quarter = quarters.quarter
left join levels as earlier
    on
        levels.village_code = earlier.village_code
        and levels.county_code = earlier.county_code
        and quarters.quarter_one_year_before = earlier.quarter
