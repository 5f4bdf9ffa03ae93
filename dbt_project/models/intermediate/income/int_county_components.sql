-- One row per component, with its level per person and its change against the same quarter of the
-- income year before; the region has none if not as many counties were in it. Production cost is
-- shown as a positive amount and lowers growth.
{% set components = {
    'wage': 'wage_income', 'business': 'business_income', 'property': 'property_income',
    'transfer': 'transfer_income', 'production_cost': 'production_cost',
    'net_income': 'net_income',
} -%}
{% set values = calibrated_values() -%}
with long as (
    {% for component, figure in components.items() -%}
    select
        county_code,
        quarter,
        '{{ component }}' as component,
        {{ -1 if component == 'production_cost' else 1 }} as direction,
        counties,
        households,
        persons,
        {% for value in values -%}
        {{ figure }}_{{ value }} as total_{{ value }},
        net_income_{{ value }} + production_cost_{{ value }} as gross_{{ value }},
        {{ div_exact('net_income_' ~ value, 'persons') }} as per_capita_net_{{ value }},
        {{ div_exact(figure ~ '_' ~ value, 'persons') }}
            as per_capita_{{ value }}{{ ',' if not loop.last }}
        {% endfor %}
    from {{ ref('int_county_income') }}
    {% if not loop.last -%}
    union all
    {% endif -%}
    {% endfor %}
)

select
    long.county_code,
    long.quarter,
    long.component,
    long.counties,
    long.households,
    long.persons,
    {% for value in values -%}
    long.total_{{ value }},
    long.per_capita_{{ value }},
    {{ div_exact('long.total_' ~ value, 'long.gross_' ~ value, 6) }} as share_{{ value }},
    {{ div_exact(
        '(long.per_capita_' ~ value ~ ' - earlier.per_capita_' ~ value ~ ')',
        'earlier.per_capita_' ~ value, 6
    ) }} as growth_{{ value }},
    {{ div_exact(
        'long.direction * (long.per_capita_' ~ value ~ ' - earlier.per_capita_' ~ value ~ ')',
        'earlier.per_capita_net_' ~ value, 6
    ) }} as contribution_to_growth_{{ value }}{{ ',' if not loop.last }}
    {% endfor %}
from long
inner join {{ ref('int_quarters') }} as quarters
    on long.quarter = quarters.quarter
left join long as earlier
    on
        long.county_code = earlier.county_code
        and long.component = earlier.component
        and quarters.quarter_one_year_before = earlier.quarter
        and long.counties = earlier.counties
