-- Every county, quarter and component of income, with the sum of the four shares beside it.
select
    components.county_code,
    places.county_name,
    components.component,
    components.quarter,
    components.persons,
    components.per_capita_reported,
    components.per_capita_recomputed,
    components.share_reported,
    components.share_recomputed,
    components.share_verified,
    sum(components.share_reported) over (
        partition by components.county_code, components.quarter
    ) as share_sum_reported,
    components.growth_reported
from fct_income_components as components
inner join dim_county as places
    on components.county_code = places.county_code
where components.component in ('wage', 'business', 'property', 'transfer')
