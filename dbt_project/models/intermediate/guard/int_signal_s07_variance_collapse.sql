-- S7: discretionary incomes per person that have drawn together, by the middle half of them. Items
-- under a known rule stay in here: without them incomes would be spread another way than in the
-- quarters they are compared with.
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

spreads as (
    select
        village_code,
        county_code,
        quarter,
        count(*) as households,
        quantile_cont(income, 0.25) as lower_quarter,
        quantile_cont(income, 0.75) as upper_quarter
    from incomes
    where income > 0
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
    round(-ln(greatest(ln(upper_quarter / lower_quarter), 0.001)), 6) as statistic,
    printf(
        '%d户人均可变收入居中的一半在%.0f元至%.0f元之间，上下相差%.2f倍',
        households,
        lower_quarter,
        upper_quarter,
        upper_quarter / lower_quarter
    ) as evidence_zh
from spreads
