{% set figures = ['total', 'per_capita', 'share', 'growth', 'contribution_to_growth'] -%}
select
    components.county_code,
    components.quarter,
    components.component,
    'net_income_income_year' as caliber,
    quarters.income_year,
    components.counties,
    components.households,
    components.persons,
    {% for figure in figures -%}
    {% for value in calibrated_values() -%}
    components.{{ figure }}_{{ value }},
    {% endfor -%}
    {% endfor -%}
    quarters.is_income_year_end,
    quarters.income_year_start as period_start,
    quarters.quarter_end as period_end
from {{ ref('int_county_components') }} as components
inner join {{ ref('int_quarters') }} as quarters
    on components.quarter = quarters.quarter
