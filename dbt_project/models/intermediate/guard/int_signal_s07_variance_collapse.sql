-- S7: discretionary incomes per person that have drawn together: how far their logarithms lie from
-- the village's median on average. Items under a known rule stay in here: without them incomes
-- would be spread another way than in the quarters they are compared with.
{% set items = discretionary_sub_items() -%}
with incomes as (
    select
        village_code,
        county_code,
        quarter,
        cast(
            {% for item in items -%}
            coalesce({{ item }}, 0){{ ' + ' if not loop.last }}
            {%- endfor %} as double
        ) / nullif(household_size, 0) as income
    from {{ ref('int_household_reports') }}
),

logarithms as (
    select
        village_code,
        county_code,
        quarter,
        ln(income) as log_income,
        median(ln(income)) over (partition by village_code, county_code, quarter) as middle
    from incomes
    where income > 0
),

spreads as (
    select
        village_code,
        county_code,
        quarter,
        count(*) as households,
        exp(any_value(middle)) as middle_income,
        avg(abs(log_income - middle)) as deviation
    from logarithms
    group by village_code, county_code, quarter
)

select
    'S7' as signal_id,
    '' as item,
    'village' as entity_type,
    village_code as entity_id,
    county_code,
    quarter,
    cast(households as integer) as sample_size,
    cast(null as integer) as successes,
    round(-ln(greatest(deviation, 0.001)), 6) as statistic,
    printf(
        '%d户人均可变收入与本村中位数%.0f元平均相差%.2f倍',
        households,
        middle_income,
        exp(deviation)
    ) as evidence_zh
from spreads
