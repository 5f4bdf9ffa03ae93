-- S12 and S13: how far a village's households keep the order of last year. Invented figures lose
-- it, figures that are last year's times a factor keep it too well. Both years are divided by this
-- year's members, so that neither a birth nor a large family makes an order of its own.
{% set items = discretionary_sub_items() -%}
{% set signals = [('S12', '-'), ('S13', '')] -%}
with incomes as (
    select
        village_code,
        county_code,
        quarter,
        {% for side in ['', '_base'] -%}
        (
            {% for item in items -%}
            coalesce({{ item ~ side }}, 0){{ ' + ' if not loop.last }}
            {%- endfor %}
        ) / nullif(household_size, 0) as income{{ side }}{{ ',' if not loop.last }}
        {% endfor %}
    from {{ ref('int_guard_households') }}
    where has_base
),

ranks as (
    select
        village_code,
        county_code,
        quarter,
        {% for side in ['', '_base'] -%}
        rank() over (
            partition by village_code, county_code, quarter
            order by income{{ side }}
        ) as place{{ side }}{{ ',' if not loop.last }}
        {% endfor %}
    from incomes
    where income > 0 and income_base > 0
),

correlations as (
    select
        village_code,
        county_code,
        quarter,
        count(*) as households,
        corr(place, place_base) as correlation
    from ranks
    group by village_code, county_code, quarter
)
{% for signal_id, sign in signals %}
select
    '{{ signal_id }}' as signal_id,
    '' as item,
    'village' as entity_type,
    village_code as entity_id,
    county_code,
    quarter,
    cast(households as integer) as sample_size,
    cast(null as integer) as successes,
    round({{ sign }}atanh(least(greatest(correlation, -0.999), 0.999)), 6) as statistic,
    printf('%d户人均可变收入与上年同季的秩相关为%.2f', households, correlation) as evidence_zh
from correlations
where not isnan(correlation)
{{ 'union all' if not loop.last }}
{%- endfor %}
