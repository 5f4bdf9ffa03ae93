-- Sums over the households of a village. A sum is null when one household's figure is: a missing
-- register is not a smaller income.
select
    village_code,
    county_code,
    quarter,
    cast(count(*) as integer) as households,
    cast(sum(household_size) as integer) as persons,
    {% for value in calibrated_values() -%}
    {{ complete_sum('net_income_' ~ value) }} as net_income_{{ value }}{{ ',' if not loop.last }}
    {% endfor %}
from {{ ref('int_household_income') }}
group by village_code, county_code, quarter
