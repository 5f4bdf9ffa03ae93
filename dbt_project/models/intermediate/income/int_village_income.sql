-- Sums over the households of a village. A sum is null when one household's figure is: a missing
-- register is not a smaller income.
select
    village_code,
    county_code,
    quarter,
    cast(count(*) as integer) as households,
    cast(sum(household_size) as integer) as persons,
    {% for value in calibrated_values() -%}
    case
        when count(net_income_{{ value }}) = count(*)
            then cast(sum(net_income_{{ value }}) as decimal(18, 2))
    end as net_income_{{ value }}{{ ',' if not loop.last }}
    {% endfor %}
from {{ ref('int_household_income') }}
group by village_code, county_code, quarter
