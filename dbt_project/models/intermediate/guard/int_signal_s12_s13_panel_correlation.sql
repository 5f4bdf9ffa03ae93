-- S12 and S13: how far a village's figures of a year ago foretell those of today. Invented
-- figures lose the tie, figures that are last year's times a factor keep it too well. Half of the
-- weight lies on income per person, half on its items, each by its households: invention that
-- leaves the sum plausible breaks the items. Both years are divided by this year's members, so that
-- neither a birth nor a large family makes a tie of its own; items below 100 yuan are left out.
{% set items = discretionary_sub_items() -%}
{% set signals = [('S12', '-'), ('S13', '')] -%}
{% set fewest = 6 -%}
with incomes as (
    select
        village_code,
        county_code,
        quarter,
        {% for side in ['', '_base'] -%}
        {% for item in items -%}
        case
            when {{ item }} >= 100 and {{ item }}_base >= 100 then ln({{ item ~ side }})
        end as {{ item ~ side }},
        {% endfor -%}
        ln(
            nullif(
                greatest(
                    {% for item in items -%}
                    coalesce({{ item ~ side }}, 0){{ ' + ' if not loop.last }}
                    {%- endfor %},
                    0
                ),
                0
            ) / household_size
        ) as income{{ side }}{{ ',' if not loop.last }}
        {% endfor %}
    from {{ ref('int_guard_households') }}
    where has_base and household_size > 0
),

correlations as (
    select
        village_code,
        county_code,
        quarter,
        count(*) filter (where income is not null and income_base is not null) as households,
        corr(income, income_base) as r_income,
        {% for item in items -%}
        count({{ item }}) as n_{{ item }},
        corr({{ item }}, {{ item }}_base) as r_{{ item }}{{ ',' if not loop.last }}
        {% endfor %}
    from incomes
    group by village_code, county_code, quarter
),

-- Fisher's transform; an item of few households has no say.
ties as (
    select
        village_code,
        county_code,
        quarter,
        households,
        r_income,
        atanh(least(greatest(r_income, -0.999), 0.999)) as tie_of_income,
        {% for item in items -%}
        case
            when n_{{ item }} >= {{ fewest }} and isfinite(r_{{ item }})
                then (n_{{ item }} - 3) * atanh(least(greatest(r_{{ item }}, -0.999), 0.999))
            else 0
        end{{ ' + ' if not loop.last }}
        {% endfor -%}
        as weighted_ties,
        {% for item in items -%}
        case
            when n_{{ item }} >= {{ fewest }} and isfinite(r_{{ item }}) then n_{{ item }} - 3
            else 0
        end{{ ' + ' if not loop.last }}
        {% endfor -%}
        as weight
    from correlations
    where isfinite(r_income)
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
    round(
        {{ sign }}(tie_of_income + coalesce(weighted_ties / nullif(weight, 0), tie_of_income)) / 2,
        6
    ) as statistic,
    printf(
        '%d户人均可变收入与上年同季的相关系数为%.2f，各分项平均为%.2f',
        households,
        r_income,
        tanh(coalesce(weighted_ties / nullif(weight, 0), tie_of_income))
    ) as evidence_zh
from ties
{{ 'union all' if not loop.last }}
{%- endfor %}
