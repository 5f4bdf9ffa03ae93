-- Sums over the households of a county, and over all counties for the region. A sum is null when
-- one household's figure is: a missing register is not a smaller income.
{% set figures = [
    'wage_income', 'business_income', 'property_income', 'transfer_income', 'production_cost',
    'net_income',
] -%}
with households as (
    select
        income.*,
        {% for value in calibrated_values() -%}
        groups.is_low_income_{{ value }},
        groups.was_low_income_{{ value }},
        groups.is_income_decline_{{ value }}{{ ',' if not loop.last }}
        {% endfor %}
    from {{ ref('int_household_income') }} as income
    inner join {{ ref('int_household_groups') }} as groups
        on
            income.household_key = groups.household_key
            and income.quarter = groups.quarter
)

select
    quarter,
    coalesce(county_code, '{{ var("region_code") }}') as county_code,
    cast(count(distinct county_code) as integer) as counties,
    cast(count(*) as integer) as households,
    cast(sum(household_size) as integer) as persons,
    {% for value in calibrated_values() -%}
    {% for figure in figures -%}
    {{ complete_sum(figure ~ '_' ~ value) }} as {{ figure }}_{{ value }},
    {% endfor -%}
    sum(household_size) filter (where is_low_income_{{ value }})
        as low_income_persons_{{ value }},
    sum(household_size)
        filter (where is_low_income_{{ value }} and is_income_decline_{{ value }})
        as declining_low_income_persons_{{ value }},
    sum(household_size)
        filter (where is_low_income_{{ value }} and is_income_decline_{{ value }} is not null)
        as comparable_low_income_persons_{{ value }},
    sum(household_size) filter (where was_low_income_{{ value }})
        as once_low_income_persons_{{ value }},
    sum(household_size)
        filter (where was_low_income_{{ value }} and is_income_decline_{{ value }})
        as declining_once_low_income_persons_{{ value }}{{ ',' if not loop.last }}
    {% endfor %}
from households
group by grouping sets ((quarter, county_code), (quarter))
