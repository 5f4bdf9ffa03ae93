-- Every county and quarter: growth of net income, and reported over recomputed.
select
    components.county_code,
    places.county_name,
    components.quarter,
    components.per_capita_reported,
    components.growth_reported,
    round(components.per_capita_reported / nullif(components.per_capita_recomputed, 0), 4)
        as reported_over_recomputed
from fct_income_components as components
inner join dim_county as places
    on components.county_code = places.county_code
where components.component = 'net_income'
